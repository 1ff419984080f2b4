"""Ours: the generated policy compiled by the kernel, and asked with a person's plain state."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.peers import Ask
from bench.workload import World, policy
from troth.terms import Request

if TYPE_CHECKING:
    from troth.kernel import Kernel

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def compiled(world: World) -> Kernel:
    """Compile the world's rules."""
    from troth import kernel  # deferred: a bench without our kernel still says what is missing

    return kernel.compile(policy(world))


def troth(world: World) -> Ask:
    """Return a question to our kernel: from a state to an answer that names clauses and duties."""
    decide = compiled(world).decide

    def ask(person: int, request: Request) -> bool:
        return bool(decide(request, world.people[person], NOW))

    return ask
