"""What the gate remembers between two questions counts only while it is true, and dies with the person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.gate.small import PARTIES, POLICY, Clock, House, gate_on

from troth.gate import Gate, memory
from troth.gate.house import Remembered
from troth.kernel import compile
from troth.store import open as open_store
from troth.terms import Action, Request, Unsaid

SUIT = Request(Action.USE, "place", "suit")


def held(house: House) -> dict[int, Remembered]:
    """Return what the gate has in memory."""
    return house.gate._house.memory


def test_the_second_question_opens_no_record(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    who = house.person()
    house.gate.consent(person=who, name="place", given=True)
    first = house.gate.may(person=who, request=SUIT)
    monkeypatch.setattr(memory, "standing", lambda *_: pytest.fail("the records were opened again"))

    assert first
    assert house.gate.may(person=who, request=SUIT) == first


def test_a_consent_taken_back_ends_the_use_at_the_next_question(house: House) -> None:
    who = house.person()
    for given in (True, False, True, False):
        house.gate.consent(person=who, name="place", given=given)

        assert bool(house.gate.may(person=who, request=SUIT)) is given


def test_nothing_of_an_erased_person_is_remembered(house: House) -> None:
    who, other = house.person(), house.person("ola@example.no")
    for person in (who, other):
        house.gate.consent(person=person, name="place", given=True)
        house.gate.may(person=person, request=SUIT)
    house.gate.erase(person=who)

    assert list(held(house)) == [other]


def test_a_sweep_leaves_nobody_in_memory(house: House) -> None:
    house.gate.may(person=house.person(), request=SUIT)
    house.gate.sweep()

    assert not held(house)


def test_no_more_are_remembered_than_there_is_room(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "SIZE", 2)
    people = [house.gate.new_person() for _ in range(4)]
    for person in people:
        house.gate.may(person=person, request=SUIT)

    assert list(held(house)) == people[2:]


def test_a_deed_of_another_process_is_seen(tmp_path: Path) -> None:
    clock = Clock()
    here, close = gate_on(tmp_path / "s.db", clock, [])
    who = here.new_person()
    here.consent(person=who, name="place", given=True)
    before = here.may(person=who, request=SUIT)
    other = open_store(tmp_path / "s.db", root_key=bytes(range(32)), now=clock)
    there = Gate(policy=POLICY, kernel=compile(POLICY, PARTIES), store=other, clock=clock, parties=PARTIES)
    there.consent(person=who, name="place", given=False)
    after = here.may(person=who, request=SUIT)
    other.close()
    close()

    assert before
    assert not after


def test_time_alone_ends_what_is_remembered(house: House) -> None:
    who = house.person()
    case = Request(Action.SHOW, "contact", "account", party="support")
    house.gate.event(person=who, name="last-use")
    house.gate.may(person=who, request=case)
    states = []
    for days in (0, 1, 200):
        house.clock.now += timedelta(days=days)
        house.gate.may(person=who, request=case)
        states.append("active" in held(house)[who].state.facts)

    assert states == [True, True, False]


def test_nobody_is_judged_without_memory(house: House) -> None:
    found = house.gate.may(person=None, request=Request(Action.USE, "place", "nothing"))

    assert isinstance(found, Unsaid)
    assert not held(house)
