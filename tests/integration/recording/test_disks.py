"""A disk that is nearly full, and one that becomes full: the meeting goes on, and what is there stays."""
import asyncio
import resource
import unittest

from recording_gateway import RecordingTest
from stage import ROOM
from whip_client import Player, eventually


class Disks(RecordingTest):
    async def test_without_enough_space_nothing_begins(self):
        self.start_recording_gateway(plugins={"recording": {"least_free_mb": 100_000_000}})
        refusal = self.host.refusal("recording:start")
        self.assertEqual(refusal.code, "LIMIT_EXCEEDED")
        self.assertRegex(str(refusal), r"the disk has \d+ MB free, a recording needs 100000000 MB")
        answer = self.host.rest.call("POST", f"/api/rooms/{ROOM}/recording/start", {})
        self.assertEqual((answer.status, answer.code), (429, "LIMIT_EXCEEDED"))
        self.assertEqual(self.host.rest.ok("GET", "/api/recordings"), self.host.rest.ok("GET", "/api/recordings?limit=1"))
        self.assertEqual(self.host.refusal("recording:stop").code, "CONFLICT")

    async def test_a_disk_that_fills_up_ends_the_recording_and_not_the_meeting(self):
        self.start_recording_gateway()
        film = await self.film("anna", noise=30)
        player = Player(self.gateway, "audio", "video", token=film.token)
        self.addAsyncCleanup(player.close)
        await player.open(f"/whep/{ROOM}")
        await player.connected()
        started = await self.begin()
        await film.films(4)
        with self.full_disk():
            status = await self.hears("recording:status")
            self.assertEqual(status["trouble"], "disk_full")
            self.assertRegex(status["message"], "what is recorded so far is kept")
            stopped = await self.hears("recording:stopped")
            self.assertEqual(stopped["reason"], "disk_full")
            seen = player.frames["video"]
            await film.films(1)
            await eventually(lambda: player.frames["video"] > seen + 10, lambda: f"{player.frames} frames of {seen}")
            self.host.request("room:members")
        # Its product found no room either. It is tried again later, or at the next start.
        await asyncio.to_thread(self.gateway.log.wait_for, "a product was not made")
        await film.close()
        await player.close()
        self.assertEqual(self.gateway.stop(), 0)
        self.gateway = self.start_file(self.gateway.config_file)
        self.host = self.person("host")
        product, _ = await self.product(started["recordingId"])
        self.assertGreater(product.seconds, 3)
        self.assertGreaterEqual(len(product.beeps(1000)), 3)

    def full_disk(self):
        """No file of the gateway's may grow much beyond what the largest one has now: enough for the store's."""
        largest = max(file.stat().st_size for file in self.folder.rglob("*"))
        return _FileSizeLimit(self.gateway.process.pid, largest + 100_000)


class _FileSizeLimit:
    def __init__(self, pid, most):
        self._pid = pid
        self._most = most

    def __enter__(self):
        _, hard = resource.prlimit(self._pid, resource.RLIMIT_FSIZE)
        self._before = resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (self._most, hard))

    def __exit__(self, *_):
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._before)


if __name__ == "__main__":
    unittest.main()
