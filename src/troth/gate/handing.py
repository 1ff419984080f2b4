"""Handing: a person's own file goes to whom they named, once, with its evidence (GDPR Art. 20(2)).

It is no sharing of ours: the person decides where to, confirms it, and the request is their case.  INVARIANT
(once): the request is answered in the deed that sends, so that it cannot be sent a second time, and what the
address does not take leaves the request open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from troth.gate.ask import asked_of, request_of
from troth.gate.errors import GateError
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.values import Asked

RIGHT, SCHEME = "carry", "https://"


def hand_over(house: House, *, person: int, number: str, host: str, send: Callable[[str], object]) -> Asked:
    """Send by the address of an open request and answer it; ``send`` raises when nobody took the file.

    ``host`` is named by the evidence.  Raises ``GateError`` for a request that names no address or is over.
    """
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        if body["right"] != RIGHT or not str(body.get("about", "")).startswith(SCHEME):
            raise GateError(f"request {number} names no address to send to")
        if body.get("answered"):
            raise GateError(f"request {number} was answered before; ask anew to send it again")
        done = {"answered": folder.now.astimezone(UTC).isoformat(), "outcome": "granted", "text": host}
        folder.rewrite(rid, {**body, **done})
        folder.note("handed over", str(body.get("clause", "")), right=RIGHT, number=number, host=host)
        send(str(body["about"]))
        return asked_of(house, folder.get(rid))
