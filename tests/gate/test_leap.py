"""A sweep does not believe a clock that has leapt, for what it lets go does not come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import troth
from troth.cli import main
from troth.gate.errors import ClockLeapt
from troth.gate.sweep import LEAP
from troth.runtime import Company

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MAIL = "kari@example.no"


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def club(tmp_path: Path, clock: Clock) -> Iterator[Company]:
    main(["init", str(tmp_path / "club"), "--title", "The Club"])
    company = troth.open(tmp_path / "club", store=str(tmp_path / "people.db"), clock=clock)
    yield company
    company.close()


def joined(club: Company) -> int:
    person = club.gate.new_person()
    club.gate.collect(
        person=person, data="contact", body={"email": MAIL}, purpose="membership", source="person"
    )
    club.gate.identify(person=person, kind="email", value=MAIL)
    club.gate.close_account(person=person)
    return person


def test_a_clock_ten_years_ahead_sweeps_nothing_until_somebody_vouches_for_it(
    club: Company, clock: Clock
) -> None:
    person = joined(club)
    club.gate.sweep_on()
    clock.now += timedelta(days=3650)
    for _ in range(2):
        with pytest.raises(ClockLeapt, match=r"2036-11-21.*2026-11-24.*--trust-clock"):
            club.gate.sweep_on()

        assert club.gate.exists(person=person)

    assert club.gate.sweep().records > 0
    assert club.gate.sweep_on().records == 0


def test_evidence_that_a_wrong_clock_has_written_makes_it_no_more_believable(
    club: Company, clock: Clock
) -> None:
    person = joined(club)
    club.gate.sweep_on()
    clock.now += timedelta(days=3650)
    joined(club)

    with pytest.raises(ClockLeapt):
        club.gate.sweep_on()

    clock.now = NOON + timedelta(hours=1)

    assert club.gate.sweep_on().people == 0
    assert club.gate.exists(person=person)


def test_a_year_without_a_sweep_is_no_leap(club: Company, clock: Clock) -> None:
    joined(club)
    club.gate.sweep_on()
    clock.now += LEAP

    assert club.gate.sweep_on().records > 0
