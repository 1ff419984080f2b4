"""A browser that keeps nothing reads all that is public, and nothing is put elsewhere in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from deployment import Deployment
from rooms import SMARP

PUBLIC = ("/", "/privacy", "/terms", "/contact", "/room/join", "/signin", "/f/contact")
KEPT = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    served = Deployment(tmp_path_factory.mktemp("notice"), "smarp", SMARP)
    yield served
    served.close()


@pytest.mark.clause("smarp-4.1.7")
def test_a_browser_that_refuses_cookies_reads_every_public_page_and_nothing_is_kept_in_their_place(
    house: Deployment,
) -> None:
    browser, pages = house.client(), {}
    for path in PUBLIC:
        browser.cookies.clear()
        pages[path] = browser.get(f"/smarp{path}", follow_redirects=False)
    loaded = {s for p in pages.values() for s in re.findall(r'<script[^>]*src="([^"]+)"', p.text)}
    scripts = [browser.get(src) for src in loaded]
    inline = [s for p in pages.values() for s in re.findall(r"<script[^>]*>(.*?)</script>", p.text, re.S)]
    told = " ".join(re.sub(r"<[^>]+>", " ", pages["/privacy"].text).split())

    assert {path: p.status_code for path, p in pages.items()} == dict.fromkeys(PUBLIC, 200)
    assert "Your browser can refuse cookies, or ask each time: in its settings, under privacy" in told
    assert all(s.status_code == 200 for s in scripts)
    assert not any(KEPT.search(text) for text in [*inline, *(s.text for s in scripts)])
    assert all("etag" not in p.headers for p in pages.values())
