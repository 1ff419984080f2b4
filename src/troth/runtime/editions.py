"""Editions: the document's other versions, former and coming, and what changed from one to the next.

They stand in ``versions/``, one text each.  A section changed in meaning when its rules mean another thing,
whatever its words say; a change of words alone is none that anybody is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from troth.document import Document, read
from troth.policy.model import Policy, Purpose
from troth.policy.parse import parse
from troth.policy.problems import DocumentBroken
from troth.policy.seal import Moved, compare, seal
from troth.terms import Place, Problem

FIRST = date.min


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the document: its rules and its text."""

    policy: Policy = field(repr=False)
    document: Document = field(repr=False)

    @property
    def version(self) -> str:
        return self.policy.version

    @property
    def since(self) -> date:
        return self.policy.since or FIRST


@dataclass(frozen=True, slots=True)
class Changed:
    """A section that is not as it was: what became of it, and whether it means another thing."""

    ref: str
    title: str
    how: str  # new, gone or changed
    meaning: bool


def read_editions(root: Path, packs: Mapping[str, str]) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
    """Read every text under ``versions/``, oldest first; one that cannot be read is a problem."""
    found: list[Edition] = []
    problems: list[Problem] = []
    for file in sorted(root.glob("versions/*.md")):
        try:
            text = file.read_text("utf-8")
            found.append(Edition(parse(text, str(file), packs=packs), read(text, str(file))))
        except DocumentBroken as broken:
            problems += broken.problems
    return tuple(sorted(found, key=lambda e: e.since)), tuple(problems)


def changed(before: Edition, after: Edition) -> tuple[Changed, ...]:
    """Return the sections in which two versions differ, in the order of the later one."""
    moved = compare(seal(before.policy, before.document), after.policy, after.document)
    order = {s.ref: n for n, s in enumerate(after.document.sections)}
    rows = [_changed(before, after, m) for m in moved]
    return tuple(sorted(rows, key=lambda c: order.get(c.ref, len(order))))


def material(changes: Iterable[Changed]) -> bool:
    """Say whether a change means something to somebody."""
    return any(c.meaning for c in changes)


def reweighed(editions: Sequence[Edition], now: Edition) -> tuple[Problem, ...]:
    """Return a problem for each interest whose weighing came out otherwise under the date of the old one."""
    before = former(editions, now)
    was = _weighed(before[-1]) if before else {}
    return tuple(
        Problem(
            place,
            f"the interest of '{key[0]}' was weighed on {key[1]}, and now comes out otherwise",
            "weigh it anew and write the day: assessed DATE",
        )
        for key, (place, outweighed) in _weighed(now).items()
        if key in was and was[key][1] != outweighed
    )


def _weighed(edition: Edition) -> dict[tuple[str, date], tuple[Place, bool]]:
    """Return how each interest came out, by its purpose and the day it was weighed."""
    return {
        (purpose.name, basis.assessed): (purpose.place, basis.outweighed)
        for purpose in edition.policy.of(Purpose)
        for basis in purpose.bases
        if basis.assessed is not None
    }


def former(editions: Sequence[Edition], now: Edition) -> tuple[Edition, ...]:
    """Return the versions before this one, oldest first."""
    return tuple(e for e in editions if e.since < now.since)


def coming(editions: Sequence[Edition], now: Edition) -> tuple[Edition, ...]:
    """Return the versions that count later and mean another thing than this one, oldest first."""
    return tuple(e for e in editions if e.since > now.since and material(changed(now, e)))


def in_force(editions: Sequence[Edition], now: Edition, day: date) -> str:
    """Return the version that was in force on a day; the served one for days before any that is known."""
    known = (*former(editions, now), now)
    return next((e.version for e in reversed(known) if e.since <= day), now.version)


def still_good(editions: Sequence[Edition], now: Edition) -> frozenset[str]:
    """Return the former versions whose acceptance counts for this one: nothing since means another thing."""
    good: set[str] = set()
    after = now
    for before in reversed(former(editions, now)):
        if material(changed(before, after)):
            break
        good.add(before.version)
        after = before
    return frozenset(good)


def _changed(before: Edition, after: Edition, moved: Moved) -> Changed:
    how = "new" if moved.new else "gone" if moved.gone else "changed"
    section = (before if moved.gone else after).document.section(moved.ref)
    ruled = {s.clause.ref for s in (before if moved.gone else after).policy.statements}
    meaning = moved.meaning or (how != "changed" and moved.ref in ruled)
    return Changed(moved.ref, section.title if section else "", how, meaning)
