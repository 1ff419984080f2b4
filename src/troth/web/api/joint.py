"""Joint: who answers for what, what both have signed, and what a partner sets; nobody sets for another."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.joint import Arrangement, Settings
from troth.policy.model import Area
from troth.services.joint import granted, sides
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.joint import ArrangementOut, DutiesOut, DutyOut, SettingsIn, SettingsOut, SignIn


def duties(call: Call) -> DutiesOut:
    """Return the parted duties as the document has them (GDPR Art. 26(2)): requests are routed by them."""
    return DutiesOut(
        duties=tuple(
            DutyOut(
                area=s.area,
                name=s.duty.name,
                text=s.duty.text,
                side=s.duty.side,
                responsible=s.responsible,
                purposes=s.duty.covers,
                clause=clause_out(s.duty.clause, call.company.name),
            )
            for s in sides(call.company.policy)
        )
    )


def sign(call: Call) -> ArrangementOut:
    """Sign a version: a party for its own side, staff for ours."""
    sent, asker = call.read(SignIn), call.asker
    party, member = (sent.party or _joint(call), sent.member)
    if asker.kind == "party":
        party, member = call.member(sent.party, sent.member)
    side = "theirs" if asker.kind == "party" else "ours"
    signed = call.company.gate.sign(
        party=party, member=member, version=sent.version, side=side, by=asker.sign
    )
    return _arrangement(signed)


def arrangement(call: Call) -> ArrangementOut:
    """Return the arrangement with the asker's member, in force or under way."""
    found = call.company.gate.arrangement(party=call.asker.party, member=call.asker.member)
    if found is None:
        raise Fault(404, "not-here", "nothing is signed", clauses=joint_clauses(call))
    return _arrangement(found)


def set_up(call: Call) -> SettingsOut:
    """Put the next version of the asker's own settings in the place of the last."""
    sent, asker = call.read(SettingsIn), call.asker
    if set(sent.paused) - set(granted(call.company.rewards, asker.member)):
        raise Fault(422, "invalid", "paused: not a reward of yours", fields=("paused",))
    made = call.company.gate.set_up(
        party=asker.party,
        member=asker.member,
        share=sent.share,
        barred=sent.barred,
        paused=sent.paused,
        by=asker.sign,
    )
    return _settings(made)


def settings(call: Call) -> SettingsOut:
    """Return the asker's own settings; version 0 shares nothing."""
    return _settings(call.company.gate.settings(party=call.asker.party, member=call.asker.member))


def joint_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which we answer together with others."""
    found = [a.clause for a in call.company.policy.of(Area) if a.duties]
    return found[:1] or clauses_of(call.company.policy, Area)


def _joint(call: Call) -> str:
    return next((a.party for a in call.company.policy.of(Area) if a.duties), "")


def _arrangement(found: Arrangement) -> ArrangementOut:
    return ArrangementOut(
        party=found.party,
        member=found.member,
        version=found.version,
        ours=found.ours.isoformat() if found.ours else None,
        theirs=found.theirs.isoformat() if found.theirs else None,
        in_force=found.complete,
    )


def _settings(found: Settings) -> SettingsOut:
    return SettingsOut(
        member=found.member,
        version=found.version,
        share=dict(found.share),
        barred=dict(found.barred),
        paused=found.paused,
    )
