"""What a person can do: agree and take back, object, hold, correct, look, ask, and go."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.gate.small import House

from troth.gate import BadBody, GateError, Nobody, NotYours, Stays, Unknown
from troth.terms import Action, Refused, Request

ROOT = Path(__file__).parents[2]
SEES = Request(Action.USE, "taste", "learn")


def kept(house: House, who: int) -> set[str]:
    """Return the categories of what is held, without the gate's own."""
    return {h.data for h in house.gate.access(person=who).held} - {"gdpr:events", "log"}


def tasted(house: House, who: int) -> int:
    rid = house.gate.collect(
        person=who, data="taste", body={"drink": "tea"}, purpose="learn", source="person"
    )
    house.gate.collect(person=who, data="likes", body={"score": 0.5}, purpose="learn", source="derived")
    return rid


def test_a_consent_taken_back_takes_what_rested_on_it_at_once(house: House) -> None:
    who = house.person()
    house.gate.consent(person=who, name="place", given=True, text="May we?")
    house.gate.collect(person=who, data="place", body={"postcode": "0264"}, purpose="suit", source="person")
    house.gate.consent(person=who, name="place", given=False)

    assert "place" not in kept(house, who)
    assert house.gate.access(person=who).consents() == {"place": False}
    assert house.gate.access(person=who).acts[0].text == "May we?"


def test_a_consent_for_one_member_is_no_consent_for_another(house: House) -> None:
    who = house.person()
    house.gate.consent(person=who, name="news", given=True, member="bryggen")

    def news(member: str) -> bool:
        return bool(house.gate.may(person=who, request=Request(Action.USE, "contact", "news", member=member)))

    assert (news("bryggen"), news("other")) == (True, False)
    with pytest.raises(BadBody, match="name the member"):
        house.gate.consent(person=who, name="news", given=True)
    with pytest.raises(Unknown, match="consent 'tips'"):
        house.gate.consent(person=who, name="tips", given=True)


