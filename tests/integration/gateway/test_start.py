"""The start of the process: ports that are taken, keys that cannot be used, what the log says, what it must not say."""
import signal
import socket
import ssl
import unittest
import warnings

from gateway_process import SOURCE, GatewayTest

SECRET = "a-secret-of-the-test-that-nobody-must-see"
ADMIN_TOKEN = "the-admin-token-that-nobody-must-see"


def taken_port(kind):
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind(("127.0.0.1", 0))
    if kind == socket.SOCK_STREAM:
        sock.listen()
    return sock, sock.getsockname()[1]


class PortsThatAreTaken(GatewayTest):
    def refuses(self, kind, text, *parts):
        sock, port = taken_port(kind)
        with sock:
            status, out, errors = self.run_sluice("--config", self.write_config(text.format(port=port)))
        self.assertEqual((status, out), (2, ""))
        said = [line for line in errors.splitlines() if line.startswith("sluice: ")]
        self.assertEqual(len(said), 1, errors)
        for part in ("sluice.yaml: ", f"127.0.0.1:{port}", "Address already in use", *parts):
            self.assertIn(part, said[0])

    def test_the_public_port(self):
        self.refuses(socket.SOCK_STREAM, "http: {{public: {{port: {port}}}}}\n", "http.public")

    def test_the_admin_port(self):
        self.refuses(socket.SOCK_STREAM, "http: {{admin: {{port: {port}}}}}\n", "http.admin")

    def test_the_media_port(self):
        self.refuses(socket.SOCK_DGRAM, "media: {{ice: {{base_port: {port}}}}}\n", "media.ice.base_port")

    def test_an_address_that_is_not_ours(self):
        status, _, errors = self.run_sluice("--config", self.write_config("http: {public: {address: 192.0.2.1}}\n"))
        self.assertEqual(status, 2)
        self.assertRegex(errors, r"192\.0\.2\.1:0: Cannot assign requested address \(http\.public\)")


class Keys(GatewayTest):
    def test_a_short_secret_is_refused_in_words(self):
        errors = self.fails_to_start("auth: {jwt: {secret: too-short}}\n")
        self.assertRegex(errors, r"sluice: sluice\.yaml: .*JWT secret is shorter than 32 bytes")
        self.assertNotIn("too-short", errors)

    def test_a_certificate_that_is_not_there_is_named(self):
        config = self.write_config(
            "http: {public: {tls: {mode: files, certificate_file: no.pem, key_file: no.key}}}\n")
        status, _, errors = self.run_sluice("--config", config)
        self.assertNotEqual(status, 0)
        self.assertRegex(errors, r"sluice: .*no\.pem")


class Files(GatewayTest):
    def test_a_folder_of_files_that_is_not_there_is_named(self):
        status, _, errors = self.run_sluice("--config", self.write_config("http: {public: {static_dir: no-site}}\n"))
        self.assertEqual(status, 2)
        self.assertRegex(errors, r"static directory no-site: not a directory \(http\.public\)")

    def test_a_gateway_without_plugins_says_so(self):
        self.start().log.wait_for(r"warning \[gateway\] no plugin is configured")


class Guests(GatewayTest):
    def start_shipped(self):
        """configs/sluice.yaml, on ports that are free."""
        self.write_config("")
        self.write("mine.yaml", f"include: [{SOURCE / 'configs' / 'sluice.yaml'}, base.yaml]\n")
        errors = self.run_sluice("--check", "mine.yaml")[2]
        if "there is no echo.so" in errors:
            self.skipTest("the echo plugin is not built")
        return self.start_file("mine.yaml")

    def test_the_shipped_configuration_admits_guests_and_says_so(self):
        gateway = self.start_shipped()
        gateway.log.wait_for(r"warning \[gateway\] guests are admitted.*auth\.guests")
        self.assertEqual(gateway.connect().request("room:join", {"roomId": "lobby"})["room"]["roomId"], "lobby")

    def test_with_a_secret_it_does_not(self):
        self.environment["SLUICE_JWT_SECRET"] = SECRET
        gateway = self.start_shipped()
        gateway.log.wait_for(r"\[gateway\] ready")
        self.assertIsNone(gateway.log.find("guests are admitted"))
        self.assertEqual(gateway.connect().event("error")["code"], "UNAUTHORIZED")


