"""Decade: ten years of a company on a clock that is turned day by day, every record held against the judge.

The acts go through the gate of an open company, each at its moment; at every midnight of Oslo the night's
sweep runs.  Then, for everybody, the bytes on the disk are counted by category against what should still
stand; and whoever loses something that night is looked at three times: a second before, when all is still
readable, at the instant itself, when it no longer is, and after the sweep, when the bytes are gone.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.campaign.judge import Stay, stays
from tests.campaign.lives import FIRST, LAST, OSLO, Act, Life, lives

import troth
from troth.runtime import Company

COMPANY = Path(__file__).parents[2] / "companies" / "smoc"
SECOND = timedelta(seconds=1)
Held = Counter[str]


@dataclass(slots=True)
class Told:
    """What a run found; ``wrong`` is empty when no record left early or late."""

    people: int
    acts: int = 0
    records: int = 0
    nights: int = 0
    looks: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """One run: the clock, the open company, and who each life became."""

    company: Company
    disk: sqlite3.Connection
    clock: list[datetime]
    crowd: list[Life]
    due: list[list[Stay]]
    told: Told
    moves: dict[datetime, Held]  # night → what came and went since the last, by category
    who: dict[int, int] = field(default_factory=dict)
    asked: dict[int, str] = field(default_factory=dict)
    standing: Held = field(default_factory=Counter)  # what should stand now, by category


def decade(
    people: int,
    place: Path,
    *,
    seed: int = 1,
    every: bool = True,
    most: int = 20,
    tell: Callable[[str], None] = print,
) -> Told:
    """Live ten years with so many people in a store under ``place``; stop at the first ``most`` faults.

    ``every``: sweep and look on every night, also on those since whose last nothing came and nothing is due.
    """
    began = time.monotonic()
    crowd = lives(people, seed)
    due = [stays(life) for life in crowd]
    with _served(place) as (company, clock), closing(_disk(place)) as disk:
        told = Told(people, records=sum(map(len, due)))
        run = Run(company, disk, clock, crowd, due, told, _moves(due))
        acts, losing = _upcoming(crowd), _losing(due)
        for night in (n for n in _nights() if every or n in run.moves):
            _live(run, acts(night - SECOND))
            watched = sorted(losing.pop(night, ()))
            before = {n: _readable(run, n, night - SECOND) for n in watched}
            _live(run, acts(night))
            _judge(run, night, before)
            if len(run.told.wrong) >= most:
                break
            if night.astimezone(OSLO).strftime("%m-%d") == "01-01":
                tell(f"{night:%Y}: {sum(run.standing.values())} records, {time.monotonic() - began:.0f} s")
        run.told.wrong += company.gate.verify()
        run.told.seconds = time.monotonic() - began
    return run.told


@contextmanager
def _served(place: Path) -> Iterator[tuple[Company, list[datetime]]]:
    """Open a copy of the company whose interests are weighed anew in time, as ten years ask."""
    home = place / "smoc"
    shutil.copytree(COMPANY, home)
    policy = home / "policy.md"
    policy.write_text(
        policy.read_text("utf-8").replace("again by 2028-01-15", "again by 2045-01-15"), "utf-8"
    )
    clock = [datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=OSLO).astimezone(UTC)]
    company = troth.open(home, store=str(place / "people.db"), clock=lambda: clock[0], root_key=b"k" * 32)
    try:
        yield company, clock
    finally:
        company.close()


def _disk(place: Path) -> sqlite3.Connection:
    """Read the store's file as whoever has the disk would."""
    return sqlite3.connect(f"file:{place / 'people.db'}?mode=ro", uri=True, isolation_level=None)


def _nights() -> Iterator[datetime]:
    day = FIRST + timedelta(days=1)
    while day <= LAST:
        yield _midnight(day)
        day += timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC)


def _night(at: datetime) -> datetime:
    """Return the midnight by which something has happened: the moment itself, or the next."""
    day = at.astimezone(OSLO).date()
    return at if at == _midnight(day) else _midnight(day + timedelta(days=1))


def _upcoming(crowd: list[Life]) -> Callable[[datetime], Iterator[tuple[int, Act]]]:
    """Return what yields the acts up to a moment, each once, in order."""
    ordered = sorted(((a.at, n, i) for n, life in enumerate(crowd) for i, a in enumerate(life)), reverse=True)

    def until(moment: datetime) -> Iterator[tuple[int, Act]]:
        while ordered and ordered[-1][0] <= moment:
            _, n, i = ordered.pop()
            yield n, crowd[n][i]

    return until


