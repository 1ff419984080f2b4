"""What others tell the third company about somebody: from whom, whether lawful, told and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from comms import COMMS, holder, served
from deployment import Deployment


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The third company, shared by scenarios that do not disturb each other."""
    with served(tmp_path_factory.mktemp("sources"), "2024-02-10T12:00+00:00") as shared:
        yield shared


def brings(
    house: Deployment, source: str, member: str, *records: dict[str, str], purpose: str = "prospects"
) -> Any:
    body = {"data": "imported", "purpose": purpose, "source": source, "member": member, "records": records}
    return house.post("list-job", "/imports", body)


def imported(life: Any) -> list[dict[str, Any]]:
    return [r for r in life.get("/records").json()["records"] if r["data"] == "imported"]


@pytest.mark.clause("smartcomms-1.16")
def test_a_public_register_is_named_with_its_day_and_each_person_is_told(house: Deployment) -> None:
    mails = [f"p{n}@example.com" for n in range(3)]
    answer = brings(house, "register", "companies-register", *({"email": m} for m in mails))
    told = [house.mails(m) for m in mails]
    rows = [
        house.get("list-job", f"/people/{r['tag']}/records", data="imported", purpose="prospects").json()[
            "records"
        ][0]
        for r in answer.json()["records"]
    ]
    sourceless = brings(house, "", "", {"email": "q@example.com"})

    assert answer.status_code == 201, answer.text
    assert [(r["source"], r["collected"][:10]) for r in rows] == [
        ("register:companies-register", "2024-02-10")
    ] * 3
    assert [len(m) for m in told] == [1, 1, 1]
    assert "The public register of companies" in told[0][0].text
    assert "a public source" in told[0][0].text
    assert sourceless.status_code == 422


@pytest.mark.clause("smartcomms-1.18")
def test_what_a_supplier_told_stands_beside_what_she_told_and_is_taken_back_alone(house: Deployment) -> None:
    ada = holder(house, "ada18@example.com")
    answer = brings(
        house, "supplier", "listco", {"email": ada.mail, "title": "Head of letters"}, purpose="records"
    )
    both = ada.get("/records").json()["records"]
    merged = [e for e in evidence(house) if e["kind"] == "combined"]
    others = house.call("mail-job", "DELETE", f"/imports/{answer.json()['batch']}")
    back = house.call("list-job", "DELETE", f"/imports/{answer.json()['batch']}")
    after = ada.get("/records").json()["records"]

    assert answer.json()["records"][0]["known"]
    assert ("supplier:listco", "Head of letters") in [(r["source"], r["fields"].get("title")) for r in both]
    assert ("person", ada.mail) in [(r["source"], r["fields"].get("email")) for r in both]
    assert len(merged) == 1
    assert (others.status_code, "mail-job" in others.json()["detail"]) == (403, True)
    assert back.json() == {"records": 1}
    assert [r for r in after if r["source"].startswith("supplier")] == []
    assert [r["fields"]["email"] for r in after if r["data"] == "contact"] == [ada.mail]


def evidence(house: Deployment) -> list[Any]:
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


@pytest.mark.clause("smartcomms-1.19")
def test_a_company_of_the_group_brings_data_in_while_its_agreement_runs_and_no_other_does(
    deploy: Any,
) -> None:
    def ended(folder: Any) -> None:
        path = folder / "parties.toml"
        old = 'title = "SmartComms Inc."\n'
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, old + 'ends = "2024-02-01"\n'), "utf-8")

    fresh = deploy("smartcomms", askers=COMMS, now=datetime(2024, 2, 10, 12, tzinfo=UTC), edit=ended)
    ada = holder(fresh, "ada19@example.com")
    affiliate = brings(
        fresh, "group", "au", {"email": ada.mail, "phone": "+61 2 5550 1234"}, purpose="records"
    )
    shown = imported(ada)
    unlisted = brings(fresh, "group", "perth", {"email": "x@example.com"}, purpose="records")
    over = brings(fresh, "group", "us", {"email": "x@example.com"}, purpose="records")
    notice = fresh.web.get("/smartcomms/privacy").text

    assert affiliate.status_code == 201, affiliate.text
    assert [r["source"] for r in shown] == ["group:au"]
    assert "SmartComms Pty Ltd" in notice
    assert (unlisted.status_code, over.status_code) == (403, 403)


