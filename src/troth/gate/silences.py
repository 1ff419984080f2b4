"""Silences: how long a name must stay away before something ends, and which of its moments that tells apart.

A log keeps no more than its answers need; what no period can tell apart is not kept twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from troth.gate.house import House
from troth.kernel.calendar import stops_at
from troth.policy.model import Event, Fact, Span


def thinned(house: House, name: str, times: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Drop occurrences that no period can tell apart: those with neighbours closer than the shortest silence.

    Where a name counts only by silence (``30 minutes without request``), the middle one of three within one
    span changes no answer; elsewhere every occurrence stays.
    """
    spans = list(silences(house, name))
    if (
        not spans
        or len(times) < 3
        or any(name in (*e.restarts_at, *sum(e.paused, ())) for e in house.policy.of(Event))
    ):
        return times
    kept = [times[0]]
    for here, after in pairwise(times[1:]):
        if any(after > stops_at(kept[-1], span, house.policy.zone) for span in spans):
            kept.append(here)
    return (*kept, times[-1])


def silences(house: House, name: str) -> Iterator[Span]:
    for ways in (s.alternatives if isinstance(s, Event) else s.ends for s in _timed_statements(house)):
        yield from (span for kind, span, of in ways if kind == "without" and of == name and span)


def _timed_statements(house: House) -> tuple[Event | Fact, ...]:
    return (*house.policy.of(Event), *house.policy.of(Fact))
