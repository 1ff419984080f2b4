"""To whom the third company gives data, for what, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import Holder, holder, served
from deployment import Deployment

PARTIES = """
[[provider]]
name = "shieldco"
title = "ShieldCo Inc."
country = "US"
contract = "2019-01-01, no weaker"
safeguard = "privacy-shield"
instructions = { version = 1, signed = "2019-01-01", purposes = ["news"] }

[[provider]]
name = "clauseco"
title = "ClauseCo Inc."
country = "US"
contract = "2021-10-01, no weaker"
safeguard = "scc-2021"
instructions = { version = 1, signed = "2021-10-01", purposes = ["news"] }

[[provider]]
name = "oldclauses"
title = "OldClauses Inc."
country = "US"
contract = "2019-01-01, no weaker"
safeguard = "scc-2010"
instructions = { version = 1, signed = "2019-01-01", purposes = ["news"] }

[[provider]]
name = "bareco"
title = "BareCo Inc."
country = "US"
contract = "2023-10-01, no weaker"
instructions = { version = 1, signed = "2023-10-01", purposes = ["news"] }

[[provider]]
name = "usageco"
title = "UsageCo Inc."
country = "US"
contract = "2023-10-01, no weaker"
safeguard = "use of the service"
instructions = { version = 1, signed = "2023-10-01", purposes = ["news"] }

[[provider]]
name = "brazilco"
title = "BrazilCo Ltda."
country = "BR"
contract = "2023-10-01, no weaker"
safeguard = "scc-2021"
instructions = { version = 1, signed = "2023-10-01", purposes = ["news"] }

[[provider]]
name = "norgeco"
title = "NorgeCo AS"
country = "NO"
contract = "2023-10-01, no weaker"
safeguard = "adequacy"
instructions = { version = 1, signed = "2023-10-01", purposes = ["news"] }

