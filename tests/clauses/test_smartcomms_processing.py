"""Work for customers at the third company: who helps with it, where that lies, and what is held of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import served
from deployment import Deployment, Person

CELL, TAG = re.compile(r"<td>(.*?)</td>", re.DOTALL), re.compile(r"<[^>]+>")
FIRM = """
[[sub-processor]]
name = "{name}"
title = "{title}"
country = "US"
data = "end-user data, at rest"
agreement = "{agreement}"
"""
REASON = "Art. 49(1)(b): the customer asked for delivery there while the clauses are being signed"
EXCEPTION = f"""exception = {{ term = "agreement", reason = "{REASON}", by = "otto", approved = "sam", \
since = "2024-02-01", until = "2024-04-01" }}
"""


def firms(folder: Path) -> None:
    """List firms in America: with the clauses, with nothing, with a derogation alone, and with its reason."""
    text = (
        FIRM.format(name="cloud-us", title="CloudCo Inc.", agreement="2023-10-01")
        + 'safeguard = "scc-2021"\n'
    )
    text += FIRM.format(name="otherco", title="OtherCo Inc.", agreement="none")
    for name, more in (("bareco", ""), ("bridgeco", EXCEPTION)):
        text += FIRM.format(name=name, title=name, agreement="none") + 'safeguard = "exceptional"\n' + more
    parties = folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + text, "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("processing"), edit=firms) as made:
        yield made


def loads(house: Deployment, who: str, reference: str) -> str:
    body = {"reference": reference, "data": "end-user", "fields": {"name": f"Eve {reference}"}}
    answer = house.post(who, "/entrusted", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["tag"])


def sends(house: Deployment, tag: str, firm: str) -> Any:
    body = {"data": ["end-user.name"], "party": "sub-processor", "member": firm, "purpose": "serve-customer"}
    return house.post("serve-job", f"/people/{tag}/shares", body)


def desk(house: Deployment, key: str) -> Person:
    """Come in as a customer's administrator, on the pages."""
    who = house.person("")
    assert who.post("/partner/signin", {"code": key}).status_code == 200
    return who


def rows(who: Person, title: str) -> list[list[str]]:
    """Return the cells of the table under a heading of a customer's page."""
    part = who.get("/partner/").text.split(title)[1].split("</table>")[0]
    found = (CELL.findall(row) for row in part.split("<tr>"))
    return [[TAG.sub("", cell) for cell in cells] for cells in found if cells]


@pytest.mark.clause("smartcomms-6.9")
def test_a_firm_abroad_needs_an_agreement_or_a_written_reason_of_two_people_that_is_listed(
    house: Deployment,
) -> None:
    tag = loads(house, "acme-key", "abroad")
    became = {n: sends(house, tag, n).status_code for n in ("cloud-us", "otherco", "bareco", "bridgeco")}
    listed = house.get("sam-security", "/exceptions").json()["exceptions"]
    house.at("2024-04-02T09:00+00:00")
    after = sends(house, tag, "bridgeco").status_code
    house.at("2024-03-01T12:00+00:00")

    assert became == {"cloud-us": 200, "otherco": 403, "bareco": 403, "bridgeco": 200}
    assert [(e["member"], e["term"], e["reason"]) for e in listed] == [("bridgeco", "agreement", REASON)]
    assert after == 403


@pytest.mark.clause("smartcomms-6.8")
def test_a_customers_page_lists_who_helps_with_its_data_and_nobody_else_gets_any(house: Deployment) -> None:
    tag = loads(house, "acme-key", "helped")
    page = rows(desk(house, "acme-key"), "Firms that help us with your data")
    stranger, listed = sends(house, tag, "newco"), sends(house, tag, "cloudco")
    partner = desk(house, "printco-key").get("/partner/").text
    nobody = house.client().get("/smartcomms/partner/", follow_redirects=False)

    cloud = next(row for row in page if row[0] == "CloudCo Ltd")
    assert cloud[1] == "IE"
    assert "People our customers deal with" in cloud[2]
    assert "end-user data and samples, at rest" in cloud[2]
    assert {row[0] for row in page} >= {"CloudCo Inc.", "bridgeco"}
    assert not [row for row in page if "MailCo" in row[0]]
    assert (stranger.status_code, listed.status_code) == (403, 200)
    assert "Firms that help us" not in partner
    assert nobody.status_code == 303


@pytest.mark.clause("smartcomms-6.12")
def test_a_dispute_holds_what_it_names_is_shown_to_its_customer_and_ends_with_the_dispute(
    house: Deployment,
) -> None:
    tags = [loads(house, "acme-key", f"row-{n}") for n in range(100)]
    loads(house, "borel-key", "row-0")
    dispute = {"name": "customer-dispute", "holds": True}
    wrong_hand = house.post("cara-support", f"/people/{tags[0]}/facts", dispute)
    house.at("2024-06-30T12:00+00:00")
    ended = {"party": "customer", "member": "acme", "event": "contract-ended"}
    house.post("run-job", "/entrusted/events", ended)
    house.at("2024-07-30T20:00+00:00")
    held = [house.post("otto-officer", f"/people/{t}/facts", dispute).status_code for t in tags[:20]]
    house.at("2024-07-31T12:00+00:00").sweep()
    left = [house.get("acme-key", f"/entrusted/{t}").status_code for t in tags]
    page = rows(desk(house, "acme-key"), "Held beyond its day")
    others = desk(house, "borel-key").get("/partner/").text
    used = sends(house, tags[0], "cloudco")
    house.at("2024-08-15T09:00+00:00").sweep()
    still = {house.get("acme-key", f"/entrusted/{t}").status_code for t in tags[:20]}
    for tag in tags[:20]:
        done = house.post("otto-officer", f"/people/{tag}/facts", {**dispute, "holds": False})
        assert done.status_code == 200, done.text
    house.at("2024-08-16T02:00+00:00").sweep()
    after = {house.get("acme-key", f"/entrusted/{t}").status_code for t in tags}
    nothing = desk(house, "acme-key").get("/partner/").text

    assert wrong_hand.status_code == 403
    assert held == [200] * 20
    assert left == [200] * 20 + [404] * 80
    assert [(row[0], row[1]) for row in page] == [("A dispute with the customer on record", "20")]
    assert used.status_code == 403
    assert (still, after) == ({200}, {404})
    assert "Held beyond its day" not in others
    assert "Held beyond its day" not in nothing
