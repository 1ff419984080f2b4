"""Draw: a random part of the conversations that are over becomes samples for reviewers, once it is nobody's.

Who is drawn follows from the seed in the evidence and from keys that only the house has: the same seed draws
the same again, and nobody outside can work out whom.  A drawn conversation of which a doubt is left is
withheld and counted.  INVARIANT (never more): no draw takes a greater part than the document says.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
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
)
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.gate.frame import Talk, frame_of, print_of, shape_of, taken_from
from troth.gate.house import House
from troth.kernel.calendar import local_day, start_of

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
        frame = list(frame_of(house, plan, last.until if last else BEGINNING, until))
        taken = taken_from(house, frame, chosen, part)
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
            "print": print_of(house, taken, chosen),
            "shape": shape_of(frame, crowd(house)),
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
        frame = list(frame_of(house, plan, before.since, before.until))
        taken = taken_from(house, frame, before.seed, before.rate)
    said = {"frame": len(frame), "drawn": len(taken), "print": print_of(house, taken, before.seed)}
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


def _copied(house: House, plan: Scheme, frame: list[Talk], taken: list[Talk]) -> tuple[int, Counter[str]]:
    """Put what passes the test into the pool; return how many did, and how often which doubt was left."""
    withheld: Counter[str] = Counter()
    if not taken:
        return 0, withheld
    least, zone = crowd(house), ZoneInfo(house.policy.zone)
    shared = shared_words(((t.author, t.text) for t in frame), least)
    names = tuple(v for p in house.store.persons() for v in names_of(house, p))
    months = told_by_crowd(((t.author, f"{t.last.astimezone(zone):%Y-%m}") for t in frame), least)
    both = told_by_crowd(((t.author, f"{t.last.astimezone(zone):%Y-%m} {t.agent}") for t in frame), least)
    passed: list[Mapping[str, str]] = []
    for talk in taken:
        found = doubts(house, talk.text, known=names, shared=shared)
        withheld.update(found)
        if not found:
            month = f"{talk.last.astimezone(zone):%Y-%m}"
            beside = {
                "month": month if month in months else "",
                "agent": talk.agent if f"{month} {talk.agent}" in both else "",
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
