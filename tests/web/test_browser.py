"""Browser: a real Chromium walks every page with axe, without script, and in a frame on another origin."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import shots
from axe_playwright_python.sync_playwright import Axe
from live import browser, serving
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_can_find_and_none_is_wider_than_a_phone(look: Any) -> None:
    found: list[str] = []
    seen: list[str] = []
    with shots.house() as (made, base), browser() as opened:
        context = opened.new_context(
            bypass_csp=True,
            color_scheme=look,
            viewport={"width": 360, "height": 740},
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.look = look

        def check(name: str, on: Any = None) -> None:
            seen.append(name)
            here = on or page
            violations = Axe().run(here, options=RULES).response["violations"]
            found.extend(f"{name}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in violations)
            if here.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}: wider than the screen")

        shots.walk(page, base, made, check)

    assert found == [], "\n".join(found)
    assert len(seen) == 25


def test_a_link_opens_what_hides_its_rule_without_script_and_paper_shows_everything() -> None:
    with shots.house() as (_, base), browser() as opened:
        page = opened.new_context(java_script_enabled=False).new_page()
        page.goto(f"{base}/privacy?lang=en")
        table = page.locator(".tables table").first
        closed = table.is_visible()
        page.goto(f"{base}/privacy?lang=en#rule-keep-visit")
        shown = page.locator("li:has(> #rule-keep-visit)").is_visible()
        page.emulate_media(media="print")
        printed = table.is_visible()

    assert (closed, shown, printed) == (False, True, True)


def test_the_talk_works_without_script_and_leaves_one_cookie_and_empty_storage() -> None:
    with shots.house() as (_, base), browser() as opened:
        context = opened.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(base + "/f/summer")
        before = context.cookies()
        page.get_by_role("button", name="Start").click()
        after = context.cookies()
        page.get_by_role("button", name="Cocoa").click()
        page.get_by_role("button", name="Continue").click()
        shown = page.get_by_role("log").inner_text()
        kept = context.storage_state()["origins"]

    assert before == []
    assert len(after) == 1
    assert "And where does your summer go?" in shown
    assert kept == []


def test_every_request_of_a_talk_goes_to_our_own_origin() -> None:
    asked: set[str] = set()
    with shots.house() as (_, base), browser() as opened:
        page = opened.new_page()
        page.on("request", lambda request: asked.add(request.url.split("/smoc")[0]))
        shots.talk(page, base, lambda _: None)

    assert asked == {base.removesuffix("/smoc")}


def test_the_language_link_turns_the_page_around_the_talk_too() -> None:
    with shots.house() as (_, base), browser() as opened:
        page = opened.new_page(locale="en-GB")
        page.goto(base + "/f/summer")
        page.get_by_role("link", name="Norsk").click()
        page.get_by_role("button", name="Start").click()
        page.get_by_role("button", name="Te", exact=True).click()
        shown = page.locator("main").inner_text()

    assert "Og hvor går sommeren din?" in shown
    assert "Hopp over dette" in shown


@contextmanager
def hosting(base: str, snippet: str) -> Iterator[str]:
    """Serve another site's page, on another origin, that holds a snippet."""

    async def host(request: Any) -> HTMLResponse:
        return HTMLResponse(f"<!doctype html><title>A host</title><h1>A host</h1>{snippet}")

    with serving(Starlette(routes=[Route("/", host)])) as other:
        yield other.replace("127.0.0.1", "localhost")


@contextmanager
def framed(snippet: str, listed: bool = True) -> Iterator[tuple[Any, Any, Any]]:
    """Open a host page with the snippet in a browser that blocks third-party storage."""
    with shots.house() as (made, base), hosting(base, snippet.replace("BASE", base)) as other:
        origin = other if listed else "https://elsewhere.example"
        made.company.site["clients"]["bryggen-kaffe"]["embed"] = [origin]
        with browser("--block-third-party-cookies", "--test-third-party-cookie-phaseout") as opened:
            page = opened.new_page()
            page.goto(other)
            yield made, page, opened


SCRIPT = '<script src="BASE/embed.js" data-flow="summer" data-title="Summer"></script>'
PLAIN = (
    '<iframe src="BASE/f/summer?embed=1" title="Summer" '
    'sandbox="allow-forms allow-popups" referrerpolicy="origin"></iframe>'
)


def test_one_script_tag_puts_the_talk_on_another_origin_at_its_own_height_without_a_cookie() -> None:
    with framed(SCRIPT) as (made, page, _):
        frame = page.frame_locator("iframe[title=Summer]")
        frame.get_by_role("button", name="Start").click()
        frame.get_by_role("button", name="Tea").click()
        frame.get_by_role("button", name="Skip this one").click()
        frame.get_by_role("button", name="Skip this one").click()
        frame.get_by_label("Your answer").fill("kari@example.no")
        frame.get_by_role("button", name="Send").click()
        frame.get_by_role("button", name="Continue").click()
        frame.get_by_role("button", name="No", exact=True).click()
        frame.get_by_text("This conversation has ended.").wait_for()
        page.wait_for_function("document.querySelector('iframe').style.height !== '560px'")
        cookies = page.context.cookies()
        counted = made.company.gate.counts(counter="arrivals")
        person = made.company.gate.find(kind="email", value="kari@example.no")

    assert cookies == []
    assert [n for _, n in counted] == [1]
    assert person is not None


def test_the_plain_frame_works_where_no_script_runs() -> None:
    with framed(PLAIN) as (_, page, _opened):
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Start").click()
        frame.get_by_role("button", name="Tea").click()

        assert "And where does your summer go?" in frame.get_by_role("log").inner_text()


@pytest.mark.parametrize("snippet", [SCRIPT, PLAIN])
def test_a_page_that_is_not_registered_shows_nothing_and_counts_nothing(snippet: str) -> None:
    with framed(snippet, listed=False) as (made, page, _):
        page.wait_for_timeout(500)
        shown = page.frame_locator("iframe").get_by_role("button", name="Start").count()
        counted = made.company.gate.counts(counter="arrivals")

    assert shown == 0
    assert counted == ()
