"""What a row of the tables of routes says, and the meeting with which it is tried."""
import dataclasses
import typing

import media_shapes
from meeting_gateway import SOUTH, Caller, Person, token

INVITED = [{"user_id": "cora", "role": "co_host"}, {"user_id": "arno", "name": "Arno"},
           {"user_id": "vera", "role": "viewer"}]


@dataclasses.dataclass(frozen=True)
class Route:
    """One route. Functions get the scene."""
    method: str
    path: str                             # below the prefix, as /api/openapi.json has it
    body: typing.Callable = lambda scene: None
    query: typing.Callable = lambda scene: ""    # of those who may
    headers: typing.Callable = lambda scene: {}
    status: int = 200
    code: str | None = None               # of a refusal that is the best that there is here
    gives: tuple = ()                     # fields of `data`
    check: typing.Callable | None = None  # (test, scene, answer)
    ready: typing.Callable = lambda scene: None
    by: str = "host"
    denied: str | None = None             # who may see it and not do it; None needs a reason
    why_all_may: str = ""
    denied_body: typing.Callable | None = None
    denied_status: int = 403
    denied_code: str = "PERMISSION_DENIED"
    bad: typing.Any = None                # a body that does not fit
    bad_query: str = ""
    path_of_bad: str = ""
    bad_names: str = "path"               # the member of `details` that says where
    guest: int = 401                      # the status for who has no token
    elsewhere: int = 404                  # and for an administrator of another tenant
    elsewhere_check: typing.Callable | None = None

    @property
    def name(self):
        return f"{self.method} {self.path}"


class RouteScene:
    """A meeting, and people of its tenant and of another. What rows name is made when it is asked for, once."""

    def __init__(self, gateway):
        self.gateway = gateway
        self._made = {}
        self.host = self._caller("hana", user_type="teacher")
        self.co_host = self._caller("cora")
        self.attendee = self._caller("arno")
        self.viewer = self._caller("vera")
        self.blocked = self._caller("berta")
        self.stranger = self._caller("sten")
        self.watcher = self._caller("wim", role="viewer")
        self.admin = self._caller("ada", role="admin")
        self.elsewhere = self._caller("hana", SOUTH, user_type="teacher", role="admin")
        self.guest = Caller(gateway)

    def _caller(self, *user, **claims):
        return Caller(self.gateway, token(*user, **claims))

    def once(self, name, make):
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    # --- meetings ---

    @property
    def id(self):
        return self.once("meeting", lambda: self.create()["id"])

    def create(self, **fields):
        return self.host.ok("POST", "/api/meeting", {
            "meeting_name": "Weekly", "meeting_start_time": "2030-07-01T10:00:00Z", "participants": INVITED,
            "security": {"blocked_users": ["berta"]}, **fields})

    def url(self, path=""):
        return f"/api/meeting/{self.id}{path}"

    def start(self):
        return self.once("start", lambda: self.host.ok("POST", self.url("/start")))

    def seated(self, name):
        """In the meeting's room."""
        self.start()
        bearer = getattr(self, name).bearer
        return self.once(("seat", name), lambda: Person(self.gateway, name, bearer=bearer).join(self.id))

    def participant(self, user="arno"):
        people = self.host.ok("GET", self.url("/participants"))["participants"]
        return next(one["id"] for one in people if one["user_id"] == user)

    def with_directory(self):
        john = {"tenant": "north", "id": "john", "name": "John Smith", "email": "john@north.example",
                "user_type": "teacher", "profile_image": "https://north.example/john.png"}
        self.once("directory", lambda: Caller(self.gateway).admin("POST", "/admin/v1/users", john))

    def said(self):
        return self.once("said", lambda: self.seated("host").request("chat:send", {"message": "Shall we begin?"}))

    # --- files of the chat ---

    TEXT = "it is all in here"

    def upload(self):
        """An announced file: {fileId, url}."""
        return self.once("upload", lambda: self.seated("host").request(
            "chat:upload", {"name": "plan.txt", "size": len(self.TEXT), "type": "text/plain"}))

    def file(self):
        def make():
            offer = self.upload()
            self.host.ok("PUT", offer["url"], self.TEXT, content_type="text/plain")
            self.seated("host").request("chat:send", {"message": "the plan", "type": "file",
                                                      "fileId": offer["fileId"]})
            return offer["fileId"]
        return self.once("file", make)

    def transcript(self):
        """The path of one that may be fetched."""
        self.said()
        return self.once("transcript", lambda: self.seated("host").request("chat:export")["url"])

    # --- recordings ---

    def recording(self):
        """The id of one that runs in the meeting's room."""
        self.seated("host")
        return self.once("recording", lambda: self.host.ok("POST", self.url("/recording/start"))["id"])

    def paused_recording(self):
        self.recording()
        return self.once("pause", lambda: self.host.ok("POST", self.url("/recording/pause")))

    def ended_recording(self):
        self.recording()
        return self.once("stop", lambda: self.host.ok("POST", self.url("/recording/stop")))

    # --- live streams ---

    def stream(self):
        """The id of one that runs in the meeting's room."""
        self.seated("host")
        return self.once("stream", lambda: self.host.ok("POST", self.url("/stream/start"))["stream_id"])

    def stream_target(self):
        self.stream()
        return self.once("stream target", lambda: self.host.ok(
            "POST", self.url("/stream/targets"), media_shapes.RTMP_TARGET)["target_id"])

    # --- WHIP and WHEP ---

    def session(self, door):
        """(Location, ETag) of the attendee's."""
        def make():
            direction = "sendonly" if door == "whip" else "recvonly"
            answer = self.attendee.call("POST", f"/{door}/studio", media_shapes.offer(direction),
                                        content_type="application/sdp")
            assert answer.status == 201, answer
            return answer.headers["location"], answer.headers["etag"]
        return self.once(door, make)

    def fill(self, path):
        """The path of a row, with what it names."""
        if "{ticket}" in path:
            return self.transcript()
        if "{session}" in path:
            return self.session(path.split("/")[1])[0]
        if path.startswith("/api/chat/files"):
            return path.replace("{id}", self.once("file id", lambda: self.upload()["fileId"]))
        if path.startswith("/api/recordings"):
            path = path.replace("{id}", self.recording() if "{id}" in path else "").replace("{name}", "thumbnail.jpg")
        if "{path}" in path:
            path = path.replace("{path}", self.recording())
        if "{targetId}" in path:
            path = path.replace("{targetId}", self.stream_target())
        if "{roomId}" in path:
            path = path.replace("{roomId}", self.id)
        return (path.replace("{participant_id}", self.participant() if "{participant_id}" in path else "")
                .replace("{room}", "studio")
                .replace("{id}", self.id if "{id}" in path else ""))
