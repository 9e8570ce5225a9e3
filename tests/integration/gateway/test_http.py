"""Raw HTTP at the public listener: files stay below their folder, headers stay in one piece."""
import unittest

from gateway_process import GatewayTest
from raw_http import Response, send_raw

SECRET = "TOP SECRET"


class HttpTest(GatewayTest):
    CONFIG = """
http:
  public:
    static_dir: site
    header_bytes: 4096
    body_bytes: 4096
    cors_origins: [https://app.example.org]
plugins:
  probe:
"""

    def setUp(self):
        super().setUp()
        site = self.folder / "site"
        for folder in (site / "docs", site / "evil.example", self.folder / "outside"):
            folder.mkdir(parents=True)
        (site / "index.html").write_text("the page")
        (site / "docs" / "index.html").write_text("the docs")
        (site / "evil.example" / "index.html").write_text("no harm")
        (self.folder / "secret.txt").write_text(SECRET)
        (self.folder / "outside" / "secret.txt").write_text(SECRET)
        (site / ".hidden").write_text(SECRET)
        (site / "link.txt").symlink_to(self.folder / "secret.txt")
        (site / "linked").symlink_to(self.folder / "outside")
        self.gateway = self.start(self.CONFIG)

    def raw(self, data):
        answer = send_raw("127.0.0.1", self.gateway.port, data)
        return Response(answer) if answer else None

    def target(self, target, headers=""):
        return self.raw(f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
                        .encode("latin-1"))

    def lives(self):
        self.assertEqual(self.gateway.get("/").text(), "the page")


class StaticFiles(HttpTest):
    def test_files_and_folders(self):
        self.assertEqual(self.target("/").text(), "the page")
        self.assertEqual(self.target("/docs/").text(), "the docs")
        moved = self.target("/docs")
        self.assertEqual((moved.status, moved.headers["location"]), (308, "/docs/"))
        self.assertEqual(self.target("/").headers["x-content-type-options"], "nosniff")
        self.assertEqual(self.target("/nothing").status, 404)

    def test_nothing_outside_the_folder_is_served(self):
        up = ("..", "%2e%2e", ".%2e", "%2E.", "..%2f..", "..;", "....", "%252e%252e", "..%5c..", "%c0%ae%c0%ae")
        targets = ["/link.txt", "/linked/secret.txt", "/.hidden", "/docs/.hidden", "/%2ehidden",
                   "//" + str(self.folder) + "/secret.txt", "/" + str(self.folder) + "/secret.txt",
                   "/file:" + str(self.folder) + "/secret.txt", "/secret.txt%00.html", "/..%00/secret.txt"]
        for dots in up:
            targets += [f"/{dots}/secret.txt", f"/docs/{dots}/{dots}/secret.txt", f"/docs/../{dots}/secret.txt",
                        f"/{dots}%2fsecret.txt", f"/{dots}%5csecret.txt", f"/{dots}\\secret.txt", f"{dots}/secret.txt",
                        f"http://localhost/{dots}/secret.txt"]
        for target in targets:
            with self.subTest(target=target):
                response = self.target(target)
                self.assertIn(response.status, (400, 404))
                self.assertNotIn(SECRET, response.text())
        self.lives()

    def test_a_redirect_never_leads_to_another_host(self):
        for target in ("//evil.example", "///evil.example", "/%2fevil.example", "/\\evil.example", "/./evil.example",
                       "/docs/..//evil.example"):
            with self.subTest(target=target):
                response = self.target(target)
                self.assertFalse(response.headers.get("location", "/").startswith(("//", "/\\", "http")), response.head)


class Headers(HttpTest):
    INJECTED = "Set-Cookie: x=1"

    def test_line_ends_in_a_target_stay_out_of_the_head(self):
        for target in ("/%0d%0aSet-Cookie:%20x=1", "/docs%0d%0aSet-Cookie:%20x=1", "/docs?%0d%0aSet-Cookie:%20x=1",
                       "/probe/echo?token=%0d%0aSet-Cookie:%20x=1", "/docs%0aSet-Cookie:%20x=1",
                       "/ws?token=%0d%0aSet-Cookie:%20x=1", "/docs\x85Set-Cookie: x=1"):
            with self.subTest(target=target):
                response = self.target(target)
                self.assertNotIn("set-cookie", response.headers)
                self.assertNotIn(self.INJECTED, response.head)
        response = self.target("/", headers="Origin: https://app.example.org\rSet-Cookie: x=1\r\n")
        self.assertEqual(response.status, 400)
        self.lives()

    def test_a_head_that_two_readers_could_read_in_two_ways_is_refused(self):
        start = b"POST /probe/echo HTTP/1.1\r\nHost: localhost\r\n"
        for name, data in (
                ("two lengths", start + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                ("length and chunks", start + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                ("a negative length", start + b"Content-Length: -1\r\n\r\n"),
                ("a space before the colon", start + b"X-Odd : 1\r\n\r\n"),
                ("a NUL", start + b"X-Odd: a\0b\r\n\r\n"),
                ("no host", b"GET / HTTP/1.1\r\n\r\n"),
                ("two hosts", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
                ("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 100 + b"\r\n\r\n"),
                ("another version", b"GET / HTTP/9.9\r\nHost: a\r\n\r\n"),
                ("an unknown method", b"BREW / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")):
            with self.subTest(name):
                response = self.raw(data)
                if response:
                    self.assertGreaterEqual(response.status, 400)
                    self.assertEqual(response.headers.get("connection"), "close")
        self.lives()

    def test_a_head_or_body_that_is_too_large(self):
        self.assertEqual(self.target("/", headers="X-Long: " + "x" * 8192 + "\r\n").status, 431)
        self.assertEqual(self.target("/" + "x" * 8192).status, 431)
        large = b"POST /probe/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n" + b"x" * 5000
        self.assertEqual(self.raw(large).status, 413)
        chunks = b"POST /probe/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.assertEqual(self.raw(chunks + b"2000\r\n" + b"x" * 0x2000 + b"\r\n0\r\n\r\n").status, 413)
        self.lives()

    def test_a_web_socket_needs_its_handshake(self):
        self.assertIn(self.target("/ws").status, (400, 404, 405, 426))
        for headers in ("Upgrade: websocket\r\nConnection: Upgrade\r\n",
                        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"):
            response = self.raw(f"GET /ws HTTP/1.1\r\nHost: a\r\n{headers}\r\n".encode())
            self.assertTrue(response is None or 400 <= response.status < 500)


class Cors(HttpTest):
    def origin(self, origin, method="GET", **more):
        return self.gateway.get("/probe/echo", method, headers={"Origin": origin, **more})

    def test_an_allowed_origin_may_read(self):
        response = self.origin("https://app.example.org")
        self.assertEqual(response.headers["access-control-allow-origin"], "https://app.example.org")
        self.assertIn("Origin", response.headers["vary"])
        preflight = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
        response = self.origin("https://app.example.org", "OPTIONS", **preflight)
        self.assertEqual(response.status, 204)
        self.assertIn("GET", response.headers["access-control-allow-methods"])
        self.assertIn("Authorization", response.headers["access-control-allow-headers"])

    def test_another_may_not(self):
        for origin in ("https://evil.example", "http://app.example.org", "https://app.example.org.evil.example", "null"):
            for method in ("GET", "OPTIONS"):
                response = self.origin(origin, method, **{"Access-Control-Request-Method": "GET"})
                self.assertNotIn("access-control-allow-origin", response.headers)
                self.assertNotIn("access-control-allow-methods", response.headers)


if __name__ == "__main__":
    unittest.main()
