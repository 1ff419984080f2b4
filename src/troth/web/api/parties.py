"""Parties: what outside businesses hand in and get; each acts for its own member and sees its own alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from troth.gate.values import Delivery
from troth.policy.model import Data, Door, Recipient
from troth.terms import Action, Clause, Decision, Form, Refused, Request
from troth.web.api.door import Call
from troth.web.api.fault import Fault, plainly, reasons
from troth.web.api.house import clauses_of, named, words
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.parties import (
    Confirmed,
    DeliveriesOut,
    DeliveryOut,
    DisclosuresOut,
    FetchIn,
    FetchOut,
    PushedOut,
    PushIn,
    PushOut,
    PushRecord,
    ShareIn,
    ShareOut,
    disclosure_out,
)

OWN = "own customer"
UNRELATED = "the party has no relation to such a person"


def push(call: Call) -> PushOut:
    """Take records in from a party; 403 when none of them was let in, else what became of each."""
    sent = call.read(PushIn)
    _arranged(call, sent.records[0])
    told = tuple(_push(call, record, sent.confirmed) for record in sent.records)
    if not any(t.stored for t in told):
        clauses = reasons(_of_nobody(call, sent.records[0]))[0]
        raise Fault(403, "refused", told[0].why, clauses=clauses, missing=told[0].missing)
    return PushOut(records=told)


def _arranged(call: Call, record: PushRecord) -> None:
    """Refuse a whole transfer before both sides have signed; of no person anything is told by that."""
    asker = call.asker
    touch = Request(Action.COLLECT, record.data, record.purpose, member=asker.member, source=asker.party)
    call.company.gate.arranged(request=touch, party=asker.party, member=asker.member)


def _push(call: Call, record: PushRecord, confirmed: Confirmed) -> PushedOut:
    """Hand one record to the gate.

    A person who is unknown and one who has nothing to do with the party are refused in the same words, those
    that hold of nobody: a push is no way to ask who is known here.
    """
    company, asker, purpose = call.company, call.asker, call.purpose(record.purpose)
    dropped, fields = _declared(call, record)
    person = company.gate.find(kind=record.who.kind, value=record.who.value)
    try:
        if person is not None and _source(call, record) == asker.party:
            company.gate.receive(
                person=person,
                data=record.data,
                body=fields,
                purpose=purpose,
                member=asker.member,
                party=asker.party,
                confirmed=f"{confirmed.basis}, told {confirmed.notice}",
                said=record.source,
            )
            named = company.gate.reference(person=person, party=asker.party, member=asker.member)
            return PushedOut(stored=True, reference=named, dropped=dropped)
    except Refused:
        pass
    decision = plainly(_of_nobody(call, record), words(company.policy, company.parties))
    clauses, missing = reasons(decision)
    why = UNRELATED if decision else str(decision)
    first = clause_out(clauses[0], company.name) if clauses else None
    return PushedOut(stored=False, why=why, clause=first, missing=missing, dropped=dropped)


def _declared(call: Call, record: PushRecord) -> tuple[tuple[str, ...], dict[str, object]]:
    data = named(call.company.policy, Data, record.data)
    known = {f.name for f in data.fields} if data else set(record.fields)
    return tuple(sorted(set(record.fields) - known)), {k: v for k, v in record.fields.items() if k in known}


def _source(call: Call, record: PushRecord) -> str:
    """Return the source as the document names it: the party for its own customers, else the word sent."""
    return call.asker.party if record.source.startswith(OWN) else record.source


def _of_nobody(call: Call, record: PushRecord) -> Decision:
    touch = Request(
        Action.COLLECT,
        record.data,
        record.purpose,
        member=call.asker.member,
        source=_source(call, record),
    )
    return call.company.gate.may(person=None, request=touch)


def fetch(call: Call) -> FetchOut:
    """Ask a business for a person's data, by the person's yes for that business."""
    sent = call.read(FetchIn)
    rid = call.company.gate.fetch(
        person=call.person(),
        data=sent.data,
        purpose=call.purpose(sent.purpose),
        party=sent.party,
        member=sent.member,
        fields=sent.fields,
    )
    return FetchOut(rid=rid)


def share(call: Call) -> ShareOut:
    """Disclose what a rule lets this party have; the values go with the carrier and are written down."""
    sent, name = call.read(ShareIn), call.company.name
    party, member = call.member(sent.party, sent.member)
    if not party:
        raise Fault(422, "invalid", "party: is missing", fields=("party",))
    delivery = call.company.gate.disclose(
        person=call.person(),
        data=sent.data,
        party=party,
        purpose=call.purpose(sent.purpose),
        member=member,
        form=Form(sent.form),
        grant=sent.grant,
        by=call.asker.name,
    )
    clauses = tuple(clause_out(c, name) for c in delivery.permit.clauses) if delivery.permit else ()
    return ShareOut(
        party=delivery.party, member=delivery.member, fields=tuple(delivery.body), clauses=clauses
    )


def share_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which data are shared."""
    return clauses_of(call.company.policy, Door)


def deliveries(call: Call) -> DeliveriesOut:
    """Return what was delivered to this party, and to no other."""
    asker = call.asker
    told = cast("tuple[Delivery, ...]", call.company.mailbox.of(asker.party, asker.member))
    return DeliveriesOut(deliveries=tuple(_delivery(call, d) for d in told))


def _delivery(call: Call, delivery: Delivery) -> DeliveryOut:
    permit = delivery.permit  # none where only the news travels that an old value is no longer right
    return DeliveryOut(
        purpose=permit.request.purpose if permit else "",
        kind=delivery.kind,
        fields=dict(delivery.body),
        clauses=tuple(clause_out(c, call.company.name) for c in permit.clauses) if permit else (),
    )


def party_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause that says who the parties are."""
    return clauses_of(call.company.policy, Recipient, call.asker.party)


def disclosures(call: Call) -> DisclosuresOut:
    """Return every time the person's data left, or were shown inside."""
    told = call.company.gate.access(person=call.person()).disclosures
    return DisclosuresOut(disclosures=tuple(map(disclosure_out, told)))
