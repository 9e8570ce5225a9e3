"""One gateway process for a test: its folder, its configuration, its log, and the end of it."""
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from raw_http import request
from web_socket import WebSocket

SLUICE = os.environ.get("SLUICE_BINARY", "")
TEST_PLUGINS = os.environ.get("SLUICE_TEST_PLUGINS", "")
if not SLUICE or not TEST_PLUGINS:
    raise SystemExit("run by ctest, or set SLUICE_BINARY=build/.../bin/sluice SLUICE_TEST_PLUGINS=build/.../test_plugins")
SOURCE = pathlib.Path(__file__).resolve().parents[3]

# Generous: the machine may be busy with a build. A test that passes never waits for any of these.
START_SECONDS = 60
WAIT_SECONDS = 30
SANITIZER = re.compile(r"(Address|Leak|Thread|UndefinedBehavior)Sanitizer|runtime error:")

# Every port is free, everything is on loopback, and what is kept stands in the test's own folder.
BASE = {
    "http": {"threads": 1, "public": {"address": "127.0.0.1", "port": 0}, "admin": {"port": 0}},
    "media": {"workers": 1, "ice": {"base_port": 0, "listen_addresses": ["127.0.0.1"]}},
    "plugin_dirs": [TEST_PLUGINS],
}


class Output:
    """The lines that a process has written, and a way to wait for one."""

    def __init__(self, stream):
        self.lines = []
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with stream:
            for line in stream:
                with self._changed:
                    self.lines.append(line.rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def find(self, pattern, start=0):
        for line in self.lines[start:]:
            if match := re.search(pattern, line):
                return match
        return None

    def wait_for(self, pattern, start=0, seconds=WAIT_SECONDS):
        deadline = time.monotonic() + seconds
        with self._changed:
            while not (match := self.find(pattern, start)):
                left = deadline - time.monotonic()
                if self._closed or left <= 0:
                    raise AssertionError(f"no line has {pattern!r} in:\n{self.text()}")
                self._changed.wait(left)
            return match

    def finish(self):
        self._thread.join(WAIT_SECONDS)

    def text(self):
        return "\n".join(self.lines)


class Gateway:
    """A running gateway."""

    def __init__(self, folder, config_file, environment):
        self.config_file = config_file
        self.process = subprocess.Popen(
            [SLUICE, "--config", config_file], cwd=folder, env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.out = Output(self.process.stdout)
        self.log = Output(self.process.stderr)
        self.clients = []

    def wait_until_ready(self):
        try:
            return self._read_ports()
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.text()}") from error

    def _read_ports(self):
        self.tls = self.out.wait_for(r"page and clients: (https?)://", seconds=START_SECONDS)[1] == "https"
        self.port = int(self.out.wait_for(r"page and clients: https?://[^:]+:(\d+)/", seconds=START_SECONDS)[1])
        self.admin_port = int(self.out.wait_for(r"admin API: +https?://[^/]*:(\d+)/", seconds=START_SECONDS)[1])
        return self

    def connect(self, path="/ws", **options):
        client = WebSocket("127.0.0.1", self.port, path, tls=self.tls, timeout=WAIT_SECONDS, **options)
        self.clients.append(client)
        return client

    def get(self, path, method="GET", **options):
        return request("127.0.0.1", self.port, method, path, tls=self.tls, **options)

    def admin(self, path, method="GET", **options):
        return request("127.0.0.1", self.admin_port, method, path, **options)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=WAIT_SECONDS):
        """The exit status, once everything that was written has been read."""
        status = self.process.wait(seconds)
        self.out.finish()
        self.log.finish()
        return status

    def stop(self):
        """Ends it without waiting for those who are in rooms."""
        self.close_clients()
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            self.log.wait_for(r'\[gateway\] draining|"gateway","message":"draining"')  # as text or as JSON
            if self.process.poll() is None:
                self.signal(signal.SIGTERM)
        return self.wait()

    def close_clients(self):
        for client in self.clients:
            client.close_socket()

    def text(self):
        return self.out.text() + "\n" + self.log.text()


class GatewayTest(unittest.TestCase):
    """A folder of its own for each test, and no gateway left behind."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sluice-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self._stores = 0
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("SLUICE_")}

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def write_config(self, text="", name="sluice.yaml", **overrides):
        """A file that holds `text`, on top of BASE and of `overrides`, which are merged section by section."""
        self._stores += 1
        store = {"store": {"path": f"store-{self._stores}.db"}}  # of several gateways each has its own
        self.write("base.yaml", json.dumps(merged(BASE | store, overrides)))
        return self.write(name, "include: base.yaml\n" + text)

    def run_sluice(self, *arguments, seconds=START_SECONDS, user=None):
        """Runs to its end: (status, standard output, standard error)."""
        done = subprocess.run([SLUICE, *arguments], cwd=self.folder, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False, user=user)
        self.assertNotRegex(done.stderr, SANITIZER)
        return done.returncode, done.stdout, done.stderr

    def start(self, text="", ready=True, **overrides):
        return self.start_file(self.write_config(text, **overrides), ready)

    def start_file(self, config_file, ready=True):
        gateway = Gateway(self.folder, config_file, self.environment)
        self.addCleanup(self._end, gateway)
        return gateway.wait_until_ready() if ready else gateway

    def fails_to_start(self, text="", **overrides):
        """What it says, and that it ends by itself with status 1."""
        status, _, errors = self.run_sluice("--config", self.write_config(text, **overrides))
        self.assertEqual(status, 1, errors)
        return errors

    def admin_json(self, gateway, path):
        return json.loads(self._admin_text(gateway, path))

    def metrics(self, gateway):
        return self._admin_text(gateway, "/metrics")

    def _admin_text(self, gateway, path):
        response = gateway.admin(path)
        self.assertEqual(response.status, 200, response.head)
        return response.text()

    def _end(self, gateway):
        try:
            status = gateway.wait() if gateway.process.poll() is not None else gateway.stop()
        finally:
            gateway.close_clients()
            if gateway.process.poll() is None:
                gateway.process.kill()
                gateway.wait()
        self.assertEqual(status, 0, gateway.text())
        self.assertNotRegex(gateway.log.text(), SANITIZER)


def merged(base, changes):
    out = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out
