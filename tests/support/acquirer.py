"""Acquirer: a firm that takes payments, on a port of its own over TLS, and what it was sent."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

GOOD, DECLINED = "4111 1111 1111 1111", "4000 0000 0000 0002"
IBAN = "GB33BUKB20201555555555"


@dataclass
class Firm:
    """What the firm was sent, and its tokens."""

    address: str = ""
    certificate: Path = Path()
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Take a charge, a refund or a release once; the same key gets the same answer."""
        if key not in self.done:
            self.got.append((kind, body))
            self.done[key] = self._take(kind, body)
        return self.done[key]

    def _take(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        if kind == "release":
            self.tokens.discard(body["token"])
            return {"state": "released"}
        if kind == "refund":
            return {"state": "refunded"}
        card = body.get("card", "")
        number = card["number"] if isinstance(card, dict) else card
        if number == DECLINED.replace(" ", ""):
            return {"state": "declined"}
        token = f"tok-{len(self.done)}"
        self.tokens.add(token)
        return {"state": "paid", "token": token, "reference": f"ref-{len(self.done)}"}


@contextmanager
def acquirer(folder: Path, *, sealed: bool = True) -> Iterator[Firm]:
    """Serve a firm; ``certificate`` is what a client must trust."""
    firm = Firm()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = json.loads(self.rfile.read(length))
            said = firm.answer(self.path.strip("/"), self.headers["Idempotency-Key"], body)
            raw = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if sealed:
        firm.certificate = folder / "firm.pem"
        firm.certificate.write_bytes(_certificate())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(firm.certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if sealed else "http"
    firm.address = f"{scheme}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield firm
    finally:
        server.shutdown()
        server.server_close()


def _certificate() -> bytes:
    """Make a key and a certificate for this machine, as one PEM."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, plain)
    return secret + made.public_bytes(serialization.Encoding.PEM)
