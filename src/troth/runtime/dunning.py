"""Dunning: a reminder goes to whoever owes an invoice, one order at a time, until it is paid.

It is a message for the purpose that the document names for what is owed; what somebody agreed to or took
back elsewhere has no part in it, and an objection that stands does.
"""

from __future__ import annotations

from troth.gate.owed import Owing
from troth.runtime.company import Company
from troth.services.purchases import read_purchases
from troth.terms import TrothError


def dun(company: Company) -> int:
    """Remind everybody whose invoice is long enough past its day; return how many messages went."""
    words = read_purchases(company.site)
    if not words.products or not words.owed or not words.unpaid:
        return 0
    due = list(
        company.gate.owed(purpose=words.owed, fact=words.unpaid, after=words.remind, between=words.remind)
    )
    return sum(_remind(company, words.owed, one) for one in due)


def _remind(company: Company, purpose: str, one: Owing) -> bool:
    where = company.contact
    if where is None:
        return False
    try:
        held = company.gate.read(person=one.person, data=where.data, purpose=purpose, field=where.field)
        if not held:
            return False
        link = f"{company.base_url}/{company.name}/me/purchases/{one.order}"
        text = (
            f"Your order {one.order} over {one.amount} was due on {one.due} and is not paid yet.\n"
            f"Pay it here: {link}\n\n"
            f"If you think that you owe nothing, object on your page, and we stop while we look at it: "
            f"{company.base_url}/{company.name}/me/choices"
        )
        subject = f"Reminder: your order {one.order}"
        company.send(str(held[-1].body[where.field]), subject, text, person=one.person, purpose=purpose)
    except TrothError:
        return False
    company.gate.reminded(person=one.person, order=one.order, purpose=purpose)
    return True
