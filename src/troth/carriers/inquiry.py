"""Inquiry: a signed question to one business's own connector, and its answer as plain fields.

It carries the permit under which the answer may be kept.  The question names the person by a reference made
for that business alone.  No redirect is followed: what is asked goes to the address that was agreed.
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

from troth.carriers.party import NotDelivered
from troth.carriers.signed import Unanswered, post
from troth.terms import Permit

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class Asked(Protocol):
    """What is asked; the gate's ``Inquiry`` is one."""

    @property
    def permit(self) -> Permit: ...
    @property
    def member(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def data(self) -> str: ...
    @property
    def fields(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Connector:
    """Asks one business at its address, signed as ``Webhook`` signs a delivery."""

    url: str
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    timeout: float = 10.0

    def __call__(self, asked: Asked) -> Mapping[str, object]:
        """Return the fields that the business tells; raise ``NotDelivered`` when it tells none."""
        address = urlsplit(self.url)
        if not isinstance(asked.permit, Permit):
            raise NotDelivered(asked.member, "the question carries no permit")
        if not address.hostname or (address.scheme != "https" and address.hostname not in _HERE):
            raise NotDelivered(asked.member, "its connector is not an https address")
        said = {"reference": asked.reference, "data": asked.data, "fields": list(asked.fields)}
        body = json.dumps(said, sort_keys=True).encode()
        moment = int(self.clock().timestamp())
        number = hashlib.sha256(body + str(moment).encode()).hexdigest()[:32]
        line = _line(address.scheme, address.netloc, self.timeout)
        try:
            return post(line, address.path or "/", body, secret=self.secret, number=number, moment=moment)
        except Unanswered as silence:
            raise NotDelivered(asked.member, str(silence)) from None


def _line(scheme: str, netloc: str, timeout: float) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=timeout)
    return http.client.HTTPSConnection(netloc, timeout=timeout, context=ssl.create_default_context())
