"""What somebody can ask of the third company, and by when it is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("rights")) as made:
        yield made


def collects(life: Holder, data: str, purpose: str, source: str, **fields: Any) -> int:
    body = {"data": data, "purpose": purpose, "source": source, "fields": fields}
    if source == "service":
        body["member"] = "documents"
    return life.house.post("run-job", f"/people/{life.tag}/records", body).status_code


@pytest.mark.clause("smartcomms-6.1")
def test_whoever_asks_learns_what_is_held_and_nobody_learns_of_another(fresh: Deployment) -> None:
    ada, ben = holder(fresh, "ada@example.com"), holder(fresh, "ben@example.com", "Ben")
    collects(ada, "session", "provide", "service", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    asked = ada.post("/requests", {"right": "access"}).json()
    copy = ada.get("/export").json()["export"]
    other = fresh.get(ben.token, f"/people/{ada.tag}/export")
    stranger = fresh.post(
        "cara-support", "/mail", {"address": "stranger@example.com", "text": "a copy", "right": "access"}
    )
    fresh.at("2024-04-03T12:00+00:00")
    open_ = fresh.get("cara-support", "/requests").json()["requests"]
    late = [r for r in open_ if r["number"] == asked["number"]]

    assert asked["due"].startswith("2024-04-01T23:00")
    assert {"account", "contact", "session"} <= {r["data"] for r in copy["records"]}
    assert other.status_code == 403
    assert "nobody is known here" in stranger.json()["said"]
    assert late[0]["answered"] is None
    assert late[0]["due"] < "2024-04-03"


@pytest.mark.clause("smartcomms-9.2")
def test_who_wants_to_be_taken_out_is_and_a_bill_that_tax_law_keeps_is_named(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")
    ada.event("contract-begun")
    collects(ada, "session", "provide", "service", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    collects(ada, "invoice", "contracts", "device", number="2024-1", amount="9.00 GBP", on="2024-03-01")
    stranger = fresh.post(
        "cara-support",
        "/mail",
        {"address": "stranger@example.com", "text": "take Ada out", "right": "erase"},
    )
    fresh.post("cara-support", "/mail", {"address": ada.mail, "text": "take me out", "right": "erase"})
    before = len(ada.get("/records").json()["records"])
    link = re.findall(r"https://\S+/case/\S+", ada.mails()[-1].text)[0]
    receipt = fresh.client().post(link).text
    found = fresh.post("run-job", "/people/find", {"kind": "email", "value": ada.mail})

    assert "nobody is known here" in stranger.json()["said"]
    assert before > 3
    assert "Your data are deleted" in receipt
    assert "Bills" in receipt
    assert found.status_code == 404
    assert fresh.on_disk(ada.mail) == []


@pytest.mark.clause("smartcomms-9.5")
def test_an_answer_is_due_in_a_calendar_month_and_may_take_two_more_with_a_reason_told_in_time(
    fresh: Deployment,
) -> None:
    fresh.at("2024-01-31T12:00+00:00")
    ada = holder(fresh, "ada@example.com")
    first = ada.post("/requests", {"right": "access"}).json()
    fresh.at("2024-02-20T12:00+00:00")
    longer = fresh.post(
        "cara-support",
        f"/people/{ada.tag}/requests/{first['number']}/extension",
        {"reason": "many systems hold something of yours"},
    )
    told = ada.mails()[-1]
    fresh.at("2024-03-01T12:00+00:00")
    ada.token = fresh.token(ada.mail)
    second = ada.post("/requests", {"right": "access"}).json()
    again = fresh.post(
        "cara-support",
        f"/people/{ada.tag}/requests/{first['number']}/extension",
        {"reason": "still many systems"},
    )

    fresh.at("2024-04-05T12:00+00:00")
    late = fresh.post(
        "cara-support",
        f"/people/{ada.tag}/requests/{second['number']}/extension",
        {"reason": "we forgot"},
    )

    assert first["due"].startswith("2024-03-01T00:00")
    assert second["due"].startswith("2024-04-01T23:00")
    assert longer.status_code == 200
    assert longer.json()["due"].startswith(
        "2024-04-29T23:00"
    )  # a second step counts from the first one's day
    assert again.status_code == 409
    assert late.status_code == 409
    assert "many systems" in told.text


@pytest.mark.clause("smartcomms-1.22")
def test_what_we_offer_somebody_follows_an_interest_until_they_object(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")
    body = {
        "data": "imported",
        "purpose": "records",
        "source": "register",
        "member": "companies-register",
        "fields": {"email": ada.mail, "topic": "forms"},
    }
    imported = fresh.post("list-job", f"/people/{ada.tag}/records", body)
    before = [o["name"] for o in ada.get("/offers").json()["offers"]]
    ada.post("/objections", {"purpose": "offers"})
    after = [o["name"] for o in ada.get("/offers").json()["offers"]]

    assert imported.status_code == 201
    assert "forms-trial" in before
    assert "forms-trial" not in after


@pytest.mark.clause("smartcomms-1.17")
def test_what_was_bought_says_from_whom_and_without_a_contract_nothing_is_taken(fresh: Deployment) -> None:
    ada = holder(fresh, "ada@example.com")

    def imports(source: str, member: str) -> Any:
        body = {
            "data": "imported",
            "purpose": "records",
            "source": source,
            "member": member,
            "fields": {"email": ada.mail, "title": "Head of letters"},
        }
        return fresh.post("list-job", f"/people/{ada.tag}/records", body)

    bought = imports("supplier", "listco")
    scraped = imports("supplier", "scrapeco")
    nowhere = imports("device", "")
    shown = [r for r in ada.get("/records").json()["records"] if r["data"] == "imported"]
    scoring = fresh.get("list-job", f"/people/{ada.tag}/records", data="imported", purpose="credit-scoring")

    assert [a.status_code for a in (bought, scraped, nowhere)] == [201, 403, 403]
    assert [(r["source"], r["fields"]["title"]) for r in shown] == [("supplier:listco", "Head of letters")]
    assert scoring.status_code == 403
