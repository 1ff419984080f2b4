"""Surveys: what people answered, question by question, as numbers about groups and about nobody."""

from __future__ import annotations

from collections.abc import Sequence

from troth.kernel.calendar import local_day
from troth.policy.model import Door
from troth.runtime import polling
from troth.services import Flow
from troth.terms import Clause, Form
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.talks import flows_of
from troth.web.api.wire.base import Out
from troth.web.api.wire.people import CellOut, SurveyOut, TallyOut


def survey(call: Call) -> SurveyOut:
    """Tell a survey's results to the business whose survey it is; a split that tells a small group is not."""
    flow = next((f for f in flows_of(call) if f.name == call.path["flow"] and f.survey), None)
    if flow is None:
        raise Fault(404, "not-here", "there is no such survey of yours")
    return SurveyOut(flow=flow.name, questions=tuple(_tallies(call, flow)), within=call.company.gate.within())


class InvitedOut(Out, frozen=True):
    """How many were asked, and how many were left alone since they were asked within the month."""

    sent: int
    held: int


def invite(call: Call) -> InvitedOut:
    """Ask people to take part in a survey that is open."""
    flow = call.company.flows.get(call.path["flow"])
    if flow is None or not flow.survey or flow.draft:
        raise Fault(404, "not-here", "there is no such survey")
    asks = {step.ask.data for step in flow.steps if step.ask}
    roles = {d.party for d in call.company.policy.of(Door) if d.verb == "show" and asks & set(d.data)}
    if not roles & set(call.asker.roles):
        raise Fault(403, "wrong-asker", "surveys are for another role", clauses=survey_clauses(call))
    if flow.over(local_day(call.now, call.company.policy.zone)):
        raise Fault(410, "gone", "this survey is closed")
    try:
        done = polling.invite(call.company, flow)
    except polling.NoPolls as none:
        raise Fault(422, "invalid", str(none)) from none
    return InvitedOut(sent=done.sent, held=done.held)


def _tallies(call: Call, flow: Flow) -> list[TallyOut]:
    gate, asker = call.company.gate, call.asker
    told = []
    for step in flow.steps:
        ask = step.ask
        if ask is None or ask.kind != "choice":
            continue
        total, split = gate.tally(
            data=ask.data,
            field=ask.field,
            among=[o.value for o in ask.options],
            where={"flow": flow.name, "step": step.name},
            purpose=_purpose(call, ask.data),
            party=asker.party,
            member=asker.member,
        )
        cells = tuple(CellOut(value=value, people=people) for value, people in split)
        told.append(TallyOut(step=step.name, question=step.say, total=total, split=cells))
    return told


def _purpose(call: Call, data: str) -> str:
    """Return the purpose for which the document lets the asker have numbers of this category."""
    for door in call.company.policy.of(Door):
        if door.form is Form.ANONYMOUS and door.party == call.asker.party and data in door.data:
            return door.purposes[0]
    raise Fault(403, "refused", "the document opens no numbers of this", clauses=survey_clauses(call))


def survey_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which numbers go to the asker, and nothing else does."""
    doors = [d.clause for d in call.company.policy.of(Door) if d.form is Form.ANONYMOUS]
    return doors[:1] or clauses_of(call.company.policy, Door)
