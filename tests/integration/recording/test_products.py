"""From the start to the file: who was there, when, in step, and what stands beside it."""
import asyncio
import unittest

from product import Product
from recording_gateway import RecordingTest
from stage import ROOM, SECOND, THIRD


class Products(RecordingTest):
    async def test_two_codecs_one_who_leaves_and_returns(self):
        self.start_recording_gateway()
        anna = await self.film("anna", codec="VP8", tone_hz=1000)
        ben = await self.film("ben", codec="H264", tone_hz=2000)
        started = await self.begin(layout="grid")
        self.assertEqual(started["by"], "host")
        await anna.films(5)
        self.assertEqual((await ben.delete()).status, 200)
        await anna.films(3)
        ben = await self.film("ben", codec="H264", tone_hz=2000)
        await anna.films(5)
        stopped = await self.end()
        self.assertEqual(stopped["reason"], "stopped")
        ready = await self.hears("recording:ready")
        self.assertEqual(ready["recordingId"], started["recordingId"])

        product, described = await self.product(started["recordingId"])
        seconds = (stopped["at"] - started["at"]) / 1000
        self.assert_lasts(product, seconds)
        self.assertAlmostEqual(described["duration_seconds"], product.seconds, delta=0.05)
        self.assertEqual(product.codecs, ["aac", "h264"])
        self.assertEqual(product.boxes()[:2], ["ftyp", "moov"])
        self.assertEqual(described["height"], product.stream("video")["height"])
        self.check_who_is_seen(product, seconds)
        self.check_thumbnail(described)

    def check_who_is_seen(self, product, seconds):
        """Each in step with its own tone, from the begin to the end."""
        beeps = product.beeps(1000)
        self.assertGreaterEqual(len(beeps), int(seconds) - 1)
        others = product.beeps(2000)
        gap = max(later - earlier for earlier, later in zip(others, others[1:]))
        self.assertGreater(gap, 2.5, f"he was away: {others}")
        back = next(later for earlier, later in zip(others, others[1:]) if later - earlier > 2.5)
        for one, tone in (SECOND, 1000), (THIRD, 2000):
            flashes = product.flashes(**one)
            with self.subTest(tone=tone):
                self.assert_in_step([at for at in flashes if at < 4.5], [at for at in product.beeps(tone) if at < 4.5], 3)
                self.assert_in_step([at for at in flashes if at >= back], [at for at in product.beeps(tone) if at >= back], 3)

    def check_thumbnail(self, described):
        response = self.gateway.get(described["thumbnail_url"])
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["content-type"], "image/jpeg")
        path = self.folder / "thumbnail.jpg"
        path.write_bytes(response.body)
        image = Product(path).stream("video")
        self.assertEqual(image["codec_name"], "mjpeg")
        self.assertGreaterEqual(image["width"], 160)

    async def test_one_track_of_h264_started_by_rest(self):
        self.start_recording_gateway()
        film = await self.film("anna", codec="H264")
        base = f"/api/rooms/{ROOM}/recording"
        view = self.host.rest.ok("POST", f"{base}/start", {"quality": "low"})
        self.assertEqual(view["state"], "capturing")
        self.assertEqual(self.host.rest.call("POST", f"{base}/start", {}).code, "CONFLICT")
        started = await self.hears("recording:started")
        await film.films(6)
        self.host.rest.ok("POST", f"{base}/stop")
        stopped = await self.hears("recording:stopped")
        product, described = await self.product(view["id"])
        self.assert_lasts(product, (stopped["at"] - started["at"]) / 1000)
        self.assertEqual((product.codecs, product.boxes()[:2]), (["aac", "h264"], ["ftyp", "moov"]))
        self.assert_in_step(product.flashes(), product.beeps(1000), 4)
        self.assertEqual(described["started_by"], "host")
        with self.subTest("nothing was decoded"):
            video = product.stream("video")
            self.assertEqual((video["width"], video["height"], video["profile"]), (320, 240, "Constrained Baseline"))

    async def test_chapters_say_who_had_the_word(self):
        self.start_recording_gateway()
        anna = await self.film("anna", tone_hz=1000)
        ben = await self.film("ben", tone_hz=2000)
        anna.microphone.talks = True
        await anna.films(2)
        started = await self.begin()
        await anna.films(6)
        anna.microphone.talks, ben.microphone.talks = False, True
        await anna.films(9)
        await self.end()
        product, _ = await self.product(started["recordingId"])
        self.assertEqual([title for _, _, title in product.chapters], ["anna", "ben"])
        (first, change, _), (same, end, _) = product.chapters
        self.assertEqual((first, same), (0, change))
        self.assertTrue(5 < change < 9, change)
        self.assertAlmostEqual(end, product.seconds, delta=0.1)

    async def test_what_was_said_stands_beside_it(self):
        self.start_recording_gateway()
        film = await self.film("anna")
        started = await self.begin()
        await film.films(1)
        self.host.request("chat:send", {"message": "Is this thing on?"})
        await film.films(3)
        await self.end()
        _, described = await self.product(started["recordingId"])
        files = {file["content_type"].split(";")[0]: file["url"] for file in described["files"]}
        text = self.gateway.get(files["text/vtt"]).text()
        self.assertTrue(text.startswith("WEBVTT"), text)
        self.assertIn("Is this thing on?", text)
        self.assertIn("Is this thing on?", self.gateway.get(files["application/json"]).text())

    async def test_sound_alone(self):
        self.start_recording_gateway()
        film = await self.film("anna")
        started = await self.begin(format="mp3")
        await film.films(4)
        stopped = await self.end()
        product, described = await self.product(started["recordingId"])
        self.assertEqual((product.codecs, described["type"]), (["mp3"], "audio"))
        self.assert_lasts(product, (stopped["at"] - started["at"]) / 1000)
        self.assertGreaterEqual(len(product.beeps(1000)), 3)

    async def test_who_has_not_said_yes_is_neither_seen_nor_heard(self):
        self.start_recording_gateway(plugins={"recording": {"consent": "explicit"}})
        film = await self.film("anna")
        started = await self.begin(layout="grid")
        self.assertTrue(started["consentRequired"])
        await film.films(4)
        stopped = await self.end()
        product, _ = await self.product(started["recordingId"])
        self.assert_lasts(product, (stopped["at"] - started["at"]) / 1000)
        self.assertEqual((product.flashes(**SECOND), product.beeps(1000)), ([], []))

    async def test_progress_is_told(self):
        self.start_recording_gateway()
        film = await self.film("anna")
        started = await self.begin()
        await film.films(3)
        await self.end()
        status = await self.hears("recording:status")
        self.assertEqual(status["recordingId"], started["recordingId"])
        self.assertTrue(0 <= status["percent"] <= 100 and status["stage"], status)
        ready = await asyncio.to_thread(self.host.event, "recording:ready")
        self.assertTrue(ready["url"] and ready["duration"] > 2, ready)


