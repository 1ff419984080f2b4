"""Synthetic: conversations that nobody ever had, made of an agent's own pages and of how long real ones are.

No word of a real conversation goes in: questions are made of the headings, answers are the agent's own, and
of the real ones only the numbers of their turns are known, as far as a crowd shares them.
"""

from __future__ import annotations

import random
from collections.abc import Mapping

from troth.services.agents import Agent, written
from troth.services.knowledge import answer

ASKED: Mapping[str, tuple[str, ...]] = {
    "en": (
        "How does this work: {}?",
        "{}: what do I have to know?",
        "I do not understand this: {}. Can you help?",
        "{}, please.",
    ),
    "nb": (
        "Hvordan virker dette: {}?",
        "{}: hva må jeg vite?",
        "Jeg forstår ikke dette: {}. Kan du hjelpe?",
        "{}, takk.",
    ),
}
MOST = 100  # conversations made at once


def conversations(
    agent: Agent, *, seed: int, many: int, shape: Mapping[int, int] | None = None
) -> tuple[str, ...]:
    """Return so many conversations with an agent, the same for the same seed; none without pages.

    ``shape`` says how many real conversations have how many turns; left out, each has one.
    """
    passages = agent.knowledge.passages
    if not passages:
        return ()
    drawn, lengths = random.Random(seed), dict(shape or {1: 1})
    turns = drawn.choices(list(lengths), weights=list(lengths.values()), k=min(many, MOST))
    return tuple(_conversation(agent, drawn, n) for n in turns)


def _conversation(agent: Agent, drawn: random.Random, turns: int) -> str:
    lines: list[str] = []
    asked = ""
    for passage in drawn.choices(agent.knowledge.passages, k=turns):
        ways = ASKED.get(agent.language, ASKED["en"])
        question = drawn.choice(ways).format(passage.heading or passage.title)
        lines += [question, written(answer(agent.knowledge, question, asked), agent.language)]
        asked = question
    return "\n".join(lines)