[[group]]
name = "perth"
title = "SmartComms Perth Pty Ltd"
country = "AU"
agreement = "not signed yet"
"""
BARE = """
[[provider]]
name = "nocontract"
title = "NoContract Ltd"
country = "GB"
"""


def more(folder: Path) -> None:
    """List firms of every kind that a promise tells apart."""
    parties = folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + PARTIES, "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("disclosures"), edit=more) as made:
        yield made


def share(life: Holder, by: str, data: str, party: str, purpose: str, member: str = "", **form: str) -> Any:
    body = {"data": data.split(), "party": party, "member": member, "purpose": purpose, **form}
    return life.house.post(by, f"/people/{life.tag}/shares", body)


def copied(house: Deployment, into: Path, parties: str = "", **rules: str) -> Path:
    """Copy what the company says, with more parties or with rules put in the place of others."""
    folder = into / "smartcomms"
    folder.mkdir()
    for file in ("policy.md", "site.toml", "parties.toml"):
        (folder / file).write_text((house.home / file).read_text("utf-8"), "utf-8")
    for name, rule in rules.items():
        text = (folder / "policy.md").read_text("utf-8")
        (folder / "policy.md").write_text(text.replace(name.replace("_", " "), rule), "utf-8")
    listed = (folder / "parties.toml").read_text("utf-8")
    (folder / "parties.toml").write_text(listed + parties, "utf-8")
    return folder


def told_by(house: Deployment) -> list[dict[str, Any]]:
    """Return the evidence, page by page."""
    found: list[dict[str, Any]] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


def status(*answers: Any) -> list[int]:
    return [answer.status_code for answer in answers]


def collects(life: Holder, by: str, data: str, purpose: str, source: str, **fields: Any) -> int:
    body = {"data": data, "purpose": purpose, "source": source, "fields": fields}
    return life.house.post(by, f"/people/{life.tag}/records", body).status_code


def shared_by(house: Deployment, member: str, at: str, party: str = "provider", purpose: str = "news") -> Any:
    """Ask the document whether an address may go to a member at a moment."""
    facts = ["account", f"task({member}, {purpose})"]
    body = {
        "action": "share",
        "data": "contact",
        "field": "email",
        "party": party,
        "member": member,
        "purpose": purpose,
        "at": at,
        "given": {"facts": facts, "consents": ["news"]},
    }
    return house.post("", "/decide", body).json()


@pytest.mark.clause("smartcomms-4.1")
def test_data_go_to_whom_the_page_names_and_to_nobody_else(house: Deployment) -> None:
    ada = holder(house, "closed-list@example.com")
    start = len(house.get("otto-officer", "/evidence/entries").json()["entries"])
    broker = share(ada, "mail-job", "contact.email", "provider", "news", "broker")
    stranger = share(ada, "mail-job", "contact.email", "broker", "news")
    entries = house.get("otto-officer", "/evidence/entries", start=str(start)).json()["entries"]
    sent = share(ada, "mail-job", "contact.email", "provider", "news", "mailco")
    told = ada.get("/disclosures").json()["disclosures"]

    assert status(broker, stranger, sent) == [403, 403, 200]
    assert broker.json()["clause"] == "4"
    assert [e["kind"] for e in entries].count("refused") == 2
    assert [(d["party"], d["member"]) for d in told] == [("provider", "mailco")]


@pytest.mark.clause("smartcomms-4.2")
def test_a_firm_gets_what_its_task_needs_and_one_without_a_contract_is_not_even_listed(
    house: Deployment, tmp_path: Path
) -> None:
    ada = holder(house, "contract@example.com")
    sent = share(ada, "mail-job", "contact.email account.first", "provider", "news", "mailco")
    without = share(ada, "mail-job", "contact.email", "provider", "news", "nocontract")
    code, out, err = house.cli("check", str(copied(house, tmp_path, parties=BARE)))

    assert status(sent, without) == [200, 403]
    assert sorted(sent.json()["fields"]) == ["account.first", "contact.email"]
    assert code == 1
    assert "'nocontract' of 'provider' lacks 'contract'" in out + err
    assert house.get("mailco-key", "/deliveries").json()["deliveries"][-1]["fields"] == {
        "contact.email": ada.mail,
        "account.first": "Ada",
    }


@pytest.mark.clause("smartcomms-4.6")
def test_no_field_and_no_task_beyond_the_firms_own_leaves(house: Deployment) -> None:
    ada = holder(house, "limits@example.com")
    phone = share(ada, "mail-job", "contact.email contact.phone", "provider", "news", "mailco")
    other = share(ada, "mail-job", "contact.email", "provider", "news", "payco")
    read = house.get("mailco-key", f"/people/{ada.tag}/records", data="order", purpose="contracts")
    self_made = house.post("mailco-key", "/instructions", {"purposes": ["contracts"]})

    assert status(phone, other, read) == [403, 403, 403]
    assert "task(payco)" in other.json()["missing"][0]
    assert self_made.status_code in (403, 409)
    assert ada.get("/disclosures").json()["disclosures"] == []


@pytest.mark.clause("smartcomms-4.3", "smartcomms-4.19")
def test_a_partner_and_anybody_named_get_something_only_after_a_yes_for_that_one(house: Deployment) -> None:
    ada = holder(house, "agreed@example.com")
    before = [
        share(ada, "care-job", "contact.email", "partner", "pass-on", "printco"),
        share(ada, "care-job", "account.first contact.email", "named", "by-word", "reviewco"),
    ]
    ada.post("/consents", {"name": "hand-over(printco)", "given": True})
    ada.post("/consents", {"name": "in-writing(reviewco)", "given": True})
    after = [
        share(ada, "care-job", "contact.email", "partner", "pass-on", "printco"),
        share(ada, "care-job", "account.first contact.email", "named", "by-word", "reviewco"),
    ]
    more_than_agreed = [
        share(ada, "care-job", "contact.phone", "named", "by-word", "reviewco"),
        share(ada, "care-job", "contact.email", "named", "by-word", "otherco"),
        share(ada, "care-job", "usage", "partner", "pass-on", "printco"),
    ]
    listed = {(d["party"], d["member"]) for d in ada.get("/disclosures").json()["disclosures"]}
    ada.post("/consents", {"name": "in-writing(reviewco)", "given": False})
    withdrawn = share(ada, "care-job", "contact.email", "named", "by-word", "reviewco")

    assert status(*before) == [403, 403]
    assert status(*after) == [200, 200]
    assert status(*more_than_agreed) == [403, 403, 403]
    assert listed == {("partner", "printco"), ("named", "reviewco")}
    assert withdrawn.status_code == 403


@pytest.mark.clause("smartcomms-4.4", "smartcomms-0.7")
def test_a_company_of_the_group_is_told_as_who_it_is_and_one_that_is_not_listed_gets_nothing(
    house: Deployment,
) -> None:
    ada = holder(house, "group@example.com")
    us = share(ada, "run-job", "account.first contact.email", "group", "provide", "us")
    told = ada.get("/disclosures").json()["disclosures"][-1]
    sold = share(ada, "run-job", "account.first", "group", "provide", "sold")
    entries = told_by(house)
    last = [e["detail"] for e in entries if e["kind"] == "share" and e["detail"].get("member") == "us"][-1]

    assert status(us, sold) == [200, 403]
    assert last["country"] == "US"
    assert (told["party"], told["member"]) == ("group", "us")
    assert sold.json()["clause"] == "0"


@pytest.mark.clause("smartcomms-6.16")
def test_inside_the_group_data_move_under_the_agreement_and_to_its_parties_alone(house: Deployment) -> None:
    ada = holder(house, "agreement@example.com")
    au = share(ada, "run-job", "account.first", "group", "provide", "au")
    no_party = share(ada, "run-job", "account.first", "group", "provide", "perth")
    alive = shared_by(house, "oldclauses", "2022-12-26T12:00:00Z")
    ended = shared_by(house, "oldclauses", "2022-12-29T12:00:00Z")

    assert status(au, no_party) == [200, 403]
    assert (alive["answer"], ended["answer"]) == ("allowed", "refused")


@pytest.mark.clause("smartcomms-0.9")
def test_the_privacy_shield_counts_until_its_last_day_and_never_after(house: Deployment) -> None:
    last = shared_by(house, "shieldco", "2020-07-15T12:00:00Z")
    after = shared_by(house, "shieldco", "2020-07-17T12:00:00Z")
    clauses = shared_by(house, "clauseco", "2022-01-10T12:00:00Z")

    assert [d["answer"] for d in (last, after, clauses)] == ["allowed", "refused", "allowed"]
    assert after["clauses"]


@pytest.mark.clause("smartcomms-6.13", "smartcomms-6.14")
def test_data_leave_the_country_under_a_safeguard_of_the_receivers_own_and_to_four_places_alone(
    house: Deployment,
) -> None:
    ada = holder(house, "places@example.com")
    members = ("clauseco", "bareco", "usageco", "brazilco", "norgeco")
    became = {m: share(ada, "mail-job", "contact.email", "provider", "news", m).status_code for m in members}
    page = house.client().get("/smartcomms/signup").text
    vic = house.client()
    for path in ("/", "/privacy", "/signup", "/mail"):
        vic.get(f"/smartcomms{path}")

    assert became == {"clauseco": 200, "bareco": 403, "usageco": 403, "brazilco": 403, "norgeco": 403}
    assert all(
        p in page for p in ("the United Kingdom", "the United States", "Australia", "the European Union")
    )
    assert "use" not in {a["kind"] for a in ada.get("").json()["acts"]}


@pytest.mark.clause("smartcomms-4.8")
def test_who_carries_out_an_order_gets_that_order_while_the_contract_runs(house: Deployment) -> None:
    ada, ben = holder(house, "order@example.com"), holder(house, "other-order@example.com", "Ben")
    ada.event("contract-begun")
    ben.event("contract-begun")
    collects(ada, "run-job", "order", "contracts", "person", number="O-7", item="Forms", amount="120.00 GBP")
    collects(
        ben, "run-job", "order", "contracts", "person", number="O-8", item="Documents", amount="9.00 GBP"
    )
    sent = share(ada, "run-job", "order contact.email", "provider", "contracts", "payco")
    ada.event("contract-ended")
    later = share(ada, "run-job", "order contact.email", "provider", "contracts", "payco")

    assert status(sent, later) == [200, 403]
    assert sorted(sent.json()["fields"]) == ["contact.email", "order.amount", "order.item", "order.number"]
    assert ben.get("/disclosures").json()["disclosures"] == []


@pytest.mark.clause("smartcomms-4.12")
def test_a_firm_that_does_research_gets_rows_without_a_name(house: Deployment) -> None:
    ada = holder(house, "research@example.com")
    fields = {"at": "2024-03-01T10:00:00Z", "device": "laptop", "system": "Linux", "ip": "192.0.2.57"}
    body = {
        "data": "usage",
        "purpose": "provide",
        "source": "service",
        "member": "documents",
        "fields": {**fields, "installation": "i-1"},
    }
    house.post("run-job", f"/people/{ada.tag}/records", body)
    sent = share(ada, "study-job", "usage", "provider", "research", "studyco", form="pseudonymous")
    plain = share(ada, "study-job", "usage", "provider", "research", "studyco")
    named = share(ada, "study-job", "contact.email", "provider", "research", "studyco", form="pseudonymous")
    got = house.company.mailbox.of("provider", "studyco")[-1].body
    text = " ".join(map(str, got.values()))

    assert status(sent, plain, named) == [200, 403, 403]
    assert all(word not in text for word in ("192.0.2.57", "i-1", ada.mail, "Byron"))


@pytest.mark.clause("smartcomms-4.17")
def test_an_investigator_gets_what_an_alert_is_about_and_only_while_it_stands(house: Deployment) -> None:
    ada, ben = holder(house, "alert@example.com"), holder(house, "calm@example.com", "Ben")
    collects(ada, "care-job", "finding", "guard", "device", reason="many wrong passwords")
    collects(ben, "care-job", "finding", "guard", "device", reason="many wrong passwords")
    before = share(ada, "legal-job", "finding", "investigator", "fraud", "checkco")
    ada.fact("fraud-alert", "sam-security")
    after = share(ada, "legal-job", "finding", "investigator", "fraud", "checkco")
    others = share(ben, "legal-job", "finding", "investigator", "fraud", "checkco")
    stranger = share(ada, "legal-job", "finding", "investigator", "fraud", "otherco")

    assert status(before, after, others, stranger) == [403, 200, 403, 403]


@pytest.mark.clause("smartcomms-4.13")
def test_data_lie_where_the_page_says_and_another_place_does_not_start(
    house: Deployment, tmp_path: Path
) -> None:
    listed = house.client().get("/smartcomms/privacy.json").json()
    wrong = copied(house, tmp_path, store_in_GB="store in BR, GB")
    code, out, err = house.cli("check", str(wrong))

    assert "GB" in str(listed)
    assert code == 1
    assert "BR" in out + err
