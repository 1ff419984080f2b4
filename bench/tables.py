"""Tables: what else the kernel's tables do: many people at once, and a promise over every situation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter

from bench.ours import NOW, compiled
from bench.workload import World, judge
from troth.kernel import batch, gather, prove_one
from troth.policy.model import Claim, Guard
from troth.terms import Form, Request

TIMES = 7


def tables(world: World) -> str:
    """Measure and tell batches and promises on one world; a batch that is wrong stops the bench."""
    kernel = compiled(world)
    requests = list(dict.fromkeys(request for _, request in world.requests[:2_000]))[:300]
    began = perf_counter()
    people = gather(kernel, world.people)
    gathered = perf_counter() - began
    answers = batch(kernel, requests, people, NOW)
    wrong = _wrong(world, requests, answers.tolist())
    if wrong:
        raise SystemExit(f"{wrong} answers of the batch differ from the judge's")
    rate = answers.size / median(_timed(partial(batch, kernel, requests, people, NOW))) / 1e6
    each = [1000 * median(_timed(partial(prove_one, kernel, claim))) for claim in _claims()]
    return (
        f"{len(world.rules):,} rules: {len(requests)} requests about {len(world.people):,} people at once: "
        f"{rate:,.0f} million decisions a second ({1000 * gathered:,.0f} ms to fold the people once); "
        f"a never over all situations: {', '.join(f'{ms:.1f}' for ms in each)} ms"
    )


def _claims() -> tuple[Claim, ...]:
    """Return promises that no early counterexample cuts short, and one about every rule."""
    every = Guard(unless=("fact-1", "fact-2"))
    return (
        Claim(
            kind="never", verb="touch", data=("any",), guard=Guard(under_age=10), except_form=Form.IDENTIFIED
        ),
        Claim(
            kind="never",
            verb="touch",
            data=("any",),
            purposes=("on legitimate interest",),
            after_objection=True,
        ),
        Claim(
            kind="never",
            verb="touch",
            data=("any",),
            purposes=("on consent",),
            without_consent="",
            guard=every,
        ),
    )


def _timed(work: Callable[[], object]) -> list[float]:
    took = []
    for _ in range(TIMES):
        before = perf_counter()
        work()
        took.append(perf_counter() - before)
    return took


def _wrong(world: World, requests: list[Request], answers: list[list[bool]]) -> int:
    """Count wrong answers on every hundredth person."""
    chosen = range(0, len(world.people), 100)
    pairs = ((row, request, who) for row, request in enumerate(requests) for who in chosen)
    return sum(answers[row][who] != judge(world, world.people[who], request) for row, request, who in pairs)
