"""Browsers: those from which a person has signed in, and how long one of them stays signed in.

Each is a random number with the digest of what the browser calls itself, in the person's own log of moments;
it goes with the person.  A number that was ended opens nothing, whoever holds its ticket.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.ticket import holder, ticket

MOST = 20  # browsers remembered of one person; the oldest is forgotten first


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser that stays signed in: its number, what it is called, since when and until when."""

    number: str
    name: str
    since: datetime
    until: datetime


def seen_from(house: House, *, person: int, name: str) -> bool:
    """Note that a person signed in from a browser of this name; say whether another one is known already
    and this one is new, so that its person is better told."""
    mark = house.store.tag(person=person, label=f"browser:{name}")[:16]
    with opened(house, person) as folder:
        known = list(folder.marks.get("seen-from", []))
        if mark in known:
            return False
        folder.mark(**{"seen-from": [*known, mark][-MOST:]})
    return bool(known)


def stay(house: House, *, person: int, name: str, until: datetime) -> str:
    """Let a browser stay signed in until then, and return the secret it comes back with."""
    number = secrets.token_hex(8)
    now = house.clock().astimezone(UTC)
    row = {"name": name[:80], "since": now.isoformat(), "until": until.astimezone(UTC).isoformat()}
    with opened(house, person) as folder:
        rows = {**folder.marks.get("browsers", {}), number: row}
        folder.mark(browsers=dict(list(rows.items())[-MOST:]))
        folder.note("stays signed in")
    return f"{number}.{ticket(house, person=person, deed=_deed(number))}"


def staying(house: House, *, token: str) -> int | None:
    """Return who comes back with this secret; None for one that is forged, ended or over."""
    number, _, rest = token.partition(".")
    person = holder(house, ticket=rest, deed=_deed(number)) if number and rest else None
    if person is None:
        return None
    return person if number in {b.number for b in browsers(house, person=person)} else None


def browsers(house: House, *, person: int) -> tuple[Browser, ...]:
    """Return the browsers that stay signed in now, the newest first."""
    bodies = (r.body for r in standing(house, person, frozenset({house.kinds["events"]})))
    rows: Mapping[str, Mapping[str, str]] = next(
        (b.get("browsers", {}) for b in bodies if isinstance(b, dict)), {}
    )
    found = (
        Browser(n, r["name"], datetime.fromisoformat(r["since"]), datetime.fromisoformat(r["until"]))
        for n, r in rows.items()
    )
    now = house.clock()
    return tuple(sorted((b for b in found if b.until > now), key=lambda b: b.since, reverse=True))


def end_browsers(house: House, *, person: int, number: str = "") -> None:
    """End one browser's staying, or every one's."""
    with opened(house, person) as folder:
        rows = {n: r for n, r in folder.marks.get("browsers", {}).items() if number and n != number}
        folder.mark(browsers=rows)
        folder.note("signed out", one=bool(number))


def _deed(number: str) -> str:
    return f"stay {number}"
