"""Events: computed moments and the intervals of facts, from a log of what happened to one person or record.

A log maps an event's name to its occurrences.  An event that happened twice counts at its last; a fact that
starts again before it ended runs on (reading 15).  Every fact may be raised and lowered by hand: the event
``NAME`` starts one that names no start, ``NAME ended`` ends any.  ``NAME(member)`` is a fact's or event's own
line for one member of an open class: it begins and is renewed only by the member's own events, and ends with
theirs or with everybody's.  Moments lie in the future where a span still runs.
Inside, moments are UTC, because local times stand twice when clocks go back; answers are in local time.
The one rule: nothing that was not logged is guessed; then the answer is None.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from troth.kernel.calendar import after_close, close_of, local_day, stops_at
from troth.policy.model import Event, Fact, Policy, Span
from troth.terms import TrothError

Log: TypeAlias = Mapping[str, tuple[datetime, ...]]
Interval: TypeAlias = tuple[datetime, datetime | None]
Ending: TypeAlias = tuple[str, Span | None, list[datetime]]
_REAL = ("minute", "hour")
_LEAST = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(hours=20)}
_LEAST |= {"week": timedelta(days=6), "month": timedelta(days=27), "year": timedelta(days=364)}
_MEMBER = re.compile(r"([^()]*)\(([^()]*)\)([^()]*)")


class NoSuchFact(TrothError):
    """The document declares no fact of this name."""


class Circular(TrothError):
    """An event is computed, over others, from itself."""


def moment(policy: Policy, name: str, log: Log, *, since: datetime | None = None) -> datetime | None:
    """Return when the event happened last, or will if nothing else happens; None when it waits for something.

    ``FACT starts`` and ``FACT ends`` are events.  ``extended by`` reads new ends from the log's
    ``NAME extended``.  An event that a silence may bring (the end of a visit) comes once for each run of
    acts: with ``since`` the answer is the first that comes at or after it, whatever later runs bring.

    >>> from datetime import UTC
    >>> visit = Event(name="visit-end", alternatives=(("without", Span(30, "minute"), "request"),))
    >>> log = {"request": (datetime(2025, 3, 1, 12, tzinfo=UTC), datetime(2025, 3, 7, 12, tzinfo=UTC))}
    >>> str(moment(Policy((visit,)), "visit-end", log))
    '2025-03-07 12:30:00+00:00'
    >>> str(moment(Policy((visit,)), "visit-end", log, since=log["request"][0]))
    '2025-03-01 12:30:00+00:00'
    """
    found = _moment(_Asking(policy, in_utc(log), since=since and since.astimezone(UTC)), name)
    return found and found.astimezone(ZoneInfo(policy.zone))


def intervals(policy: Policy, fact: str, log: Log, now: datetime) -> tuple[Interval, ...]:
    """Return the intervals begun by ``now`` in order; an end may lie ahead, None when nothing bounds it.

    Where a span of days or longer ends it, the end is the last microsecond of the last local day.
    """
    name, member = parted(fact)
    past = {key: tuple(t for t in times if t <= now) for key, times in in_utc(log).items()}
    asking = _Asking(policy, past, member, seen=frozenset({name + " ends"}))
    there = ZoneInfo(policy.zone)
    runs = _runs(asking, _fact(policy, name))
    return tuple((begun.astimezone(there), over and over.astimezone(there)) for begun, over in runs)


def spells(policy: Policy, fact: str, log: Log, now: datetime) -> tuple[Interval, ...]:
    """Return the intervals in which the fact held for the person or any member, joined, in UTC."""
    here = in_utc(log)
    known = here.spells.get((fact, now))
    if known is None or known[0] is not policy:
        known = here.spells[fact, now] = (policy, _spells(policy, fact, here, now))
    return known[1]


def _spells(policy: Policy, fact: str, log: Log, now: datetime) -> tuple[Interval, ...]:
    members = {parted(key)[1] for key in log if "(" in key} if "(" not in fact else set()
    lines = [fact, *(f"{fact}({member})" for member in sorted(members - {""}))]
    runs = [run for line in lines for run in intervals(policy, line, log, now)]
    utc = [(begun.astimezone(UTC), over and over.astimezone(UTC)) for begun, over in runs]
    return joined(sorted(utc, key=lambda run: run[0]))


def in_utc(log: Log) -> Utc:
    """Return the log with every moment in UTC; a naive one raises ValueError."""
    if isinstance(log, Utc):
        return log
    if any(t.tzinfo is None for times in log.values() for t in times):
        raise ValueError("a moment needs its time zone")
    return Utc({name: tuple(t.astimezone(UTC) for t in times) for name, times in log.items()})


def collected_at(log: Utc, moment: datetime, *, counted: bool) -> Utc:
    """Return the log as a record sees it that was collected then (UTC).

    ``counted``: some fact counts from it; else every record of the person shares what was worked out.
    """
    mine = Utc({**log, "collected": (moment,)})
    if not counted:
        mine.spells = log.spells
    return mine


def joined(runs: list[Interval]) -> tuple[Interval, ...]:
    """Return sorted intervals with those that overlap made into one."""
    whole: list[Interval] = []
    for begun, over in runs:
        if whole and (whole[-1][1] is None or begun <= whole[-1][1]):
            last = whole.pop()
            over = None if last[1] is None or over is None else max(last[1], over)
            begun = last[0]
        whole.append((begun, over))
    return tuple(whole)


def holds(policy: Policy, fact: str, log: Log, now: datetime) -> bool:
    """Say whether the fact holds at ``now``; at the instant that ends it, it no longer does."""
    runs = intervals(policy, fact, log, now)[-1:]
    return any(end is None or now < after_close(end, policy.zone) for _, end in runs)


def parted(name: str) -> tuple[str, str]:
    """Return a name without its member, and the member.

    >>> parted("credit-due(lysverk) ended")
    ('credit-due ended', 'lysverk')
    """
    found = _MEMBER.fullmatch(name) if "(" in name else None
    return (found[1] + found[3], found[2]) if found else (name, "")


class Utc(dict[str, tuple[datetime, ...]]):
    """A log that was brought to UTC once, for all the rules that read it, with the spells found so far."""

    __slots__ = ("spells",)

    def __init__(self, log: Log) -> None:
        super().__init__(log)
        self.spells: dict[tuple[str, datetime], tuple[Policy, tuple[Interval, ...]]] = {}


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is asked of the log: for whose line, from when on, and on the way from which events."""

    policy: Policy
    log: Log
    member: str = ""
    since: datetime | None = None
    seen: frozenset[str] = frozenset()

    def own(self, name: str) -> tuple[datetime, ...]:
        """Return the occurrences in this line: the member's, or those of nobody in particular."""
        if not self.member:
            return self.log.get(name, ())
        word, _, tail = name.partition(" ")
        written = {f"{name}({self.member})", f"{word}({self.member}){' ' if tail else ''}{tail}"}
        return tuple(t for key in sorted(written) for t in self.log.get(key, ()))

    def ending(self, name: str) -> tuple[datetime, ...]:
        """Return the occurrences that may end this line: its own and everybody's."""
        return (*self.own(name), *(self.log.get(name, ()) if self.member else ()))


