"""The plain WebSocket door and the videoroom behind it: presence, and what bad frames get."""
import json
import unittest

from gateway_process import GatewayTest
from web_socket import BINARY, TEXT, Closed, Refused

PLUGINS = "plugins:\n  videoroom:\n  probe:\n"


class Presence(GatewayTest):
    def test_two_clients_see_each_other_come_and_go(self):
        gateway = self.start(PLUGINS)
        ada, bob = gateway.connect(), gateway.connect()
        first = ada.request("room:join", {"roomId": "lobby", "name": "Ada"})
        self.assertEqual((first["room"]["roomId"], first["self"]["name"], first["self"]["role"]), ("lobby", "Ada", "host"))
        second = bob.request("room:join", {"roomId": "lobby", "name": "Bob"})
        self.assertEqual({p["name"] for p in second["participants"]} | {second["self"]["name"]}, {"Ada", "Bob"})
        came = ada.event("participant:joined")
        self.assertIn("Bob", json.dumps(came))
        members = ada.request("room:members")
        self.assertEqual((members["total"], len(members["participants"])), (2, 2))

        bob.request("participant:info", {"name": "Robert"})
        self.assertIn("Robert", json.dumps(ada.event("participant:updated")))
        bob.request("room:leave")
        left = ada.event("participant:left")
        self.assertEqual((left["participantId"], left["reason"]), (second["self"]["participantId"], "left"))

    def test_a_lost_connection_leaves_the_room(self):
        gateway = self.start("plugins: {videoroom: {reconnect_grace_ms: 0}}\n")
        ada, bob = gateway.connect(), gateway.connect()
        ada.request("room:join", {"roomId": "lobby"})
        bob.request("room:join", {"roomId": "lobby"})
        bob.close_socket()
        self.assertEqual(ada.event("participant:left")["reason"], "disconnected")

    def test_closing_a_room_tells_everybody(self):
        gateway = self.start(PLUGINS)
        ada, bob = gateway.connect(), gateway.connect()
        ada.request("room:join", {"roomId": "lobby"})
        bob.request("room:join", {"roomId": "lobby"})
        self.assertEqual(bob.refusal("room:close").code, "PERMISSION_DENIED")
        ada.request("room:close", {"reason": "over"})
        self.assertEqual(bob.event("room:closed")["reason"], "over")
        self.assertEqual(bob.refusal("room:members").code, "NOT_IN_ROOM")


