"""An encoder (WHIP) and a player (WHEP) made of aiortc and plain HTTP, and the gateway that they talk to."""
import asyncio
import unittest

import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from gateway_process import WAIT_SECONDS, GatewayTest
from raw_http import request
from rtc_tracks import brightness, loudness

# aioice leaves loopback out, and the gateway of a test is nowhere else.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
PLUGINS = "plugins:\n  videoroom:\n  whip:\n"


async def http(gateway, method, path, token=None, headers=None, body=""):
    fields = dict(headers or {})
    if token:
        fields["Authorization"] = f"Bearer {token}"
    return await asyncio.to_thread(request, "127.0.0.1", gateway.port, method, path, headers=fields,
                                   body=body.encode())


class Peer:
    """One WHIP or WHEP session."""

    def __init__(self, gateway, token=None):
        self.gateway = gateway
        self.token = token
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.created = None

    async def offer(self):
        """The offer with all its candidates."""
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def post(self, path, sdp):
        return await http(self.gateway, "POST", path, self.token, {"Content-Type": SDP}, sdp)

    async def open(self, path):
        """POST, 201, the answer applied. Any other status is an AssertionError."""
        self.created = await self.post(path, await self.offer())
        if self.created.status != 201:
            raise AssertionError(f"POST {path}: {self.created.head}\n{self.created.text()}")
        await self.connection.setRemoteDescription(RTCSessionDescription(self.created.text(), "answer"))
        return self

    @property
    def location(self):
        return self.created.headers["location"]

    async def patch(self, fragment, if_match=None, content_type=FRAGMENT):
        headers = {"Content-Type": content_type}
        if if_match is not None:
            headers["If-Match"] = if_match
        return await http(self.gateway, "PATCH", self.location, self.token, headers, fragment)

    async def delete(self):
        return await http(self.gateway, "DELETE", self.location, self.token)

    async def connected(self):
        await eventually(lambda: self.connection.connectionState == "connected",
                         lambda: f"the connection is {self.connection.connectionState}")

    def credentials(self):
        """`a=ice-ufrag` and `a=ice-pwd` of the first section: of the whole bundle."""
        lines = self.connection.localDescription.sdp.splitlines()
        return [next(line for line in lines if line.startswith(name)) for name in ("a=ice-ufrag:", "a=ice-pwd:")]

    async def close(self):
        await self.connection.close()


class Publisher(Peer):
    def __init__(self, gateway, *tracks, token=None):
        super().__init__(gateway, token)
        for track in tracks:
            self.connection.addTransceiver(track, direction="sendonly")


class Player(Peer):
    """Decodes what comes, and remembers the newest frame of each kind."""

    def __init__(self, gateway, *kinds, token=None):
        super().__init__(gateway, token)
        self.brightness = None
        self.loudness = 0
        self.frames = {kind: 0 for kind in kinds}
        self._readers = []
        for kind in kinds:
            self.connection.addTransceiver(kind, direction="recvonly")
        self.connection.on("track", lambda track: self._readers.append(asyncio.ensure_future(self._read(track))))

    async def _read(self, track):
        while True:
            frame = await track.recv()
            self.frames[track.kind] += 1
            if track.kind == "video":
                self.brightness = brightness(frame)
            else:
                self.loudness = max(self.loudness, loudness(frame))

    async def sees(self, expected):
        """Waits until a frame of about that brightness has been decoded."""
        await eventually(lambda: self.brightness is not None and abs(self.brightness - expected) < 20,
                         lambda: f"sees {self.brightness}, not {expected}; {self.frames} frames decoded")

    async def hears(self):
        await eventually(lambda: self.loudness > 8000, lambda: f"hears {self.loudness}")

    async def close(self):
        for reader in self._readers:
            reader.cancel()
        await super().close()


async def eventually(condition, problem):
    """Looks again and again until `condition()` holds; a test that passes waits as long as it takes, and no longer."""
    for _ in range(WAIT_SECONDS * 20):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(problem())


class WhipTest(GatewayTest, unittest.IsolatedAsyncioTestCase):
    """A gateway, and peers that are closed before it ends."""

    CONFIG = PLUGINS

    def setUp(self):
        super().setUp()
        self.gateway = self.start(self.CONFIG)

    def peer(self, peer):
        self.addAsyncCleanup(peer.close)
        return peer

    def error(self, response, status, code):
        self.assertEqual(response.status, status, response.head + response.text())
        self.assertIn(f'"code":"{code}"', response.text())

    def sessions(self):
        return self.admin_json(self.gateway, "/admin/v1/whip/sessions")["data"]["sessions"]

    def participants(self, room="lobby"):
        return self.admin_json(self.gateway, f"/admin/v1/rooms/{room}")["data"]
