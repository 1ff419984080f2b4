"""Signing up, asking and coming in by a service that says who somebody is, with what they tick alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from comms import PASSWORD, confirmed, holder, served
from deployment import CSRF, Deployment, Person
from joserfc.jwk import RSAKey
from provider import CONTACTS, SECRET, Provider, provided

from troth.runtime import Settings

THERE = re.compile(r'href="(http://127\.0\.0\.1:\d+/authorize[^"]+)"')
TICKS = {"first": "yes", "last": "yes", "email": "yes"}


@pytest.fixture(scope="module")
def net() -> Iterator[Provider]:
    with provided(lambda: None) as made:
        yield made


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, net: Provider) -> Iterator[Deployment]:
    def edit(folder: Path) -> None:
        site = folder / "site.toml"
        text = site.read_text("utf-8")
        assert "https://www.linkedin.com/oauth" in text
        site.write_text(text.replace("https://www.linkedin.com/oauth", net.issuer), "utf-8")

    told = Settings(identity_keys=f"linkedin={SECRET}")
    with served(tmp_path_factory.mktemp("oidc"), edit=edit, settings=told) as made:
        net.clock = lambda: made.now
        yield made


@pytest.fixture(autouse=True)
def honest(net: Provider) -> None:
    net.change, net.sign_with = {}, None
    net.asked.clear()


def asks(browser: Person, to: str, ticks: dict[str, str]) -> Any:
    """Tick what is passed on, on the form's own page."""
    secret = CSRF.findall(browser.get(f"/{to}").text)[0]
    return browser.web.post(f"{browser.base}/identity/linkedin", data={"csrf": secret, "to": to, **ticks})


def goes(
    browser: Person, net: Provider, to: str, ticks: dict[str, str], *, yes: bool = True
) -> tuple[str, Any]:
    """Go to the service and come back; return the address they came back to, and what they see then."""
    page = asks(browser, to, ticks)
    there = THERE.search(page.text)
    assert there, page.text[-1500:]
    back = net.allow(unescape(there[1]), yes=yes)
    return back, browser.web.get(back)


def values(page: str) -> dict[str, str]:
    found = re.findall(r'name="(field-first|field-last|email)"[^>]*?value="([^"]*)"', page)
    return dict(found)


@pytest.mark.clause("smartcomms-3.33")
def test_a_network_fills_in_what_was_ticked_and_nothing_is_kept_before_the_form_is_sent(
    house: Deployment, net: Provider
) -> None:
    browser = house.person("ada@net.example")
    entries = len(house.get("otto-officer", "/evidence/entries").json()["entries"])
    people = house.stored("contact")
    shown = asks(browser, "signup", TICKS).text
    _, form = goes(browser, net, "signup", TICKS)
    kept = [house.on_disk(word) for word in ("ada@net.example", CONTACTS[7], "1815-12-10")]
    between = len(house.get("otto-officer", "/evidence/entries").json()["entries"]), house.stored("contact")
    sent = browser.post(
        "/signup", {**values(form.text), "field-last": "King", "password": PASSWORD}, "/signup"
    )
    confirmed(house, browser.mail)
    token = house.post("", "/session/password", {"email": browser.mail, "password": PASSWORD}).json()["token"]
    copy = house.get(token, "/people/me/export").text

    assert [word in shown for word in ("First name", "Last name", "E-mail address")] == [True] * 3
    assert net.asked[0]["scope"] == "openid profile email"
    assert values(form.text) == {"field-first": "Ada", "field-last": "Byron", "email": "ada@net.example"}
    assert CONTACTS[7] not in form.text
    assert kept == [[], [], []]
    assert between == (entries, people)
    assert sent.status_code == 201
    assert '"King"' in copy
    assert [word in copy for word in ("Byron", CONTACTS[7], "1815-12-10", "net-4711")] == [False] * 4


