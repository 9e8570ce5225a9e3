"""The waiting room with real sockets: who waits gets nothing of the room, and everything once it is let in."""
import json
import unittest

from gateway_process import GatewayTest
from json_web_token import sign

SECRET = "0123456789abcdef0123456789abcdef"
CONFIG = """
auth:
  guests: allow
  jwt:
    secret: %s
plugins:
  videoroom:
    create_on_join: false
    rooms: [{id: lobby}, {id: other}]
  waitingroom:
    default: true
    update_ms: 50
  engagement:
""" % SECRET

# Everything that a client may ask of a room, with data that a participant could send.
ROOM_EVENTS = {
    "room:members": {},
    "room:close": {},
    "participant:info": {"name": "Eve"},
    "participant:remove": {"participantId": "p"},
    "router:capabilities": {},
    "transport:create": {"direction": "recv"},
    "produce": {"transportId": "t", "kind": "audio", "source": "mic", "rtpParameters": {"codecs": []}},
    "consume": {"transportId": "t", "producerId": "p", "rtpCapabilities": {"codecs": []}},
    "sdp:offer": {"sdp": "v=0"},
    "speaker:levels": {"enabled": True},
    "screenshare:start": {},
    "hand:raise": {},
    "hand:list": {},
    "reaction:send": {"emoji": "👍"},
    "layout:update": {"layout": "grid"},
    "waitingroom:list": {},
    "waitingroom:admit": {"participantId": "all"},
    "waitingroom:deny": {"participantId": "p"},
}


class WaitingRoom(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start(CONFIG)

    def user(self, name, **claims):
        return self.gateway.connect(token=sign({"sub": name, "name": name, "exp": 4102444800, **claims}, SECRET))

    def host(self, room="lobby"):
        client = self.user("host", role="host")
        client.request("room:join", {"roomId": room})
        return client

    def waiting(self, client=None, room="lobby", **data):
        client = client or self.user("anna")
        held = client.request("room:join", {"roomId": room, **data})
        self.assertTrue(held["held"] and held["waiting"], held)
        return client, held

    def only_one(self, host):
        listed = host.request("waitingroom:list")
        self.assertEqual(listed["total"], 1)
        return listed["waiting"][0]["participantId"]

    def test_who_waits_gets_nothing_of_the_room(self):
        host = self.host()
        anna, held = self.waiting()
        self.assertEqual((held["position"], held["hostPresent"]), (1, True))
        for event, data in ROOM_EVENTS.items():
            with self.subTest(event=event):
                self.assertEqual(anna.refusal(event, data).code, "NOT_IN_ROOM")
        # The room lives on meanwhile; the last word to all is one that a participant would hear.
        host.request("reaction:send", {"emoji": "🎉"})
        host.request("participant:info", {"name": "The host"})
        host.request("layout:update", {"layout": "speaker", "scope": "room"})
        self.assertEqual(host.request("room:members")["total"], 1)

        host.request("waitingroom:admit", {"participantId": self.only_one(host)})
        heard = []
        while "room:joined" not in heard:
            frame = json.loads(anna.receive())
            heard.append(frame["event"])
        self.assertEqual([name for name in heard if not name.startswith("waitingroom:")], ["room:joined"])
        self.assertEqual(frame["data"]["self"]["name"], "anna")
        self.assertEqual(host.event("participant:joined")["participant"]["name"], "anna")
        self.assertEqual(anna.event("layout:updated")["layout"], "speaker")
        anna.request("transport:create", {"direction": "recv"})

    def test_moderators_see_who_waits_and_guests_their_place(self):
        host = self.host()
        anna, _ = self.waiting()
        ben, held = self.waiting(self.user("ben"))
        self.assertEqual(held["position"], 2)
        while (told := host.event("waitingroom:updated"))["total"] != 2:
            pass
        self.assertEqual([one["name"] for one in told["waiting"]], ["anna", "ben"])
        anna.request("room:leave")
        self.assertEqual(ben.event("waitingroom:waiting"),
                         {"roomId": "lobby", "position": 1, "total": 1, "hostPresent": True})
        ben.close_socket()
        while host.event("waitingroom:updated")["total"] != 0:
            pass

    def test_all_are_admitted_in_order(self):
        host = self.host()
        guests = [self.waiting(self.gateway.connect(), name=f"guest {i}")[0] for i in range(30)]
        self.assertEqual(host.request("waitingroom:admit", {"participantId": "all"}), {"admitted": 30})
        ids = [guest.event("room:joined")["self"]["participantId"] for guest in guests]
        members = host.request("room:members")["participants"]
        self.assertEqual([one["participantId"] for one in members][1:], ids)

    def test_who_is_denied_hears_why(self):
        host = self.host()
        anna, _ = self.waiting()
        host.request("waitingroom:deny", {"participantId": self.only_one(host), "reason": "not today", "ban": True})
        self.assertEqual(anna.event("waitingroom:denied"), {"roomId": "lobby", "reason": "not today"})
        self.assertEqual(anna.event("room:denied")["code"], "ADMISSION_DENIED")
        self.assertEqual(anna.refusal("room:join", {"roomId": "lobby"}).code, "ADMISSION_DENIED")

    def test_a_guest_comes_again_by_its_ticket(self):
        host = self.host()
        guest, held = self.waiting(self.gateway.connect(), name="Gus")
        ticket = held["admissionTicket"]
        other, _ = self.waiting(self.gateway.connect(), token=ticket)  # not admitted yet: worth nothing
        other.request("room:leave")
        host.request("waitingroom:admit", {"participantId": "all"})
        guest.event("room:joined")
        guest.request("room:leave")
        again = self.gateway.connect()
        self.assertEqual(again.request("room:join", {"roomId": "lobby", "token": ticket})["self"]["role"], "attendee")
        self.waiting(self.gateway.connect(), room="other", token=ticket)

    def test_attendees_decide_nothing_and_hosts_only_in_their_room(self):
        host = self.host()
        elsewhere = self.user("host-2", role="host")
        elsewhere.request("room:join", {"roomId": "other"})
        ben, _ = self.waiting(self.user("ben"))
        host.request("waitingroom:admit", {"participantId": "all"})
        ben.event("room:joined")
        self.waiting()
        name = {"participantId": self.only_one(host)}
        for event in ("waitingroom:list", "waitingroom:admit", "waitingroom:deny"):
            self.assertEqual(ben.refusal(event, name).code, "PERMISSION_DENIED")
        self.assertEqual(elsewhere.refusal("waitingroom:admit", name).code, "NOT_FOUND")
        self.assertEqual(elsewhere.request("waitingroom:admit", {"participantId": "all"}), {"admitted": 0})
        self.assertEqual(self.only_one(host), name["participantId"])

    def test_when_the_room_closes_nobody_waits(self):
        host = self.host()
        anna, _ = self.waiting()
        host.request("room:close")
        self.assertEqual(anna.event("waitingroom:denied")["reason"], "room_closed")
        self.assertEqual(anna.event("room:denied")["code"], "ROOM_CLOSED")

    def test_metrics_count_the_waiting(self):
        self.host()
        self.waiting()
        self.assertIn("sluice_waitingroom_waiting 1", self.metrics(self.gateway))


if __name__ == "__main__":
    unittest.main()
