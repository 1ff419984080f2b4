"""Party: what goes out to a partner: into a mailbox that the partner reads, or to its own address by webhook.

A delivery carries the permit under which it goes and the fields that passed, nothing else.  Whether it may
go was decided before; a carrier only insists that somebody did.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import ssl
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from troth.terms import Permit, TrothError

KEPT = 1000  # deliveries a mailbox remembers; the oldest goes first
_OWED = frozenset({"correction", "erasure", "stop", "breach"})
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class NotDelivered(TrothError):
    """A partner did not take a delivery; nothing of its content is told."""

    def __init__(self, party: str, reason: str) -> None:
        super().__init__(f"{party} did not take the delivery: {reason}; check its address in parties.toml")


class Delivery(Protocol):
    """What goes to a party; the gate's ``Delivery`` is one."""

    @property
    def permit(self) -> Permit | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def party(self) -> str: ...
    @property
    def member(self) -> str: ...
    @property
    def body(self) -> Mapping[str, object]: ...


class Mailbox:
    """What was delivered, oldest first, in memory and bounded; each partner reads its own."""

    def __init__(self, *, kept: int = KEPT) -> None:
        self._held: deque[Delivery] = deque(maxlen=kept)
        self._lock = threading.Lock()

    def __call__(self, delivery: Delivery) -> None:
        """Take a delivery; raise ``NotDelivered`` for one that has no permit."""
        insist(delivery)
        with self._lock:
            self._held.append(delivery)

    def of(self, party: str, member: str = "") -> tuple[Delivery, ...]:
        """Return what went to this party, or to this member of an open class."""
        with self._lock:
            return tuple(d for d in self._held if (d.party, d.member) == (party, member))

    def erase(self, value: str) -> int:
        """Forget every delivery that holds this value, and say how many there were."""
        wanted = value.strip().casefold()
        with self._lock:
            left = [d for d in self._held if wanted not in {str(v).casefold() for v in d.body.values()}]
            gone = len(self._held) - len(left)
            self._held.clear()
            self._held.extend(left)
        return gone


@dataclass(frozen=True, slots=True)
class Webhook:
    """A carrier to one partner's address, signed so that the partner knows who sent it and when.

    The signature is HMAC-SHA256 over id, moment and body, in the headers that Standard Webhooks names.
    """

    url: str
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    timeout: float = 10.0

    def __call__(self, delivery: Delivery) -> None:
        """Post a delivery once; raise ``NotDelivered`` unless the partner answers with 2xx."""
        insist(delivery)
        address = urlsplit(self.url)
        if not address.hostname or (address.scheme != "https" and address.hostname not in _HERE):
            raise NotDelivered(delivery.party, "its address is not an https address")
        body = payload(delivery)
        moment = int(self.clock().timestamp())
        number = hashlib.sha256(body + str(moment).encode()).hexdigest()[:32]
        headers = {
            "Content-Type": "application/json",
            "webhook-id": number,
            "webhook-timestamp": str(moment),
            "webhook-signature": signature(self.secret, number, moment, body),
        }
        try:
            status = self._post(address.hostname, address.port, address.path or "/", body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise NotDelivered(delivery.party, type(error).__name__) from None
        if not 200 <= status < 300:
            raise NotDelivered(delivery.party, f"it answered {status}")

    def _post(self, host: str, port: int | None, path: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post without following redirects: the data go to the address that was agreed, or nowhere."""
        connection = (
            http.client.HTTPConnection(host, port, timeout=self.timeout)
            if self.url.startswith("http://")
            else http.client.HTTPSConnection(
                host, port, timeout=self.timeout, context=ssl.create_default_context()
            )
        )
        try:
            connection.request("POST", path, body, dict(headers))
            return connection.getresponse().status
        finally:
            connection.close()


def payload(delivery: Delivery) -> bytes:
    """Return what goes over the wire: for whom, for what, by which clauses, and the fields."""
    permit = delivery.permit
    said = {
        "kind": delivery.kind,
        "party": delivery.party,
        "member": delivery.member,
        "purpose": permit.request.purpose if permit else "",
        "clauses": [clause.ref for clause in permit.clauses] if permit else [],
        "data": dict(delivery.body),
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()


def signature(secret: bytes, number: str, moment: int, body: bytes) -> str:
    """Return the signature a partner recomputes and compares.

    >>> signature(b"s", "1", 0, b"{}")
    'v1,BDOVH75nmSyhlfFOroeoxr4bNYCdPecEY2CyazqI99A='
    """
    signed = f"{number}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()


def insist(delivery: Delivery) -> None:
    """Refuse a share that carries no permit.

    Word of a correction, an erasure, a stop or a breach is owed (GDPR Art. 7(3), 19, 33(2)) and names data
    only, so it may have none.
    """
    if not isinstance(delivery.permit, Permit) and delivery.kind not in _OWED:
        raise NotDelivered(delivery.party, "it carries no permit")
