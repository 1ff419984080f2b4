"""Contests: prize draws and competitions as a company announces them, checked against its document.

``[contests]`` in ``site.toml`` says how the document calls what happens (``entered``, ``told``), then:

    [[contests.draw]]
    name = "spring"
    title = "A year of agents"
    prize = "One year for free"
    closes = "2024-05-31"      # the last day on which entries are taken
    winners = 1
    only = "profile.bought"    # who may enter: whoever has this; the purpose must be allowed to read it
    beacon = "…"               # a value from elsewhere, unknown before the close, mixed into the drawing

    [[contests.competition]]   # the same, with a task; entries hold work, and people judge
    task = "Draw an agent"

The category of entries is the one with a field ``contest``.  How a drawing is fair stands in ``gate.lots``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from troth.policy.model import Data, Door, Event, Policy, Purpose
from troth.services.coverage import Coverage
from troth.terms import Place, Problem

DRAW, COMPETITION = KINDS = ("draw", "competition")
ENTRY = "contest"


@dataclass(frozen=True, slots=True)
class Contest:
    """One draw or competition as it is announced."""

    name: str
    kind: str
    title: str
    closes: date
    prize: str = ""
    text: str = ""
    task: str = ""
    winners: int = 1
    only: str = ""
    beacon: str = ""


@dataclass(frozen=True, slots=True)
class Contests:
    """All that is announced, and the document's words: the events, the category, the purpose."""

    entered: str = ""
    told: str = ""
    data: str = ""
    purpose: str = ""
    contests: tuple[Contest, ...] = ()

    def contest(self, name: str) -> Contest | None:
        """Return one by its name."""
        return next((c for c in self.contests if c.name == name), None)


def read_contests(site: Mapping[str, Any], policy: Policy) -> Contests:
    """Read ``[contests]``; a row that is not whole is left out, and ``check_contests`` says so."""
    table = site.get("contests", {})
    data = next((d for d in policy.of(Data) if any(f.name == ENTRY for f in d.fields)), None)
    found = tuple(c for kind in KINDS for row in table.get(kind, ()) if (c := _contest(row, kind)))
    purpose = _collecting(policy, data.name) if data else ""
    words = (str(table.get("entered", "")), str(table.get("told", "")))
    return Contests(*words, data.name if data else "", purpose, found)


def check_contests(site: Mapping[str, Any], policy: Policy, path: str) -> Iterator[Problem]:
    """Yield what keeps these from being held under the policy."""
    if "contests" not in site:
        return
    words, here, coverage = read_contests(site, policy), Place(path, 1), Coverage(policy)
    if not words.data or not words.purpose:
        yield Problem(here, "takes entries, but no clause collects a category with a field 'contest'")
        return
    events = {e.name for e in policy.of(Event)}
    for word in (words.entered, words.told):
        if word not in events:
            yield Problem(here, f"[contests]: the policy has no event '{word}'")
    rows = [row for kind in KINDS for row in site["contests"].get(kind, ())]
    if len(words.contests) < len(rows):
        yield Problem(here, "a contest has no name, title or last day", 'closes = "2024-05-31"')
    for contest in words.contests:
        yield from _reads(contest, words, coverage, here)


def judges(policy: Policy, data: str) -> tuple[str, ...]:
    """Return the roles that run contests: those to which the document shows entries."""
    doors = (d for d in policy.of(Door) if d.verb == "show" and data in d.data)
    return tuple(dict.fromkeys(d.party for d in doors))


def _reads(contest: Contest, words: Contests, coverage: Coverage, here: Place) -> Iterator[Problem]:
    """Yield a problem for a rule of entry that reads what the purpose may not."""
    data, _, field = contest.only.partition(".")
    purpose = coverage.purpose(words.purpose)
    uses = [u for b in purpose.bases for u in b.uses] if purpose else []
    if contest.only and not any(u.data == data and u.field in ("", field) for u in uses):
        what = (
            f"'{contest.name}' is only for who has {contest.only}, which no clause reads for {words.purpose}"
        )
        yield Problem(here, what, "let the rule read what the clause names, or leave it out")


def _collecting(policy: Policy, data: str) -> str:
    for purpose in policy.of(Purpose):
        if any(u.data == data and not u.reads for b in purpose.bases for u in b.uses):
            return purpose.name
    return ""


def _contest(row: Mapping[str, Any], kind: str) -> Contest | None:
    try:
        closes = date.fromisoformat(str(row.get("closes", "")))
    except ValueError:
        return None
    if not row.get("name") or not row.get("title"):
        return None
    words: dict[str, Any] = {n: str(row.get(n, "")) for n in ("prize", "text", "task", "only", "beacon")}
    named = (str(row["name"]), kind, str(row["title"]), closes)
    return Contest(*named, **words, winners=int(row.get("winners", 1)))
