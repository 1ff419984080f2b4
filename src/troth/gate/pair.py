"""Pair: data ``of two people``: a half in each folder, made with the ground of both, gone with the first.

The halves bear one number, by which each finds the other; it is kept as a keyed digest that dies with its
person.  INVARIANT (both or none): a half whose other half is gone is told to nobody, and the deed in which
one went takes the other (``folder``).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping

from troth.gate.body import checked
from troth.gate.errors import BadBody, NoRecord
from troth.gate.folder import PAIR, opened, standing
from troth.gate.house import House
from troth.gate.read import may, read
from troth.gate.values import Held
from troth.terms import Action, Allowed, Permit, Refused, Request

Body = Mapping[str, object]


def pair(
    house: House,
    *,
    person: int,
    other: int,
    data: str,
    purpose: str,
    source: str = "device",
    bodies: tuple[Body, Body] = ({}, {}),
) -> str:
    """Write both halves and return their number; raise ``Refused`` when either's ground is lacking.

    ``bodies``: what stands in the person's half and in the other's, beside the number and a pseudonym.
    """
    datum = house.datum(data)
    if not datum.of_two or person == other:
        raise BadBody(data, "", "a pair is of two people, in a category that the document says is of two")
    number = secrets.token_hex(6)
    asked = Request(Action.COLLECT, data, purpose, source=source)
    with house.lock:
        permits = [_insist(house, one, asked) for one in (person, other)]
        for one, mate, body, permit in zip((person, other), (other, person), bodies, permits, strict=True):
            friend = house.store.tag(person=mate, label=f"{data}:{number}")
            half = checked(datum, {**body, "pair": number, "friend": friend})
            with opened(house, one) as folder:
                folder.put(
                    data,
                    half,
                    purposes=(purpose,),
                    source=source,
                    clause=permit.clauses[0],
                    place=datum.area,
                )
                folder.deed.index(namespace=PAIR, value=number)
                folder.note("paired", permit.clauses[0], data=data, purpose=purpose)
    return number


def pairs(house: House, *, person: int, data: str, purpose: str) -> tuple[tuple[Held, int], ...]:
    """Return a person's whole pairs that the purpose may use now, each with the other person."""
    found = read(house, person=person, data=data, purpose=purpose)
    return tuple((held, other) for held in found for other in _others(house, person, held, purpose))


def amend(house: House, *, person: int, data: str, number: str, body: Body) -> None:
    """Write further fields into both halves; raise ``NoRecord`` when the pair is gone."""
    datum = house.datum(data)
    said = checked(datum, body)
    people = house.store.find_all(namespace=PAIR, value=number)
    if person not in people or len(people) < 2:
        raise NoRecord("of this pair")
    for one in people:
        with opened(house, one) as folder:
            for rid, record in list(folder.records.items()):
                if record.data == data and _number(record.body) == number:
                    assert isinstance(record.body, dict)
                    folder.rewrite(rid, {**record.body, **said})
                    folder.note("amended", datum.clause, data=data)


def part(house: House, *, person: int, data: str, number: str) -> None:
    """End a pair, for both; raise ``NoRecord`` when the person has none of this number."""
    clause = house.datum(data).clause
    with opened(house, person) as folder:
        for rid, record in list(folder.records.items()):
            if record.data == data and _number(record.body) == number:
                folder.drop(rid)
                folder.note("removed", clause, data=data)
                return
    raise NoRecord("of this pair")


def _others(house: House, person: int, held: Held, purpose: str) -> Iterator[int]:
    """Yield the other person while their half stands and their ground holds."""
    number = _number(held.body)
    for other in house.store.find_all(namespace=PAIR, value=number) if number else ():
        asked = Request(Action.USE, held.data, purpose)
        if other == person or not isinstance(may(house, person=other, request=asked), Allowed):
            continue
        if any(r.data == held.data and _number(r.body) == number for r in standing(house, other)):
            yield other


def _insist(house: House, person: int, asked: Request) -> Permit:
    decision = may(house, person=person, request=asked)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit


def _number(body: object) -> str:
    return str(body.get("pair", "")) if isinstance(body, Mapping) else ""
