"""Due: when a kept record must go, by which clause, and what it waits for (readings 8 to 10 and 14).

The last of several keep rules decides; ``at latest`` caps them, ``because`` floors, a hold stops the clock.
``due`` computes and never deletes: deleting is the gate's work.  A category without a rule is an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from troth.kernel.calendar import (
    after_close,
    close_of,
    ends_at,
    financial_year_end,
    local_day,
    start_of,
)
from troth.kernel.events import Log, intervals, moment
from troth.policy.model import Fact, Guard, Hold, Keep, Policy, Purpose
from troth.terms import Clause, TrothError


class NoKeepRule(TrothError):
    """No keep rule speaks of the category; it is never kept for ever by silence."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored record: its id, its category, when it was collected (aware) and which fields it holds."""

    id: str
    data: str
    collected: datetime
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """The first instant at which the record must be gone, or what it waits for when ``at`` is None.

    ``restricted_from``: from then on it is only kept.  ``because``: the purpose whose law decides.
    """

    at: datetime | None
    clause: Clause
    restricted_from: datetime | None = None
    waits_for: str = ""
    because: str = ""
    held: bool = False


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


@dataclass(frozen=True, slots=True)
class _Run:
    keep: Keep
    at: datetime | None
    restricted_from: datetime | None = None
    waits_for: str = ""


def due(
    policy: Policy,
    record: Kept,
    log: Log,
    *,
    live_purposes: Live,
    facts: frozenset[str],
    now: datetime,
    field: str = "",
) -> Due:
    """Return when the record, or one field of it, must go; no ``live_purposes`` leaves laws and holds only.

    >>> from datetime import UTC
    >>> from troth.policy.model import Span
    >>> policy = Policy((Keep(data=("seen",), span=Span(1, "day"), after="collected"),
    ...                  Purpose(name="look", bases=())), zone="Europe/Oslo")
    >>> seen = Kept("s-1", "seen", datetime(2025, 3, 1, 12, tzinfo=UTC))
    >>> str(due(policy, seen, {}, live_purposes=frozenset(), facts=frozenset(), now=seen.collected).at)
    '2025-03-01 13:00:00+01:00'
    """
    rules = _rules(policy, record, facts, now, field)
    log = {**log, "collected": (record.collected,)}
    lawful = [_run(policy, k, record, log, now) for k in rules if k.because and _bounded(k)]
    if _wanted(policy, record, live_purposes):
        plain = [_run(policy, k, record, log, now) for k in rules if not k.because and _bounded(k)]
        plain = [_capped(policy, run, rules, record, log) for run in plain]
    else:
        plain = []
    runs = lawful + plain
    if not runs:
        return _held(
            policy, record, log, facts, now, Due(after_close(now, policy.zone), _clause(policy, record))
        )
    last = max(runs, key=_key)
    found = Due(last.at, last.keep.clause, _restricted(plain, last), last.waits_for, last.keep.because)
    return _held(policy, record, log, facts, now, found)


def erasable(
    policy: Policy, record: Kept, log: Log, *, facts: frozenset[str], now: datetime
) -> tuple[Stays, ...]:
    """Return what an erasure request of ``now`` must leave standing; empty when all of it goes."""
    log = {**log, "collected": (record.collected,)}
    stays: list[Stays] = []
    for keep in _all_rules(policy, record, facts, now):
        run = _run(policy, keep, record, log, now)
        if keep.because and _bounded(keep) and (run.at is None or run.at > now):
            names = [d for d in keep.data if d.partition(".")[0] == record.data]
            stays += [Stays(d, keep.clause, run.at, keep.because, run.waits_for) for d in names]
    for hold in _holds(policy, record, log, facts, now):
        stays.append(
            Stays(record.data, hold.clause, None, hold.purpose, f"{hold.while_fact} ends", held=True)
        )
    return tuple(stays)


def _run(policy: Policy, keep: Keep, record: Kept, log: Log, now: datetime) -> _Run:
    """Work out one rule's end and, where it has a tail, from when the record is only kept."""
    if keep.without_end:
        return _Run(keep, None, waits_for="nothing: kept without end")
    if keep.while_fact:
        return _while(policy, keep, record, log, now)
    name = keep.after or "collected"
    yearly = keep.end_of == "financial-year" or name.endswith("financial-year")
    base = moment(policy, "collected" if name.endswith("financial-year") else name, log)
    if base is None or keep.span is None:
        return _Run(keep, None, waits_for=name)
    if yearly:
        base = close_of(
            financial_year_end(local_day(base, policy.zone), policy.financial_year_end), policy.zone
        )
    return _Run(keep, ends_at(base, keep.span, policy.zone))


