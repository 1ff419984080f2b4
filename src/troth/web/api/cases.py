"""Cases: a person writes to the company and reads what became of it; staff see it while it is open."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import RequestDoor
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.cases import CaseIn, CaseOut, CasesOut, StatementIn, case_out

ANSWERED = "answer"  # what the document says a door does: somebody writes back


def cases(call: Call) -> CasesOut:
    """Return a person's cases, newest first."""
    name, found = call.company.name, call.company.gate.cases(person=call.person())
    return CasesOut(cases=tuple(case_out(c, name) for c in found))


def case(call: Call) -> CaseOut:
    """Return one case; 404 for one that is not the person's."""
    return _case(call, call.path["number"])


def write(call: Call) -> CaseOut:
    """Open a case through a door of the document."""
    sent, company, person = call.read(CaseIn), call.company, call.person()
    if not any(d.name == sent.door and d.does == ANSWERED for d in company.policy.of(RequestDoor)):
        raise Fault(422, "invalid", "door: the document opens no such door", fields=("door",))
    asked = company.gate.question(
        person=person, text=sent.text, address="", channel="api", door=sent.door, about=sent.about
    )
    return _case(call, asked.number)


def supplement(call: Call) -> CaseOut:
    """Put a statement beside what stands in a case (GDPR Art. 16)."""
    number = call.path["number"]
    made = call.company.gate.supplement(person=call.person(), number=number, text=call.read(StatementIn).text)
    return case_out(made, call.company.name)


def case_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which cases are opened."""
    return clauses_of(call.company.policy, RequestDoor)


def _case(call: Call, number: str) -> CaseOut:
    for found in call.company.gate.cases(person=call.person()):
        if found.asked.number == number:
            return case_out(found, call.company.name)
    raise Fault(404, "not-here", "there is no case of this number, or it is gone")
