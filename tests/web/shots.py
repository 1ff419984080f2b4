"""Shots: draws every page, wide and narrow, light and dark, into ``shots/``; run by ``./run shots``."""

from __future__ import annotations

import importlib.util
import sys
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def serve() -> tuple[uvicorn.Server, str]:
    """Serve the test company in a thread; returns the server and its address."""
    from troth.web import app

    fake = sys.modules.get("troth_web_fake")
    if fake is None:
        spec = importlib.util.spec_from_file_location("troth_web_fake", Path(__file__).with_name("fake.py"))
        assert spec is not None
        assert spec.loader is not None
        fake = importlib.util.module_from_spec(spec)
        sys.modules["troth_web_fake"] = fake
        spec.loader.exec_module(fake)
    server = uvicorn.Server(uvicorn.Config(app([fake.FakeCompany()]), port=0, log_level="error", ws="none"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    return server, f"http://127.0.0.1:{port}/fjord"


def walk(page: Page, base: str) -> list[str]:
    """Lead a browser through every page; yields are made by ``page.on_page``; returns the names seen."""
    names: list[str] = []

    def seen(name: str) -> None:
        names.append(name)
        page.evaluate("document.activeElement && document.activeElement.blur()")
        getattr(page, "on_page", lambda _: None)(name)

    for name, path in (("home", "/"), ("privacy", "/privacy"), ("signin", "/signin"), ("start", "/f/summer")):
        page.goto(base + path)
        seen(name)
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Coffee").check()
    page.get_by_label("May we use what you like").check()
    seen("step")
    page.get_by_role("button", name="Send").click()
    page.get_by_label("Your answer").fill("kari@example.no")
    page.get_by_role("button", name="Send").click()
    seen("talk")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send").click()
    seen("end")
    page.get_by_role("link", name="See and change it").click()
    page.get_by_role("button", name="Object: Keep the site safe").click()
    seen("me")
    page.get_by_label("I am sure").check()
    page.get_by_role("button", name="Delete").click()
    seen("receipt")
    page.goto(base + "/console/")
    page.get_by_label("Staff code").fill("staff-1234")
    page.get_by_role("button", name="Enter").click()
    page.goto(base + "/console/?action=collect&data=taste&field=&purpose=offers&party=")
    seen("console")
    return names


def main(out: str = "shots") -> None:
    """Write one picture a page and a look."""
    Path(out).mkdir(exist_ok=True)
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        for look in ("light", "dark"):
            for size, width in (("desktop", 1280), ("phone", 390)):
                server, base = serve()
                page = browser.new_page(
                    viewport={"width": width, "height": 844},
                    color_scheme=look,
                    java_script_enabled=True,
                )

                def draw(name: str, page: Page = page, look: str = look, size: str = size) -> None:
                    page.screenshot(path=f"{out}/{name}-{size}-{look}.png", full_page=True)

                page.on_page = draw  # type: ignore[attr-defined]
                walk(page, base)
                page.close()
                server.should_exit = True
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
