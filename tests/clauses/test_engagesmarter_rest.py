"""The second company's remaining promises: served or not at all, recommended, counted, corrected, carried on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, VERSION, asks, user
from deployment import Asker, Deployment
from living import Life
from starlette.testclient import TestClient

from troth import web
from troth.cli import main

KEYS = (*ENGAGE, Asker("any-job", "job", purposes=("trends", "measure", "recommend", "news-mail")))
START = datetime(2024, 3, 11, 10, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The second company, shared by scenarios that do not disturb each other."""
    served = Deployment(tmp_path_factory.mktemp("rest"), "engagesmarter", KEYS, now=START)
    yield served
    served.close()


def entries(house: Deployment) -> list[Any]:
    """Return every entry of the evidence, page by page."""
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


def noted(life: Life, feature: str) -> None:
    at = life.house.now.isoformat()
    answer = life.noted("number-job", "usage", "better", feature=feature, at=at, session="s")
    assert answer.status_code == 201, answer.text


@pytest.mark.clause("engagesmarter-1.2")
def test_an_input_is_decided_by_a_clause_of_a_version_and_without_a_document_nothing_is_taken(
    house: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = user(house, "ada12@acme.example")
    before = len(entries(house))
    asked = asks(ada, "How do I reset?")
    written = [e for e in entries(house)[before:] if e["kind"] == "conversed"]
    ready = house.web.get("/-/ready")

    broken = tmp_path / "engagesmarter"
    broken.mkdir()
    (broken / "policy.md").write_text("# Nothing\n\n```troth\nkeep nothing 30 days\n```\n", "utf-8")
    served: list[Any] = []
    monkeypatch.setattr("troth.cli.serve.uvicorn.run", lambda app, **more: served.append(app))
    words = ["serve", str(broken), "--store", str(tmp_path / "people.db"), "--stand-by"]
    code = main(words, make=web.app)
    client = TestClient(served[0], base_url=house.base)
    unready = client.get("/-/ready")
    body = {"model": "helpdesk", "messages": [{"role": "user", "content": "Hello"}]}
    sent = client.post("/engagesmarter/v1/chat/completions", json=body)

    assert asked.status_code == 200
    assert [(e["clause"], e["version"]) for e in written] == [("8", "2024-03-03")]
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert code == 0
    assert (unready.status_code, unready.json()["unready"]) == (503, ["engagesmarter"])
    assert sent.status_code == 503
    assert not (tmp_path / "people.db").exists()


@pytest.mark.clause("engagesmarter-10.27")
def test_a_recommendation_says_why_waits_for_its_yes_and_goes_by_mail_on_a_second_yes_alone(
    house: Deployment,
) -> None:
    ada, ben = user(house, "ada27@acme.example"), user(house, "ben27@acme.example")
    for life in (ada, ben):
        life.agrees("better")
        noted(life, "agents")
    pages = {life.mail: house.person(life.mail) for life in (ada, ben)}
    for browser in pages.values():
        browser.sign_in()
    ada.agrees("recommend")
    shown = pages[ada.mail].get("/").text
    for_ben = pages[ben.mail].get("/").text
    by_mail = [house.post("offer-job", "/mailings", body).json() for body in (WORDED,)]
    plain = {"purpose": "recommend", "subject": "For you", "text": "offer: agents"}
    unasked = house.post("offer-job", "/mailings", plain)
    ada.agrees("news-mail")
    ben.agrees("news-mail")
    queued = house.post("offer-job", "/mailings", WORDED).json()
    sent = house.post("offer-job", f"/mailings/{queued['number']}/send", {}).json()
    ada.agrees("recommend", given=False)
    after = pages[ada.mail].get("/").text

    assert shown.count("Five more agents for your organisation") == 1
    assert "Which features you use: feature" in shown.split("Five more agents for your organisation")[1]
    assert "Five more agents for your organisation" not in for_ben
    assert by_mail[0]["queued"] == 0
    assert unasked.status_code == 403
    assert (queued["queued"], sent["sent"]) == (2, 1)
    assert len([m for m in house.mails(ada.mail) if "Five more are there" in m.text]) == 1
    assert [m for m in house.mails(ben.mail) if "Five more are there" in m.text] == []
    assert "Five more agents for your organisation" not in after


WORDED = {"purpose": "news-mail", "message": "more-agents"}


@pytest.mark.clause("engagesmarter-10.28")
def test_an_own_advertisement_is_counted_in_totals_of_ten_and_of_those_alone_who_agreed(
    house: Deployment,
) -> None:
    def report() -> dict[str, int]:
        rows = house.get("any-job", "/counters/adverts").json()["counts"]
        return {row["dims"]["act"]: row["count"] for row in rows if row["dims"]["campaign"] == "C-1"}

    lives = [light(house, f"m{n}@acme.example") for n in range(21)]
    for n, life in enumerate(lives[:20]):
        life.agrees("measure")
        assert house.get(life.token, "/people/me/house-ad").json()["campaign"] == "C-1"
        house.get(life.token, "/people/me/house-ad")
        if n < 11:
            house.post(life.token, "/people/me/house-ads/C-1/click", {})
        if n == 8:
            few = report()
    browsers = [house.person(lives[n].mail) for n in (11, 20)]  # the last never agreed
    for browser in browsers:
        browser.sign_in()
        page = browser.get("/").text
        for _ in "twice":
            led = browser.web.get("/engagesmarter/house-ad/C-1", follow_redirects=False)

    assert few == {}
    assert "Five more agents" in page
    assert (led.status_code, led.headers["location"]) == (303, "/engagesmarter/shop")
    assert report() == {"view": 20, "click": 12}
    assert [len(lives[n].holds("content")) for n in (0, 11, 19, 20)] == [2, 2, 1, 0]


def light(house: Deployment, mail: str) -> Life:
    """Begin somebody with an account of whom nothing but their address is known."""
    who = {"kind": "email", "value": mail}
    life = Life(house, mail, house.post("front-job", "/people", {"who": who}).json()["tag"]).sign_in()
    house.post(life.token, "/people/me/notice", {"version": VERSION})
    return life


@pytest.mark.clause("engagesmarter-10.29")
def test_a_trend_is_one_number_a_week_with_nobody_in_it_and_a_few_are_told_as_a_few(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = Deployment(tmp_path_factory.mktemp("trend"), "engagesmarter", KEYS, now=START)
    people = [light(house, f"t{n}@acme.example") for n in range(12)]
    for life in people:
        life.agrees("better")
        noted(life, "ask")
    house.at("2024-03-18T12:00:00+00:00")
    for life in people[:6]:
        noted(life, "ask")
    during = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="1").json()
    house.at("2024-03-25T12:00:00+00:00")
    told = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="2")
    people[0].house.post(people[0].token, "/people/me/objections", {"purpose": "trends"})
    again = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="2").json()
    named = house.get("any-job", "/trends", data="conversation", purpose="trends")
    house.close()

    assert [(w["week"], w["says"]) for w in during["weeks"]] == [("2024-W11", "12")]
    assert [(w["week"], w["says"]) for w in told.json()["weeks"]] == [
        ("2024-W11", "12"),
        ("2024-W12", "fewer than 10"),
    ]
    assert [life.tag for life in people if life.tag in told.text] == []
    assert [w["people"] for w in again["weeks"]] == [12, None]
    assert named.status_code == 403
