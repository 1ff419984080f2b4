"""People: records of one person, collected, read for a purpose, corrected, removed; reading across them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from troth.gate.verify import Proposal
from troth.policy.model import Data, Door, Policy, Purpose, Role
from troth.runtime import correcting
from troth.terms import Action, Clause, Form, Refused, Request, Unsaid
from troth.web.api.door import Call
from troth.web.api.fault import Fault, reasons
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut, Who, plain
from troth.web.api.wire.people import (
    CellOut,
    CorrectIn,
    PersonIn,
    PersonOut,
    RecordIn,
    RecordsOut,
    RidOut,
    RowOut,
    RowsOut,
    TotalsOut,
    record_out,
)
from troth.web.deriving import refresh

MOST = 500  # rows of one reading across people


def begin(call: Call) -> PersonOut:
    """Begin a person, known by a name when one is given; who is known already is found, not made twice.

    A job that registers somebody ``new`` hears 409 instead.
    """
    sent, gate = call.read(PersonIn), call.company.gate
    known = gate.find(kind=sent.who.kind, value=sent.who.value) if sent.who else None
    if sent.new and known is not None:
        raise Fault(409, "conflict", "somebody has an account by this name", clauses=begin_clauses(call))
    person = gate.new_person(area=sent.area) if known is None else known
    if sent.who and known is None:
        gate.identify(person=person, kind=sent.who.kind, value=sent.who.value)
    return PersonOut(tag=gate.tag(person=person))


def begin_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which only a person makes themself known."""
    found = _identifying(call.company.policy)
    if found is None:
        return ()
    data, purpose = found
    touch = Request(Action.COLLECT, data, purpose, source=call.asker.source, member=call.asker.member)
    return reasons(call.company.gate.may(person=None, request=touch))[0] or clauses_of(
        call.company.policy, Data, data
    )


def _identifying(policy: Policy) -> tuple[str, str] | None:
    names = {d.name for d in policy.of(Data) if any(f.identifies for f in d.fields)}
    for purpose in policy.of(Purpose):
        for basis in purpose.bases:
            for use in basis.uses:
                if use.data in names and not use.reads:
                    return use.data, purpose.name
    return None


def find(call: Call) -> PersonOut:
    """Find a person by a name that the asker knows."""
    gate, who = call.company.gate, call.read(Who)
    person = gate.find(kind=who.kind, value=who.value)
    if person is None or not _concerns(call, person):
        raise Fault(404, "not-here", "nobody here has this name")
    return PersonOut(tag=gate.tag(person=person))


def _concerns(call: Call, person: int) -> bool:
    """Say whether something of a person may ever be shown to a role of the asker's."""
    doors = [d for d in call.company.policy.of(Door) if d.verb == "show" and d.party in call.asker.roles]
    shown = {name.partition(".")[0] for door in doors for name in door.data}
    return call.asker.kind != "staff" or bool(shown & call.company.gate.holds(person=person))


def collect(call: Call) -> RidOut:
    """Store a record; a field that the document does not declare is refused by its name."""
    sent, gate, person = call.read(RecordIn), call.company.gate, call.person()
    source = "person" if call.asker.kind == "person" else sent.source or "device"
    purpose = call.purpose(sent.purpose)
    rid = gate.collect(
        person=person, data=sent.data, body=sent.fields, purpose=purpose, source=source, member=sent.member
    )
    if source == "person":
        refresh(call.company, person)
    return RidOut(rid=rid)


def collect_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which this asker may not hand this in."""
    sent = call.body
    if not isinstance(sent, RecordIn):
        return begin_clauses(call)
    touch = Request(
        Action.COLLECT, sent.data, sent.purpose, member=call.asker.member, source=call.asker.source
    )
    return _clauses(call, touch)


def read(call: Call) -> RecordsOut:
    """Read records: the person all their own, a job for its purpose, staff in a role and by a reason."""
    company, person, data = call.company, call.person(), call.ask("data")
    purpose, field, name = call.ask("purpose"), call.ask("field"), company.name
    if call.asker.kind == "person":
        held = company.gate.access(person=person).held
        held = tuple(h for h in held if data in ("", h.data) and (not purpose or purpose in h.purposes))
        return RecordsOut(records=tuple(record_out(h, name, company.policy) for h in held))
    if not data:
        raise Fault(422, "invalid", "data: is missing", fields=("data",))
    purpose = call.purpose(purpose)
    if call.ask("with") and call.asker.kind == "job":
        held = company.gate.joined(person=person, data=data, beside=call.ask("with"), purpose=purpose)
    elif call.asker.kind == "job":
        held = company.gate.read(
            person=person, data=data, purpose=purpose, field=field, member=call.ask("member")
        )
    else:
        held = company.gate.show(
            person=person,
            data=data,
            purpose=purpose,
            role=role(call),
            reason=call.ask("reason"),
            staff=call.asker.name,
            field=field,
            grant=call.ask("grant"),
            form=form_of(call.ask("form")),
        )
    return RecordsOut(records=tuple(record_out(h, name, company.policy) for h in held))


def role(call: Call) -> str:
    """Return the role in which a member of staff looks: the one asked for, or the only one."""
    roles, asked = call.asker.roles, call.ask("role")
    if asked and asked not in roles:
        clauses = clauses_of(call.company.policy, Role, asked)
        raise Fault(403, "wrong-asker", f"the key '{call.asker.name}' has not this role", clauses=clauses)
    if not asked and len(roles) != 1:
        raise Fault(422, "invalid", "role: is missing; this key has several", fields=("role",))
    return asked or roles[0]


def read_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which a party gets what is shared with it and reads nothing else."""
    touch = Request(
        Action.SHARE, call.ask("data"), call.ask("purpose"), call.asker.party, member=call.asker.member
    )
    return _clauses(call, touch)


