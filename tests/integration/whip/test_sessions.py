"""What may be done to a session: candidates, ICE restarts, its end."""
import asyncio
import unittest

from rtc_tracks import Grey
from whip_client import SDP, Player, Publisher, WhipTest, http


def fragment(peer, *candidates, ufrag=None, password=None):
    own_ufrag, own_password = peer.credentials()
    lines = ["a=group:BUNDLE 0", "m=video 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0",
             f"a=ice-ufrag:{ufrag}" if ufrag else own_ufrag, f"a=ice-pwd:{password}" if password else own_password,
             *candidates]
    return "".join(line + "\r\n" for line in lines)


class Sessions(WhipTest):
    async def asyncSetUp(self):
        self.publisher = await self.peer(Publisher(self.gateway, Grey(128))).open("/whip/lobby")
        self.tag = self.publisher.created.headers["etag"]

    async def test_what_201_says(self):
        headers = self.publisher.created.headers
        self.assertEqual(headers["content-type"], SDP)
        self.assertRegex(headers["location"], r"^/whip/lobby/[A-Za-z0-9_-]{32,}$")
        self.assertRegex(headers["etag"], r'^"[^"]+"$')
        self.assertEqual(headers["accept-patch"], "application/trickle-ice-sdpfrag")

    async def test_candidates_may_come_late(self):
        late = fragment(self.publisher, "a=candidate:1 1 udp 2130706431 192.0.2.99 40000 typ host",
                        "a=end-of-candidates")
        answer = await self.publisher.patch(late, self.tag)
        self.assertEqual((answer.status, answer.body), (204, b""), answer.head)
        await self.publisher.connected()

    async def test_if_match_rules(self):
        late = fragment(self.publisher, "a=end-of-candidates")
        self.error(await self.publisher.patch(late), 428, "CONFLICT")
        self.error(await self.publisher.patch(late, '"another"'), 412, "CONFLICT")
        self.error(await self.publisher.patch(late, "W/" + self.tag), 412, "CONFLICT")
        self.error(await self.publisher.patch(late, self.tag, SDP), 415, "UNSUPPORTED")

    async def test_an_ice_restart_gives_new_credentials_and_a_new_tag(self):
        await self.publisher.connected()
        restart = fragment(self.publisher, ufrag="newufrag", password="anewpasswordof24icechars")
        answer = await self.publisher.patch(restart, "*")
        self.assertEqual(answer.status, 200, answer.head + answer.text())
        self.assertEqual(answer.headers["content-type"], "application/trickle-ice-sdpfrag")
        self.assertNotEqual(answer.headers["etag"], self.tag)
        ufrag = next(line for line in answer.text().splitlines() if line.startswith("a=ice-ufrag:"))
        self.assertNotIn(ufrag, self.publisher.created.text())
        self.assertIn("a=ice-pwd:", answer.text())
        self.error(await self.publisher.patch(restart, self.tag), 412, "CONFLICT")

    async def test_a_broken_fragment(self):
        answer = await self.publisher.patch("nonsense", self.tag)
        self.error(answer, 400, "INVALID_PAYLOAD")
        self.assertIn('"line":', answer.text())

    async def test_deleted_is_gone(self):
        self.assertEqual((await self.publisher.delete()).status, 200)
        self.error(await self.publisher.delete(), 404, "NOT_FOUND")
        self.error(await self.publisher.patch(fragment(self.publisher), self.tag), 404, "NOT_FOUND")
        self.assertEqual(self.sessions(), [])

    async def test_other_methods(self):
        for method in ("GET", "HEAD", "POST", "PUT"):
            answer = await http(self.gateway, method, self.publisher.location)
            self.assertEqual((answer.status, answer.headers["allow"]), (405, "PATCH, DELETE, OPTIONS"), method)

    async def test_a_session_ends_with_its_room(self):
        self.gateway.admin("/admin/v1/rooms/lobby", method="DELETE")
        self.error(await self.publisher.delete(), 404, "NOT_FOUND")

    async def test_a_session_ends_with_its_media_path(self):
        await self.publisher.connected()
        await self.publisher.close()  # DTLS says goodbye, HTTP does not
        await asyncio.to_thread(self.gateway.log.wait_for, r"session ended")
        self.error(await self.publisher.delete(), 404, "NOT_FOUND")

    async def test_a_player_is_another_door(self):
        player = await self.peer(Player(self.gateway, "video")).open("/whep/lobby")
        wrong = player.location.replace("/whep/", "/whip/")
        self.error(await http(self.gateway, "DELETE", wrong), 404, "NOT_FOUND")
        self.assertEqual((await player.delete()).status, 200)


class NeverConnected(WhipTest):
    CONFIG = "plugins:\n  videoroom:\n  whip: {connect_timeout_ms: 1000}\n"

    async def test_a_session_without_a_media_path_ends(self):
        peer = self.peer(Publisher(self.gateway, Grey(128)))
        peer.created = await peer.post("/whip/lobby", await peer.offer())
        self.assertEqual(peer.created.status, 201)
        await asyncio.to_thread(self.gateway.log.wait_for, r"session ended.*not_connected")
        self.error(await peer.delete(), 404, "NOT_FOUND")


if __name__ == "__main__":
    unittest.main()
