"""The pages of a room in a browser: no fault that axe finds, none wider than a phone, none needs script."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from deployment import Deployment
from live import live
from rooms import SMARP, Member, member, networked, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
SIZES = {"light": (1200, 900), "dark": (390, 844)}


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, Member, list[str]]]:
    """Acme's room with a post, a comment and a report; the pages that its Admin reads."""
    now = datetime(2025, 5, 5, 9, tzinfo=UTC)
    house = Deployment(tmp_path_factory.mktemp("acme"), "smarp", SMARP, now=now)
    net = networked(house)
    anna = opened(house, net, "anna@acme.example", "Acme", "Anna Aalto")
    anna.post(
        "/room", "/room", company="Acme", prefix="acme", topics="design", channels="news", colour="#7a3db8"
    )
    aki = member(house, "aki@acme.example", "Aki")
    number = aki.says("A first word", topic="design", channel="news")
    anna.post(f"/feed/{number}/comment", f"/feed/{number}", text="And a second")
    anna.post(f"/feed/{number}/report", "/feed", why="just trying")
    paths = ["/feed", f"/feed/{number}", "/people", f"/people/{aki.tag}", "/profile"]
    yield house, anna, [*paths, "/room", "/room/people", "/room/reports"]
    house.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_rooms_pages_can_be_read_by_everybody_and_fit_a_phone(
    acme: tuple[Deployment, Member, list[str]], scheme: Any
) -> None:
    house, anna, paths = acme
    cookie = next(c.value for c in anna.browser.web.cookies.jar if "session" in c.name)
    wide, high = SIZES[scheme]
    with live(house) as (base, browser):
        context = browser.new_context(
            viewport={"width": wide, "height": high},
            color_scheme=scheme,
            user_agent="testclient",
            bypass_csp=True,
        )
        context.add_cookies([{"name": "session-smarp", "value": cookie, "url": base}])
        page, found = context.new_page(), {}
        for path in [*paths, "/room/join"]:
            page.goto(f"{base}/smarp{path}")
            faults = Axe().run(page, options=RULES).response["violations"]
            over = page.evaluate("document.documentElement.scrollWidth") - wide
            found[path] = ([f["id"] for f in faults], max(over, 0))

    assert found == {path: ([], 0) for path in [*paths, "/room/join"]}


def test_the_feed_works_without_script(acme: tuple[Deployment, Member, list[str]]) -> None:
    house, anna, _ = acme
    cookie = next(c.value for c in anna.browser.web.cookies.jar if "session" in c.name)
    with live(house) as (base, browser):
        context = browser.new_context(java_script_enabled=False, user_agent="testclient")
        context.add_cookies([{"name": "session-smarp", "value": cookie, "url": base}])
        page = context.new_page()
        page.goto(f"{base}/smarp/feed")
        page.get_by_label("What do you want to share?").fill("Posted by hand")
        if page.get_by_label("I know who reads what I post").count():
            page.get_by_label("I know who reads what I post").check()
        page.get_by_role("button", name="Post", exact=True).click()
        posted = page.get_by_text("Posted by hand").count()
        page.get_by_role("button", name="Like").first.click()
        liked = page.get_by_role("button", name="♥ Like").count()

    assert posted >= 1
    assert liked == 1
