"""The process that makes a program dies; the meeting goes on, and so does the stream."""
import os
import signal
import unittest

from arrival import Arrival
from hls_viewer import HlsViewer, save_periods
from meeting_gateway import token
from stage import ROOM
from streaming_gateway import FRAMES_PER_SECOND, StreamingTest
from whip_client import Player, eventually


class Crashes(StreamingTest):
    async def test_a_killed_program_comes_back_and_the_meeting_does_not_notice(self):
        server = self.rtmp_server()
        self.start_streaming_gateway()
        film = await self.film("anna")
        player = await self.player()
        started = await self.begin((server.url, "the-key"))
        await self.target_is(0, "live")
        await self.makes(3 * FRAMES_PER_SECOND)

        os.kill(self.operators_view()["pid"], signal.SIGKILL)
        status = await self.until(lambda status: status["restarts"] == 1)
        self.assertEqual(status["streamId"], started["streamId"])
        decoded = player.frames["video"]
        await eventually(lambda: player.frames["video"] > decoded + 10, lambda: f"{player.frames}")
        await self.until(lambda status: status["state"] == "live" and status["program"]["frames"] > 3 * FRAMES_PER_SECOND)
        self.assertEqual(len(server.gate.times("publish", "the-key")), 2)
        self.assertEqual(film.connection.connectionState, "connected")
        await self.target_is(0, "live")
        await self.end()
        viewer = HlsViewer(self.gateway, started["hls"]["url"], "anybody")
        files = save_periods(viewer, self.folder)

        with self.subTest("RTMP"):
            self.assert_plays(await self.arrived(server, "the-key"))
        with self.subTest("HLS goes on, with a discontinuity"):
            self.assertEqual(len(files), 2)
            for file in files:
                self.assert_plays(Arrival(file))

    async def player(self):
        """Somebody else in the meeting, who looks on."""
        player = Player(self.gateway, "video", "audio", token=token("ben", self.tenant))
        self.addAsyncCleanup(player.close)
        await player.open(f"/whep/{ROOM}?name=ben")
        await eventually(lambda: player.frames["video"] > 0, lambda: f"{player.frames}")
        return player


if __name__ == "__main__":
    unittest.main()
