"""Due times judged by a slow walk through the days (``slow_due.py``), over dates that calendars trip on."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from importlib import util
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from depth import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.kernel.calendar import close_of
from troth.kernel.due import Due, Kept, due
from troth.kernel.events import moment
from troth.policy.model import Basis, Event, Fact, Ground, Hold, Keep, Policy, Purpose, Span, Use

pytestmark = pytest.mark.slow

_spec = util.spec_from_file_location("slow_due", Path(__file__).with_name("slow_due.py"))
assert _spec is not None
assert _spec.loader is not None
slow: Any = util.module_from_spec(_spec)
sys.modules[_spec.name] = slow
_spec.loader.exec_module(slow)

ZONES = ("Europe/Oslo", "America/Sao_Paulo", "Pacific/Auckland")
LIVE = frozenset({"serve"})
TRAPS = [date(2024, 2, 29), date(2028, 2, 29), date(2023, 2, 28), date(2025, 3, 30), date(2025, 10, 26)]
TRAPS += [date(2018, 11, 3), date(2018, 2, 17), date(2025, 12, 31), date(2024, 1, 31), date(2024, 8, 31)]
FACT = Fact(
    name="active",
    starts=("last-use",),
    ends=(("is", None, "account-closed"), ("without", Span(6, "month"), "last-use")),
)
VISIT = Event(
    name="visit-end",
    alternatives=(
        ("is", None, "sign-out"),
        ("without", Span(30, "minute"), "request"),
        ("after", Span(24, "hour"), "first-request"),
    ),
)
LIMITATION = Event(
    name="limitation",
    alternatives=(("after", Span(3, "year"), "demandable"),),
    restarts_at=("acknowledged",),
    paused=(("lawsuit", "outcome"),),
    at_most=Span(13, "year"),
)


def minutes(days: int = 1500) -> st.SearchStrategy[datetime]:
    """Moments near days that calendars stumble on, and anywhere, to the minute."""
    near = st.builds(lambda d, n: d + timedelta(days=n), st.sampled_from(TRAPS), st.integers(-2, 2))
    day = near | st.dates(date(2018, 1, 1), date(2018, 1, 1) + timedelta(days=days * 2))
    clock = st.sampled_from([0, 1, 59, 60, 119, 120, 180, 1319, 1320, 1380, 1439]) | st.integers(0, 1439)
    return st.builds(
        lambda d, m: datetime(d.year, d.month, d.day, tzinfo=UTC) + timedelta(minutes=m), day, clock
    )


def later(start: datetime, gaps: list[int]) -> list[datetime]:
    """Moments one after another, each so many minutes after the one before."""
    found = []
    for gap in gaps:
        start += timedelta(minutes=gap)
        found.append(start)
    return found


def policy(zone: str, *statements: Any, year_end: tuple[int, int] = (12, 31)) -> Policy:
    use = Purpose(name="serve", bases=(Basis((Ground("contract"),), (Use("x"),)),))
    hold = (Hold(data=("x",), while_fact="order"), Fact(name="order"))
    return Policy((use, *hold, *statements), zone=zone, financial_year_end=year_end)


def lived(
    rules: Policy, collected: datetime, log: dict[str, list[datetime]], holds: list[Any], end: datetime
) -> Due:
    """Live through the events as the gate does: each re-times the record, and nothing wakes what was due."""
    log = dict(log)
    log["order"] = [b for b, _ in holds]
    log["order ended"] = [o for _, o in holds if o is not None]
    record, was, found = Kept("r", "x", collected), None, None
    for now in sorted({collected, end, *(t for ts in log.values() for t in ts if collected <= t <= end)}):
        known = {name: tuple(t for t in ts if t <= now) for name, ts in log.items()}
        found = due(rules, record, known, live_purposes=LIVE, facts=frozenset(), now=now, was=was)
        was = found.at
    assert found is not None
    return found


def held(start: datetime, gaps: list[int], open_: bool) -> list[tuple[datetime, datetime | None]]:
    """Holds one after another in time, the last of them perhaps open."""
    moments = later(start, gaps)
    pairs: list[tuple[datetime, datetime | None]] = list(zip(moments[::2], moments[1::2], strict=False))
    return [*pairs, (moments[-1], None)] if open_ and len(moments) % 2 else pairs


SPANS = st.sampled_from(
    [(1, "day"), (30, "day"), (1, "month"), (6, "month"), (1, "year"), (5, "year"), (36, "hour")]
)
GAPS = st.lists(st.integers(1, 60 * 24 * 40), max_size=5)


@settings(max_examples=examples(60), deadline=None)
@given(zone=st.sampled_from(ZONES), came=minutes(), span=SPANS, gaps=GAPS, open_=st.booleans())
def test_a_period_after_an_event_ends_where_counting_days_ends(
    zone: str, came: datetime, span: tuple[int, str], gaps: list[int], open_: bool
) -> None:
    holds = held(came - timedelta(days=3), gaps, open_)
    life = slow.Life(ZoneInfo(zone), came, holds=holds)
    rules = policy(zone, Keep(data=("x",), span=Span(*span), after="collected"))
    expected = slow.after(life, came, *span)

    found = lived(rules, came, {}, holds, came + timedelta(days=4000))

    assert found.at == expected
    assert found.held == (expected is None)


@settings(max_examples=examples(40), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    came=minutes(),
    end=st.sampled_from([(12, 31), (6, 30), (2, 28), (2, 29), (3, 31)]),
    gaps=GAPS,
)
def test_five_years_count_from_the_last_day_of_the_financial_year(
    zone: str, came: datetime, end: tuple[int, int], gaps: list[int]
) -> None:
    holds = held(came, gaps, False)
    life = slow.Life(ZoneInfo(zone), came, holds=holds)
    keep = Keep(data=("x",), span=Span(5, "year"), end_of="financial-year", because="books")

    found = lived(policy(zone, keep, year_end=end), came, {}, holds, came + timedelta(days=4000))

    assert found.at == slow.after_year(life, came, 5, "year", end)


@settings(max_examples=examples(100), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=minutes(),
    came=st.integers(-60 * 24 * 30, 60 * 24 * 250),
    gaps=st.lists(st.tuples(st.integers(1, 60 * 24 * 230), st.sampled_from("uuuuc")), max_size=6),
    tail=st.sampled_from([(30, "day"), (6, "month"), (1, "day")]),
    holding=GAPS,
    open_=st.booleans(),
)
def test_data_last_as_long_as_the_service_is_used_and_their_tail(
    zone: str,
    first: datetime,
    came: int,
    gaps: list[tuple[int, str]],
    tail: tuple[int, str],
    holding: list[int],
    open_: bool,
) -> None:
    collected = first + timedelta(minutes=came)
    times = later(first, [g for g, _ in gaps])
    uses = [first, *(t for t, (_, what) in zip(times, gaps, strict=True) if what == "u")]
    closings = [t for t, (_, what) in zip(times, gaps, strict=True) if what == "c"]
    holds = held(collected + timedelta(days=100), holding, open_)
    life = slow.Life(ZoneInfo(zone), collected, uses, closings, holds)
    rules = policy(zone, FACT, Keep(data=("x",), while_fact="active", then_span=Span(*tail)))
    expected = slow.while_active(life, *tail)
    log = {"last-use": uses, "account-closed": closings}

    found = lived(rules, collected, log, holds, collected + timedelta(days=8000))

    assert found.at == expected.gone
    if expected.gone and found.restricted_from != found.at:
        assert found.restricted_from == expected.stopped


@settings(max_examples=examples(60), deadline=None)
@given(
    start=minutes(),
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=60),
    out=st.none() | st.integers(0, 600),
    which=st.integers(0, 59),
    again=st.integers(31, 60 * 24 * 20),
)
def test_a_visit_ends_at_sign_out_silence_or_a_day_and_a_later_visit_moves_nothing(
    start: datetime, gaps: list[int], out: int | None, which: int, again: int
) -> None:
    requests = [start]
    for gap in gaps:
        if gap > 30:
            break
        requests.append(requests[-1] + timedelta(minutes=gap))
    which = min(which, len(requests) - 1)
    outs = [] if out is None else [requests[which] + timedelta(minutes=out)]
    expected = slow.visit_end(requests[which], requests, outs, start)
    other = max(requests[-1], *outs, expected) + timedelta(minutes=again)
    rules = policy("Europe/Oslo", VISIT, Keep(data=("x",), span=Span(30, "day"), after="visit-end"))
    life = slow.Life(ZoneInfo("Europe/Oslo"), requests[which])
    log = {"request": [*requests, other], "first-request": [start, other], "sign-out": [*outs, other]}
    known = {name: tuple(times) for name, times in log.items()}

    ended = moment(rules, "visit-end", known, since=requests[which])

    assert ended is not None
    assert ended.astimezone(UTC) == expected
    assert lived(rules, requests[which], log, [], other).at == slow.after(life, expected, 30, "day")


@settings(max_examples=examples(60), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    since=minutes(),
    acts=st.lists(
        st.tuples(st.integers(1, 60 * 24 * 700), st.sampled_from(["ack", "suit", "end"])), max_size=9
    ),
)
def test_a_limitation_period_restarts_stands_still_and_never_passes_thirteen_years(
    zone: str, since: datetime, acts: list[tuple[int, str]]
) -> None:
    times = later(since - timedelta(days=200), [g for g, _ in acts])
    by = {
        w: [t for t, (_, what) in zip(times, acts, strict=True) if what == w] for w in ("ack", "suit", "end")
    }
    life = slow.Life(ZoneInfo(zone), since)
    last, gone = slow.limitation(life, since, by["ack"], by["suit"], by["end"])
    rules = policy(
        zone, LIMITATION, Keep(data=("x",), span=Span(6, "month"), after="limitation", because="c")
    )
    log = {"demandable": [since], "acknowledged": by["ack"], "lawsuit": by["suit"], "outcome": by["end"]}
    known = {name: tuple(moments) for name, moments in log.items()}

    assert moment(rules, "limitation", known) == (last and close_of(last, zone))
    found = due(
        rules, Kept("r", "x", since), known, live_purposes=LIVE, facts=frozenset(), now=max([since, *times])
    )
    assert found.at == gone


@settings(max_examples=examples(40), deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    came=minutes(),
    spans=st.lists(st.tuples(SPANS, st.booleans()), min_size=1, max_size=4),
    cap=st.none() | SPANS,
    live=st.booleans(),
)
def test_the_last_rule_decides_under_its_cap_over_its_floor_and_only_while_wanted(
    zone: str,
    came: datetime,
    spans: list[tuple[tuple[int, str], bool]],
    cap: tuple[int, str] | None,
    live: bool,
) -> None:
    keeps = [Keep(data=("x",), span=Span(*s), because="law" if law else "") for s, law in spans]
    life = slow.Life(ZoneInfo(zone), came)
    floors = [slow.after(life, came, *s) for s, law in spans if law]
    ends = [slow.after(life, came, *s) for s, law in spans if not law]
    if cap is not None:
        keeps.append(Keep(data=("x",), at_latest=Span(*cap)))
        ends = [min(e, slow.after(life, came, *cap)) for e in ends]
    rules = policy(zone, *keeps)
    lives = LIVE if live else frozenset[str]()

    found = due(rules, Kept("r", "x", came), {}, live_purposes=lives, facts=frozenset(), now=came)

    assert found.at
    # In UTC: between zones Python takes a time that stands twice for equal to none.
    assert found.at.astimezone(UTC) == max([*floors, *(ends if live else [])], default=came).astimezone(UTC)


def test_a_compacted_log_and_a_whole_one_give_the_same_date() -> None:
    uses = later(datetime(2024, 1, 10, 12, tzinfo=UTC), [60 * 24 * 20] * 30)
    rules = policy("Europe/Oslo", FACT, Keep(data=("x",), while_fact="active", then_span=Span(30, "day")))
    record = Kept("r", "x", uses[0])
    whole, short = {"last-use": tuple(uses)}, {"last-use": (uses[-1],)}
    dates = [
        due(rules, record, log, live_purposes=LIVE, facts=frozenset(), now=uses[-1]).waits_for
        or str(due(rules, record, log, live_purposes=LIVE, facts=frozenset(), now=uses[-1]).at)
        for log in (whole, short)
    ]

    assert dates[0] == dates[1]


@pytest.mark.parametrize("zone", ZONES)
def test_every_local_day_opens_where_looking_at_the_clock_finds_it(zone: str) -> None:
    for trap in TRAPS:
        for day in (trap + timedelta(days=n) for n in range(-2, 3)):
            closed = close_of(day - timedelta(days=1), zone).astimezone(UTC)

            assert closed + timedelta(microseconds=1) == slow.opens(ZoneInfo(zone), day)