def _losing(due: list[list[Stay]]) -> dict[datetime, set[int]]:
    """Return who loses something by which night."""
    found: dict[datetime, set[int]] = defaultdict(set)
    for n, records in enumerate(due):
        for record in records:
            found[_night(record.gone)].add(n)
    return found


def _moves(due: list[list[Stay]]) -> dict[datetime, Held]:
    """Return what comes and goes up to each night, counted by category."""
    found: dict[datetime, Held] = defaultdict(Counter)
    for record in (r for records in due for r in records):
        found[_night(record.came)][record.data] += 1
        found[_night(record.gone)][record.data] -= 1
    return found


# -- acts ------------------------------------------------------------------------------------------


def _live(run: Run, acts: Iterator[tuple[int, Act]]) -> None:
    for n, act in acts:
        run.told.acts += 1
        _do(run, n, act)


def _do(run: Run, n: int, act: Act) -> None:
    """Have one act done through the gate, at its moment."""
    run.clock[0], gate, said = act.at, run.company.gate, act.said
    if act.verb == "come":
        run.who[n] = gate.new_person(area=said.get("area", ""))
        return
    person = run.who[n]
    match act.verb:
        case "identify":
            gate.identify(person=person, kind="email", value=said["mail"], verified=True)
        case "age":
            gate.declare_age(person=person, years=said["years"])
        case "collect":
            gate.collect(person=person, data=act.data, **{"source": "person", **said})
        case "consent":
            gate.consent(person=person, name=said["name"], given=said["given"])
        case "event":
            gate.event(person=person, name=said["name"])
        case "alarm":
            gate.raise_fact(person=person, name="alert", by="security")
        case "receive":
            gate.raise_fact(person=person, name="dealing", member="lysverk")
            terms = {"purpose": "account", "party": "operator", "member": "lysverk"}
            gate.receive(person=person, data=act.data, body=said["body"], **terms)
        case "told":
            gate.told(person=person, rids=[u.held.rid for u in gate.untold(person=person)])
        case "ask":
            run.asked[n] = gate.ask(person=person, right="access").number
        case "answer":
            gate.answer(person=person, number=run.asked[n], outcome="done")
        case "close":
            gate.close_account(person=person)
        case "erase":
            gate.erase(person=person)


# -- looking ---------------------------------------------------------------------------------------


def _judge(run: Run, night: datetime, before: dict[int, Held]) -> None:
    """Sweep at this midnight, and hold everything against the judge; ``before`` was seen a second ago."""
    at = {n: _readable(run, n, night) for n in before}
    run.clock[0] = night
    run.company.gate.sweep()
    for n in before:
        _compare(run, n, night - SECOND, "readable", before[n])
        _compare(run, n, night, "readable", at[n])
        _compare(run, n, night, "on the disk", _on_disk(run, n))
    run.told.nights += 1
    run.told.looks += 3 * len(before)
    _compare_all(run, night)


def _readable(run: Run, n: int, at: datetime) -> Held:
    """Count what the person would be shown of themselves at this moment."""
    run.clock[0], gate, person = at, run.company.gate, run.who[n]
    if not gate.exists(person=person):
        return Counter()
    seen = gate.access(person=person)
    kinds = {"consents": len(seen.acts), "cases": len(seen.requests)}
    found = Counter(h.data for h in seen.held if h.data not in ("gdpr:events", *kinds))
    return +(found + Counter(kinds))


def _on_disk(run: Run, n: int) -> Held:
    rows = run.disk.execute("SELECT data, COUNT(*) FROM rows WHERE pid = ? GROUP BY data", (run.who[n],))
    return Counter({data: count for data, count in rows.fetchall() if data != "gdpr:events"})


def _compare(run: Run, n: int, at: datetime, what: str, found: Held) -> None:
    should = Counter(s.data for s in run.due[n] if s.came <= at < s.gone and s.data != "nocontact")
    if found != should:
        early, late = should - found, found - should
        said = f"early: {dict(early)}, late: {dict(late)}"
        run.told.wrong.append(f"life {n} at {at.astimezone(OSLO):%Y-%m-%d %H:%M:%S} {what}: {said}")


def _compare_all(run: Run, night: datetime) -> None:
    """Count what stands on the disk of everybody, by category."""
    run.standing.update(run.moves.pop(night, Counter()))
    rows = run.disk.execute("SELECT data, COUNT(*) FROM rows GROUP BY data").fetchall()
    found = Counter({data: n for data, n in rows if data != "gdpr:events"})
    if found != +run.standing:
        early, late = run.standing - found, found - run.standing
        run.told.wrong.append(f"{night.astimezone(OSLO):%Y-%m-%d}: early {dict(early)}, late {dict(late)}")
