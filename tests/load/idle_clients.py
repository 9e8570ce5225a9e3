"""idle_clients.py SLUICE [--clients N] [--hold SECONDS]: what idle clients cost the gateway.

Starts the gateway SLUICE with no plugin, connects N plain WebSocket clients, then N Socket.IO clients to a fresh one, and
prints how much its resident memory grew for each kind. The clients answer pings, and ask for nothing. Needs a limit of
open files above N here and in the gateway (`ulimit -n`).
"""
import argparse
import base64
import os
import pathlib
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time

KINDS = {"plain WebSocket": "/ws", "Socket.IO": "/socket.io/?EIO=4&transport=websocket"}
CONFIG = """
http:
  public: {{address: 127.0.0.1, port: 0, static_dir: none, max_connections: 100000,
            max_connections_per_address: 100000, idle_timeout_ms: 3600000}}
  admin: {{port: 0}}
limits: {{connects_per_second_per_address: 0, max_clients: 100000}}
media: {{workers: 1, ice: {{base_port: 0, listen_addresses: [127.0.0.1]}}}}
store: {{path: {folder}/idle.db}}
log: {{level: error}}
"""


def frame(text):
    """A masked text frame, RFC 6455 section 5.2; a mask of zeros leaves the text as it is."""
    data = text.encode()
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data


class Gateway:
    def __init__(self, sluice, folder):
        config = pathlib.Path(folder) / "idle.yaml"
        config.write_text(CONFIG.format(folder=folder), encoding="utf-8")
        self.process = subprocess.Popen([sluice, "--config", config], stdout=subprocess.PIPE, text=True)
        self.port = None
        for line in self.process.stdout:
            if found := re.search(r"page and clients: +https?://[^:]+:(\d+)/", line):
                self.port = int(found[1])
                break
        if self.port is None:
            raise SystemExit("the gateway does not start")

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def stop(self):
        self.process.terminate()
        self.process.terminate()  # the second signal does not wait for those who are connected
        self.process.wait(60)


class Client:
    """One connection from its handshake on."""

    def __init__(self, port, path):
        self.is_socket_io = "EIO" in path
        self.asked = self.ready = False
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode())
        self.received = b""

    def on_data(self):
        data = self.socket.recv(65536)
        if not data:
            raise SystemExit("the gateway closed a connection")
        self.received += data
        if not self.is_socket_io:
            self.ready = self.ready or b"\r\n\r\n" in self.received
            if self.ready and b"\x89\x00" in data:
                self.socket.sendall(bytes([0x8A, 0x80, 0, 0, 0, 0]))
            return
        if not self.asked and b"0{" in self.received:
            self.asked = True
            self.socket.sendall(frame("40"))
        self.ready = self.ready or b"40{" in self.received
        if data == b"\x81\x012":
            self.socket.sendall(frame("3"))


def connect_all(gateway, path, count):
    selector = selectors.DefaultSelector()
    clients = []
    for _ in range(count):
        client = Client(gateway.port, path)
        selector.register(client.socket, selectors.EVENT_READ, client)
        clients.append(client)
        serve(selector, 0)
    deadline = time.monotonic() + 120
    while not all(client.ready for client in clients):
        if time.monotonic() > deadline:
            raise SystemExit("some clients were not let in")
        serve(selector, 0.2)
    return selector, clients


def serve(selector, timeout):
    for key, _ in selector.select(timeout):
        key.data.on_data()


def measure(sluice, path, count, hold):
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(sluice, folder)
        try:
            before = gateway.resident_bytes()
            start = time.monotonic()
            selector, clients = connect_all(gateway, path, count)
            seconds = time.monotonic() - start
            end = time.monotonic() + hold
            while time.monotonic() < end:
                serve(selector, 0.2)
            after = gateway.resident_bytes()
            for client in clients:
                client.socket.close()
        finally:
            gateway.stop()
    return before, after, seconds


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("sluice")
    arguments.add_argument("--clients", type=int, default=10_000)
    arguments.add_argument("--hold", type=float, default=5)
    options = arguments.parse_args()
    for kind, path in KINDS.items():
        before, after, seconds = measure(options.sluice, path, options.clients, options.hold)
        print(f"{kind}: {options.clients} clients in {seconds:.1f} s, {before / 1e6:.1f} MB before, "
              f"{after / 1e6:.1f} MB with them, {(after - before) / options.clients / 1e3:.1f} kB each")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
