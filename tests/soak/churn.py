"""What goes on at a gateway that is soaked: each kind of churn is a loop of rounds, in a thread of its own."""
import contextlib
import itertools
import json
import subprocess
import threading
import time

from meeting_gateway import Caller, Person, token
from socket_io import SocketIo

ROUND_SECONDS = 120
BETWEEN_ROUNDS_SECONDS = 0.1
KEPT_FAILURES = 50


class Gate:
    """Rounds go through side by side; what ends rooms under everybody waits until none is under way."""

    def __init__(self):
        self._changed = threading.Condition()
        self._rounds = 0
        self._closed = False

    @contextlib.contextmanager
    def round(self):
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._rounds += 1
        try:
            yield
        finally:
            with self._changed:
                self._rounds -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def alone(self):
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: self._rounds == 0)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()


class Churn:
    """The loops, what they have done, and what went wrong."""

    def __init__(self, gateway, load):
        self.gateway = gateway
        self.load = load
        self.done = {}
        self.failures = []
        self.failed = 0
        self._gate = Gate()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = []

    def start(self):
        self._stop.clear()
        rounds = [self.call, self.whip, self.recording, self.people, self.socket_io, self.meeting, self.stream]
        self._threads = [threading.Thread(target=self._loop, args=(one,)) for one in rounds]
        self._threads.append(threading.Thread(target=self._reload))
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def count(self, what, times=1):
        with self._lock:
            self.done[what] = self.done.get(what, 0) + times

    def _loop(self, do):
        for number in itertools.count():
            if self._stop.is_set():
                return
            with self._gate.round():
                try:
                    do(f"{do.__name__}-{number}")
                except Exception as error:  # every failure is told, and the others go on
                    self._fail(do.__name__, error)
                    self._stop.wait(1)
            self._stop.wait(BETWEEN_ROUNDS_SECONDS)

    def _fail(self, what, error):
        with self._lock:
            self.failed += 1
            if len(self.failures) < KEPT_FAILURES:
                self.failures.append(f"{time.strftime('%H:%M:%S')} {what}: {type(error).__name__}: {error}"[:1000])

    # --- rounds ---

    def sluice_load(self, *arguments):
        """One run of the generator: real ICE, DTLS and SRTP. @return its report."""
        scheme = "http" if "whip-whep" in arguments else "ws"
        path = "" if scheme == "http" else "/ws"
        run = subprocess.run([self.load, "--server", f"{scheme}://127.0.0.1:{self.gateway.port}{path}",
                              "--warm-up", "200ms", "--duration", "5s", *arguments],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=ROUND_SECONDS, check=False)
        if run.returncode != 0:
            raise RuntimeError(f"sluice_load {' '.join(arguments)}: {run.stderr[-600:]} {run.stdout[-300:]}")
        report = json.loads(run.stdout)
        self.count("restarts of ICE that were answered", report["iceRestarts"]["answered"])
        return report

    def call(self, room):
        """Two rooms of three who see each other; their connections restart ICE."""
        self.sluice_load("--room", room, "--rooms", "2", "--participants", "3", "--video", "40x900/20", "--audio",
                         "25x80", "--restart-ice", "1500ms")
        self.sluice_load("--room", room + "-simulcast", "--publishers", "1", "--subscribers", "2", "--video",
                         "60x900/30", "--simulcast", "3")
        self.count("calls", 3)

    def whip(self, room):
        self.sluice_load("--door", "whip-whep", "--room", room, "--publishers", "1", "--subscribers", "2",
                         "--video", "40x600/10", "--audio", "25x80")
        self.count("WHIP publishers", 1)
        self.count("WHEP players", 2)

    def recording(self, room):
        """What it makes is waited for and deleted."""
        with self.person("recorder") as host:
            host.join(room)
            self.sluice_load("--room", room, "--publishers", "1", "--audio", "25x80", "--subscribers", "1",
                             "--duration", "1s")  # the room has been used before it is recorded
            identifier = host.request("recording:start", {})["recordingId"]
            self.sluice_load("--room", room, "--publishers", "2", "--audio", "25x80", "--subscribers", "1")
            host.request("recording:stop")
            self.wait_for(lambda: self.recording_state(host, identifier) in ("ready", "failed"), "the recording's product")
            host.rest.ok("DELETE", f"/api/recordings/{identifier}")
            host.request("room:leave")
        self.count("recordings")

    def recording_state(self, host, identifier):
        return host.rest.ok("GET", f"/api/recordings/{identifier}")["state"]

    def people(self, room):
        """They talk, raise hands, and lose their connection."""
        with self.person("host") as host, self.person("guest") as guest:
            host.join(room)
            lost = guest.join(room).stay
            host.request("chat:send", {"message": "good day " * 20, "type": "text", "to": "all"})
            guest.request("chat:send", {"message": "you, too", "type": "text", "to": "all"})
            guest.request("hand:raise")
            guest.request("reaction:send", {"emoji": "👏"})
            guest.request("participant:info", {"attributes": {"mood": "fair"}})
            guest.socket.close_socket()
            with self.person("guest") as back:
                back.request("reconnect:attempt", {"reconnectToken": lost["reconnectToken"]})
                back.request("room:leave")
            host.request("room:close")
        self.count("people who came, talked and left", 2)
        self.count("reconnects")

    def socket_io(self, room):
        client = SocketIo("127.0.0.1", self.gateway.port, auth={"token": token("wanderer")})
        try:
            client.request("room:join", {"roomId": room})
            client.request("router:capabilities")
            client.request("room:leave")
            client.disconnect()
        finally:
            client.close_socket()
        self.count("Socket.IO clients")

    def meeting(self, _):
        with self.person("teacher", user_type="teacher") as teacher:
            made = teacher.rest.ok("POST", "/api/meeting", {"meeting_name": "Soaked", "meeting_type": "instant"})
            path = f"/api/meeting/{made['id']}"
            teacher.rest.ok("POST", f"{path}/start")
            teacher.join(made["id"])
            teacher.request("chat:send", {"message": "welcome", "type": "text", "to": "all"})
            for part in ("live-stats", "analytics", "chat"):
                teacher.rest.ok("GET", f"{path}/{part}")
            teacher.rest.ok("POST", f"{path}/end")
            teacher.rest.ok("DELETE", path)
        self.count("meetings")

    def stream(self, room):
        """An HLS stream of a room, the program in a process of its own."""
        with self.person("streamer") as host:
            host.join(room)
            host.request("stream:start", {"targets": [{"type": "hls"}]})
            self.wait_for(lambda: host.request("stream:status")["program"]["frames"] > 5, "frames of the program")
            host.request("stream:stop")
            host.request("room:close")
        self.count("live streams")
        self._stop.wait(20)

    # --- reloads ---

    def _reload(self):
        """Of those whose clients notice nothing beside everything; of the others while nothing goes on."""
        for number in itertools.count():
            if self._stop.wait(5):
                return
            everything = number % 12 == 11
            try:
                if everything:
                    with self._gate.alone():
                        self.reload("videoroom")
                else:
                    self.reload(["echo", "engagement"][number % 2])
            except Exception as error:
                self._fail("reload", error)

    def reload(self, plugin):
        answer = self.admin("POST", f"/admin/v1/plugins/{plugin}/reload")
        if answer.status != 200:
            raise RuntimeError(f"{plugin} was not reloaded: {answer}")
        self.count(f"reloads of {plugin}")

    # --- tools ---

    @contextlib.contextmanager
    def person(self, user, **claims):
        person = Person(self.gateway, user, claims=claims)
        try:
            yield person
        finally:
            person.socket.close_socket()
            self.gateway.clients.remove(person.socket)

    def admin(self, method, path):
        return Caller(self.gateway).admin(method, path)

    def wait_for(self, condition, what):
        deadline = time.monotonic() + ROUND_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"no {what} within {ROUND_SECONDS} s")
            time.sleep(0.2)
