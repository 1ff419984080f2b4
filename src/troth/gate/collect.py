"""Collect: data come in from their source, after the kernel said so and in the form the document promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from troth.gate.ages import said as told_age
from troth.gate.body import checked, treated
from troth.gate.cards import refuse_cards
from troth.gate.converse_mask import cleaned
from troth.gate.erase import let_go
from troth.gate.errors import Unlisted
from troth.gate.folder import opened
from troth.gate.groups import by_hand
from troth.gate.house import House
from troth.gate.sources import insist_source
from troth.gate.told import await_telling
from troth.policy.model import Recipient
from troth.terms import Action, Refused, Request


def collect(
    house: House,
    *,
    person: int,
    data: str,
    body: Mapping[str, object],
    purpose: str,
    source: str,
    member: str = "",
    area: str = "",
) -> int:
    """Keep one record and return its number; raise ``Refused`` or ``BadBody``, and then nothing is kept.

    Of a child that the document refuses nothing is kept at all, also not what was here before.
    """
    datum = house.datum(data)
    _listed(house, source, member)
    insist_source(house, Request(Action.COLLECT, data, purpose, member=member, source=source), source, member)
    by_hand(house, data, body)
    said = cleaned(house, datum, checked(datum, body))
    refuse_cards(house, datum, said)
    age = told_age(house, data, said, house.clock())
    asked = Touch(data, purpose, source, member, age)
    try:
        return _kept(house, person, asked, said, area or datum.area)
    except Refused:
        let_go(house, person=person, age=age)
        raise


def _listed(house: House, source: str, member: str) -> None:
    """Refuse a member that stands in no list of the source's class; none named is nobody's word."""
    found = next((r for r in house.policy.of(Recipient) if r.name == source and r.each), None)
    if found and member and house.parties and member not in house.parties.get(source, {}):
        raise Unlisted(source, member, found.clause)


@dataclass(frozen=True, slots=True)
class Touch:
    """What comes in, for what and from where; ``age`` is what it tells of the person's age."""

    data: str
    purpose: str
    source: str
    member: str
    age: int | None


def _kept(house: House, person: int, asked: Touch, said: Mapping[str, object], place: str) -> int:
    data, purpose, source, member = asked.data, asked.purpose, asked.source, asked.member
    with opened(house, person) as folder:
        permit = folder.insist_each(
            Action.COLLECT, data, purpose, said, age=asked.age, source=source, member=member
        )
        stored = treated(house.datum(data), said, lambda value: house.store.tag(person=person, label=value))
        rid = folder.put(
            data,
            stored,
            purposes=(purpose,),
            source=f"{source}:{member}" if member and source not in ("person", "device") else source,
            clause=permit.clauses[0],
            place=place,
        )
        if source not in ("person", "device"):
            await_telling(folder, rid, data, {})
        folder.note("collected", permit.clauses[0], data=data, purpose=purpose, source=source, member=member)
        if source == "person" and folder.marks.get("identified"):
            folder.happen("last-use")
    return rid


def fits(house: House, *, data: str, body: Mapping[str, object], about: Iterable[str] = ()) -> None:
    """Raise ``BadBody`` when a body could not be kept; nothing is kept and nobody is asked about."""
    checked(house.datum(data), body, about)
