"""What is recorded survives the gateway's death, at whatever moment it comes."""
import os
import signal
import time
import unittest

from recording_gateway import RecordingTest
from stage import SECOND, THIRD

MISSING_SECONDS = 2  # at most


class Crashes(RecordingTest):
    def kill(self):
        """@return when."""
        at = time.time()
        self.gateway.process.kill()
        self.assertEqual(self.gateway.wait(), -signal.SIGKILL)
        self.gateway.close_clients()
        return at

    def start_again(self):
        self.gateway = self.start_file(self.gateway.config_file)
        self.host = self.person("host")

    def _end(self, gateway):
        if gateway.process.returncode != -signal.SIGKILL:
            super()._end(gateway)

    async def test_a_killed_gateway_finishes_the_recording_at_its_next_start(self):
        self.start_recording_gateway()
        vp8 = await self.film("anna", codec="VP8", tone_hz=1000)
        h264 = await self.film("ben", codec="H264", tone_hz=2000)
        started = await self.begin(layout="grid")
        await vp8.films(8)
        killed = self.kill()
        await vp8.close()
        await h264.close()

        self.start_again()
        product, described = await self.product(started["recordingId"])
        recorded = killed - started["at"] / 1000
        self.assertGreater(product.seconds, recorded - MISSING_SECONDS)
        self.assertLess(product.seconds, recorded + 0.2)
        self.assertEqual(product.codecs, ["aac", "h264"])
        for tone, place in (1000, SECOND), (2000, THIRD):
            flashes = product.flashes(**place)
            self.assertGreater(flashes[-1], recorded - MISSING_SECONDS - 1, "the picture ends with the sound")
            self.assert_in_step(flashes, product.beeps(tone), int(recorded - MISSING_SECONDS) - 1)
        self.assertEqual(described["started_by"], "host")

    async def test_a_gateway_killed_while_it_produces_does_it_again(self):
        self.start_recording_gateway(plugins={"recording": {"production": {"nice": 19}}})
        film = await self.film("anna")
        started = await self.begin(quality="high")
        await film.films(6)
        stopped = await self.end()
        await self.description(started["recordingId"], ("producing",))
        child = self.child_of(self.gateway.process.pid)
        self.kill()
        self.start_again()
        with self.subTest("the process of the first attempt is gone"):
            self.assertFalse(os.path.exists(f"/proc/{child}/cmdline") and "--job" in self.command_of(child))
        product, _ = await self.product(started["recordingId"])
        self.assert_lasts(product, (stopped["at"] - started["at"]) / 1000)

    async def test_a_pause_is_still_left_out_after_a_kill(self):
        self.start_recording_gateway()
        film = await self.film("anna")
        started = await self.begin()
        await film.films(4)
        self.host.request("recording:pause")
        paused = await self.hears("recording:paused")
        await film.films(3)
        self.kill()
        self.start_again()
        product, _ = await self.product(started["recordingId"])
        self.assert_lasts(product, (paused["at"] - started["at"]) / 1000)

    def child_of(self, pid):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as children:
            pids = children.read().split()
        self.assertEqual(len(pids), 1, "one production")
        self.assertIn("--job", self.command_of(pids[0]))
        return pids[0]

    @staticmethod
    def command_of(pid):
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as command:
            return command.read().replace("\0", " ")


if __name__ == "__main__":
    unittest.main()
