"""Use at the third company: reports, needs of organisations, content by interests, models and regions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

SESSION = {"seconds": 600, "camera": 1, "transport": "tcp", "protocol": "TLS 1.3"}


def mapped(folder: Path) -> None:
    """Give the company a table of networks that knows regions."""
    (folder / "networks.csv").write_text("192.0.2.0/24, GB-SCT, Lochside\n", "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The third company, shared by scenarios that do not disturb each other."""
    with served(tmp_path_factory.mktemp("usage"), "2024-05-01T12:00+00:00", edit=mapped) as shared:
        yield shared


def noted(life: Holder, data: str, **fields: Any) -> Any:
    body = {"data": data, "purpose": "provide", "source": "service", "fields": fields}
    return life.house.post("run-job", f"/people/{life.tag}/records", body)


def evidence(house: Deployment) -> list[Any]:
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


@pytest.mark.clause("smartcomms-1.24")
def test_a_device_is_its_kind_system_and_drawn_number_and_nothing_else(house: Deployment) -> None:
    ada = holder(house, "device@example.com")
    seen = {"at": "2024-05-01T12:00:00Z", "device": "tablet", "system": "iPadOS 17", "installation": "i-4f"}
    kept = noted(ada, "usage", **seen)
    more = noted(ada, "usage", **seen, sim="8944500000000000001")
    copy = ada.get("/records").json()["records"]
    notice = house.web.get("/smartcomms/privacy").text

    assert kept.status_code == 201, kept.text
    assert more.status_code == 422
    assert [r["fields"] for r in copy if r["data"] == "usage"] == [seen]
    assert house.on_disk("8944500000000000001") == []
    assert "picks up the kind of device, its system and that number by itself" in notice


@pytest.mark.clause("smartcomms-2.8")
def test_a_customer_sees_sums_of_its_own_people_and_a_user_her_own_sessions(house: Deployment) -> None:
    lives = [holder(house, f"u{n}@acme.example") for n in range(2)]
    others = [holder(house, f"u{n}@borel.example") for n in range(1)]
    for life, customer in [*((one, "acme") for one in lives), *((one, "borel") for one in others)]:
        life.fact("acts-for", "cleo-clerk", member=customer)
        assert noted(life, "session", **SESSION).status_code == 201
    asked = {"data": "session", "purpose": "findings"}
    own = house.get("acme-key", "/reports", **asked)
    theirs = house.get("acme-key", "/reports", **asked, member="borel")
    mine = [
        r["fields"]["seconds"] for r in lives[0].get("/records").json()["records"] if r["data"] == "session"
    ]
    lives[0].fact("acts-for", "cleo-clerk", holds=False, member="acme")
    after = house.get("acme-key", "/reports", **asked).json()

    assert own.status_code == 200, own.text
    assert (own.json()["people"], own.json()["sums"]["seconds"]) == (2, "1200")
    assert not any(life.tag in own.text for life in lives)
    assert theirs.status_code == 404
    assert mine == [600]
    assert after["people"] == 1


@pytest.mark.clause("smartcomms-2.12")
def test_what_suits_is_written_down_of_an_organisation_and_never_of_a_person(house: Deployment) -> None:
    ada = holder(house, "buyer@example.com")
    need = {"party": "customer", "member": "acme", "suggests": "documents", "purpose": "needs"}
    made = house.post("study-job", "/needs", need)
    of_a_person = house.post("study-job", "/needs", {**need, "member": ada.tag})
    a_verdict = house.post("study-job", "/needs", {**need, "suggests": "likely buyer"})
    listed = house.get("study-job", "/needs").json()["needs"]
    rows = house.get("study-job", "/use", data="usage", purpose="needs")

    assert made.status_code == 201, made.text
    assert [(n["member"], n["suggests"]) for n in listed] == [("acme", "documents")]
    assert (of_a_person.status_code, a_verdict.status_code) == (422, 422)
    assert rows.status_code == 403


@pytest.mark.clause("smartcomms-2.16")
def test_a_page_is_fitted_to_declared_interests_with_why_and_not_once_that_is_switched_off(
    house: Deployment,
) -> None:
    ada = holder(house, "fit@example.com")
    default = ada.browser.get("/").text
    ada.post("/consents", {"name": "content", "given": True})
    told = ada.post("/records", {"data": "interest", "purpose": "content", "fields": {"topic": "healthcare"}})
    fitted = ada.browser.get("/").text
    ada.post("/consents", {"name": "content", "given": False})
    before = len(evidence(house))
    off = ada.browser.get("/").text
    reads = [e for e in evidence(house)[before:] if e["detail"].get("data") == "interest"]

    assert told.status_code == 201, told.text
    assert "Letters that people read" in default
    assert "Letters that patients read" in fitted
    assert "You see this because you told us" in fitted
    assert "Letters that people read" in off
    assert "Letters that patients read" not in off
    assert reads == []


@pytest.mark.clause("smartcomms-2.17")
def test_a_model_lists_what_it_was_made_of_leaves_objectors_out_and_decides_about_nobody(
    house: Deployment, tmp_path: Path
) -> None:
    ada = holder(house, "train-a@example.com")
    noted(ada, "usage", at="2024-05-01T12:00:00Z", device="laptop", system="Linux")
    body = {"model": "layout-rank", "data": "usage", "purpose": "research", "since": "2024-04-01T00:00:00Z"}
    first = house.post("study-job", "/trainings", body)
    entry = [e["detail"] for e in evidence(house) if e["kind"] == "model trained"][-1]
    ada.post("/objections", {"purpose": "research"})
    upheld = {"upheld": True, "reason": "her interest weighs more here"}
    house.post("otto-officer", f"/people/{ada.tag}/objections/research/decision", upheld)
    second = house.post("study-job", "/trainings", body)
    text = (house.home / "policy.md").read_text("utf-8")
    old = 'purpose research "Study and learn, by machine too" profiling'
    assert old in text
    wired = tmp_path / "wired"
    wired.mkdir()
    for file in house.home.glob("*.toml"):
        (wired / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (wired / "policy.md").write_text(text.replace(old, old + ", automated"), "utf-8")
    code, out, err = house.cli("check", str(wired))
    codes = [row["code"] for row in first.json()["rows"]]

    assert first.status_code == 201, first.text
    assert (entry["model"], entry["data"], entry["rows"]) == ("layout-rank", "usage", len(codes))
    assert not {ada.tag} & set(codes)
    assert len(second.json()["rows"]) == len(codes) - 1
    assert code != 0
    assert "decide" in out + err


@pytest.mark.clause("smartcomms-3.5")
def test_an_address_becomes_a_region_at_receipt_and_nothing_nearer_is_kept(house: Deployment) -> None:
    browser = house.client("192.0.2.57")
    browser.get("/smartcomms/s/")
    said = {"all": "some", "page": "index", "tool-analytics": "yes"}
    answer = browser.post("/smartcomms/s/choice", data=said, follow_redirects=False)
    taken = browser.post("/smartcomms/s/event", json={"page": "/smartcomms/s/products"})
    rows = house.get("site-job", "/use", data="hit", purpose="improve-site").json()["rows"]
    city = house.get("site-job", "/totals", data="hit", field="city", purpose="improve-site")

    assert answer.status_code in (200, 303), answer.text
    assert taken.status_code == 201, taken.text
    assert [r["fields"]["region"] for r in rows] == ["GB-SCT"]
    assert set(rows[0]["fields"]) == {"page", "ip", "region", "visitor"}
    assert rows[0]["fields"]["ip"] == "192.0.2.0"
    assert house.on_disk("192.0.2.57") == []
    assert city.status_code == 422
