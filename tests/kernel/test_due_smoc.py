"""Every row of the first company's section "How long" (smoc-7.2 to 7.11), from its document and law packs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from troth.kernel.due import Due, Kept, due, erasable
from troth.kernel.events import holds, intervals, moment
from troth.kernel.packs import merged
from troth.laws import packs
from troth.policy import parse
from troth.policy.model import Data, Policy, Purpose

OSLO = ZoneInfo("Europe/Oslo")
SMOC = Path(__file__).parents[2] / "companies" / "smoc" / "policy.md"
Log = Mapping[str, tuple[datetime, ...]]


@cache
def policy() -> Policy:
    return parse(SMOC.read_text(encoding="utf-8"), "companies/smoc/policy.md", packs=packs())


@cache
def every_purpose() -> frozenset[str]:
    return frozenset(p.name for p in merged(policy()).of(Purpose))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=OSLO)


def log(**events: str) -> dict[str, tuple[datetime, ...]]:
    """Return a log from names with _ for - and moments set apart by spaces."""
    return {name.replace("_", "-"): tuple(map(at, times.split())) for name, times in events.items()}


def when(data: str, collected: str, events: Log, now: str = "2025-09-01", **more: frozenset[str]) -> Due:
    live, facts = more.get("live", every_purpose()), more.get("facts", frozenset({"identified"}))
    return due(
        policy(), Kept("r-1", data, at(collected)), events, live_purposes=live, facts=facts, now=at(now)
    )


USED = log(last_use="2025-01-15")
CLOSED = log(last_use="2025-01-15", account_closed="2025-03-10")
ROW_4 = "taste referral invitation likes contact language location gender age pace frequency shared friends"
ROWS = [
    # row 1 (smoc-7.2, f2): the visit's earliest end, and thirty days
    *[
        ("visit", "2025-03-01T11:00", log(request="2025-03-01T11:00", **end), "2025-04-01T00:00:00+02:00")
        for end in (
            {"sign_out": "2025-03-01T11:10", "first_request": "2025-03-01T11:00"},
            {"first_request": "2025-03-01T11:00"},
            {"first_request": "2025-02-28T23:45"},
        )
    ],
    ("visit", "2025-03-01T23:45", log(request="2025-03-01T23:45"), "2025-04-02T00:00:00+02:00"),
    ("screen", "2025-03-01T23:45", log(request="2025-03-01T23:45"), "2025-04-02T00:00:00+02:00"),
    (
        "visit",
        "2025-03-01T11:00",
        log(request="2025-03-01T11:00 2025-03-20T10:00", sign_out="2025-03-20T10:05"),
        "2025-04-01T00:00:00+02:00",  # a later visit moves nothing
    ),
    (
        "visit",
        "2025-03-02T10:00",
        log(request="2025-03-01T23:50 2025-03-02T10:00 2025-03-02T23:40", first_request="2025-03-01T23:50"),
        "2025-04-02T00:00:00+02:00",  # this visit's own half an hour
    ),
    (
        "visit",
        "2025-03-02T23:40",
        log(
            request="2025-03-01T23:59 2025-03-02T23:40",
            first_request="2025-03-01T23:59 2025-03-02T23:40",
        ),
        "2025-04-03T00:00:00+02:00",  # a day after the visit before began is not the end of this one
    ),
    # row 2 (smoc-7.3, f5): five years from the end of the financial year
    ("ledger", "2024-03-10", log(), "2030-01-01T00:00:00+01:00"),
    ("ledger", "2024-12-31T23:59", log(), "2030-01-01T00:00:00+01:00"),
    ("ledger", "2025-01-01T00:00", log(), "2031-01-01T00:00:00+01:00"),
    ("ledger", "2025-01-03", log(posted="2024-12-31"), "2030-01-01T00:00:00+01:00"),  # its own year counts
    # row 3 (smoc-7.4, f4): the limitation period and six months
    ("claim", "2024-06-01", log(demandable="2024-05-20"), "2027-11-21T00:00:00+01:00"),
    (
        "claim",
        "2024-06-01",
        log(demandable="2024-05-20", acknowledged="2026-02-03"),
        "2029-08-04T00:00:00+02:00",
    ),
    (
        "claim",
        "2024-06-01",
        log(demandable="2024-05-20", lawsuit="2025-01-01", outcome="2025-01-11"),
        "2027-12-01T00:00:00+01:00",
    ),
    ("claim", "2024-06-01", log(demandable="2024-05-20", lawsuit="2025-01-01"), "2037-11-21T00:00:00+01:00"),
    # row 4 (smoc-7.5, 7.6, f3, f6): while you use the service, and thirty days
    *[(data, "2025-01-10", CLOSED, "2025-04-10T00:00:00+02:00") for data in (*ROW_4.split(), "survey")],
    *[(data, "2025-01-10", USED, "2025-08-15T00:00:00+02:00") for data in (*ROW_4.split(), "survey")],
    # row 5 (smoc-7.7, 7.8): while you use the service, and six months counted from the stop
    *[(data, "2025-01-10", USED, "2026-01-16T00:00:00+01:00") for data in ("chat", "consents")],
    *[(data, "2025-01-10", CLOSED, "2025-09-11T00:00:00+02:00") for data in ("chat", "consents")],
    # gaps filled by f6
    ("heard", "2025-03-01", log(), "2025-04-02T00:00:00+02:00"),
    ("lead", "2024-02-29", log(), "2026-03-01T00:00:00+01:00"),
    ("application", "2025-01-10", log(decision="2025-02-28"), "2025-08-29T00:00:00+02:00"),
    ("views", "2025-03-01", log(), "2025-04-01T00:00:00+02:00"),
    ("cases", "2025-01-10", log(case_closed="2025-01-31"), "2028-02-01T00:00:00+01:00"),
    ("trail", "2024-02-29", log(), "2025-03-01T00:00:00+01:00"),
    ("nocontact", "2025-01-10", log(), "2030-01-11T00:00:00+01:00"),
]


@pytest.mark.parametrize(("data", "collected", "events", "gone"), ROWS)
def test_every_row_ends_at_the_first_instant_after_its_last_day(
    data: str, collected: str, events: Log, gone: str
) -> None:
    found = when(data, collected, events, now="2025-03-15")

    assert found.at is not None
    assert found.at.isoformat() == gone
    assert found.clause.ref.startswith("6")


def test_the_table_leaves_out_no_category_that_has_a_rule() -> None:
    kept = {d.name for d in policy().of(Data) if not d.records or d.name in ("consents", "cases")}

    assert kept - {row[0] for row in ROWS} <= {
        "progress",
        "reward",
        "customer",
        "events",
        "trail",
        "nocontact",
    }
    for data in ("progress", "reward", "customer"):
        assert str(when(data, "2025-01-10", USED).at) == "2025-08-15 00:00:00+02:00"


@pytest.mark.parametrize("data", ["taste", "chat", "consents"])
def test_after_the_stop_preferences_and_history_are_only_kept(data: str) -> None:
    assert when(data, "2025-01-10", CLOSED).restricted_from == at("2025-03-10")
    assert when(data, "2025-01-10", USED).restricted_from == at("2025-07-16T00:00")


@pytest.mark.parametrize(
    ("uses", "stop"),
    [("2025-01-15", "2025-07-15"), ("2025-08-31", "2026-02-28"), ("2025-01-15 2025-07-15", "2026-01-15")],
)
def test_six_months_without_own_use_stop_it_and_acts_of_others_do_not_count(uses: str, stop: str) -> None:
    others = log(last_use=uses, mail_opened="2025-05-01", friend_redeemed="2025-06-01")
    ((_, end),) = intervals(policy(), "active", others, at("2026-06-01"))

    assert end is not None
    assert str(end.date()) == stop


def test_a_return_before_removal_brings_back_what_is_there_unless_the_account_was_closed() -> None:
    back = log(last_use="2025-01-15 2025-08-01")
    closed = {**CLOSED, "last-use": (at("2025-01-15"), at("2025-03-20"))}

    assert str(when("taste", "2025-01-10", back).at) == "2026-03-04 00:00:00+01:00"
    assert str(when("taste", "2025-01-10", closed).at) == "2025-04-10 00:00:00+02:00"
    assert holds(policy(), "active", back, at("2025-08-02"))


def test_what_was_due_is_not_woken_by_a_late_return() -> None:
    late = log(last_use="2025-01-15 2025-08-20")
    record = Kept("r-1", "taste", at("2025-01-10"))
    was = at("2025-08-15T00:00")
    found = due(
        policy(),
        record,
        late,
        live_purposes=every_purpose(),
        facts=frozenset({"identified"}),
        now=at("2025-08-20"),
        was=was,
    )

    assert found.at == was


def test_answers_of_somebody_who_stays_unknown_go_thirty_days_after_the_visit() -> None:
    visit = log(request="2025-03-01T11:00", first_request="2025-03-01T11:00")
    found = when("taste", "2025-03-01T11:00", visit, now="2025-03-02", facts=frozenset())

    assert str(found.at) == "2025-04-01 00:00:00+02:00"


def test_erasure_leaves_the_ledger_and_the_claim_by_name_of_law_and_date() -> None:
    ledger = Kept("l-1", "ledger", at("2024-03-10"))
    (stays,) = erasable(policy(), ledger, {}, facts=frozenset(), now=at("2026-01-01"))
    claim = Kept("c-1", "claim", at("2024-06-01"))
    (open_,) = erasable(
        policy(), claim, log(demandable="2024-05-20"), facts=frozenset(), now=at("2026-01-01")
    )

    assert (stays.because, str(stays.until)) == ("books", "2030-01-01 00:00:00+01:00")
    assert (open_.because, str(open_.until)) == ("dispute", "2027-11-21 00:00:00+01:00")
    assert (
        erasable(
            policy(), Kept("t", "taste", at("2024-03-10")), USED, facts=frozenset(), now=at("2026-01-01")
        )
        == ()
    )


def test_without_a_ground_all_goes_at_once_but_what_a_law_keeps() -> None:
    none: frozenset[str] = frozenset()

    assert when("taste", "2025-01-10", USED, live=none).at == at("2025-09-01")
    assert str(when("ledger", "2024-03-10", {}, live=none).at) == "2030-01-01 00:00:00+01:00"


def test_a_law_packs_own_records_have_their_dates_too() -> None:
    waiting = when("gdpr:requests", "2025-01-10", {})
    closed = when("gdpr:requests", "2025-01-10", log(case_closed="2025-01-31"))

    assert (waiting.at, waiting.waits_for) == (None, "case-closed")
    assert str(closed.at) == "2028-02-01 00:00:00+01:00"
    assert closed.because == "gdpr:answering"
    assert moment(policy(), "case-closed", log(case_closed="2025-01-31")) == at("2025-01-31")
