"""Turns at the gate: masked before anything else, apart from their person, and gone when they should be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.agents.served import House, North

from troth.gate.converse import Ask
from troth.gate.converse_mask import NotMasked
from troth.gate.errors import NoRecord
from troth.scrub import Vault
from troth.services import replies
from troth.terms import Refused, TrothError

RAW = ("Kari Nordmann", "kari.nordmann@example.no", "4111 1111 1111 1111")
TYPED = "I am Kari Nordmann, kari.nordmann@example.no, card 4111 1111 1111 1111. Descaling?"


def said(house: House, person: int | None, text: str = TYPED, **more: Any) -> str:
    """Have one turn with the helper, and return what its author reads."""
    agent = house.company.agents[more.pop("agent", "helper")]
    vault = more.pop("vault", Vault("author"))
    outside: dict[str, Any] = {"party": "model", "model": "north"} if agent.upstream != "built-in" else {}
    reply = None if outside else replies(agent, lambda found: None)
    ask = Ask(agent.data, agent.purpose, text, person, agent.name, reply=reply, **outside, **more)
    return "".join(house.company.gate.converse(ask=ask, vault=vault).chunks)


def test_a_turn_is_stored_masked_and_no_file_has_what_was_typed(house: House) -> None:
    person = house.member()
    told = said(house, person)
    (turn,) = house.stored(person)

    assert "Press R twice" in told
    assert turn["input"] == "I am [PERSON_1], [EMAIL_1], card [CARD_1]. Descaling?"
    assert "Press R twice" in turn["output"]
    assert [name for raw in RAW for name in house.on_disk(raw)] == []


def test_a_turn_lies_under_a_random_person_whom_the_known_one_does_not_name(house: House) -> None:
    person = house.member()
    said(house, person)
    gate, store = house.company.gate, house.company.gate._house.store
    mine = {r.data for r in store.records(person=person)}
    others = [p for p in store.persons(area="apart")]
    theirs = [r for r in store.records(person=others[0]) if r.data == "chat"]

    assert "chat" not in mine
    assert len(theirs) == 1
    assert gate.tag(person=person) not in str(theirs)
    assert "kari" not in str([r.body for r in store.records(person=others[0])])


def test_one_person_has_one_talker_and_two_persons_never_share_it(house: House) -> None:
    for mail in ("kari@example.no", "ola@example.no"):
        person = house.member(mail)
        said(house, person, "How do I cancel my membership?")
        said(house, person, "What about the warranty?")

    assert len(list(house.company.gate._house.store.persons(area="apart"))) == 2


def test_erasing_the_person_erases_what_lies_apart(house: House) -> None:
    person = house.member()
    said(house, person)
    store = house.company.gate._house.store
    (apart,) = store.persons(area="apart")
    house.company.gate.erase(person=person)

    assert [r for r in store.records(person=apart) if r.body is not None] == []
    assert house.company.gate.verify() == []


def test_erasing_what_lies_apart_cuts_the_link_and_leaves_the_person(house: House) -> None:
    person = house.member()
    said(house, person)
    gate = house.company.gate
    (apart,) = gate._house.store.persons(area="apart")
    gate.erase(person=apart)

    assert house.stored(person) == []
    assert gate.exists(person=person)
    with pytest.raises(NoRecord):
        gate.forget_talk(person=person, data="chat")


def test_a_single_chat_is_deleted_and_the_others_stay(house: House) -> None:
    person = house.member()
    said(house, person, "How do I descale the machine?", number="c-1")
    said(house, person, "What is the warranty of the machine?", number="c-2")
    gone = house.company.gate.forget_talk(person=person, data="chat", number="c-1")

    assert (gone.turns, gone.talks) == (1, 1)
    assert [t["conversation"] for t in house.stored(person)] == ["c-2"]


def test_a_stored_turn_can_be_taken_out_from_the_persons_own_page(house: House) -> None:
    person = house.member()
    said(house, person)
    gate = house.company.gate
    (held,) = [h for h in gate.access(person=person).held if h.data == "chat"]
    gate.remove(person=person, rid=held.rid)

    assert house.stored(person) == []


def test_the_copy_holds_what_lies_apart_and_the_day_it_goes(house: House) -> None:
    person = house.member()
    said(house, person)
    (turn,) = [r for r in house.company.gate.export(person=person)["records"] if r["data"] == "chat"]

    assert turn["values"]["input"].startswith("I am [PERSON_1]")
    assert turn["goes"].startswith("2026-04-02")


def test_a_turn_goes_on_its_day(house: House) -> None:
    person = house.member()
    said(house, person)
    house.turn(days=31)
    house.company.gate.sweep()

    assert house.stored(person) == []


def test_an_objection_reaches_what_lies_apart(house: House) -> None:
    person = house.member()
    said(house, person)
    house.company.gate.object(person=person, purpose="answer")
    with pytest.raises(Refused):
        said(house, person)
    (turn,) = [h for h in house.company.gate.access(person=person).held if h.data == "chat"]

    assert turn.stopped == ("answer",)


def test_a_case_lets_support_look_and_the_person_sees_that_they_did(house: House) -> None:
    person = house.member()
    said(house, person)
    gate = house.company.gate
    (apart,) = gate._house.store.persons(area="apart")
    with pytest.raises(Refused):
        gate.show(person=apart, data="chat", purpose="answer", role="support")
    gate.raise_fact(person=person, name="case-open")
    shown = gate.show(person=apart, data="chat", purpose="answer", role="support")
    looked = [d for d in gate.access(person=person).disclosures if d.kind == "show"]

    assert len(shown) == 1
    assert [(d.party, d.data) for d in looked] == [("support", ("chat",))]


def test_a_scrubber_that_fails_lets_nothing_pass(
    house: House, model: tuple[North, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> object:
        raise RuntimeError("I am Kari Nordmann")

    person = house.member()
    monkeypatch.setattr("troth.gate.converse_mask.scrub", broken)
    with pytest.raises(NotMasked, match=r"could not be masked \(RuntimeError\)"):
        said(house, person, agent="sage")

    assert house.stored(person) == []
    assert model[0].heard == []


def test_the_model_outside_hears_the_masked_text_and_its_answer_comes_back_whole(
    house: House, model: tuple[North, str]
) -> None:
    person = house.member()
    told = said(house, person, agent="sage", instructions="Be brief.")
    (headers, body), *more = model[0].heard

    assert told == "Hello Kari Nordmann, I wrote to kari.nordmann@example.no."
    assert [raw for raw in RAW if raw in body or raw in str(headers)] == []
    assert "I am [PERSON_1], [EMAIL_1], card [CARD_1]" in body
    assert "Be brief." in body
    assert headers["Authorization"] == "Bearer sk-north-secret"
    assert str(person) not in body
    assert more == []
    assert house.stored(person)[0]["output"] == "Hello [PERSON_1], I wrote to [EMAIL_1]."


def test_what_went_to_the_model_stands_in_the_evidence_and_on_the_persons_page(
    house: House, model: tuple[North, str]
) -> None:
    person = house.member()
    said(house, person, agent="sage")
    (sent,) = [d for d in house.company.gate.access(person=person).disclosures if d.kind == "share"]

    assert (sent.party, sent.data, sent.purpose) == ("model", ("chat.input",), "answer")
    assert "Kari" not in str(list(house.company.gate.entries()))


@pytest.mark.parametrize("how", ["status", "half"])
def test_a_model_that_fails_stores_nothing(house: House, model: tuple[North, str], how: str) -> None:
    model[0].fails = how
    person = house.member()
    with pytest.raises(TrothError, match="did not answer"):
        said(house, person, agent="sage")

    assert house.stored(person) == []


def test_a_temporary_turn_leaves_nothing_but_that_something_was_shared(
    house: House, model: tuple[North, str]
) -> None:
    person = house.member()
    said(house, person, agent="sage", temporary=True)
    store = house.company.gate._house.store
    entries = [e for e in house.company.gate.entries() if e.kind == "shared in passing"]

    assert house.stored(person) == []
    assert list(store.persons(area="apart")) == []
    assert len(entries) == 1
    assert [leaf for leaf in store.trail(person=person) if leaf.kind == "shared in passing"] == []


def test_a_free_text_of_a_scrubbed_category_is_masked_at_every_door(house: House) -> None:
    gate, person = house.company.gate, house.company.gate.new_person()
    body = {"input": TYPED, "output": "ok"}
    rid = gate.collect(person=person, data="chat", body=body, purpose="answer", source="person")
    gate.correct(person=person, rid=rid, body={"input": "ring +47 912 34 567"})
    (held,) = [h for h in gate.access(person=person).held if h.data == "chat"]

    assert held.body["input"] == "ring [PHONE_1]"
    assert [name for raw in RAW for name in house.on_disk(raw)] == []


AGREED = (
    (
        'on legitimate interest "answer whoever asks"  assessed 2026-01-01, again by 2030-01-01',
        "on consent talk",
    ),
    ("  objection honoured\n", ""),
    ("keep chat 30 days after collected", 'keep chat while active, then 30 days\nconsent talk "May we?"'),
    ("[30 days](keep:chat) after it was asked", "[30 days](keep:chat) after"),
)


def test_a_consent_taken_back_takes_along_what_lies_apart(tmp_path: Path) -> None:
    house = House(tmp_path, words=AGREED)
    gate, person = house.company.gate, house.member()
    with pytest.raises(Refused):
        said(house, person)
    gate.consent(person=person, name="talk", given=True)
    said(house, person)
    before = house.stored(person)
    gate.consent(person=person, name="talk", given=False)
    after = house.stored(person)
    house.company.close()

    assert len(before) == 1
    assert after == []


def test_what_a_crash_kept_from_what_lies_apart_reaches_it_when_the_person_looks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = house.member()
    said(house, person)
    gate = house.company.gate
    house.turn(days=1)
    with monkeypatch.context() as crash:
        crash.setattr("troth.gate.converse_link.talker_of", lambda house, person: None)
        gate.restrict(person=person)
    (held,) = [h for h in gate.access(person=person).held if h.data == "chat"]
    (apart,) = gate._house.store.persons(area="apart")
    gate.raise_fact(person=person, name="case-open")
    with pytest.raises(Refused):
        gate.show(person=apart, data="chat", purpose="answer", role="support")

    assert held.body["input"].startswith("I am [PERSON_1]")


def test_a_use_of_the_service_moves_the_day_of_what_lies_apart(tmp_path: Path) -> None:
    house = House(tmp_path, words=AGREED)
    gate, person = house.company.gate, house.member()
    gate.consent(person=person, name="talk", given=True)
    said(house, person)
    (open_,) = [h for h in gate.access(person=person).held if h.data == "chat"]
    house.turn(days=60)
    gate.event(person=person, name="last-use")
    (later,) = [h for h in gate.access(person=person).held if h.data == "chat"]
    house.company.close()

    assert open_.due is not None
    assert later.due is not None
    assert (later.due - open_.due).days in range(59, 63)