class BadFrames(GatewayTest):
    def setUp(self):
        super().setUp()
        self.gateway = self.start("http: {public: {message_bytes: 2048}}\n" + PLUGINS)
        self.client = self.gateway.connect()

    def still_answers(self):
        self.assertEqual(self.client.request("probe:options")["fixed"], 1)

    def test_what_is_no_request_is_answered_and_the_connection_lives(self):
        for text, path in (("{", ""), ("", ""), ("[]", ""), ("7", ""), ("{}", "event"), ('{"event":7}', "event"),
                           ('{"event":""}', "event"), ('{"event":"a\\nb"}', "event"), ('{"id":{},"event":"x"}', "id"),
                           ("[" * 900, ""), ('{"event":"x","data":' + "[" * 500 + "]" * 500 + "}", "")):
            with self.subTest(text=text[:30]):
                self.client.send_text(text)
                error = self.client.event("error")
                self.assertEqual((error["code"], error["details"]["path"]), ("INVALID_PAYLOAD", path))
        self.still_answers()

    def test_the_id_of_a_bad_request_is_given_back(self):
        self.client.send_text('{"id":"abc"}')
        self.assertEqual(json.loads(self.client.receive())["id"], "abc")

    def test_an_unknown_event(self):
        refusal = self.client.refusal("no:such")
        self.assertEqual(refusal.code, "UNKNOWN_EVENT")
        self.assertIn("'no:such'", refusal.message)
        self.still_answers()

    def test_a_missing_or_wrong_field_is_named(self):
        for data, path in (({}, "roomId"), ({"roomId": 5}, "roomId"), ({"roomId": None}, "roomId"),
                           ({"roomId": "a/b"}, "roomId"), ({"roomId": "x" * 300}, "roomId"),
                           ({"roomId": "a\r\nb"}, "roomId"), ({"roomId": "x", "name": ["y"]}, "name"),
                           ({"roomId": "x", "device": "phone"}, "device")):
            with self.subTest(data=data):
                refusal = self.client.refusal("room:join", data)
                self.assertEqual((refusal.code, refusal.details.get("path")), ("INVALID_PAYLOAD", path))
        for data in ([], "lobby", 7, True):
            self.assertEqual(self.client.refusal("room:join", data).code, "INVALID_PAYLOAD")
        self.still_answers()

    def closes(self, code, *frames):
        for opcode, payload, options in frames:
            self.client.send_frame(opcode, payload, **options)
        self.assertEqual(self.client.closed().code, code)
        self.client = self.gateway.connect()
        self.still_answers()

    def test_an_oversize_message_closes_with_1009(self):
        self.closes(1009, (TEXT, b" " * 2049, {}))
        part = b" " * 1500
        self.closes(1009, (TEXT, part, {"final": False}), (0, part, {}))

    def test_a_binary_message_closes_with_1003(self):
        self.closes(1003, (BINARY, b"{}", {}))

    def test_a_broken_frame_closes_with_1002(self):
        self.closes(1002, (TEXT, b"{}", {"masked": False}))
        self.closes(1002, (3, b"", {}))  # a reserved opcode

    def test_what_is_not_utf_8_closes_with_1007(self):
        self.closes(1007, (TEXT, b'{"event":"\xff"}', {}))

    def test_a_client_that_makes_nothing_but_mistakes_is_closed(self):
        try:
            for _ in range(400):
                self.client.send_text("{")
        except OSError:
            pass
        end = self.client.closed()
        self.assertIn(end.code, (1008, 1006))  # 1006: it was still sending when the gateway had gone


class Limits(GatewayTest):
    def test_a_flood_of_joins_is_slowed_and_then_ended(self):
        gateway = self.start("limits: {events_per_second: 1, events_burst: 5}\n" + PLUGINS)
        client = gateway.connect()
        numbers = [client.ask("room:join", {"roomId": "lobby"}) for _ in range(20)]
        codes = [self.outcome(client, number) for number in numbers]
        self.assertEqual(codes[0], "ok")
        self.assertIn("ALREADY_IN_ROOM", codes[:5])
        self.assertEqual(set(codes[6:]), {"RATE_LIMITED"})
        with self.assertRaises((Closed, OSError)):
            for _ in range(400):
                client.ask("room:join", {"roomId": "lobby"})
            client.answer(-1)
        gateway.log.wait_for(r"\[plugin.probe\] gone .*reason=abuse")

    def outcome(self, client, number):
        try:
            client.answer(number)
            return "ok"
        except Refused as refusal:
            if refusal.code == "RATE_LIMITED":
                self.assertGreater(refusal.details["retryAfterMs"], 0)
            return refusal.code

    def test_a_client_that_does_not_read_is_dropped_and_the_others_go_on(self):
        gateway = self.start("http: {public: {queue_bytes: 65536}}\n" + PLUGINS)
        ada = gateway.connect()
        ada.request("room:join", {"roomId": "lobby"})
        slow = gateway.connect(receive_buffer=4096)
        slow.request("room:join", {"roomId": "lobby"})
        slow.ask("probe:flood", {"messages": 1000, "bytes": 16_384})
        self.assertEqual(ada.event("participant:left")["reason"], "disconnected")
        gateway.log.wait_for(r"\[plugin.probe\] gone .*reason=abuse")
        self.assertIn(slow.closed().code, (1006, 1008))
        ada.request("room:members")

    def test_connections_over_the_limit_are_turned_away(self):
        gateway = self.start("http: {public: {max_connections_per_address: 3}}\n" + PLUGINS)
        clients = [gateway.connect() for _ in range(3)]
        with self.assertRaises((Closed, OSError)):
            gateway.connect()
        for client in clients:
            client.request("probe:options")


if __name__ == "__main__":
    unittest.main()
