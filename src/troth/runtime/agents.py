"""Agents: what stands in a company's ``agents/`` folder, checked, and the models outside that it may ask.

A model is a row of ``[models]`` in ``site.toml``; its key is a setting of the server and stands in no folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from troth.carriers import Model
from troth.gate.converse import Prompt
from troth.gate.house import nobody_speaks
from troth.policy import Policy
from troth.scrub.residual import Published, published
from troth.services import Coverage
from troth.services.agents import SAYS, Agent, check_agent, read_agent
from troth.terms import Problem

Read = Mapping[str, tuple[Agent, tuple[Problem, ...]]]
PLACE = "agents/"  # before an agent's name where its problems stand among those of flows


def read_agents(root: Path, text: Callable[[Path], str]) -> Read:
    """Read every agent of a company's folder, each with the pages of its folder."""

    def pages(folder: str) -> Mapping[str, str]:
        return {p.stem: text(p) for p in sorted((root / "agents" / folder).glob("*.md"))}

    return {f.stem: read_agent(text(f), str(f), pages) for f in sorted(root.glob("agents/*.md"))}


def unserved(read: Read, policy: Policy, site: Mapping[str, Any]) -> dict[str, tuple[Problem, ...]]:
    """Return what is wrong with each agent, under ``agents/NAME``; advice stops none."""
    coverage, models = Coverage(policy), site.get("models", {})
    found = {PLACE + n: problems or check_agent(a, coverage, models) for n, (a, problems) in read.items()}
    return {name: problems for name, problems in found.items() if problems}


def speaker(site: Mapping[str, Any], keys: str) -> Callable[[Prompt], Iterator[str]]:
    """Return what asks the models of ``site.toml``; ``keys`` holds secrets as ``NAME=KEY, NAME=KEY``."""
    secrets = dict(_pair(part) for part in keys.split(",") if "=" in part)
    rows: Mapping[str, Any] = site.get("models", {})
    models = {n: Model(str(r["url"]), str(r.get("model", n)), secrets.get(n, "")) for n, r in rows.items()}

    def speak(prompt: Prompt) -> Iterator[str]:
        model = models.get(prompt.model)
        return model(prompt) if model else nobody_speaks(prompt)

    return speak


def public(read: Read, text: str) -> Published:
    """Return what says nothing of whoever repeats it: the document, agents' pages, and their own phrases."""
    passages = [p for agent, _ in read.values() for p in agent.knowledge.passages]
    said = (f"{p.page}\n{p.title}\n{p.heading}\n{p.text}" for p in passages)
    sources = (f"{source}: {p}" for p in passages for _, source in SAYS.values())
    return published((text, *said, *sources, *(phrase for phrases in SAYS.values() for phrase in phrases)))


def _pair(part: str) -> tuple[str, str]:
    name, _, key = part.partition("=")
    return name.strip(), key.strip()
