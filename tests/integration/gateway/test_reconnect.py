"""Connections that break, and those that are closed: who is waited for, and how it comes back."""
import socket
import struct
import unittest

from gateway_process import WAIT_SECONDS, GatewayTest
from socket_io import SocketIo
from web_socket import CLOSE

FOREVER = 3_600_000
OPUS = {
    "codecs": [{"mimeType": "audio/opus", "payloadType": 111, "clockRate": 48000, "channels": 2, "parameters": {},
                "rtcpFeedback": []}],
    "headerExtensions": [],
    "encodings": [{"ssrc": 1111}],
    "rtcp": {"cname": "ben"},
}


class ReconnectTest(GatewayTest):
    def start_meeting(self, grace_ms=FOREVER):
        self.gateway = self.start(f"plugins:\n  videoroom:\n    reconnect_grace_ms: {grace_ms}\n")
        self.ada = self.plain()
        self.ada.request("room:join", {"roomId": "lobby", "name": "Ada"})

    def plain(self):
        return self.gateway.connect()

    def socket_io(self):
        client = SocketIo("127.0.0.1", self.gateway.port, tls=self.gateway.tls, timeout=WAIT_SECONDS)
        self.gateway.clients.append(client)
        return client

    def join(self, client):
        return client.request("room:join", {"roomId": "lobby", "name": "Ben"})

    def close(self, client, code=None):
        client.send_frame(CLOSE, b"" if code is None else struct.pack("!H", code))

    def reset(self, client):
        """The socket is gone with a TCP RST."""
        client._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close_socket()

    def told_away(self, stay):
        told = self.ada.event("participant:updated")["participant"]
        self.assertEqual(told["participantId"], stay["self"]["participantId"])
        return told.get("away", False)


class Lost(ReconnectTest):
    def test_a_connection_that_breaks_is_waited_for_and_comes_back_at_either_door(self):
        self.start_meeting()
        ways = (("reset", self.plain, self.reset, self.plain),
                ("end of stream", self.plain, lambda client: client.close_socket(), self.socket_io),
                ("closed without a code", self.plain, self.close, self.plain),
                ("closed by an application's code", self.plain, lambda client: self.close(client, 4000), self.plain),
                ("Socket.IO, reset", self.socket_io, self.reset, self.socket_io),
                ("Socket.IO, given up", self.socket_io, self.close, self.plain))
        for name, door, lose, door_back in ways:
            with self.subTest(name):
                client = door()
                stay = self.join(client)
                lose(client)
                self.assertTrue(self.told_away(stay))
                back = door_back().request("reconnect:attempt", {"reconnectToken": stay["reconnectToken"]})
                self.assertEqual(back["self"], stay["self"])
                self.assertNotEqual(back["reconnectToken"], stay["reconnectToken"])
                self.assertFalse(self.told_away(stay))
                self.gateway.clients[-1].request("room:leave")
                self.assertEqual(self.ada.event("participant:left")["reason"], "left")

    def test_who_does_not_come_back_leaves(self):
        self.start_meeting(grace_ms=100)
        ben = self.plain()
        stay = self.join(ben)
        ben.close_socket()
        self.assertTrue(self.told_away(stay))
        self.assertEqual(self.ada.event("participant:left")["reason"], "disconnected")
        refusal = self.plain().refusal("reconnect:attempt", {"reconnectToken": stay["reconnectToken"]})
        self.assertEqual(refusal.code, "NOT_FOUND")

    def test_producers_are_kept(self):
        self.start_meeting()
        ben = self.plain()
        stay = self.join(ben)
        transport = ben.request("transport:create", {"direction": "send"})["id"]
        producer = ben.request("produce", {"transportId": transport, "kind": "audio", "source": "mic",
                                           "rtpParameters": OPUS})["producerId"]
        self.assertTrue(self.ada.event("participant:updated")["participant"]["media"]["audio"])
        ben.close_socket()
        self.assertTrue(self.told_away(stay))
        back = self.plain()
        media = back.request("reconnect:attempt", {"reconnectToken": stay["reconnectToken"]})["media"]
        self.assertEqual([(t["id"], t["direction"]) for t in media["transports"]], [(transport, "send")])
        self.assertEqual([(p["producerId"], p["paused"]) for p in media["producers"]], [(producer, False)])
        back.request("producer:pause", {"producerId": producer})
        self.assertEqual(self.ada.event("producer:paused")["producerId"], producer)

    def test_a_connection_that_only_seems_to_be_there_loses_its_seat(self):
        self.start_meeting()
        ben, back = self.plain(), self.socket_io()
        stay = self.join(ben)
        again = back.request("reconnect:attempt", {"reconnectToken": stay["reconnectToken"]})
        self.assertEqual(again["self"], stay["self"])
        self.assertEqual(ben.event("room:left")["reason"], "reconnected_elsewhere")
        self.assertEqual(ben.refusal("room:members").code, "NOT_IN_ROOM")
        self.close(ben, 1000)
        ben.closed()
        self.assertEqual(back.request("room:members")["total"], 2)
        self.assertEqual(self.plain().refusal("reconnect:attempt", {"reconnectToken": stay["reconnectToken"]}).code,
                         "NOT_FOUND")


class Ended(ReconnectTest):
    """The time of grace would outlast the test."""

    def test_who_closes_the_connection_leaves_at_once(self):
        self.start_meeting()
        ways = (("close 1000", self.plain, lambda client: self.close(client, 1000)),
                ("the page is closed: 1001", self.plain, lambda client: self.close(client, 1001)),
                ("Socket.IO, the page is closed: 1001", self.socket_io, lambda client: self.close(client, 1001)),
                ("Socket.IO, disconnect()", self.socket_io, lambda client: client.disconnect()))
        for name, door, leave in ways:
            with self.subTest(name):
                client = door()
                stay = self.join(client)
                leave(client)
                left = self.ada.event("participant:left")
                self.assertEqual((left["participantId"], left["reason"]),
                                 (stay["self"]["participantId"], "disconnected"))

    def test_who_breaks_the_protocol_leaves_at_once(self):
        self.start_meeting()
        ben = self.plain()
        self.join(ben)
        ben.send_frame(3, b"")  # a reserved opcode
        self.assertEqual(self.ada.event("participant:left")["reason"], "disconnected")


if __name__ == "__main__":
    unittest.main()
