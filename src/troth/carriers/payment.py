"""Payment: a charge, a refund or a token's release on its way to the firm that takes payments, and back.

INVARIANT (sealed or not at all): a card leaves over TLS 1.2 or later and in no other way, on this machine
too.  No redirect is followed.  A charge carries its permit; each is named by a key of its own, so that one
sent twice is taken once.  An answer that is none is an error, and no payment.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from troth.carriers.party import signature
from troth.terms import Permit, TrothError

LONGEST = 64 * 1024  # bytes of an answer
_OWED = frozenset({"release"})  # that a token must go is owed to its person, and asks no permit


class NotCharged(TrothError):
    """The firm that takes payments gave no answer, or was not asked; nothing was paid."""

    def __init__(self, member: str, reason: str) -> None:
        super().__init__(f"{member} took nothing: {reason}; nothing was paid, try again later")


class Asked(Protocol):
    """What is asked; the gate's ``Charge`` is one."""

    @property
    def permit(self) -> Permit | None: ...
    @property
    def member(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def body(self) -> Mapping[str, object]: ...


@dataclass(frozen=True, slots=True)
class Acquirer:
    """Asks one firm at its address: ``POST URL/charge``, ``/refund``, ``/release``; signed as a webhook."""

    url: str
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    timeout: float = 20.0

    def __call__(self, asked: Asked) -> Mapping[str, object]:
        """Return the firm's answer; raise ``NotCharged`` when it gives none."""
        address = urlsplit(self.url)
        if not isinstance(asked.permit, Permit) and asked.kind not in _OWED:
            raise NotCharged(asked.member, "the charge carries no permit")
        if address.scheme != "https" or not address.hostname:
            raise NotCharged(asked.member, "its address is not an https address")
        body = json.dumps(dict(asked.body), ensure_ascii=False, sort_keys=True).encode()
        path = f"{address.path.rstrip('/')}/{asked.kind}"
        try:
            status, raw = self._post(address.netloc, path, asked.key, body)
            told = json.loads(raw) if status == 200 else None
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise NotCharged(asked.member, type(error).__name__) from None
        if not isinstance(told, dict):
            raise NotCharged(asked.member, f"it answered {status}")
        return {str(name): value for name, value in told.items()}

    def _post(self, netloc: str, path: str, key: str, body: bytes) -> tuple[int, bytes]:
        moment = int(self.clock().timestamp())
        number = hashlib.sha256(key.encode()).hexdigest()[:32]
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": number,
            "webhook-id": number,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(self.secret, number, moment, body),
        }
        sealed = ssl.create_default_context()
        sealed.minimum_version = ssl.TLSVersion.TLSv1_2
        connection = http.client.HTTPSConnection(netloc, timeout=self.timeout, context=sealed)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(LONGEST)
        finally:
            connection.close()