class Pauses(RecordingTest):
    async def test_a_pause_leaves_no_gap_and_no_drift(self):
        self.start_recording_gateway()
        film = await self.film("anna")
        started = await self.begin()
        times = [started["at"]]
        for _ in range(2):
            await film.films(3.3)
            self.host.request("recording:pause")
            times.append((await self.hears("recording:paused"))["at"])
            await film.films(2.6)
            self.host.request("recording:resume")
            times.append((await self.hears("recording:resumed"))["at"])
        await film.films(4)
        times.append((await self.end())["at"])

        product, _ = await self.product(started["recordingId"])
        recorded = sum(end - begin for begin, end in zip(times[::2], times[1::2])) / 1000
        self.assert_lasts(product, recorded)
        flashes, beeps = product.flashes(), product.beeps(1000)
        self.assert_in_step(flashes, beeps, 8)
        # Where it was cut a second may be shorter or longer than one, but nothing is left of the pauses.
        gaps = [later - earlier for earlier, later in zip(beeps, beeps[1:])]
        self.assertLess(max(gaps), 2.05, beeps)
        pictures = [at for at, _ in product.light()]
        steps = [later - earlier for earlier, later in zip(pictures, pictures[1:])]
        self.assertLess(max(steps), 0.1, "the picture stands still")


if __name__ == "__main__":
    unittest.main()
