"""Web: what a person and the staff meet, without script."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def say(web: TestClient, step: str, answer: str, csrf: str, **more: str) -> Any:
    return web.post("/fjord/f/summer/step", data={"step": step, "answer": answer, "csrf": csrf, **more})


def talk(web: TestClient, **first: str) -> Any:
    """Go through the flow to its end, agreeing when told to."""
    csrf = CSRF.findall(web.post("/fjord/f/summer/start").text)[0]
    say(web, "drink", "coffee", csrf, **first)
    say(web, "mail", "kari@example.no", csrf)
    say(web, "gift", "", csrf)
    return say(web, "years", "34", csrf)


def centre(web: TestClient) -> tuple[str, str]:
    text = web.get("/fjord/me").text
    return text, CSRF.findall(text)[0]


def test_loading_a_page_sets_no_cookie_and_pressing_start_sets_one_that_ends_with_the_browser(
    web: TestClient,
) -> None:
    assert "set-cookie" not in web.get("/fjord/f/summer").headers

    started = web.post("/fjord/f/summer/start", follow_redirects=False)
    cookie = started.headers["set-cookie"]

    assert cookie.startswith("__Host-session-fjord=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"))
    assert "Max-Age" not in cookie


def test_the_answer_tea_leads_to_its_own_step_and_back_shows_it_again(web: TestClient) -> None:
    csrf = CSRF.findall(web.post("/fjord/f/summer/start").text)[0]
    leaf = say(web, "drink", "tea", csrf)
    returned = web.post("/fjord/f/summer/back", data={"step": "leaf", "csrf": csrf})

    assert "Which leaf?" in leaf.text
    assert 'value="tea" checked' in returned.text


def test_the_ending_shows_the_reward_and_what_was_stored_by_which_clause(
    web: TestClient, company: Any
) -> None:
    end = talk(web, consent="yes")

    assert "One coffee, hot or iced" in end.text
    assert 'href="/fjord/privacy#s3-1"' in end.text
    assert {h.data for h in company.gate.held[1]} == {"taste", "contact", "age", "reward"}


def test_an_answer_without_its_consent_is_not_stored(web: TestClient, company: Any) -> None:
    end = talk(web)

    assert "without your consent" in end.text
    assert "taste" not in {h.data for h in company.gate.held[1]}


def test_a_flow_left_half_way_stores_nothing(web: TestClient, company: Any) -> None:
    csrf = CSRF.findall(web.post("/fjord/f/summer/start").text)[0]
    say(web, "drink", "coffee", csrf, consent="yes")

    assert company.gate.held == {}


def test_an_answer_below_the_age_limit_ends_the_flow_and_stores_nothing(
    web: TestClient, company: Any
) -> None:
    csrf = CSRF.findall(web.post("/fjord/f/summer/start").text)[0]
    for step, answer in (("drink", "coffee"), ("mail", "kim@example.no"), ("gift", "")):
        say(web, step, answer, csrf)
    end = say(web, "years", "12", csrf)

    assert "Nothing you said was stored" in end.text
    assert company.gate.held == {}
    assert company.gate.find(kind="email", value="kim@example.no") is None


def test_a_draft_answers_404_to_the_public(web: TestClient) -> None:
    assert web.get("/fjord/f/later").status_code == 404


def test_a_frame_holds_its_token_in_the_form_and_never_a_cookie(web: TestClient) -> None:
    opened = web.get("/fjord/f/summer?embed=1")
    started = web.post("/fjord/f/summer/start?embed=1")
    token, csrf = TOKEN.findall(started.text)[0], CSRF.findall(started.text)[0]
    next_ = web.post(
        "/fjord/f/summer/step?embed=1", data={"step": "drink", "answer": "tea", "csrf": csrf, "token": token}
    )

    assert "frame-ancestors https://kaffe.example" in opened.headers["content-security-policy"]
    assert "Which leaf?" in next_.text
    assert not any("set-cookie" in r.headers for r in (opened, started, next_))


def test_every_page_refuses_frames_positions_and_foreign_scripts(web: TestClient) -> None:
    for path in ("/fjord/", "/fjord/privacy", "/fjord/f/summer", "/fjord/nowhere", "/fjord/console/"):
        told = web.get(path).headers

        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "geolocation=()" in told["permissions-policy"]
        assert told["x-content-type-options"] == "nosniff"


def test_a_form_without_its_secret_is_refused(web: TestClient) -> None:
    web.post("/fjord/f/summer/start")

    assert say(web, "drink", "tea", "forged").status_code == 403


def test_another_sites_page_cannot_press_start(web: TestClient) -> None:
    assert web.post("/fjord/f/summer/start", headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_body_over_64_kib_is_refused(web: TestClient) -> None:
    answer = web.post("/fjord/f/summer/start", content=b"x" * 65537)

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_five_wrong_codes_close_the_door_even_to_the_right_one(web: TestClient, company: Any) -> None:
    talk(web)
    web.cookies.clear()
    csrf = CSRF.findall(web.post("/fjord/signin", data={"email": "kari@example.no"}).text)[0]
    right = re.findall(r"\d{6}", company.sent[0][2])[0]
    wrong = "000000" if right != "000000" else "111111"
    tries = [web.post("/fjord/signin/code", data={"code": wrong, "csrf": csrf}).status_code for _ in range(5)]

    assert tries == [422] * 5
    assert web.post("/fjord/signin/code", data={"code": right, "csrf": csrf}).status_code == 429
    assert web.post("/fjord/signin", data={"email": "kari@example.no"}).status_code == 429


def test_the_right_code_signs_in_and_an_old_one_does_not(web: TestClient, company: Any) -> None:
    talk(web)
    web.cookies.clear()
    csrf = CSRF.findall(web.post("/fjord/signin", data={"email": "Kari@example.no"}).text)[0]
    code = re.findall(r"\d{6}", company.sent[0][2])[0]
    company.now += timedelta(minutes=11)
    late = web.post("/fjord/signin/code", data={"code": code, "csrf": csrf})
    company.now -= timedelta(minutes=11)

    assert late.status_code == 422


def test_signing_in_says_the_same_for_an_address_nobody_has(web: TestClient, company: Any) -> None:
    answer = web.post("/fjord/signin", data={"email": "nobody@example.no"})

    assert "If we know this address" in answer.text
    assert company.sent == []


def test_the_centre_shows_each_datum_with_purpose_clause_readers_and_its_last_day(web: TestClient) -> None:
    talk(web)
    text, _ = centre(web)

    assert "Run your membership" in text
    assert "kari@example.no" in text
    assert "The roaster who ships it" in text
    assert "24 December 2026" in text
    assert "/fjord/privacy#s5" in text


def test_one_switch_takes_a_consent_back_and_its_history_stays(web: TestClient, company: Any) -> None:
    talk(web, consent="yes")
    _, csrf = centre(web)
    after = web.post("/fjord/me/consent", data={"consent": "tasting", "given": "no", "csrf": csrf})

    assert [a.given for a in company.gate.acts[1]] == [True, False]
    assert "you said no" in after.text


def test_correct_restrict_object_and_download_do_what_they_say(web: TestClient, company: Any) -> None:
    talk(web)
    _, csrf = centre(web)
    rid = next(h.rid for h in company.gate.held[1] if h.data == "contact")
    web.post("/fjord/me/correct", data={"record": rid, "field-email": "k@example.no", "csrf": csrf})
    web.post("/fjord/me/restrict", data={"on": "yes", "csrf": csrf})
    web.post("/fjord/me/object", data={"purpose": "safety", "csrf": csrf})

    assert "k@example.no" in web.get("/fjord/me/download").text
    assert company.gate.restricted == {1}
    assert company.gate.objections[1] == {"safety"}


def test_deleting_gives_a_receipt_and_ends_the_session(web: TestClient, company: Any) -> None:
    talk(web)
    _, csrf = centre(web)
    unsure = web.post("/fjord/me/delete", data={"csrf": csrf})
    receipt = web.post("/fjord/me/delete", data={"csrf": csrf, "sure": "yes"})

    assert unsure.status_code == 400
    assert "Your data are deleted" in receipt.text
    assert company.gate.held == {}
    assert web.get("/fjord/me").url.path == "/fjord/signin"


def test_typing_another_persons_address_does_not_open_their_file(web: TestClient, company: Any) -> None:
    talk(web, consent="yes")
    web.cookies.clear()
    talk(web)

    assert "taste" not in {h.data for h in company.gate.access(person=2).held}
    assert company.gate.find(kind="email", value="kari@example.no") == 1
    assert "What you like" not in centre(web)[0]


def test_visits_are_counted_by_channel_and_nothing_else(web: TestClient) -> None:
    for path, referrer in (("", ""), ("", "https://www.google.com/"), ("?via=email", ""), ("?via=ad", "")):
        web.get(f"/fjord/f/summer{path}", headers={"referer": referrer})
    web.post("/fjord/console/signin", data={"code": "staff-1234"})

    assert "ad 1, direct 1, email 1, search 1" in web.get("/fjord/console/").text


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_qr_code_carries_the_address_and_nothing_personal(web: TestClient, kind: str) -> None:
    assert web.get(f"/fjord/qr/summer.{kind}?campaign=summer").status_code == 200
    assert web.get(f"/fjord/qr/summer.{kind}?campaign=kari@example.no").status_code == 400
    assert web.get(f"/fjord/qr/summer.{kind}?email=kari@example.no").status_code == 400


def test_the_console_is_closed_without_its_code_and_names_nobody(web: TestClient) -> None:
    talk(web)
    web.cookies.clear()
    assert web.get("/fjord/console/forecast.csv").status_code == 401
    assert "Forecast" not in web.get("/fjord/console/").text
    web.post("/fjord/console/signin", data={"code": "staff-1234"})
    text = web.get("/fjord/console/?action=collect&data=taste&purpose=offers").text

    assert "p-0001" in text
    assert "kari@example.no" not in text
    assert "consent tasting" in text
    assert "<svg" in text
    assert web.get("/fjord/console/forecast.csv").text.startswith("day,goes,left")
