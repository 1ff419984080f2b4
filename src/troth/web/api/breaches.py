"""Breaches: the breach desk over the API, for the roles that the document shows the security log to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from troth.gate.affected import Scope
from troth.gate.breach import Breach
from troth.gate.errors import GateError
from troth.policy.model import Breach as Rule
from troth.runtime import breaching
from troth.services.breach import desk
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.breaches import (
    AffectedOut,
    AssessIn,
    BreachesOut,
    BreachIn,
    BreachOut,
    DraftsOut,
    HoldIn,
    NoticeIn,
    ScopeIn,
    StepOut,
)


def report(call: Call) -> BreachOut:
    """Open a case; who is affected is worked out, and the businesses concerned are told at once."""
    _insist(call)
    sent = call.read(BreachIn)
    scope = Scope(sent.since, sent.until or call.now, sent.staff, sent.party, sent.member, sent.data)
    made = breaching.report(
        call.company, what=sent.what, aware=sent.aware or call.now, scope=scope, by=call.asker.name
    )
    return _out(call, made)


def breaches(call: Call) -> BreachesOut:
    """Return the register, the newest first."""
    _insist(call)
    return BreachesOut(breaches=tuple(_out(call, case) for case in call.company.gate.breaches()))


def breach(call: Call) -> BreachOut:
    """Return one case."""
    return _out(call, _case(call))


def drafts(call: Call) -> DraftsOut:
    """Return the notices that the case calls for, as they stand now."""
    authority, subject, people = breaching.drafts(call.company, _case(call))
    return DraftsOut(authority=authority, subject=subject, people=people)


def assess(call: Call) -> BreachOut:
    """Rate the risk and say why."""
    case, sent = _case(call), call.read(AssessIn)
    made = call.company.gate.assess(
        number=case.number,
        risk=sent.risk,
        reason=sent.reason,
        effects=sent.effects,
        measures=sent.measures,
        advice=sent.advice,
        exception=sent.exception,
        by=call.asker.name,
    )
    return _out(call, made)


def look_again(call: Call) -> BreachOut:
    """Find out anew whom a case affects, once more is known of it."""
    case, sent = _case(call), call.read(ScopeIn)
    scope = Scope(sent.since, sent.until, sent.staff, sent.party, sent.member, sent.data)
    made = breaching.look_again(call.company, number=case.number, scope=scope, by=call.asker.name)
    return _out(call, made)


def hold(call: Call) -> BreachOut:
    """Keep the message to the people back for a while; the authority's clock runs on."""
    case, sent, by = _case(call), call.read(HoldIn), call.asker.name
    made = call.company.gate.hold_back(number=case.number, by=by, reference=sent.reference, until=sent.until)
    return _out(call, made)


def notice(call: Call) -> BreachOut:
    """Tell the people, post it on the site, or note that the authority was told."""
    case, sent, by = _case(call), call.read(NoticeIn), call.asker.name
    gate = call.company.gate
    if sent.to == "people":
        return _out(call, breaching.tell_people(call.company, number=case.number, by=by))
    if sent.to == "site":
        return _out(call, gate.post_breach(number=case.number, by=by, shown=sent.shown))
    told = gate.notified(number=case.number, by=by, reference=sent.reference, late=sent.late)
    return _out(call, told)


def close(call: Call) -> BreachOut:
    """Close a case; 422 while effects or measures are not described, 409 while somebody is owed a notice."""
    case = _case(call)
    return _out(call, call.company.gate.close_breach(number=case.number, by=call.asker.name))


def breach_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause on breaches."""
    return clauses_of(call.company.policy, Rule)


def _case(call: Call) -> Breach:
    _insist(call)
    try:
        return call.company.gate.breach(number=call.path["number"])
    except GateError as error:
        raise Fault(404, "not-here", str(error)) from None


def _insist(call: Call) -> None:
    """Refuse a role that does not keep the breach desk."""
    keepers = desk(call.company.policy)
    if not set(keepers) & set(call.asker.roles):
        said = (
            f"the breach desk is for {' or '.join(keepers) or 'nobody: the document shows no security log'}"
        )
        raise Fault(403, "wrong-asker", said, clauses=breach_clauses(call))


def _out(call: Call, case: Breach) -> BreachOut:
    told = case.done("notified")
    return BreachOut(
        number=case.number,
        what=case.what,
        aware=case.aware,
        due=case.due.astimezone(UTC) if case.due else None,
        overdue=case.due is not None and told is None and call.now > case.due,
        risk=case.risk,
        reason=case.reason,
        effects=case.effects,
        measures=case.measures,
        advice=case.advice,
        exception=case.exception,
        posted=case.posted,
        held=case.held.astimezone(UTC) if case.held else None,
        closed=case.closed,
        affected=tuple(AffectedOut(tag=tag, data=data) for tag, data in case.affected),
        steps=tuple(StepOut(at=s.at, what=s.what, by=s.by, note=s.note) for s in case.steps),
        clause=clause_out(case.clause, call.company.name) if case.clause else None,
    )
