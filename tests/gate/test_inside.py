"""Sight inside the house and disclosure outside it: only what is opened, and each time written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.gate.small import House

from troth.gate import BadBody, Delivery, Unknown
from troth.terms import Form, Refused


def test_a_role_sees_what_the_document_opens_while_it_is_open(house: House) -> None:
    who = house.person()
    ask = {"person": who, "data": "contact", "purpose": "account", "role": "support"}
    with pytest.raises(Refused, match="fact case-open"):
        house.gate.show(**ask, reason="ticket", staff="anna")  # type: ignore[arg-type]
    house.gate.raise_fact(person=who, name="case-open")
    seen = house.gate.show(**ask, reason="she wrote", staff="anna")  # type: ignore[arg-type]
    told = house.gate.access(person=who)
    (trail,) = [h.body for h in told.held if h.data == "log"]

    assert seen[0].body == {"email": "kari@example.no"}
    assert [(d.kind, d.party, d.data) for d in told.disclosures] == [("show", "support", ("contact",))]
    assert trail["reason"] == "she wrote"
    assert "staff" not in trail
    assert "anna" not in str([e.detail for e in house.gate.entries()])


def test_only_what_the_door_passes_goes_out_and_one_of_several_is_one(house: House) -> None:
    who = house.person()
    house.gate.raise_fact(person=who, name="due-credit", member="lysverk")
    send = {"person": who, "party": "operator", "purpose": "account", "member": "lysverk"}
    gone = house.gate.disclose(data=["contact.email"], extra={"order": "7"}, **send)  # type: ignore[arg-type]

    assert gone.body == {"contact.email": "kari@example.no", "order": "7"}
    assert house.sent == [gone]
    with pytest.raises(BadBody, match="only one of"):
        house.gate.disclose(data=["contact.email", "contact.phone"], **send)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        house.gate.disclose(data=["taste.drink"], **send)  # type: ignore[arg-type]
    with pytest.raises(Unknown, match="operator 'kraft'"):
        house.gate.disclose(data=["contact.email"], **{**send, "member": "kraft"})  # type: ignore[arg-type]


def test_a_fact_raised_for_one_member_opens_no_door_to_another(house: House) -> None:
    who = house.person()

    with pytest.raises(Refused, match=r"fact due-credit\(lysverk\)"):
        house.gate.disclose(
            person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk"
        )


def test_what_the_carrier_does_not_take_leaves_no_evidence(house: House) -> None:
    who = house.person()
    house.gate.raise_fact(person=who, name="due-credit", member="lysverk")

    class Broken(list[Delivery]):
        def append(self, delivery: Delivery) -> None:
            raise OSError("the line is down")

    object.__setattr__(house.gate._house, "post", Broken().append)
    with pytest.raises(OSError, match="down"):
        house.gate.disclose(
            person=who, data=["contact.email"], party="operator", purpose="account", member="lysverk"
        )

    assert house.gate.access(person=who).disclosures == ()
    assert house.gate.verify() == []


def crowd(house: House, **drinks: int) -> None:
    for drink, people in drinks.items():
        for n in range(people):
            who = house.person(f"{drink}{n}@example.no")
            house.gate.collect(
                person=who, data="taste", body={"drink": drink}, purpose="learn", source="person"
            )


def test_small_groups_are_not_told_and_cannot_be_worked_out(house: House) -> None:
    crowd(house, tea=5, coffee=4, cocoa=1)

    assert house.gate.totals(data="taste", field="drink", purpose="insight") == (("tea", 5),)
    assert house.gate.totals(data="taste", field="note", purpose="insight") == ()


def test_whoever_objects_is_not_counted(house: House) -> None:
    crowd(house, tea=3)
    who = house.gate.find(kind="email", value="tea0@example.no")
    assert who is not None
    house.gate.object(person=who, purpose="insight")

    assert house.gate.totals(data="taste", field="drink", purpose="insight") == ()


def test_bulk_use_skips_whoever_said_no_and_is_counted_once(house: House) -> None:
    crowd(house, tea=3)
    who = house.gate.find(kind="email", value="tea0@example.no")
    assert who is not None
    house.gate.object(person=who, purpose="learn")
    found = list(house.gate.people_for(data="taste", purpose="learn"))
    last = list(house.gate.entries())[-1]

    assert len(found) == 2
    assert {tag for tag, _ in found} < {tag for tag, _ in house.gate.overview().people}
    assert (last.kind, last.detail["people"]) == ("used in bulk", 2)


def test_pseudonyms_differ_from_call_to_call(house: House) -> None:
    crowd(house, tea=1)
    first = {t for t, _ in house.gate.people_for(data="taste", purpose="learn", form=Form.PSEUDONYMOUS)}
    house.clock.now += timedelta(seconds=1)
    second = {t for t, _ in house.gate.people_for(data="taste", purpose="learn", form=Form.PSEUDONYMOUS)}

    assert first.isdisjoint(second)


def test_only_declared_counts_of_plain_words_are_kept(house: House) -> None:
    house.gate.count(counter="arrivals", dims={"flow": "summer", "hour": "2026-03-02T10"})

    assert house.gate.counts(counter="arrivals") == (({"flow": "summer", "hour": "2026-03-02T10"}, 1),)
    with pytest.raises(BadBody):
        house.gate.count(counter="arrivals", dims={"flow": "kari@example.no", "hour": "1"})
    with pytest.raises(BadBody):
        house.gate.count(counter="arrivals", dims={"flow": "summer"})
    with pytest.raises(Unknown):
        house.gate.count(counter="people", dims={})


def test_rows_of_one_person_each_are_never_given_as_anonymous(house: House) -> None:
    house.person()

    with pytest.raises(Refused, match="totals in the place of rows"):
        list(house.gate.people_for(data="taste", purpose="learn", form=Form.ANONYMOUS))
