"""Jobs of a plugin: processes of the gateway's own program. What they say, how they end, and that none is left behind."""
import json
import os
import select
import signal
import socket
import subprocess
import unittest

from gateway_process import SLUICE, TEST_PLUGINS, WAIT_SECONDS, GatewayTest


class JobTest(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start("log: {levels: {plugin.jobs: debug}}\nplugins:\n  jobs:\n")
        self.client = self.gateway.connect()

    def begin(self, name, arguments=None, **options):
        return self.client.request("jobs:start", {"name": name, "arguments": arguments or {}, **options})["pid"]

    def message(self):
        return self.client.event("jobs:message")

    def end(self):
        return self.client.event("jobs:end")

    def ends_well(self):
        self.assertEqual(self.end(), {"status": 0, "signal": 0, "error": ""})

    def tell(self, what, pid, **data):
        return self.client.request(f"jobs:{what}", {"pid": pid, **data})


class Talk(JobTest):
    def test_arguments_messages_and_a_stop(self):
        arguments = {"text": "a\nb \u00e9 \"", "list": [1, 2.5, None]}
        pid = self.begin("echo", arguments)
        self.assertEqual(int(self.gateway.log.wait_for(r"a job has been started job=echo pid=(\d+)")[1]), pid)
        self.assertEqual(self.message(), {"arguments": arguments})
        for n in range(3):
            self.tell("send", pid, message={"n": n})
            self.assertEqual(self.message(), {"heard": {"n": n}})
        self.tell("stop", pid)
        self.assertEqual(self.message(), {"stopping": True})
        self.ends_well()

    def test_a_stop_that_comes_before_the_job_has_begun(self):
        self.tell("stop", self.begin("echo"))
        self.assertEqual(self.message(), {"arguments": {}})
        self.assertEqual(self.message(), {"stopping": True})
        self.ends_well()

    def test_a_termination_by_the_operator_is_a_stop(self):
        pid = self.begin("echo")
        self.message()
        os.kill(pid, signal.SIGTERM)
        self.assertEqual(self.message(), {"stopping": True})
        self.ends_well()

    def test_threads_do_not_cut_into_each_others_messages(self):
        self.begin("threads")
        heard = [[], [], [], []]
        for _ in range(1000):
            message = self.message()
            heard[message["speaker"]].append(message["n"])
        self.assertEqual(heard, [list(range(250))] * 4)
        self.ends_well()

    def test_what_libraries_print_is_no_message(self):
        self.begin("chatter", {"status": 0})
        self.assertEqual(self.message(), {"done": True})
        self.ends_well()
        self.gateway.log.wait_for("a job says job=chatter.*frame 1")

    def test_several_at_once(self):
        pids = [self.begin("echo", {"n": n}) for n in range(3)]
        self.assertEqual(sorted(self.message()["arguments"]["n"] for _ in pids), [0, 1, 2])
        for pid in pids:
            self.tell("send", pid, message={"to": pid})
        self.assertEqual(sorted(self.message()["heard"]["to"] for _ in pids), sorted(pids))


class Records(JobTest):
    def write_records(self, pid, count):
        answer = self.client.request("jobs:write", {"pid": pid, "count": count})
        return answer["written"], answer["last"]

    def test_ten_thousand_arrive_whole_and_in_order_on_a_thread_of_the_job(self):
        pid = self.begin("records", {"count": 10_000}, records=True)
        self.client.request("jobs:stream", {"pid": pid, "count": 10_000})
        self.assertEqual(self.message(), {"records": 10_000, "right": 10_000})
        self.tell("stop", pid)
        self.ends_well()

    def test_a_job_that_does_not_read_is_full_and_its_death_closes(self):
        pid = self.begin("echo", records=True)
        self.message()
        written, last = self.write_records(pid, 1_000)
        self.assertGreater(written, 0)
        self.assertLess(written, 1_000)
        self.assertEqual(last, "full")
        self.assertEqual(self.write_records(pid, 1), (0, "full"))
        self.tell("send", pid, message={"n": 1})  # the gateway lives, and so does the job
        self.assertEqual(self.message(), {"heard": {"n": 1}})
        os.kill(pid, signal.SIGKILL)
        self.assertEqual(self.end()["signal"], signal.SIGKILL)
        self.assertEqual(self.write_records(pid, 1), (0, "closed"))

    def test_a_job_that_was_started_without_has_none(self):
        pid = self.begin("echo")
        self.message()
        self.assertEqual(self.client.refusal("jobs:write", {"pid": pid, "count": 1}).code, "NOT_FOUND")
        self.tell("stop", pid)
        self.assertEqual(self.message(), {"stopping": True})
        self.ends_well()


class Ends(JobTest):
    def test_a_status(self):
        self.begin("status", {"status": 0})
        self.ends_well()
        self.begin("status", {"status": 9})
        self.assertEqual(self.end(), {"status": 9, "signal": 0, "error": "the job ended with status 9"})

    def test_what_it_throws(self):
        self.begin("throw")
        self.assertEqual(self.end(), {"status": 1, "signal": 0, "error": "no decoder for this"})
        self.gateway.log.wait_for("a job says job=throw.*noise of a library")

    def test_a_crash(self):
        self.begin("crash")
        self.assertEqual(self.end(), {"status": -1, "signal": signal.SIGSEGV, "error": "about to crash"})

    def test_the_last_of_many_lines(self):
        self.begin("chatter", {"status": 3})
        end = self.end()
        self.assertEqual(end["status"], 3)
        self.assertLessEqual(len(end["error"]), 4096)
        self.assertRegex(end["error"], r'^(frame \d+|{"message":{"printed":\d+}})\n')
        self.assertIn('{"message":{"printed":19999}}', end["error"].splitlines())

    def test_a_line_that_is_too_long(self):
        self.begin("too-long")
        self.assertEqual(self.message(), {"refused": "LIMIT_EXCEEDED"})
        self.assertEqual(self.end(), {"status": -1, "signal": signal.SIGKILL,
                                      "error": "the job sent a line of more than 65536 bytes"})

    def test_an_unknown_job(self):
        refusal = self.client.refusal("jobs:start", {"name": "nothing"})
        self.assertEqual(refusal.code, "NOT_FOUND")
        self.assertIn("'nothing'", str(refusal))


class Manners(JobTest):
    def look(self, **options):
        self.begin("look", **options)
        seen = self.message()
        self.ends_well()
        return seen

    def test_everything_else_goes_first(self):
        seen = self.look(nice=13, cpus=1)
        self.assertEqual((seen["nice"], seen["batch"], seen["cpus"]), (13, True, 1))
        self.assertEqual((seen["oomScore"], seen["leader"]), (500, True))
        self.assertEqual(self.look()["cpus"], len(os.sched_getaffinity(self.gateway.process.pid)))

    def test_it_holds_nothing_of_the_gateway(self):
        held = sorted(file.split(":")[0] for file in self.look()["files"])
        # The last one is the folder that is being read.
        self.assertEqual([name for name in held if not name.startswith("/proc/")],
                         ["/dev/null", "anon_inode", "pipe", "pipe", "socket"])


class Deaths(JobTest):
    def begin_deaf(self):
        """A job that hears nothing, and what tells its end."""
        fifo = str(self.folder / "fifo")
        os.mkfifo(fifo)
        held = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, held)
        pid = self.begin("deaf", {"fifo": fifo})
        self.message()
        return pid, held

    def wait_for_death(self, held):
        ready = select.poll()
        ready.register(held, select.POLLHUP)
        self.assertTrue(ready.poll(WAIT_SECONDS * 1000), "the job is still there")
        self.assertEqual(os.read(held, 1), b"")

    def test_a_dropped_handle_kills(self):
        pid, held = self.begin_deaf()
        self.tell("drop", pid)
        self.wait_for_death(held)

    def test_the_gateways_end_kills(self):
        _, held = self.begin_deaf()
        self.assertEqual(self.gateway.stop(), 0)
        self.wait_for_death(held)

    def test_the_gateways_death_kills(self):
        _, held = self.begin_deaf()
        self.gateway.process.kill()
        self.wait_for_death(held)
        self.assertEqual(self.gateway.wait(), -signal.SIGKILL)

    def _end(self, gateway):
        if gateway.process.returncode == -signal.SIGKILL:
            gateway.close_clients()
        else:
            super()._end(gateway)


