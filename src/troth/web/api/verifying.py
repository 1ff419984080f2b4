"""Verifying: staff check what a person corrected, and strike what was unlawful or what a law orders away."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from troth.gate.strike import Collides, Struck
from troth.gate.verify import TooMuch
from troth.policy.model import Verify
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import In, Line, Out, SaidOut
from troth.web.api.wire.rights import StayOut, SureIn, stay_out


class CheckedIn(In, frozen=True):
    """Whether what was proposed holds."""

    holds: bool


class ProofIn(In, frozen=True):
    """Which field is in doubt, and what the check asks for."""

    about: Line
    means: Line


class OrderIn(In, frozen=True):
    """An order to erase: its statute or decision, the data it names, and how a collision is decided."""

    reference: Annotated[str, Meta(max_length=200)] = ""
    data: Annotated[tuple[str, ...], Meta(min_length=1, max_length=50)] = ()
    decision: Literal["", "keep", "erase"] = ""
    reason: Annotated[str, Meta(max_length=2000)] = ""


class StruckOut(Out, frozen=True):
    """What went, what a law kept, who was told, and the number of the case that it opened."""

    data: tuple[str, ...]
    stays: tuple[StayOut, ...]
    told: tuple[str, ...]
    number: str = ""


def check(call: Call) -> SaidOut:
    """Say whether a proposed correction holds; the role that the document names says so."""
    person, number = call.person(), call.path["number"]
    said = call.company.gate.proposal(person=person, number=number)
    by = str(said.get("by", ""))
    if by not in call.asker.roles:
        clauses = clauses_of(call.company.policy, Verify)
        raise Fault(403, "wrong-asker", "another role checks this, or nothing waits", clauses=clauses)
    call.company.gate.settle(person=person, number=number, holds=call.read(CheckedIn).holds, by=by)
    return SaidOut(said="written" if call.read(CheckedIn).holds else "not confirmed; the old value stays")


def ask_proof(call: Call) -> SaidOut:
    """Ask a person to prove a correction, by nothing more than the document lets a check ask for."""
    sent = call.read(ProofIn)
    try:
        call.company.gate.ask_proof(person=call.person(), about=sent.about, means=sent.means)
    except TooMuch as error:
        clauses = clauses_of(call.company.policy, Verify)
        raise Fault(422, "invalid", str(error), fields=("means",), clauses=clauses) from None
    return SaidOut(said="asked")


def unlawful(call: Call) -> StruckOut:
    """Erase what is kept of the person without evidence of having been taken in (GDPR Art. 17(1)(d))."""
    call.read(SureIn)
    return _out(call, call.company.gate.erase_unaccounted(person=call.person()))


def ordered(call: Call) -> StruckOut:
    """Erase what a law or a decision orders away (GDPR Art. 17(1)(e))."""
    sent = call.read(OrderIn)
    try:
        struck = call.company.gate.erase_ordered(
            person=call.person(),
            data=sent.data,
            reference=sent.reference,
            by=call.asker.name,
            decision=sent.decision,
            reason=sent.reason,
        )
    except Collides as error:
        clauses = tuple(s.clause for s in error.stays)
        raise Fault(409, "conflict", str(error), clauses=clauses, fields=("decision",)) from None
    return _out(call, struck)


def _out(call: Call, struck: Struck) -> StruckOut:
    stays = tuple(stay_out(s, call.company.name) for s in struck.stays)
    return StruckOut(data=struck.data, stays=stays, told=struck.told, number=struck.number)
