"""Answering: writes to a person that their complaint has an answer, which is read on their own page."""

from __future__ import annotations

from troth.runtime import Company
from troth.terms import TrothError


def tell_answer(company: Company, person: int, number: str) -> None:
    """Send the message where an address is known and may be used; else the page says it alone."""
    where = company.contact
    if where is None:
        return
    try:
        held = company.gate.read(person=person, data=where.data, purpose=where.purpose, field=where.field)
        if held:
            text = f"Your complaint {number} has an answer. You read it on your page."
            company.send(str(held[-1].body[where.field]), "Your complaint has an answer", text, person=person)
    except TrothError:
        return
