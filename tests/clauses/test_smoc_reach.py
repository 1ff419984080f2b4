"""How the first company is reached: one address from one setting, and a letter by the post."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from living import kari

OLD, NEW = "privacy@smoc.example", "write-us@smoc.example"


def addressed(value: str) -> Any:
    """Change the one setting that holds the address."""

    def edit(folder: Path) -> None:
        file = folder / "site.toml"
        text = file.read_text("utf-8")
        assert text.count(OLD) == 1
        file.write_text(text.replace(OLD, value), "utf-8")

    return edit


@pytest.mark.clause("smoc-9.1")
def test_one_setting_holds_the_address_that_every_place_shows(deploy: Any) -> None:
    house = deploy("smoc", edit=addressed(NEW))
    reader = house.person()
    places = [reader.get(path).text for path in ("/privacy", "/contact", "/published/notice.json")]

    assert all(NEW in place for place in places)
    assert not any(OLD in place for place in places)
    for masked in ("xxx@xxx.com", "[mail]", ""):
        assert "privacy-mail" in checked(house, masked)


def checked(house: Any, value: str) -> str:
    """Return what the check says of the folder with another address in it; it must not be fine."""
    site = house.home / "site.toml"
    was = site.read_text("utf-8")
    site.write_text(was.replace(NEW, value), "utf-8")
    code, out, err = house.cli("check", str(house.home))
    site.write_text(was, "utf-8")
    assert code == 1
    return str(out + err)


@pytest.mark.clause("smoc-9.2")
def test_a_letter_is_a_case_from_the_day_it_was_received_at_the_address_that_is_published(
    deploy: Any,
) -> None:
    house = deploy("smoc").at("2025-01-30T10:00:00+01:00")
    life = kari(house)
    house.at("2025-02-05T10:00:00+01:00")
    letter = {
        "address": life.mail,
        "right": "access",
        "channel": "letter",
        "received": "2025-01-31T11:00:00+01:00",
    }
    entered = house.post("stine-steward", "/mail", letter)
    assert entered.status_code == 200, entered.text
    case = next(
        r for r in house.get("stine-steward", "/requests").json()["requests"] if r["right"] == "access"
    )
    notice = house.person().get("/privacy").text
    told = json.loads(house.person().get("/published/notice.json").text)["controllers"][0]
    ahead = house.post("stine-steward", "/mail", {**letter, "received": "2025-02-06T11:00:00+01:00"})

    assert case["made"].startswith("2025-01-31")
    assert case["due"].startswith("2025-02-28") or case["due"].startswith("2025-03-01T00:00:00+01:00")
    assert told["address"] == "Fritzners gate 19, 0264 Oslo"
    assert told["address"] in notice
    assert ahead.status_code >= 400
