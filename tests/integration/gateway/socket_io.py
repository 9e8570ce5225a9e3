"""A small Socket.IO v4 client over WebSocket alone, with the calls of the plain door."""
import json

from web_socket import Closed, WebSocket

PATH = "/socket.io/?EIO=4&transport=websocket"


class SocketIo(WebSocket):
    """Engine.IO's packets are told by their first digit, Socket.IO's by the second."""

    def __init__(self, host, port, path=PATH, auth=None, **options):
        super().__init__(host, port, path, **options)
        opened = super().receive()
        if not opened.startswith("0"):
            raise Closed(1002, opened)
        self.send_text("40" + json.dumps(auth or {}))
        connected = super().receive()
        if not connected.startswith("40"):
            raise Closed(1008, connected)

    def ask(self, event, data=None):
        number = self._next_id
        self._next_id += 1
        self.send_text(f"42{number}" + json.dumps([event, {} if data is None else data]))
        return number

    def receive(self):
        """The next event or answer, in the form of the plain door."""
        while True:
            packet = super().receive()
            if packet == "2":
                self.send_text("3")
            elif packet.startswith("42"):
                event, data = json.loads(packet[2:])
                return json.dumps({"event": event, "data": data})
            elif packet.startswith("43"):
                number, _, answer = packet[2:].partition("[")
                return json.dumps({"id": int(number), **json.loads("[" + answer)[0]})
            elif packet.startswith("41"):
                raise Closed(1000, "io server disconnect")

    def disconnect(self):
        """As `socket.disconnect()` does."""
        self.send_text("41")
