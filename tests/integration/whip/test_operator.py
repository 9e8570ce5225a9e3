"""What an operator sees of real media by the admin API, and does to it."""
import asyncio
import json
import unittest

from rtc_tracks import Grey
from whip_client import Player, Publisher, WhipTest, eventually


class Operator(WhipTest):
    async def asyncSetUp(self):
        self.publisher = await self.peer(Publisher(self.gateway, Grey(128))).open("/whip/lobby")
        self.player = await self.peer(Player(self.gateway, "video")).open("/whep/lobby")
        await self.publisher.connected()
        await self.player.sees(128)

    def get(self, path):
        return self.admin_json(self.gateway, "/admin/v1" + path)

    def do(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body else {}
        return self.gateway.admin("/admin/v1" + path, method=method, headers=headers,
                                  body=json.dumps(body).encode() if body else b"")

    def status(self, path):
        return self.gateway.admin("/admin/v1" + path).status

    def sending_transport(self):
        return next(one for one in self.get("/transports")["transports"] if one["producers"])

    def sender(self):
        """The participant who publishes."""
        return next(one for one in self.get("/rooms/lobby")["data"]["participants"] if one["producers"])

    async def ended(self):
        await asyncio.to_thread(self.gateway.log.wait_for, r"session ended")

    async def test_lists_of_all_media(self):
        for what, count in (("transports", 2), ("producers", 1), ("consumers", 1)):
            page = self.get(f"/{what}?plugin=videoroom")
            self.assertEqual((page["total"], len(page[what])), (count, count), what)
            self.assertEqual(page[what][0]["plugin"], "videoroom")
            self.assertEqual(self.get(f"/{what}?plugin=other")["total"], 0)
            self.assertEqual(len(self.get(f"/{what}?limit=1&offset={count}")[what]), 0)
        newest = self.get("/transports?limit=1")["transports"][0]["id"]
        oldest = self.get("/transports?limit=1&order=oldest")["transports"][0]["id"]
        self.assertNotEqual(newest, oldest)
        self.assertEqual(self.status("/transports?order=random"), 400)

    async def test_a_transport_with_all_that_is_known(self):
        one = self.get("/transports/" + self.sending_transport()["id"])
        self.assertEqual((one["state"], one["iceRole"], one["dtlsRole"]), ("connected", "lite", "server"))
        self.assertEqual(one["states"][-1]["state"], "connected")
        self.assertEqual((one["ice"]["protocol"], one["ice"]["validPairs"]), ("udp", 1))
        self.assertIn(one["ice"]["state"], ("connected", "completed"))
        self.assertTrue(one["ice"]["remoteAddress"].startswith("127.0.0.1:"))
        self.assertGreater(one["ice"]["checks"], 0)
        self.assertEqual((one["dtls"]["state"], one["dtls"]["version"]), ("connected", "DTLS 1.2"))
        self.assertRegex(one["dtls"]["cipher"], "GCM|CHACHA20")
        self.assertEqual(one["remoteFingerprint"], "sha-256")
        self.assertTrue(one["stats"]["srtpProfile"].startswith("SRTP_"))
        sent = one["sends"][0]
        self.assertGreater(sent["streams"][0]["packets"], 0)
        ssrc = sent["streams"][0]["ssrc"]
        self.assertIn(ssrc, [encoding.get("ssrc") for encoding in sent["rtpParameters"]["encodings"]])
        self.assertEqual(self.get("/producers/" + sent["id"])["transportId"], one["id"])
        consumer = self.get("/consumers")["consumers"][0]
        self.assertEqual(self.get("/consumers/" + consumer["id"])["producerId"], sent["id"])
        for what in ("transports", "producers", "consumers"):
            self.assertEqual(self.status(f"/{what}/nobody"), 404)

    async def test_a_closed_transport_ends_its_session(self):
        transport = self.sending_transport()["id"]
        self.assertEqual(self.do("DELETE", "/transports/" + transport).status, 200)
        await self.ended()
        await eventually(lambda: self.status("/transports/" + transport) == 404, lambda: "the transport is still there")
        self.assertEqual(self.get("/producers")["total"], 0)

    async def test_a_closed_producer_is_not_published_any_more(self):
        producer = self.get("/producers")["producers"][0]["id"]
        self.assertEqual(self.do("DELETE", "/producers/" + producer).status, 200)
        await eventually(lambda: self.get("/rooms/lobby")["data"]["producers"] == 0, lambda: "it is still published")
        self.assertEqual(self.do("DELETE", "/producers/" + producer).status, 404)

    async def test_workers_and_rooms(self):
        self.assertEqual(len(self.get("/workers")["workers"]), self.get("/info")["workers"])
        room = self.get("/rooms")["data"]["rooms"][0]
        self.assertEqual((room["roomId"], room["size"], room["publishers"]), ("lobby", 2, 1))
        self.assertIn("receivingBps", room)
        self.assertEqual((room["recording"], room["streaming"]), (False, False))

    async def test_a_participant_is_muted_and_taken_out(self):
        path = "/rooms/lobby/participants/" + self.sender()["participantId"]
        one = self.get(path)["data"]
        self.assertEqual(one["transports"][0]["stats"]["state"], "connected")
        self.assertGreater(one["producers"][0]["streams"][0]["packets"], 0)
        muted = self.do("POST", path + "/mute", {"kind": "video"})
        self.assertEqual((muted.status, json.loads(muted.text())["data"]["muted"]), (200, ["video"]))
        self.assertTrue(self.get("/producers")["producers"][0]["paused"])
        self.assertEqual(self.do("POST", path + "/unmute", {"kind": "video"}).status, 200)
        self.assertEqual(self.do("POST", path + "/mute", {"kind": "smell"}).status, 400)
        self.assertEqual(self.do("DELETE", path + "?reason=spam").status, 200)
        await self.ended()
        self.assertEqual(self.status(path), 404)


if __name__ == "__main__":
    unittest.main()
