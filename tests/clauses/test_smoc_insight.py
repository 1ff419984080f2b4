"""Insight: brands read numbers about groups of their own market, which give nobody away, however often."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from devices import shown
from lysverk import refused, tag_of

ASK = """---
title: A sip
language: en
---
One question.

## drink
What do you drink?
ask taste.drink choice for learn
- coffee: Coffee
- tea: Tea
- juice: Mate

## mail
Where may we write to you?
ask contact.email email for credit

## bye
Thank you.
end
"""


def with_sip(folder: Path) -> None:
    """Add a conversation that asks for the drink, and a second market that is nobody's."""
    (folder / "flows/sip.md").write_text(ASK, "utf-8")
    site = folder / "site.toml"
    text = site.read_text("utf-8").replace('flows = ["summer"', 'flows = ["summer", "sip"')
    text = text.replace(
        "[clients.bryggen-kaffe]",
        '[markets.trips]\ntitle = "Trips"\ntables = ["survey.answer"]\n\n[clients.bryggen-kaffe]',
    )
    site.write_text(text, "utf-8")


def says(house: Any, drink: str, *people: int) -> None:
    """Let people by number answer the question."""
    for n in people:
        mail = f"{drink}{n}@example.no"
        house.person(mail).talk("sip", {"drink": drink, "mail": mail})


def told(house: Any, key: str = "tindesaft-key") -> dict[str, int | None]:
    answer = house.get(key, "/insight/drinks")
    assert answer.status_code == 200, answer.text
    return {c["value"]: c["people"] for c in answer.json()["tables"][0]["cells"]}


@pytest.fixture
def sip(deploy: Any) -> Any:
    house = deploy("smoc", edit=with_sip)
    says(house, "tea", *range(25))
    says(house, "coffee", *range(12))
    says(house, "juice", *range(4))
    return house


@pytest.mark.clause("smoc-6.3")
def test_a_group_of_four_is_withheld_and_no_total_tells_it_and_one_who_leaves_shows_nowhere(sip: Any) -> None:
    first = sip.get("tindesaft-key", "/insight/drinks")
    cells = told(sip)
    sip.post(sip.token("coffee0@example.no"), "/people/me/erasure", {"sure": True})
    one_gone = told(sip)
    says(sip, "juice", *range(4, 10))
    ten = told(sip)
    for n in range(1, 3):
        token = sip.token(f"tea{n}@example.no")
        sip.post(token, "/people/me/objections", {"purpose": "insight"})
    two_object = told(sip)
    sip.post(sip.token("tea3@example.no"), "/people/me/restrictions", {"data": "*", "on": True})
    for n in range(4, 12):
        sip.post(sip.token(f"tea{n}@example.no"), "/people/me/objections", {"purpose": "insight"})
    eleven_out = told(sip)

    assert (cells["tea"], cells["coffee"], cells["juice"]) == (25, 12, None)
    assert not any(str(n) in first.text.replace("2025", "") for n in (41, 37))
    assert "total" not in first.json()["tables"][0]
    assert one_gone == cells
    assert ten["juice"] == 10
    assert two_object["tea"] == 25
    assert (eleven_out["tea"], eleven_out["coffee"], eleven_out["juice"]) == (14, 12, 10)


@pytest.mark.clause("smoc-6.3")
def test_an_edition_outlives_a_restart_and_leaves_no_list_of_people_behind(deploy: Any) -> None:
    sip = deploy("smoc", edit=with_sip)
    says(sip, "tea", *range(10))
    before = told(sip)
    sip.company.close()
    sip.open()
    sip.post(sip.token("tea0@example.no"), "/people/me/erasure", {"sure": True})
    after = told(sip)
    log = [
        e
        for start in range(0, 2000, 500)
        for e in sip.get("stine-steward", "/evidence/entries", start=str(start)).json()["entries"]
        if e["kind"] == "insight told"
    ]

    assert after == before
    assert [e["detail"]["cells"] for e in log] == [{"tea": [10, 1, 10]}]
    assert "example.no" not in str(log)


@pytest.mark.clause("smoc-6.3")
def test_where_another_table_may_tell_the_sum_no_single_small_group_is_what_is_missing(deploy: Any) -> None:
    def both(folder: Path) -> None:
        with_sip(folder)
        site = folder / "site.toml"
        text = site.read_text("utf-8")
        site.write_text(text.replace('["taste.drink"]', '["taste.drink", "taste.travel"]'), "utf-8")

    house = deploy("smoc", edit=both)
    says(house, "tea", *range(11))
    says(house, "coffee", *range(10))
    says(house, "juice", *range(2))
    cells = told(house)

    assert (cells["tea"], cells["coffee"], cells["juice"]) == (11, None, None)


@pytest.mark.clause("smoc-6.4")
def test_a_brand_reads_its_own_market_and_nothing_else_and_no_one_elses(sip: Any) -> None:
    mine = sip.get("tindesaft-key", "/insight").json()["markets"]
    other = sip.get("tindesaft-key", "/insight/trips")
    nowhere = sip.get("tindesaft-key", "/insight/nowhere")
    tag = tag_of(sip, "tea1@example.no")
    closed = [
        sip.get("tindesaft-key", f"/people/{tag}/records", data="taste", purpose="insight"),
        sip.get("tindesaft-key", f"/people/{tag}"),
        sip.get("tindesaft-key", f"/people/{tag}/export"),
        sip.get("tindesaft-key", "/use", data="taste", purpose="insight"),
        sip.post("tindesaft-key", "/people/find", {"kind": "email", "value": "tea1@example.no"}),
        sip.post("tindesaft-key", f"/people/{tag}/shares", {"data": ["taste"], "purpose": "insight"}),
        sip.post("tindesaft-key", "/instructions", {"purposes": ["insight"]}),
    ]
    operator, job = sip.get("kraft2-key", "/insight/drinks"), sip.get("rewards-job", "/insight/drinks")
    client, other_client = told(sip, "lysverk-client-key"), sip.get("kaffe-key", "/insight/drinks")
    desk = sip.person("staff@example.no")
    before = desk.get("/console/insight")
    desk.post("/console/signin", {"code": "stine-steward", "second": shown(sip.now)})
    page = desk.get("/console/insight", of="brand:tindesaft:drinks").text
    file = desk.get("/console/insight.csv", of="brand:tindesaft:drinks").text
    none = desk.get("/console/insight.csv", of="brand:tindesaft:trips")

    assert mine == [{"name": "drinks", "title": "Cold drinks"}]
    assert refused(other)
    assert refused(nowhere)
    assert [c.status_code for c in closed[:6]] == [403] * 6
    assert closed[6].status_code in (403, 409)
    assert refused(operator)
    assert refused(job)
    assert client == told(sip)
    assert refused(other_client)
    assert before.status_code == 401
    assert "tea: 25" in page
    assert "<svg" in page
    assert "withheld" in page
    assert "taste.drink,tea,25" in file
    assert "taste.drink,juice,withheld" in file
    assert none.status_code == 404
