"""Ours: the generated policy compiled by the kernel, and asked with a person's plain state.

Before the clock starts, people are folded once, as the peers parse theirs, and the document's own tables are
filled where they are small, as a server does when it starts.  The tables hold no person; the rest is filled
while the clock runs.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.peers import Ask
from bench.workload import World, policy
from troth.terms import Action, Request

if TYPE_CHECKING:
    from troth.kernel import Kernel

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def compiled(world: World) -> Kernel:
    """Compile the world's rules, or exit with a sentence: nothing stands in for a missing kernel."""
    try:
        from troth.kernel import compile  # deferred, so that the peers can be timed without it
    except ImportError as gone:
        raise SystemExit("this checkout has no troth.kernel; time the others with --engines") from gone
    return compile(policy(world))


def troth(world: World) -> Ask:
    """Return a question to our kernel, people folded beforehand; its answers name clauses and duties."""
    kernel = compiled(world)
    first = Request(Action.USE, world.rules[0].data, world.rules[0].purpose)
    for person in {who for who, _ in world.requests}:
        kernel.decide(first, world.people[person], NOW)  # folds the person; one request for all, so one table
    kernel.fill()
    decide = kernel.decide

    def ask(person: int, request: Request) -> bool:
        return bool(decide(request, world.people[person], NOW))

    return ask
