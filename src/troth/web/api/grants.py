"""Grants: staff ask for a look or a disclosure, another agrees, and the register tells all of it.

The register is for the roles that keep it; anybody else sees what they asked for themself, and what waits for
their role.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from troth.gate.errors import GateError
from troth.gate.grant import Grant, Reach
from troth.policy.model import Fact
from troth.runtime import granting
from troth.services.breach import desk
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import clause_out
from troth.web.api.wire.grants import (
    ExceptionOut,
    ExceptionsOut,
    GrantIn,
    GrantOut,
    GrantsOut,
    LookOut,
    ReachIn,
    ReachOut,
    ReportOut,
    ReportRow,
    StepIn,
    StepOut,
)


def ask(call: Call) -> GrantOut:
    """Ask for a grant; it opens at once, or once another has agreed."""
    sent = call.read(GrantIn)
    made = call.company.gate.ask_grant(
        fact=sent.fact,
        names=sent.names,
        reach=_reach(call, sent.reach),
        by=call.asker.name,
        role=_role(call, sent.role),
        until=sent.until,
    )
    return _out(call, made)


def grants(call: Call) -> GrantsOut:
    """Return the register as far as the asker may see it, the newest first."""
    found = [
        g
        for g in call.company.gate.grants()
        if granting.may_see(call.company, call.asker.name, call.asker.roles, g)
    ]
    wanted = call.ask("state")
    found = [g for g in found if wanted in ("", g.state(call.now))]
    found = [g for g in found if call.ask("unused") != "yes" or not g.looks]
    return GrantsOut(grants=tuple(_out(call, g) for g in found))


def report(call: Call) -> ReportOut:
    """Count what authorities and others asked for in a year, by ground and receiver; no person is named."""
    year, zone = call.ask("year"), ZoneInfo(call.company.policy.zone)
    if not (len(year) == 4 and year.isdecimal()):
        raise Fault(422, "invalid", "year: four digits", fields=("year",))
    if not set(desk(call.company.policy)) & set(call.asker.roles):
        raise Fault(
            403, "wrong-asker", "the report is for who keeps the register", clauses=grant_clauses(call)
        )
    found = [g for g in call.company.gate.grants() if g.steps[0].at.astimezone(zone).year == int(year)]
    counted = Counter((g.fact, g.reach.party) for g in found if g.reach.party)
    answered = Counter((g.fact, g.reach.party) for g in found if g.looks)
    return ReportOut(
        rows=tuple(
            ReportRow(fact=fact, party=party, asked=many, answered=answered[fact, party])
            for (fact, party), many in sorted(counted.items())
        )
    )


def exceptions(call: Call) -> ExceptionsOut:
    """List the members that get data without a term that their class needs: why, by whom, until when."""
    if not set(desk(call.company.policy)) & set(call.asker.roles):
        raise Fault(403, "wrong-asker", "the list is for who keeps the register", clauses=grant_clauses(call))
    return ExceptionsOut(
        exceptions=tuple(
            ExceptionOut(
                party=one.party,
                member=one.member,
                term=one.term,
                reason=one.reason,
                by=one.by,
                approved=one.approved,
                until=one.until,
            )
            for one in call.company.gate.exceptions()
        )
    )


def grant(call: Call) -> GrantOut:
    """Return one grant."""
    return _out(call, _seen(call))


def step(call: Call) -> GrantOut:
    """Agree, say no, end it, review it, or note that the law forbids to tell of it."""
    found, sent, gate = _seen(call), call.read(StepIn), call.company.gate
    who = {"number": found.number, "by": call.asker.name, "role": _role(call, sent.role)}
    match sent.step:
        case "approve":
            made = gate.approve_grant(**who)
        case "decline":
            made = gate.decline_grant(**who, reason=sent.reason)
        case "review":
            made = gate.review_grant(**who, reason=sent.reason)
        case "silence":
            if sent.until is None:
                raise Fault(422, "invalid", "until: a ban has an end", fields=("until",))
            made = gate.silence_grant(**who, fact=sent.fact, names=sent.names, until=sent.until)
        case _:
            made = gate.end_grant(**who, reason=sent.reason)
    return _out(call, made)


def grant_clauses(call: Call) -> Sequence[Clause]:
    """Name the clauses that say for what a grant is asked."""
    return tuple(f.clause for f in call.company.policy.of(Fact) if f.of == "grant")


def _role(call: Call, asked: str) -> str:
    """Return the role in which somebody acts: the one they say, or their only one."""
    if asked and asked not in call.asker.roles:
        raise Fault(403, "wrong-asker", "your key has not this role", clauses=grant_clauses(call))
    if not asked and len(call.asker.roles) != 1:
        raise Fault(422, "invalid", "role: is missing; this key has several", fields=("role",))
    return asked or call.asker.roles[0]


def _seen(call: Call) -> Grant:
    try:
        found = call.company.gate.grant(number=call.path["number"])
    except GateError as error:
        raise Fault(404, "not-here", str(error)) from None
    if not granting.may_see(call.company, call.asker.name, call.asker.roles, found):
        raise Fault(404, "not-here", "there is no such grant")
    return found


def _reach(call: Call, sent: ReachIn) -> Reach:
    gate = call.company.gate
    for tag in (*sent.people, *filter(None, (sent.group_of,))):
        if gate.tagged(tag=tag) is None:
            raise Fault(422, "invalid", "people: nobody here has this tag", fields=("people",))
    number = ""
    if sent.group_of:
        person = gate.tagged(tag=sent.group_of)
        own = gate.group(person=person) if person is not None else None
        if own is None:
            raise Fault(422, "invalid", "group_of: is in no group", fields=("group_of",))
        number = own.number
    return Reach(sent.data, sent.people, number, sent.party, sent.member, sent.since, sent.until)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None


def _out(call: Call, found: Grant) -> GrantOut:
    reach = found.reach
    return GrantOut(
        number=found.number,
        fact=found.fact,
        state=found.state(call.now),
        names=dict(found.names),
        reach=ReachOut(
            data=reach.data,
            people=reach.people,
            group=reach.group,
            party=reach.party,
            member=reach.member,
            since=reach.since,
            until=reach.until,
        ),
        begins=found.begins,
        until=_utc(found.until),
        silent=found.silent,
        review=_utc(found.review),
        steps=tuple(StepOut(at=s.at, what=s.what, by=s.by, role=s.role, note=s.note) for s in found.steps),
        looks=tuple(
            LookOut(at=one.at, by=one.by, tag=one.tag, data=one.data, records=one.records)
            for one in found.looks
        ),
        clause=clause_out(found.clause, call.company.name) if found.clause else None,
    )
