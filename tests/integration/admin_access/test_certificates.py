"""mTLS: whose certificate opens the admin listener, as whom, and whose does not."""
import json
import socket
import ssl
import unittest

from admin_client import ROOT, AdminTest
from certificates import Authority, client_context
from raw_http import Response, read_all


class ClientCertificates(AdminTest):
    def setUp(self):
        super().setUp()
        self.ours = Authority(self.folder, "ours")
        self.theirs = Authority(self.folder, "theirs")

    def start_tls(self, certificates, **admin):
        tls = {"mode": "self_signed", "client_certificates": certificates, "client_ca_file": self.ours.file,
               "client_roles": {"ann": "write", "viewer.example.org": "read"}}
        return self.start(http={"admin": {"port": 0, "tls": tls} | admin})

    def ask_tls(self, gateway, certificate=None, token=None, method="GET", path="/admin/v1/me"):
        """The answer, or None where the handshake failed: with TLS 1.3 a client learns of that when it reads."""
        plain = socket.create_connection(("127.0.0.1", gateway.admin_port), timeout=30)
        try:
            with client_context(certificate).wrap_socket(plain, server_hostname="localhost") as sock:
                authorization = f"Authorization: Bearer {token}\r\n" if token else ""
                sock.sendall(f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                             f"{authorization}\r\n".encode())
                data = read_all(sock)
        except (ssl.SSLError, ConnectionError, BrokenPipeError):
            return None
        finally:
            plain.close()
        return Response(data) if data else None

    def me(self, answer):
        self.assertEqual(answer.status, 200, answer.text())
        return json.loads(answer.body)

    def test_the_common_name_is_who_it_is_and_its_role_what_it_may(self):
        gateway = self.start_tls("required")
        self.assertEqual(self.me(self.ask_tls(gateway, self.ours.sign("ann"))),
                         {"name": "ann", "role": "write", "by": "certificate"})
        viewer = self.ours.sign("screen", "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:viewer.example.org")
        self.assertEqual(self.me(self.ask_tls(gateway, viewer)),
                         {"name": "screen", "role": "read", "by": "certificate"})
        self.assertEqual(self.ask_tls(gateway, viewer, method="POST", path="/admin/v1/store/backup").status, 403)
        self.assertEqual(self.ask_tls(gateway, self.ours.sign("eve")).status, 403)  # ours, but of no role

    def test_another_authority_and_no_certificate_are_refused_in_the_handshake(self):
        gateway = self.start_tls("required", token=ROOT)
        self.assertIsNone(self.ask_tls(gateway, self.theirs.sign("ann"), token=ROOT))
        self.assertIsNone(self.ask_tls(gateway, None, token=ROOT))
        server_only = self.ours.sign("ann", "extendedKeyUsage=serverAuth")
        self.assertIsNone(self.ask_tls(gateway, server_only))
        self.assertIsNotNone(self.ask_tls(gateway, self.ours.sign("ann")))

    def test_an_optional_one_stands_beside_tokens(self):
        gateway = self.start_tls("optional", token=ROOT)
        self.assertEqual(self.ask_tls(gateway).status, 401)
        self.assertEqual(self.me(self.ask_tls(gateway, token=ROOT))["by"], "token")
        self.assertEqual(self.me(self.ask_tls(gateway, self.ours.sign("ann")))["by"], "certificate")
        self.assertIsNone(self.ask_tls(gateway, self.theirs.sign("ann"), token=ROOT))

    def test_what_it_changes_is_in_the_audit_trail_by_its_name(self):
        gateway = self.start_tls("required")
        ann = self.ours.sign("ann")
        self.ask_tls(gateway, ann, method="POST", path="/admin/v1/store/backup")
        trail = json.loads(self.ask_tls(gateway, ann, path="/admin/v1/audit").body)["records"]
        self.assertEqual([(record["who"], record["shownBy"], record["status"]) for record in trail],
                         [("ann", "certificate", 409)])


if __name__ == "__main__":
    unittest.main()
