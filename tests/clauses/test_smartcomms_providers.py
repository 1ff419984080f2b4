"""Firms that work for the third company: terms no weaker, or an exception of two people with an end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from comms import Holder, holder, served
from deployment import Deployment

FIRM = """
[[provider]]
name = "{name}"
title = "{name} Ltd"
country = "GB"
contract = "{contract}"
instructions = {{ version = 1, signed = "2023-10-01", purposes = ["news"] }}
"""
EXCEPTION = """exception = {{ term = "contract", reason = "{reason}", by = "otto", approved = "{approved}", \
since = "2024-02-01", until = "{until}" }}
"""


def firms(folder: Path) -> None:
    """List a firm with terms, and firms without: unexcused, excused, excused by one alone, for too long."""
    excused = EXCEPTION.format(reason="terms are being signed", approved="sam", until="2024-03-15")
    alone = EXCEPTION.format(reason="terms are being signed", approved="otto", until="2024-03-15")
    endless = EXCEPTION.format(reason="terms are being signed", approved="sam", until="2024-12-31")
    text = FIRM.format(name="goodco", contract="2023-10-01, no weaker")
    text += FIRM.format(name="oldhost", contract="none")
    for name, more in (("bridgeco", excused), ("aloneco", alone), ("endlessco", endless)):
        text += FIRM.format(name=name, contract="none") + more
    text += FIRM.format(name="lateco", contract="2023-10-01 to 2024-02-28")
    parties = folder / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + text, "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("firms"), edit=firms) as made:
        yield made


def sent(life: Holder, firm: str) -> int:
    body = {"data": ["contact.email"], "party": "provider", "member": firm, "purpose": "news"}
    return life.house.post("mail-job", f"/people/{life.tag}/shares", body).status_code


@pytest.mark.clause("smartcomms-4.7")
def test_a_firm_gets_nothing_without_terms_but_by_an_exception_with_a_reason_two_people_and_an_end(
    house: Deployment,
) -> None:
    ada = holder(house, "terms@example.com")
    names = ("goodco", "oldhost", "bridgeco", "aloneco", "endlessco", "lateco")
    became = {name: sent(ada, name) for name in names}
    listed = house.get("sam-security", "/exceptions").json()["exceptions"]
    hidden = house.get("cara-support", "/exceptions")
    house.at("2024-03-16T09:00+00:00")
    after, none = sent(ada, "bridgeco"), house.get("sam-security", "/exceptions").json()["exceptions"]

    assert became == {
        "goodco": 200,
        "oldhost": 403,
        "bridgeco": 200,
        "aloneco": 403,
        "endlessco": 403,
        "lateco": 403,
    }
    assert [(e["member"], e["reason"], e["until"]) for e in listed] == [
        ("bridgeco", "terms are being signed", "2024-03-15")
    ]
    assert hidden.status_code == 403
    assert (after, none) == (403, [])
