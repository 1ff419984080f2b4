"""How a member comes in where only codes let anybody in: a door that shuts by itself, and its way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from deployment import Deployment
from rooms import SMARP, networked, opened

LINK = re.compile(r"https://\S+/was-me/\S+")
BASE = "/smarp"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    made = Deployment(tmp_path_factory.mktemp("entry"), "smarp", SMARP, datetime(2025, 3, 10, 10, tzinfo=UTC))
    opened(made, networked(made), "anna@acme.example", "Acme", "Anna A.")
    yield made
    made.close()


@pytest.mark.clause("smarp-5.1.2")
def test_wrong_codes_shut_a_door_that_its_owner_is_told_of_and_opens_again(house: Deployment) -> None:
    mail = "anna@acme.example"
    before = len(house.mails(mail))
    first = house.person(mail)
    first.web = house.client("198.51.100.200")
    page = first.web.post(f"{BASE}/signin", data={"email": mail})
    secret = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    tries = []
    for _ in range(10):
        fields = {"csrf": secret, "code": "000000"}
        tries.append(first.web.post(f"{BASE}/signin/code", data=fields).status_code)
        house.later(seconds=20)
    shut = house.person(mail).web.post(f"{BASE}/signin", data={"email": mail})
    told = [m for m in house.mails(mail)[before:] if m.subject == "Is somebody at your account?"]
    link = LINK.search(told[0].text)
    assert link
    looked = house.client().get(link[0])
    still = house.person(mail).web.post(f"{BASE}/signin", data={"email": mail})
    lifted = house.client().post(link[0])
    forged = house.client().get(f"{link[0][:-1]}x")
    tag = house.post("service-job", "/people/find", {"kind": "email", "value": mail}).json().get("tag", "")
    sold = house.get("news-job", f"/people/{tag}/records", data="block", purpose="news")
    came = house.person(mail).sign_in()
    copy = house.get(house.token(mail), "/people/me").json()
    blocks = [r["fields"]["reason"] for r in copy["records"] if r["data"] == "block"]
    house.later(days=2)
    old = house.client().get(link[0])

    assert tries == [422] * 5 + [429] * 5
    assert shut.status_code == 429
    assert len(told) == 1
    assert (looked.status_code, still.status_code, lifted.status_code) == (200, 429, 200)
    assert (forged.status_code, old.status_code) == (404, 404)
    assert sold.status_code == 403
    assert came.status_code == 200
    assert blocks == ["many wrong codes within minutes"]
