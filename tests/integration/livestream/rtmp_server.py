"""Debian's nginx with its RTMP module: a server that a program is pushed to. It keeps what arrives as FLV files."""
import http.server
import os
import random
import socket
import subprocess
import threading
import time
import urllib.parse

START_SECONDS = 30
MODULES = "/usr/lib/nginx/modules"
TLS_SERVER = """
stream {{
  server {{
    listen 127.0.0.1:{tls_port} ssl;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    proxy_pass 127.0.0.1:{port};
  }}
}}
"""
# One process, so that a SIGKILL is the end of all of it.
CONFIG = """
load_module {modules}/ngx_rtmp_module.so;
{load_stream}
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log info;
events {{ worker_connections 256; }}
rtmp {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    application live {{
      live on;
      record all;
      record_path {folder}/arrived;
      record_unique on;
      on_publish http://127.0.0.1:{gate}/;
      on_done http://127.0.0.1:{gate}/;
    }}
  }}
}}
"""


def free_port():
    """Below the range that the system hands out by itself: it is still free when a server that was killed returns."""
    for _ in range(100):
        port = random.randint(20000, 29999)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise AssertionError("no free port")


class Gate:
    """Whom nginx asks about each publication. Keys that begin with `wrong` are refused."""

    def __init__(self):
        self.asked = []  # (time, what: publish or done, key), in order
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                fields = dict(urllib.parse.parse_qsl(body))
                gate.asked.append((time.monotonic(), fields.get("call"), fields.get("name", "")))
                self.send_response(403 if fields.get("name", "").startswith("wrong") else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def times(self, what, key=None):
        return [at for at, call, name in list(self.asked) if call == what and key in (None, name)]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class RtmpServer:
    """nginx in a folder of its own, `with` it running; it can be killed and started again at the same address."""

    def __init__(self, folder, tls=False):
        self.folder = folder
        self.port = free_port()
        self.tls_port = free_port() if tls else None
        self.gate = Gate()
        self._process = None
        # nginx writes as the user who starts it, as there is one process only.
        (folder / "arrived").mkdir(parents=True)
        if tls:
            self._make_certificate()
        values = {"folder": folder, "port": self.port, "tls_port": self.tls_port, "gate": self.gate.port,
                  "modules": MODULES, "load_stream": f"load_module {MODULES}/ngx_stream_module.so;" if tls else ""}
        (folder / "nginx.conf").write_text((CONFIG + (TLS_SERVER if tls else "")).format(**values), encoding="ascii")
        self.start()

    @property
    def url(self):
        return f"rtmp://127.0.0.1:{self.port}/live"

    @property
    def tls_url(self):
        return f"rtmps://127.0.0.1:{self.tls_port}/live"

    @property
    def certificate(self):
        return str(self.folder / "certificate.pem")

    def _make_certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.folder / "key.pem",
                        "-out", self.certificate], check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def start(self):
        """@return when it listens, by time.monotonic()."""
        log = str(self.folder / "nginx.log")
        self._process = subprocess.Popen(["nginx", "-e", log, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                         env=os.environ | {"PATH": os.environ.get("PATH", "") + ":/usr/sbin"})
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return time.monotonic()
            time.sleep(0.01)
        raise AssertionError(f"nginx does not start\n{self.log()}")

    def kill(self):
        self._process.kill()
        self._process.wait()

    def close(self):
        self.kill()
        self.gate.close()

    def log(self):
        try:
            return (self.folder / "nginx.log").read_text(errors="replace")
        except OSError as error:
            return str(error)

    def files(self, key=""):
        """What has arrived, the oldest first: one file for each publication."""
        return sorted((self.folder / "arrived").glob(f"{key}*.flv"), key=lambda file: file.stat().st_ctime_ns)

    def bytes(self, key=""):
        return sum(file.stat().st_size for file in self.files(key))
