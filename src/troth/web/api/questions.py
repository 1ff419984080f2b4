"""Questions: one that came by mail, entered by the mail's own key, or asked by a signed-in person."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import RequestDoor
from troth.runtime import question
from troth.services.flows import EMAIL
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.questions import QuestionAsked, QuestionIn


def ask(call: Call) -> QuestionAsked:
    """Open a case and send its writer the receipt."""
    sent = call.read(QuestionIn)
    address = sent.address.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "address: not a mail address", fields=("address",))
    asked = question(call.company, address=address, text=sent.text, channel=sent.channel)
    return QuestionAsked(number=asked.number, due=asked.due)


def door_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause that opens the door for questions."""
    return clauses_of(call.company.policy, RequestDoor, "question")
