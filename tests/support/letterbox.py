"""Letterbox: letters to a company by a real SMTP connection, signed as their sender's domain would sign them.

DNS is a table in the test: the domain's key and its DMARC record stand in it, and nothing else does.
"""

from __future__ import annotations

import base64
import smtplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cache

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from deployment import Deployment

from troth.runtime import receiving

OPT_OUT = "Opt-out of telemarketing and addressed advertising"


@cache
def key() -> tuple[bytes, str]:
    """Return one private key in PEM and its public half as DNS publishes it."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = made.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, base64.b64encode(public).decode()


@dataclass
class Letterbox:
    """The open door of a company's mailboxes."""

    port: int
    names: dict[str, str] = field(default_factory=dict)  # DNS: name → TXT

    def publish(self, domain: str, policy: str = "reject") -> None:
        """Let a domain have a key and a DMARC record."""
        self.names[f"s1._domainkey.{domain}"] = f"v=DKIM1; k=rsa; p={key()[1]}"
        self.names[f"_dmarc.{domain}"] = f"v=DMARC1; p={policy}"

    def post(
        self,
        sender: str,
        box: str,
        subject: str,
        text: str = "",
        *,
        signed: bool = True,
        envelope: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Send a letter; return what the server said, '' when it took it."""
        return self.deliver(sent(sender, box, subject, text, headers), sender, box, signed, envelope)

    def deliver(
        self, raw: bytes, sender: str, box: str, signed: bool = True, envelope: str | None = None
    ) -> str:
        """Hand a message over as it is."""
        domain = sender.rpartition("@")[2].encode()
        seal = (
            dkim.sign(raw, b"s1", domain, key()[0], include_headers=[b"from", b"subject"]) if signed else b""
        )
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as server:
            try:
                server.sendmail(sender if envelope is None else envelope, [box], seal + raw)
            except smtplib.SMTPRecipientsRefused as no:
                return "".join(f"{code} {said.decode()}" for code, said in no.recipients.values())
            except smtplib.SMTPResponseException as no:
                return f"{no.smtp_code} {no.smtp_error!r}"
        return ""


def sent(
    sender: str, box: str, subject: str, text: str = "", headers: Mapping[str, str] | None = None
) -> bytes:
    """Return a message as its sender's program writes it; ``subject`` may be encoded already."""
    message = EmailMessage()
    message["From"], message["To"] = sender, box
    message["Message-ID"] = "<one@mail.example>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text or " ")
    whole = message.as_bytes()
    return b"Subject: " + subject.encode() + b"\r\n" + whole.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@contextmanager
def letterbox(house: Deployment) -> Iterator[Letterbox]:
    """Open the mailboxes of a company on a free port of this machine."""
    names: dict[str, str] = {}
    with receiving([house.company], "127.0.0.1", 0, lookup=lambda n: names.get(n.rstrip("."), "")) as port:
        yield Letterbox(port, names)
