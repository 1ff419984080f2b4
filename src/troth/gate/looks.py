"""Looks: who of the house looked at the people of a group, for whoever looks after that group.

The security log of each person says it.  A look under a grant of which the law forbids to tell is decided as
the document says: with the fact of that ban.  Its one rule: *no name of staff goes out*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.gate.clock import Reckoning
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.grant import grants
from troth.gate.house import House
from troth.gate.room import Glance, decided, fellows, viewer_facts
from troth.terms import Allowed


@dataclass(frozen=True, slots=True)
class Seen:
    """One look of the house's: at whom (a person), when, in which role, at what, why."""

    person: int
    at: datetime
    role: str
    data: str
    purpose: str
    reason: str = ""
    records: int | None = None  # how many were shown, where the log says it


def group_looks(house: House, *, viewer: int, purpose: str, role: str) -> tuple[Seen, ...]:
    """Return every look at somebody of the viewer's group that the document lets them see, the last first."""
    log = house.kinds["trail"]
    facts, asked = viewer_facts(house, viewer), Glance(viewer, log, purpose, role).request()
    known_by = {g.number: g for g in grants(house)}
    found: list[Seen] = []
    for person in fellows(house, person=viewer):
        records = standing(house, person, house.telling | {log})
        mind = Reckoning(house, known(house, records), house.clock())
        for record in records:
            body = record.body if record.data == log and isinstance(record.body, dict) else {}
            if body.get("act") != "shown":
                continue
            under = known_by.get(str(body.get("grant", "")))
            bar = {under.bar} if under and under.silent and under.silent > mind.now else set()
            if isinstance(decided(mind, asked, facts | bar), Allowed):
                found.append(_seen(person, body))
    return tuple(sorted(found, key=lambda s: s.at, reverse=True))


def _seen(person: int, body: Mapping[str, str]) -> Seen:
    at, records = datetime.fromisoformat(body["at"]), body.get("records", "")
    many = int(records) if records else None
    return Seen(person, at, body["role"], body["data"], body["purpose"], body.get("reason", ""), many)
