"""The public routes beside the meetings' own: files and transcripts of the chat, recordings, WHIP and WHEP; the admin
routes."""
import dataclasses
import typing

import media_shapes
import stream_rows
from route_rows import Route

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
BY_TICKET = "whoever has the ticket"


def ticket_of(scene):
    return "?" + scene.upload()["url"].split("?")[1]


def stays_outside(test, scene, answer):
    """The room that another tenant plays or publishes in is none of ours."""
    listed = test.operator("/admin/v1/rooms")["data"]["rooms"]
    test.assertIn("south", {room["tenant"] for room in listed if room["roomId"] == "studio"})


def sdp_door(door, direction, denied):
    """POST takes what everybody in a room may do, or who may publish; the session is then its user's alone."""
    session = f"/{door}/{{room}}/{{session}}"
    etag = lambda s: {"content_type": FRAGMENT, "if_match": s.session(door)[1]}
    return (
        Route("POST", f"/{door}/{{room}}", lambda s: media_shapes.offer(direction), status=201, by="attendee",
              headers=lambda s: {"content_type": SDP}, denied=denied,
              why_all_may="" if denied else "who is in the room receives",
              check=lambda test, s, answer: test.assertTrue(answer.headers["location"] and answer.headers["etag"]),
              bad="v=0\r\nnonsense\r\n", bad_names="line", path_of_bad=2, guest=201, elsewhere=201,
              elsewhere_check=stays_outside),
        Route("OPTIONS", f"/{door}/{{room}}", status=204, why_all_may="it says what is taken", guest=204,
              elsewhere=204),
        Route("PATCH", session, lambda s: media_shapes.FRAGMENT, headers=etag, status=204, by="attendee",
              denied="stranger", bad="nonsense\r\n", bad_names="line", path_of_bad=1, guest=404),
        Route("DELETE", session, by="attendee", denied="stranger", guest=404),
    )


def of_recording(method, path="", **row):
    """Of one that was begun in the meeting's room; who could not have been there does not see it."""
    return Route(method, "/api/recordings/{id}" + path, **{"denied": "stranger", "denied_status": 404,
                                                           "denied_code": "NOT_FOUND", **row})


def of_room(command, **row):
    return Route("POST", "/api/rooms/{roomId}/recording/" + command, gives=("id", "state", "room_id"),
                 denied="attendee", **row)


def in_the_room(scene):
    scene.seated("host")
    scene.seated("attendee")


def sees_nothing_of_the_north(test, scene, answer):
    test.assertEqual(answer.data, {"recordings": []})


ROWS = (
    of_room("start", body=lambda s: {"format": "mp3"}, ready=in_the_room, status=201, bad={"quality": "huge"},
            path_of_bad="quality"),
    of_room("stop", ready=lambda s: (in_the_room(s), s.recording())),
    of_room("pause", ready=lambda s: (in_the_room(s), s.recording())),
    of_room("resume", ready=lambda s: (in_the_room(s), s.paused_recording())),
    Route("GET", "/api/recordings", ready=lambda s: s.recording(), gives=("recordings.0.id", "recordings.0.state"),
          why_all_may="everybody sees what it was at", bad_query="limit=many", path_of_bad="limit", elsewhere=200,
          elsewhere_check=sees_nothing_of_the_north),
    of_recording("GET", ready=lambda s: s.recording(), by="attendee", gives=("id", "type", "state", "created_at")),
    of_recording("GET", "/file", ready=lambda s: s.recording(), by="attendee", status=409, code="CONFLICT", guest=404),
    of_recording("GET", "/files/{name}", ready=lambda s: s.recording(), by="attendee", status=409, code="CONFLICT",
                 guest=404),
    of_recording("DELETE", ready=lambda s: s.ended_recording(), by="co_host", gives=("id",), denied="attendee",
                 denied_status=403, denied_code="PERMISSION_DENIED"),
    *stream_rows.of("/api/rooms/{roomId}"),
    Route("GET", "/api/rooms/{roomId}/stream", ready=stream_rows.with_stream, by="attendee",
          gives=("live", "stream_id", "viewers", "hls.url"), why_all_may="who is in the room knows that it is live"),
    Route("PUT", "/api/chat/files/{id}", lambda s: s.TEXT, ticket_of, lambda s: {"content_type": "text/plain"},
          ready=lambda s: s.upload(), status=201, gives=("file_id",), why_all_may=BY_TICKET, bad="shorter",
          path_of_bad="size", guest=404),
    Route("GET", "/api/chat/files/{id}", ready=lambda s: s.file(), by="attendee", denied="stranger",
          denied_status=404, denied_code="NOT_FOUND",
          check=lambda test, s, answer: test.assertEqual(answer.text, s.TEXT), guest=404),
    Route("GET", "/api/chat/transcripts/{ticket}", by="guest", why_all_may=BY_TICKET, guest=200, elsewhere=200,
          check=lambda test, s, answer: test.assertIn("Shall we begin?", answer.text)),
    *sdp_door("whip", "sendonly", "watcher"),
    *sdp_door("whep", "recvonly", None),
)


