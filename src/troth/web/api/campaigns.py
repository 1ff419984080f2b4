"""Campaigns: a party, or staff in its name, writes to those who said yes; and what it has instructed."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.values import Instruction
from troth.policy.model import Fact, FormMeaning
from troth.runtime import Campaign, plan, senders
from troth.runtime import send as send_now
from troth.terms import Clause, Form
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.campaigns import (
    CampaignIn,
    CampaignOut,
    CampaignsOut,
    InstructedOut,
    InstructIn,
)


def instruct(call: Call) -> InstructedOut:
    """Sign the next version of the instructions of the asker's own member."""
    asker, sent = call.asker, call.read(InstructIn)
    said = call.company.gate.instruct(
        party=asker.party, member=asker.member, purposes=sent.purposes, by=asker.sign
    )
    return _instructed(said)


def instructed(call: Call) -> InstructedOut:
    """Return the version of the instructions that counts now."""
    asker = call.asker
    said = call.company.gate.instructed(party=asker.party, member=asker.member)
    if said is None:
        raise Fault(404, "not-here", "nothing is signed", clauses=setting_clauses(call))
    return _instructed(said)


def campaign(call: Call) -> CampaignOut:
    """Queue a message; refused where the document or the instructions do not let it go."""
    sent, party, member = call.read(CampaignIn), call.asker.party, call.asker.member
    if party and sent.member not in ("", member):
        _, member = call.member(party, sent.member)
    if not party:
        party, member = _party(call), sent.member
    _whole(sent)
    made = plan(
        call.company,
        party=party,
        member=member,
        subject=sent.subject,
        text=sent.text,
        at=sent.at,
        message=sent.message,
    )
    return _out(call, made)


def _whole(sent: CampaignIn) -> None:
    missing = () if sent.message else tuple(n for n in ("subject", "text") if not getattr(sent, n).strip())
    if missing:
        raise Fault(422, "invalid", f"{missing[0]}: is missing", fields=missing)


def send(call: Call) -> CampaignOut:
    """Send what is queued now; each person is asked again."""
    _own(call, call.path["number"])
    return _out(call, send_now(call.company, call.path["number"]))


def campaigns(call: Call) -> CampaignsOut:
    """List the campaigns that the asker may see."""
    every = call.company.campaigns.all()
    return CampaignsOut(campaigns=tuple(_out(call, c) for c in every if _mine(call, c)))


def setting_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which a party instructs."""
    facts = call.company.policy.of(Fact)
    return tuple(f.clause for f in facts if f.of == "party") or clauses_of(call.company.policy, Fact)


def _party(call: Call) -> str:
    found = senders(call.company.policy)
    if not found:
        raise Fault(422, "invalid", "the document lets nobody write to many")
    return found[0].party


def _mine(call: Call, made: Campaign) -> bool:
    asker = call.asker
    return asker.kind != "party" or (made.sender.party, made.member) == (asker.party, asker.member)


def _own(call: Call, number: str) -> None:
    made = call.company.campaigns.get(number)
    if made is None or not _mine(call, made):
        raise Fault(404, "not-here", "there is no such campaign")


def _out(call: Call, made: Campaign) -> CampaignOut:
    least = 0
    if call.asker.kind == "party":
        meanings = call.company.policy.of(FormMeaning)
        least = max((m.at_least or 0 for m in meanings if m.form is Form.ANONYMOUS), default=0)
    return CampaignOut(
        number=made.number,
        party=made.sender.party,
        member=made.member,
        at=made.at,
        version=made.version,
        clauses=tuple(clause_out(c, call.company.name) for c in made.clauses),
        queued=made.queued if made.queued >= least else None,
        sent=made.sent if made.sent is not None and made.sent >= least else None,
        held={why: n for why, n in made.held if n >= least},
        done=made.done,
    )


def _instructed(said: Instruction) -> InstructedOut:
    return InstructedOut(
        party=said.party,
        member=said.member,
        version=said.version,
        purposes=said.purposes,
        at=said.at,
    )
