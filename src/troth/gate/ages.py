"""Ages: how old a person is, by the day they were born or by what they said; whom the document refuses by it.

A day of birth tells the age on any later day and goes before what was declared.  Its one rule: *what a record
tells of an age counts from the moment it is handed in*, so that no record of a child is kept to find it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from troth.policy.model import Children, Keep
from troth.store import Record

if TYPE_CHECKING:
    from troth.gate.house import House

BORN, AGE = "born", "age"
Told = tuple[datetime, int]  # since when a person is so many years old, at the least


def years(born: date, day: date) -> int:
    """Return the full years from a birth to a day; 29 February is turned on 1 March.

    >>> years(date(2006, 3, 11), date(2024, 3, 10)), years(date(2006, 3, 10), date(2024, 3, 10))
    (17, 18)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def said(house: House, data: str, body: Mapping[str, Any], now: datetime) -> int | None:
    """Return the age that a body handed in now tells; None when it tells none."""
    found = None
    for part in house.datum(data).fields:
        value = body.get(part.name)
        if value and part.type == BORN:
            return years(date.fromisoformat(str(value)), now.date())
        if value and part.type == AGE:
            found = int(str(value))
    return found


def ages_of(house: House, record: Record, body: Mapping[str, Any]) -> Iterable[Told]:
    """Yield what a record declares of its person's age, with the moment from which it counts."""
    for part in house.data[record.data].fields:
        if part.type == AGE and part.name in body and record.meta.collected:
            yield datetime.fromisoformat(record.meta.collected), int(str(body[part.name]))


def births_of(house: House, record: Record, body: Mapping[str, Any]) -> Iterable[tuple[datetime, date]]:
    """Yield the day on which a record says its person was born, with the moment it was handed in."""
    for part in house.data[record.data].fields:
        if part.type == BORN and body.get(part.name) and record.meta.collected:
            yield datetime.fromisoformat(record.meta.collected), date.fromisoformat(str(body[part.name]))


def refusing(house: House, age: int | None) -> Children | None:
    """Return the rule that refuses somebody of this age; None when there is none, or the age is not known."""
    if age is None:
        return None
    return next((c for c in house.policy.of(Children) if c.refuse and age < c.under), None)


def younger(house: House, age: int | None) -> frozenset[str]:
    """Return the words in which keep rules speak of somebody of this age: ``under 18``."""
    limits = {k.guard.under_age for k in house.policy.of(Keep)} - {None}
    return frozenset(f"under {n}" for n in limits if age is not None and n is not None and age < n)
