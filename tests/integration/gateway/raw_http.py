"""HTTP over a plain socket: what a test writes is what the gateway reads."""
import socket
import ssl


class Response:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        self.head = head.decode("latin-1")
        lines = self.head.split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if lines[0] else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()

    def text(self):
        return self.body.decode()


def open_socket(host, port, tls=False, timeout=30, receive_buffer=None):
    plain = socket.socket()
    plain.settimeout(timeout)
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.connect((host, port))
    if not tls:
        return plain
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # self-signed
    return context.wrap_socket(plain, server_hostname="localhost")


def send_raw(host, port, data, tls=False):
    """Sends bytes as they are and reads until the gateway closes; b"" where it closed without an answer."""
    with open_socket(host, port, tls) as sock:
        try:
            sock.sendall(data)
        except OSError:
            pass  # it may have refused before everything was sent
        return read_all(sock)


def read_all(sock):
    data = b""
    while True:
        try:
            chunk = sock.recv(65536)
        except ConnectionResetError:
            return data
        if not chunk:
            return data
        data += chunk


def request(host, port, method, path, tls=False, headers=None, body=b""):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return Response(send_raw(host, port, ("\r\n".join(lines) + "\r\n\r\n").encode() + body, tls))
