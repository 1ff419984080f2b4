"""Coming: counts that somebody came to a step of a conversation, once a talk; a rehearsal counts nothing."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from troth.runtime import Company
from troth.services import Flow, performance, steps_counted
from troth.web.sessions import Talk


def came(company: Company, flow: Flow, talk: Talk) -> None:
    """Count the step at which the talk stands, under the document's counters of a flow and a step."""
    if talk.preview or talk.step in talk.came:
        return
    talk.came.add(talk.step)
    for counter, dims in steps_counted(company.policy, flow.name, talk.step):
        company.gate.count(counter=counter, dims=dims)
    if name := performance.counter(company.policy):
        here = company.clock().astimezone(ZoneInfo(company.policy.zone))
        for result in performance.results(flow, talk.step):
            company.gate.count(counter=name, dims=performance.dims(flow.name, result, here))
