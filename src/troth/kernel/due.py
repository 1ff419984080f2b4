"""Due: when a kept record must go, by which clause, and what it waits for (readings 8 to 10 and 14).

The last of several keep rules decides; ``at latest`` caps them, ``because`` floors, a hold stops the clock.
A field's own rule stands in place of its category's, a law's beside it; a record goes with its last field.
The law packs' rules count as the document's.
``due`` computes and never deletes: deleting is the gate's work.  A category without a rule is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from troth.kernel.calendar import after_close, close_of, ends_at, financial_year_end, local_day, start_of
from troth.kernel.case import Case, bounded, case_of, names, rules_of, utc, wanted
from troth.kernel.case import Kept as Kept
from troth.kernel.case import NoKeepRule as NoKeepRule
from troth.kernel.events import Log, moment, parted, spells
from troth.policy.model import Fact, Keep, Policy, Span
from troth.terms import Clause

_REAL = ("minute", "hour")


@dataclass(frozen=True, slots=True)
class Due:
    """The first instant at which the record must be gone, or what it waits for when ``at`` is None.

    ``restricted_from``: from then on it is only kept.  ``because``: the purpose whose law decides.
    ``outcome``: erase or anonymise, as the deciding rule says.
    """

    at: datetime | None
    clause: Clause
    restricted_from: datetime | None = None
    waits_for: str = ""
    because: str = ""
    held: bool = False
    outcome: str = "erase"


@dataclass(frozen=True, slots=True)
class Stays:
    """What an erasure request cannot remove: the data named, by which clause, until when or what."""

    data: str
    clause: Clause
    until: datetime | None
    because: str = ""
    waits_for: str = ""
    held: bool = False


Live: TypeAlias = frozenset[str] | Callable[[Kept], frozenset[str]]


def due(
    policy: Policy,
    record: Kept,
    log: Log,
    *,
    live_purposes: Live,
    facts: frozenset[str],
    now: datetime,
    field: str = "",
    was: datetime | None = None,
) -> Due:
    """Return when the record, or one field of it, must go; no ``live_purposes`` leaves laws and holds only.

    ``was`` is the instant it was due until now: once that has come, nothing that happens later moves it
    (reading 8), so a log need only hold the last occurrence of an event that happens often.

    >>> from troth.policy.model import Purpose
    >>> policy = Policy((Keep(data=("seen",), span=Span(1, "day"), after="collected"),
    ...                  Purpose(name="look", bases=())), zone="Europe/Oslo")
    >>> seen = Kept("s-1", "seen", datetime(2025, 3, 1, 12, tzinfo=UTC))
    >>> str(due(policy, seen, {}, live_purposes=frozenset(), facts=frozenset(), now=seen.collected).at)
    '2025-03-01 13:00:00+01:00'
    """
    case = case_of(policy, record, log, facts, now)
    if was is not None and was.astimezone(UTC) <= case.now:
        return _local(Due(was, _clause(case, case.keeps), was), policy.zone)
    live = live_purposes(record) if callable(live_purposes) else live_purposes
    parts = (field,) if field else record.fields or ("",)
    # Fields that share their rules and are wanted alike end alike, and are judged once.
    groups: dict[tuple[object, ...], tuple[tuple[Keep, ...], bool]] = {}
    for name in parts:
        rules, alive = rules_of(case, name), wanted(case, live, name)
        groups.setdefault((alive, *map(id, rules)), (rules, alive))
    ends = [_due(case, rules, alive) for rules, alive in groups.values()]
    last = max(ends, key=lambda d: (d.at is None, d.at.timestamp() if d.at else 0.0))
    rest = _latest([d.restricted_from or d.at for d in ends])
    return _local(replace(last, restricted_from=rest if rest != last.at else None), policy.zone)


def erasable(
    policy: Policy, record: Kept, log: Log, *, facts: frozenset[str], now: datetime
) -> tuple[Stays, ...]:
    """Return what an erasure request of ``now`` must leave standing; empty when all of it goes."""
    case = case_of(policy, record, log, facts, now)
    stays: list[Stays] = []
    for keep in case.keeps:
        if not keep.because or not bounded(keep):
            continue
        run = _run(case, keep)
        if run.at is None or run.at > case.now:
            said = [d for d in keep.data if names((d,), record)]
            until = run.at and run.at.astimezone(ZoneInfo(policy.zone))
            stays += [Stays(d, keep.clause, until, keep.because, run.waits_for) for d in said]
    for hold in case.open:
        waits = f"{hold.while_fact} ends"
        stays.append(Stays(record.data, hold.clause, None, hold.purpose, waits, held=True))
    return tuple(stays)


@dataclass(frozen=True, slots=True)
class _Run:
    keep: Keep
    at: datetime | None
    restricted_from: datetime | None = None
    waits_for: str = ""


def _due(case: Case, rules: tuple[Keep, ...], wanted: bool) -> Due:
    """Judge one set of rules: the last decides, once holds have stopped their clocks."""
    lawful = [_run(case, k) for k in rules if k.because and bounded(k)]
    ordinary = [k for k in rules if not k.because]
    plain = [_capped(case, _run(case, k), ordinary) for k in ordinary if bounded(k)] if wanted else []
    if not lawful and not plain:
        found = Due(utc(after_close(case.now, case.zone)), _clause(case, rules))
    else:
        last = max(lawful + plain, key=_key)
        # Where a law alone is left of several rules the record rests from now; a law's own record does not.
        rest = _rested(plain) if plain or not any(map(bounded, ordinary)) else case.now
        rest = rest if rest is not None and (last.at is None or rest < last.at) else None
        keep = last.keep
        found = Due(last.at, keep.clause, rest, last.waits_for, keep.because, outcome=keep.outcome)
    in_time = found.at is None or case.since is None or case.since < found.at
    if case.open and in_time:
        hold = case.open[0]
        return replace(found, at=None, clause=hold.clause, waits_for=f"{hold.while_fact} ends", held=True)
    return found


def _run(case: Case, keep: Keep) -> _Run:
    """Work out one rule's end and, where it has a tail, from when the record is only kept."""
    if keep.without_end:
        return _Run(keep, None, waits_for="nothing: kept without end")
    if keep.while_fact:
        return _while(case, keep)
    name = keep.after or "collected"
    yearly = keep.end_of == "financial-year" or name.endswith("financial-year")
    name = "collected" if name.endswith("financial-year") else name
    name = f"{keep.end_of} ends" if keep.end_of not in ("", "financial-year") else name
    base = moment(case.policy, name, case.log, since=case.record.collected)
    if base is None and yearly:  # what carries no date of its own belongs to the year in which it came
        base = case.record.collected
    if base is None or keep.span is None:
        return _Run(keep, None, waits_for=name)
    if yearly:
        year = financial_year_end(local_day(base, case.zone), case.policy.financial_year_end)
        base = close_of(year, case.zone)
    return _Run(keep, _ended(case, utc(base), keep.span))


