"""A participant of aiortc that speaks SDP over the gateway's plain WebSocket."""
import asyncio
import json
import re

import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from gateway_process import WAIT_SECONDS
from rtc_tracks import brightness, loudness
from web_socket import Closed, Refused

# aioice leaves loopback out, and the gateway of a test is nowhere else.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


async def eventually(condition, problem):
    """Looks again and again until `condition()` holds; a test that passes waits as long as it takes, and no longer."""
    for _ in range(WAIT_SECONDS * 20):
        if condition():
            return
        await asyncio.sleep(0.05)
    raise AssertionError(problem())


class SdpClient:
    def __init__(self, gateway):
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", self._receive)
        self.tracks = {}  # by MID: what sdp:tracks told last
        self.offers = []  # of the gateway
        self.events = []
        self.brightness = {}  # of the newest frame, by MID
        self.loudness = {}
        self.failure = None
        self._socket = gateway.connect()
        self._answers = {}
        self._next_id = 1
        self._readers = []
        self._turn = asyncio.Lock()
        self._closed_sections = ClosedSections()
        self._reading = asyncio.ensure_future(self._read())

    # --- events ---

    async def request(self, event, data):
        number = self._next_id
        self._next_id += 1
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._socket.send_text(json.dumps({"id": number, "event": event, "data": data}))
        return await asyncio.wait_for(answer, WAIT_SECONDS)

    async def _read(self):
        while True:
            try:
                frame = json.loads(await asyncio.to_thread(self._socket.receive))
            except TimeoutError:
                continue
            except (Closed, OSError):
                return
            if "ok" in frame:
                answer = self._answers.pop(frame["id"])
                if frame["ok"]:
                    answer.set_result(frame["data"])
                else:
                    answer.set_exception(Refused(frame["error"]))
            else:
                self._take_event(frame["event"], frame["data"])

    def _take_event(self, event, data):
        self.events.append(event)
        if event == "sdp:tracks":
            self.tracks = {track["mid"]: track for track in data["tracks"]}
        if event == "sdp:offer":
            self.offers.append(data["sdp"])
            self._readers.append(asyncio.ensure_future(self._answer(data["sdp"])))

    # --- SDP ---

    async def join(self, room="lobby"):
        self.participant_id = (await self.request("room:join", {"roomId": room}))["self"]["participantId"]
        return self

    async def offer(self, **options):
        async with self._turn:
            await self.connection.setLocalDescription(await self.connection.createOffer())
            answer = await self.request("sdp:offer", {"sdp": self.connection.localDescription.sdp, **options})
            await self.connection.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        return answer["sdp"]

    async def _answer(self, sdp):
        try:
            async with self._turn:
                shown = self._closed_sections.hide(sdp)
                await self.connection.setRemoteDescription(RTCSessionDescription(shown, "offer"))
                await self.connection.setLocalDescription(await self.connection.createAnswer())
                await self.request("sdp:answer", {"sdp": self.connection.localDescription.sdp})
        except Exception as error:  # the test's own task has to hear of it
            self.failure = error
            raise

    def sends(self, *tracks):
        for track in tracks:
            self.connection.addTransceiver(track, direction="sendonly")

    def receives(self, *kinds):
        for kind in kinds:
            self.connection.addTransceiver(kind, direction="recvonly")

    # --- media ---

    def _receive(self, track):
        self._readers.append(asyncio.ensure_future(self._decode(track)))

    async def _decode(self, track):
        while True:
            frame = await track.recv()
            mid = next(t.mid for t in self.connection.getTransceivers() if t.receiver.track is track)
            if track.kind == "video":
                self.brightness[mid] = brightness(frame)
            else:
                self.loudness[mid] = max(self.loudness.get(mid, 0), loudness(frame))

    def mid_of(self, participant, kind):
        """The section that carries this participant's track, by sdp:tracks."""
        for mid, track in self.tracks.items():
            if track["participantId"] == participant.participant_id and track["kind"] == kind:
                return mid
        return None

    async def sees(self, participant, expected):
        def seen():
            if self.failure:
                raise AssertionError(f"{self.failure}")
            return self.brightness.get(self.mid_of(participant, "video"), -1000)
        await eventually(lambda: abs(seen() - expected) < 20,
                         lambda: f"not {expected}: {self.tracks}, {self.brightness}, {self.events}")

    async def hears(self, participant):
        await eventually(lambda: self.loudness.get(self.mid_of(participant, "audio"), 0) > 8000,
                         lambda: f"{self.tracks}, {self.loudness}")

    async def loses(self, participant):
        """Until nothing of the participant is shown, and the client and the gateway agree about it."""
        await eventually(lambda: not self.mid_of(participant, "video") and not self.mid_of(participant, "audio")
                         and self.connection.signalingState == "stable", lambda: f"{self.tracks}")

    async def close(self):
        self._reading.cancel()
        for reader in self._readers:
            reader.cancel()
        await self.connection.close()


class ClosedSections:
    """aiortc knows no closed sections (port 0, RFC 8829 section 5.2.2): it is shown them as they were, but inactive."""

    def __init__(self):
        self._live = {}  # the newest by index

    def hide(self, sdp):
        head, *bodies = [part.rstrip() for part in sdp.split("\r\nm=")]
        for index, body in enumerate(bodies):
            if body.split()[1] == "0" and index in self._live:
                bodies[index] = re.sub("a=(sendonly|recvonly|sendrecv)", "a=inactive", self._live[index])
            else:
                self._live[index] = body
        return "\r\nm=".join([head, *bodies]) + "\r\n"


def sections(sdp):
    return sum(line.startswith("m=") for line in sdp.splitlines())
