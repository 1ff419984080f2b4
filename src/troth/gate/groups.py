"""Groups: people who share what the document opens to their own: an organisation, a team, a household.

A group is a number in its members' records and nothing else stands of it, so it ends with its last member.
What a member writes bears the number from that moment on: who leaves takes nothing along and sees nothing
more.  INVARIANT (by invitation): no number comes into a record by its person's own hand.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from troth.gate.body import checked
from troth.gate.converse_link import talker_of
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.gate.folder import Folder, opened, standing
from troth.gate.house import Grouping, House
from troth.gate.read import may, readable
from troth.gate.values import Held
from troth.policy.model import Area, Data
from troth.store import Record
from troth.terms import Action, Refused, RefusedBy, Request, Unsaid

LONGEST = 80  # characters of a group's name


class Grouped(GateError):
    """Somebody is in a group already; they leave it before they join another."""

    def __init__(self) -> None:
        super().__init__("one organisation at a time: leave the one you are in before you join another")


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its members see it: its number, what it is called, and how many they are."""

    number: str
    title: str
    members: int


def group(house: House, *, person: int) -> Group | None:
    """Return the group a person is in; None when they are in none, or the document knows of none."""
    grouping, record = house.grouping, _membership(house, person)
    if grouping is None or record is None or not isinstance(record.body, dict):
        return None
    number = str(record.body[grouping.key])
    people = house.store.find_all(namespace=grouping.space(grouping.data), value=number)
    return Group(number, str(record.body.get(grouping.title, "")), len(people))


def found_group(house: House, *, person: int, title: str) -> Group:
    """Begin a group with its first member; raise ``Grouped``, ``Refused`` or ``BadBody``."""
    return _enter(house, person, secrets.token_hex(8), title)


def join_group(house: House, *, person: int, number: str) -> Group:
    """Let a person into a group that has a member; raise ``NoRecord``, ``Grouped`` or ``Refused``."""
    grouping = _grouping(house)
    with house.lock:
        for member in house.store.find_all(namespace=grouping.space(grouping.data), value=number):
            record = _membership(house, member)
            if record is not None and isinstance(record.body, dict) and member != person:
                return _enter(house, person, number, str(record.body.get(grouping.title, "")))
    raise NoRecord("of this organisation")


def leave_group(house: House, *, person: int) -> None:
    """Take a person out of their group; raise ``NoRecord`` when they are in none."""
    clause, record = house.datum(_grouping(house).data).clause, _membership(house, person)
    if record is None:
        raise NoRecord("of an organisation")
    with opened(house, person) as folder:
        folder.drop(record.rid)
        folder.note("left", clause, data=record.data)


def peers(
    house: House,
    *,
    viewer: int,
    data: str,
    purpose: str,
    role: str,
    fields: tuple[str, ...] = (),
    only: Mapping[str, str] | None = None,
) -> tuple[Held, ...]:
    """Return what the viewer's group holds of a category (``fields`` of it), save what is their own.

    Without ``only`` it is a list: the fields of type key, and no word of anybody's.  With it, the records
    with these values, whole; their people are told who looked (raises ``Refused`` when none may be shown,
    ``NoRecord`` when the group has none).
    """
    datum, own = house.datum(data), group(house, person=viewer)
    asked = tuple(Request(Action.SHOW, data, purpose, role, field) for field in fields or ("",))
    if own is None:
        raise Refused(_alone(house, viewer, asked[0]))
    shown = set(fields) or {f.name for f in datum.fields if only is not None or f.type == "key"}
    found: list[Held] = []
    refused: Refused | None = None
    for owner in _owners(house, viewer, data, own.number):
        try:
            found += _shown(house, owner, asked, own.number, only)
        except Refused as no:
            refused = no
    if only is None:
        house.store.log(kind="listed", clause=datum.clause.ref, detail={"data": data, "purpose": purpose})
    elif not found:
        raise refused or NoRecord("of your organisation")
    return tuple(replace(h, body={n: v for n, v in h.body.items() if n in shown}) for h in found)


def _alone(house: House, viewer: int, asked: Request) -> RefusedBy | Unsaid:
    """Return the no to somebody who is in no group: they lack the fact that puts people together."""
    decision = may(house, person=viewer, request=asked)
    return decision if isinstance(decision, RefusedBy | Unsaid) else RefusedBy(asked, ())


def stamp(house: House, person: int | None, data: str) -> dict[str, str]:
    """Return the number that what a person writes in a category bears, as a part of its body."""
    grouping = house.grouping
    if person is None or grouping is None or data == grouping.data:
        return {}
    own = group(house, person=person) if _bears(house, data) else None
    return {grouping.key: own.number} if own else {}


