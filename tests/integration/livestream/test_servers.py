"""Servers that die, refuse, or are not who they should be; and what becomes of the others."""
import asyncio
import json
import os
import unittest

from arrival import Arrival
from rtmp_server import free_port
from streaming_gateway import FRAME_SECONDS, FRAMES_PER_SECOND, STREAMS, StreamingTest
from whip_client import eventually

RESUMED_SECONDS = 5


class Servers(StreamingTest):
    async def test_a_server_is_killed_and_returns_while_another_gets_everything(self):
        killed, other = self.rtmp_server("killed"), self.rtmp_server("other")
        self.start_streaming_gateway()
        await self.film("anna")
        nobody = f"rtmp://127.0.0.1:{free_port()}/live"
        await self.begin((killed.url, "first"), (other.url, "second"), (nobody, "third"))
        for target in 0, 1:
            await self.target_is(target, "live")
        await self.makes(2 * FRAMES_PER_SECOND)

        killed.kill()
        lost = await self.target_is(0, "reconnecting")
        self.assertTrue(lost.get("reason"), lost)
        await self.makes(FRAMES_PER_SECOND)
        returned = killed.start()
        await eventually(lambda: len(killed.gate.times("publish")) == 2, killed.log)
        resumed = killed.gate.times("publish")[1] - returned
        print(f"resumed {resumed:.2f} s after the server was back")
        self.assertLess(resumed, RESUMED_SECONDS)
        back = await self.target_is(0, "live")
        self.assertNotIn("reason", back)
        self.assertGreaterEqual(back["reconnects"], 1)
        await self.makes(4 * FRAMES_PER_SECOND)
        dead = self.status()["targets"][2]
        self.assertEqual((dead["state"], "reason" in dead, dead["bytes"]), ("reconnecting", True, 0))
        await self.end()

        with self.subTest("what arrives after its return plays from its begin"):
            again = await asyncio.to_thread(Arrival, killed.files("first")[-1])
            self.assert_plays(again)
            self.assertEqual(again.video.keys[0], again.video.times[0])
            self.assertGreater(again.video.seconds, 2)
        with self.subTest("the other has noticed nothing"):
            whole = await self.arrived(other, "second")
            self.assertEqual(len(other.files()), 1)
            self.assert_plays(whole)
            self.assert_steady(whole, 4)
            self.assertLess(max(whole.video.steps()), 4 * FRAME_SECONDS)

    async def test_a_key_that_is_refused_is_told_to_nobody(self):
        key = "wrong-secret-0123456789"
        server = self.rtmp_server()
        self.start_streaming_gateway()
        started = await self.begin((server.url, key))
        refused = await self.target_until(0, lambda target: "reason" in target and target["state"] != "connecting")
        self.assertIn(refused["state"], ("reconnecting", "failed"))
        self.assertEqual(server.gate.asked[0][2], key)
        with self.subTest("one that is added later is taken, and can be removed again"):
            added = self.host.request("stream:target-add", {"url": server.url, "key": "right"})
            await self.target_is(1, "live")
            self.host.request("stream:target-remove", {"targetId": added["targetId"]})
            await self.until(lambda status: len(status["targets"]) == 1)
            await eventually(lambda: len(server.gate.times("done", "right")) == 1, server.log)
        with self.subTest("the key is shown nowhere"):
            status = self.status()
            texts = [started, status, self.host.rest.ok("GET", self.rest()), self.metrics(self.gateway),
                     *self.admin_answers(), *self.command_lines()]
            await self.end()
            for text in [*map(json.dumps, texts), json.dumps(self.host.heard()), self.gateway.text()]:
                self.assertNotIn("secret-0123456789", text)
            self.assertIn(f"127.0.0.1:{server.port}/live", status["targets"][0]["maskedRtmpUrl"])

    def admin_answers(self):
        return [self.admin_json(self.gateway, path) for path in (STREAMS, "/admin/v1/config")]

    def command_lines(self):
        """Of the gateway and its processes."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as command:
                    found.append(command.read())
            except OSError:
                pass  # it has gone
        self.assertTrue(any("--job" in command for command in found), "the program runs")
        return found

    async def test_rtmps_where_the_authority_is_known_alone(self):
        server = self.rtmp_server(tls=True)
        with self.subTest("unknown"):
            self.start_streaming_gateway()
            await self.begin((server.tls_url, "the-key"))
            refused = await self.target_until(0, lambda target: "reason" in target and target["state"] != "connecting")
            self.assertIn("certificate", refused["reason"].lower())
            self.assertEqual(server.gate.asked, [])
            await self.end()
            self.gateway.stop()
        with self.subTest("known"):
            self.start_streaming_gateway(rtmp={"ca_file": server.certificate})
            await self.begin((server.tls_url, "the-key"))
            await self.target_is(0, "live")
            await self.makes(3 * FRAMES_PER_SECOND)
            await self.end()
            self.assert_plays(await self.arrived(server, "the-key"))


if __name__ == "__main__":
    unittest.main()
