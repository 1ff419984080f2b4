"""What the second company's pages put on a device: likings on a yes, and nothing that no line names."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from acme import ENGAGE, user
from cookies import next_visit, own, with_a_rogue
from deployment import Deployment

AT = "/engagesmarter"
NOW = datetime(2024, 3, 10, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    home = tmp_path_factory.mktemp("cookies")
    made = Deployment(home, "engagesmarter", ENGAGE, NOW, make=with_a_rogue)
    yield made
    made.close()


def answers(browser: Any, **switches: str) -> Any:
    """Send the form of the page of cookies."""
    ticks = {f"tool-{name}": said for name, said in switches.items()}
    return browser.post(f"{AT}/cookies", data={"all": "some", **ticks}, follow_redirects=False)


def likes(browser: Any, shade: str) -> Any:
    said = {"shade": shade, "page": f"{AT}/"}
    return browser.post(f"{AT}/likes", data=said, follow_redirects=False)


def dark(browser: Any) -> bool:
    return 'style.css?shade=dark"' in browser.get(f"{AT}/").text


@pytest.mark.clause("engagesmarter-7.2")
def test_a_liking_holds_for_the_visit_and_at_the_next_one_only_after_a_yes(house: Deployment) -> None:
    ada = house.client()
    answers(ada)
    before, picked = dark(ada), likes(ada, "dark").status_code
    refused, after = dark(ada), next_visit(house, ada)
    gone, set_ = dark(after), own(ada)
    answers(ada, likes="yes")
    kept = next(c for c in ada.cookies.jar if "likes" in c.name)
    again = next_visit(house, ada)
    sheet = again.get(f"{AT}/static/style.css?shade=dark").text

    assert (before, picked, refused, gone) == (False, 303, True, False)
    assert set_ == {"session", "guard"}
    assert kept.value == "dark"
    assert 364 <= ((kept.expires or 0) - time.time()) / 86_400 <= 366
    assert own(again) == {"likes"}
    assert dark(again)
    assert "prefers-color-scheme: dark" not in sheet


@pytest.mark.clause("engagesmarter-7.4")
def test_the_page_of_cookies_names_what_a_crawl_finds_and_nothing_else(house: Deployment) -> None:
    ada = user(house)
    browser = house.person(ada.mail)
    browser.sign_in()
    answers(browser.web, likes="yes", better="yes")
    likes(browser.web, "light")
    for path in ("/", "/privacy", "/contact", "/terms", "/cookies", "/me", "/me/choices", "/me/rights"):
        browser.get(path)
    table = house.client().get(f"{AT}/cookies").text
    rows = re.findall(r'<span class="small soft">([a-z-]+)', table)
    lines = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", table))

    assert own(browser.web) == set(rows) == {"session", "guard", "likes", "better"}
    assert "likes · for: Remember your settings · ends after 12 months · set by us preferences" in lines
    assert "better · for: Do better by what is used · ends after 13 months · set by us counting" in lines


@pytest.mark.clause("engagesmarter-7.4")
def test_a_class_that_is_switched_off_loses_its_cookie_with_the_next_answer(house: Deployment) -> None:
    ben = house.client()
    answers(ben, likes="yes")
    likes(ben, "dark")
    had = own(ben)
    off = answers(ben)
    expired = [c for c in off.headers.get_list("set-cookie") if "likes-" in c]

    assert "likes" in had
    assert "Max-Age=0" in expired[0]
    assert "likes" not in own(ben)
    assert 'name="tool-likes" value="yes" checked' not in ben.get(f"{AT}/cookies").text


@pytest.mark.clause("engagesmarter-7.4")
def test_a_cookie_that_no_line_names_is_taken_out_of_the_answer_and_written_down(house: Deployment) -> None:
    browser = house.client()
    before = [e.kind for e in house.company.gate.entries(start=0)].count("refused")
    answer = browser.get(f"{AT}/rogue")
    refused = [e.detail for e in house.company.gate.entries(start=0) if e.kind == "refused"]

    assert (answer.status_code, answer.text) == (200, "hello")
    assert answer.headers.get_list("set-cookie") == []
    assert own(browser) == set()
    assert len(refused) == before + 1
    assert refused[-1]["by"] == "cookie"


def test_a_form_without_the_cookie_that_guards_it_is_nobodys(house: Deployment) -> None:
    ada = user(house, "gil@acme.example")
    browser = house.person(ada.mail)
    browser.sign_in()
    secret = browser.csrf("/me/choices")
    stolen = str(browser.web.cookies.get("__Host-session-engagesmarter"))
    browser.web.cookies.clear()
    browser.web.cookies.set("__Host-session-engagesmarter", stolen, domain="service.example", path="/")
    answer = browser.web.post(f"{AT}/me/consent", data={"csrf": secret, "name": "likes", "given": "yes"})

    assert answer.status_code == 401
