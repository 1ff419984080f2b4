"""Pages on breaches, orders, draws and files, as a phone shows them and as axe judges them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, user
from askers import SMOC
from axe_playwright_python.sync_playwright import Axe
from deployment import Deployment
from devices import shown
from live import live
from lysverk import NO, with_power

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
See = Callable[[str], None]


def judged(opened: Any, look: str) -> tuple[Any, See, list[str]]:
    """Open a phone of this look; give its page, what judges it, and what was found."""
    context = opened.new_context(
        bypass_csp=True, color_scheme=look, viewport={"width": 360, "height": 740}, reduced_motion="reduce"
    )
    page = context.new_page()
    found: list[str] = []

    def see(name: str) -> None:
        violations = Axe().run(page, options=RULES).response["violations"]
        found.extend(f"{name}: {v['id']} {v['nodes'][0]['html'][:160]}" for v in violations)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name}: wider than the screen")

    return page, see, found


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_breach_desk_and_what_everybody_sees_of_it(look: str, tmp_path: Path) -> None:
    house = Deployment(tmp_path, "smoc", SMOC, edit=with_power).at("2025-03-07T08:30:00+00:00")
    house.person().talk("power", NO)
    with live(house) as (base, opened):
        page, see, found = judged(opened, look)
        page.goto(f"{base}/smoc/console/signin")
        page.fill("[name=code]", "stine-steward")
        page.fill("[name=second]", shown(house.now))
        page.click("main button")
        page.goto(f"{base}/smoc/console/breaches")
        see("breaches, none")
        page.fill("#what", "A copy was left on a train")
        page.fill("#since", "2025-03-07T00:00")
        page.click("text=Open a case")
        see("a breach, not rated")
        page.select_option("#risk", "high")
        for name in ("reason", "effects", "measures", "advice"):
            page.fill(f"#{name}", "It was locked from afar")
        page.click("text=Rate it")
        for summary in page.locator("summary").all():
            summary.click()
        see("a breach, rated")
        page.click("text=Post it on the site")
        page.goto(f"{base}/smoc/console/breaches")
        see("breaches, one")
        page.goto(f"{base}/smoc/privacy")
        see("the posting's line")
        page.click("text=Read what happened and what you can do")
        see("the posting")
    house.close()

    assert found == [], "\n".join(found)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_orders_draws_and_files(look: str, tmp_path: Path) -> None:
    house = Deployment(tmp_path, "engagesmarter", ENGAGE, now=datetime(2024, 3, 10, 10, tzinfo=UTC))
    ada = user(house)
    with live(house) as (base, opened):
        page, see, found = judged(opened, look)
        page.goto(f"{base}/engagesmarter/draws")
        see("draws")
        page.goto(f"{base}/engagesmarter/draws/agents-for-a-year")
        see("a draw, not signed in")
        page.goto(f"{base}/engagesmarter/signin")
        page.fill("form[action$='/signin'] [name=email]", ada.mail)
        page.click("form[action$='/signin'] button")
        page.fill("[name=code]", house.code(ada.mail))
        page.click("main button")
        page.goto(f"{base}/engagesmarter/draws/agents-for-a-year")
        page.click("text=Take part")
        see("a draw, entered")
        page.goto(f"{base}/engagesmarter/me/purchases")
        see("orders")
        page.click("text=Order and pay now")
        see("an order")
        page.goto(f"{base}/engagesmarter/me/files")
        see("files, none")
        page.click("text=Or paste a text")
        page.fill("#text", "Opening hours are nine to five.")
        page.click("text=Store it")
        page.click("text=As it is stored")
        see("files, one")
    house.close()

    assert found == [], "\n".join(found)
