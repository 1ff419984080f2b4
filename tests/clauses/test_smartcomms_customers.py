"""What the third company does for its customers, as their processor, and for the people they loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from comms import holder, served
from deployment import Deployment

EVE = "eve@example.com"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("customers")) as made:
        yield made


def load(house: Deployment, who: str, reference: str, **fields: str) -> Any:
    body = {"reference": reference, "data": "end-user", "fields": fields}
    return house.post(who, "/entrusted", body)


def eve(house: Deployment, who: str = "acme-key", **more: str) -> str:
    answer = load(house, who, "eve-1", **{"name": "Ev", "email": EVE, "phone": "+442079460018", **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["tag"])


def wish(house: Deployment, right: str, address: str = EVE) -> Any:
    return house.post("cara-support", "/mail", {"address": address, "text": "my data", "right": right})


@pytest.mark.clause("smartcomms-6.4")
def test_people_whom_a_customer_loaded_are_found_by_that_customer_alone(house: Deployment) -> None:
    tag = eve(house)
    found = house.get("acme-key", "/entrusted", reference="eve-1")
    others = house.get("borel-key", "/entrusted", reference="eve-1")
    looked = house.get("borel-key", f"/entrusted/{tag}")
    house.post("", "/session", {"email": EVE})
    signed = house.post("", "/session/code", {"email": EVE, "code": "123456"})
    sold = house.get("mail-job", f"/people/{tag}/records", data="end-user", purpose="news")
    mailing = house.post("mail-job", "/mailings", {"purpose": "news", "subject": "x", "text": "y"}).json()

    assert found.json()["tag"] == tag
    assert [r.status_code for r in (others, looked)] == [404, 404]
    assert signed.status_code == 401
    assert house.mails(EVE) == []
    assert (sold.status_code, mailing["queued"]) == (403, 0)


@pytest.mark.clause("smartcomms-6.6")
def test_the_customer_sees_corrects_and_takes_out_and_the_person_is_sent_to_it(house: Deployment) -> None:
    tag = eve(house)
    record = house.get("acme-key", f"/entrusted/{tag}").json()["records"][0]
    body = {"rid": record["rid"], "fields": {"name": "Eve", "phone": ""}}
    changed = house.call("acme-key", "PATCH", f"/entrusted/{tag}", body)
    stranger = house.call("borel-key", "PATCH", f"/entrusted/{tag}", body)
    after = house.get("acme-key", f"/entrusted/{tag}").json()["records"][0]["fields"]
    own = house.call("", "PATCH", f"/entrusted/{tag}", body)
    told = wish(house, "correct")
    entries = house.get("otto-officer", "/evidence/entries").json()["entries"]

    assert record["fields"]["name"] == "Ev"
    assert (changed.status_code, stranger.status_code, own.status_code) == (200, 404, 401)
    assert after == {"name": "Eve", "email": EVE}
    assert "Acme Ltd" in house.mails(EVE)[-1].text
    assert "passed" in told.json()["said"] or "went on" in told.json()["said"]
    assert "entrusted corrected" in {e["kind"] for e in entries}


@pytest.mark.clause("smartcomms-6.2", "smartcomms-6.3")
def test_who_asks_learns_for_whom_data_are_held_and_gets_nothing_of_them_from_us(house: Deployment) -> None:
    eve(house)
    first = wish(house, "access")
    told = house.mails(EVE)[-1].text
    wish(house, "access")
    queue = house.get("acme-key", "/entrusted/wishes").json()["requests"]
    borel = house.get("borel-key", "/entrusted/wishes").json()["requests"]
    wish(house, "access", "nobody@example.com")
    unknown = house.mails("nobody@example.com")[-1].text
    own = holder(house, EVE, "Eve")
    wish(house, "access")
    both = own.mails()[-1].text
    copy = own.get("/export").json()["export"]

    assert first.status_code == 200
    assert "Acme Ltd, privacy@acme.example" in told
    assert "+44" not in told
    assert [(r["right"], r["channel"]) for r in queue] == [("access", "acme")]
    assert borel == []
    assert "We know nobody by this address" in unknown
    assert "/case/" in both
    assert "Acme Ltd" in both
    assert "end-user" not in {r["data"] for r in copy["records"]}


@pytest.mark.clause("smartcomms-6.5")
def test_who_wants_nothing_more_collected_is_heard_by_the_customer_that_can_stop_it(
    house: Deployment,
) -> None:
    tag = eve(house)
    wish(house, "object")
    queue = house.get("acme-key", "/entrusted/wishes").json()["requests"]
    before = load(house, "acme-key", "eve-1", name="Eve", text="second row")
    stranger = house.post("borel-key", f"/entrusted/{tag}/block", {})
    house.post("acme-key", f"/entrusted/{tag}/block", {})
    after = load(house, "acme-key", "eve-1", name="Eve", text="third row")

    assert [r["right"] for r in queue] == ["object"]
    assert "Acme Ltd" in house.mails(EVE)[-1].text
    assert (before.status_code, stranger.status_code, after.status_code) == (201, 404, 403)
    assert after.json()["clause"] == "0"


@pytest.mark.clause("smartcomms-6.7")
def test_a_customers_order_takes_somebody_out_everywhere_and_another_cannot_give_it(
    house: Deployment,
) -> None:
    tag = eve(house)
    share = {
        "data": ["end-user.name"],
        "party": "sub-processor",
        "member": "cloudco",
        "purpose": "serve-customer",
    }
    sent = house.post("serve-job", f"/people/{tag}/shares", share)
    stranger = house.call("borel-key", "DELETE", f"/entrusted/{tag}")
    done = house.call("acme-key", "DELETE", f"/entrusted/{tag}")
    again = house.call("acme-key", "DELETE", f"/entrusted/{tag}")
    house.sweep()
    told = house.company.mailbox.of("sub-processor", "cloudco")[-1]

    assert sent.status_code == 200
    assert (stranger.status_code, done.status_code, again.status_code) == (404, 200, 404)
    assert done.json()["at"].startswith("2024-03-01")
    assert told.kind == "erasure"
    assert house.on_disk(EVE) == []


@pytest.mark.clause("smartcomms-6.10")
def test_a_customers_people_go_a_month_after_its_contract_and_another_customers_stay(
    house: Deployment,
) -> None:
    acme = eve(house)
    borel = eve(house, "borel-key")
    house.at("2024-06-29T12:00+00:00").sweep()
    before = house.get("acme-key", f"/entrusted/{acme}").status_code
    house.at("2024-06-30T12:00+00:00")
    ended = house.post(
        "run-job", "/entrusted/events", {"party": "customer", "member": "acme", "event": "contract-ended"}
    )
    house.at("2024-07-29T12:00+00:00").sweep()
    export = house.get("acme-key", f"/entrusted/{acme}").status_code
    house.at("2024-07-31T12:00+00:00").sweep()
    after = house.get("acme-key", f"/entrusted/{acme}").status_code
    kept = house.get("borel-key", f"/entrusted/{borel}").json()["records"]

    assert (before, ended.json()["people"]) == (200, 1)
    assert (export, after) == (200, 404)
    assert [r["fields"]["name"] for r in kept] == ["Ev"]


@pytest.mark.clause("smartcomms-6.11")
def test_our_own_administration_keeps_the_bill_and_nothing_that_a_customer_loaded(house: Deployment) -> None:
    tag = eve(house)
    life = holder(house, "ada@example.com")
    life.event("contract-begun")
    bill = {
        "data": "invoice",
        "purpose": "contracts",
        "source": "device",
        "fields": {"number": "I-1", "amount": "9.00 GBP", "on": "2024-06-01", "contact": "Ada"},
    }
    house.post("run-job", f"/people/{life.tag}/records", bill)
    life.event("contract-ended")
    house.post(
        "run-job", "/entrusted/events", {"party": "customer", "member": "acme", "event": "contract-ended"}
    )
    house.later(days=40)
    house.sweep()
    kept = house.get("run-job", f"/people/{life.tag}/records", data="invoice", purpose="tax").json()[
        "records"
    ]
    gone = house.get("acme-key", f"/entrusted/{tag}")
    proved = house.cli("prove", str(house.home), "never use end-user for any but serve-customer")
    taxed = house.get("run-job", f"/people/{tag}/records", data="end-user", purpose="tax")

    assert [r["fields"]["contact"] for r in kept] == ["Ada"]
    assert kept[0]["due"].startswith("2031-01-01") or kept[0]["due"].startswith("2030-12-31")
    assert gone.status_code == 404
    assert proved[0] == 0
    assert taxed.status_code in (403, 404)
