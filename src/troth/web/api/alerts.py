"""Alerts: too many failed sign-ins from one address, for the role the document opens them to."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Door
from troth.terms import Clause
from troth.web.alarm import door
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.people import AlertOut, AlertsOut


def alerts(call: Call) -> AlertsOut:
    """List the alarms by the tag under which their attempts are filed; what is in them is asked for apart."""
    found = door(call.company)
    if found is None or found[3] not in call.asker.roles:
        raise Fault(403, "wrong-asker", "alarms are refused to this role", clauses=alert_clauses(call))
    raised = [a for a in call.sessions.alarm.raised if a.company == call.company.name]
    return AlertsOut(alerts=tuple(AlertOut(tag=a.tag, since=a.since, attempts=a.attempts) for a in raised))


def alert_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which one role sees them."""
    found = door(call.company)
    doors = [d.clause for d in call.company.policy.of(Door) if found and d.party == found[3]]
    return doors[:1] or clauses_of(call.company.policy, Door)
