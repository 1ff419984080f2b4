"""Each purpose of the second company reads the classes that its row names, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from acme import ENGAGE, paid, user
from deployment import Asker, Deployment
from living import Life

ROWS = ("register", "buy", "recover", "care", "take-part", "survey", "protect", "count", "test", "recommend")


@pytest.fixture
def house(deploy: Any) -> Deployment:
    """The second company, with one job that may ask for anything, so that the document alone refuses."""
    engage: Deployment = deploy("engagesmarter", askers=(*ENGAGE, Asker("any-job", "job", purposes=ROWS)))
    return engage.at("2024-03-10T10:00:00+00:00")


def ada_of(house: Deployment) -> Life:
    """Begin Ada, with something in every class that these tests ask for."""
    ada = user(house)
    ada.agrees("better", "recommend", "extras", "saved-card", "survey")
    paid(ada)
    house.later(minutes=1)
    house.post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    ada.tells("contact", "buy", billing="1 Old Street, London")
    ada.noted("till-job", "financial", "buy", "company", token="t-1")
    ada.noted("number-job", "usage", "better", feature="ask", at="2024-03-10T10:00:00Z", session="s1")
    ada.tells("profile", "care", setting="dark")
    ada.noted("front-job", "devices", "protect", kind="laptop", system="Linux", browser="F", installation="i")
    return ada


def answers(ada: Life, purpose: str, *wanted: str) -> dict[str, int]:
    """Return how the document answers a reading of each class, or field of one, for a purpose."""
    found = {}
    for name in wanted:
        data, _, field = name.partition(".")
        answer = ada.used("any-job", data, purpose, **({"field": field} if field else {}))
        found[name] = answer.status_code
        assert answer.status_code != 403 or answer.json()["clause"]
    return found


@pytest.mark.clause("engagesmarter-10.7")
def test_a_bill_reads_who_pays_what_and_nothing_of_how_the_platform_is_used(house: Deployment) -> None:
    ada = ada_of(house)

    allowed = answers(ada, "buy", "identity.first", "contact.billing", "financial.token", "transaction")
    others = answers(ada, "buy", "usage", "profile", "conversation")

    assert set(allowed.values()) == {200}
    assert set(others.values()) == {403}


@pytest.mark.clause("engagesmarter-10.12")
def test_looking_after_somebody_reads_their_profile_and_no_payment_use_or_conversation(
    house: Deployment,
) -> None:
    ada = ada_of(house)

    assert answers(ada, "care", "profile.setting", "transaction", "usage", "conversation") == {
        "profile.setting": 200,
        "transaction": 403,
        "usage": 403,
        "conversation": 403,
    }
    assert answers(ada, "buy", "transaction") == {"transaction": 200}


@pytest.mark.clause("engagesmarter-10.25")
def test_running_the_platform_reads_device_and_contact_and_none_of_the_six_other_classes(
    house: Deployment,
) -> None:
    ada = ada_of(house)

    allowed = answers(ada, "protect", "devices", "contact.email", "identity.username")
    others = answers(
        ada, "protect", "financial", "transaction", "profile", "usage", "marketing", "conversation"
    )

    assert set(allowed.values()) == {200}
    assert set(others.values()) == {403}


@pytest.mark.clause("engagesmarter-10.30")
def test_a_recommendation_reads_use_and_profile_and_no_word_or_payment(house: Deployment) -> None:
    ada = ada_of(house)

    assert answers(ada, "recommend", "usage", "profile.setting", "conversation.input", "transaction") == {
        "usage": 200,
        "profile.setting": 200,
        "conversation.input": 403,
        "transaction": 403,
    }


@pytest.mark.clause("engagesmarter-10.2")
def test_signing_up_reads_name_mail_and_device_and_takes_no_card(house: Deployment) -> None:
    ada = ada_of(house)

    allowed = answers(ada, "register", "identity.first", "contact.email", "devices.kind")
    others = answers(ada, "register", "usage", "conversation")
    card = ada.tells("financial", "register", card="4111 1111 1111 1111")

    assert set(allowed.values()) == {200}
    assert set(others.values()) == {403}
    assert card.status_code in (403, 422)
    assert ada.house.on_disk("4111 1111 1111 1111") == []


@pytest.mark.clause("engagesmarter-17.3")
def test_an_authority_gets_what_an_order_names_without_a_yes_and_nothing_without_an_order(
    house: Deployment,
) -> None:
    ada = ada_of(house)

    def asked() -> Any:
        body = {"data": ["transaction"], "party": "authority", "purpose": "six-years"}
        return house.post("till-job", f"/people/{ada.tag}/shares", body)

    without = asked()
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "official-order"})
    ordered = asked()
    told = ada.sees()["disclosures"]

    assert without.status_code == 403
    assert "fact official-order" in without.json()["missing"]
    assert ordered.status_code in (200, 201)
    assert [{n.partition(".")[0] for n in d["data"]} for d in told] == [{"transaction"}]


@pytest.mark.clause("engagesmarter-1.7")
def test_the_short_notice_stands_before_the_first_field_and_a_visit_alone_stores_nothing(
    house: Deployment,
) -> None:
    vic = house.person("vic@acme.example")
    page = vic.get("/f/register").text
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]

    assert "/engagesmarter/privacy" in page
    assert "Engage Smarter" in page
    assert 'name="answer"' not in page
    assert {e["kind"] for e in log} <= {"grounds"}  # what rests on a yes: of the document, and of nobody
    assert house.post("any-job", "/people/find", {"kind": "email", "value": vic.mail}).status_code == 404
