"""A slow model of due times: walk the calendar midnight by midnight, and short spans minute by minute.

Written from findings f1 to f5 of the first company's catalogue and readings 8 to 10, 14 and 15, and from
nothing that computes: no period is ever added to a date here, days are counted as they pass.  Moments are
whole minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FAR = 40 * 366  # days after which a walk gives up


@cache
def opens(zone: ZoneInfo, day: date) -> datetime:
    """Find the first instant of a local day by looking at every quarter of an hour from well before it."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=16)
    while at.astimezone(zone).date() < day:
        at += timedelta(minutes=15)
    return at


@cache
def last_day(start: date, amount: int, unit: str) -> date:
    """Walk to the period's last day; the day of the event is not counted (Regulation 1182/71, Art. 3)."""
    day, days = start, 0
    while True:
        day, days = day + DAY, days + 1
        if unit == "day" and days == amount:
            return day
        months = (day.year - start.year) * 12 + day.month - start.month
        clipped = day.day < start.day and (day + DAY).month != day.month
        whole = unit != "day" and months == amount * {"month": 1, "year": 12}[unit]
        if whole and (day.day == start.day or clipped):
            return day


@dataclass
class Life:
    """One person and one record: when it came, what the person did, and holds as (begun, over or None)."""

    zone: ZoneInfo
    collected: datetime
    uses: list[datetime] = field(default_factory=list)
    closings: list[datetime] = field(default_factory=list)
    holds: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def held(self, midnight: datetime) -> bool:
        return any(b < midnight and (o is None or midnight <= o) for b, o in self.holds)

    def held_for_good(self, midnight: datetime) -> bool:
        return any(b < midnight and o is None for b, o in self.holds)

    def days(self, first: date) -> Iterator[tuple[date, datetime]]:
        """Yield each local day with the midnight that ends it."""
        for n in range(FAR):
            yield first + n * DAY, opens(self.zone, first + (n + 1) * DAY)
        raise AssertionError("the walk found no end")


def after(life: Life, base: datetime, amount: int, unit: str) -> datetime | None:
    """Return the first instant after a period that began with an event, None while an open hold stops it."""
    if unit in ("minute", "hour"):
        return _minutes(life, base, amount * (60 if unit == "hour" else 1))
    return _midnights(life, life.day(base), amount, unit)


def _midnights(life: Life, start: date, amount: int, unit: str) -> datetime | None:
    target = last_day(start, amount, unit)
    for day, midnight in life.days(start):
        if life.held_for_good(midnight):
            return None
        if life.held(midnight):
            target += DAY
        elif day == target:
            return midnight
    return None


def _minutes(life: Life, base: datetime, left: int) -> datetime | None:
    at = base
    while left:
        if any(b <= at and o is None for b, o in life.holds):
            return None
        if not any(b <= at < o for b, o in life.holds if o is not None):
            left -= 1
        at += MINUTE
    return at


def after_year(life: Life, base: datetime, amount: int, unit: str, end: tuple[int, int]) -> datetime | None:
    """Return the first instant after a period that begins when the financial year of the event is over."""
    for day, _ in life.days(life.day(base)):
        clipped = end == (2, 29) and (day.month, day.day) == (2, 28) and (day + DAY).month == 3
        if (day.month, day.day) == end or clipped:
            return _midnights(life, day, amount, unit)
    return None


@dataclass
class Stop:
    """Where a walk through a person's days ended: when use stopped and when the record went."""

    stopped: datetime | None = None
    gone: datetime | None = None


def while_active(life: Life, tail: int, unit: str) -> Stop:
    """Walk a person's days: active from each use until the account closes or six months pass without use.

    Use before removal brings back what is still there; after the account was closed nothing does.
    """
    here = Stop(stopped=life.collected)
    target, shut, seen = last_day(life.day(life.collected), tail, unit), False, None
    for day, midnight in life.days(min(map(life.day, [life.collected, *life.uses, *life.closings]))):
        acts = [(t, True) for t in life.uses] + [(t, False) for t in life.closings]
        for moment, use in sorted(a for a in acts if life.day(a[0]) == day):
            ours = moment >= life.collected
            if use and not (shut and ours):
                seen, here.stopped = moment, None
            elif not use:
                shut = shut or ours
                if seen is not None:
                    seen, here.stopped = None, max(moment, life.collected)
                    target = last_day(life.day(here.stopped), tail, unit)
        if seen is not None and day == last_day(life.day(seen), 6, "month"):
            stop = max(midnight, life.collected)
            seen, here.stopped = None, stop
            target = last_day(day if stop == midnight else life.day(stop), tail, unit)
        if here.stopped is None or midnight <= max(here.stopped, life.collected) - MINUTE:
            continue
        if life.held_for_good(midnight):
            return here
        if life.held(midnight):
            target += DAY
        elif day == target:
            here.gone = midnight
            return here
    return here


def visit_end(
    collected: datetime, requests: list[datetime], outs: list[datetime], first: datetime
) -> datetime:
    """Walk the minutes of one visit from one of its requests to its end."""
    at, last = collected, collected
    while True:
        if at in requests:
            last = at
        if at in outs or at - last >= timedelta(minutes=30) or at - first >= timedelta(hours=24):
            return at
        at += MINUTE


def limitation(
    life: Life,
    demandable: datetime,
    acknowledged: list[datetime],
    suits: list[datetime],
    ends: list[datetime],
) -> tuple[date | None, datetime | None]:
    """Walk a claim's days to the last of its limitation period, and to the instant six months after that."""
    target, cap = last_day(life.day(demandable), 3, "year"), last_day(life.day(demandable), 13, "year")
    acts = [(t, "ack") for t in acknowledged] + [(t, "suit") for t in suits] + [(t, "end") for t in ends]
    stands = False
    for day, midnight in life.days(min(life.day(t) for t in [demandable, *acknowledged, *suits, *ends])):
        for moment, what in sorted(a for a in acts if life.day(a[0]) == day):
            if what == "ack" and moment >= demandable:
                target = last_day(day, 3, "year")
            elif what != "ack":
                stands = what == "suit"
        if midnight < demandable:
            continue
        if day == cap or (day == target and not stands):
            return day, _midnights(life, day, 6, "month")
        if stands:
            target += DAY
    return None, None