@pytest.mark.clause("smartcomms-3.33")
def test_what_was_not_ticked_is_not_read_and_who_declines_has_the_empty_form(
    house: Deployment, net: Provider
) -> None:
    picky, shy = house.person("p@net.example"), house.person("s@net.example")
    _, some = goes(picky, net, "signup", {"first": "yes"})
    picky.post("/identity/empty", {"to": "signup"}, "/signup")
    emptied = values(picky.get("/signup").text)
    _, declined = goes(shy, net, "signup", TICKS, yes=False)
    body = {"field-first": "Sy", "field-last": "Shy", "email": shy.mail, "password": PASSWORD}
    opened = shy.post("/signup", body, "/signup")
    none = asks(shy, "signup", {})
    _, asked = goes(picky, net, "contact", {"email": "yes"})

    assert values(some.text) == {"field-first": "Ada", "field-last": "", "email": ""}
    assert net.asked[0]["scope"] == "openid profile"
    assert set(emptied.values()) == {""}
    assert "Nothing was passed on" in declined.text
    assert set(values(declined.text).values()) == {""}
    assert opened.status_code == 201
    assert "Tick at least one detail" in none.text
    assert 'value="ada@net.example"' in asked.text


def test_an_answer_counts_once_and_only_where_it_was_asked_for(house: Deployment, net: Provider) -> None:
    browser, thief = house.person("once@net.example"), house.person("thief@net.example")
    back, first = goes(browser, net, "signup", TICKS)
    again = browser.web.get(back)
    thief.get("/signup")
    elsewhere = thief.web.get(back)
    asks(browser, "signup", TICKS)
    swapped = browser.web.get(re.sub(r"state=[^&]+", "state=guessed", back))
    asks(browser, "signup", TICKS)
    other = browser.web.get(re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back))
    crossed = browser.web.post("/smartcomms/identity/linkedin", data={"csrf": "guessed", "to": "signup"})
    unknown = browser.web.get("/smartcomms/identity/nobody/back")

    assert first.status_code == 200
    assert [r.status_code for r in (again, elsewhere, swapped, other)] == [400] * 4
    assert (crossed.status_code, unknown.status_code) == (403, 404)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"nonce": "replayed"},
        {"exp": 1},
        {"azp": "another-client"},
        {"sub": None},
    ],
    ids=lambda w: next(iter(w)),
)
def test_a_signed_answer_for_another_or_of_another_time_shows_nobody(
    house: Deployment, net: Provider, wrong: dict[str, Any]
) -> None:
    net.change = wrong
    browser = house.person("x@net.example")
    _, answer = goes(browser, net, "signup", TICKS)

    assert answer.status_code == 400
    assert set(values(browser.get("/signup").text).values()) == {""}


def test_an_answer_that_another_key_signed_shows_nobody(house: Deployment, net: Provider) -> None:
    net.sign_with = RSAKey.generate_key(2048, {"kid": "k1"})
    _, answer = goes(house.person("x@net.example"), net, "signup", TICKS)

    assert answer.status_code == 400


def test_who_has_an_account_comes_in_by_an_address_that_the_service_has_proved(
    house: Deployment, net: Provider
) -> None:
    life = holder(house, "grace@net.example", "Grace")
    browser, stranger = house.person(life.mail), house.person("nobody@net.example")
    net.change = {"email": life.mail}
    _, came = goes(browser, net, "signin", {})
    net.change = {"email": life.mail, "email_verified": False}
    _, unproved = goes(house.person(life.mail), net, "signin", {})
    net.change = {"email": stranger.mail}
    _, nobody = goes(stranger, net, "signin", {})

    assert came.url.path == "/smartcomms/me"
    assert browser.get("/me").url.path == "/smartcomms/me"
    assert "No account here" in unproved.text
    assert "No account here" in nobody.text
    assert stranger.get("/me").url.path == "/smartcomms/signin"
    assert net.asked[-1]["scope"] == "openid email"