def _while(policy: Policy, keep: Keep, record: Kept, log: Log, now: datetime) -> _Run:
    runs = intervals(policy, keep.while_fact, log, now)
    if runs and runs[-1][1] is None:
        return _Run(keep, None, waits_for=f"{keep.while_fact} ends")
    # Data that came after the stop count from their own day, as data that came before any start do.
    stop = max([record.collected, *(end for _, end in runs[-1:] if end is not None)])
    over = after_close(stop, policy.zone)
    if keep.then_span is None:
        return _Run(keep, over)
    return _Run(keep, ends_at(stop, keep.then_span, policy.zone), over if keep.then_restricted else None)


def _capped(policy: Policy, run: _Run, rules: tuple[Keep, ...], record: Kept, log: Log) -> _Run:
    """Bring a rule's end down to the earliest ``at latest``, counted from its event, else from collection."""
    for keep in rules:
        if keep.at_latest is None:
            continue
        name = keep.after if not _bounded(keep) and keep.after else "collected"
        base = moment(policy, name, log)
        cap = ends_at(base, keep.at_latest, policy.zone) if base else None
        if cap is not None and (run.at is None or cap < run.at):
            run = _Run(replace(run.keep, clause=keep.clause), cap, run.restricted_from)
    return run


def _restricted(plain: list[_Run], last: _Run) -> datetime | None:
    """Return when the last ordinary rule stopped or went into its tail, if before the record goes."""
    if not plain or any(r.at is None and r.restricted_from is None for r in plain):
        return None
    start = max(moment for r in plain if (moment := r.restricted_from or r.at) is not None)
    return start if last.at is None or start < last.at else None


def _held(policy: Policy, record: Kept, log: Log, facts: frozenset[str], now: datetime, found: Due) -> Due:
    """Stop the clock for each hold that began before the record was due; an open hold leaves no date."""
    at = found.at
    known = {f.name for f in policy.of(Fact)}
    for hold in (h for h in policy.of(Hold) if _names(h.data, record)):
        for begun, over in intervals(policy, hold.while_fact, log, now) if hold.while_fact in known else ():
            if at is not None and over is not None and record.collected < over <= now and begun < at:
                days = local_day(over, policy.zone) - local_day(max(begun, record.collected), policy.zone)
                at = start_of(local_day(at, policy.zone) + max(days, timedelta(0)), policy.zone)
    for hold in _holds(policy, record, log, facts, now):
        return replace(found, at=None, clause=hold.clause, waits_for=f"{hold.while_fact} ends", held=True)
    return replace(found, at=at)


def _holds(policy: Policy, record: Kept, log: Log, facts: frozenset[str], now: datetime) -> tuple[Hold, ...]:
    known = {f.name for f in policy.of(Fact)}
    found = []
    for hold in (h for h in policy.of(Hold) if _names(h.data, record)):
        runs = intervals(policy, hold.while_fact, log, now) if hold.while_fact in known else ()
        if hold.while_fact in facts or any(end is None or end >= now for _, end in runs):
            found.append(hold)
    return tuple(found)


def _rules(
    policy: Policy, record: Kept, facts: frozenset[str], now: datetime, field: str
) -> tuple[Keep, ...]:
    """Return the rules for a field (its own, else the category's), or every rule of the record."""
    rules = _all_rules(policy, record, facts, now)
    if not field:
        return rules
    own = tuple(k for k in rules if f"{record.data}.{field}" in k.data)
    return own or tuple(k for k in rules if record.data in k.data)


def _all_rules(policy: Policy, record: Kept, facts: frozenset[str], now: datetime) -> tuple[Keep, ...]:
    spoken = [k for k in policy.of(Keep) if _names(k.data, record)]
    if not spoken:
        raise NoKeepRule(f"no keep rule for '{record.data}'; add one to the document")
    return tuple(k for k in spoken if _applies(k.guard, facts, policy.zone, now))


def _names(names: tuple[str, ...], record: Kept) -> bool:
    fields = {f"{record.data}.{field}" for field in record.fields}
    return any(name in ("any", record.data) or name in fields for name in names)


def _applies(guard: Guard, facts: frozenset[str], zone: str, now: datetime) -> bool:
    day = local_day(now, zone)
    if (guard.since and day < guard.since) or (guard.until and day >= guard.until):
        return False
    if any(name in facts for name in guard.unless):
        return False
    return not guard.when or any(all(name in facts for name in group) for group in guard.when)


def _wanted(policy: Policy, record: Kept, live: Live) -> bool:
    """Say whether some purpose that may use the record has a ground now."""
    alive = live(record) if callable(live) else live
    purposes = [p for q in (policy, *policy.packs) for p in q.of(Purpose) if p.name in alive]
    return any(use.data == record.data for p in purposes for basis in p.bases for use in basis.uses)


def _bounded(keep: Keep) -> bool:
    """Say whether the rule keeps at all, and is not a bare ``at latest``."""
    return keep.without_end or bool(keep.while_fact) or keep.span is not None


def _key(run: _Run) -> tuple[bool, float]:
    return (run.at is None, run.at.timestamp() if run.at else 0.0)


def _clause(policy: Policy, record: Kept) -> Clause:
    return next(k.clause for k in policy.of(Keep) if _names(k.data, record))
