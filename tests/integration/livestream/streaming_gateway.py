"""A gateway that streams, servers to push to, and the way from a stream's start to its end."""
import asyncio
import os
import statistics

from arrival import Arrival
from rtmp_server import RtmpServer
from stage import ROOM, StageTest
from whip_client import eventually

STREAMS = "/admin/v1/livestream/streams"
FRAMES_PER_SECOND = 30
SEGMENT_SECONDS = 1
FRAME_SECONDS = 1 / FRAMES_PER_SECOND
IN_STEP_MS = 60

# Small pictures, so that a busy machine keeps up; everything that is looked at has a limit in time of its own.
STREAMING = {
    "limits": {"events_per_second": 100_000, "events_burst": 100_000},
    "plugins": {"livestream": {
        "hls": {"folder": "live"},
        "rtmp": {"private_targets": True},
        "program": {"quality": "low", "layout": "grid", "preset": "ultrafast"},
        "recording": {"folder": "programs"},
    }},
}


class StreamingTest(StageTest):
    """A host in a room whose gateway streams it."""

    dropped_frames = 0  # of the stream that has ended

    def run(self, result=None):
        self._result = result
        return super().run(result)

    def start_streaming_gateway(self, **options):
        """`options`: of the plugin."""
        return self.start_stage(STREAMING, {"plugins": {"livestream": options}})

    def rtmp_server(self, name="server", tls=False):
        server = RtmpServer(self.folder / name, tls)
        self.addCleanup(self._close_server, server)
        return server

    def _close_server(self, server):
        server.close()
        if any(test is self for test, _ in self._result.failures + self._result.errors):
            print(f"--- {server.folder.name}:\n{server.log()}")

    # --- the host's ---

    async def begin(self, *targets, **wishes):
        """Viewers here, and targets, each (server's address, key). @return what the room was told."""
        asked = [{"type": "rtmp", "url": url, "key": key} for url, key in targets]
        self.host.request("stream:start", {"targets": [{"type": "hls"}, *asked], **wishes})
        return await self.hears("stream:started")

    async def end(self):
        """Waits until its process has gone, too: what it leaves is whole then."""
        self.host.request("stream:stop")
        stopped = await self.hears("stream:stopped")
        await eventually(lambda: self.operators_view()["state"] == "stopped", self.operators_view)
        self.dropped_frames = self.operators_view()["program"]["dropped_frames"]
        return stopped

    def operators_view(self):
        """Of the newest stream."""
        return self.admin_json(self.gateway, STREAMS)["data"]["streams"][-1]

    def status(self):
        return self.host.request("stream:status")

    async def until(self, condition):
        """Waits for a status of which `condition` holds, and returns it."""
        seen = {}

        def looks_so():
            seen.clear()
            seen.update(self.status())
            return condition(seen)

        await eventually(looks_so, lambda: f"the stream is {seen}\n{self.gateway.log.text()}")
        return seen

    async def target_until(self, key, condition):
        """The same of the target whose place among all is `key`."""
        return (await self.until(lambda status: condition(status["targets"][key])))["targets"][key]

    async def target_is(self, key, *states):
        return await self.target_until(key, lambda target: target["state"] in states)

    async def makes(self, frames):
        """Waits until the program has so many more."""
        before = self.status()["program"]["frames"]
        await self.until(lambda status: status["program"]["frames"] >= before + frames)

    # --- what has arrived ---

    async def arrived(self, server, key):
        """Waits for the end of the newest publication, and reads it."""
        await eventually(lambda: len(server.gate.times("done", key)) == len(server.gate.times("publish", key)) > 0,
                         lambda: f"{server.gate.asked}\n{server.log()}")
        return await asyncio.to_thread(Arrival, server.files(key)[-1])

    def assert_plays(self, arrival):
        """Both codecs, and times that grow."""
        self.assertEqual(arrival.codecs, ["aac", "h264"])
        for name, track in arrival.tracks.items():
            with self.subTest(track=name):
                self.assertGreater(min(track.steps()), 0, "times do not grow")

    def assert_steady(self, arrival, seconds):
        """That long, at the right rate, both tracks alike. The rate is not judged where the program had to drop frames and
        the machine has more to do than it can."""
        self.assertGreater(arrival.video.seconds, seconds)
        if self.dropped_frames and os.getloadavg()[0] > os.cpu_count():
            self.skipTest(f"the machine is too busy: {self.dropped_frames} frames were dropped, load {os.getloadavg()}")
        self.assertAlmostEqual(arrival.video.rate, FRAMES_PER_SECOND, delta=0.02 * FRAMES_PER_SECOND)
        self.assertAlmostEqual(arrival.audio.seconds, arrival.video.seconds, delta=0.25)

    def assert_segmented(self, track):
        """Key frames where segments begin, a frame more or less; at the begin there are more, for who has just come."""
        self.assertEqual(track.keys[0], track.times[0])
        gaps = [later - earlier for earlier, later in zip(track.keys, track.keys[1:])]
        self.assertLess(max(gaps), SEGMENT_SECONDS + 1.5 * FRAME_SECONDS)
        for gap in gaps[3:]:
            self.assertAlmostEqual(gap, SEGMENT_SECONDS, delta=1.5 * FRAME_SECONDS)

    def assert_real_time(self, beeps):
        """A second of the room is a second of the program."""
        gaps = [later - earlier for earlier, later in zip(beeps, beeps[1:])]
        self.assertAlmostEqual(statistics.median(gaps), 1, delta=0.02)

    def rest(self, path=""):
        return f"/api/rooms/{ROOM}/stream{path}"
