"""A film in a conversation: still until its reader presses play, and never in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from live import live

FLOW = """---
title: A film and a point
language: en
---
One film, one question.

## film
This is how it works.
film film dQw4w9WgXcQ "How it works"

## drink
What do you drink?
ask taste.drink choice for learn
- tea: Tea
- coffee: Coffee

## mail
Where may we send your point?
ask contact.email email for credit

## points
Here it is.
reward point 1 "One point" for credit

## bye
Thank you.
end
"""
HOST = "www.youtube-nocookie.com"


def with_film(folder: Path) -> None:
    (folder / "flows/film.md").write_text(FLOW, "utf-8")


@pytest.mark.clause("smoc-5.3.2")
def test_a_film_loads_nothing_before_a_press_and_is_still_again_once_the_yes_is_taken_back(
    deploy: Any,
) -> None:
    house = deploy("smoc", edit=with_film)
    with live(house) as (base, opened):
        page = opened.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.route(
            f"https://{HOST}/**", lambda route: route.fulfill(body="<p>film</p>", content_type="text/html")
        )
        page.goto(f"{base}/smoc/f/film")
        page.click("main button")
        page.wait_for_selector("text=Play this film")
        before = [url for url in asked if HOST in url]
        page.click("text=Play this film")
        page.wait_for_selector("iframe.player")
        playing = [url for url in asked if HOST in url]
        given = consents(house)
        asked.clear()
        page.click("text=Stop, and take my yes back")
        page.wait_for_selector("text=Play this film")
        stopped = [url for url in asked if HOST in url], page.locator("iframe").count()
        page.goto(f"{base}/smoc/f/film/film")
        again = page.locator("iframe").count(), [url for url in asked if HOST in url]
        page.close()
    taken = consents(house)

    assert before == []
    assert [url.partition("?")[0] for url in playing] == [f"https://{HOST}/embed/dQw4w9WgXcQ"]
    assert given == ["consent given film(flows)"]
    assert stopped == ([], 0)
    assert again == (0, [])
    assert taken == [*given, "consent taken back film(flows)"]


@pytest.mark.clause("smoc-5.3.2")
def test_whoever_never_plays_the_film_goes_on_and_is_rewarded(deploy: Any) -> None:
    house = deploy("smoc", edit=with_film)
    kari = house.person()
    last = kari.talk("film", {"film": "", "drink": "tea", "mail": kari.mail, "points": ""})

    assert "One point" in last.text
    assert consents(house) == []
    assert HOST not in last.text


def test_a_film_under_no_statement_of_a_host_is_not_served(deploy: Any) -> None:
    def other(folder: Path) -> None:
        (folder / "flows/film.md").write_text(FLOW.replace("film film d", "film visitor d"), "utf-8")

    house = deploy("smoc", edit=other)
    code, said, _ = house.cli("check", str(house.home))

    assert code == 1
    assert "plays a film under 'visitor'" in said
    assert house.person().get("/f/film").status_code == 404


def consents(house: Any) -> list[str]:
    """Return what the evidence says of yeses to films."""
    found: list[str] = []
    start = 0
    while page := house.get("stine-steward", "/evidence/entries", start=str(start)).json()["entries"]:
        start += len(page)
        found += [
            f"{e['kind']} {e['detail']['name']}" for e in page if "film" in str(e["detail"].get("name"))
        ]
    return found
