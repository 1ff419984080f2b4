"""Room: what people of one group see of each other, as the document opens it to a role inside.

The facts ``of viewer`` are those of whoever looks: that both are in one group, and what was raised over the
viewer's own name.  None of them is ever read off the person who is looked at.  INVARIANT (same room): nothing
of anybody outside the viewer's own group is opened, read or counted here, so that a no says nothing either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from troth.gate.clock import Reckoning
from troth.gate.errors import NoRecord
from troth.gate.facts import known
from troth.gate.folder import opened, standing
from troth.gate.groups import group
from troth.gate.house import House
from troth.gate.joint import barring
from troth.gate.memory import state_now
from troth.gate.read import readable
from troth.gate.totals import minimum
from troth.gate.values import Held
from troth.policy.model import Hold
from troth.store import Record
from troth.terms import Action, Allowed, Decision, Form, Permit, Refused, Request


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
    facts = viewer_facts(house, glance.viewer)
    if person not in fellows(house, person=glance.viewer):
        raise NoRecord("of anybody you can see")
    mind = _mind(house, person, frozenset({glance.data}))
    permit = _insisted(mind.of, glance.request(), facts)
    found = mind.shown(glance)
    if found:
        detail = {"data": glance.data, "purpose": glance.purpose, "party": glance.role}
        house.store.note_reads(person=person, kind="seen", clause=permit.clauses[0].ref, detail=detail)
    return tuple(replace(h, person=person) for h in found)


def seen_all(house: House, *, glance: Glance) -> tuple[Held, ...]:
    """Return what the viewer may see of the whole group, whoever keeps something back left out."""
    return seen_together(house, glances=(glance,))[0]


def seen_together(house: House, *, glances: Sequence[Glance]) -> tuple[tuple[Held, ...], ...]:
    """Return what one viewer may see of the whole group at several glances, with one look into each folder.

    The evidence counts each glance once, with how many people it fell on.
    """
    viewer = glances[0].viewer
    facts, found = viewer_facts(house, viewer), [list[Held]() for _ in glances]
    for person in fellows(house, person=viewer):
        mind = _mind(house, person, frozenset(g.data for g in glances))
        for glance, held in zip(glances, found, strict=True):
            if isinstance(decided(mind.of, glance.request(), facts), Allowed):
                held += [replace(h, person=person) for h in mind.shown(glance)]
    for glance, held in zip(glances, found, strict=True):
        people = len({h.person for h in held})
        detail = {"data": glance.data, "purpose": glance.purpose, "party": glance.role, "people": people}
        house.store.note_reads(kind="seen", clause=house.datum(glance.data).clause.ref, detail=detail)
    return tuple(tuple(held) for held in found)


def room_totals(house: House, *, glance: Glance, among: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Count, for a role that may see numbers only, how many of the group stand behind each of these values.

    Values under the document's minimum are not told, and a group of fewer people than that tells nothing at
    all.  Everybody may stand behind several values or none, so that no count follows from the others.
    """
    least, facts = minimum(house), viewer_facts(house, glance.viewer)
    people = fellows(house, person=glance.viewer)
    asked = glance.request(Form.ANONYMOUS)
    counted: Counter[str] = Counter()
    refused: Refused | None = None
    for person in people:
        mind = _mind(house, person, frozenset({glance.data}))
        try:
            _insisted(mind.of, asked, facts)
        except Refused as no:
            refused = no
            continue
        bodies = (h.body for h in mind.shown(glance))
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
    facts = viewer_facts(house, glance.viewer)
    if person not in fellows(house, person=glance.viewer):
        raise NoRecord(rid)
    permit = _insisted(_mind(house, person, frozenset()).of, glance.request(), facts)
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


def viewer_facts(house: House, viewer: int) -> frozenset[str]:
    """Return the facts that hold of whoever looks at somebody of their own group."""
    own = state_now(house, person=viewer, now=house.clock()).facts & _viewers(house)
    return own | ({house.grouping.fact} if house.grouping else set())


@dataclass(frozen=True, slots=True)
class _Mind:
    """One person's records of some categories, opened once, and what is known of the person."""

    of: Reckoning
    records: tuple[Record, ...]

    def shown(self, glance: Glance) -> list[Held]:
        """Return the records of a category that are told now.

        Only where some of them may be in their tail, or held still, is each one's own day reckoned: that is
        slow, and what is due was left out when they were opened.
        """
        house, data = self.of.house, glance.data
        mine = [r for r in self.records if r.data == data]
        facts = self.of.state.facts
        tails = (k for k in house.keeps[data] if k.then_span and k.while_fact and k.while_fact not in facts)
        holds = (h for h in house.policy.of(Hold) if h.while_fact in facts and {data, "any"} & _bare(h.data))
        if any(tails) or any(holds):
            return list(readable(self.of, mine, data, glance.purpose, glance.field))
        return [h for r in mine if (h := _plain(house, r, glance)) is not None]


def _mind(house: House, person: int, data: frozenset[str]) -> _Mind:
    records = standing(house, person, house.telling | data)
    return _Mind(Reckoning(house, known(house, records), house.clock()), tuple(records))


def _plain(house: House, record: Record, glance: Glance) -> Held | None:
    """Return a record that runs its usual course; None for a restricted one and for a field it has not."""
    body = record.body if isinstance(record.body, dict) else {}
    barred = record.meta.restricted or barring(house, record, glance.purpose, glance.field)
    if barred or (glance.field and glance.field not in body):
        return None
    told = {glance.field: body[glance.field]} if glance.field else body
    collected = datetime.fromisoformat(record.meta.collected)
    return Held(record.rid, record.data, told, record.meta.purposes, record.meta.source, collected)


def _bare(names: tuple[str, ...]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def decided(mind: Reckoning, asked: Request, facts: frozenset[str]) -> Decision:
    """Decide a look at somebody: the facts of viewers are those of whoever looks, and never their own."""
    state = replace(mind.state, facts=(mind.state.facts - _viewers(mind.house)) | facts)
    return mind.house.kernel.decide(asked, state, mind.now)


def _insisted(mind: Reckoning, asked: Request, facts: frozenset[str]) -> Permit:
    decision = decided(mind, asked, facts)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit
