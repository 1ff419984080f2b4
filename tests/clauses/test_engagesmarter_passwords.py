"""Passwords of the second company: sent once to begin with, then chosen, and shared with nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from acme import ENGAGE, user
from deployment import Deployment, Person

CHOSEN = "seven grey herons"
WORD = re.compile(r"\b(?:[a-z2-7]{4}-){3}[a-z2-7]{4}\b")
DESK = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}
PHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Safari/605.1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder, now = tmp_path_factory.mktemp("passwords"), datetime(2024, 3, 10, 10, tzinfo=UTC)
    made = Deployment(folder, "engagesmarter", ENGAGE, now)
    yield made
    made.close()


def invited(house: Deployment, mail: str) -> tuple[str, str]:
    """Have a job begin somebody and send them a first password; return their tag and what the mail says."""
    begun = house.post("front-job", "/people", {"who": {"kind": "email", "value": mail}}).json()
    sent = house.post("front-job", f"/people/{begun['tag']}/password", {"email": mail})
    assert sent.status_code == 201, sent.text
    assert not WORD.search(sent.text)
    found = WORD.search(house.mails(mail)[-1].text)
    assert found
    return str(begun["tag"]), found[0]


def enters(house: Deployment, mail: str, password: str, device: dict[str, str] = DESK) -> tuple[Person, Any]:
    """Send the sign-in form from a new browser."""
    browser = house.person(mail)
    browser.web.headers.update(device)
    body = {"email": mail, "password": password}
    return browser, browser.web.post(f"{browser.base}/signin/password", data=body, follow_redirects=False)


@pytest.mark.clause("engagesmarter-13.4")
def test_a_password_that_was_sent_opens_nothing_but_the_choice_of_another(house: Deployment) -> None:
    mail = "grace@acme.example"
    tag, word = invited(house, mail)
    browser, came = enters(house, mail, word)
    early = [browser.get(path).status_code for path in ("/me", "/me/rights", "/a/helpdesk")]
    token = house.post("", "/session/password", {"email": mail, "password": word}).json()["token"]
    by_program = house.get(token, "/people/me")
    kept = browser.post("/me/password", {"current": word, "new": "password1"}, "/me/account")
    chosen = browser.post("/me/password", {"current": word, "new": CHOSEN}, "/me/account")
    told = [m.subject for m in house.mails(mail)]
    shown = [house.get("cara-support", f"/people/{tag}/records", data="password", purpose=p).status_code
             for p in ("sign-in", "care")]  # fmt: skip
    copy = browser.get("/me/download").text + browser.get("/me").text
    _, old = enters(house, mail, word)

    assert (came.status_code, came.headers["location"]) == (303, "/engagesmarter/me/account")
    assert early == [403, 403, 403]
    assert by_program.status_code == 403
    assert (kept.status_code, chosen.status_code, browser.get("/me").status_code) == (422, 200, 200)
    assert house.get(token, "/people/me").status_code == 401
    assert told[-1] == "Your password was changed"
    assert shown == [403, 403]
    assert CHOSEN not in copy
    assert "argon2" not in copy
    assert house.on_disk(CHOSEN) + house.on_disk(word) == []
    assert old.status_code == 401


def test_a_password_that_was_sent_is_good_for_a_day_and_to_its_own_address_alone(house: Deployment) -> None:
    mail = "late@acme.example"
    tag, word = invited(house, mail)
    again = house.post("front-job", f"/people/{tag}/password", {"email": mail})
    other = house.post("front-job", f"/people/{tag}/password", {"email": "thief@example.com"})
    begun, house.now = house.now, house.now.replace(day=house.now.day + 2)
    _, late = enters(house, mail, word)
    house.now = begun

    assert (again.status_code, other.status_code) == (422, 422)
    assert house.mails("thief@example.com") == []
    assert late.status_code == 401


def test_who_comes_in_by_a_code_may_set_a_password_though_their_name_stands_in_other_records(
    house: Deployment,
) -> None:
    life = user(house, "pat@acme.example")
    browser = house.person(life.mail)
    browser.sign_in()
    set_ = browser.post("/me/password", {"new": CHOSEN}, "/me/account")
    life.tells("identity", "register", first="Pat", last="Quill", username="pq")
    life.tells("contact", "register", email=life.mail)
    _, came = enters(house, life.mail, CHOSEN)
    form = house.person(life.mail).get("/signup").status_code

    assert set_.status_code == 200
    assert came.status_code == 303
    assert form == 404


@pytest.mark.clause("engagesmarter-13.5")
def test_a_password_is_one_persons_and_a_colleague_gets_an_account_of_their_own(house: Deployment) -> None:
    ada = user(house, "ada@acme.example")
    browser = house.person(ada.mail)
    browser.web.headers.update(DESK)
    browser.sign_in()
    advice = browser.get("/me/account").text
    browser.post("/me/password", {"new": CHOSEN}, "/me/account")
    browser.post("/me/organisation", {"name": "Acme"}, "/me/organisation")
    browser.post("/me/organisation/invite", {"email": "ben@acme.example"}, "/me/organisation")
    link = re.search(r"https://\S+/join/(\S+)", house.mails("ben@acme.example")[-1].text)
    ben = user(house, "ben@acme.example")
    _, crossed = enters(house, ben.mail, CHOSEN)
    house.later(minutes=5)
    before = len(house.mails(ada.mail))
    enters(house, ada.mail, CHOSEN, DESK)
    alone = len(house.mails(ada.mail)) - before
    house.later(seconds=30)
    enters(house, ada.mail, CHOSEN, PHONE)
    told = [m.subject for m in house.mails(ada.mail)[before:]]
    house.later(minutes=5)
    enters(house, ada.mail, CHOSEN, PHONE)
    later = len(house.mails(ada.mail)) - before

    assert "tell it to nobody" in advice
    assert link
    assert ben.tag != ada.tag
    assert crossed.status_code == 401
    assert alone == 0
    assert told == ["Two devices at your account"]
    assert later == 1
