"""Accounts of the third company: opened, come into, kept, and closed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from comms import PASSWORD, Holder, by_password, confirmed, cookie, holder, keep, link_of, served, signed_up
from deployment import Deployment

BASE = "/smartcomms"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("accounts")) as made:
        yield made


def account(mail: str, **more: Any) -> dict[str, Any]:
    fields = {"first": "Ada", "last": "Byron", **more}
    return {"email": mail, "password": PASSWORD, "fields": fields}


def held(life: Holder, data: str) -> list[Any]:
    return [r for r in life.get("/records").json()["records"] if r["data"] == data]


@pytest.mark.clause("smartcomms-1.1")
def test_a_field_that_the_document_does_not_name_opens_no_account(house: Deployment) -> None:
    entries = house.get("otto-officer", "/evidence/entries").json()["entries"]
    refused = house.post("", "/accounts", account("mary@example.com", religion="x"))
    after = house.get("otto-officer", "/evidence/entries", start=str(len(entries))).json()["entries"]
    taken = house.post("", "/accounts", account("mary@example.com"))

    assert refused.status_code == 422
    assert refused.json()["fields"] == ["religion"]
    assert [e["kind"] for e in after if e["kind"] in ("refused", "collected")] == ["refused"]
    assert taken.status_code == 201
    assert len(house.mails("mary@example.com")) == 1


@pytest.mark.clause("smartcomms-1.2")
def test_an_account_takes_four_things_and_counts_from_its_owners_yes(house: Deployment) -> None:
    browser = house.person("lovelace@example.com")
    page = browser.get("/signup").text
    wrong = signed_up(house, "ada@@example")
    opened = signed_up(house, browser.mail)
    asked = house.mails(browser.mail)
    early = by_password(browser)
    looked = house.client().get(link_of(asked[0]))
    still = by_password(browser)
    confirmed(house, browser.mail)
    late = by_password(browser)
    copy = browser.get("/me/download").text + browser.get("/me").text

    needed = re.findall(r'name="([\w-]+)"[^>]* required', page)
    assert needed == ["field-first", "field-last", "email", "password"]
    assert (wrong.status_code, opened.status_code) == (422, 201)
    assert [m.subject for m in asked] == ["Is this address yours?"]
    assert [r.status_code for r in (early, looked, still, late)] == [403, 200, 403, 303]
    assert PASSWORD not in copy
    assert "argon2" not in copy
    assert house.on_disk(PASSWORD) == []


@pytest.mark.clause("smartcomms-2.10")
def test_a_holder_changes_name_and_password_and_closes_the_account_and_nobody_else_does(
    house: Deployment,
) -> None:
    life, ben = holder(house, "closer@example.com"), holder(house, "ben@example.com", "Ben")
    record = held(life, "account")[0]
    named_anew = {"fields": {"last": "King"}}
    renamed = house.call(life.token, "PATCH", f"/people/me/records/{record['rid']}", named_anew)
    other = house.call(
        ben.token, "PATCH", f"/people/{life.tag}/records/{record['rid']}", {"fields": {"last": "Nobody"}}
    )
    weak = house.call(life.token, "PUT", "/people/me/password", {"current": PASSWORD, "new": "password1"})
    guess = {"current": "no", "new": "fair winds of may"}
    wrong = house.call(life.token, "PUT", "/people/me/password", guess)
    changed = house.call(
        life.token, "PUT", "/people/me/password", {"current": PASSWORD, "new": "fair winds of may"}
    )
    named = held(life, "account")[0]["fields"]["last"]
    old = by_password(life.browser)
    life.post("/account/close", {"sure": True})
    closed = by_password(life.browser, "fair winds of may")

    assert (renamed.status_code, other.status_code, named) == (200, 403, "King")
    assert (weak.status_code, wrong.status_code, changed.status_code) == (422, 422, 200)
    assert (old.status_code, closed.status_code) == (401, 401)
    assert by_password(ben.browser).status_code == 303


@pytest.mark.clause("smartcomms-2.4")
def test_twelve_wrong_passwords_within_a_minute_raise_an_alert_and_never_lock_the_owner_out(
    house: Deployment,
) -> None:
    life = holder(house, "guessed@example.com")
    before = len(life.mails())
    body = {"email": life.mail, "password": "not the password"}
    tries = [
        house.client(f"198.51.100.{n}").post(f"{BASE}/signin/password", data=body).status_code
        for n in range(12)
    ]
    own = by_password(life.browser)
    told = [m.subject for m in life.mails()[before:]]
    seen = house.get(
        "sam-security", f"/people/{life.tag}/records", data="finding", purpose="guard", reason="an alarm"
    )
    sold = house.get("mail-job", f"/people/{life.tag}/records", data="finding", purpose="news")
    code = life.browser.sign_in()

    assert tries == [401] * 10 + [429] * 2
    assert own.status_code == 429
    assert told == ["Is somebody at your account?"]
    assert [r["fields"]["reason"] for r in seen.json()["records"]] == ["many wrong passwords within minutes"]
    assert sold.status_code == 403
    assert code.status_code == 200
    assert life.browser.get("/me").status_code == 200


def test_a_stranger_shuts_the_door_for_one_place_only(house: Deployment) -> None:
    life = holder(house, "pestered@example.com")
    stranger = house.client("198.51.100.77")
    body = {"email": life.mail, "password": "not the password"}
    tries = [stranger.post(f"{BASE}/signin/password", data=body).status_code for _ in range(6)]

    assert tries == [401] * 5 + [429]
    assert by_password(life.browser).status_code == 303


def test_an_address_that_has_an_account_is_told_so_by_mail_and_nowhere_else(house: Deployment) -> None:
    life = holder(house, "twice@example.com")
    again = signed_up(house, life.mail)
    fresh = signed_up(house, "once@example.com")

    assert again.text == fresh.text
    assert life.mails()[-1].subject == "You have an account already"
    assert by_password(life.browser).status_code == 303


@pytest.mark.clause("smartcomms-7.4")
def test_a_new_password_ends_every_other_session_and_is_told_and_nobody_can_read_it(
    house: Deployment,
) -> None:
    life = holder(house, "changer@example.com")
    second = house.person(life.mail)
    by_password(second)
    fields = {"current": PASSWORD, "new": "password1"}
    weak = life.browser.post("/me/password", fields, "/me/account")
    kept = second.get("/me").status_code
    done = life.browser.post("/me/password", {**fields, "new": "seven grey herons"}, "/me/account")
    shown = house.get(
        "cara-support", f"/people/{life.tag}/records", data="account", purpose="support", field="password"
    )
    asked = house.get("cara-support", f"/people/{life.tag}/password")

    assert "lists that thieves try" in weak.text or "10 to 200" in weak.text
    assert (weak.status_code, kept) == (422, 200)
    assert "Your password is changed" in done.text
    assert second.get("/me").status_code == 401
    assert house.get(life.token, "/people/me").status_code == 401
    assert life.browser.get("/me").status_code == 200
    assert life.mails()[-1].subject == "Your password was changed"
    assert (shown.status_code, asked.status_code) == (403, 405)


def test_sessions_are_listed_and_ended_one_by_one(house: Deployment) -> None:
    life = holder(house, "lister@example.com")
    second = house.person(life.mail)
    by_password(second)
    listed = house.get(life.token, "/people/me/sessions").json()["sessions"]
    other = next(s["name"] for s in listed if not s["here"])
    ended = house.call(life.token, "DELETE", f"/people/me/sessions/{other}")
    strange = house.call(life.token, "DELETE", "/people/me/sessions/0000")
    page = life.browser.get("/me/account").text if life.browser.get("/me").status_code == 200 else ""
    rest = ended.json()["sessions"]

    assert len(listed) == 3
    assert (len(rest), strange.status_code) == (2, 404)
    assert all(s["name"] != other for s in rest)
    assert "Where you are signed in" in (page or second.get("/me/account").text)


def test_who_forgot_the_password_sets_another_one_after_a_code(house: Deployment) -> None:
    life = holder(house, "forgetful@example.com")
    browser = house.person(life.mail)
    browser.sign_in()
    page = browser.get("/me/account").text
    browser.post("/me/password", {"new": "four quiet geese fly"}, "/me/account")

    assert "The one you have" not in page
    assert by_password(house.person(life.mail)).status_code == 401
    assert by_password(house.person(life.mail), "four quiet geese fly").status_code == 303


@pytest.mark.clause("smartcomms-3.25")
def test_the_number_of_an_account_is_drawn_at_random_and_anew_each_time(house: Deployment) -> None:
    life = holder(house, "number@example.com")
    first = held(life, "account")[0]["fields"]["number"]
    life.post("/erasure", {"sure": True})
    again = holder(house, "number@example.com")
    second = held(again, "account")[0]["fields"]["number"]
    others = {held(holder(house, f"n{n}@example.com"), "account")[0]["fields"]["number"] for n in range(3)}

    assert [uuid.UUID(n).version for n in (first, second)] == [4, 4]
    assert len({first, second, *others}) == 5


@pytest.mark.clause("smartcomms-3.26")
def test_a_browser_stays_signed_in_only_if_asked_to_and_until_it_is_ended(house: Deployment) -> None:
    life = holder(house, "stayer@example.com")
    stayed, gone = house.person(life.mail), house.person(life.mail)
    answer = by_password(stayed, stay="yes")
    by_password(gone)
    cookies = answer.headers.get_list("set-cookie")
    stay = next(c for c in cookies if "stay-smartcomms" in c)
    for browser in (stayed, gone):
        browser.web.cookies.delete("__Host-session-smartcomms", domain="service.example", path="/")
    house.later(days=1)
    back, away = stayed.get("/me"), gone.get("/me")
    token = cookie(stayed.web, "stay")
    stayed.post("/signout", {}, "/me/account")
    keep(stayed.web, "stay", token)
    old = stayed.get("/me")

    assert all(word in stay for word in ("Secure", "HttpOnly", "Max-Age=2592000"))
    assert "Your privacy centre" in back.text
    assert "Sign in" in away.text
    assert old.status_code == 401

    again = house.person(life.mail)
    by_password(again, stay="yes")
    again.post("/me/password", {"current": PASSWORD, "new": "nine slow rivers"}, "/me/account")
    kept = cookie(again.web, "stay")
    keep(again.web, "stay", kept)

    assert again.get("/me").status_code == 401


@pytest.mark.clause("smartcomms-3.29")
def test_the_cookie_that_proves_who_you_are_is_for_this_host_and_needs_no_yes(house: Deployment) -> None:
    life = holder(house, "cookie@example.com")
    browser = house.person(life.mail)
    browser.post("/s/choose", {"all": "no"})
    answer = by_password(browser)
    session = next(c for c in answer.headers.get_list("set-cookie") if "session-smartcomms" in c)

    assert answer.status_code == 303
    assert session.startswith("__Host-")
    assert all(word in session for word in ("Secure", "HttpOnly", "SameSite=lax"))
    assert "Max-Age" not in session
    assert "expires" not in session.lower()


@pytest.mark.clause("smartcomms-3.30")
def test_a_cookie_from_another_browser_is_a_stolen_one_and_a_changed_one_opens_nothing(
    house: Deployment,
) -> None:
    life = holder(house, "stolen@example.com")
    before = len(life.mails())
    token = cookie(life.browser.web)
    thief = house.client("198.51.100.9")
    keep(thief, "session", token)
    replayed = thief.get(f"{BASE}/me", headers={"user-agent": "another device"})
    told = [m.subject for m in life.mails()[before:]]
    own = life.browser.get("/me")
    by_password(life.browser)
    good = cookie(life.browser.web)
    forger = house.client()
    keep(forger, "session", good[:-1] + ("0" if good[-1] != "0" else "1"))
    changed = forger.get(f"{BASE}/me")
    unsigned = life.browser.web.post(f"{BASE}/me/account/none", data={})
    crossed = life.browser.web.post(f"{BASE}/me/withdraw", data={"csrf": "guessed"})

    assert (replayed.status_code, own.status_code) == (401, 401)
    assert told == ["Is somebody at your account?"]
    assert changed.status_code == 401
    assert (crossed.status_code, unsigned.status_code) == (403, 404)


def test_a_sign_in_never_goes_on_in_the_session_that_was_there_before(house: Deployment) -> None:
    life = holder(house, "fixed@example.com")
    browser = house.person(life.mail)
    browser.web.post(f"{BASE}/signin", data={"email": life.mail})
    planted = cookie(browser.web)
    by_password(browser)
    fresh = cookie(browser.web)
    thief = house.client()
    keep(thief, "session", planted)

    assert planted != fresh
    assert thief.get(f"{BASE}/me").status_code == 401
