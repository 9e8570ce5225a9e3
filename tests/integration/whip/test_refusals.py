"""What an offer may be answered besides 201."""
import asyncio
import signal
import socket
import time
import unittest

from json_web_token import sign
from raw_http import Response, read_all
from rtc_tracks import Grey
from whip_client import PLUGINS, SDP, Player, Publisher, WhipTest, http

SECRET = "a secret of at least thirty-two bytes"


def token(user, **claims):
    return sign({"sub": user, "exp": int(time.time()) + 600, **claims}, SECRET)


class Refusals(WhipTest):
    CONFIG = """
http: {public: {body_bytes: 100000, request_timeout_ms: 1000}}
plugins:
  videoroom: {create_on_join: false, rooms: [{id: lobby, max_participants: 1}]}
  whip: {max_sdp_bytes: 20000}
"""

    async def post(self, body, path="/whip/lobby", content_type=SDP):
        return await http(self.gateway, "POST", path, headers={"Content-Type": content_type}, body=body)

    async def test_bodies_that_are_no_offer(self):
        self.error(await self.post("x", content_type="text/plain"), 415, "UNSUPPORTED")
        for broken in ("", "nonsense", "v=0\r\nnonsense\r\n"):
            answer = await self.post(broken)
            self.error(answer, 400, "INVALID_PAYLOAD")
            self.assertIn('"line":', answer.text())
        self.error(await self.post("v" * 20001), 413, "LIMIT_EXCEEDED")
        self.error(await self.post("v" * 100001), 413, "LIMIT_EXCEEDED")
        self.assertEqual(self.sessions(), [])

    async def test_an_offer_that_asks_for_what_is_not_there(self):
        offer = await self.peer(Publisher(self.gateway, Grey(128))).offer()
        for line, why in (("a=rtcp-mux", "without rtcp-mux"), ("a=fingerprint", "without DTLS")):
            lines = [each for each in offer.splitlines() if not each.startswith(line)]
            answer = await self.post("\r\n".join(lines) + "\r\n")
            self.error(answer, 422, "UNSUPPORTED")
            self.assertIn('"line":', answer.text(), why)

    async def test_rooms(self):
        offer = await self.peer(Publisher(self.gateway, Grey(128))).offer()
        self.error(await self.post(offer, "/whip/kitchen"), 404, "ROOM_NOT_FOUND")
        self.error(await self.post(offer, "/whip/no%20room"), 400, "INVALID_PAYLOAD")
        self.error(await self.post(offer, "/whep/lobby?participant=nobody"), 404, "NOT_FOUND")
        await self.peer(Publisher(self.gateway, Grey(128))).open("/whip/lobby")
        full = await self.post(offer)
        self.error(full, 503, "ROOM_FULL")
        self.assertEqual(full.headers["retry-after"], "5")

    async def test_a_slow_body(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=30) as slow:
            slow.sendall(b"POST /whip/lobby HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\n"
                         b"Content-Length: 1000\r\n\r\nv=0\r\n")
            answer = Response(await asyncio.to_thread(read_all, slow))
        self.assertEqual(answer.status, 408)

    async def test_other_methods(self):
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE"):
            answer = await http(self.gateway, method, "/whip/lobby")
            self.assertEqual((answer.status, answer.headers["allow"]), (405, "POST, OPTIONS"), method)


class Tokens(WhipTest):
    CONFIG = f'auth: {{guests: deny, jwt: {{secret: "{SECRET}"}}}}\n' + PLUGINS

    async def test_who_may_publish(self):
        offer = await self.peer(Publisher(self.gateway, Grey(128))).offer()
        for bad in (None, "rubbish"):
            answer = await http(self.gateway, "POST", "/whip/lobby", bad, {"Content-Type": SDP}, offer)
            self.error(answer, 401, "UNAUTHORIZED")
            self.assertEqual(answer.headers["www-authenticate"], "Bearer")
        viewer = self.peer(Publisher(self.gateway, Grey(128), token=token("vera", role="viewer")))
        self.error(await viewer.post("/whip/lobby", offer), 403, "PERMISSION_DENIED")
        await self.peer(Publisher(self.gateway, Grey(128), token=token("ada"))).open("/whip/lobby")
        await self.peer(Player(self.gateway, "video", token=token("vera", role="viewer"))).open("/whep/lobby")

    async def test_whose_session_it_is(self):
        publisher = await self.peer(Publisher(self.gateway, Grey(128), token=token("ada"))).open("/whip/lobby")
        self.error(await http(self.gateway, "DELETE", publisher.location, token("eve")), 403, "PERMISSION_DENIED")
        self.error(await http(self.gateway, "DELETE", publisher.location), 401, "UNAUTHORIZED")
        self.assertEqual((await publisher.delete()).status, 200)


class Origins(WhipTest):
    CONFIG = f"""
http: {{public: {{cors_origins: ["https://app.example.org"]}}}}
auth: {{guests: deny, jwt: {{secret: "{SECRET}"}}}}
media: {{ice_servers: [{{urls: ["stun:stun.example.org"]}}]}}
""" + PLUGINS
    ORIGIN = {"Origin": "https://app.example.org"}

    async def test_a_preflight_needs_no_token(self):
        for path, method in (("/whip/lobby", "POST"), ("/whip/lobby/x", "PATCH"), ("/whep/lobby/x", "DELETE")):
            answer = await http(self.gateway, "OPTIONS", path, headers={
                **self.ORIGIN, "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization,content-type,if-match"})
            self.assertEqual(answer.status, 204, path)
            self.assertEqual(answer.headers["access-control-allow-origin"], "https://app.example.org")
            self.assertIn(method, answer.headers["access-control-allow-methods"])
            for name in ("Authorization", "Content-Type", "If-Match"):
                self.assertIn(name, answer.headers["access-control-allow-headers"])

    async def test_ice_servers_before_the_offer(self):
        self.assertEqual((await http(self.gateway, "OPTIONS", "/whip/lobby")).status, 401)
        answer = await http(self.gateway, "OPTIONS", "/whip/lobby", token("ada"), self.ORIGIN)
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["accept-post"], SDP)
        self.assertEqual(answer.headers["link"], '<stun:stun.example.org>; rel="ice-server"')
        for name in ("Location", "ETag", "Link"):
            self.assertIn(name, answer.headers["access-control-expose-headers"])


class Draining(WhipTest):
    async def test_no_new_sessions(self):
        await self.peer(Publisher(self.gateway, Grey(128))).open("/whip/lobby")  # somebody to wait for
        offer = await self.peer(Publisher(self.gateway, Grey(128))).offer()
        self.gateway.signal(signal.SIGTERM)
        self.gateway.log.wait_for(r"\[gateway\] draining")
        answer = await http(self.gateway, "POST", "/whip/lobby", None, {"Content-Type": SDP}, offer)
        self.error(answer, 503, "DRAINING")
        self.assertIn("retry-after", answer.headers)


if __name__ == "__main__":
    unittest.main()
