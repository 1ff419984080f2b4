"""Whether somebody has a right to a reward: by the published rule, with its reason, and a person to ask."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from lysverk import NO, with_power


def until_march(folder: Path) -> None:
    """Let rule 2 of the points end on 31 March 2025."""
    with_power(folder)
    file = folder / "rewards.toml"
    text = file.read_text("utf-8")
    assert 'name = "points"\n' in text
    file.write_text(
        text.replace('name = "points"\n', 'name = "points"\nuntil = "2025-03-31"\nversion = 2\n'), "utf-8"
    )


def judgements(house: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start = 0
    while page := house.get("stine-steward", "/evidence/entries", start=str(start)).json()["entries"]:
        start += len(page)
        found += [e["detail"] for e in page if e["kind"] == "entitlement"]
    return found


@pytest.mark.clause("smoc-8.4")
def test_a_reward_is_refused_by_its_rule_with_the_reason_and_a_person_to_look_at_it(deploy: Any) -> None:
    house = deploy("smoc", edit=until_march).at("2025-03-31T21:00:00+00:00")
    ola = house.person("ola@example.no")
    given = ola.talk("power", {**NO, "mail": ola.mail})
    house.at("2025-04-01T08:00:00+00:00")
    kari = house.person()
    denied = kari.talk("power", NO)
    csrf = re.findall(r'name="csrf" value="([^"]+)"', denied.text)[-1]
    asked = kari.web.post("/smoc/f/power/review", data={"csrf": csrf, "reward": "points"})
    forged = house.client().post("/smoc/f/power/review", data={"csrf": csrf, "reward": "points"})
    other = kari.web.post("/smoc/f/power/review", data={"csrf": csrf, "reward": "car"})
    kari.sign_in()
    me = house.get(kari.token, "/people/me").json()
    queue = house.get("stine-steward", "/requests").json()["requests"]
    mine = [r for r in queue if r["right"] == "review"]
    override = [
        house.post(
            "lysverk-key", f"/people/{mine[0]['tag']}/credits", {"reward": "points", "key": "power/points"}
        ),
        house.post(
            "lysverk-key",
            f"/people/{mine[0]['tag']}/records",
            {"data": "reward", "purpose": "entitlement", "fields": {"entitlement": "E", "amount": 50}},
        ),
    ]

    assert "50 points at Lysverk" in given.text
    assert "Not given: 50 points at Lysverk" in re.sub(r"\s+", " ", denied.text)
    assert "until 31 March 2025; you finished on 1 April 2025" in denied.text
    assert "version 2" in denied.text
    assert "Have a person look at it" in denied.text
    assert (asked.status_code, forged.status_code, other.status_code) == (200, 409, 400)
    assert "answers by 1 May 2025" in asked.text
    assert len(mine) == 1
    assert [r for r in me["records"] if r["data"] == "reward"] == []
    assert [answer.status_code for answer in override] == [403, 403]
    assert [(j["outcome"], j["version"], j["day"]) for j in judgements(house)] == [
        ("given", "2", "2025-03-31"),
        ("late", "2", "2025-04-01"),
    ]
