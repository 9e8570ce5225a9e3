"""A room with a host who has no camera, and people who film themselves: what a plugin makes of it is looked at."""
import asyncio
import statistics
import unittest

from film import Film
from gateway_process import GatewayTest, merged
from meeting_gateway import NORTH, SECRET, Person, token
from product import offsets

ROOM = "stage"
# Where the second and the third of a grid of two or three are; the first is the host, who has no camera.
SECOND = {"left": 0.6, "right": 0.9, "top": 0.3, "bottom": 0.45}
THIRD = {"left": 0.35, "right": 0.65, "top": 0.6, "bottom": 0.85}

STAGE = {
    "http": {"public": {"requests_per_second": 0}},
    "auth": {"guests": "allow", "jwt": {"secret": SECRET, "claims": {"tenant": "campus"}}},
    "plugins": {"videoroom": {}, "whip": {}},
}


class StageTest(GatewayTest, unittest.IsolatedAsyncioTestCase):
    tenant = NORTH  # whose room it is

    async def asyncSetUp(self):
        asyncio.get_running_loop().set_debug(False)  # what it checks costs time, and time is measured

    def start_stage(self, *changes):
        """A gateway, each set of changes on top of the one before, and its host in the room."""
        config = STAGE
        for change in changes:
            config = merged(config, change)
        self.gateway = self.start(**config)
        self.host = self.person("host")
        self.host.join(ROOM)
        return self.gateway

    def person(self, user, tenant=None):
        return Person(self.gateway, user, self.tenant if tenant is None else tenant)

    async def film(self, user, **options):
        """A publisher whose media flows."""
        film = Film(self.gateway, token=token(user, self.tenant), **options)
        self.addAsyncCleanup(film.close)
        await film.open(f"/whip/{ROOM}?name={user}")
        await film.connected()
        await film.films(0.5)
        return film

    async def hears(self, event, person=None):
        """The data of the person's next event of that name; media flows meanwhile."""
        return await asyncio.to_thread((person or self.host).event, event)

    def assert_in_step(self, flashes, beeps, least, within_ms):
        """At the begin and at the end."""
        found = offsets(flashes, beeps)
        self.assertGreaterEqual(len(found), least, f"flashes {flashes}\nbeeps {beeps}")
        for part in (found[:3], found[-3:]):
            self.assertLess(abs(statistics.median(part)), within_ms, f"beeps after flashes, ms: {found}")
