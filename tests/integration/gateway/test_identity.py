"""Tokens at the plain WebSocket door: who may come in, and what the others are told."""
import hashlib
import hmac
import time
import unittest

import json_web_token
from gateway_process import GatewayTest

SECRET = "0123456789abcdef0123456789abcdef"
CONFIG = 'auth: {jwt: {secret: "${SLUICE_JWT_SECRET}"}}\nplugins:\n  videoroom:\n  probe:\n'


class Tokens(GatewayTest):
    def setUp(self):
        super().setUp()
        self.environment["SLUICE_JWT_SECRET"] = SECRET
        self.gateway = self.start(CONFIG)

    def token(self, secret=SECRET, algorithm="HS256", **claims):
        return json_web_token.sign({"sub": "u1", "name": "Ada", "exp": int(time.time()) + 3600, **claims}, secret,
                                   algorithm)

    def refused(self, code, **options):
        client = self.gateway.connect(**options)
        error = client.event("error")
        self.assertEqual((error["event"], error["code"]), ("connect", code))
        end = client.closed()
        self.assertEqual((end.code, end.reason), (1008, code))

    def test_a_guest_is_refused(self):
        self.refused("UNAUTHORIZED")
        self.gateway.log.wait_for(r"client refused .*code=UNAUTHORIZED")

    def test_a_signed_token_joins_under_its_name(self):
        for options in ({"token": self.token()}, {"path": "/ws?token=" + self.token()}):
            client = self.gateway.connect(**options)
            joined = client.request("room:join", {"roomId": "lobby"})
            self.assertEqual((joined["self"]["name"], joined["self"]["userId"]), ("Ada", "u1"))
            client.request("room:leave")

    def test_the_role_of_the_token_counts(self):
        client = self.gateway.connect(token=self.token(role="viewer"))
        joined = client.request("room:join", {"roomId": "lobby"})
        self.assertEqual(joined["self"]["role"], "viewer")
        self.assertEqual(client.refusal("room:close").code, "PERMISSION_DENIED")

    def test_an_expired_token_is_told_so(self):
        self.refused("TOKEN_EXPIRED", token=self.token(exp=int(time.time()) - 3600))

    def test_a_token_of_the_future_is_told_so(self):
        self.refused("TOKEN_EXPIRED", token=self.token(nbf=int(time.time()) + 3600))

    def test_what_does_not_verify_is_refused(self):
        good = self.token()
        head, claims, signature = good.split(".")
        unsigned = json_web_token.sign({"sub": "u1"}, "", "none").rsplit(".", 1)[0] + "."
        for token in (self.token(secret="another secret of thirty-two bytes"), head + "." + claims + ".",
                      unsigned, self.token(algorithm="none"), self.token(algorithm="RS256"), good[:-4] + "AAAA", "x",
                      "a.b.c", claims, "." * 64, "x" * 12_000):
            with self.subTest(token=token):
                self.refused("UNAUTHORIZED", token=token)

    def test_routes_know_the_caller_too(self):
        bearer = {"Authorization": "Bearer " + self.token()}
        self.assertIn('"user":"u1"', self.gateway.get("/probe/echo", headers=bearer).text())
        self.assertEqual(self.gateway.get("/probe/echo").status, 401)
        stale = {"Authorization": "Bearer " + self.token(exp=int(time.time()) - 3600)}
        response = self.gateway.get("/probe/echo", headers=stale)
        self.assertEqual(response.status, 401)
        self.assertIn("TOKEN_EXPIRED", response.text())


class TokensOfTheGateway(GatewayTest):
    """What another gateway with the same auth.gateway_tokens.secret has signed, at each door."""

    def setUp(self):
        super().setUp()
        self.environment["SLUICE_TOKENS_SECRET"] = SECRET
        self.gateway = self.start('auth: {guests: deny, gateway_tokens: {secret: "${SLUICE_TOKENS_SECRET}"}}\n'
                                  "plugins:\n  videoroom:\n  probe:\n")

    def token(self, secret=None, kind="sluice+jwt", **claims):
        key = hmac.new(b"sluice gateway tokens 1", SECRET.encode(), hashlib.sha256).digest()
        claims = {"iss": "sluice", "aud": "sluice", "sub": "g1", "name": "Ada", "guest": True,
                  "exp": int(time.time()) + 60, **claims}
        return json_web_token.sign(claims, secret or key, kind=kind)

    def test_a_guest_comes_in_where_guests_are_denied(self):
        joined = self.gateway.connect(token=self.token()).request("room:join", {"roomId": "lobby"})
        self.assertEqual((joined["self"]["name"], joined["self"]["userId"]), ("Ada", "g1"))
        echo = self.gateway.get("/probe/echo", headers={"Authorization": "Bearer " + self.token()})
        self.assertIn('"user":"g1"', echo.text())

    def test_what_is_not_the_gateway_s_own_is_refused(self):
        for wrong in (self.token(secret=SECRET), self.token(kind="JWT"), self.token(iss="other"),
                      self.token(aud="other")):
            with self.subTest(token=wrong):
                answer = self.gateway.get("/probe/echo", headers={"Authorization": "Bearer " + wrong})
                self.assertEqual(answer.status, 401)
                self.assertIn("UNAUTHORIZED", answer.text())
        answer = self.gateway.get("/probe/echo", headers={"Authorization": "Bearer " + self.token(exp=1)})
        self.assertIn("TOKEN_EXPIRED", answer.text())


if __name__ == "__main__":
    unittest.main()