def _moment(asking: _Asking, name: str) -> datetime | None:
    if name in asking.seen:
        raise Circular(f"event '{name}' is computed from itself; name another event")
    seen = asking.seen | {name}
    name, member = parted(name)
    asking = _Asking(asking.policy, asking.log, member or asking.member, asking.since, seen)
    fact, _, edge = name.rpartition(" ")
    if edge in ("starts", "ends"):
        runs = _runs(asking, _fact(asking.policy, fact))
        return runs[-1][edge == "ends"] if runs else None
    event = next((e for e in asking.policy.of(Event) if e.name == name and e.alternatives), None)
    if event is None:
        return max(asking.own(name), default=None)
    by_silence = any(kind == "without" for kind, _, _ in event.alternatives)
    find = _first if by_silence and asking.since is not None else _alternative
    ends = [find(asking, event, way) for way in event.alternatives]
    return min((e for e in ends if e is not None), default=None)


def _fact(policy: Policy, name: str) -> Fact:
    for fact in policy.of(Fact):
        if fact.name == name:
            return fact
    raise NoSuchFact(f"no fact '{name}'; declare it in the document")


def _runs(asking: _Asking, fact: Fact) -> list[Interval]:
    starts = sorted({t for name in fact.starts or (fact.name,) for t in _times(asking, name)})
    ends = [(kind, span, sorted(_times(asking, n, ending=kind != "without"))) for kind, span, n in fact.ends]
    ends.append(("is", None, sorted(asking.ending(f"{fact.name} ended"))))
    runs: list[Interval] = []
    at = 0
    while at < len(starts):
        first = starts[at]
        bound = _bound(ends, first, asking.policy.zone)
        end = _lasting(fact, first, bound, asking.policy.zone)
        at += 1
        while at < len(starts) and (end is None or starts[at] <= end):
            end = _lasting(fact, starts[at], bound, asking.policy.zone)
            at += 1
        runs.append((first, end))
    return runs


