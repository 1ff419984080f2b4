"""Due times of the first company's retention table, by hand-built rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from troth.kernel.due import Due, Kept, NoKeepRule, due, erasable
from troth.kernel.events import intervals, moment
from troth.policy.model import Basis, Event, Fact, Ground, Hold, Keep, Policy, Purpose, Span, Use
from troth.terms import Clause

OSLO = ZoneInfo("Europe/Oslo")
DATA = ("visit", "ledger", "claim", "taste", "chat")
ALL = frozenset({"serve"})
POLICY = Policy(
    (
        Purpose(name="serve", bases=(Basis((Ground("contract"),), tuple(Use(d) for d in DATA)),)),
        Keep(data=("visit",), span=Span(30, "day"), after="visit-end", clause=Clause("7", 1)),
        Keep(
            data=("ledger",),
            span=Span(5, "year"),
            end_of="financial-year",
            because="books",
            clause=Clause("7", 2),
        ),
        Keep(
            data=("claim",),
            span=Span(6, "month"),
            after="limitation",
            because="dispute",
            clause=Clause("7", 3),
        ),
        Keep(data=("taste",), while_fact="active", then_span=Span(30, "day"), clause=Clause("7", 4)),
        Keep(data=("chat",), while_fact="active", then_span=Span(6, "month"), clause=Clause("7", 5)),
        Fact(
            name="active",
            starts=("last-use",),
            ends=(("is", None, "account-closed"), ("without", Span(6, "month"), "last-use")),
        ),
        Event(
            name="visit-end",
            alternatives=(
                ("is", None, "sign-out"),
                ("without", Span(30, "minute"), "request"),
                ("after", Span(24, "hour"), "first-request"),
            ),
        ),
        Event(
            name="limitation",
            alternatives=(("after", Span(3, "year"), "demandable"),),
            restarts_at=("acknowledged",),
            paused=(("lawsuit", "outcome"),),
            extended_by="person",
            at_most=Span(13, "year"),
        ),
        Hold(data=("taste",), while_fact="case-open", clause=Clause("8", 9)),
    ),
    zone="Europe/Oslo",
)


def at(text: str, hour: int = 12) -> datetime:
    return datetime.fromisoformat(text).replace(hour=hour, tzinfo=OSLO)


def when(
    data: str, log: Mapping[str, tuple[datetime, ...]], collected: str = "2024-03-10", **more: frozenset[str]
) -> Due:
    record = Kept("r-1", data, at(collected))
    live, facts = more.get("live", ALL), more.get("facts", frozenset())
    return due(POLICY, record, log, live_purposes=live, facts=facts, now=at("2025-12-01"))


USED = {"last-use": (at("2025-01-15"),)}
CLOSED = {"last-use": (at("2025-01-15"),), "account-closed": (at("2025-03-10"),)}
CLAIM = {"demandable": (at("2024-05-20"),)}


@pytest.mark.parametrize(
    ("data", "log", "gone"),
    [
        ("visit", {"sign-out": (at("2025-03-01"),)}, "2025-04-01T00:00:00+02:00"),
        ("ledger", {}, "2030-01-01T00:00:00+01:00"),
        ("claim", CLAIM, "2027-11-21T00:00:00+01:00"),
        ("claim", {**CLAIM, "acknowledged": (at("2026-02-03"),)}, "2029-08-04T00:00:00+02:00"),
        ("taste", CLOSED, "2025-04-10T00:00:00+02:00"),
        ("taste", USED, "2025-08-15T00:00:00+02:00"),
        ("chat", USED, "2026-01-16T00:00:00+01:00"),
        ("chat", CLOSED, "2025-09-11T00:00:00+02:00"),
    ],
)
def test_a_record_goes_at_the_first_instant_after_its_last_day(
    data: str, log: Mapping[str, tuple[datetime, ...]], gone: str
) -> None:
    found = when(data, log).at

    assert found is not None
    assert found.isoformat() == gone


@pytest.mark.parametrize(
    ("used", "stop"),
    [
        (("2025-01-15",), "2025-07-15"),
        (("2025-08-31",), "2026-02-28"),
        (("2025-01-15", "2025-07-15"), "2026-01-15"),
    ],
)
def test_six_months_without_use_stop_at_the_end_of_their_last_day(used: tuple[str, ...], stop: str) -> None:
    log = {"last-use": tuple(map(at, used)), "mail-opened": (at("2025-05-01"),)}
    ((_, end),) = intervals(POLICY, "active", log, at("2026-01-01"))

    assert end is not None
    assert str(end.date()) == stop
    assert str((end + timedelta(microseconds=1)).time()) == "00:00:00"


@pytest.mark.parametrize(
    ("log", "end"),
    [
        ({"request": (at("2025-03-01"), at("2025-03-01", 13))}, "2025-03-01T13:30:00+01:00"),
        ({"request": (at("2025-03-02"),), "first-request": (at("2025-03-01"),)}, "2025-03-02T12:00:00+01:00"),
        ({"request": (at("2025-03-01"),), "sign-out": (at("2025-03-01"),)}, "2025-03-01T12:00:00+01:00"),
    ],
)
def test_a_visit_ends_at_the_earliest_of_its_ends(log: Mapping[str, tuple[datetime, ...]], end: str) -> None:
    found = moment(POLICY, "visit-end", log)

    assert found is not None
    assert found.astimezone(OSLO).isoformat() == end


def test_account_deletion_restricts_at_once_and_inactivity_from_the_day_after_the_stop() -> None:
    assert when("taste", CLOSED).restricted_from == at("2025-03-10")
    assert when("taste", USED).restricted_from == at("2025-07-16", 0)


def test_a_lawsuit_stops_the_limitation_until_its_outcome() -> None:
    log = {**CLAIM, "lawsuit": (at("2025-01-01"),)}
    over = {**log, "outcome": (at("2025-01-11"),)}

    open_end, end = moment(POLICY, "limitation", log), moment(POLICY, "limitation", over)

    assert open_end is not None
    assert end is not None
    assert str(open_end.date()) == "2037-05-20"  # at most 13 years in all
    assert str(end.date()) == "2027-05-30"


def test_erasure_leaves_what_a_law_makes_stay_and_names_the_clause_and_the_date() -> None:
    ledger = Kept("l-1", "ledger", at("2024-03-10"))
    (stays,) = erasable(POLICY, ledger, {}, facts=frozenset(), now=at("2026-01-01"))

    assert (stays.clause, stays.because, str(stays.until)) == (
        Clause("7", 2),
        "books",
        "2030-01-01 00:00:00+01:00",
    )
    assert (
        erasable(POLICY, Kept("t", "taste", at("2024-03-10")), USED, facts=frozenset(), now=at("2025-02-01"))
        == ()
    )


def test_a_record_no_purpose_may_use_any_more_is_due_at_once_unless_a_law_or_hold_keeps_it() -> None:
    none: frozenset[str] = frozenset()

    assert when("taste", USED, live=none).at == at("2025-12-01")
    assert str(when("ledger", {}, live=none).at) == "2030-01-01 00:00:00+01:00"
    held = when("taste", USED, live=none, facts=frozenset({"case-open"}))
    assert (held.at, held.held, held.waits_for) == (None, True, "case-open ends")


def test_a_record_waits_for_an_event_that_has_not_come_and_says_which() -> None:
    found = when("claim", {})

    assert (found.at, found.waits_for) == (None, "limitation")


def test_a_category_without_a_keep_rule_is_refused_by_name() -> None:
    with pytest.raises(NoKeepRule, match="'shoe'"):
        due(
            POLICY,
            Kept("s", "shoe", datetime(2025, 1, 1, tzinfo=UTC)),
            {},
            live_purposes=ALL,
            facts=ALL,
            now=at("2025-01-01"),
        )
