"""Read: records for a purpose, to the house itself (``use``) or to a role inside it (``show``).

Nothing that is due is told, and nothing in its tail: what a law keeps is read for that law's purpose alone.
What a person has restricted the kernel refuses by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from troth.gate.attach import shown
from troth.gate.body import shaped
from troth.gate.clock import Reckoning
from troth.gate.facts import known, state_of
from troth.gate.folder import opened, standing
from troth.gate.grant import Grant
from troth.gate.granted import narrowed, note_use, opened_by
from troth.gate.house import House
from troth.gate.joint import barring, refuse_barred
from troth.gate.memory import state_now
from troth.gate.secret import SHOWN
from troth.gate.sources import frozen
from troth.gate.staffed import insist_standing, staff_facts
from troth.gate.values import Held
from troth.gate.veiled import veiled
from troth.policy.model import FormMeaning, Hold
from troth.store import Record
from troth.terms import Action, Allowed, Clause, Decision, Form, Refused, RefusedBy, Request

LAST = "everything else here is gone"  # what the log of moments waits for; see ``sweep``


def may(house: House, *, person: int | None, request: Request) -> Decision:
    """Answer a request about a person now; nobody is judged as a person of whom nothing is known."""
    now = house.clock()
    state = state_of(house, None, now) if person is None else state_now(house, person=person, now=now)
    return house.kernel.decide(request, state, now)


def read(
    house: House, *, person: int, data: str, purpose: str, field: str = "", member: str = ""
) -> tuple[Held, ...]:
    """Return the records of a category that the purpose may use now; raise ``Refused``."""
    house.datum(data)
    now = house.clock()
    records = standing(house, person)
    mind = Reckoning(house, known(house, records), now)
    asked = Request(Action.USE, data, purpose, field=field, member=member)
    decision = house.kernel.decide(asked, mind.state, now)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    house.store.note_reads(
        person=person if records else None,
        kind="used",
        clause=decision.clauses[0].ref,
        detail={"data": data, "purpose": purpose},
    )
    found = tuple(readable(mind, records, data, purpose, field))
    if not found:
        refuse_barred(house, records, asked)
        refuse_resting(mind, records, asked)
    return found


def refuse_resting(mind: Reckoning, records: Iterable[Record], asked: Request) -> None:
    """Refuse when records are here and all of them are only kept: an empty answer would look like nothing."""
    resting = [h for r in records if r.data == asked.data and (h := held_of(mind, r)).restricted]
    if resting:
        clauses = tuple(dict.fromkeys(h.clause for h in resting if h.clause))
        whiles = {k.while_fact for k in mind.house.keeps[asked.data] if k.while_fact} - mind.state.facts
        raise Refused(RefusedBy(asked, clauses, tuple(f"fact {name}" for name in sorted(whiles))))


def show(
    house: House,
    *,
    person: int,
    data: str,
    purpose: str,
    role: str,
    reason: str = "",
    staff: str = "",
    field: str = "",
    member: str = "",
    grant: str = "",
    form: Form = Form.IDENTIFIED,
) -> tuple[Held, ...]:
    """Show a role what the document opens to it; who looked and why stands in the person's trail.

    ``grant`` numbers the grant under which ``staff`` looks, where a door needs one: it says why, and narrows
    what is shown to the time it is about.  In the pseudonymous form a code stands for the person, and another
    one in each look.
    """
    datum = house.datum(data)
    asked = Request(Action.SHOW, data, purpose, role, field, member, form=form)
    insist_standing(house, staff, asked)
    facts = reasons_of(house, reason) | staff_facts(house, staff, house.clock())
    under: Grant | None = None
    if grant:
        under, fact = opened_by(house, number=grant, person=person, asked=asked, staff=staff)
        facts, reason = facts | fact, reason or "; ".join(under.names.values())
    with opened(house, person) as folder:
        permit = folder.insist(asked, assumed=facts)
        records = list(folder.records.values())
        found = tuple(readable(folder.reckoning, records, data, purpose, field))
        found = narrowed(house, under, found) if under else found
        said = {"data": [data], "purpose": purpose, "party": role, "member": member, "grant": grant}
        folder.note("show", permit.clauses[0], **said)
        named = {"data": datum.name, "purpose": purpose, "reason": reason, "staff": staff, "grant": grant}
        folder.trail("shown", role=role, **named, records=str(len(found)))
    if form is not Form.IDENTIFIED:
        label = f"{purpose}:{house.clock().isoformat()}"
        code = house.store.tag(person=person, label=label)
        found = tuple(veiled(house, one, code) for one in found)
    if under:
        note_use(house, under, by=staff, person=person, data=(data,), records=len(found))
    return found


def reasons_of(house: House, reason: str) -> frozenset[str]:
    """Return the facts that hold of whoever looks for this reason: it begins with one the document lists."""
    said = reason.strip().casefold()
    return frozenset(
        f.name for f in house.facts.values() if any(said.startswith(r.casefold()) for r in f.reasons)
    )


def people_for(
    house: House,
    *,
    data: str,
    purpose: str,
    form: Form = Form.IDENTIFIED,
    field: str = "",
    member: str = "",
) -> Iterator[tuple[str, Held]]:
    """Yield every record of a category that its person lets this purpose use, one person after another.

    A pseudonymous form names each person afresh in each call, so that two calls cannot be laid side by side.
    One evidence entry counts the whole, written when the last has been given.  Rows of one person each are
    never anonymous, so that form is refused here; ``totals`` and ``figures`` give what may be told.
    """
    house.datum(data)
    if form is Form.ANONYMOUS:
        rows = Request(Action.USE, data, purpose, field=field, form=form)
        raise Refused(RefusedBy(rows, meaning_of(house, form), ("totals in the place of rows",)))
    label = f"{purpose}:{house.clock().isoformat()}"
    asked = Request(Action.USE, data, purpose, field=field, member=member, form=form)
    people = records = 0
    clause = ""
    for person in house.store.persons():
        now = house.clock()
        held = standing(house, person)
        if not any(r.data == data for r in held):
            continue
        mind = Reckoning(house, known(house, held), now)
        decision = house.kernel.decide(asked, mind.state, now)
        if not isinstance(decision, Allowed):
            continue
        clause = decision.clauses[0].ref
        name = house.store.tag(person=person, label="" if form is Form.IDENTIFIED else label)
        found = list(readable(mind, held, data, purpose, field))
        people, records = people + bool(found), records + len(found)
        for one in found:
            yield name, _in_form(house, one, form, name)
    house.store.log(
        kind="used in bulk",
        clause=clause,
        detail={"data": data, "purpose": purpose, "form": str(form), "people": people, "records": records},
    )


def meaning_of(house: House, form: Form) -> tuple[Clause, ...]:
    """Return the clauses that say what a form means here."""
    return tuple(m.clause for m in house.policy.of(FormMeaning) if m.form is form)


def readable(
    mind: Reckoning, records: Iterable[Record], data: str, purpose: str, field: str = ""
) -> Iterator[Held]:
    """Yield the records of a category that are neither due nor only kept, for this purpose."""
    for record in records:
        if record.data != data or barring(mind.house, record, purpose, field):
            continue
        held = held_of(mind, record)
        own = purpose == held.because or purpose in holding(mind, data)
        only_kept = (held.restricted and not own) or frozen(mind.house, record.meta.source)
        if only_kept or (held.due is not None and held.due <= mind.now):
            continue
        if not field:
            yield held
        elif field in held.body:
            yield replace(held, body={field: held.body[field]})


def holding(mind: Reckoning, data: str) -> frozenset[str]:
    """Return the purposes for which a category is held now; they alone may use what is held."""
    holds = (h for h in mind.house.policy.of(Hold) if h.while_fact in mind.state.facts)
    return frozenset(h.purpose for h in holds if h.purpose and ("any" in h.data or data in h.data))


def held_of(mind: Reckoning, record: Record) -> Held:
    """Return a record as its person sees it: why it is here, from where, until when."""
    timing = mind.timed(record)
    due = timing.due
    tail = due is not None and due.restricted_from is not None and due.restricted_from <= mind.now
    held = due is not None and due.held
    alive = sorted(mind.live(record, mind.now) - set(record.meta.purposes))
    body = record.body if isinstance(record.body, dict) else {}
    if record.data in mind.house.secrets:
        body = {n: SHOWN if n in mind.house.secrets[record.data] else v for n, v in body.items()}
    if record.data in mind.house.filed:
        body = {n: shown(v) if n in mind.house.filed[record.data] else v for n, v in body.items()}
    meta = record.meta
    waits = due.waits_for if due else ""
    return Held(
        record.rid,
        record.data,
        body,
        (*meta.purposes, *alive),
        meta.source,
        datetime.fromisoformat(meta.collected),
        timing.at,
        LAST if record.data == mind.house.kinds["events"] else waits,
        due.clause if due else None,
        due.because if due else "",
        meta.restricted or tail or held,
        record.person,
    )


def _in_form(house: House, held: Held, form: Form, name: str) -> Held:
    if form is Form.IDENTIFIED:
        return held
    body = shaped(house.data[held.data], held.body, form, lambda part: f"{name}-{part}")
    return Held(0, held.data, body, held.purposes, held.source, held.collected, clause=held.clause)
