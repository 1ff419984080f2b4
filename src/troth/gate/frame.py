"""Frame: the conversations from which a sample is drawn, and which of them a seed takes.

INVARIANT (asked first): whose author's state does not let them be sampled now is in no frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from troth.gate.anonymity import Scheme, told_by_crowd, words_in
from troth.gate.clock import Reckoning
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.identify import APART
from troth.kernel.rules import DERIVED
from troth.store import Record
from troth.terms import Action, Allowed, Permit, Request


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the frame: its author's random number, its own, its turns, and the permit to copy."""

    author: int
    number: str
    turns: tuple[Record, ...]
    permit: Permit

    @property
    def last(self) -> datetime:
        return max(datetime.fromisoformat(t.meta.collected) for t in self.turns)

    @property
    def text(self) -> str:
        return "\n".join(words_in(t) for t in self.turns)

    @property
    def agent(self) -> str:
        body = self.turns[-1].body
        return str(body.get("agent", "")) if isinstance(body, dict) else ""


def frame_of(house: House, plan: Scheme, since: str, until: str) -> Iterator[Talk]:
    """Yield the conversations that ended in a period of authors who let them be sampled, in fixed order."""
    begins, ends = datetime.fromisoformat(since), datetime.fromisoformat(until)
    for author in sorted(house.store.persons(area=APART)):
        records = standing(house, author)
        mine = [r for r in records if r.data == plan.data and isinstance(r.body, dict)]
        if not mine:
            continue
        mind = Reckoning(house, known(house, records), house.clock())
        asked = Request(Action.COLLECT, plan.sample.name, plan.purpose, source=DERIVED)
        decision = house.kernel.decide(asked, mind.state, mind.now)
        if not isinstance(decision, Allowed):
            continue
        for number, turns in sorted(_by_number(mine).items()):
            talk = Talk(author, number, tuple(turns), decision.permit)
            if begins <= talk.last < ends and talk.text:  # a text that was put there is no conversation
                yield talk


def _by_number(records: list[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda r: (r.meta.collected, r.rid)):
        body: Any = record.body
        found.setdefault(str(body.get("conversation") or record.rid), []).append(record)
    return found


def _rank(house: House, talk: Talk, seed: int) -> str:
    return house.store.tag(person=talk.author, label=f"draw:{seed}:{talk.number}")


def taken_from(house: House, frame: list[Talk], seed: int, rate: int) -> list[Talk]:
    """Return those of a frame that a seed draws, ``rate`` in a hundred of them, rounded down."""
    ranked = sorted(frame, key=lambda talk: _rank(house, talk, seed))
    return ranked[: len(frame) * rate // 100]


def print_of(house: House, taken: list[Talk], seed: int) -> str:
    """Return what is the same for the same drawn conversations, and tells nothing else of them."""
    return sha256("\n".join(sorted(_rank(house, t, seed) for t in taken)).encode()).hexdigest()[:32]


def shape_of(frame: list[Talk], least: int) -> dict[str, int]:
    """Count conversations by their number of turns, where a crowd has had some of that length."""
    lengths = [(talk.author, str(len(talk.turns))) for talk in frame]
    told = told_by_crowd(lengths, least)
    return dict(Counter(length for _, length in lengths if length in told))
