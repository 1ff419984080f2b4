"""Browser: a real Chromium walks every page, with axe and with script switched off."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

_spec = importlib.util.spec_from_file_location("troth_web_shots", Path(__file__).with_name("shots.py"))
assert _spec is not None
assert _spec.loader is not None
shots: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shots)


@pytest.mark.browser
@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_can_find(look: Any) -> None:
    server, base = shots.serve()
    found: list[str] = []
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=shots.ARGS)
        context = browser.new_context(bypass_csp=True, color_scheme=look)
        page: Any = context.new_page()

        def check(name: str) -> None:
            violations = Axe().run(page).response["violations"]
            found.extend(f"{name}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in violations)

        page.on_page = check
        walked = shots.walk(page, base)
        browser.close()
    server.should_exit = True

    assert found == []
    assert len(walked) == 10


@pytest.mark.browser
def test_the_whole_walk_works_without_script_and_leaves_web_storage_empty() -> None:
    server, base = shots.serve()
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=shots.ARGS)
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(base + "/f/summer")
        before = context.cookies()
        page.get_by_role("button", name="Start").click()
        after = context.cookies()
        page.get_by_label("Tea").check()
        page.get_by_role("button", name="Send").click()
        shown = page.get_by_role("log").inner_text()
        browser.close()
    server.should_exit = True

    assert before == []
    assert len(after) == 1
    assert "Which leaf?" in shown
