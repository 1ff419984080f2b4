"""Released: the numbers that were told, and how far a new one is from each of them.

A number stands in the evidence; that a person was counted in it stands with that person alone, under a
pseudonym that dies with them, so that somebody who was erased counts as gone and is named nowhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from troth.gate.errors import Nobody
from troth.gate.folder import opened
from troth.gate.house import House
from troth.store import Record
from troth.terms import Clause

KIND, MARKS = "figure told", "figures"
Borne = Mapping[int, Collection[str]]  # person → the pseudonyms under which they were counted


@dataclass(frozen=True, slots=True)
class Released:
    """One number: to which question, on which value, of how many; its leaf is -1 while it is not told."""

    question: str
    value: str
    people: int
    leaf: int = -1


def history(house: House, measure: str) -> tuple[Released, ...]:
    """Return every number that was told on a measure, the first first."""
    found: list[tuple[str, Released]] = house.editions.setdefault(KIND, [])
    start = int(house.editions.get(f"{KIND}:start", 0))
    for leaf in house.store.leaves(start=start):
        start, said = leaf.index + 1, leaf.detail
        if leaf.kind == KIND:
            one = Released(str(said["question"]), str(said["value"]), int(said["people"]), leaf.index)
            found.append((str(said["data"]), one))
    house.editions[f"{KIND}:start"] = start
    return tuple(one for name, one in found if name == measure)


def apart(house: House, measure: str, people: Collection[int], borne: Borne, earlier: Released) -> int:
    """Return how many people are in one of two numbers and not in the other."""
    stay = sum(1 for p in people if _token(house, p, measure, earlier) in borne.get(p, ()))
    return len(people) + earlier.people - 2 * stay


def release(
    house: House, measure: str, new: Released, people: Iterable[int], clause: Clause, purpose: str
) -> None:
    """Write a number down, and with each of its people that they were counted."""
    said = {"data": measure, "question": new.question, "value": new.value, "people": new.people}
    leaf = house.store.log(kind=KIND, clause=clause.ref, detail={**said, "purpose": purpose})
    told = Released(new.question, new.value, new.people, leaf)
    for person in sorted(people):
        _mark(house, person, measure, _token(house, person, measure, told))


def borne_by(house: House, records: Iterable[Record], measure: str) -> frozenset[str]:
    """Return the pseudonyms under which a person was counted, out of their records."""
    for record in records:
        if record.data == house.kinds["events"] and isinstance(record.body, dict):
            return frozenset(record.body.get(MARKS, {}).get(measure, ()))
    return frozenset()


def _token(house: House, person: int, measure: str, cell: Released) -> str:
    return house.store.tag(person=person, label=f"{measure}={cell.value}#{cell.question}@{cell.leaf}")


def _mark(house: House, person: int, measure: str, token: str) -> None:
    try:
        with opened(house, person) as folder:
            before = folder.marks.get(MARKS, {})
            folder.mark(figures={**before, measure: [*before.get(measure, ()), token]})
    except Nobody:
        return
