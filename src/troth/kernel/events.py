"""Events: computed moments and the intervals of facts, from a log of what happened to one person or record.

A log maps an event's name to its occurrences.  An event that happened twice counts at its last; a fact that
starts again before it ended runs on (reading 15).  Moments lie in the future where a span still runs.
The one rule: nothing that was not logged is guessed; then the answer is None.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeAlias

from troth.kernel.calendar import close_of, local_day, stops_at
from troth.policy.model import Event, Fact, Policy, Span
from troth.terms import TrothError

Log: TypeAlias = Mapping[str, tuple[datetime, ...]]
Interval: TypeAlias = tuple[datetime, datetime | None]
_REAL = ("minute", "hour")


class NoSuchFact(TrothError):
    """The document declares no fact of this name."""


class Circular(TrothError):
    """An event is computed, over others, from itself."""


def moment(policy: Policy, name: str, log: Log, _seen: frozenset[str] = frozenset()) -> datetime | None:
    """Return when the event happened last, or will if nothing else happens; None when it waits for something.

    ``FACT starts`` and ``FACT ends`` are events.  ``extended by`` reads new ends
    from the log's ``NAME extended``.

    >>> from datetime import UTC
    >>> visit = Event(name="visit-end", alternatives=(("without", Span(30, "minute"), "request"),))
    >>> log = {"request": (datetime(2025, 3, 1, 12, tzinfo=UTC),)}
    >>> str(moment(Policy((visit,)), "visit-end", log))
    '2025-03-01 12:30:00+00:00'
    """
    if name in _seen:
        raise Circular(f"event '{name}' is computed from itself; name another event")
    seen = _seen | {name}
    fact, _, edge = name.rpartition(" ")
    if edge in ("starts", "ends"):
        runs = _runs(policy, _fact(policy, fact), log, seen)
        return runs[-1][edge == "ends"] if runs else None
    event = next((e for e in policy.of(Event) if e.name == name and e.alternatives), None)
    if event is None:
        return max(log.get(name, ()), default=None)
    ends = [_alternative(policy, event, way, log, seen) for way in event.alternatives]
    return min((e for e in ends if e is not None), default=None)


def intervals(policy: Policy, fact: str, log: Log, now: datetime) -> tuple[Interval, ...]:
    """Return the intervals begun by ``now`` in order; an end may lie ahead, None when nothing bounds it.

    Where a span of days or longer ends it, the end is the last microsecond of the last local day.
    """
    found = _fact(policy, fact)
    past = {name: tuple(t for t in times if t <= now) for name, times in log.items()}
    return tuple(_runs(policy, found, past, frozenset({fact + " ends"})))


def holds(policy: Policy, fact: str, log: Log, now: datetime) -> bool:
    """Say whether the fact holds at ``now`` by its intervals."""
    return any(end is None or now <= end for _, end in intervals(policy, fact, log, now)[-1:])


def _fact(policy: Policy, name: str) -> Fact:
    for fact in policy.of(Fact):
        if fact.name == name:
            return fact
    raise NoSuchFact(f"no fact '{name}'; declare it in the document")


def _runs(policy: Policy, fact: Fact, log: Log, seen: frozenset[str]) -> list[Interval]:
    starts = sorted({t for name in fact.starts or (fact.name,) for t in _times(policy, name, log, seen)})
    runs: list[Interval] = []
    while starts:
        first = last = starts.pop(0)
        end = _fact_end(policy, fact, first, last, log, seen)
        while starts and (end is None or starts[0] <= end):
            last = starts.pop(0)
            end = _fact_end(policy, fact, first, last, log, seen)
        runs.append((first, end))
    return runs


def _fact_end(
    policy: Policy, fact: Fact, first: datetime, last: datetime, log: Log, seen: frozenset[str]
) -> datetime | None:
    ends = [stops_at(last, fact.lasts, policy.zone)] if fact.lasts else []
    for kind, span, name in fact.ends:
        times = sorted(t for t in _times(policy, name, log, seen) if t >= first)
        if kind == "without" and span is not None:
            ends.append(_silence(first, times, span, policy.zone))
        elif times and span is not None:
            ends.append(stops_at(times[0], span, policy.zone))
        elif times:
            ends.append(times[0])
    return min(ends, default=None)


def _times(policy: Policy, name: str, log: Log, seen: frozenset[str]) -> tuple[datetime, ...]:
    if name in log:
        return log[name]
    found = moment(policy, name, log, seen)
    return () if found is None else (found,)


def _silence(start: datetime, times: list[datetime], span: Span, zone: str) -> datetime:
    """Return the end of the first ``span`` in which none of ``times`` falls, from ``start`` on."""
    end = stops_at(start, span, zone)
    for time in times:
        if time > end:
            break
        end = stops_at(time, span, zone)
    return end


def _alternative(
    policy: Policy, event: Event, way: tuple[str, Span | None, str], log: Log, seen: frozenset[str]
) -> datetime | None:
    _, span, name = way
    base = moment(policy, name, log, seen)
    if base is None or span is None:
        return base
    end = _run_out(event, base, span, log, policy.zone)
    extra = max(log.get(event.name + " extended", ()), default=None) if event.extended_by else None
    if end is not None and extra is not None:
        end = max(end, extra)
    if event.at_most is None:
        return end
    cap = stops_at(base, event.at_most, policy.zone)
    return cap if end is None else min(end, cap)


def _run_out(event: Event, base: datetime, span: Span, log: Log, zone: str) -> datetime | None:
    """Return when ``span`` runs out, begun anew at each restart in time and stopped by each pause in time."""
    end = _paused(event, base, stops_at(base, span, zone), span, log, zone)
    for again in sorted(t for name in event.restarts_at for t in log.get(name, ())):
        if again >= base and (end is None or again <= end):
            base = again
            end = _paused(event, base, stops_at(base, span, zone), span, log, zone)
    return end


def _paused(event: Event, base: datetime, end: datetime, span: Span, log: Log, zone: str) -> datetime | None:
    for stop, go in event.paused:
        for begun in sorted(log.get(stop, ())):
            over = min((t for t in log.get(go, ()) if t >= begun), default=None)
            if begun > end or (over is not None and over < base):
                continue
            if over is None:
                return None
            end = _pushed(end, max(begun, base), over, span, zone)
    return end


def _pushed(end: datetime, begun: datetime, over: datetime, span: Span, zone: str) -> datetime:
    if span.unit in _REAL:
        return end + (over - begun)
    days = (local_day(over, zone) - local_day(begun, zone)).days
    return close_of(local_day(end, zone) + timedelta(days=days), zone)
