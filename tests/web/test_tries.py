"""How often a password may be wrong, from where, and for how long a door is held."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from troth.web.tries import Tries

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


def test_five_wrong_ones_hold_the_door_for_one_place_and_ten_minutes() -> None:
    tries = Tries()
    for _ in range(5):
        tries.note("club", "ada@example.com", "203.0.113.1", NOW)

    assert tries.held("club", "ADA@example.com", "203.0.113.1", NOW)
    assert not tries.held("club", "ada@example.com", "203.0.113.2", NOW)
    assert not tries.held("club", "ben@example.com", "203.0.113.1", NOW)
    assert not tries.held("other", "ada@example.com", "203.0.113.1", NOW)
    assert not tries.held("club", "ada@example.com", "203.0.113.1", NOW + timedelta(minutes=11))


def test_ten_within_minutes_from_anywhere_are_guessing_and_hold_it_everywhere_for_five_minutes() -> None:
    tries = Tries()
    said = [tries.note("club", "ada@example.com", f"203.0.113.{n}", NOW) for n in range(10)]

    assert said == [False] * 9 + [True]
    assert tries.held("club", "ada@example.com", "198.51.100.9", NOW + timedelta(minutes=4))
    assert not tries.held("club", "ada@example.com", "198.51.100.9", NOW + timedelta(minutes=5))


def test_ten_over_many_minutes_are_no_guessing() -> None:
    tries = Tries()
    said = [
        tries.note("club", "ada@example.com", f"203.0.113.{n}", NOW + timedelta(seconds=40 * n))
        for n in range(10)
    ]

    assert not any(said)


def test_no_address_and_no_place_stands_in_what_is_remembered() -> None:
    tries = Tries()
    tries.note("club", "ada@example.com", "203.0.113.1", NOW)

    assert "ada" not in repr(tries)
    assert "203.0.113" not in repr(list(tries.times))
