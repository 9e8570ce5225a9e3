"""The relay as a program: sockets, standard input and output. What a link does to datagrams is in link_pipe_test.cc."""

import json
import os
import select
import socket
import subprocess
import unittest

PATIENCE = 20  # seconds, for a machine that is busy; nothing here waits for it unless something is wrong


class Link:
    """A running sluice_link and the two sockets at its ends."""

    def __init__(self, *options: str) -> None:
        self.target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.target.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_000_000)
        self.target.settimeout(PATIENCE)
        self.target.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{self.target.getsockname()[1]}"
        self.process = subprocess.Popen(
            [os.environ["SLUICE_LINK"], "--listen", "127.0.0.1:0", "--to", target, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.port = self.answer()["port"]

    def __enter__(self) -> "Link":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.target.close()

    def answer(self) -> dict:
        return json.loads(self.process.stdout.readline())

    def tell(self, line: dict) -> dict:
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def client(self) -> socket.socket:
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.settimeout(PATIENCE)
        client.connect(("127.0.0.1", self.port))
        return client


class SluiceLink(unittest.TestCase):
    def test_each_client_has_a_way_of_its_own_and_back(self) -> None:
        with Link() as link, link.client() as anna, link.client() as ben:
            anna.send(b"anna")
            text, anna_at_target = link.target.recvfrom(2000)
            self.assertEqual(text, b"anna")
            ben.send(b"ben")
            text, ben_at_target = link.target.recvfrom(2000)
            self.assertEqual(text, b"ben")
            self.assertNotEqual(anna_at_target, ben_at_target)
            link.target.sendto(b"to ben", ben_at_target)
            link.target.sendto(b"to anna", anna_at_target)
            self.assertEqual(anna.recv(2000), b"to anna")
            self.assertEqual(ben.recv(2000), b"to ben")
            anna.send(b"again")
            self.assertEqual(link.target.recvfrom(2000), (b"again", anna_at_target))

    def test_order_is_kept_and_nothing_is_lost_without_settings(self) -> None:
        with Link("--up", '{"delay_ms": 5}') as link, link.client() as client:
            for number in range(100):
                client.send(number.to_bytes(2, "big"))
            received = [int.from_bytes(link.target.recv(100), "big") for _ in range(100)]
            self.assertEqual(received, list(range(100)))

    def test_a_share_is_lost_in_the_direction_that_says_so(self) -> None:
        with Link("--up", '{"loss_percent": 20}', "--seed", "7") as link, link.client() as client:
            for number in range(2000):
                client.send(b"x")
                if number % 100 == 99:
                    self.wait_for(link, "up", "datagrams", number + 1)
            counters = link.tell({"counters": True})
            self.assertEqual(counters["up"]["datagrams"], 2000)
            self.assertGreater(counters["up"]["lost"], 320)
            self.assertLess(counters["up"]["lost"], 480)
            self.assertEqual(counters["down"]["datagrams"], 0)

    def test_settings_change_while_it_runs(self) -> None:
        with Link() as link, link.client() as client:
            self.assertEqual(link.tell({"up": {"loss_percent": 100}}), {"ok": True})
            client.send(b"lost")
            self.wait_for(link, "up", "lost", 1)
            self.assertEqual(link.tell({"up": {"loss_percent": 0, "rate_kbps": 1000}}), {"ok": True})
            client.send(b"arrives")
            self.assertEqual(link.target.recv(100), b"arrives")
            self.assertIn("no such setting", link.tell({"up": {"lost_percent": 1}})["error"])

    def test_a_queue_holds_no_more_than_it_may(self) -> None:
        # A line that all but stands: of forty datagrams the queue takes what fits, whatever the clock says.
        with Link("--up", '{"rate_kbps": 1, "queue_kilobytes": 10}') as link, link.client() as client:
            for _ in range(40):
                client.send(bytes(1000))
            self.wait_for(link, "up", "datagrams", 40)
            counters = link.tell({"counters": True})["up"]
            self.assertGreaterEqual(counters["queue_dropped"], 25)
            self.assertLessEqual(counters["queue_bytes"], 10_000)

    def test_it_ends_when_standard_input_does(self) -> None:
        with Link() as link:
            link.process.stdin.close()
            self.assertEqual(link.process.wait(PATIENCE), 0)

    def test_a_wrong_option_is_one_line_and_the_usage(self) -> None:
        run = subprocess.run([os.environ["SLUICE_LINK"], "--listen", "nowhere"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 2)
        self.assertIn("not IP:PORT: nowhere", run.stderr)

    def wait_for(self, link: Link, direction: str, counter: str, least: int) -> None:
        """Datagrams are taken when the relay next runs; its own counters say when that was."""
        for _ in range(2000):
            if link.tell({"counters": True})[direction][counter] >= least:
                return
            select.select([], [], [], 0.01)
        self.fail(f"{direction}.{counter} never came to {least}")


if __name__ == "__main__":
    unittest.main()