class CommandLine(GatewayTest):
    def test_nobody_else_starts_a_job(self):
        status, out, errors = self.run_sluice("--job", os.path.join(TEST_PLUGINS, "jobs.so"), "echo")
        self.assertEqual((status, out), (2, ""))
        self.assertEqual(errors, "sluice: --job is how the gateway starts itself; see --help\n")
        self.assertNotIn("--job", self.run_sluice("--help")[1])

    def test_the_library_is_checked_in_the_jobs_process_too(self):
        for library, reason in (("other-abi.so", "build it again"), ("no-symbol.so", "exports no 'sluice_plugin'"),
                                ("lamp.so", "has no job 'echo'"), ("nothing.so", "there is no such file")):
            with self.subTest(library=library):
                self.assertRegex(self.job(library), reason)

    def job(self, library):
        """What the process says on its channel, started as the gateway does."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.settimeout(WAIT_SECONDS)
            start = {"parent": os.getpid(), "nice": 0, "arguments": {}}
            ours.sendall(json.dumps(start).encode() + b"\n")
            command = f'exec "$0" --job "$1" echo 3<&{theirs.fileno()}'
            done = subprocess.run(["bash", "-c", command, SLUICE, os.path.join(TEST_PLUGINS, library)],
                                  pass_fds=[theirs.fileno()], timeout=WAIT_SECONDS, check=False, capture_output=True)
            self.assertEqual(done.returncode, 1, done.stderr)
            return json.loads(ours.recv(65536))["failed"]


if __name__ == "__main__":
    unittest.main()
