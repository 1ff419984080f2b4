"""Complaints: a person disputes a reward; who granted it sees it and answers; nobody else opens it."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.values import Delivery
from troth.policy.model import Data
from troth.services import disputing
from troth.services.disputing import NoComplaint
from troth.terms import Clause
from troth.web.answering import tell_answer
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut, clause_out
from troth.web.api.wire.rewards import (
    ComplainIn,
    ComplaintOut,
    ComplaintsOut,
    HandledOut,
    ResolveIn,
    StateOut,
    complaint_out,
)
from troth.web.crediting import shop_of


def complaints(call: Call) -> ComplaintsOut:
    """Return a person's complaints with their answers."""
    found = disputing.complaints(shop_of(call.company), call.person())
    return ComplaintsOut(complaints=tuple(map(complaint_out, found)))


def complain(call: Call) -> ComplaintOut:
    """File a complaint about one of the person's own rewards."""
    sent = call.read(ComplainIn)
    if sent.demandable is not None and sent.demandable > shop_of(call.company).today:
        raise Fault(422, "invalid", "demandable: this day lies ahead", fields=("demandable",))
    try:
        filed = disputing.complain(
            shop_of(call.company),
            call.person(),
            reward=sent.reward,
            text=sent.text,
            sort=sent.sort,
            demandable=sent.demandable,
        )
    except NoComplaint:
        raise Fault(404, "not-here", "there is no such reward of yours") from None
    return complaint_out(filed)


def handle(call: Call) -> HandledOut:
    """Show a complaint to who granted the reward; each look stands among the person's disclosures."""
    return _handled(call, _shown(call))


def state(call: Call) -> StateOut:
    """Return how a complaint stands: to staff, who do not decide it, and to its handler."""
    try:
        found = disputing.standing(shop_of(call.company), call.path["number"])
    except NoComplaint as none:
        raise Fault(404, "not-here", str(none)) from None
    if call.asker.kind == "party" and call.asker.member != found.operator:
        raise Fault(403, "wrong-asker", "another's complaint is refused", clauses=complaint_clauses(call))
    return StateOut(
        number=found.number,
        handler=found.operator,
        state=found.state,
        due=found.due,
        overdue=found.overdue,
    )


def resolve(call: Call) -> SaidOut:
    """Answer a complaint; its person reads the answer and gets a message that there is one."""
    sent, asker, company = call.read(ResolveIn), call.asker, call.company
    try:
        person = disputing.resolve(
            shop_of(company),
            number=call.path["number"],
            party=asker.party,
            member=asker.member,
            upheld=sent.upheld,
            text=sent.text,
        )
    except NoComplaint as none:
        raise Fault(404, "not-here", str(none)) from None
    tell_answer(company, person, call.path["number"])
    return SaidOut(said="answered")


def complaint_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of complaints."""
    data = shop_of(call.company).category("demandable", "reward")
    return clauses_of(call.company.policy, Data, data.name if data else "")


def _shown(call: Call) -> Delivery:
    try:
        return disputing.shown(
            shop_of(call.company),
            number=call.path["number"],
            party=call.asker.party,
            member=call.asker.member,
        )
    except NoComplaint as none:
        raise Fault(404, "not-here", str(none)) from None


def _handled(call: Call, seen: Delivery) -> HandledOut:
    clauses = seen.permit.clauses if seen.permit else ()
    return HandledOut(
        fields=dict(seen.body), clauses=tuple(clause_out(c, call.company.name) for c in clauses)
    )
