"""Lifting: staff end a restriction that a person obtained, in two steps: the person hears, then it ends."""

from __future__ import annotations

from troth.web.api.door import Call
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.choices import LiftIn, LiftingIn


def announce(call: Call) -> SaidOut:
    """Tell the person that a restriction will be lifted, and why (GDPR Art. 18(3))."""
    sent, company, person = call.read(LiftingIn), call.company, call.person()
    company.gate.announce_lifting(person=person, data=sent.data, reason=sent.reason, by=call.asker.name)
    what = "all your data" if sent.data == "*" else f"your data '{sent.data}'"
    text = f"The restriction on {what} will be lifted. The reason: {sent.reason}"
    company.inform("A restriction will be lifted", text, person=person)
    return SaidOut(said="the person is told; the restriction may be lifted now")


def lift(call: Call) -> SaidOut:
    """Lift a restriction of which the person was told; 409 before that."""
    company = call.company
    company.gate.lift(person=call.person(), data=call.read(LiftIn).data, by=call.asker.name)
    return SaidOut(said="lifted")
