"""The company's own site in a real browser, with every request that leaves it written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from askers import SMOC
from axe_playwright_python.sync_playwright import Axe
from deployment import Deployment
from live import live

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
STORED = "localStorage.length + sessionStorage.length"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """The first company's site on a port, and a browser."""
    home: Path = tmp_path_factory.mktemp("site")
    house = Deployment(home, "smoc", SMOC)
    with live(house) as (base, browser):
        yield f"{base}/smoc/s", browser
    house.close()


def watched(browser: Any, **more: Any) -> tuple[Any, Any, set[str]]:
    """Open a browser of its own whose requests to others are answered empty and written down."""
    context = browser.new_context(**more)
    seen: set[str] = set()

    def met(route: Any) -> None:
        seen.add(urlsplit(route.request.url).netloc)
        route.fulfill(status=200, content_type="text/html", body="")

    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", met)
    return context, context.new_page(), seen


def test_nothing_is_set_or_asked_of_others_before_a_yes_and_each_yes_opens_its_own_host(site: Any) -> None:
    base, browser = site
    context, page, seen = watched(browser)
    for path in ("/", "/products", "/rewards"):
        page.goto(base + path)
    first = context.cookies(), page.evaluate(STORED), set(seen)
    shown = page.get_by_role("dialog").is_visible()
    sizes = [
        page.get_by_role("button", name=n).bounding_box()["height"] for n in ("Refuse all", "Accept all")
    ]
    page.get_by_text("Answer one by one").click()
    page.get_by_label("HubSpot").check()
    page.get_by_role("button", name="Keep what I ticked").click()
    page.goto(base + "/products")
    page.wait_for_load_state("networkidle")

    assert first == ([], 0, set())
    assert shown
    assert sizes[0] == sizes[1]
    assert seen == {"js.hs-scripts.com"}
    assert {c["name"] for c in context.cookies()} == {"choice-smoc", "visitor-smoc"}
    assert not page.get_by_role("dialog").is_visible()
    page.get_by_role("button", name="Stop counting me").first.click()
    seen.clear()
    page.goto(base + "/products")

    assert seen == set()
    assert [(c["name"], c["value"]) for c in context.cookies()] == [("choice-smoc", "no")]
    context.close()


def test_global_privacy_control_is_a_no_without_a_question_and_closing_is_a_no_for_the_visit(
    site: Any,
) -> None:
    base, browser = site
    context, page, seen = watched(browser, extra_http_headers={"Sec-GPC": "1"})
    page.goto(base + "/")
    asked, cookies = page.get_by_role("dialog").count(), context.cookies()
    context.close()
    other, page, seen = watched(browser)
    page.goto(base + "/")
    page.get_by_role("link", name="Close; that is a no").click()
    hidden = page.get_by_role("dialog").is_visible()

    assert (asked, cookies) == (0, [])
    assert (hidden, other.cookies(), seen) == (False, [], set())
    other.close()


def test_a_film_is_a_still_image_until_its_own_press_and_again_after_it(site: Any) -> None:
    base, browser = site
    context, page, seen = watched(browser)
    page.goto(base + "/products")
    page.get_by_role("button", name="Refuse all").click()
    still = set(seen)
    page.get_by_role("button", name="Play this film").click()
    page.wait_for_load_state("networkidle")
    playing = set(seen)
    page.get_by_role("button", name="Stop, and take my yes back").click()
    seen.clear()
    page.goto(base + "/products")

    assert still == set()
    assert playing == {"www.youtube-nocookie.com"}
    assert seen == set()
    assert page.get_by_role("button", name="Play this film").is_visible()
    assert {c["name"] for c in context.cookies()} == {"choice-smoc"}
    context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_of_the_site_has_a_fault_that_axe_can_find(site: Any, look: str) -> None:
    base, browser = site
    context = browser.new_context(
        bypass_csp=True, color_scheme=look, viewport={"width": 360, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    found = []
    for path in ("/", "/products", "/cookies", "/newsletter", "/contact"):
        page.goto(base + path)
        violations = Axe().run(page, options=RULES).response["violations"]
        found += [f"{path}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in violations]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{path}: wider than the screen")
        if path == "/products" and not page.get_by_role("button", name="Refuse all").is_visible():
            found.append(f"{path}: the way to refuse is not in sight")
    context.close()

    assert found == [], "\n".join(found)
