"""The sweep takes what is due when it is due, and whoever has nothing left is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.gate.small import PARTIES, POLICY, START, Clock, House

from troth.gate import Gate
from troth.kernel import compile
from troth.policy.model import Consent, Keep, Policy, Purpose, Span
from troth.store import open as open_store


def tasted(house: House) -> int:
    who = house.person()
    house.gate.collect(person=who, data="taste", body={"drink": "tea"}, purpose="learn", source="person")
    return who


def changed(path: Path, policy: Policy) -> House:
    """Open the small company with another document, on its own store."""
    clock = Clock()
    store = open_store(path, root_key=bytes(range(32)), now=clock)
    gate = Gate(policy=policy, kernel=compile(policy, PARTIES), store=store, clock=clock, parties=PARTIES)
    return House(gate, clock)


def test_what_is_due_and_not_swept_yet_is_answered_as_gone(house: House) -> None:
    who = tasted(house)
    house.clock.now += timedelta(days=400)

    assert house.gate.read(person=who, data="taste", purpose="learn") == ()
    assert [h.data for h in house.gate.access(person=who).held] == ["gdpr:events"]


def test_nothing_wakes_what_was_due(house: House) -> None:
    who = tasted(house)
    house.clock.now += timedelta(days=400)
    house.gate.event(person=who, name="last-use")

    assert [h.data for h in house.gate.access(person=who).held] == ["gdpr:events"]


def test_whoever_has_nothing_left_is_forgotten_with_their_contact(house: House) -> None:
    who = tasted(house)
    house.clock.now += timedelta(days=400)
    swept = house.gate.sweep()

    assert (swept.records, swept.people) == (2, 1)
    assert not house.gate.exists(person=who)
    assert house.gate.find(kind="email", value="kari@example.no") is None
    assert swept.told >= 2


def test_somebody_who_has_just_come_in_is_not_forgotten_before_a_day_is_over(house: House) -> None:
    who = house.gate.new_person()
    house.clock.now += timedelta(hours=23)
    early = house.gate.sweep().people
    house.clock.now += timedelta(hours=2)

    assert (early, house.gate.sweep().people) == (0, 1)
    assert not house.gate.exists(person=who)


def test_fields_end_apart(house: House) -> None:
    who = house.person()
    body = {"amount": "12.50 NOK", "remark": "soon gone"}
    house.gate.collect(person=who, data="ledger", body=body, purpose="books", source="device")
    house.clock.now = house.clock.now.replace(year=2027, month=4)
    house.gate.sweep()
    (ledger,) = [h for h in house.gate.access(person=who).held if h.data == "ledger"]

    assert ledger.body == {"amount": "12.50 NOK"}
    assert str(ledger.due) == "2032-01-01 00:00:00+01:00"


def test_a_consent_that_runs_out_takes_its_data_on_its_last_day(tmp_path: Path) -> None:
    statements = tuple(
        replace(s, lasts=Span(1, "month")) if isinstance(s, Consent) and s.name == "place" else s
        for s in POLICY.statements
    )
    house = changed(tmp_path / "s.db", replace(POLICY, statements=statements))
    who = house.person()
    house.gate.consent(person=who, name="place", given=True)
    house.gate.collect(person=who, data="place", body={"postcode": "0264"}, purpose="suit", source="person")

    assert str(house.goes(who, "place")) == "2026-04-03 00:00:00+02:00"


def test_an_interest_that_is_not_weighed_again_takes_its_data_on_that_day(tmp_path: Path) -> None:
    def lapsing(purpose: Purpose) -> Purpose:
        bases = tuple(replace(b, again_by=date(2026, 3, 20)) if b.again_by else b for b in purpose.bases)
        return replace(purpose, bases=bases)

    statements = tuple(lapsing(s) if isinstance(s, Purpose) else s for s in POLICY.statements)
    house = changed(tmp_path / "s.db", replace(POLICY, statements=statements))
    who = tasted(house)

    assert str(house.goes(who, "taste")) == "2026-03-20 00:00:00+01:00"
    assert str(house.goes(who, "contact")) == "2026-10-03 00:00:00+02:00"


def test_a_yes_is_kept_as_long_as_something_rests_on_it(house: House) -> None:
    who = house.gate.new_person()
    house.gate.consent(person=who, name="place", given=True)
    house.gate.collect(person=who, data="place", body={"postcode": "0264"}, purpose="suit", source="person")
    days = {data: day for day, data, _ in house.gate.forecast()}

    assert days["acts"] >= days["place"]


def test_a_changed_document_moves_the_dates_of_what_is_held(house: House) -> None:
    who = tasted(house)
    longer = tuple(
        replace(s, then_span=Span(60, "day")) if isinstance(s, Keep) and s.then_span == Span(30, "day") else s
        for s in POLICY.statements
    )
    policy = replace(POLICY, statements=longer)
    store = house.gate._house.store
    gate = Gate(
        policy=policy, kernel=compile(policy, PARTIES), store=store, clock=house.clock, parties=PARTIES
    )
    gate.retime()

    assert gate.forecast()[0][0].date() == date(2026, 11, 2)
    assert len(gate.access(person=who).held) == 3


def test_a_sweep_does_not_run_ahead_of_the_clock(house: House) -> None:
    with pytest.raises(ValueError, match="ahead of the clock"):
        house.gate.sweep(now=START + timedelta(days=1))


def test_a_visit_ends_by_itself_and_the_next_one_does_not_move_it(house: House) -> None:
    who = house.person()
    house.gate.event(person=who, name="first-request")
    house.gate.event(person=who, name="request")
    house.gate.collect(person=who, data="visit", body={"page": "/a"}, purpose="serve", source="device")
    house.clock.now += timedelta(days=6)
    house.gate.event(person=who, name="request")
    house.gate.collect(person=who, data="visit", body={"page": "/b"}, purpose="serve", source="device")
    visits = [h.due for h in house.gate.access(person=who).held if h.data == "visit"]

    assert [str(v and v.date()) for v in visits] == ["2026-04-02", "2026-04-08"]


def test_an_event_log_stays_short_however_often_somebody_comes(house: House) -> None:
    who = house.person()
    for _ in range(40):
        house.clock.now += timedelta(minutes=7)
        house.gate.event(person=who, name="request")
    log = house.gate.access(person=who).held[0].body["log"]

    assert isinstance(log, dict)
    assert len(log["request"]) < 25
