"""A gateway that records, people at its doors, and the way from a recording's start to its file."""
import asyncio
import pathlib
import statistics
import unittest

from film import Film
from gateway_process import GatewayTest, merged
from meeting_gateway import NORTH, SECRET, Caller, Person, token
from product import Product, offsets
from whip_client import eventually

ROOM = "stage"
# Where the second and the third of a grid of two or three are; the first is the host, who has no camera.
SECOND = {"left": 0.6, "right": 0.9, "top": 0.3, "bottom": 0.45}
THIRD = {"left": 0.35, "right": 0.65, "top": 0.6, "bottom": 0.85}
IN_STEP_MS = 40
# A product is made at low priority, beside whatever else the machine does.
MADE_SECONDS = 240

RECORDING = {
    "http": {"public": {"requests_per_second": 0}},
    "auth": {"guests": "allow", "jwt": {"secret": SECRET, "claims": {"tenant": "campus"}}},
    "plugins": {
        "videoroom": {},
        "chat": {"files": {"storage_dir": "files"}},
        "whip": {},
        "recording": {"folder": "recordings", "quality": "low", "least_free_mb": 1},
    },
}


class RecordingTest(GatewayTest, unittest.IsolatedAsyncioTestCase):
    """A host in a room, and a gateway that records it."""

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # what it checks costs time, and time is measured

    def start_recording_gateway(self, **changes):
        self.gateway = self.start(**merged(RECORDING, changes))
        self.host = self.person("host")
        self.host.join(ROOM)
        return self.gateway

    def person(self, user, tenant=NORTH):
        return Person(self.gateway, user, tenant)

    async def film(self, user, **options):
        """A publisher whose media flows."""
        film = Film(self.gateway, token=token(user), **options)
        self.addAsyncCleanup(film.close)
        await film.open(f"/whip/{ROOM}?name={user}")
        await film.connected()
        await film.films(0.5)
        return film

    async def hears(self, event, person=None):
        """The data of the person's next event of that name; media flows meanwhile."""
        return await asyncio.to_thread((person or self.host).event, event)

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

    def assert_in_step(self, flashes, beeps, least):
        """At the begin and at the end."""
        found = offsets(flashes, beeps)
        self.assertGreaterEqual(len(found), least, f"flashes {flashes}\nbeeps {beeps}")
        for part in (found[:3], found[-3:]):
            self.assertLess(abs(statistics.median(part)), IN_STEP_MS, f"beeps after flashes, ms: {found}")

    def guest(self):
        return Caller(self.gateway)