def _clauses(call: Call, touch: Request) -> Sequence[Clause]:
    policy = call.company.policy
    found = reasons(call.company.gate.may(person=None, request=touch))[0]
    return found or clauses_of(policy, Purpose, touch.purpose) or clauses_of(policy, Data, touch.data)


def correct(call: Call) -> SaidOut:
    """Correct a record (GDPR Art. 16); what does not come from the person is refused with its reason."""
    person, rid = call.person(), int(call.path["rid"])
    done = correcting.correct(call.company, person=person, rid=rid, body=call.read(CorrectIn).fields)
    if done.gone is not None:
        call.sessions.end_person(call.company.name, person)
        return SaidOut(said="this is not for children: what was here is erased")
    refresh(call.company, person)
    if done.waits:
        return SaidOut(
            said=f"unverified: {waiting(done.waits)}; the old value stays in use until it is checked"
        )
    return SaidOut(said="corrected; whoever had the old value is told")


def waiting(waits: Sequence[Proposal]) -> str:
    """Say which requests wait for which check."""
    return ", ".join(f"{w.asked.number} by {w.by}" for w in waits)


def remove(call: Call) -> SaidOut:
    """Remove one record."""
    person = call.person()
    call.company.gate.remove(person=person, rid=int(call.path["rid"]))
    refresh(call.company, person)
    return SaidOut(said="removed")


def rows(call: Call) -> RowsOut:
    """Read one category across people for a job's purpose; objectors and restricted people are left out."""
    gate, purpose = call.company.gate, call.purpose(call.ask("purpose"))
    form, data, field, member = (
        form_of(call.ask("form")),
        call.ask("data"),
        call.ask("field"),
        call.ask("member"),
    )
    _spoken(call, Request(Action.USE, data, purpose, field=field, member=member, form=form))
    people = gate.people_for(data=data, purpose=purpose, form=form, field=field, member=member)
    found = list(islice(people, MOST + 1))
    told = tuple(RowOut(tag=tag, fields=plain(held.body)) for tag, held in found[:MOST])
    return RowsOut(rows=told, more=len(found) > MOST)


def _spoken(call: Call, touch: Request) -> None:
    """Refuse a reading across people that no rule speaks of: empty would look like nobody."""
    decision = call.company.gate.may(person=None, request=touch)
    if isinstance(decision, Unsaid):
        raise Refused(decision)


def form_of(text: str) -> Form:
    """Return the form so named, identified when none is named; 422 for a word that is no form."""
    try:
        return Form(text or "identified")
    except ValueError:
        raise Fault(422, "invalid", "form: not one of its values", fields=("form",)) from None


def totals(call: Call) -> TotalsOut:
    """Count the answers to a field; a group too small to tell is not told, nor can it be worked out."""
    party, member = call.member(call.ask("party"), call.ask("member"))
    data, field, purpose = call.ask("data"), call.ask("field"), call.purpose(call.ask("purpose"))
    action = Action.SHARE if party else Action.USE
    declared = next((d for d in call.company.policy.of(Data) if d.name == data), None)
    if declared is not None and field not in {f.name for f in declared.fields}:
        raise Fault(422, "invalid", "field: the document declares no such field", fields=("field",))
    _spoken(call, Request(action, data, purpose, party, field, member, form=Form.ANONYMOUS))
    counted = call.company.gate.totals(data=data, field=field, purpose=purpose, party=party, member=member)
    cells = tuple(CellOut(value=value, people=people) for value, people in counted)
    return TotalsOut(data=data, field=field, totals=cells, within=call.company.gate.within())
