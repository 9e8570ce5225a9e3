"""GET /admin/v1/live: what other routes answer, as server-sent events, read from the socket."""
import json
import signal
import unittest
import urllib.parse

from gateway_process import WAIT_SECONDS, GatewayTest
from raw_http import open_socket

TOKEN = "an operator's token"


def quoted(text):
    return urllib.parse.quote(text, safe="")


class Stream:
    """The events of one stream, as they come."""

    def __init__(self, gateway, items, token=TOKEN):
        self.socket = open_socket("127.0.0.1", gateway.admin_port, timeout=WAIT_SECONDS)
        watch = quoted(",".join(quoted(item) for item in items))
        self.socket.sendall((f"GET /admin/v1/live?watch={watch} HTTP/1.1\r\nHost: localhost\r\n"
                             f"Authorization: Bearer {token}\r\n\r\n").encode())
        self._file = self.socket.makefile("rb")
        self.status = int(self._file.readline().split()[1])
        self.headers = {}
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(":")
            self.headers[name.lower()] = value.strip()
        self._text = ""

    def close(self):
        self._file.close()
        self.socket.close()

    def chunk(self):
        """The next chunk's text; "" at the end of the answer."""
        size = int(self._file.readline(), 16)
        data = self._file.read(size).decode()
        assert self._file.readline() == b"\r\n"
        return data

    def event(self):
        """The next event: (its name, its data); None at the end."""
        while True:
            while "\n\n" not in self._text:
                chunk = self.chunk()
                if not chunk:
                    return None
                self._text += chunk
            event, _, self._text = self._text.partition("\n\n")
            fields = dict(line.split(": ", 1) for line in event.split("\n") if not line.startswith(":"))
            if fields:
                return fields["event"], json.loads(fields["data"])

    def until(self, name, holds):
        """Reads on to an event of that name whose data is as wished."""
        while True:
            event = self.event()
            assert event is not None, "the stream has ended"
            if event[0] == name and holds(event[1]):
                return event[1]


class Live(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start(http={"admin": {"token": TOKEN}})

    def watch(self, *items, **options):
        stream = Stream(self.gateway, items, **options)
        self.addCleanup(stream.close)
        return stream

    def change_levels(self, change):
        answer = self.gateway.admin("/admin/v1/log", "PATCH", headers={"Authorization": f"Bearer {TOKEN}"},
                                    body=json.dumps(change).encode())
        self.assertEqual(answer.status, 200, answer.text())

    def test_what_is_watched_comes_at_once_and_when_it_changes(self):
        stream = self.watch("log", "nothing?a=1,2")
        self.assertEqual(stream.status, 200)
        self.assertEqual(stream.headers["content-type"], "text/event-stream")
        self.assertEqual(stream.headers["cache-control"], "no-store")
        self.assertEqual(stream.headers["x-accel-buffering"], "no")
        first = dict([stream.event(), stream.event()])
        self.assertIn("gateway", first["log"]["components"])
        self.assertEqual(first["nothing?a=1,2"]["error"]["code"], "NOT_FOUND")
        self.change_levels({"levels": {"ice": "error"}})
        self.assertEqual(stream.event()[1]["levels"], {"ice": "error"})

    def test_the_tail_of_the_log_goes_on_where_it_was(self):
        stream = self.watch("log/lines?component=admin")
        self.assertEqual(stream.event()[0], "log/lines?component=admin")
        seen = []
        for level in ("error", "trace"):
            self.change_levels({"levels": {"srtp": level}})
            page = stream.until("log/lines?component=admin", lambda data: data["lines"])
            seen += [line["fields"]["levels"]["srtp"] for line in page["lines"]
                     if line["message"] == "log levels changed"]
        self.assertEqual(seen, ["error", "trace"])

    def test_who_may_not_and_what_makes_no_sense(self):
        self.assertEqual(self.watch("log", token="wrong").status, 401)
        for items in ([""], ["live"], ["../../metrics"], [f"i{n}" for n in range(17)]):
            self.assertEqual(self.watch(*items).status, 400 if len(items) == 1 else 429, items)

    def test_the_end_of_the_gateway_ends_the_stream_in_order(self):
        stream = self.watch("log")
        stream.event()
        self.gateway.signal(signal.SIGTERM)
        while stream.event() is not None:
            pass
        self.assertEqual(self.gateway.wait(), 0)


if __name__ == "__main__":
    unittest.main()
