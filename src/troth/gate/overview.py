"""Overview: what the people who run the house see of everybody: tags, dates and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from troth.gate.ask import requests_of
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.values import Asked, Entry, Overview
from troth.kernel.calendar import start_of
from troth.terms import Form

MOST, LATEST = 500, 200


def overview(house: House, *, people: int = MOST, latest: int = LATEST) -> Overview:
    """Return the people by tag with how much is held, open and answered requests, and the last evidence."""
    found: list[tuple[str, int]] = []
    asked: list[Asked] = []
    nobodys = frozenset(_about_nobody(house))
    for person in islice(house.store.persons(), people):
        records = standing(house, person)
        held = [r for r in records if r.data not in nobodys]
        asked += requests_of(house, records)
        if held:
            found.append((house.store.tag(person=person), len(held)))
    told = list(entries(house))
    return Overview(
        tuple(found),
        tuple(sorted(asked, key=lambda a: a.due)),
        tuple(told[-latest:]),
        forecast(house),
        house.store.checkpoint(),
    )


def _about_nobody(house: House) -> Iterator[str]:
    """Name the categories that make nobody a person in a list: the gate's own, and what is anonymous."""
    yield from (house.kinds[kind] for kind in ("events", "silence", "register", "reviews"))
    yield from (name for name, datum in house.data.items() if datum.form is Form.ANONYMOUS)


def forecast(house: House) -> tuple[tuple[datetime, str, int], ...]:
    """Return how many records of which data go on which day, soonest first."""
    zone = house.policy.zone
    counted = house.store.due_counts(zone=zone)
    hidden = house.kinds["events"]
    return tuple((start_of(day, zone), data, n) for day, data, n in counted if data != hidden)


def entries(house: House, *, start: int = 0) -> Iterator[Entry]:
    """Yield the evidence from an entry on."""
    for leaf in house.store.leaves(start=start):
        yield Entry(leaf.index, datetime.fromisoformat(leaf.at), leaf.kind, leaf.clause, leaf.detail)


def open_requests(house: House) -> tuple[Asked, ...]:
    """Return every request that waits for an answer, the nearest date first."""
    found = [a for p in house.store.persons() for a in requests_of(house, standing(house, p))]
    return tuple(sorted((a for a in found if a.answered is None), key=lambda a: a.due))
