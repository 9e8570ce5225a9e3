"""Participants whose pictures and sound were coded before: sending them costs little, and takes no encoder's time.

Runs as a process of its own: `recorded_publisher.py PORT ROOM NAME...` publishes each name over WHIP until it is ended,
with the files of the environment's PICTURES and SOUND; MIME names the pictures' codec, BEARERS each name's token.
"""
import asyncio
import fractions
import json
import os
import sys
import time
import types

import av
from aiortc import MediaStreamTrack, RTCRtpSender
from whip_client import Publisher


class Recorded(MediaStreamTrack):
    """A file's packets at their pace, again and again."""

    def __init__(self, path, kind, began):
        super().__init__()
        self.kind = kind
        self._began = began
        with av.open(path) as file:
            stream = (file.streams.video if kind == "video" else file.streams.audio)[0]
            self._clock = stream.time_base
            packets = [(bytes(packet), packet.pts) for packet in file.demux(stream) if packet.pts is not None]
        first, last = packets[0][1], packets[-1][1]
        self._packets = [(data, pts - first) for data, pts in packets]
        self._length = (last - first) * len(packets) // (len(packets) - 1)
        self._sent = 0

    async def recv(self):
        rounds, index = divmod(self._sent, len(self._packets))
        data, pts = self._packets[index]
        pts += rounds * self._length
        self._sent += 1
        await asyncio.sleep(max(0, self._began + float(pts * self._clock) - time.time()))
        packet = av.Packet(data)
        packet.pts = pts
        packet.time_base = fractions.Fraction(self._clock)
        return packet


class Participant(Publisher):
    def __init__(self, gateway, token, began):
        super().__init__(gateway, Recorded(os.environ["SOUND"], "audio", began),
                         Recorded(os.environ["PICTURES"], "video", began), token=token)
        wanted = [codec for codec in RTCRtpSender.getCapabilities("video").codecs
                  if codec.mimeType == os.environ["MIME"]]
        self.connection.getTransceivers()[1].setCodecPreferences(wanted)


async def publish(port, room, names):
    gateway = types.SimpleNamespace(port=port)
    bearers = json.loads(os.environ["BEARERS"])
    began = time.time()
    participants = []
    for name in names:
        participant = Participant(gateway, bearers[name], began)
        await participant.open(f"/whip/{room}?name={name}")
        await participant.connected()
        participants.append(participant)
    print("sending", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(publish(int(sys.argv[1]), sys.argv[2], sys.argv[3:]))