def bear(folder: Folder, data: str, stamped: Mapping[str, str]) -> None:
    """Let a group find what was just written in it."""
    if stamped and folder.house.grouping:
        space = folder.house.grouping.space(data)
        folder.deed.index(namespace=space, value=next(iter(stamped.values())))


def by_hand(house: House, data: str, body: Mapping[str, object]) -> None:
    """Raise ``BadBody`` for a body that names a group: who belongs to one was invited."""
    grouping = house.grouping
    if grouping and grouping.key in body and any(f.name == grouping.key for f in house.datum(data).fields):
        raise BadBody(data, grouping.key, "it is set when you join, and by nobody's hand")


def by_proof(house: House, datum: Data, old: object, body: Mapping[str, object]) -> None:
    """Raise ``BadBody`` for another contact in a part kept ``apart by`` a kind: the contact decided which one
    the person is of, so another is proved first, and is another beginning."""
    apart = {a.name for a in house.policy.of(Area) if a.apart_by}
    held = old if isinstance(old, Mapping) else {}
    for part in datum.fields if datum.area in apart else ():
        if part.identifies and part.name in body and body[part.name] != held.get(part.name):
            raise BadBody(datum.name, part.name, "another address is proved first, by a code sent to it")


def _enter(house: House, person: int, number: str, title: str) -> Group:
    grouping = _grouping(house)
    name = title.strip()
    if grouping.title and not 0 < len(name) <= LONGEST:
        raise BadBody(grouping.data, grouping.title, f"a name has between 1 and {LONGEST} characters")
    datum = house.datum(grouping.data)
    body = checked(datum, {grouping.key: number} | ({grouping.title: name} if grouping.title else {}))
    purpose = next((p for p, f in house.candidates[grouping.data] if f == grouping.key), "")
    with opened(house, person) as folder:
        if _membership(house, person) is not None:
            raise Grouped
        permit = folder.insist_each(Action.COLLECT, grouping.data, purpose, body, source="person")
        clause = permit.clauses[0]
        folder.put(grouping.data, body, purposes=(purpose,), source="person", clause=clause, place=datum.area)
        bear(folder, grouping.data, {grouping.key: number})
        folder.note("joined", clause, data=grouping.data, purpose=purpose)
    return Group(number, name, len(_members(house, grouping, number)))


def _grouping(house: House) -> Grouping:
    if house.grouping is None:
        raise GateError("the document knows no groups; a fact 'of viewer by FIELD' says what makes one")
    return house.grouping


def _membership(house: House, person: int) -> Record | None:
    grouping = house.grouping
    if grouping is None:
        return None
    held = standing(house, person, frozenset({grouping.data}))
    return next((r for r in held if isinstance(r.body, dict) and r.body.get(grouping.key)), None)


def _members(house: House, grouping: Grouping, number: str) -> list[int]:
    return list(house.store.find_all(namespace=grouping.space(grouping.data), value=number))


def _owners(house: House, viewer: int, data: str, number: str) -> Iterator[int]:
    """Yield under whom a group's records of a category lie, without the viewer's own."""
    grouping, own = _grouping(house), {viewer, talker_of(house, viewer)}
    space = grouping.space(data if _bears(house, data) else grouping.data)
    yield from (o for o in house.store.find_all(namespace=space, value=number) if o not in own)


def _bears(house: House, data: str) -> bool:
    """Say whether each record of a category bears its own group, beside what its person belongs to."""
    grouping = _grouping(house)
    return data != grouping.data and any(f.name == grouping.key for f in house.datum(data).fields)


def _shown(
    house: House, owner: int, asked: tuple[Request, ...], number: str, only: Mapping[str, str] | None
) -> list[Held]:
    """Return what of one person's the group may see; written down where words of theirs are shown."""
    grouping, wanted, one = _grouping(house), dict(only or {}), asked[0]
    if _bears(house, one.data):
        wanted[grouping.key] = number
    with opened(house, owner) as folder:
        mine = [r for r in folder.records.values() if r.data == one.data and _has(r, wanted)]
        if not mine:
            return []
        permits = [folder.insist(a, assumed=frozenset({grouping.fact})) for a in asked]
        found = list(readable(folder.reckoning, mine, one.data, one.purpose))
        if found and only is not None:
            names = [f"{a.data}.{a.field}" if a.field else a.data for a in asked]
            folder.note("show", permits[0].clauses[0], data=names, purpose=one.purpose, party=one.party)
            folder.trail("shown", role=one.party, data=one.data, purpose=one.purpose)
    return found


def _has(record: Record, wanted: Mapping[str, str]) -> bool:
    return isinstance(record.body, dict) and all(record.body.get(n) == v for n, v in wanted.items())
