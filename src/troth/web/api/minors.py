"""Minors: anybody reports that a child gave data here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from troth.policy.model import Children
from troth.runtime.minors import report, reports
from troth.services.flows import EMAIL
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import In, Line, Out


class ReportIn(In, frozen=True):
    """The child's address, that of who reports, and how they are related."""

    child: Line
    address: Line
    relation: Line


class ReportedOut(Out, frozen=True):
    """The case and its day; nothing of what is held."""

    number: str
    due: datetime


def report_child(call: Call) -> ReportedOut:
    """Open a case about a child's data; the answer is the same whether anything is held or not."""
    sent = call.read(ReportIn)
    if reports(call.company) is None:
        raise Fault(404, "not-here", "the document opens no door for this", clauses=child_clauses(call))
    said = {"child": sent.child.strip().lower(), "address": sent.address.strip().lower()}
    wrong = tuple(name for name, value in said.items() if not EMAIL.fullmatch(value))
    if wrong:
        raise Fault(422, "invalid", f"{wrong[0]}: not a mail address", fields=wrong)
    asked = report(call.company, child=said["child"], reporter=said["address"], relation=sent.relation)
    return ReportedOut(number=asked.number, due=asked.due)


def child_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause about children."""
    return clauses_of(call.company.policy, Children)
