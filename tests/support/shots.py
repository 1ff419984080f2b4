"""Shots: draws every page, wide and narrow, light and dark, into ``shots/``; run by ``./run shots``."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from devices import shown
from live import browser, serving
from summer import DESK, served


@contextmanager
def house(site: str = "") -> Iterator[tuple[Any, str]]:
    """Serve the company under test; gives the house and its address."""
    with tempfile.TemporaryDirectory(prefix="troth-web-") as folder:
        made = served(Path(folder), site)
        try:
            with serving(made.make([made.company])) as base:
                yield made, f"{base}/smoc"
        finally:
            made.close()


def walk(page: Any, base: str, made: Any, seen: Callable[[str], None], language: str = "en") -> None:
    """Lead a browser through every page; ``seen`` is called on each."""
    for name, path in (("home", "/"), ("privacy", "/privacy"), ("signin", "/signin"), ("verify", "/verify")):
        page.goto(f"{base}{path}?lang={language}")
        seen(name)
    talk(page, base, seen)
    centre(page, base, seen)
    console(page, base, made, seen)
    page.goto(base + "/me/rights")


def talk(page: Any, base: str, seen: Callable[[str], None]) -> None:
    """Walk through the summer conversation."""
    page.goto(base + "/f/summer?lang=en")
    seen("talk-start")
    page.get_by_role("button", name="Start").click()
    seen("talk-choice")
    page.get_by_role("button", name="Tea").click()
    page.get_by_role("button", name="Down to the sea").click()
    page.get_by_label("May we use your gender").check()
    page.get_by_label("I am 18 or older").check()
    seen("talk-consent")
    page.get_by_role("button", name="Woman", exact=True).click()
    page.get_by_label("Your answer").fill("not an address")
    page.locator("form.reply").evaluate("form => form.noValidate = true")
    page.get_by_role("button", name="Send").click()
    seen("talk-problem")
    page.get_by_label("Your answer").fill("kari@example.no")
    page.get_by_role("button", name="Send").click()
    seen("talk-reward")
    page.get_by_role("button", name="Continue").click()
    seen("talk-news")
    page.get_by_role("button", name="Yes").click()
    seen("talk-end")


def centre(page: Any, base: str, seen: Callable[[str], None]) -> None:
    """Walk through the privacy centre and leave it by the last door."""
    page.get_by_role("link", name="See and change it").click()
    page.locator("details").filter(has_text="Source").first.locator("summary").click()
    seen("me")
    tabs = page.get_by_role("navigation", name="Your privacy centre")
    tabs.get_by_role("link", name="Your choices").click()
    page.get_by_role("button", name="Stop profiling me").click()
    seen("me-choices")
    tabs.get_by_role("link", name="Your rights").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    seen("me-rights")


def console(page: Any, base: str, made: Any, seen: Callable[[str], None]) -> None:
    """Walk through the console in a browser of its own, then erase the person and see the receipt."""
    staff = page.context.browser.new_context(
        viewport=page.viewport_size, color_scheme=getattr(page, "look", "light"), bypass_csp=True
    )
    desk = staff.new_page()
    desk.goto(base + "/console/")
    seen_on(desk, seen, "desk-signin")
    desk.get_by_label("Staff code").fill(DESK.name)
    desk.get_by_label("Second factor").fill(shown(made.now))
    desk.get_by_role("button", name="Enter").click()
    seen_on(desk, seen, "desk-today")
    for name in ("requests", "people", "forecast", "disclosures", "evidence", "flows", "outbox"):
        desk.goto(f"{base}/console/{name}")
        seen_on(desk, seen, f"desk-{name}")
    desk.goto(
        f"{base}/console/explain?action=use&data=contact&purpose=news&member=bryggen-kaffe&consent=news"
    )
    seen_on(desk, seen, "desk-explain")
    staff.close()
    page.goto(base + "/me/rights")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete everything").click()
    seen("me-receipt")


def seen_on(page: Any, seen: Callable[..., None], name: str) -> None:
    """Call ``seen`` for a page other than the walker's own."""
    seen(name, page)


def main(out: str = "shots") -> None:
    """Write one picture a page, a width and a look."""
    Path(out).mkdir(exist_ok=True)
    with browser() as opened:
        for look in ("light", "dark"):
            for size, width in (("desktop", 1280), ("phone", 360)):
                with house() as (made, base):
                    page = opened.new_page(viewport={"width": width, "height": 800}, color_scheme=look)
                    page.look = look

                    def draw(
                        name: str, on: Any = None, look: str = look, size: str = size, page: Any = page
                    ) -> None:
                        (on or page).screenshot(path=f"{out}/{name}-{size}-{look}.png", full_page=True)

                    walk(page, base, made, draw)
                    page.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
