"""What a row of the table of events says, and the scene in which it is tried."""
import dataclasses
import typing

import media_shapes
from meeting_gateway import SOUTH, Person

OWN = "own"  # the event names nobody: in the other tenant it is about that tenant's own room


@dataclasses.dataclass(frozen=True)
class Row:
    """One event. Functions get the scene; `data` also who asks, as people have transports of their own."""
    event: str
    data: typing.Callable = lambda scene, who: {}
    gives: tuple = ()                       # fields of the answer
    check: typing.Callable | None = None    # (test, scene, answer): what else is true of it
    told: dict = dataclasses.field(default_factory=dict)  # person of the scene -> the event that it hears
    ready: typing.Callable = lambda scene: None           # what must have happened before
    by: str = "host"
    denied: str | None = None               # whose role may not; None needs a reason
    why_all_may: str = ""
    denied_data: typing.Callable | None = None
    bad: typing.Any = dataclasses.field(default_factory=list)  # data that does not fit, with every other field right
    path: str = ""                          # of what does not fit
    outside: str | None = "NOT_IN_ROOM"     # the answer to who has not joined; None: the event is for them
    elsewhere: str = OWN                    # the answer to another tenant's host
    elsewhere_data: typing.Callable | None = None
    elsewhere_check: typing.Callable | None = None
    in_meeting: bool = False                # the room is that of a meeting with a waiting room

    def bad_payload(self, scene, who):
        """`bad` is laid over what fits; what is no object stands alone."""
        if not isinstance(self.bad, dict):
            return self.bad
        whole = self.data(scene, who) | self.bad
        return {name: value for name, value in whole.items() if value is not MISSING}


MISSING = object()  # in `bad`: the field is left out


class Scene:
    """One room with a host, an attendee and a viewer; a newcomer outside; and in another tenant a host in a room of the
    same id, and a newcomer. What events name is made when it is asked for, once."""

    def __init__(self, gateway, room, in_meeting=False):
        self._gateway = gateway
        self._made = {}
        hana = self._person("hana", role="host", user_type="teacher", email="hana@north.example")
        self.room = self._meeting(hana) if in_meeting else room
        self.host = hana.join(self.room)
        self.attendee = self._person("arno").join(self.room)
        self.viewer = self._person("vera", role="viewer").join(self.room)
        self.newcomer = self._person("nora")
        self.elsewhere = self._person("hana", SOUTH, role="host", user_type="teacher").join(self.room)
        self.newcomer_elsewhere = self._person("arno", SOUTH)

    def _person(self, user, *tenant, **claims):
        return Person(self._gateway, user, *tenant, claims=claims)

    @property
    def same_user(self):
        """Another connection of the attendee."""
        return self.once("same user", lambda: self._person(self.attendee.user))

    @property
    def outsider(self):
        return self.once("outsider", lambda: self._person("otto"))

    @staticmethod
    def _meeting(hana):
        people = [{"user_id": "arno"}, {"user_id": "vera", "role": "viewer"}]
        return hana.rest.ok("POST", "/api/meeting", {"meeting_name": "With a door", "meeting_type": "instant",
                                                     "waiting_room_enabled": True, "participants": people})["id"]

    def people(self):
        return {name: getattr(self, name) for name in ("host", "attendee", "viewer", "newcomer")}

    def people_elsewhere(self):
        return (self.elsewhere, self.newcomer_elsewhere)

    def actor(self, row):
        return getattr(self, row.by)

    def actor_elsewhere(self, row):
        return self.newcomer_elsewhere if row.by in ("newcomer", "same_user") else self.elsewhere

    def forget(self):
        """Nobody remembers what was told up to now."""
        for person in (*self.people().values(), *self.people_elsewhere()):
            person.heard()

    def once(self, name, make):
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    # --- media ---

    def transport(self, who, direction):
        return self.once(("transport", who.tenant, who.user, direction),
                         lambda: who.request("transport:create", {"direction": direction})["id"])

    def producer(self, kind="audio", source="mic", **more):
        """Of the attendee."""
        parameters = media_shapes.opus(1111) if kind == "audio" else media_shapes.vp8(2222)
        return self.once(("producer", source), lambda: self.attendee.request("produce", {
            "transportId": self.transport(self.attendee, "send"), "kind": kind, "source": source,
            "rtpParameters": parameters, **more})["producerId"])

    def consumer(self):
        """Of the host, for the attendee's camera."""
        return self.once("consumer", lambda: self.host.request("consume", {
            "transportId": self.transport(self.host, "recv"), "producerId": self.producer("video", "webcam"),
            "rtpCapabilities": self.host.stay["rtpCapabilities"]})["id"])

    def gateways_offer(self):
        """What the attendee is offered when the host publishes."""
        def make():
            self.attendee.request("sdp:offer", {"sdp": media_shapes.offer()})
            self.host.request("produce", {"transportId": self.transport(self.host, "send"), "kind": "audio",
                                          "source": "mic", "rtpParameters": media_shapes.opus()})
            return self.attendee.event("sdp:offer")["sdp"]
        return self.once("offer", make)

    # --- chat ---

    def message(self, **data):
        """Of the host, to all."""
        return self.once(("message", *data), lambda: self.host.request(
            "chat:send", {"message": "Shall we begin?", **data})["messageId"])

    def poll(self):
        return self.message(type="poll", options=["yes", "no"])

    def file(self):
        """Sent by the host."""
        def make():
            content = "it is all in here"
            offer = self.host.request("chat:upload", {"name": "plan.txt", "size": len(content), "type": "text/plain"})
            self.host.rest.ok("PUT", offer["url"], content, content_type="text/plain")
            self.host.request("chat:send", {"message": "the plan", "type": "file", "fileId": offer["fileId"]})
            return offer["fileId"]
        return self.once("file", make)

    # --- recordings ---

    def recording(self):
        return self.once("recording", lambda: self.host.request("recording:start")["recordingId"])

    def paused_recording(self):
        self.recording()
        return self.once("pause", lambda: self.host.request("recording:pause"))

    # --- live streams ---

    def stream(self):
        return self.once("stream", lambda: self.host.request("stream:start")["streamId"])

    def stream_target(self):
        self.stream()
        return self.once("stream target", lambda: self.host.request(
            "stream:target-add", media_shapes.RTMP_TARGET)["targetId"])

    # --- the door ---

    def waiting(self):
        """The name of the newcomer's wait."""
        def make():
            held = self.newcomer.request("room:join", {"roomId": self.room})
            assert held["waiting"], held
            return self.host.request("waitingroom:list")["waiting"][0]["participantId"]
        return self.once("waiting", make)

    # --- plugin echo, which has sessions and no rooms ---

    def echo(self):
        for who in (self.newcomer, self.newcomer_elsewhere):
            self.once(("echo", who.tenant), lambda who=who: who.request("echo:join"))

    def echo_transport(self, name):
        self.echo()
        return self.once(("echo transport", name), lambda: self.newcomer.request("echo:transport")["id"])
