"""Tokens, roles and operators: who may look, who may change, and what holds over a restart."""
import json
import unittest

from admin_client import ROOT, AdminTest

READER = "a-token-that-only-looks"


class Roles(AdminTest):
    def test_a_role_decides_what_a_token_of_the_configuration_may(self):
        gateway = self.start_guarded(tokens=[{"name": "grafana", "token": READER, "role": "read"}])
        self.assertEqual(self.value(gateway, "GET", "/admin/v1/me", READER),
                         {"name": "grafana", "role": "read", "by": "token"})
        self.assertEqual(self.status(gateway, "GET", "/metrics", READER), 200)
        status, refusal, _ = self.ask(gateway, "PUT", "/admin/v1/log", READER, {"level": "debug"})
        self.assertEqual(status, 403)
        self.assertEqual(refusal["error"]["code"], "PERMISSION_DENIED")
        self.assertEqual(refusal["error"]["details"], {"requiredRole": "write", "currentRole": "read"})
        self.assertEqual(self.status(gateway, "PUT", "/admin/v1/log", ROOT, {"level": "info"}), 200)
        self.assertEqual(self.status(gateway, "GET", "/admin/v1/me", None), 401)

    def test_an_operator_survives_a_restart_and_a_deleted_token_is_refused_at_once(self):
        gateway = self.start_guarded()
        token = self.operator(gateway, "ann", "read")
        other = self.operator(gateway, "ben", "write")
        gateway = self.restart(gateway)
        self.assertEqual(self.value(gateway, "GET", "/admin/v1/me", token)["name"], "ann")
        tokens = self.value(gateway, "GET", "/admin/v1/operators/ann/tokens")["tokens"]
        self.assertNotIn(token, json.dumps(tokens))
        path = f"/admin/v1/operators/ann/tokens/{tokens[0]['id']}"
        self.assertEqual(self.status(gateway, "DELETE", path, token), 403)
        self.assertEqual(self.status(gateway, "DELETE", path, other), 204)
        self.assertEqual(self.status(gateway, "GET", "/admin/v1/me", token), 401)
        gateway = self.restart(gateway)
        self.assertEqual(self.status(gateway, "GET", "/admin/v1/me", token), 401)
        self.assertEqual(self.status(gateway, "GET", "/admin/v1/me", other), 200)

    def test_a_token_is_nowhere_to_be_read(self):
        gateway = self.start_guarded()
        token = self.operator(gateway, "ann", "read")
        self.value(gateway, "GET", "/admin/v1/me", token)
        gateway.stop()
        for file in self.folder.glob("store-*"):
            self.assertNotIn(token.encode(), file.read_bytes(), file)
        self.assertNotIn(token, gateway.text())
        self.assertNotIn(ROOT, gateway.text())

    def test_without_tokens_this_machine_may_write_and_makes_no_database_by_looking(self):
        gateway = self.start()
        self.assertEqual(self.value(gateway, "GET", "/admin/v1/me", None),
                         {"name": "admin", "role": "write", "by": "loopback"})
        self.value(gateway, "GET", "/admin/v1/operators", None)
        self.assertEqual(list(self.folder.glob("store-*")), [])

    def test_wrong_tokens_are_not_looked_at_for_ever(self):
        gateway = self.start_guarded(wrong_tokens_per_minute=3)
        for _ in range(3):
            self.assertEqual(self.status(gateway, "GET", "/admin/v1/me", "wrong"), 401)
        status, refusal, answer = self.ask(gateway, "GET", "/admin/v1/me")
        self.assertEqual(status, 429)
        self.assertEqual(refusal["error"]["code"], "RATE_LIMITED")
        self.assertGreater(int(answer.headers["retry-after"]), 0)
        self.assertEqual(self.status(gateway, "GET", "/metrics"), 429)
        gateway.log.wait_for("too many wrong tokens")

    def test_a_client_token_lets_somebody_in(self):
        gateway = self.start_guarded(f"plugins:\n  videoroom:\nauth: {{guests: deny, gateway_tokens: {{secret: {'s' * 32}}}}}\n")
        made = self.value(gateway, "POST", "/admin/v1/client-tokens",
                          body={"userId": "support", "name": "Support", "lifetimeSeconds": 60}, expected=201)
        client = gateway.connect(f"/ws?token={made['token']}")
        self.assertTrue(client.request("room:join", {"roomId": "lobby"}))


class WrongConfigurations(AdminTest):
    def check(self, admin):
        name = self.write_config(http={"admin": {"port": 0} | admin})
        status, _, errors = self.run_sluice("--check", name)
        self.assertEqual(status, 1)
        return errors

    def test_each_is_told_with_what_to_do(self):
        tls = {"mode": "self_signed"}
        self.assertIn("set http.admin.token", self.check({"address": "0.0.0.0"}))
        self.assertIn("at least 16 characters", self.check({"tokens": [{"name": "ann", "token": "short"}]}))
        twice = [{"name": "ann", "token": "x" * 16}, {"name": "ann", "token": "y" * 16}]
        self.assertIn("'ann' twice", self.check({"tokens": twice}))
        self.assertIn("needs TLS", self.check({"tls": {"client_certificates": "required"}}))
        self.assertIn("client_ca_file", self.check({"tls": tls | {"client_certificates": "required"}}))
        with_ca = tls | {"client_certificates": "required", "client_ca_file": "missing.pem"}
        self.assertIn("client_default_role", self.check({"tls": with_ca}))
        errors = self.check({"tls": with_ca | {"client_default_role": "read"}})
        self.assertIn("missing.pem: No such file", errors)
        self.assertIn("http.admin.tls", errors)
        self.write("empty.pem", "")
        errors = self.check({"tls": with_ca | {"client_default_role": "read", "client_ca_file": "empty.pem"}})
        self.assertIn("client CA empty.pem", errors)

    def test_the_gateways_own_name_is_no_plugins(self):
        for name in ("admin", "admin-tokens"):
            status, _, errors = self.run_sluice("--check", self.write_config(f"plugins:\n  {name}:\n"))
            self.assertEqual(status, 1)
            self.assertIn("the gateway's own name", errors)


if __name__ == "__main__":
    unittest.main()
