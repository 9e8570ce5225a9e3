"""Sound and picture from a WHIP publisher to a WHEP player, both aiortc, decoded and recognised."""
import unittest

from rtc_tracks import Grey, Tone
from whip_client import Player, Publisher, WhipTest

BRIGHT, DARK = 200, 60


class Calls(WhipTest):
    async def test_a_player_sees_and_hears_the_publisher(self):
        publisher = await self.peer(Publisher(self.gateway, Tone(), Grey(BRIGHT))).open("/whip/lobby?name=Stage")
        await publisher.connected()
        player = await self.peer(Player(self.gateway, "audio", "video")).open("/whep/lobby")
        await player.connected()
        await player.sees(BRIGHT)
        await player.hears()
        self.assertEqual({s["door"]: s["state"] for s in self.sessions()}, {"whip": "connected", "whep": "connected"})

    async def test_a_publisher_is_a_participant_like_any_other(self):
        watcher = self.gateway.connect()
        watcher.request("room:join", {"roomId": "lobby"})
        publisher = await self.peer(Publisher(self.gateway, Tone(), Grey(BRIGHT))).open("/whip/lobby?name=Stage")
        joined = watcher.event("participant:joined")["participant"]
        self.assertEqual(joined["name"], "Stage")
        producers = [watcher.event("producer:new") for _ in range(2)]
        self.assertEqual({p["source"] for p in producers}, {"mic", "webcam"})
        self.assertEqual({p["participantId"] for p in producers}, {joined["participantId"]})
        self.assertEqual((await publisher.delete()).status, 200)
        left = watcher.event("participant:left")
        self.assertEqual((left["participantId"], left["reason"]), (joined["participantId"], "left"))

    async def test_a_player_that_came_first_follows_who_comes_and_goes(self):
        player = await self.peer(Player(self.gateway, "audio", "video")).open("/whep/lobby")
        await player.connected()
        first = await self.peer(Publisher(self.gateway, Grey(BRIGHT))).open("/whip/lobby")
        await player.sees(BRIGHT)
        self.assertEqual((await first.delete()).status, 200)
        second = await self.peer(Publisher(self.gateway, Grey(DARK))).open("/whip/lobby")
        await second.connected()
        await player.sees(DARK)

    async def test_a_player_may_choose_one_participant(self):
        await self.peer(Publisher(self.gateway, Grey(BRIGHT))).open("/whip/lobby")
        await self.peer(Publisher(self.gateway, Grey(DARK))).open("/whip/lobby?name=Dark")
        chosen = self.sessions_by_order()[-1]["participantId"]
        player = await self.peer(Player(self.gateway, "video")).open(f"/whep/lobby?participant={chosen}")
        await player.sees(DARK)

    def sessions_by_order(self):
        members = self.gateway.connect().request("room:join", {"roomId": "lobby"})["participants"]
        return [member for member in members if member["name"] in ("WHIP publisher", "Dark")]


if __name__ == "__main__":
    unittest.main()
