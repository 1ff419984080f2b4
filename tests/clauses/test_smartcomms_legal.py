"""What the law makes necessary: a recorded case with its ground, its receiver, its scope, a second person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment
from httpx2 import Response
from rooms import granted

NAME = ("account.first", "contact.email")
REQUEST = {"authority": "HMRC", "power": "Finance Act 2008, Schedule 36", "scope": "invoices of 2023"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("legal")) as made:
        yield made


@pytest.fixture(scope="module")
def ada(house: Deployment) -> Holder:
    made = holder(house, "legal@example.com")
    made.event("contract-begun")
    for number, on in (("I-22", "2022-12-30"), ("I-23", "2023-04-02"), ("I-24", "2024-01-05")):
        fields = {"number": number, "amount": "10.00 GBP", "on": on}
        body = {"data": "invoice", "purpose": "contracts", "source": "device", "fields": fields}
        assert house.post("run-job", f"/people/{made.tag}/records", body).status_code == 201
    return made


def case(
    of: Holder, fact: str, names: dict[str, str], *data: str, party: str = "authority", **more: Any
) -> Response:
    return granted(
        of.house, "otto-officer", fact, names, data=list(data), people=[of.tag], party=party, **more
    )


def step(house: Deployment, who: str, made: Response, step_: str, **said: Any) -> Response:
    return house.post(who, f"/grants/{made.json()['number']}/steps", {"step": step_, **said})


def sends(
    of: Holder, made: Response | None, purpose: str, *data: str, party: str = "authority", member: str = ""
) -> Response:
    number = made.json()["number"] if made else ""
    body = {"data": list(data), "party": party, "member": member, "purpose": purpose, "grant": number}
    return of.house.post("legal-job", f"/people/{of.tag}/shares", body)


def status(*answers: Response) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.mark.clause("smartcomms-4.5")
def test_nothing_leaves_for_the_law_but_in_a_case_that_a_second_person_agreed_to(
    house: Deployment, ada: Holder
) -> None:
    bare = sends(ada, None, "authorities", *NAME)
    groundless = case(ada, "legal", {"why": "legal"}, *NAME)
    scopeless = case(ada, "official-request", {**REQUEST, "scope": ""}, *NAME)
    made = case(ada, "official-request", REQUEST, *NAME)
    early = sends(ada, made, "authorities", *NAME)
    himself = step(house, "otto-officer", made, "approve")
    step(house, "sam-security", made, "approve")
    sent = sends(ada, made, "authorities", *NAME)
    beyond = sends(ada, made, "authorities", *NAME, "invoice")
    told = [d for d in ada.get("/disclosures").json()["disclosures"] if d["party"] == "authority"]

    assert status(bare, groundless, scopeless) == [403, 422, 422]
    assert status(early, himself, sent, beyond) == [403, 403, 200, 403]
    assert [sorted(d["data"]) for d in told] == [sorted(NAME)]


@pytest.mark.clause("smartcomms-4.15")
def test_a_claim_of_ours_takes_what_it_names_and_no_visit(house: Deployment, ada: Holder) -> None:
    nameless = case(ada, "suit", {"counterparty": "Acme Ltd"}, "invoice")
    made = case(ada, "suit", {"claim": "unpaid invoices", "counterparty": "Acme Ltd, court X"}, "invoice")
    sent = sends(ada, made, "defend", "invoice")
    browsing = sends(ada, made, "defend", "invoice", "usage")

    assert status(nameless, made, sent, browsing) == [422, 201, 200, 403]
    assert [row["number"] for row in house.company.mailbox.of("authority", "")[-1].body["invoice"]] == [
        "I-22",
        "I-23",
        "I-24",
    ]


@pytest.mark.clause("smartcomms-4.18")
def test_an_authority_names_its_power_gets_its_scope_and_is_counted_for_the_year(
    house: Deployment, ada: Holder
) -> None:
    powerless = case(ada, "official-request", {**REQUEST, "power": " "}, "invoice")
    foreign = case(ada, "official-request", {**REQUEST, "country": "US"}, "invoice")
    year = {"since": "2023-01-01T00:00:00Z", "until": "2024-01-01T00:00:00Z"}
    made = case(ada, "official-request", REQUEST, "invoice", **year)
    step(house, "sam-security", made, "approve")
    sent = sends(ada, made, "authorities", "invoice")
    got = house.company.mailbox.of("authority", "")[-1].body["invoice"]
    report = house.get("sam-security", "/disclosure-report", year="2024").json()["rows"]
    none = house.get("sam-security", "/disclosure-report", year="2023").json()["rows"]

    assert status(powerless, foreign, sent) == [422, 403, 200]
    assert [row["number"] for row in got] == ["I-23"]
    assert {(r["fact"], r["party"], r["answered"]) for r in report} >= {("official-request", "authority", 2)}
    assert none == []
    assert house.get("cara-support", "/disclosure-report", year="2024").status_code == 403


@pytest.mark.clause("smartcomms-4.16")
def test_danger_to_somebody_opens_at_once_and_shuts_when_nobody_reviewed_it(
    house: Deployment, ada: Holder
) -> None:
    house.at("2024-03-02T08:00+00:00")
    calm = sends(ada, None, "danger", "contact.email")
    nameless = case(ada, "in-danger", {"danger": ""}, "contact.email")
    made = case(ada, "in-danger", {"danger": "danger to life"}, "contact.email")
    sent = sends(ada, made, "danger", "contact.email")
    house.at("2024-03-05T08:01+00:00")
    seen = house.get("otto-officer", f"/grants/{made.json()['number']}").json()
    late = sends(ada, made, "danger", "contact.email")
    himself = step(house, "otto-officer", made, "review", reason="right")
    step(house, "sam-security", made, "review", reason="the danger was real")
    again = sends(ada, made, "danger", "contact.email")

    assert status(calm, nameless, sent) == [403, 422, 200]
    assert seen["state"] == "overdue"
    assert datetime.fromisoformat(seen["review"]) == datetime(2024, 3, 5, 8, tzinfo=UTC)
    assert status(late, himself, again) == [403, 403, 200]
