"""One unmistakable person goes through every verb; after the erasure no byte of them is anywhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.gate.small import Clock, House, gate_on

from troth.gate import Gate

EMAIL, NEWER = "zyx-canary@wvu.example", "qpo-canary@wvu.example"
PHONE, NOTE, REASON, STAFF = "+4799887766", "marzipanfjord", "zibelthorn asked", "kverneland"
SAID = ("vassmyra", "gullfaks-44", "hjelmeland", "tidetale", "canary")
CANARIES = (EMAIL, NEWER, PHONE, NOTE, REASON, STAFF, *SAID)


def everything(gate: Gate, clock: Clock) -> int:
    """Plant the person through every verb that takes a value."""
    who = gate.new_person()
    gate.identify(person=who, kind="email", value=EMAIL, verified=True)
    gate.identify(person=who, kind="customer@lysverk", value="gullfaks-44")
    rid = gate.collect(
        person=who, data="contact", body={"email": EMAIL, "phone": PHONE}, purpose="account", source="person"
    )
    gate.collect(
        person=who, data="taste", body={"drink": "tea", "note": NOTE}, purpose="learn", source="person"
    )
    gate.collect(person=who, data="likes", body={"score": 0.5}, purpose="learn", source="derived")
    gate.collect(
        person=who,
        data="visit",
        body={"ip": "203.0.113.77", "page": f"https://a.example/x?who={NOTE}", "card": NOTE},
        purpose="serve",
        source="device",
    )
    gate.collect(
        person=who,
        data="ledger",
        body={"amount": "12.50 NOK", "remark": NOTE},
        purpose="books",
        source="device",
    )
    gate.consent(person=who, name="place", given=True, text="hjelmeland?", channel="web")
    gate.collect(person=who, data="place", body={"postcode": "vassmyra"}, purpose="suit", source="person")
    gate.receive(
        person=who,
        data="customer",
        body={"number": "gullfaks-44", "name": NOTE},
        purpose="account",
        member="lysverk",
        party="operator",
    )
    gate.raise_fact(person=who, name="due-credit", member="lysverk", by=STAFF)
    gate.raise_fact(person=who, name="case-open", by=STAFF)
    gate.disclose(person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk")
    gate.show(person=who, data="contact", purpose="account", role="support", reason=REASON, staff=STAFF)
    gate.read(person=who, data="taste", purpose="learn")
    assert list(gate.people_for(data="taste", purpose="learn"))
    gate.totals(data="taste", field="drink", purpose="insight")
    gate.correct(person=who, rid=rid, body={"email": NEWER})
    gate.object(person=who, purpose="learn")
    gate.object(person=who, purpose="serve", channel="tidetale")
    gate.decide_objection(person=who, purpose="serve", upheld=True, reason="tidetale", by=STAFF)
    gate.restrict(person=who, data="taste")
    gate.hold(person=who, fact="court", reason="tidetale", by=STAFF, approved_by="other")
    gate.release(person=who, fact="court", by=STAFF, reason="tidetale")
    asked = gate.ask(person=who, right="access", channel="tidetale")
    gate.extend(person=who, number=asked.number, reason="tidetale")
    gate.answer(person=who, number=asked.number, outcome="given", text="tidetale")
    gate.declare_age(person=who, years=34)
    gate.accept_notice(person=who)
    gate.event(person=who, name="request")
    gate.export(person=who)
    gate.overview()
    gate.forget_contact(person=who, kind="customer@lysverk", value="gullfaks-44")
    clock.now += timedelta(minutes=5)
    gate.close_account(person=who)
    return who


def test_after_an_erasure_no_byte_of_the_person_is_left_nor_comes_back_with_an_older_file(
    house: House, tmp_path: Path, found: Callable[[str], list[str]]
) -> None:
    who = everything(house.gate, house.clock)
    house.gate._house.store.close()
    shutil.copy(tmp_path / "s.db", tmp_path / "older")
    gate, close = gate_on(tmp_path / "s.db", house.clock, house.sent)
    receipt = gate.erase(person=who)
    gate.sweep()

    assert [s.data for s in receipt.stays] == ["ledger.amount"]
    assert [c for c in CANARIES if found(c)] == []
    close()

    for leftover in tmp_path.glob("s.db-*"):
        leftover.unlink()
    shutil.move(tmp_path / "older", tmp_path / "s.db")
    gate, close = gate_on(tmp_path / "s.db", house.clock, house.sent)
    gate.sweep()
    back = gate.access(person=who)

    assert {h.data for h in back.held} <= {"gdpr:events", "ledger"}
    assert gate.find(kind="email", value=NEWER) is None
    assert [c for c in CANARIES if found(c)] == []
    assert gate.verify() == []
    close()


def test_before_the_erasure_no_byte_lies_open_either(house: House, found: Callable[[str], list[str]]) -> None:
    everything(house.gate, house.clock)

    assert [c for c in CANARIES if found(c)] == []
