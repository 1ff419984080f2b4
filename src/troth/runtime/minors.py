"""Minors: a report about a child, by anybody without an account, who gets a receipt and no data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.gate.values import Asked
from troth.policy.model import RequestDoor
from troth.runtime.questions import question

if TYPE_CHECKING:
    from troth.runtime.company import Company

TEXT = "A report about a child.\n\nThe account: {child}\nWho reports, and how they are related: {relation}"


def reports(company: Company) -> RequestDoor | None:
    """Return the document's door for such reports, None where it has none."""
    doors = company.policy.of(RequestDoor)
    return next((d for d in doors if d.does == "erase" and d.by == "anyone"), None)


def report(company: Company, *, child: str, reporter: str, relation: str) -> Asked:
    """Hold the child's data still, if there are any, and open a case; the answer is the same either way."""
    person = company.gate.find(kind="email", value=child)
    if person is not None:
        company.gate.report_child(person=person)
    text = TEXT.format(child=child, relation=relation)
    asked: Asked = question(company, address=reporter, text=text, channel="page")
    return asked
