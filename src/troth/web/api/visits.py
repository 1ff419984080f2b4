"""Visits: openings of a flow, counted under the document's own counters, and a visit's facts cut to its list.

A count belongs to nobody.  A record is written only by a service, for a person it names by tag.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC

from troth.policy.model import Counter, Data
from troth.services import Visit, channel, counted, link_problem
from troth.services.facts import browser, site_of, system
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import named
from troth.web.api.talks import flows_of, served
from troth.web.api.wire.base import Value
from troth.web.api.wire.proofs import CountOut, VisitIn, VisitOut, VisitRecord, VisitsOut

CUT: Mapping[str, Callable[[str], str]] = {"referrer": site_of, "browser": browser, "system": system}


def visit(call: Call) -> VisitOut:
    """Count an opening of a flow by its channel, and keep the visit's facts where a record is sent along."""
    sent, company = call.read(VisitIn), call.company
    flow = served(call, sent.flow)
    if problem := link_problem(sent.campaign):
        raise Fault(422, "invalid", f"campaign: {problem}", fields=("campaign",))
    if sent.record is not None and call.asker.kind != "job":
        raise Fault(403, "wrong-asker", "a visit's record is the service's own to write")
    via = channel(sent.via, sent.referrer)
    hour = f"{call.now.astimezone(UTC):%Y-%m-%dT%H}"
    for counter, dims in counted(company.policy, Visit(flow.name, hour, via, sent.campaign)):
        company.gate.count(counter=counter, dims=dims)
    return VisitOut(channel=via) if sent.record is None else _record(call, sent.record, via)


def _record(call: Call, sent: VisitRecord, via: str) -> VisitOut:
    """Keep the declared facts; the others are dropped and reported by their names."""
    gate, data = call.company.gate, named(call.company.policy, Data, sent.data)
    known = {f.name for f in data.fields} if data else set(sent.fields)
    person = gate.tagged(tag=sent.tag)
    if person is None:
        raise Fault(404, "not-here", "nobody here has this tag")
    body = {name: _cut(name, value) for name, value in sent.fields.items() if name in known}
    purpose = call.purpose(sent.purpose)
    rid = gate.collect(person=person, data=sent.data, body=body, purpose=purpose, source="device")
    return VisitOut(channel=via, rid=rid, dropped=tuple(sorted(set(sent.fields) - known)))


def _cut(name: str, value: Value) -> Value:
    """Cut a raw header to what the document lists: a site, a browser with its main version, a system."""
    if name not in CUT or not isinstance(value, str):
        return value
    return CUT[name](value) or ("" if name == "referrer" else value[:40])


def visits(call: Call) -> VisitsOut:
    """Return the openings of flows by channel; a party sees those of its own flows."""
    own = {f.name for f in flows_of(call)}
    told = [
        CountOut(dims=dict(dims), count=n)
        for counter in call.company.policy.of(Counter)
        if {"flow", "channel"} <= set(counter.of)
        for dims, n in call.company.gate.counts(counter=counter.name)
        if dims["flow"] in own
    ]
    return VisitsOut(counts=tuple(told))
