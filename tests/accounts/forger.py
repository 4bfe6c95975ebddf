"""A provider that says whatever a test wants: tokens of others, expired, wrongly signed, and pages that are no JSON."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import reverse
from jwt.utils import base64url_encode

from tests.accounts.steps import Answer, asked, go

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key: rsa.RSAPrivateKey, **more: str) -> dict[str, Any]:
    described: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return described | {"use": "sig", "alg": "RS256"} | more


class Forger:
    """What the provider says: set `token`, `userinfo`, `keys` … before the reader comes back."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.token: dict[str, Any] = {}  # what differs from a good id_token; None takes a claim out
        self.header: dict[str, Any] = {"kid": "one"}
        self.key: Any = KEY
        self.algorithm: str | None = "RS256"
        self.userinfo: dict[str, Any] = {"sub": "mallory"}
        self.keys: list[dict[str, Any]] = [public(KEY, kid="one")]
        self.answers: dict[str, tuple[int, str]] = {}  # what a path answers instead: status and body
        self.asked: list[str] = []
        self.nonce = ""
        self.sign_with_public_key = False
        self.names_itself = False
        self.pause = 0.0  # seconds between two bytes of an answer's beginning
        self.drips: set[str] = set()  # paths whose headers come byte by byte, and never end
        self.late = 0.0  # seconds before each answer
        self.padded = ""  # the path whose answer begins with three megabytes of blanks

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Self]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = urlsplit(self.path).path
                time.sleep(forger.late)
                if path in forger.drips:
                    with suppress(ConnectionError):
                        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
                        for _byte in range(800):
                            self.wfile.write(b"x")
                            time.sleep(0.05)
                    return
                status, body = forger.answer(path)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                with suppress(ConnectionError):  # who asked does not wait for the end
                    for byte in body[:200] if forger.pause else "":
                        self.wfile.write(byte.encode())
                        time.sleep(forger.pause)
                    self.wfile.write(body[200 if forger.pause else 0 :].encode())

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.do_GET()

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        forger = cls(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield forger
        finally:
            server.shutdown()
            server.server_close()

    def answer(self, path: str) -> tuple[int, str]:
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        content: dict[str, Any] = {
            "/.well-known/openid-configuration": {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
                "authorization_response_iss_parameter_supported": self.names_itself,
            },
            "/jwks": {"keys": self.keys},
            "/token": {"access_token": "opaque", "token_type": "Bearer", "id_token": self.id_token()},
            "/userinfo": self.userinfo,
        }
        blanks = " " * 3_000_000 if path == self.padded else ""
        return (200, blanks + json.dumps(content[path])) if path in content else (404, "{}")

    def id_token(self) -> str:
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "aud": "parvis",
            "sub": "mallory",
            "exp": now + 300,
            "iat": now,
            "nonce": self.nonce,
        }
        payload = {name: value for name, value in (good | self.token).items() if value is not None}
        if self.sign_with_public_key:
            return self._hmac(payload)
        return jwt.encode(payload, self.key, algorithm=self.algorithm, headers=self.header)

    def logout_token(self, header: dict[str, Any] | None = None, **differs: Any) -> str:
        """Return a good logout token for mallory, but for what `differs`; None takes a claim out."""
        good = {
            "iss": self.issuer,
            "aud": "parvis",
            "sub": "mallory",
            "iat": int(time.time()),
            "exp": int(time.time()) + 120,
            "jti": secrets.token_hex(8),
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }
        payload = {name: value for name, value in (good | differs).items() if value is not None}
        if self.sign_with_public_key:
            return self._hmac(payload)
        typed = {"typ": "logout+jwt"} | self.header | (header or {})
        return jwt.encode(payload, self.key, algorithm=self.algorithm, headers=typed)

    def _hmac(self, payload: dict[str, Any]) -> str:
        """Return a token whose HS256 secret is the public key, which anyone knows. PyJWT refuses to make one."""
        pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        parts = [{"alg": "HS256", "typ": "JWT", "kid": "one"}, payload]
        signed = b".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
        return (signed + b"." + base64url_encode(hmac.digest(pem, signed, "sha256"))).decode()

    def sign_in(self, client: Client, *, next: str = "/en/", **answer: str) -> Answer:
        """Ask to sign in and come back at once with a code, as if the reader had signed in there."""
        sent = asked(go(client, next=next))
        self.nonce = sent["nonce"]
        query = {"code": "any", "state": sent["state"]} | answer
        return client.get(f"{reverse('oidc_authentication_callback')}?{urlencode(query)}")
