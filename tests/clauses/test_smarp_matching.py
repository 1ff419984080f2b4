"""Sources and reports at the fourth company: what is listed comes in, and a child is held still at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, Member, networked, opened

KEYS = (
    *SMARP,
    Asker("site-job", "job", purposes=("reply",)),
    Asker("any-job", "job", purposes=("better-product",)),
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The fourth company with a room of Acme's, on 3 March 2025."""
    now = datetime(2025, 3, 3, 10, tzinfo=UTC)
    served = Deployment(tmp_path_factory.mktemp("matching"), "smarp", KEYS, now)
    yield served
    served.close()


@pytest.fixture(scope="module")
def kid(house: Deployment) -> Member:
    """Somebody with an account, who is said to be a child."""
    return opened(house, networked(house), "kid@acme.example", "Acme", "Kiddo")


@pytest.mark.clause("smarp-5.1.11")
def test_a_listed_source_brings_in_with_its_name_and_a_notice_and_an_unlisted_one_brings_nothing(
    house: Deployment,
) -> None:
    def brings(source: str) -> Any:
        letter = {"text": "Please call", "address": "anna@beta.example"}
        return house.post(
            "site-job",
            "/imports",
            {"data": "letter", "purpose": "reply", "source": source, "records": [letter]},
        )

    first, second = brings("sites"), brings("list-broker")
    tag = first.json()["records"][0]["tag"]
    rows = house.get("site-job", f"/people/{tag}/records", data="letter", purpose="reply").json()["records"]
    notice = [m.text for m in house.mails("anna@beta.example")]

    assert first.status_code == 201, first.text
    assert [r["source"] for r in rows] == ["sites"]
    assert len(notice) == 1
    assert "Our other sites that stand in the list" in notice[0]
    assert second.status_code == 403


@pytest.mark.clause("smarp-5.1.10")
def test_a_letter_is_matched_by_a_declared_rule_on_a_yes_and_nothing_else_is_joined(
    house: Deployment, kid: Member
) -> None:
    anna = kid

    def writes(text: str) -> list[Any]:
        sent = {"address": anna.mail, "text": text}
        assert house.post("saara-support", "/mail", sent).status_code in (200, 201)
        copy = house.get(anna.token, "/people/me/export").json()["export"]
        return [r for r in copy["records"] if r["data"] == "matched-letter"]

    before = writes("My picture is upside down.")
    house.post(anna.token, "/people/me/age", {"years": 30})
    house.post(anna.token, "/people/me/consents", {"name": "mail-match", "given": True})
    after = writes("It is still upside down.")
    record = house.web.get("/smarp/published/record.json")
    undeclared = house.get(
        "better-job",
        f"/people/{anna.tag}/records",
        data="log",
        purpose="better-product",
        **{"with": "answer"},
    )

    assert before == []
    assert [r["purposes"] for r in after] == [["match"]]
    assert "match" in record.text
    assert undeclared.status_code == 403


@pytest.mark.clause("smarp-12.2")
def test_a_parent_without_an_account_has_a_childs_data_held_still_and_is_shown_nothing(
    house: Deployment, kid: Member
) -> None:
    before = house.get("service-job", f"/people/{kid.tag}/records", data="member", purpose="service")
    browser = house.person("parent@home.example")
    page = browser.get("/child-report").text
    sent = browser.web.post(
        "/smarp/child-report",
        data={"child": "kid@acme.example", "email": "parent@home.example", "relation": "her mother"},
    )
    after = house.get("service-job", f"/people/{kid.tag}/records", data="member", purpose="service")
    queue = [r for r in house.get("dana-dpo", "/requests").json()["requests"] if r["right"] == "child-report"]
    receipt = house.mails("parent@home.example")
    nobody = {"child": "no@acme.example", "address": "parent@home.example", "relation": "her mother"}
    same = house.post("", "/child-reports", nobody)

    assert "no account" in page
    assert (before.status_code, after.status_code) == (200, 403)
    assert [(r["tag"], r["due"][:10]) for r in queue] == [(kid.tag, "2025-03-06")]
    assert len(receipt) == 1
    assert "Kiddo" not in sent.text + receipt[0].text
    assert same.status_code == 201
    assert set(same.json()) == {"number", "due"}
