"""Room: what people of one group see of each other, as the document opens it to a role inside.

The facts ``of viewer`` are those of whoever looks: that both are in one group, and what was raised over the
viewer's own name.  None of them is ever read off the person who is looked at.  INVARIANT (same room): nothing
of anybody outside the viewer's own group is opened, read or counted here, so that a no says nothing either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from troth.gate.clock import Reckoning
from troth.gate.errors import NoRecord
from troth.gate.facts import known
from troth.gate.folder import opened, standing
from troth.gate.groups import group
from troth.gate.house import House
from troth.gate.memory import state_now
from troth.gate.read import readable
from troth.gate.totals import minimum
from troth.gate.values import Held
from troth.store import Record
from troth.terms import Action, Allowed, Form, Permit, Refused, Request, State


@dataclass(frozen=True, slots=True)
class Glance:
    """Who looks at what, in which role and for which purpose."""

    viewer: int
    data: str
    purpose: str
    role: str
    field: str = ""

    def request(self, form: Form = Form.IDENTIFIED) -> Request:
        """Return the touch that the kernel decides."""
        return Request(Action.SHOW, self.data, self.purpose, self.role, self.field, form=form)


def fellows(house: House, *, person: int) -> tuple[int, ...]:
    """Return everybody in a person's group, themself among them; nobody when they are in none."""
    own = group(house, person=person)
    return () if own is None else _people(house, own.number)


def fact_holds(house: House, *, person: int, name: str) -> bool:
    """Say whether a fact of a person holds now; one that is kept per member or field by its whole word."""
    return name in state_now(house, person=person, now=house.clock()).facts


def people_in(house: House, *, number: str) -> tuple[int, ...]:
    """Return everybody in a group."""
    return _people(house, number) if house.grouping and number else ()


def seen(house: House, *, person: int, glance: Glance) -> tuple[Held, ...]:
    """Return what the viewer may see of one person; raise ``NoRecord`` for who is in another group, or in
    none, and ``Refused`` for what the document keeps from the viewer."""
    facts = _facts(house, glance.viewer)
    if person not in fellows(house, person=glance.viewer):
        raise NoRecord("of anybody you can see")
    return tuple(_seen(house, person, glance, facts, insist=True))


def seen_all(house: House, *, glance: Glance) -> tuple[Held, ...]:
    """Return what the viewer may see of the whole group, whoever keeps something back left out."""
    facts = _facts(house, glance.viewer)
    people = fellows(house, person=glance.viewer)
    return tuple(h for one in people for h in _seen(house, one, glance, facts, insist=False))


def room_totals(house: House, *, glance: Glance, among: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Count, for a role that may see numbers only, how many of the group stand behind each of these values.

    Values under the document's minimum are not told, and a group of fewer people than that tells nothing at
    all.  Everybody may stand behind several values or none, so that no count follows from the others.
    """
    least, facts = minimum(house), _facts(house, glance.viewer)
    people = fellows(house, person=glance.viewer)
    asked = glance.request(Form.ANONYMOUS)
    counted: Counter[str] = Counter()
    refused: Refused | None = None
    for person in people:
        try:
            _insist(house, person, asked, facts)
        except Refused as no:
            refused = no
            continue
        bodies = (h.body for h in _readable(house, person, glance))
        counted.update({str(b[glance.field]) for b in bodies if b.get(glance.field) in among})
    if refused is not None and not counted:
        raise refused
    enough = least is not None and len(people) >= least
    told = tuple((v, n) for v, n in counted.most_common() if least is not None and enough and n >= least)
    house.store.log(kind="totals told", detail={"data": f"{glance.data}.{glance.field}", "groups": len(told)})
    return told


def moderate(house: House, *, person: int, rid: int, field: str, glance: Glance) -> None:
    """Set a yes-no field of somebody's record, as whoever keeps order may: its words stay the author's.

    Raises as ``seen`` does, and ``NoRecord`` when there is no such record of that category.
    """
    facts = _facts(house, glance.viewer)
    if person not in fellows(house, person=glance.viewer):
        raise NoRecord(rid)
    permit = _insist(house, person, glance.request(), facts)
    with opened(house, person) as folder:
        record = folder.records.get(rid)
        if record is None or record.data != glance.data or not isinstance(record.body, dict):
            raise NoRecord(rid)
        hidden = record.body.get(field) == "yes"
        folder.rewrite(rid, {**record.body, field: "no" if hidden else "yes"})
        folder.note("moderated", permit.clauses[0], data=glance.data, purpose=glance.purpose)
        folder.trail("moderated", role=glance.role, data=glance.data, purpose=glance.purpose)


def _people(house: House, number: str) -> tuple[int, ...]:
    assert house.grouping is not None
    return tuple(house.store.find_all(namespace=house.grouping.space(house.grouping.data), value=number))


def _viewers(house: House) -> frozenset[str]:
    return frozenset(f.name for f in house.facts.values() if f.of == "viewer")


def _facts(house: House, viewer: int) -> frozenset[str]:
    """Return the facts that hold of whoever looks at somebody of their own group."""
    own = state_now(house, person=viewer, now=house.clock()).facts & _viewers(house)
    return own | ({house.grouping.fact} if house.grouping else set())


def _insist(house: House, person: int, asked: Request, facts: frozenset[str]) -> Permit:
    now = house.clock()
    state = _looked_at(house, state_now(house, person=person, now=now), facts)
    decision = house.kernel.decide(asked, state, now)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit


def _looked_at(house: House, state: State, facts: frozenset[str]) -> State:
    return replace(state, facts=(state.facts - _viewers(house)) | facts)


def _seen(
    house: House, person: int, glance: Glance, facts: frozenset[str], *, insist: bool
) -> Iterator[Held]:
    try:
        permit = _insist(house, person, glance.request(), facts)
    except Refused:
        if insist:
            raise
        return
    found = _readable(house, person, glance)
    if found:
        detail = {"data": glance.data, "purpose": glance.purpose, "party": glance.role}
        house.store.note_reads(person=person, kind="seen", clause=permit.clauses[0].ref, detail=detail)
    yield from (replace(h, person=person) for h in found)


def _readable(house: House, person: int, glance: Glance) -> list[Held]:
    now: datetime = house.clock()
    records = standing(house, person, house.telling | {glance.data})
    mind = Reckoning(house, known(house, records), now)
    mine: Iterable[Record] = (r for r in records if r.data == glance.data)
    return list(readable(mind, mine, glance.data, glance.purpose, glance.field))


__all__ = [
    "Glance",
    "fellows",
    "moderate",
    "people_in",
    "room_totals",
    "seen",
    "seen_all",
]
