"""Prove: a request that came from outside is bound to its writer by a link that went to their own address.

The link's secret is kept as a digest and dies with the request's answer.  INVARIANT (nobody before the link):
what a request from outside asks for is done only after its link was used.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from troth.gate.ask import asked_of, is_request, request_of
from troth.gate.errors import NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.values import Asked

LINK = "link"


def link(house: House, *, person: int, number: str, within: timedelta | None = None) -> str:
    """Return the secret of a request's link, to be sent to the person's own address; the last one counts.

    ``within``: how long it is good; left out, until the request is answered.
    """
    token = secrets.token_urlsafe(24)
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        until = {"until": (folder.now + within).astimezone(UTC).isoformat()} if within else {}
        folder.rewrite(
            rid, {**{k: v for k, v in body.items() if k != "until"}, LINK: _digest(token), **until}
        )
        folder.deed.index(namespace=LINK, value=token)
        folder.note("identity asked", number=number)
    return token


def linked(house: House, *, token: str) -> tuple[int, Asked] | None:
    """Return whose request a link stands for; None when there is none, or it was answered."""
    person = house.store.find(namespace=LINK, value=token) if token else None
    for record in standing(house, person) if person is not None else ():
        body = record.body if is_request(house, record) else None
        if (
            isinstance(body, dict)
            and not body.get("answered")
            and not _over(body, house.clock())
            and hmac.compare_digest(str(body.get(LINK, "")), _digest(token))
        ):
            return record.person, asked_of(house, record)
    return None


def confirm(house: House, *, token: str) -> tuple[int, Asked]:
    """Write down that the link was used: the request is its person's; raise ``NoRecord`` for a dead link."""
    found = linked(house, token=token)
    if found is None:
        raise NoRecord("of this link")
    person, asked = found
    with opened(house, person) as folder:
        rid, body = request_of(folder, asked.number)
        folder.rewrite(rid, {**body, "confirmed": folder.now.astimezone(UTC).isoformat()})
        folder.note("request confirmed", str(body.get("clause", "")), number=asked.number)
        return person, asked_of(house, folder.get(rid))


def _over(body: Mapping[str, Any], now: datetime) -> bool:
    until = body.get("until")
    return bool(until) and datetime.fromisoformat(str(until)) <= now


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
