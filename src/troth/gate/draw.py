"""Draw: a random part of the conversations that are over becomes samples for reviewers, once it is nobody's.

Who is drawn follows from the seed in the evidence and from keys that only the house has: the same seed draws
the same again, and nobody outside can work out whom.  A drawn conversation of which a doubt is left is
withheld and counted.  INVARIANT (never more): no draw takes a greater part than the document says.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from troth.gate import pool
from troth.gate.anonymity import (
    Scheme,
    crowd,
    doubts,
    names_of,
    scheme,
    schemes,
    shared_words,
    told_by_crowd,
    words_in,
)
from troth.gate.clock import Reckoning
from troth.gate.converse_link import AREA as APART
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.kernel.calendar import local_day, start_of
from troth.kernel.rules import DERIVED
from troth.store import Record
from troth.terms import Action, Allowed, Permit, Request

KIND = "drawn"
BEGINNING = "0001-01-01T00:00:00+00:00"
SEEDS = 1 << 53  # seeds below this pass through JSON unchanged


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw: out of how many, how many were drawn, kept, and withheld for which doubts.

    ``print_`` is the same for two draws that drew the same conversations, and says nothing else of them;
    ``shape`` counts conversations by their number of turns, where a crowd has had some of that length.
    """

    number: int
    data: str
    seed: int
    rate: int
    since: str
    until: str
    frame: int
    drawn: int
    kept: int
    withheld: Mapping[str, int]
    print_: str
    shape: Mapping[int, int] = field(default_factory=dict)


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


def draw(house: House, *, data: str, seed: int | None = None, rate: int | None = None) -> Drawn:
    """Draw from the conversations that ended since the last draw and before today; return what became of it.

    Raises ``BadBody`` for a greater part than the document's, ``GateError`` where nothing is sampled.
    """
    plan = _plan(house, data)
    part = plan.percent if rate is None else rate
    if not 0 < part <= plan.percent:
        raise BadBody(plan.sample.name, "rate", f"the document lets {plan.percent} in a hundred be drawn")
    with house.lock:
        now, last = house.clock(), latest(house, data)
        until = start_of(local_day(now, house.policy.zone), house.policy.zone).isoformat()
        chosen = secrets.randbelow(SEEDS) if seed is None else seed
        frame = list(_frame(house, plan, last.until if last else BEGINNING, until))
        taken = _taken(house, frame, chosen, part)
        kept, withheld = _copied(house, plan, frame, taken)
        said = {
            "data": data,
            "sample": plan.sample.name,
            "seed": chosen,
            "rate": part,
            "since": last.until if last else BEGINNING,
            "until": until,
            "frame": len(frame),
            "drawn": len(taken),
            "kept": kept,
            "withheld": dict(withheld),
            "print": _print(house, taken, chosen),
            "shape": _shape(frame, crowd(house)),
        }
        leaf = house.store.log(kind=KIND, clause=plan.sample.clause.ref, detail=said)
    return _read(leaf, said)


def redraw(house: House, *, number: int) -> Drawn:
    """Draw again by the seed and over the period of an earlier draw, and keep nothing of it."""
    with house.lock:
        before = next((d for d in draws(house) if d.number == number), None)
        if before is None:
            raise NoRecord(number)
        plan = _plan(house, before.data)
        frame = list(_frame(house, plan, before.since, before.until))
        taken = _taken(house, frame, before.seed, before.rate)
    said = {"frame": len(frame), "drawn": len(taken), "print": _print(house, taken, before.seed)}
    whole = {f: getattr(before, f) for f in ("data", "seed", "rate", "since", "until")}
    return _read(number, {**whole, **said, "kept": 0, "withheld": {}})


def draws(house: House) -> tuple[Drawn, ...]:
    """Return every draw there was, the first first."""
    found: list[Drawn] = house.editions.setdefault(KIND, [])
    start = int(house.editions.get(f"{KIND}:start", 0))
    for leaf in house.store.leaves(start=start):
        start = leaf.index + 1
        if leaf.kind == KIND:
            found.append(_read(leaf.index, leaf.detail))
    house.editions[f"{KIND}:start"] = start
    return tuple(found)


def latest(house: House, data: str) -> Drawn | None:
    """Return the last draw from a category."""
    return next((d for d in reversed(draws(house)) if d.data == data), None)


def sampled(house: House) -> tuple[str, ...]:
    """Name the categories that the document samples."""
    return tuple(plan.data for plan in schemes(house))


def draw_due(house: House) -> tuple[Drawn, ...]:
    """Draw from each sampled category that was not drawn from today; return the draws with a frame."""
    today = start_of(local_day(house.clock(), house.policy.zone), house.policy.zone).isoformat()
    due = [p for p in schemes(house) if (last := latest(house, p.data)) is None or last.until != today]
    return tuple(draw(house, data=plan.data) for plan in due)


def _plan(house: House, data: str) -> Scheme:
    plan = scheme(house, data)
    if plan is None or not plan.purpose:
        raise GateError(f"the document samples no '{data}'; add: data … from {data} as anonymous N percent")
    return plan


def _frame(house: House, plan: Scheme, since: str, until: str) -> Iterator[Talk]:
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


def _taken(house: House, frame: list[Talk], seed: int, rate: int) -> list[Talk]:
    ranked = sorted(frame, key=lambda talk: _rank(house, talk, seed))
    return ranked[: len(frame) * rate // 100]


def _print(house: House, taken: list[Talk], seed: int) -> str:
    return sha256("\n".join(sorted(_rank(house, t, seed) for t in taken)).encode()).hexdigest()[:32]


def _shape(frame: list[Talk], least: int) -> dict[str, int]:
    lengths = [(talk.author, str(len(talk.turns))) for talk in frame]
    told = told_by_crowd(lengths, least)
    return dict(Counter(length for _, length in lengths if length in told))


def _copied(house: House, plan: Scheme, frame: list[Talk], taken: list[Talk]) -> tuple[int, Counter[str]]:
    """Put what passes the test into the pool; return how many did, and how often which doubt was left."""
    withheld: Counter[str] = Counter()
    if not taken:
        return 0, withheld
    least, zone = crowd(house), ZoneInfo(house.policy.zone)
    shared = shared_words(((t.author, t.text) for t in frame), least)
    names = tuple(v for p in house.store.persons() for v in names_of(house, p))
    months = told_by_crowd(((t.author, f"{t.last.astimezone(zone):%Y-%m}") for t in frame), least)
    agents = told_by_crowd(((t.author, t.agent) for t in frame), least)
    passed: list[Mapping[str, str]] = []
    for talk in taken:
        found = doubts(house, talk.text, known=names, shared=shared)
        withheld.update(found)
        if not found:
            month = f"{talk.last.astimezone(zone):%Y-%m}"
            beside = {
                "month": month if month in months else "",
                "agent": talk.agent if talk.agent in agents else "",
            }
            passed.append({"text": talk.text, "made": pool.REAL, **beside})
    for body in pool.shuffled(passed):
        pool.put(house, plan, taken[0].permit, body)
    return len(passed), withheld


def _read(leaf: int, said: Mapping[str, Any]) -> Drawn:
    return Drawn(
        leaf,
        str(said["data"]),
        int(said["seed"]),
        int(said["rate"]),
        str(said["since"]),
        str(said["until"]),
        int(said["frame"]),
        int(said["drawn"]),
        int(said["kept"]),
        {str(k): int(n) for k, n in said["withheld"].items()},
        str(said["print"]),
        {int(k): int(n) for k, n in said.get("shape", {}).items()},
    )
