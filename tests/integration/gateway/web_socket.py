"""A small WebSocket client (RFC 6455) that speaks the gateway's plain door, and can break its rules."""
import base64
import collections
import hashlib
import json
import os
import struct
import time

from raw_http import Response, open_socket

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Closed(Exception):
    """The gateway ended the connection: the close frame's code and reason, or 1006 where there was none."""

    def __init__(self, code, reason=""):
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Refused(Exception):
    """An answer {ok: false}."""

    def __init__(self, error):
        super().__init__(json.dumps(error))
        self.code = error["code"]
        self.message = error["message"]
        self.details = error.get("details", {})


class WebSocket:
    def __init__(self, host, port, path="/ws", tls=False, timeout=30, token=None, headers=None, receive_buffer=None):
        self._timeout = timeout
        self._buffer = b""
        self._next_id = 1
        self._events = collections.deque()
        self._answers = {}
        self._socket = open_socket(host, port, tls, timeout, receive_buffer)
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._handshake(host, port, path, authorization | (headers or {}))
        except BaseException:
            self.close_socket()
            raise

    def _handshake(self, host, port, path, headers):
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self._buffer:
            self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        response = Response(head + b"\r\n\r\n")
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        if response.status != 101 or response.headers.get("sec-websocket-accept") != accept:
            raise Closed(response.status, response.head)

    # --- frames ---

    def send_frame(self, opcode, payload, final=True, masked=True):
        """RFC 6455 section 5.2."""
        head = bytes([(0x80 if final else 0) | opcode])
        flag = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes([flag | len(payload)])
        elif len(payload) < 1 << 16:
            head += bytes([flag | 126]) + struct.pack("!H", len(payload))
        else:
            head += bytes([flag | 127]) + struct.pack("!Q", len(payload))
        if masked:
            mask = os.urandom(4)
            repeated = mask * (len(payload) // 4 + 1)
            payload = bytes(a ^ b for a, b in zip(payload, repeated))
            head += mask
        self._socket.sendall(head + payload)

    def send_text(self, text):
        self.send_frame(TEXT, text.encode())

    def receive(self):
        """The next text; answers pings on the way, raises Closed at the end."""
        deadline = time.monotonic() + self._timeout
        while time.monotonic() < deadline:
            opcode, payload = self._read_frame()
            if opcode == TEXT:
                return payload.decode()
            if opcode == PING:
                self.send_frame(PONG, payload)
            if opcode == CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
                self.close_socket()
                raise Closed(code, payload[2:].decode())
        raise TimeoutError("nothing but pings came")

    def _read_frame(self):
        first, length = self._take(2)
        assert first & 0x80, "the gateway sends whole messages"
        assert length & 0x80 == 0, "a server's frames are not masked"
        if length == 126:
            length = struct.unpack("!H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self._take(8))[0]
        return first & 0x0F, self._take(length)

    def _take(self, size):
        while len(self._buffer) < size:
            self._fill()
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        return data

    def _fill(self):
        try:
            chunk = self._socket.recv(65536)
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            raise Closed(1006, str(error)) from error
        if not chunk:
            raise Closed(1006, "without a close frame")
        self._buffer += chunk

    # --- the plain door ---

    def ask(self, event, data=None):
        """Sends a request. @return its id, for answer()."""
        number = self._next_id
        self._next_id += 1
        self.send_text(json.dumps({"id": number, "event": event, "data": {} if data is None else data}))
        return number

    def answer(self, number):
        """The data of the answer to request `number`, or Refused. Events and other answers on the way are kept."""
        while number not in self._answers:
            frame = json.loads(self.receive())
            if "ok" in frame:
                self._answers[frame["id"]] = frame
            else:
                self._events.append(frame)
        frame = self._answers.pop(number)
        if not frame["ok"]:
            raise Refused(frame["error"])
        return frame["data"]

    def request(self, event, data=None):
        return self.answer(self.ask(event, data))

    def refusal(self, event, data=None):
        """The error that the request must be answered with."""
        try:
            got = self.request(event, data)
        except Refused as error:
            return error
        raise AssertionError(f"{event} was answered with {got}")

    def event(self, name):
        """The data of the next event of that name; others are dropped."""
        while self._events:
            frame = self._events.popleft()
            if frame["event"] == name:
                return frame["data"]
        deadline = time.monotonic() + self._timeout
        while time.monotonic() < deadline:
            frame = json.loads(self.receive())
            if frame.get("event") == name:
                return frame["data"]
        raise AssertionError(f"no event {name} came")

    def take_events(self):
        """The events that came before the last answer, oldest first, each {event, data}; nobody gets them again."""
        events = list(self._events)
        self._events.clear()
        return events

    def closed(self):
        """Reads until the gateway ends the connection."""
        try:
            while True:
                self.receive()
        except Closed as end:
            return end

    def close_socket(self):
        self._socket.close()
