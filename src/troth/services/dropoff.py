"""Drop-off: how many people came to each step of a conversation, and how many went no further.

Steps are counted under the document's counters of a flow and a step, which belong to nobody; whoever goes
back and on again counts once in a talk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.policy.model import Counter, Policy
from troth.services.flows import Flow


def steps_counted(policy: Policy, flow: str, step: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Return the document's counters that coming to a step moves, with their dimensions.

    >>> steps_counted(Policy((Counter(name="steps", of=("flow", "step")),)), "summer", "hello")
    (('steps', {'flow': 'summer', 'step': 'hello'}),)
    """
    dims = {"flow": flow, "step": step}
    return tuple((c.name, dims) for c in policy.of(Counter) if set(c.of) == set(dims))


def dropped(flow: Flow, came: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
    """Yield each step with how many came to it and how many of them went no further.

    A step that some choices lead past loses nobody to it: who came to any later step went on.
    """
    names = [step.name for step in flow.steps]
    for at, name in enumerate(names):
        here = came.get(name, 0)
        on = max((came.get(later, 0) for later in names[at + 1 :]), default=here)
        yield name, here, max(here - on, 0)
