"""Requests to the admin listener as somebody, with a token or a certificate."""
import json

from gateway_process import GatewayTest
from raw_http import request

ROOT = "the-token-of-the-configuration"


class AdminTest(GatewayTest):
    def start_guarded(self, text="", **admin):
        """A gateway whose admin listener asks for ROOT."""
        return self.start(text, http={"admin": {"port": 0, "token": ROOT} | admin})

    def ask(self, gateway, method, path, token=ROOT, body=None):
        """(status, JSON of the answer, the answer itself)"""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        data = b"" if body is None else json.dumps(body).encode()
        answer = request("127.0.0.1", gateway.admin_port, method, path, headers=headers, body=data)
        return answer.status, json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else None, answer

    def status(self, gateway, method, path, token=ROOT, body=None):
        return self.ask(gateway, method, path, token, body)[0]

    def value(self, gateway, method, path, token=ROOT, body=None, expected=200):
        status, value, answer = self.ask(gateway, method, path, token, body)
        self.assertEqual(status, expected, answer.text())
        return value

    def operator(self, gateway, name, role):
        """The token of a new operator."""
        self.value(gateway, "POST", "/admin/v1/operators", body={"name": name, "role": role}, expected=201)
        made = self.value(gateway, "POST", f"/admin/v1/operators/{name}/tokens", expected=201)
        return made["token"]

    def restart(self, gateway):
        """The same configuration and store in a new process."""
        gateway.stop()
        return self.start_file(gateway.config_file)
