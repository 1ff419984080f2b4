"""Talk: the conversation as somebody without script meets it, on the real gate."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from summer import served

TOKEN = re.compile(r'name="token" value="([^"]+)"')
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ADULT = {"consent": "yes", "years": "18"}
ORIGIN = {"referer": "https://kaffe.example/menu"}


def people(house: Any) -> int:
    return len(house.company.gate.overview().people)


def test_loading_a_page_sets_no_cookie_and_pressing_start_sets_one_that_ends_with_the_browser(
    web: TestClient,
) -> None:
    assert "set-cookie" not in web.get("/smoc/f/summer").headers

    cookie = web.post("/smoc/f/summer/start", follow_redirects=False).headers["set-cookie"]

    assert cookie.startswith("__Host-session-smoc=")
    assert all(word in cookie for word in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"))
    assert "Max-Age" not in cookie


def test_the_person_sees_who_speaks_who_answers_and_who_may_read_before_typing(web: TestClient) -> None:
    text = web.get("/smoc/f/summer").text

    assert "<strong>Bryggen Kaffe</strong>" in text
    assert "SMOC.AI runs the conversation and answers for it" in text
    assert "It is a script, not a human." in text
    assert "support (answers your questions)" in text
    assert "/smoc/look/bryggen-kaffe.css" in text


def test_an_answer_leads_to_its_own_step_and_back_shows_it_again(person: Any) -> None:
    csrf = person.start()
    hug = person.say("hello", "cocoa", csrf)
    returned = person.web.post("/smoc/f/summer/back", data={"step": "cocoa-hug", "csrf": csrf})

    assert "A person of principle" in hug.text
    assert 'class="option was" name="answer" value="cocoa"' in returned.text


def test_a_conversation_left_half_way_is_resumed_with_its_answers_or_begun_anew(person: Any) -> None:
    csrf = person.start()
    person.say("hello", "tea", csrf)
    start = person.web.get("/smoc/f/summer").text
    resumed = person.web.get("/smoc/f/summer/resume")

    assert "Go on where I was" in start
    assert resumed.url.path == "/smoc/f/summer/travel"
    assert '<p class="you"' in resumed.text


def test_the_ending_shows_the_reward_and_what_was_stored_by_which_clause(person: Any, house: Any) -> None:
    end = person.walk(gender=("woman", ADULT))

    assert "One coffee, hot or iced" in end.text
    assert 'href="/smoc/privacy#s4-3"' in end.text
    assert {"taste", "contact", "gender", "reward", "progress", "visit", "language"} <= set(person.held())


def test_a_visit_is_kept_as_the_closed_list_says_and_no_more(person: Any) -> None:
    start = {"campaign": "spring", "from": "https://search.example/q?x=kari"}
    person.web.headers["user-agent"] = (
        "Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0.2"
    )
    csrf = person.start("?gclid=abc", **start)
    for step, answer in (("hello", "tea"), ("travel", ""), ("gender", ""), ("mail", "kari@example.no")):
        person.say(step, answer, csrf)
    person.say("coffee", "", csrf)
    person.say("news", "no", csrf)
    visit = person.held()["visit"].body

    assert visit["ip"] == "203.0.113.24"
    assert visit["browser"] == "Firefox 137"
    assert visit["referrer"] == "https://search.example"
    assert visit["page"] == "/smoc/f/summer?campaign=spring"
    assert "abc" not in str(person.house.company.gate.export(person=person.number))


def test_an_answer_without_its_consent_is_not_stored(person: Any) -> None:
    end = person.walk(gender="woman")

    assert "without your consent" in end.text
    assert "gender" not in person.held()


def test_a_yes_with_an_age_asks_for_the_age_and_keeps_what_was_chosen(person: Any, house: Any) -> None:
    csrf = person.start()
    person.say("hello", "tea", csrf)
    person.say("travel", "sea", csrf)
    silent = person.say("gender", "woman", csrf, consent="yes")
    forged = person.say("gender", "woman", csrf, consent="yes", years="5")
    person.say("gender", "woman", csrf, **ADULT)

    assert silent.status_code == 422
    assert "I am 13 or older, but not yet 18" in silent.text
    assert forged.status_code == 422
    assert "How old are you?" not in person.web.get("/smoc/f/summer/gender").text


def test_a_consent_is_put_in_the_talks_language_and_stored_in_the_words_that_were_shown(person: Any) -> None:
    csrf = person.start(lang="nb")
    for step, answer in (("hello", "tea"), ("travel", ""), ("gender", ""), ("mail", "kari@example.no")):
        person.say(step, answer, csrf)
    asked = person.say("coffee", "", csrf)
    person.say("news", "yes", csrf, years="18")
    acts = person.house.company.gate.access(person=person.number).acts
    news = next(a for a in acts if a.name == "news(bryggen-kaffe)")

    assert "Kan Bryggen Kaffe sende deg tilbud?" in asked.text
    assert (news.given, news.text, news.language) == (True, "Kan Bryggen Kaffe sende deg tilbud?", "nb")


def test_a_flow_left_half_way_stores_nothing(person: Any, house: Any) -> None:
    csrf = person.start()
    person.say("hello", "tea", csrf)

    assert people(house) == 0


def test_a_replayed_last_form_stores_nothing_twice(person: Any, house: Any) -> None:
    csrf = person.start()
    for step, answer in (("hello", "tea"), ("travel", ""), ("gender", ""), ("mail", "kari@example.no")):
        person.say(step, answer, csrf)
    person.say("coffee", "", csrf)
    person.say("news", "no", csrf)
    again = person.say("news", "no", csrf)

    assert again.status_code == 409
    assert people(house) == 1


def test_a_second_round_earns_the_reward_no_second_time(person: Any) -> None:
    person.walk()
    person.walk()
    held = person.house.company.gate.access(person=person.number).held

    assert [h.body["turn"] for h in held if h.data == "reward"] == ["earned", "credited"]


def test_typing_another_persons_address_does_not_open_their_file(person: Any, house: Any) -> None:
    person.walk(gender=("woman", ADULT))
    person.web.cookies.clear()
    person.walk()

    assert "Your gender" not in person.web.get("/smoc/me").text
    assert [h.data for h in house.company.gate.access(person=person.number).held].count("contact") == 1


def test_a_draft_is_rehearsed_by_staff_alone_and_stores_nothing(person: Any, house: Any) -> None:
    closed = person.web.get("/smoc/f/winter?preview=1")
    person.staff()
    opened = person.web.get("/smoc/f/winter?preview=1")
    csrf = CSRF.findall(person.web.post("/smoc/f/winter/start?preview=1").text)[0]
    end = person.web.post(
        "/smoc/f/winter/step?preview=1", data={"step": "hello", "answer": "tea", "csrf": csrf}
    )

    assert (closed.status_code, opened.status_code) == (404, 200)
    assert "Rehearsal" in end.text
    assert person.web.get("/smoc/f/winter").status_code == 404
    assert people(house) == 0


@pytest.mark.parametrize(
    ("step", "answer", "status"),
    [
        ("bye", "", 409),  # a step that was not come to
        ("nowhere", "", 400),
        ("hello", "beer", 422),
        ("hello", "", 422),
        ("mail", "kari@example.no", 409),
    ],
)
def test_an_answer_to_a_question_that_was_not_asked_is_refused(
    person: Any, step: str, answer: str, status: int
) -> None:
    assert person.say(step, answer, person.start()).status_code == status


def test_an_answer_of_fifty_megabytes_is_refused_before_it_is_read(web: TestClient) -> None:
    told = web.post("/smoc/f/summer/step", content=b"x", headers={"content-length": str(50 * 2**20)})
    sent = web.post("/smoc/f/summer/step", content=(b"answer=" + b"x" * 2**16 for _ in range(800)))

    assert (told.status_code, sent.status_code) == (413, 413)
    assert told.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "raw", [b"answer=%ff%fe&step=hello", b"answer=\xff\xfe&step=hello", b"answer=%00&step=hello"]
)
def test_a_form_in_another_encoding_is_refused_in_words(web: TestClient, raw: bytes) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = web.post("/smoc/f/summer/step", content=raw, headers=kind)

    assert answer.status_code == 400


def test_a_form_without_its_secret_and_another_sites_start_are_refused(person: Any) -> None:
    person.start()
    crossed = person.web.post("/smoc/f/summer/start", headers={"sec-fetch-site": "cross-site"})

    assert person.say("hello", "tea", "forged").status_code == 403
    assert crossed.status_code == 403


def test_a_frame_holds_its_token_in_the_form_and_never_a_cookie(web: TestClient) -> None:
    opened = web.get("/smoc/f/summer?embed=1", headers=ORIGIN)
    started = web.post("/smoc/f/summer/start?embed=1")
    token, csrf = TOKEN.findall(started.text)[0], CSRF.findall(started.text)[0]
    form = {"step": "hello", "answer": "tea", "csrf": csrf, "token": token}
    next_ = web.post("/smoc/f/summer/step?embed=1", data=form)

    assert "frame-ancestors https://kaffe.example" in opened.headers["content-security-policy"]
    assert "And where does your summer go?" in next_.text
    assert not any("set-cookie" in r.headers for r in (opened, started, next_))


def test_a_page_that_is_not_registered_may_not_frame_a_flow_and_counts_nothing(
    web: TestClient, house: Any
) -> None:
    other = web.get("/smoc/f/summer?embed=1", headers={"referer": "https://other.example/"})

    assert other.status_code == 403
    assert house.company.gate.counts(counter="arrivals") == ()


def test_visits_are_counted_by_channel_and_click_identifiers_go_nowhere(web: TestClient, house: Any) -> None:
    search = {"referer": "https://www.google.com/"}
    for query, headers in (("", {}), ("", search), ("?via=email", {}), ("?via=ad&gclid=abc123", {})):
        web.get(f"/smoc/f/summer{query}", headers=headers)
    counted = {dims["channel"]: n for dims, n in house.company.gate.counts(counter="arrivals")}

    assert counted == {"direct": 1, "search": 1, "email": 1, "ad": 1}
    assert "abc123" not in str(house.company.gate.counts(counter="arrivals"))


def test_a_placement_leads_to_its_flow_without_what_the_network_added_and_ends_on_its_day(
    tmp_path: Path,
) -> None:
    site = '\n[placements.harbour]\nflow = "summer"\nuntil = "2026-12-01"\n'
    made = served(tmp_path, site=site)
    led = made.web.get("/smoc/go/harbour?gclid=abc", follow_redirects=False)
    made.later(days=10)
    over = made.web.get("/smoc/go/harbour")
    made.close()

    assert led.headers["location"] == "/smoc/f/summer?via=ad&campaign=harbour"
    assert over.status_code == 410


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_qr_code_carries_the_address_and_nothing_personal(web: TestClient, kind: str) -> None:
    assert web.get(f"/smoc/qr/summer.{kind}?campaign=summer").status_code == 200
    assert web.get(f"/smoc/qr/summer.{kind}?campaign=kari@example.no").status_code == 400
    assert web.get(f"/smoc/qr/summer.{kind}?email=kari@example.no").status_code == 400


def test_every_page_refuses_frames_positions_and_foreign_scripts(web: TestClient) -> None:
    for path in (
        "/smoc/",
        "/smoc/privacy",
        "/smoc/f/summer",
        "/smoc/nowhere",
        "/smoc/console/",
        "/smoc/verify",
    ):
        told = web.get(path).headers

        assert "frame-ancestors 'none'" in told["content-security-policy"]
        assert "default-src 'none'" in told["content-security-policy"]
        assert "geolocation=()" in told["permissions-policy"]
        assert told["x-content-type-options"] == "nosniff"


def test_a_reward_ends_with_its_budget_and_its_operator_is_told_once(person: Any, house: Any) -> None:
    house.company.rewards["summer-coffee"]["budget"] = 1
    first = person.walk()
    person.web.cookies.clear()
    second = person.walk(mail="ola@example.no")
    sent = house.company.mailbox.of("operator", "bryggen-kaffe")

    assert "Your reward" in first.text
    assert "No rewards left" in second.text
    assert [sorted(d.body) for d in sent] == [["contact.email", "reward.entitlement"]]
    assert sent[0].body["contact.email"] == "kari@example.no"
