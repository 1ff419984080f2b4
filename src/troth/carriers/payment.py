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

from troth.carriers.signed import Unanswered, post
from troth.terms import Permit, TrothError

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
        number = hashlib.sha256(asked.key.encode()).hexdigest()[:32]
        sealed = ssl.create_default_context()
        sealed.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            return post(
                http.client.HTTPSConnection(address.netloc, timeout=self.timeout, context=sealed),
                path,
                body,
                secret=self.secret,
                number=number,
                moment=int(self.clock().timestamp()),
                more={"Idempotency-Key": number},
            )
        except Unanswered as silence:
            raise NotCharged(asked.member, str(silence)) from None