def _while(case: Case, keep: Keep) -> _Run:
    """Follow the fact to its last end; data that came after it, or before any start, count from their day.

    Closing the account is an end that no later start takes back (where the fact says that it ends it).
    """
    came, fact = case.record.collected, keep.while_fact
    ends = {name for f in case.policy.of(Fact) if f.name == parted(fact)[0] for _, _, name in f.ends}
    closings = case.log.get("account-closed", ()) if "account-closed" in ends else ()
    closed = min((t for t in closings if came <= t <= case.now), default=None)
    runs = spells(case.policy, fact, case.log, closed or case.now)
    if runs and runs[-1][1] is None:
        return _Run(keep, None, waits_for=f"{fact} ends")
    stop = max([came, *(end for _, end in runs[-1:] if end is not None)])
    if closed and not runs:
        stop = closed
    rests = keep.then_span is not None and keep.then_restricted
    return _Run(keep, _tail(case, keep, stop), utc(after_close(stop, case.zone)) if rests else None)


def _tail(case: Case, keep: Keep, stop: datetime) -> datetime:
    return _ended(case, stop, keep.then_span)


def _ended(case: Case, base: datetime, span: Span | None) -> datetime:
    """Return the first instant after the span (None: no time at all), each hold that is over left out."""
    at = utc(after_close(base, case.zone) if span is None else ends_at(base, span, case.zone))
    for begun, over in case.past:
        if over is None or over <= base or begun >= at:
            continue
        if span is None or span.unit in _REAL:
            at += over - max(begun, base)
        else:
            days = local_day(over, case.zone) - local_day(max(begun, base), case.zone)
            at = utc(start_of(local_day(at, case.zone) + days, case.zone))
    return at


def _capped(case: Case, run: _Run, rules: Iterable[Keep]) -> _Run:
    """Bring a rule's end down to the earliest ``at latest``, counted from its event, else from collection."""
    for keep in rules:
        if keep.at_latest is None:
            continue
        name = keep.at_latest_after or (keep.after if not bounded(keep) else "") or "collected"
        base = moment(case.policy, name, case.log, since=case.record.collected)
        cap = _ended(case, utc(base), keep.at_latest) if base else None
        if cap is not None and (run.at is None or cap < run.at):
            run = _Run(replace(run.keep, clause=keep.clause), cap, run.restricted_from)
    return run


def _rested(plain: list[_Run]) -> datetime | None:
    """Return when the last ordinary rule stopped or went into its tail; None while one still runs on."""
    return _latest([r.restricted_from or r.at for r in plain])


def _latest(moments: list[datetime | None]) -> datetime | None:
    """Return the last of the moments; None where there is none, or one is still open."""
    known = [m for m in moments if m is not None]
    return max(known, default=None) if len(known) == len(moments) else None


def _local(found: Due, zone: str) -> Due:
    there, rest = ZoneInfo(zone), found.restricted_from
    at = found.at and found.at.astimezone(there)
    return replace(found, at=at, restricted_from=rest and rest.astimezone(there))


def _key(run: _Run) -> tuple[bool, float]:
    return (run.at is None, run.at.timestamp() if run.at else 0.0)


def _clause(case: Case, rules: tuple[Keep, ...]) -> Clause:
    """Return the clause of a record that no rule keeps now: one that speaks of it."""
    spoken = [*rules, *case.book.keeps.get(case.record.data, ()), *case.book.keeps.get("any", ())]
    return spoken[0].clause
