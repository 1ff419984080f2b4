"""A real Chromium at the chat page: answers come word by word, axe finds nothing, a phone is wide enough."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from live import serving
from playwright.sync_api import sync_playwright
from tests.agents.served import House, North

pytestmark = pytest.mark.browser
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.fixture
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium here; ./run test installs it"
    with sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=path, args=ARGS)
        yield opened
        opened.close()


def test_the_chat_streams_under_the_pages_own_content_policy(
    house: House, model: tuple[North, str], chromium: Any
) -> None:
    said: list[str] = []
    with serving(house.app) as base:
        page = chromium.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.goto(f"{base}/club/a/sage?lang=nb")
        page.get_by_label("Midlertidig samtale").check()
        page.get_by_label("Din melding").fill("Jeg er Kari Nordmann, kari@example.no")
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("I wrote to kari@example.no.").wait_for()
        page.get_by_text("e-postadresse, navn").wait_for()
        page.get_by_text("Ingenting av den lagres.").wait_for()
        page.close()

    assert [text for text in said if "Security Policy" in text] == []
    assert list(house.company.gate._house.store.persons()) == []


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_chat_streams_has_no_fault_that_axe_finds_and_fits_a_phone(
    house: House, model: tuple[North, str], chromium: Any, tmp_path: Path, look: Any
) -> None:
    seen: list[str] = []
    with serving(house.app) as base:
        context = chromium.new_context(
            viewport={"width": 360, "height": 800}, color_scheme=look, bypass_csp=True
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))

        def look_at(name: str) -> None:
            found = Axe().run(page, options=RULES).response["violations"]
            wide = page.evaluate("document.documentElement.scrollWidth")
            page.screenshot(path=str(tmp_path / f"{name}-{look}.png"), full_page=True)
            seen.extend(f"{name}: {v['id']}" for v in found)
            seen.extend([f"{name}: {wide}px"] if wide > 360 else [])

        page.goto(f"{base}/club/a/sage?lang=en")
        look_at("before")
        page.get_by_label("Your message").fill(
            "I am Kari Nordmann, kari@example.no. I have diabetes. Coffee?"
        )
        page.get_by_role("button", name="Send", exact=True).click()
        page.get_by_text("I wrote to kari@example.no.").wait_for()
        look_at("answered")
        page.get_by_label("Your message").fill("Thank you")
        page.get_by_role("button", name="Send", exact=True).click()
        page.locator(".log p").nth(3).wait_for()
        page.reload()
        look_at("again")
        page.get_by_text("Delete this chat").click()
        look_at("sure")
        page.get_by_role("button", name="Delete for good").click()
        page.get_by_text("The chat is deleted.").wait_for()
        context.close()

    assert seen == []
    assert wrong == []
    assert len(model[0].heard) == 2
