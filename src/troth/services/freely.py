"""Freely: what a person earned never hangs on a yes (GDPR Art. 7(4)).

From the first step to each reward there must be a way on which nothing is agreed to: every consent in front
of it may be left out, and no way around it leads past the reward.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.services.flows import Flow, Step
from troth.terms import Place, Problem

UNSAID = ("none", "rather-not-say")  # options that say nothing, and are not stored


def bought(flow: Flow) -> Iterator[Problem]:
    """Yield each reward that only somebody who says yes comes to."""
    free = _without_yes(flow)
    for step in flow.steps:
        if step.reward is not None and step.name not in free:
            said = f"gives '{step.reward.name}' only after a yes: what is earned may not depend on it"
            yield Problem(
                Place(flow.path, step.act or step.line), said, "write 'optional', or give it before"
            )


def _without_yes(flow: Flow) -> frozenset[str]:
    """Return the steps that can be come to while every consent is left out."""
    names = {step.name for step in flow.steps}
    seen: set[str] = set()
    todo = [flow.steps[0].name] if flow.steps else []
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        todo += [n for n in _ways(flow, flow.step(name)) if n in names]
    return frozenset(seen)


def _ways(flow: Flow, step: Step) -> list[str]:
    """Return where a step leads somebody who agrees to nothing: past a question on a yes, unanswered."""
    ask = step.ask
    if step.consent:
        return [flow.after(step)] if step.optional else []
    if ask is None:
        return [flow.after(step)]
    if not ask.consent:
        return [*(o.to for o in ask.options), flow.after(step)]
    unsaid = [o.to or flow.after(step) for o in ask.options if o.value in UNSAID]
    return [*unsaid, flow.after(step)] if ask.optional else unsaid