def _bound(ends: list[Ending], first: datetime, zone: str) -> datetime | None:
    """Return the earliest end that the log brings to what began at ``first``."""
    found: list[datetime] = []
    for kind, span, times in ends:
        times = times[bisect_left(times, first) :]
        if kind == "without" and span is not None:
            found.append(_silence(first, times, span, zone))
        elif times:
            found.append(times[0] if span is None else _silence(times[0], times, span, zone))
    return min(found, default=None)


def _lasting(fact: Fact, last: datetime, bound: datetime | None, zone: str) -> datetime | None:
    """Return the end of what last began at ``last``: its own length, if it has one, within the bound."""
    own = _stop(last, fact.lasts, zone) if fact.lasts else None
    return min((t for t in (own, bound) if t is not None), default=None)


def _times(asking: _Asking, name: str, *, ending: bool = False) -> tuple[datetime, ...]:
    times = asking.ending(name) if ending else asking.own(name)
    if times:
        return times
    found = _moment(asking, name)
    return () if found is None else (found,)


def _silence(start: datetime, times: list[datetime], span: Span, zone: str) -> datetime:
    """Return the end of the first ``span`` in which none of ``times`` falls, from ``start`` on.

    The calendar is asked only about gaps that could be long enough, for acts come in thousands.
    """
    least = span.amount * _LEAST[span.unit]
    last = start
    for time in times:
        if time - last >= least and time > _stop(last, span, zone):
            break
        last = max(last, time)
    return _stop(last, span, zone)


def _first(asking: _Asking, event: Event, way: tuple[str, Span | None, str]) -> datetime | None:
    """Return the first end that this way brings at or after the asking's ``since``."""
    kind, span, name = way
    since, zone = asking.since, asking.policy.zone
    assert since is not None, "only asked of a record"
    times = sorted(_times(asking, name))
    if span is None:
        return next((t for t in times if t >= since), None)
    if kind == "without" and times:
        # The act that brought the record belongs to the run even where the log holds it a moment earlier or
        # later; where the last run was over before, the record begins one.
        before = [t for t in times if t <= since][-1:]
        begun = before[0] if before and _stop(before[0], span, zone) >= since else since
        return _silence(begun, [t for t in times if t >= begun], span, zone)
    # Of several beginnings the record belongs to the last before it: an earlier one's end is not its end.
    since_then = [t for t in times if t <= since][-1:] + [t for t in times if t > since]
    return next((end for t in since_then if (end := _stop(t, span, zone)) >= since), None)


def _alternative(asking: _Asking, event: Event, way: tuple[str, Span | None, str]) -> datetime | None:
    _, span, name = way
    base, zone = _moment(asking, name), asking.policy.zone
    if base is None or span is None:
        return base
    end = _run_out(asking, event, base, span)
    extra = max(asking.own(event.name + " extended"), default=None) if event.extended_by else None
    if end is not None and extra is not None:
        end = max(end, extra)
    if event.at_most is None:
        return end
    cap = _stop(base, event.at_most, zone)
    return cap if end is None else min(end, cap)


def _run_out(asking: _Asking, event: Event, base: datetime, span: Span) -> datetime | None:
    """Return when ``span`` runs out, begun anew at each restart in time and stopped by each pause in time."""
    pauses = _pauses(asking, event)
    end = _paused(base, span, pauses, asking.policy.zone)
    for again in sorted(t for name in event.restarts_at for t in _times(asking, name)):
        if again >= base and (end is None or again <= end):
            base = again
            end = _paused(base, span, pauses, asking.policy.zone)
    return end


def _pauses(asking: _Asking, event: Event) -> tuple[Interval, ...]:
    """Return when the clock stood, each pause until the first outcome after it."""
    found: list[Interval] = []
    for stop, go in event.paused:
        over = _times(asking, go)
        found += [
            (begun, min((t for t in over if t >= begun), default=None)) for begun in _times(asking, stop)
        ]
    return joined(sorted(found, key=lambda run: run[0]))


def _paused(base: datetime, span: Span, pauses: tuple[Interval, ...], zone: str) -> datetime | None:
    end = _stop(base, span, zone)
    for begun, over in pauses:
        if begun > end or (over is not None and over < base):
            continue
        if over is None:
            return None
        end = _pushed(end, max(begun, base), over, span, zone)
    return end


def _pushed(end: datetime, begun: datetime, over: datetime, span: Span, zone: str) -> datetime:
    """Return the end of a period whose clock stood meanwhile: by whole days, or in real time."""
    if span.unit in _REAL:
        return end + (over - begun)
    days = local_day(over, zone) - local_day(begun, zone)
    return close_of(local_day(end, zone) + days, zone).astimezone(UTC)


def _stop(moment: datetime, span: Span, zone: str) -> datetime:
    return stops_at(moment, span, zone).astimezone(UTC)
