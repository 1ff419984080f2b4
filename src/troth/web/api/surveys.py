"""Surveys: what people answered, question by question, as numbers about groups and about nobody."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Door
from troth.services import Flow
from troth.terms import Clause, Form
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.talks import flows_of
from troth.web.api.wire.people import CellOut, SurveyOut, TallyOut


def survey(call: Call) -> SurveyOut:
    """Tell a survey's results to the business whose survey it is; a split that tells a small group is not."""
    flow = next((f for f in flows_of(call) if f.name == call.path["flow"] and f.survey), None)
    if flow is None:
        raise Fault(404, "not-here", "there is no such survey of yours")
    return SurveyOut(flow=flow.name, questions=tuple(_tallies(call, flow)), within=call.company.gate.within())


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
