"""Numbers that are told again and again: two of them side by side, a few who leave, noise that stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.small import POLICY, Clock, House, gate_on

from troth.gate import Delivery
from troth.gate.noise import blurred, epsilon
from troth.policy.model import FormMeaning, Policy
from troth.terms import Form

WIDE = FormMeaning(form=Form.ANONYMOUS, shape="totals", at_least=3, noise=6, times=2)


def crowd(house: House, **drinks: int) -> None:
    for drink, people in drinks.items():
        for n in range(people):
            who = house.person(f"{drink}{n}@example.no")
            drank(house, who, drink)


def drank(house: House, who: int, drink: str) -> None:
    house.gate.collect(person=who, data="taste", body={"drink": drink}, purpose="learn", source="person")


def told(house: House) -> dict[str, int]:
    return dict(house.gate.totals(data="taste", field="drink", purpose="insight"))


def find(house: House, mail: str) -> int:
    who = house.gate.find(kind="email", value=mail)
    assert who is not None
    return who


@pytest.fixture
def blurring(tmp_path: Path) -> Iterator[House]:
    """The small company, whose numbers are told give or take 6, at most twice a year."""
    plain = tuple(s for s in POLICY.statements if not isinstance(s, FormMeaning))
    clock, sent = Clock(), list[Delivery]()
    gate, close = gate_on(tmp_path / "s.db", clock, sent, Policy((*plain, WIDE), zone="Europe/Oslo"))
    yield House(gate, clock, sent)
    close()


def test_one_who_leaves_changes_no_total_and_three_who_leave_change_it(house: House) -> None:
    crowd(house, tea=6, coffee=5)
    seen = [told(house)]
    for n in range(3):
        house.gate.object(person=find(house, f"tea{n}@example.no"), purpose="insight")
        seen.append(told(house))

    assert [s["tea"] for s in seen] == [6, 6, 6, 3]
    assert {s["coffee"] for s in seen} == {5}


def test_what_a_total_and_its_first_part_would_tell_together_is_not_told(house: House) -> None:
    crowd(house, tea=5, coffee=4, cocoa=1)

    assert told(house) == {"tea": 5}


def test_a_few_who_change_their_minds_are_seen_in_neither_of_two_groups(house: House) -> None:
    crowd(house, tea=6, coffee=5)
    before = told(house)
    for n in range(2):
        drank(house, find(house, f"tea{n}@example.no"), "coffee")

    assert told(house) == before


@pytest.mark.slow
def test_noise_is_drawn_once_an_edition_so_that_asking_again_averages_nothing_out(blurring: House) -> None:
    crowd(blurring, tea=12, coffee=40)
    seen = {tuple(sorted(told(blurring).items())) for _ in range(20)}
    leaf = [e for e in blurring.gate.entries() if e.kind == "insight told"]

    assert len(seen) == 1
    assert len(leaf) == 1
    assert leaf[0].detail["cells"]["tea"][:2] == [12, 1]
    assert dict(next(iter(seen))) == {v: cell[2] for v, cell in leaf[0].detail["cells"].items()}
    assert blurring.gate.within() == 6


def test_the_editions_of_a_year_are_spent_and_the_next_year_has_its_own(blurring: House) -> None:
    seen = []
    for number, people in enumerate((5, 5, 5, 5)):
        for n in range(people):
            drank(blurring, blurring.person(f"p{number}.{n}@example.no"), "tea")
        seen.append(told(blurring))
    blurring.clock.now += timedelta(days=120)
    spent = told(blurring)
    blurring.clock.now = blurring.clock.now.replace(year=blurring.clock.now.year + 1, month=1, day=2)
    for n in range(5):
        drank(blurring, blurring.person(f"next{n}@example.no"), "tea")
    anew = told(blurring)
    editions = [e.detail["cells"]["tea"] for e in blurring.gate.entries() if e.kind == "insight told"]

    assert seen[1] == seen[2] == seen[3] == spent
    assert [people for people, _, _ in editions] == [5, 10, 5]  # who came in spring has left
    assert anew == {"tea": editions[-1][2]}


def test_noise_lies_as_far_off_as_the_document_says_and_no_further() -> None:
    drawn = Counter(blurred(WIDE) for _ in range(4000))
    inside = sum(n for off, n in drawn.items() if abs(off) <= 6) / 4000

    assert 0.93 < inside < 0.99
    assert len(drawn) > 9
    assert abs(sum(off * n for off, n in drawn.items()) / 4000) < 0.5
    assert 0.5 < epsilon(WIDE) < 0.6
    assert blurred(replace(WIDE, noise=None)) == 0
    assert epsilon(None) == 0.0