@dataclasses.dataclass(frozen=True)
class AdminRoute:
    """One route of the admin listener: whoever has its token is the operator of all tenants."""
    method: str
    path: str
    url: str  # {participant}: hana's id in the room
    body: typing.Any = None
    status: int = 200
    gives: tuple = ()
    bad: typing.Any = None
    bad_url: str = ""
    path_of_bad: str = ""


ANNA = {"tenant": "north", "id": "anna", "name": "Anna", "email": "anna@north.example"}
USER = ("tenant", "id", "name", "email", "user_type", "active", "created_at")
ROOMS = "/admin/v1/rooms"
ANALYTICS = "/admin/v1/analytics"
USERS = "/admin/v1/users"
PARTICIPANT = "/participants/{pid}"
HANA = ROOMS + "/studio/participants/{participant}"
KIND = {"kind": "audio"}

# In an order in which each finds what it names: the first makes `anna`; the room `studio` of tenant north is there.
ADMIN_ROWS = (
    AdminRoute("POST", USERS, USERS, ANNA, 201, ("users.0.id", "count"), {"tenant": "north"}, path_of_bad="id"),
    AdminRoute("POST", USERS + "/import", USERS + "/import", [ANNA | {"id": "ben"}], 200, ("users.0.id", "count"),
               [ANNA, {"id": 5}], path_of_bad="[1].id"),
    AdminRoute("GET", USERS, USERS + "?tenant=north", gives=tuple(f"users.0.{field}" for field in USER),
               bad_url=USERS + "?limit=x", path_of_bad="limit"),
    AdminRoute("PATCH", USERS + "/{tenant}/{id}", USERS + "/north/anna", {"name": "Anne"}, gives=USER,
               bad={"email": "nobody"}, path_of_bad="email"),
    AdminRoute("POST", USERS + "/{tenant}/{id}/deactivate", USERS + "/north/anna/deactivate", gives=USER),
    AdminRoute("GET", ROOMS, ROOMS, gives=("rooms.0.roomId", "total"), bad_url=ROOMS + "?limit=x",
               path_of_bad="limit"),
    AdminRoute("GET", ROOMS + "/{id}", ROOMS + "/studio?tenant=north", gives=("roomId", "tenant", "participants.0")),
    AdminRoute("GET", ROOMS + "/{id}" + PARTICIPANT, HANA + "?tenant=north",
               gives=("participantId", "transports", "producers", "consumers")),
    AdminRoute("POST", ROOMS + "/{id}" + PARTICIPANT + "/mute", HANA + "/mute?tenant=north", KIND, gives=("muted.0",),
               bad={"kind": "smell"}, path_of_bad="kind"),
    AdminRoute("POST", ROOMS + "/{id}" + PARTICIPANT + "/unmute", HANA + "/unmute?tenant=north", KIND,
               gives=("muted",), bad={"kind": "smell"}, path_of_bad="kind"),
    AdminRoute("DELETE", ROOMS + "/{id}" + PARTICIPANT, HANA + "?tenant=north&reason=late", gives=("participantId",),
               bad_url=HANA + "?ban=perhaps", path_of_bad="ban"),
    AdminRoute("DELETE", ROOMS + "/{id}", ROOMS + "/studio?tenant=north"),
    AdminRoute("GET", ANALYTICS + "/sessions", ANALYTICS + "/sessions", gives=("sessions", "has_more"),
               bad_url=ANALYTICS + "/sessions?limit=x", path_of_bad="limit"),
    AdminRoute("GET", ANALYTICS + "/sessions/{id}", ANALYTICS + "/sessions/none", status=404),
    AdminRoute("GET", ANALYTICS + "/rooms/{id}/series", ANALYTICS + "/rooms/studio/series?tenant=north",
               gives=("resolution", "points"), bad_url=ANALYTICS + "/rooms/studio/series?resolution=2s",
               path_of_bad="resolution"),
    AdminRoute("GET", "/admin/v1/recordings", "/admin/v1/recordings",
               gives=("captures", "productions_waiting", "productions_running", "recordings")),
    AdminRoute("GET", "/admin/v1/livestream/streams", "/admin/v1/livestream/streams", gives=("streams",)),
    AdminRoute("POST", "/admin/v1/livestream/streams/{id}/stop", "/admin/v1/livestream/streams/none/stop", status=404),
    AdminRoute("GET", "/admin/v1/whip/sessions", "/admin/v1/whip/sessions", gives=("sessions", "total"),
               bad_url="/admin/v1/whip/sessions?limit=x", path_of_bad="limit"),
)
# What belongs to one tenant, asked for in another.
ADMIN_ELSEWHERE = (("GET", ROOMS + "/studio?tenant=south"), ("DELETE", ROOMS + "/studio?tenant=south"),
                   ("PATCH", USERS + "/south/anna"), ("POST", USERS + "/south/anna/deactivate"))
