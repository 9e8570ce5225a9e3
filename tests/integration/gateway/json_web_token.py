"""Signs tokens as an application would: RFC 7519, HS256."""
import base64
import hashlib
import hmac
import json


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(claims, secret, algorithm="HS256", kind="JWT"):
    head = _base64url(json.dumps({"alg": algorithm, "typ": kind}).encode())
    signed = head + "." + _base64url(json.dumps(claims).encode())
    return signed + "." + _base64url(hmac.new(secret if isinstance(secret, bytes) else secret.encode(), signed.encode(), hashlib.sha256).digest())
