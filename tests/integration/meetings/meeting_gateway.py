"""A gateway with everything that meetings are made of, and users of two tenants at its doors."""
import dataclasses
import json

from gateway_process import GatewayTest, merged
from json_web_token import sign
from web_socket import Refused

SECRET = "0123456789abcdef0123456789abcdef"
ADMIN_TOKEN = "an operator's token, long enough"
NORTH, SOUTH = "north", "south"
PREFIXES = ("/api/meeting", "/api/v1/meetings")

# Only teachers create meetings, and viewers only look on: so that there is somebody who may not.
# Tables ask for more than people do; what is refused for being too much has tests of its own.
EVERYTHING = {
    "http": {"public": {"requests_per_second": 0}, "admin": {"token": ADMIN_TOKEN, "wrong_tokens_per_minute": 1000}},
    "limits": {"events_per_second": 100_000, "events_burst": 100_000, "connects_per_second_per_address": 0},
    "auth": {"guests": "allow", "jwt": {"secret": SECRET, "claims": {"tenant": "campus"}}},
    "store": {"path": "sluice.db"},
    "plugins": {
        "videoroom": {"least_role": {"chat": "attendee", "raise_hand": "attendee", "react": "attendee"}},
        "chat": {"messages_per_10s": 1000, "burst": 1000, "files": {"storage_dir": "files"}},
        "waitingroom": {"update_ms": 10},
        "engagement": {"renumber_ms": 10},
        "meetings": {"creator_user_types": ["teacher"]},
        "recording": {"folder": "recordings", "least_free_mb": 1, "max_recordings_at_once": 1000},
        "livestream": {"hls": {"folder": "live"}, "max_streams_at_once": 64, "stop_when_empty_s": 0,
                       "program": {"quality": "low", "frames_per_second": 5}},
        "whip": {},
        "analytics": {},
        "echo": {},
    },
}
PLUGINS = tuple(EVERYTHING["plugins"])


def token(user, tenant=NORTH, **claims):
    return sign({"sub": user, "name": user, "campus": tenant, "exp": 4102444800, **claims}, SECRET)


class Answer:
    """What a REST request was answered: the envelope, and what stands around it."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.body.decode()
        is_json = response.headers.get("content-type", "").startswith("application/json")
        self.json = json.loads(self.text) if is_json and self.text else {}
        self.data = self.json.get("data")
        self.message = self.json.get("message")
        error = self.json.get("error", {}) if isinstance(self.json, dict) else {}
        self.code = error.get("code")
        self.details = error.get("details", {})

    def __repr__(self):
        return f"{self.status} {self.text[:400]}"


class Caller:
    """Who calls the REST API: with a token, or as a guest."""

    def __init__(self, gateway, bearer=None):
        self.bearer = bearer
        self._gateway = gateway
        self._headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}

    def call(self, method, path, body=None, **headers):
        """`body` becomes JSON, unless it is text. Headers as keywords: `if_match='"1"'`."""
        fields = self._headers | {name.replace("_", "-").title(): value for name, value in headers.items()}
        if body is not None and not isinstance(body, str):
            body = json.dumps(body)
            fields.setdefault("Content-Type", "application/json")
        return Answer(self._gateway.get(path, method, headers=fields, body=(body or "").encode()))

    def ok(self, method, path, body=None, **headers):
        """The data of a success."""
        answer = self.call(method, path, body, **headers)
        if answer.status not in (200, 201):
            raise AssertionError(f"{method} {path}: {answer}")
        return answer.data

    def admin(self, method, path, body=None, content_type="application/json"):
        text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        headers = {"Authorization": f"Bearer {ADMIN_TOKEN}", "Content-Type": content_type}
        return Answer(self._gateway.admin(path, method, headers=headers, body=text.encode()))


@dataclasses.dataclass
class Person:
    """A user of a tenant: a connection, perhaps a seat in a room, and the REST API."""
    gateway: object
    user: str
    tenant: str = NORTH
    claims: dict = dataclasses.field(default_factory=dict)
    bearer: str = ""  # instead of a token of its own

    def __post_init__(self):
        self.bearer = self.bearer or token(self.user, self.tenant, **self.claims)
        self.socket = self.gateway.connect(token=self.bearer)
        self.rest = Caller(self.gateway, self.bearer)
        self.request = self.socket.request
        self.refusal = self.socket.refusal
        self.event = self.socket.event
        self.stay = {}

    @property
    def id(self):
        return self.stay["self"]["participantId"]

    def join(self, room, **data):
        return self.joined(self.request("room:join", {"roomId": room, **data}))

    def joined(self, stay):
        self.stay = stay
        return self

    def heard(self):
        """All events that have been told up to now, since the last time that somebody looked."""
        try:
            self.request("room:members")
        except Refused:
            pass  # an answer all the same, behind everything that was told before
        return self.socket.take_events()


class MeetingTest(GatewayTest):
    """A gateway with every plugin of EVERYTHING."""

    def start_all(self, **changes):
        self.gateway = self.start(**merged(EVERYTHING, changes))
        return self.gateway

    def person(self, user, tenant=NORTH, **claims):
        return Person(self.gateway, user, tenant, claims)

    def has(self, value, path):
        """The value at `participants.0.name` of an answer, or a failure that shows the answer."""
        for name in path.split(".") if path else ():
            try:
                value = value[int(name) if name.isdigit() else name]
            except (KeyError, IndexError, TypeError):
                self.fail(f"no {path} in {json.dumps(value)[:800]}")
        return value

    def operator(self, path):
        answer = Caller(self.gateway).admin("GET", path)
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def plugins(self):
        listed = {plugin["name"]: plugin for plugin in self.operator("/admin/v1/plugins")["plugins"]
                  if plugin["state"] != "not_configured"}
        self.assertEqual(set(listed), set(PLUGINS))
        return listed
