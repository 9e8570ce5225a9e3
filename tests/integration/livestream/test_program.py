"""What is sent: the program that arrives at a server, at viewers and in a file."""
import asyncio
import unittest

import av
from arrival import Arrival
from hls_viewer import HlsViewer, periods, save_periods
from product import Product
from stage import ROOM, SECOND
from streaming_gateway import FRAMES_PER_SECOND, IN_STEP_MS, StreamingTest

WATCHED_SECONDS = 10


class Programs(StreamingTest):
    async def test_one_program_for_a_server_viewers_and_a_file(self):
        server = self.rtmp_server()
        self.start_streaming_gateway()
        film = await self.film("anna")
        started = await self.begin((server.url, "the-key"), record=True)
        self.assertEqual((started["startedBy"], started["recorded"]), ("host", True))
        await self.target_is(0, "live")
        await self.makes((WATCHED_SECONDS + 2) * FRAMES_PER_SECOND)
        stopped = await self.end()
        self.assertEqual((stopped["streamId"], stopped["reason"]), (started["streamId"], "stopped"))
        self.assertEqual(film.connection.connectionState, "connected")
        viewer = HlsViewer(self.gateway, started["hls"]["url"], "anybody")
        playlist = viewer.reload()
        played = viewer.save(playlist.whole, self.folder / "played.mp4")

        with self.subTest("RTMP"):
            arrival = await self.arrived(server, "the-key")
            self.assert_plays(arrival)
            self.assert_steady(arrival, WATCHED_SECONDS)
            self.assert_segmented(arrival.video)
            self.assert_shows_anna(server.files("the-key")[-1])
        with self.subTest("HLS, played from its begin to its end"):
            self.assertTrue(playlist.ended, playlist.text)
            self.assertEqual(len(periods(playlist)), 1)
            arrival = Arrival(played)
            self.assert_plays(arrival)
            self.assert_steady(arrival, WATCHED_SECONDS)
            self.assert_segmented(arrival.video)
            self.assert_shows_anna(played)
        with self.subTest("the file"):
            file, = (self.folder / "programs").iterdir()
            arrival = Arrival(file)
            self.assert_plays(arrival)
            self.assert_steady(arrival, WATCHED_SECONDS)
            self.assert_shows_anna(file)

    def assert_shows_anna(self, file):
        product = Product(file)
        flashes, beeps = product.flashes(**SECOND), product.beeps(1000)
        self.assert_in_step(flashes, beeps, WATCHED_SECONDS - 2, IN_STEP_MS)
        self.assert_real_time(beeps)

    async def test_a_stream_of_the_configuration_where_nobody_publishes(self):
        server = self.rtmp_server()
        stream = {"room": ROOM, "tenant": self.tenant, "title": "All hands",
                  "targets": [{"url": server.url, "key": "configured", "name": "Nginx"}]}
        self.start_streaming_gateway(streams=[stream])
        status = await self.until(lambda status: status["live"])
        self.assertEqual((status["title"], status["targets"][0]["name"]), ("All hands", "Nginx"))
        self.assertNotIn("startedBy", status)
        await self.target_is(0, "live")
        await self.makes((WATCHED_SECONDS + 1) * FRAMES_PER_SECOND)
        self.assertEqual(self.status()["program"]["sources"], 0)
        await self.end()

        arrival = await self.arrived(server, "configured")
        self.assert_plays(arrival)
        self.assert_steady(arrival, WATCHED_SECONDS)
        loudest, contrast = await asyncio.to_thread(self.loudest_and_contrast, server.files("configured")[-1])
        self.assertLess(loudest, 0.001, "silence")
        self.assertGreater(contrast, 3, "the slate is empty")

    @staticmethod
    def loudest_and_contrast(path):
        """The greatest sample (1 is full scale); the deviation of brightness in the last picture."""
        with av.open(str(path)) as file:
            loudest = max(abs(frame.to_ndarray()).max() for frame in file.decode(audio=0))
        with av.open(str(path)) as file:
            for frame in file.decode(video=0):
                last = frame
        return float(loudest), float(last.to_ndarray(format="gray").std())


class Passthrough(StreamingTest):
    async def test_one_h264_source_goes_out_as_it_came_until_there_are_two(self):
        server = self.rtmp_server()
        self.start_streaming_gateway()
        await self.film("anna", codec="H264")
        started = await self.begin((server.url, "the-key"), video="passthrough", record=True)
        await self.target_is(0, "live")
        await self.until(lambda status: status["program"]["passthrough"])
        await self.makes(5 * FRAMES_PER_SECOND)
        await self.film("ben", codec="VP8", tone_hz=2000)
        await self.until(lambda status: status["program"]["sources"] == 2 and not status["program"]["passthrough"])
        await self.makes(4 * FRAMES_PER_SECOND)
        await self.end()
        viewer = HlsViewer(self.gateway, started["hls"]["url"], "anybody")
        files = save_periods(viewer, self.folder)

        with self.subTest("RTMP"):
            arrival = await self.arrived(server, "the-key")
            self.assert_plays(arrival)
            self.assertLess(max(arrival.video.steps()), 1, "the picture stood still")
            sizes = await asyncio.to_thread(self.sizes, server.files("the-key")[-1])
            # It may have been composed at first, until the source's next key frame.
            self.assertEqual([size for size, _ in sizes][-2:], [(320, 240), (640, 360)])
            self.assertGreater(min(count for _, count in sizes[-2:]), 3 * FRAMES_PER_SECOND)
        with self.subTest("HLS, with a discontinuity where the format changed"):
            self.assertEqual([[size for size, _ in self.sizes(file)] for file in files], [[size] for size, _ in sizes])
            for file in files:
                self.assert_plays(Arrival(file))
        with self.subTest("as it came: what aiortc's encoder has made"):
            self.assertEqual(Arrival(files[-2]).video.described["profile"], "Constrained Baseline")

    @staticmethod
    def sizes(path):
        """[(size, frames)] in their order."""
        found = []
        with av.open(str(path)) as file:
            for frame in file.decode(video=0):
                size = (frame.width, frame.height)
                if not found or found[-1][0] != size:
                    found.append((size, 0))
                found[-1] = (size, found[-1][1] + 1)
        return found


if __name__ == "__main__":
    unittest.main()
