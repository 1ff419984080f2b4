"""Work for customers at the third company: who helps with it, where that lies, and what is held of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from comms import served
from deployment import Deployment, Person

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
