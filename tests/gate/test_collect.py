"""What comes in at the door: only what a rule lets in, in the form the document promises."""

from __future__ import annotations

import pytest
from tests.gate.small import House

from troth.gate import BadBody, Nobody, Unknown
from troth.terms import Refused, RefusedBy


def test_what_no_rule_lets_in_is_refused_and_nothing_is_kept(house: House) -> None:
    who = house.person()
    before = len(list(house.gate.entries()))

    with pytest.raises(Refused, match="no rule speaks of it"):
        house.gate.collect(person=who, data="taste", body={"drink": "tea"}, purpose="news", source="person")

    assert [h.data for h in house.gate.access(person=who).held if h.data == "taste"] == []
    assert len(list(house.gate.entries())) == before


def test_a_refusal_names_the_clause_and_the_smallest_change(house: House) -> None:
    who = house.person()

    with pytest.raises(Refused) as no:
        house.gate.collect(
            person=who, data="place", body={"postcode": "0264"}, purpose="suit", source="person"
        )

    assert isinstance(no.value.decision, RefusedBy)
    assert no.value.decision.missing == ("consent place",)
    assert no.value.decision.clauses[0].ref == "4"


@pytest.mark.parametrize(
    ("data", "body", "field"),
    [
        ("taste", {"shoe": "44"}, "shoe"),
        ("taste", {"drink": "beer"}, "drink"),
        ("taste", {"note": ["a"]}, "note"),
        ("contact", {"email": "kari at example"}, "email"),
        ("contact", {"phone": "none of yours"}, "phone"),
        ("taste", {"note": "x" * 20_001}, "note"),
    ],
)
def test_a_body_that_does_not_fit_is_refused_by_the_name_of_its_field(
    house: House, data: str, body: dict[str, object], field: str
) -> None:
    who = house.person()
    purpose = {"taste": "learn", "contact": "account"}[data]

    with pytest.raises(BadBody) as wrong:
        house.gate.collect(person=who, data=data, body=body, purpose=purpose, source="person")

    assert wrong.value.field == field


def test_addresses_are_cut_links_are_bare_and_what_only_passes_is_never_kept(house: House) -> None:
    who = house.gate.new_person()
    body = {
        "ip": "203.0.113.77",
        "page": "https://a.example/f?gclid=abc&campaign=summer",
        "card": "4111111111111111",
    }
    house.gate.collect(person=who, data="visit", body=body, purpose="serve", source="device")
    (visit,) = [h for h in house.gate.access(person=who).held if h.data == "visit"]

    assert visit.body == {"ip": "203.0.113.0", "page": "https://a.example/f?campaign=summer"}


def test_a_record_carries_its_clause_purpose_source_and_last_day(house: House) -> None:
    who = house.person()
    (contact,) = [h for h in house.gate.access(person=who).held if h.data == "contact"]

    assert (contact.source, contact.purposes[0]) == ("person", "account")
    assert str(contact.due) == "2026-10-03 00:00:00+02:00"
    assert contact.clause is not None
    assert contact.clause.line == 60


def test_what_another_business_hands_us_loses_the_fields_we_did_not_declare(house: House) -> None:
    who = house.person()
    house.gate.receive(
        person=who,
        data="customer",
        body={"number": "A-1", "shoe": "44"},
        purpose="account",
        member="lysverk",
        party="operator",
    )
    (customer,) = [h for h in house.gate.access(person=who).held if h.data == "customer"]
    last = list(house.gate.entries())[-1]

    assert (customer.body, customer.source) == ({"number": "A-1"}, "operator:lysverk")
    assert last.detail["stripped"] == 1


def test_a_business_that_is_not_ours_hands_us_nothing(house: House) -> None:
    who = house.person()

    with pytest.raises(Unknown, match="operator 'stranger'"):
        house.gate.receive(
            person=who, data="customer", body={}, purpose="account", member="stranger", party="operator"
        )


def test_nobody_gives_nothing(house: House) -> None:
    with pytest.raises(Nobody):
        house.gate.collect(person=42, data="contact", body={}, purpose="account", source="person")


def test_evidence_names_data_and_clause_and_never_a_value(house: House) -> None:
    house.person("kari.nordmann@example.no")
    said = " ".join(f"{e.kind} {e.clause} {e.detail}" for e in house.gate.entries())

    assert "contact" in said
    assert "account" in said
    assert "kari" not in said
