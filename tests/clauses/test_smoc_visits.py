"""What a visit leaves behind, what begins with a person who makes themself known, and what never does."""

from __future__ import annotations

import re
from hashlib import md5, sha1, sha256
from typing import Any

import pytest
from lysverk import refused

SUMMER = {
    "hello": "tea",
    "travel": "sea",
    "gender": "",
    "mail": "kari@example.no",
    "coffee": "",
    "news": "no",
}
ALONE = {"hello": "tea", "travel": "sea", "gender": ""}
LINK = re.compile(r"https?://\S+/confirm/\S+")


def tag_of(house: Any, mail: str = "kari@example.no") -> str:
    found = house.post("rewards-job", "/people/find", {"kind": "email", "value": mail})
    return str(found.json().get("tag", ""))


def exported(house: Any, person: Any, data: str) -> list[dict[str, Any]]:
    """Return what a person's own copy says of one category, values only."""
    export = house.get(person.token, "/people/me/export").json()["export"]
    return [r["values"] for r in export["records"] if r["data"] == data]


@pytest.mark.clause("smoc-4.23")
def test_an_address_nobody_confirmed_gets_one_message_and_the_reward_follows_the_yes(smoc: Any) -> None:
    kari, bad = smoc.person(), smoc.person("kari@@nowhere")
    kari.talk("summer", SUMMER)
    smoc.later(hours=2)
    unconfirmed = smoc.mails("kari@example.no")
    link = LINK.findall(unconfirmed[0].text)[0]
    looked = kari.web.get(link)
    after_looking = smoc.mails("kari@example.no")
    kari.web.post(link)
    kari.web.post(link)
    confirmed = smoc.mails("kari@example.no")
    malformed = bad.talk("summer", {**ALONE, "mail": "kari@@nowhere"})

    assert len(unconfirmed) == 1
    assert "One coffee" not in unconfirmed[0].text
    assert looked.status_code == 200
    assert len(after_looking) == 1
    assert [m.subject for m in confirmed] == ["Is this address yours?", "Your reward"]
    assert "One coffee" in confirmed[1].text
    assert malformed.status_code == 422
    assert smoc.web.post("/smoc/confirm/no.such").status_code == 404


@pytest.mark.clause("smoc-4.30")
def test_the_language_is_kept_and_changed_by_its_person_and_mails_follow(deploy: Any) -> None:
    from lysverk import NO, with_power

    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.web.headers["Accept-Language"] = "nb-NO"
    page = kari.get("/f/summer")
    lang = re.findall(r'name="lang" value="([^"]+)"', page.text)[0]
    kari.talk("summer", SUMMER, lang=lang)
    kari.web.post(LINK.findall(house.mails("kari@example.no")[0].text)[0])
    norwegian = house.mails("kari@example.no")[-1]
    kari.sign_in()
    token = kari.token
    held = house.get(token, "/people/me/records", data="language").json()["records"]
    house.call(token, "PATCH", f"/people/me/records/{held[0]['rid']}", {"fields": {"tag": "en"}})
    kari.talk("power", NO)
    english = house.mails("kari@example.no")[-1]
    body = {"data": "nationality", "purpose": "fit", "fields": {"value": "NO"}}
    inferred = house.post("ranking-job", f"/people/{tag_of(house)}/records", body)
    as_field = {"data": "language", "purpose": "account", "fields": {"nationality": "NO"}}
    as_field = house.post("rewards-job", f"/people/{tag_of(house)}/records", as_field)

    assert '<html lang="nb">' in page.text
    assert [h["fields"] for h in held] == [{"tag": "nb"}]
    assert norwegian.subject == "Din belønning"
    assert english.subject == "Your reward"
    assert "50 points" in english.text
    assert inferred.status_code in (403, 422)
    assert (as_field.status_code, as_field.json()["fields"]) == (422, ["nationality"])
