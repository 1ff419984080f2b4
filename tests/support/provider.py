"""Provider: a service that says who somebody is, on this machine, after OpenID Connect Core and RFC 7636.

It insists on the client, its secret, the way back and the verifier, gives each code once, and knows far more
of its people than it is asked for.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "smartcomms-example", "s3cret"
CONTACTS = [f"friend-{n}@elsewhere.example" for n in range(200)]
ADA = {
    "sub": "net-4711",
    "given_name": "Ada",
    "family_name": "Byron",
    "name": "Ada Byron",
    "email": "ada@net.example",
    "email_verified": True,
    "birthdate": "1815-12-10",
    "contacts": CONTACTS,
}


@dataclass
class Provider:
    """What the service keeps; ``change`` alters its signed answers, as a faulty or false one would."""

    clock: Any
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    who: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    change: dict[str, Any] = field(default_factory=dict)
    sign_with: RSAKey | None = None
    issuer: str = ""

    def allow(self, address: str, *, yes: bool = True) -> str:
        """Do what a signed-in person does at the address: allow or decline; return where they are sent."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.asked.append(asked)
        said = {"state": asked["state"], "iss": self.issuer}
        if not yes:
            return f"{asked['redirect_uri']}?{urlencode({**said, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({**said, 'code': code})}"

    def token(self, form: Mapping[str, str]) -> dict[str, Any] | None:
        """Answer a code once, to who began with it."""
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != proof or form.get("client_secret") != SECRET:
            return None
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return None
        now = int(self.clock().timestamp())
        claims = {**self.who, "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], **self.change}
        key = self.sign_with or self.key
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
        return {"access_token": "at", "token_type": "Bearer", "id_token": signed}

    def answer(self, path: str) -> dict[str, Any] | None:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return {"issuer": self.issuer, **{k: self.issuer + v for k, v in ends.items()}}
        return dict(KeySet([self.key]).as_dict(private=False)) if path == "/keys" else None


@contextmanager
def provided(clock: Any) -> Iterator[Provider]:
    """Run such a service on a free port of this machine."""
    made = Provider(clock)

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.give(made.answer(urlsplit(self.path).path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self.give(made.token({k: v[0] for k, v in parse_qs(body).items()}))

        def give(self, said: dict[str, Any] | None) -> None:
            self.send_response(200 if said is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said or {"error": "invalid_grant"}).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