def test_an_objection_stops_the_use_at_once_and_takes_what_was_derived(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.gate.object(person=who, purpose="learn")

    assert kept(house, who) == {"contact", "taste"}
    with pytest.raises(Refused, match="objection to learn lifted"):
        house.gate.read(person=who, data="taste", purpose="learn")


def test_a_general_no_to_marketing_ends_it_until_a_later_yes(house: House) -> None:
    who = house.person()
    asked = Request(Action.USE, "contact", "news", member="bryggen")
    house.gate.consent(person=who, name="news(bryggen)", given=True)
    house.clock.now += timedelta(minutes=1)
    house.gate.object(person=who, purpose="direct marketing")
    no = house.gate.may(person=who, request=asked)
    house.clock.now += timedelta(minutes=1)
    house.gate.consent(person=who, name="news(bryggen)", given=True)

    assert not no
    assert house.gate.may(person=who, request=asked)


def test_a_weighed_objection_stands_until_it_is_decided(house: House) -> None:
    who = house.person()
    asked = house.gate.object(person=who, purpose="serve")
    serves = Request(Action.USE, "visit", "serve")
    before = bool(house.gate.may(person=who, request=serves))
    with pytest.raises(GateError, match="compelling grounds are written down"):
        house.gate.decide_objection(person=who, purpose="serve", upheld=False, reason="needed", by="anna")
    reason = "without these facts no page can be drawn for anybody"
    house.gate.decide_objection(person=who, purpose="serve", upheld=False, reason=reason, by="anna")

    assert asked is not None
    assert asked.due.astimezone(UTC).date().isoformat() == "2026-04-02"
    assert (before, bool(house.gate.may(person=who, request=serves))) == (False, True)


def test_an_objection_that_is_honoured_is_never_weighed(house: House) -> None:
    who = house.person()
    house.gate.object(person=who, purpose="learn")

    with pytest.raises(GateError, match="honoured"):
        house.gate.decide_objection(person=who, purpose="learn", upheld=False, reason="x " * 9, by="anna")


def test_nobody_is_found_by_a_contact_that_is_gone_or_was_put_right(house: House) -> None:
    who = house.person()
    found = house.gate.access(person=who).held
    rid = next(h.rid for h in found if h.data == "contact")
    house.gate.correct(person=who, rid=rid, body={"email": "new@example.no"})

    assert house.gate.find(kind="email", value="kari@example.no") is None


def test_a_restriction_keeps_what_was_derived_as_well(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.gate.restrict(person=who)

    assert "likes" in kept(house, who)


def test_closing_ends_consents_and_is_final(house: House) -> None:
    who = house.person()
    house.gate.declare_age(person=who, years=34)
    house.gate.consent(person=who, name="place", given=True)
    house.gate.close_account(person=who)
    closed = house.gate.closed(person=who)
    house.clock.now += timedelta(days=1)
    house.gate.event(person=who, name="last-use")

    assert house.gate.access(person=who).consents()["place"] is False
    assert house.gate.closed(person=who) == closed


def test_a_date_is_moved_by_what_happened_and_not_ahead_of_it(house: House) -> None:
    who = house.person()

    with pytest.raises(GateError, match="has not happened yet"):
        house.gate.event(person=who, name="last-use", at=house.clock.now + timedelta(days=9))


def test_a_restriction_stops_use_and_not_keeping(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.gate.restrict(person=who)
    no = house.gate.may(person=who, request=SEES)
    house.gate.restrict(person=who, on=False)

    assert not no
    assert "taste" in kept(house, who)
    assert house.gate.read(person=who, data="taste", purpose="learn")[0].body == {"drink": "tea"}


def test_who_got_an_old_value_hears_of_the_new_one(house: House) -> None:
    who = house.person()
    house.gate.raise_fact(person=who, name="due-credit", member="lysverk")
    house.gate.disclose(
        person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk"
    )
    (contact,) = [h for h in house.gate.access(person=who).held if h.data == "contact"]
    house.gate.correct(person=who, rid=contact.rid, body={"email": "new@example.no"})

    assert [d.kind for d in house.sent] == ["share", "correction"]
    assert house.sent[1].body["contact.email"] == "new@example.no"
    assert house.sent[1].permit is not None


def test_who_may_no_longer_get_the_value_hears_only_that_it_changed(house: House) -> None:
    who = house.person()
    house.gate.raise_fact(person=who, name="due-credit", member="lysverk")
    house.gate.disclose(
        person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk"
    )
    house.clock.now += timedelta(minutes=1)
    house.gate.lower_fact(person=who, name="due-credit", member="lysverk")
    (contact,) = [h for h in house.gate.access(person=who).held if h.data == "contact"]
    house.gate.correct(person=who, rid=contact.rid, body={"email": "new@example.no"})

    assert (house.sent[1].permit, house.sent[1].body) == (None, {"corrected": ["contact.email"]})


def test_what_did_not_come_from_the_person_is_not_theirs_to_rewrite(house: House) -> None:
    who = house.person()
    rid = house.gate.collect(
        person=who, data="ledger", body={"amount": "12.50 NOK"}, purpose="books", source="device"
    )

    with pytest.raises(NotYours, match="'ledger' came from device"):
        house.gate.correct(person=who, rid=rid, body={"amount": "99 NOK"})
    with pytest.raises(Stays, match=r"Art. 17\(3\)\(b\)"):
        house.gate.remove(person=who, rid=rid)


def test_one_item_can_be_taken_out_and_a_held_one_says_why_it_stays(house: House) -> None:
    who = house.person()
    first, second = tasted(house, who), tasted(house, who)
    house.gate.remove(person=who, rid=first)
    house.gate.hold(person=who, fact="court", reason="case 7", by="anna", approved_by="ola")

    with pytest.raises(Stays, match="court ends"):
        house.gate.remove(person=who, rid=second)

    assert [h.rid for h in house.gate.access(person=who).held if h.data == "taste"] == [second]


def test_a_fact_that_two_must_approve_is_raised_by_two(house: House) -> None:
    who = house.person()

    with pytest.raises(GateError, match="another judge"):
        house.gate.hold(person=who, fact="court", reason="case 7", by="anna", approved_by="anna")


def test_a_hold_stops_the_clock_and_lets_it_run_again(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.clock.now += timedelta(minutes=1)
    house.gate.close_account(person=who)
    house.gate.hold(person=who, fact="court", reason="case 7", by="anna", approved_by="ola")
    during = house.goes(who, "taste")
    house.clock.now += timedelta(days=10)
    house.gate.release(person=who, fact="court", by="anna")

    assert during is None
    assert str(house.goes(who, "taste")) == "2026-04-12 00:00:00+02:00"


def test_closing_the_account_stops_uses_and_sets_the_last_day(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.clock.now += timedelta(minutes=1)
    house.gate.close_account(person=who)
    found = house.gate.access(person=who)

    assert found.closed == house.clock.now
    assert str(house.goes(who, "taste")) == "2026-04-02 00:00:00+02:00"
    assert all(h.restricted for h in found.held if h.data in ("contact", "taste"))
    with pytest.raises(Refused, match="restriction lifted"):
        house.gate.read(person=who, data="taste", purpose="learn")


def test_a_request_has_a_number_and_a_date_and_is_put_off_once(house: House) -> None:
    who = house.person()
    asked = house.gate.ask(person=who, right="access")
    later = house.gate.extend(person=who, number=asked.number, reason="many")
    done = house.gate.answer(person=who, number=asked.number, outcome="given", text="here it is")

    assert asked.due == datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert later.due == datetime(2026, 6, 2, 22, tzinfo=UTC)
    assert (done.outcome, done.answered) == ("given", house.clock.now)
    assert "cases" not in kept(house, who)  # told as a request, not as a record
    with pytest.raises(GateError, match="put off before"):
        house.gate.extend(person=who, number=asked.number, reason="again")


def test_a_request_is_kept_from_the_day_it_was_answered(house: House) -> None:
    who = house.person()
    asked = house.gate.ask(person=who, right="access")
    house.gate.answer(person=who, number=asked.number, outcome="given")
    cases = [day for day, data, _ in house.gate.forecast() if data == "cases"]

    assert [str(day.date()) for day in cases] == ["2029-03-03"]


def test_the_copy_holds_everything_and_the_portable_part_only_what_was_given(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.gate.consent(person=who, name="place", given=True)
    copy = house.gate.export(person=who)

    assert {r["data"] for r in copy["records"]} >= {"contact", "taste", "likes"}
    assert [r["data"] for r in copy["portable"]] == ["contact", "taste"]
    assert [a["name"] for a in copy["acts"]] == ["place"]
    assert json.dumps(copy)


def test_erasing_takes_all_but_what_a_law_keeps_and_says_which_until_when(house: House) -> None:
    who = house.person()
    tasted(house, who)
    house.gate.collect(
        person=who,
        data="ledger",
        body={"amount": "12.50 NOK", "remark": "for Kari"},
        purpose="books",
        source="device",
    )
    receipt = house.gate.erase(person=who)
    (ledger,) = [h for h in house.gate.access(person=who).held if h.data == "ledger"]

    assert [(s.data, s.because, str(s.until)) for s in receipt.stays] == [
        ("ledger.amount", "Bookkeeping Act", "2032-01-01 00:00:00+01:00")
    ]
    assert (ledger.body, ledger.restricted) == ({"amount": "12.50 NOK"}, True)
    assert kept(house, who) == {"ledger"}
    assert house.gate.find(kind="email", value="kari@example.no") is None
    with pytest.raises(Nobody):
        house.gate.collect(person=who, data="taste", body={}, purpose="learn", source="person")


def test_the_receipt_is_checked_by_a_stranger(house: House, tmp_path: Path) -> None:
    who = house.person()
    receipt = house.gate.erase(person=who)
    paper = tmp_path / "receipt.json"
    paper.write_text(json.dumps(dict(receipt.evidence)))
    done = subprocess.run(
        [sys.executable, ROOT / "verify_evidence.py", paper], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "erased" in done.stdout


def test_who_got_the_data_hears_of_the_erasure_and_stands_on_the_receipt(house: House) -> None:
    who = house.person()
    house.gate.raise_fact(person=who, name="due-credit", member="lysverk")
    house.gate.disclose(
        person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk"
    )
    receipt = house.gate.erase(person=who)

    assert receipt.told == ("Lysverk",)
    assert (house.sent[-1].kind, house.sent[-1].body["erased"]) == ("erasure", ["contact.email"])


def test_whoever_asked_for_silence_and_comes_back_hears_no_marketing_until_they_agree(house: House) -> None:
    house.gate.erase(person=house.person())
    again = house.person("Kari@Example.no")
    asked = Request(Action.USE, "contact", "news", member="bryggen")
    silent = house.gate.access(person=again).objections
    house.clock.now += timedelta(minutes=1)
    house.gate.consent(person=again, name="news(bryggen)", given=True)

    assert silent == {"direct marketing"}
    assert house.gate.may(person=again, request=asked)


def test_a_child_is_erased_when_found_and_no_mark_is_left(house: House) -> None:
    who = house.person()
    receipt = house.gate.declare_age(person=who, years=12)

    assert receipt is not None
    assert not house.gate.exists(person=who)
    assert not house.gate.silenced(kind="email", value="kari@example.no")


def test_an_age_grows_by_the_years_since_it_was_declared(house: House) -> None:
    who = house.person()
    house.gate.declare_age(person=who, years=15)
    house.clock.now += timedelta(days=100)
    house.gate.event(person=who, name="last-use")
    first = house.gate.access(person=who).age
    house.clock.now = house.clock.now.replace(month=3, day=2, year=2027)

    assert (first, house.gate.access(person=who).age) == (15, 16)
