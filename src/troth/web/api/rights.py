"""Rights: requests with their deadlines, access, export, closing, erasure with a receipt."""

from __future__ import annotations

from troth.policy.model import RequestDoor, Right
from troth.runtime.answering import NoReason, answer, lengthen
from troth.services.rights import answerers
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of, named
from troth.web.api.wire.base import SaidOut, plain
from troth.web.api.wire.choices import act_out
from troth.web.api.wire.parties import disclosure_out
from troth.web.api.wire.people import record_out
from troth.web.api.wire.rights import (
    AccessOut,
    AnswerIn,
    AskedOut,
    ClosedOut,
    ExportOut,
    ExtendIn,
    ReceiptOut,
    RequestIn,
    RequestsOut,
    asked_out,
    stay_out,
)

OUTCOMES = ("granted", "partly", "refused")  # of a case that runs across two companies


def requests(call: Call) -> RequestsOut:
    """Return the person's own requests; staff see everyone's, by tag."""
    gate, name = call.company.gate, call.company.name
    if call.asker.kind == "staff":
        return RequestsOut(requests=tuple(asked_out(a, name) for a in gate.overview().requests))
    asker = call.asker
    assert asker.person is not None
    return RequestsOut(requests=tuple(asked_out(a, name) for a in gate.access(person=asker.person).requests))


def ask(call: Call) -> AskedOut:
    """Open a request; the answer says by when it must be answered."""
    sent, company = call.read(RequestIn), call.company
    declared(call, sent.right)
    return asked_out(
        company.gate.ask(person=call.person(), right=sent.right, channel=sent.channel), company.name
    )


def declared(call: Call, name: str) -> None:
    """Refuse a right that neither the document nor a law pack has."""
    if named(call.company.policy, Right, name) is None:
        raise Fault(422, "invalid", "right: the document has no such right", fields=("right",))


def respond(call: Call) -> SaidOut:
    """Answer a request; one that came by a partner is not sent back to it (GDPR Art. 26(3))."""
    sent, person = call.read(AnswerIn), call.person()
    seen = call.company.gate.access(person=person).requests
    _insist_answerer(call, next((a.right for a in seen if a.number == call.path["number"]), ""))
    came = next((a.channel for a in seen if a.number == call.path["number"]), "")
    if any(came in members for members in call.company.parties.values()) and sent.outcome not in OUTCOMES:
        clauses = clauses_of(call.company.policy, RequestDoor)
        said = f"a request that came by a partner is answered here, as one of {', '.join(OUTCOMES)}"
        raise Fault(403, "refused", said, clauses=clauses, fields=("outcome",))
    number = call.path["number"]
    try:
        answer(call.company, person=person, number=number, outcome=sent.outcome, text=sent.text)
    except NoReason as error:
        raise Fault(422, "invalid", str(error), fields=("text",)) from None
    return SaidOut(said="answered")


def _insist_answerer(call: Call, right: str) -> None:
    """Refuse somebody whose roles do not answer this right."""
    roles = answerers(call.company.policy, right)
    if roles and not set(roles) & set(call.asker.roles):
        said = f"'{right}' is answered by {' or '.join(roles)}"
        raise Fault(403, "wrong-asker", said, clauses=clauses_of(call.company.policy, Right, right))


def extend(call: Call) -> AskedOut:
    """Take longer over a request, and say why."""
    gate, person, number = call.company.gate, call.person(), call.path["number"]
    lengthen(call.company, person=person, number=number, reason=call.read(ExtendIn).reason)
    for asked in gate.access(person=person).requests:
        if asked.number == number:
            return asked_out(asked, call.company.name)
    raise Fault(404, "not-here", "there is no such request")


def access(call: Call) -> AccessOut:
    """Return all that is held about the person (GDPR Art. 15)."""
    name, seen = call.company.name, call.company.gate.access(person=call.person())
    return AccessOut(
        records=tuple(record_out(h, name, call.company.policy) for h in seen.held),
        acts=tuple(map(act_out, seen.acts)),
        objections=tuple(sorted(seen.objections)),
        restricted=tuple(sorted(seen.restricted)),
        disclosures=tuple(map(disclosure_out, seen.disclosures)),
        requests=tuple(asked_out(a, name) for a in seen.requests),
        age=seen.age,
        closed=seen.closed,
    )


def export(call: Call) -> ExportOut:
    """Return the person's copy; ``portable`` in it is what GDPR Art. 20 lets them carry elsewhere."""
    return ExportOut(export=plain(call.company.copy(person=call.person())))


def close(call: Call) -> ClosedOut:
    """Close the account: uses stop, and each record says when it goes."""
    gate, person, name = call.company.gate, call.person(), call.company.name
    gate.close_account(person=person)
    call.sessions.end_person(name, person)
    return ClosedOut(
        records=tuple(record_out(h, name, call.company.policy) for h in gate.access(person=person).held)
    )


def erase(call: Call) -> ReceiptOut:
    """Erase the person (GDPR Art. 17) and give a receipt that anyone can check."""
    name, person = call.company.name, call.person()
    receipt = call.company.gate.erase(person=person)
    call.sessions.end_person(name, person)
    return ReceiptOut(
        at=receipt.at,
        leaf=receipt.leaf,
        stays=tuple(stay_out(s, name) for s in receipt.stays),
        told=receipt.told,
        evidence=plain(receipt.evidence),
    )