class Secrets(GatewayTest):
    CONFIG = """
http:
  admin: {token: "${ADMIN_TOKEN}"}
auth: {jwt: {secret: "${SLUICE_JWT_SECRET}"}}
log: {level: trace}
media: {ice_servers: [{urls: ["turn:turn.example.org"], username: me, credential: "${SLUICE_JWT_SECRET}"}]}
plugins:
  probe: {secret: "${SLUICE_JWT_SECRET}"}
"""

    def setUp(self):
        super().setUp()
        self.environment |= {"SLUICE_JWT_SECRET": SECRET, "ADMIN_TOKEN": ADMIN_TOKEN}

    def check_silent(self, text):
        self.assertNotIn(SECRET, text)
        self.assertNotIn(ADMIN_TOKEN, text)

    def test_a_running_gateway_never_writes_them(self):
        gateway = self.start(self.CONFIG)
        self.check_silent(gateway.admin("/admin/v1/info").text())
        for path in ("/admin/v1/config", "/admin/v1/plugins"):
            response = gateway.admin(path, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"})
            self.check_silent(response.head + response.text())
        gateway.connect(token=SECRET).closed()  # a token that does not verify is not to be quoted either
        self.write("sluice.yaml", "include: base.yaml\nauth: {jwt: {secret: [\"${SLUICE_JWT_SECRET}\"]}}\n")
        self.reload(gateway)
        gateway.stop()
        self.check_silent(gateway.text())

    def reload(self, gateway):
        gateway.signal(signal.SIGHUP)
        gateway.log.wait_for("the configuration was not reloaded")

    def test_the_admin_api_demands_its_token(self):
        gateway = self.start(self.CONFIG)
        good = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
        self.assertEqual(gateway.admin("/admin/v1/info", headers=good).status, 200)
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {ADMIN_TOKEN}"}):
            self.assertEqual(gateway.admin("/admin/v1/info", headers=headers).status, 401)
            self.assertEqual(gateway.admin("/metrics", headers=headers).status, 401)

    def test_mistakes_in_their_place_do_not_quote_them(self):
        for line in ("auth: {jwt: {secret: {of: \"${SLUICE_JWT_SECRET}\"}}}",
                     "http: {admin: {port: \"${ADMIN_TOKEN}\"}}",
                     "http: {threads: \"${SLUICE_JWT_SECRET}\"}",
                     "auth: {jwt: {jwks_file: \"${SLUICE_JWT_SECRET}\", secrte: \"${ADMIN_TOKEN}\"}}"):
            with self.subTest(line=line):
                status, out, errors = self.run_sluice("--check", self.write_config(line + "\n"))
                self.assertEqual(status, 1)
                self.check_silent(out + errors)

    def test_print_defaults_and_check_do_not_know_them(self):
        self.check_silent("".join(self.run_sluice("--print-defaults")[1:]))
        status, out, errors = self.run_sluice("--check", self.write_config(self.CONFIG))
        self.assertEqual(status, 0, errors)
        self.check_silent(out + errors)


class Tls(GatewayTest):
    def test_a_self_signed_listener_answers_https_and_wss(self):
        gateway = self.start("http: {public: {tls: {mode: self_signed}}}\nplugins:\n  probe:\n")
        self.assertTrue(gateway.tls)
        self.assertEqual(gateway.get("/probe/echo").status, 200)
        self.assertEqual(gateway.connect().request("probe:options")["fixed"], 1)

    def test_it_does_not_answer_old_tls_or_none(self):
        gateway = self.start("http: {public: {tls: {mode: self_signed}}}\n")
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as plain:
            plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try:
                self.assertNotIn(b"HTTP/", plain.recv(4096))
            except ConnectionResetError:
                pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():  # RFC 8996: neither is to be spoken, Python says so too
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as plain:
            with self.assertRaises(OSError):
                context.wrap_socket(plain)


if __name__ == "__main__":
    unittest.main()
