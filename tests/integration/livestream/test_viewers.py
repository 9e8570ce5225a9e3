"""HLS as its viewers see it: low latency and plain, how far back they can go, who may watch and is counted."""
import asyncio
import unittest

from arrival import Arrival
from hls_viewer import HlsViewer, watch_plainly
from playlist_rules import check_successive
from stage import ROOM
from streaming_gateway import FRAMES_PER_SECOND, StreamingTest
from whip_client import eventually

LOADED_PARTS = 24
WINDOW_SECONDS = 6
PLAIN_SECONDS = 6


class ViewersTest(StreamingTest):
    async def watches(self, started, name):
        """A viewer who has something to see, and the playlist."""
        viewer = HlsViewer(self.gateway, started["hls"]["url"], name)
        await self.until(lambda status: status["state"] == "live")
        await eventually(lambda: viewer.reload().segments, self.gateway.text)
        return viewer, viewer.reload()


class Viewers(ViewersTest):
    async def test_parts_are_waited_for_and_make_up_segments(self):
        self.start_streaming_gateway()
        started = await self.begin()
        self.assertTrue(started["hls"]["lowLatency"])
        viewer, playlist = await self.watches(started, "somebody")
        playlists, loaded = [playlist], {}
        self.assertEqual(playlists[0].control["CAN-BLOCK-RELOAD"], "YES")
        while len(loaded) < LOADED_PARTS:
            hinted, position = playlists[-1].hint, playlists[-1].position
            loading = asyncio.to_thread(viewer.load, hinted)
            loaded[hinted], playlist = await asyncio.gather(loading, asyncio.to_thread(viewer.reload, position))
            self.assertGreater(playlist.position, position, "answered without the part")
            playlists.append(playlist)
        self.check_parts(viewer, playlists[-1], loaded)
        await self.end()
        playlists.append(viewer.reload())
        self.assertTrue(playlists[-1].ended)
        self.assertIsNone(playlists[-1].hint)
        check_successive(playlists)

    def check_parts(self, viewer, playlist, loaded):
        """What hints promised is what playlists name, and what segments are made of."""
        segments = [segment for segment in playlist.whole if segment.parts]
        self.assertGreaterEqual(len(segments), 2)
        self.assertTrue(set(loaded) & {part["URI"] for segment in segments for part in segment.parts})
        for segment in segments:
            parts = [loaded.get(part["URI"]) or viewer.load(part["URI"]) for part in segment.parts]
            self.assertEqual(b"".join(parts), viewer.load(segment.address))
            self.assertEqual(segment.parts[0].get("INDEPENDENT"), "YES")
            self.assertAlmostEqual(sum(float(part["DURATION"]) for part in segment.parts), segment.seconds, delta=0.01)

    async def test_who_has_the_address_watches_a_window_and_is_counted(self):
        self.start_streaming_gateway(hls={"dvr_s": WINDOW_SECONDS})
        started = await self.begin()
        viewer, playlist = await self.watches(started, "first")
        await self.watches(started, "second")
        oldest = playlist.segments[0]
        status = await self.until(lambda status: status["viewers"] == 2)
        self.assertEqual((status["peakViewers"], status["viewersInAll"]), (2, 2))
        with self.subTest("others do not"):
            for query in "", "?key=0123456789abcdef":
                response = self.gateway.get(f"/live/{ROOM}/index.m3u8{query}")
                self.assertIn(response.status, (401, 403, 404), query)
        with self.subTest("the window moves on, and the disk is not filled"):
            named = f"segment-{oldest.number}.m4s"
            await eventually(lambda: self.on_disk(named), lambda: f"no {named}")
            await eventually(lambda: viewer.reload().number > oldest.number, lambda: viewer.reload().text)
            whole = viewer.reload().whole
            self.assertTrue(WINDOW_SECONDS <= sum(segment.seconds for segment in whole) < WINDOW_SECONDS + 2, whole)
            await eventually(lambda: not self.on_disk(named), lambda: f"{named} is still there")
            self.assertEqual(viewer.ask(whole[0].address.replace(f"-{whole[0].number}.", "-0.")).status, 404)

    def on_disk(self, name):
        return list((self.folder / "live").glob(f"**/{name}"))


class PlainViewers(ViewersTest):
    tenant = ""  # then whoever knows the room's name may watch

    async def test_a_player_that_knows_no_parts_plays(self):
        self.start_streaming_gateway()
        await self.film("anna")
        await self.begin()
        await self.makes(3 * FRAMES_PER_SECOND)
        address = f"/live/{ROOM}/index.m3u8"
        file = await asyncio.to_thread(watch_plainly, self.gateway, address, self.folder / "played.mp4", PLAIN_SECONDS)
        arrival = Arrival(file)
        self.assert_plays(arrival)
        self.assert_steady(arrival, PLAIN_SECONDS - 1)



if __name__ == "__main__":
    unittest.main()
