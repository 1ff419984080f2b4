"""Shelves: where a company takes texts that people put on its platform: beside what is said to its agents."""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.shelve import shelf_of
from troth.policy.model import Policy
from troth.services.agents import Agent
from troth.services.coverage import Coverage


def place_of(agents: Mapping[str, Agent], policy: Policy) -> tuple[str, str] | None:
    """Return the category of conversations that takes texts, with its purpose; None where none does."""
    coverage = Coverage(policy)
    for agent in agents.values():
        datum = coverage.data(agent.data)
        if datum is not None and shelf_of(datum):
            return agent.data, agent.purpose
    return None
