"""Owed: whose invoice is past its day; the fact that they owe is raised, and who may be reminded is told.

Reminding is a use of the book for its own purpose, decided for each person, so that an objection stops it.
Which order was reminded of, and when, stands in the evidence: no one is asked twice in the time between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from troth.gate.errors import Unknown
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.means import FAILED, IN, OPEN, OWED, body_of, means
from troth.gate.read import may
from troth.kernel.calendar import local_day
from troth.terms import Action, Allowed, Request

KIND = "reminded"


@dataclass(frozen=True, slots=True)
class Owing:
    """An invoice that is past its day."""

    person: int
    order: str
    amount: str
    due: date


def owed(house: House, *, purpose: str, fact: str, after: int, between: int) -> Iterator[Owing]:
    """Yield each invoice to be reminded of now: ``after`` days past its day, ``between`` days after the last.

    Whoever owes is known to owe from the day after the day itself.
    """
    words = means(house)
    if fact not in house.facts:
        raise Unknown("fact", fact)
    today = local_day(house.clock(), house.policy.zone)
    for person in house.store.find_all(namespace=OWED, value=OPEN):
        late = [one for one in _lines(house, person, words.book) if one.due < today]
        if late:
            _raise(house, person, fact)
        ripe = [one for one in late if one.due + timedelta(days=after) <= today]
        if ripe and isinstance(_may(house, person, words.book, purpose), Allowed):
            yield from (one for one in ripe if _rested(house, one, today, between))


def reminded(house: House, *, person: int, order: str, purpose: str) -> None:
    """Note that the person was reminded of an order."""
    with opened(house, person) as folder:
        folder.note(KIND, house.purposes[purpose].clause, order=order, purpose=purpose)


def _lines(house: House, person: int, book: str) -> Iterator[Owing]:
    for body in (body_of(r) for r in standing(house, person, frozenset({book}))):
        if body.get("direction") == IN and body.get("state") in (OPEN, FAILED) and body.get("due"):
            yield Owing(person, str(body["order"]), str(body["amount"]), date.fromisoformat(body["due"]))


def _raise(house: House, person: int, fact: str) -> None:
    with opened(house, person) as folder:
        if fact not in folder.state.facts:
            folder.happen(fact)
            folder.note("fact raised", house.facts[fact].clause, name=fact)


def _may(house: House, person: int, book: str, purpose: str) -> object:
    return may(house, person=person, request=Request(Action.USE, book, purpose))


def _rested(house: House, one: Owing, today: date, between: int) -> bool:
    last = [
        local_day(datetime.fromisoformat(leaf.at), house.policy.zone)
        for leaf in house.store.trail(person=one.person)
        if leaf.kind == KIND and leaf.detail.get("order") == one.order
    ]
    return not last or max(last) + timedelta(days=between) <= today