@pytest.mark.clause("smartcomms-1.20")
def test_imported_data_keep_records_right_with_the_old_value_kept_and_serve_nothing_else(
    house: Deployment,
) -> None:
    ada = holder(house, "ada20@example.com")
    made = ada.post(
        "/records", {"data": "contact", "purpose": "register", "fields": {"phone": "+44 20 7946 0001"}}
    )
    brings(house, "supplier", "listco", {"email": ada.mail, "phone": "+44 20 7946 0002"}, purpose="records")
    by = imported(ada)[0]["rid"]
    contact = next(
        r for r in ada.get("/records").json()["records"] if "phone" in r["fields"] and r["data"] == "contact"
    )
    path = f"/people/{ada.tag}/records/{contact['rid']}/refresh"
    put = house.post("list-job", path, {"field": "phone", "by": by, "purpose": "records"})
    rows = ada.get("/records").json()["records"]
    scored = house.get("list-job", f"/people/{ada.tag}/records", data="imported", purpose="credit-scoring")

    assert made.status_code == 201, made.text
    assert put.status_code == 200, put.text
    assert [r["fields"]["phone"] for r in rows if r["rid"] == contact["rid"]] == ["+44 20 7946 0002"]
    assert [r["fields"]["value"] for r in rows if r["data"] == "former"] == ["+44 20 7946 0001"]
    assert scored.status_code == 403


@pytest.mark.clause("smartcomms-1.21")
def test_a_prospect_is_told_may_say_no_and_who_said_no_before_is_none(house: Deployment) -> None:
    vic, zoe = holder(house, "vic@example.com"), holder(house, "zoe@example.com")
    vic.post("/objections", {"purpose": "prospects"})
    zoe.post("/erasure", {"sure": True})
    mails = (vic.mail, zoe.mail, "bob@example.com")
    answer = brings(house, "supplier", "listco", *({"email": m} for m in mails)).json()
    none = house.post("list-job", "/people/find", {"kind": "email", "value": zoe.mail})
    bob = answer["records"][2]["tag"]
    notice = house.mails("bob@example.com")[0].text
    link = next(w for w in notice.split() if "/leave/prospects/" in w)
    news = house.post("mail-job", "/mailings", {"purpose": "news", "subject": "News", "text": "All new."})
    sent = house.post("mail-job", f"/mailings/{news.json()['number']}/send", {})
    left = house.client().post(link)
    after = house.get("list-job", f"/people/{bob}/records", data="imported", purpose="prospects")

    assert none.status_code == 404
    assert answer["records"][0]["why"] != ""
    assert imported(vic) == []
    assert "alone" in answer["records"][1]["why"]
    assert [e["clause"] for e in evidence(house) if e["kind"] == "left alone"] != []
    assert "ListCo Ltd" in notice
    assert sent.status_code == 200
    assert len(house.mails("bob@example.com")) == 1
    assert left.status_code == 200
    assert after.status_code == 403


@pytest.mark.clause("smartcomms-1.23")
def test_a_source_brings_nothing_before_it_is_found_lawful_and_rests_once_it_is_not(
    house: Deployment,
) -> None:
    def weighed(member: str, lawful: bool) -> Any:
        path = f"/sources/supplier/{member}/weighing"
        return house.post("otto-officer", path, {"lawful": lawful, "reason": "its consents were read"})

    weighed("listco", True)
    first = brings(house, "supplier", "listco", {"email": "early@example.com"})
    tag = first.json()["records"][0]["tag"]
    before = house.get("list-job", f"/people/{tag}/records", data="imported", purpose="prospects")
    weighed("listco", False)
    rested = house.get("list-job", f"/people/{tag}/records", data="imported", purpose="prospects").json()
    next_one = brings(house, "supplier", "listco", {"email": "late@example.com"})
    none = house.post("list-job", "/people/find", {"kind": "email", "value": "late@example.com"})
    unknown = brings(house, "supplier", "scrapeco", {"email": "late@example.com"})
    weighed("listco", True)
    again = house.get("list-job", f"/people/{tag}/records", data="imported", purpose="prospects").json()

    assert len(before.json()["records"]) == 1
    assert rested.get("records", []) == []
    assert (next_one.status_code, none.status_code, unknown.status_code) == (403, 404, 403)
    assert len(again["records"]) == 1
