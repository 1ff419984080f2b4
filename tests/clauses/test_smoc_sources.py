"""Where data come from: answers, other businesses, and what is fetched or passed on only after a yes."""

from __future__ import annotations

from typing import Any

import pytest
from lysverk import ANSWERS, NO, YES, push, refused, with_power


@pytest.mark.clause("smoc-3.10", "smoc-4.27")
def test_what_a_business_hands_in_names_it_and_is_told_at_the_next_visit(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    house.at("2025-03-03T12:00+01:00")
    unknown = push(house, "lysverk-key", "ola@example.no")
    stranger = push(house, "kraft2-key", "kari@example.no")
    nobody, shared = push(house, "", "kari@example.no"), push(house, "rewards-job", "kari@example.no")
    taken = push(house, "lysverk-key", "kari@example.no", source="own customer since 2019")
    first, second = kari.sign_in().text, kari.get("/me").text
    export = house.get(kari.token, "/people/me/export").json()["export"]
    held = [r for r in export["records"] if r["data"] == "customer"]

    assert refused(unknown)
    assert refused(stranger)
    assert "ola@example.no" not in unknown.text
    assert (nobody.status_code, shared.status_code) == (401, 403)
    assert taken.json()["records"][0]["stored"] is True
    assert [(r["source"], r["collected"][:10], r["values"]) for r in held] == [
        ("operator:lysverk", "2025-03-03", {"number": "4711"})
    ]
    assert 'id="untold"' in first
    assert all(word in first for word in ("Lysverk", "own customer since 2019", "Datatilsynet", "4711"))
    assert 'id="untold"' not in second


@pytest.mark.clause("smoc-3.10")
def test_what_nobody_was_told_of_within_a_month_is_erased(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    house.at("2025-03-03T12:00+01:00")
    push(house, "lysverk-key", "kari@example.no")
    tag = house.post("rewards-job", "/people/find", {"kind": "email", "value": "kari@example.no"}).json()[
        "tag"
    ]
    path = f"/people/{tag}/records"
    house.at("2025-04-03T23:59+02:00")
    before = house.get("rewards-job", path, data="customer", purpose="account").json()["records"]
    house.at("2025-04-04T00:00+02:00")
    after = house.get("rewards-job", path, data="customer", purpose="account").json()["records"]

    assert [r["fields"] for r in before] == [{"number": "4711"}]
    assert after == []
