"""Participants that speak SDP, in one room: what they send is decoded and recognised by the others."""
import unittest

from gateway_process import GatewayTest
from rtc_tracks import Grey, Tone
from sdp_client import SdpClient, eventually, sections
from web_socket import Refused

BRIGHT, MIDDLE, DARK = 210, 130, 50


class SdpCalls(GatewayTest, unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        super().setUp()
        self.gateway = self.start("plugins:\n  videoroom:\n")

    async def participant(self):
        client = SdpClient(self.gateway)
        self.addAsyncCleanup(client.close)
        return await client.join()

    async def publisher(self, *tracks):
        client = await self.participant()
        client.sends(*tracks)
        await client.offer(subscribe=False)
        return client

    async def test_a_receiver_that_comes_later_gets_the_publisher_in_its_own_sections(self):
        anna = await self.publisher(Tone(), Grey(BRIGHT))
        ben = await self.participant()
        ben.receives("audio", "video")
        await ben.offer()
        await ben.sees(anna, BRIGHT)
        await ben.hears(anna)
        self.assertEqual(ben.offers, [])
        self.assertEqual({t["source"] for t in ben.tracks.values()}, {"mic", "webcam"})

    async def test_who_is_there_first_is_offered_what_comes(self):
        ben = await self.participant()
        ben.receives("video")
        await ben.offer()
        anna = await self.publisher(Grey(BRIGHT))
        await ben.sees(anna, BRIGHT)
        cleo = await self.publisher(Grey(DARK), Tone())
        await ben.sees(cleo, DARK)
        await ben.hears(cleo)
        await ben.sees(anna, BRIGHT)

    async def test_sections_of_those_who_went_are_used_for_those_who_come(self):
        ben = await self.participant()
        ben.receives("video")
        await ben.offer()
        anna = await self.publisher(Grey(BRIGHT))
        await ben.sees(anna, BRIGHT)
        for grey in (DARK, MIDDLE, DARK):
            guest = await self.publisher(Grey(grey))
            await ben.sees(guest, grey)
            await guest.request("room:leave", {})
            await ben.loses(guest)
        await ben.sees(anna, BRIGHT)
        self.assertEqual(sections(ben.offers[-1]), 2)

    async def test_both_send_and_receive(self):
        anna, ben = await self.participant(), await self.participant()
        anna.connection.addTransceiver(Grey(BRIGHT), direction="sendrecv")
        ben.connection.addTransceiver(Grey(DARK), direction="sendrecv")
        await anna.offer()
        await ben.offer()
        await ben.sees(anna, BRIGHT)
        await anna.sees(ben, DARK)

    async def test_tracks_may_be_added_and_stopped_by_later_offers(self):
        ben = await self.participant()
        ben.receives("video")
        await ben.offer()
        anna = await self.publisher(Tone())
        await ben.hears(anna)
        anna.sends(Grey(BRIGHT))
        await anna.offer()
        await ben.sees(anna, BRIGHT)
        for transceiver in anna.connection.getTransceivers():
            transceiver.direction = "inactive"
        await anna.offer()
        await ben.loses(anna)

    async def test_a_client_that_takes_no_offers_follows_in_its_slots(self):
        ben = await self.participant()
        ben.receives("video")
        await ben.offer(fixed=True)
        anna = await self.publisher(Grey(BRIGHT))
        await ben.sees(anna, BRIGHT)
        cleo = await self.publisher(Grey(DARK))
        await anna.request("room:leave", {})
        await ben.sees(cleo, DARK)
        self.assertEqual(ben.offers, [])

    async def test_who_takes_no_offers_leaves_the_room_with_its_connection(self):
        ben = await self.participant()
        ben.receives("video")
        await ben.offer(fixed=True)
        await eventually(lambda: ben.connection.connectionState == "connected", lambda: ben.connection.connectionState)
        await ben.connection.close()
        await eventually(lambda: "participant:removed" in ben.events, lambda: f"{ben.events}")

    async def test_what_is_no_sdp_is_refused_with_its_line(self):
        anna = await self.participant()
        with self.assertRaises(Refused) as refused:
            await anna.request("sdp:offer", {"sdp": "v=0\r\nhello\r\n"})
        self.assertEqual(refused.exception.code, "INVALID_PAYLOAD")
        self.assertEqual(refused.exception.details["line"], 2)


if __name__ == "__main__":
    unittest.main()
