"""Who hears from the company: of the service, of its news on a yes, of what others sponsor on another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from deployment import Asker, Deployment
from rooms import SMARP, networked, opened

KEYS = (Asker("sponsor-key", "sponsor", member="sponsor-z"), Asker("talk-job", "job", purposes=("talk",)))
EVENT = {"subject": "An evening in Helsinki", "text": "Come and see what is new."}


class Reader:
    """Somebody who left an address for news, of age."""

    def __init__(self, house: Deployment, name: str, *agreed: str) -> None:
        self.house, self.mail = house, f"{name}@firm.example"
        who = {"who": {"kind": "email", "value": self.mail}}
        self.tag = house.post("news-job", "/people", who).json()["tag"]
        self.token = house.token(self.mail)
        self.post("/age", {"years": 41})
        self.post("/records", {"data": "subscription", "purpose": "post-news", "fields": {"postal": name}})
        for consent in agreed:
            self.post("/consents", {"name": consent, "given": True})
            body = {"data": "subscription", "purpose": "news", "fields": {"email": self.mail}}
            assert self.post("/records", body).status_code in (201, 403)

    def post(self, path: str, body: Any) -> Any:
        return self.house.post(self.token, f"/people/me{path}", body)

    def got(self, subject: str) -> list[Any]:
        return [m for m in self.house.mails(self.mail) if m.subject == subject]


def mailed(house: Deployment, purpose: str, **message: str) -> int:
    """Send a message to everybody who may get it; return how many left, or the status of a no."""
    made = house.post("news-job", "/mailings", {"purpose": purpose, **(message or EVENT)})
    if made.status_code != 201:
        return int(made.status_code)
    return int(house.post("news-job", f"/mailings/{made.json()['number']}/send", {}).json()["sent"])


def posted(house: Deployment) -> list[str]:
    """Return to which postal addresses the news may go."""
    asked = {"data": "subscription", "field": "postal", "purpose": "post-news"}
    return [r["fields"]["postal"] for r in house.get("news-job", "/use", **asked).json()["rows"]]


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    served = Deployment(
        tmp_path_factory.mktemp("news"), "smarp", (*SMARP, *KEYS), now=datetime(2025, 3, 3, 9, tzinfo=UTC)
    )
    yield served
    served.close()


@pytest.mark.clause("smarp-5.1.12")
def test_news_goes_to_who_said_yes_with_a_way_out_that_holds_and_by_post_to_nobody_who_objected(
    house: Deployment,
) -> None:
    anna, aki, olli = Reader(house, "anna", "news"), Reader(house, "aki"), Reader(house, "olli", "news")
    before = posted(house)
    objected = [olli.post("/objections", {"purpose": p}).status_code for p in ("news", "post-news")]
    house.at("2025-03-04T10:00:00+02:00")
    sent = mailed(house, "news")
    mail = anna.got(EVENT["subject"])[0]
    headers = dict(mail.headers())
    left = house.client().post(mail.unsubscribe, data={"List-Unsubscribe": "One-Click"})
    again = mailed(house, "news")

    assert sorted(before) == ["aki", "anna", "olli"]
    assert objected == [200, 200]
    assert sent == 1
    assert [len(p.got(EVENT["subject"])) for p in (anna, aki, olli)] == [1, 0, 0]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert left.status_code == 200
    assert again == 0
    assert "olli" not in posted(house)
    assert "aki" in posted(house)


@pytest.mark.clause("smarp-5.1.5")
def test_what_belongs_to_the_service_reaches_who_said_no_to_news_and_carries_no_offer(
    house: Deployment,
) -> None:
    anna = opened(house, networked(house), "anna@acme.example", "Acme", "Anna Aalto")
    reader = Reader(house, "maija", "news")
    house.post(anna.token, "/people/me/objections", {"purpose": "direct marketing"})
    path = f"/people/{anna.tag}/notices"
    said = {"purpose": "talk", "subject": "Your sign-in", "text": "Your sign-in was changed today."}
    told = house.post("talk-job", path, said)
    bait = house.post("talk-job", path, {**said, "text": "offer: Half off this week"})
    newsletter = mailed(house, "news")
    texts = {m.subject: m.text for m in house.mails(anna.mail)}

    assert told.status_code in (200, 201)
    assert bait.status_code == 422
    assert newsletter == 1
    assert len(reader.got(EVENT["subject"])) == 1
    assert "Your sign-in was changed today." in texts["Your sign-in"]
    assert "Smarp sent you this, because it belongs to what you have with us" in texts["Your sign-in"]
    assert EVENT["subject"] not in texts
    assert not any("Half off" in text for text in texts.values())


@pytest.mark.clause("smarp-5.1.13")
def test_what_others_sponsor_waits_for_a_yes_of_its_own_names_them_and_gives_them_no_address(
    house: Deployment,
) -> None:
    anna = Reader(house, "anna", "news")
    notice = {
        "subject": "A talk",
        "text": "Sponsored by Sponsor Z Oy: a talk on trade.",
        "member": "sponsor-z",
    }
    first = mailed(house, "sponsored", **notice)
    anna.post("/consents", {"name": "sponsored", "given": True})
    second = mailed(house, "sponsored", **notice)
    text = anna.got("A talk")[0].text
    address = {
        "data": ["subscription.email"],
        "party": "sponsor",
        "member": "sponsor-z",
        "purpose": "sponsored",
    }
    refused = [
        house.get("sponsor-key", "/mailings"),
        house.get("sponsor-key", "/use", data="subscription", purpose="sponsored"),
        house.post("news-job", f"/people/{anna.tag}/shares", address),
    ]

    assert (first, second) == (0, 1)
    assert "Smarp sent you this, with an offer of Sponsor Z Oy" in text
    assert [r.status_code for r in refused] == [403, 403, 403]
    assert house.get("sponsor-key", "/deliveries").json()["deliveries"] == []
