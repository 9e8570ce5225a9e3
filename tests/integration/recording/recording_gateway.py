"""A gateway that records, people at its doors, and the way from a recording's start to its file."""
import asyncio
import pathlib

from meeting_gateway import Caller
from product import Product
from stage import StageTest
from whip_client import eventually

IN_STEP_MS = 40
# A product is made at low priority, beside whatever else the machine does.
MADE_SECONDS = 240

RECORDING = {"plugins": {
    "chat": {"files": {"storage_dir": "files"}},
    "recording": {"folder": "recordings", "quality": "low", "least_free_mb": 1},
}}


class RecordingTest(StageTest):
    """A host in a room, and a gateway that records it."""

    def start_recording_gateway(self, **changes):
        return self.start_stage(RECORDING, changes)

    async def begin(self, **wishes):
        """By event. @return what the room was told."""
        self.host.request("recording:start", wishes)
        return await self.hears("recording:started")

    async def end(self):
        self.host.request("recording:stop")
        return await self.hears("recording:stopped")

    async def description(self, recording, states=("ready",)):
        """What the REST API says of it, once it is in one of these states."""
        seen = {}

        def arrived():
            seen.update(self.host.rest.ok("GET", f"/api/recordings/{recording}"))
            if seen["state"] == "failed" and "failed" not in states:
                raise AssertionError(f"it failed: {seen}\n{self.gateway.log.text()}")
            return seen["state"] in states

        for _ in range(MADE_SECONDS // 30):
            try:
                await eventually(lambda: arrived(), lambda: f"the recording is {seen}")
                return seen
            except AssertionError:
                if seen.get("state") == "failed":
                    raise
        raise AssertionError(f"the recording is {seen}\n{self.gateway.log.text()}")

    async def product(self, recording):
        """Waits for the file, and reads it. `recording:ready` is heard by who waits for it."""
        described = await self.description(recording)
        return await asyncio.to_thread(self.download, described), described

    def download(self, described):
        response = self.gateway.get(described["url"])
        self.assertEqual(response.status, 200, response.head)
        path = pathlib.Path(self.folder) / f"{described['id']}.{described['format']}"
        path.write_bytes(response.body)
        return Product(path)

    def assert_lasts(self, product, seconds):
        """Within 0.2 %, or a tenth of a second."""
        self.assertAlmostEqual(product.seconds, seconds, delta=max(0.002 * seconds, 0.1))

    def assert_in_step(self, flashes, beeps, least, within_ms=IN_STEP_MS):
        super().assert_in_step(flashes, beeps, least, within_ms)

    def guest(self):
        return Caller(self.gateway)
