"""Polling: what a survey adds up to as counts of nobody, and what its script may not ask for.

Each answer to a choice moves one number under the document's counter of flow, step and option; the number
stays when the answer goes.  Whoever leaves a name or an address leaves it apart from what they answered, and
no survey asks for either as if it had to be given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.policy.model import Counter, Data, Policy
from troth.services.flows import Ask, Flow
from troth.terms import Place, Problem

CONTACT = ("email", "phone")


def counted(
    policy: Policy, flow: Flow, answers: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the counters that a finished survey moves, with their dimensions."""
    names = [c.name for c in policy.of(Counter) if set(c.of) == {"flow", "step", "option"}]
    for step in flow.steps if flow.survey else ():
        answer = answers.get(step.name, "")
        if step.ask is not None and answer in {o.value for o in step.ask.options}:
            yield from ((name, {"flow": flow.name, "step": step.name, "option": answer}) for name in names)


def reaches(policy: Policy, ask: Ask) -> bool:
    """Say whether a question is of how to reach somebody: its category holds an address or a number."""
    data = next((d for d in policy.of(Data) if d.name == ask.data), None)
    return data is not None and any(f.type in CONTACT for f in data.fields)


def closing(policy: Policy, flow: Flow, data: str) -> Mapping[str, object]:
    """Return the day on which a survey closed, where the category has a field for it."""
    found = next((d for d in policy.of(Data) if d.name == data), None)
    has = found is not None and any(f.name == "closed" and f.type == "date" for f in found.fields)
    return {"closed": flow.closes.isoformat()} if has and flow.survey and flow.closes else {}


def check_contact(policy: Policy, flow: Flow) -> Iterator[Problem]:
    """Yield each question of a survey for a name or an address that could not be left out."""
    for step in flow.steps if flow.survey else ():
        ask = step.ask
        if ask is not None and not ask.optional and reaches(policy, ask):
            said = f"asks for {ask.data}.{ask.field} in a survey as if it had to be given"
            yield Problem(Place(flow.path, step.act or step.line), said, "add: optional")
