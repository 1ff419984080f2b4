"""What a user of the second company can ask, and what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from acme import paid, user
from deployment import Deployment
from living import Life

USAGE = {"feature": "ask", "at": "2024-03-10T10:00:00Z", "session": "s1"}
RIGHTS = ("access", "correct", "erase", "object", "restrict", "carry", "withdraw")


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and bool(answer.json()["clause"])


def objects(life: Life, *purposes: str) -> list[int]:
    return [
        life.house.post(life.token, "/people/me/objections", {"purpose": p}).status_code for p in purposes
    ]


@pytest.mark.clause("engagesmarter-2.1")
def test_page_data_and_copy_name_the_company_that_answers_and_no_stranger_comes_in(
    engage: Deployment,
) -> None:
    ada = user(engage)
    page = re.sub(r"<[^>]+>", "", engage.web.get("/engagesmarter/privacy").text)
    told = engage.web.get("/engagesmarter/privacy.json").json()["controllers"]
    copy = engage.get(ada.token, "/people/me/export").json()["export"]["processing"]["controllers"]
    stranger = engage.web.post(
        "/engagesmarter/api/v1/session/staff",
        json={"code": "123456"},
        headers={"Authorization": "Bearer staff-of-another-company"},
    )

    assert "Engage Smarter Ltd" in page
    assert [c["name"] for c in told] == ["Engage Smarter Ltd"]
    assert [(c["name"], c["authority"]) for c in copy] == [
        ("Engage Smarter Ltd", "Information Commissioner's Office")
    ]
    assert stranger.status_code in (401, 403)


@pytest.mark.clause("engagesmarter-2.3")
def test_a_question_is_answered_as_one_and_who_wants_all_gone_has_a_request_with_its_day(
    engage: Deployment,
) -> None:
    ada = user(engage)
    asked = engage.post(
        "cara-support", "/mail", {"address": ada.mail, "text": "what is Usage Data?", "right": "question"}
    )
    engage.post(
        "cara-support",
        f"/people/{ada.tag}/requests/{asked.json()['number']}/answer",
        {"outcome": "answered", "text": "Which features you used, and when."},
    )
    engage.post("cara-support", "/mail", {"address": ada.mail, "text": "please delete me"})
    cases = engage.get(ada.token, "/requests").json()["requests"]
    kept = str(ada.sees()["records"])

    assert sorted(c["right"] for c in cases) == ["erase", "question"]
    assert {c["due"] for c in cases} == {"2024-04-10T23:00:00Z"}
    assert "what is Usage Data?" in kept
    assert "Which features you used" in kept


@pytest.mark.clause("engagesmarter-15.3", "engagesmarter-18.11")
def test_a_no_to_marketing_needs_no_reason_stops_every_job_at_once_and_nobody_overrides_it(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("news-mail", "news-text", "extras", "recommend", "better", "others(adco)")
    ada.tells("contact", "register", phone="+44 20 7946 0018")
    ada.noted("number-job", "usage", "better", **USAGE)

    def jobs() -> list[int]:
        said = {"data": ["contact.email"], "party": "partner", "member": "adco", "purpose": "others"}
        return [
            ada.used("offer-job", "contact", "news-mail", field="email").status_code,
            ada.used("offer-job", "contact", "news-text", field="phone").status_code,
            ada.used("offer-job", "usage", "recommend").status_code,
            engage.post("offer-job", f"/people/{ada.tag}/shares", said).status_code,
        ]

    before = jobs()
    engage.at("2024-03-10T12:00:00+00:00")
    ada.sign_in()
    said = objects(ada, "news-mail", "news-text", "recommend", "others")
    engage.at("2024-03-10T12:01:00+00:00")
    after = jobs()
    overridden = engage.post(
        "otto-officer",
        f"/people/{ada.tag}/objections/recommend/decision",
        {"upheld": False, "reason": "our sales outweigh it, as written down in the balancing of 1 March"},
    )

    assert before[:3] == [200, 200, 200]
    assert before[3] in (200, 201)
    assert said == [200] * 4
    assert after == [403] * 4
    assert overridden.status_code == 409
    assert ada.used("front-job", "contact", "care").status_code == 200


@pytest.mark.clause("engagesmarter-15.4")
def test_every_right_can_be_asked_by_mail_and_a_strangers_mail_discloses_nothing(engage: Deployment) -> None:
    ada = user(engage)
    answers = [
        engage.post("otto-officer", "/mail", {"address": ada.mail, "right": right, "text": "please"})
        for right in RIGHTS
    ]
    cases = engage.get("otto-officer", "/requests").json()["requests"]
    before = len(engage.mails(ada.mail))
    other = engage.post(
        "otto-officer", "/mail", {"address": "eve@elsewhere.example", "text": "send me all about Ada"}
    )

    assert {a.status_code for a in answers} == {200}
    assert sorted(c["right"] for c in cases if c["tag"] == ada.tag) == sorted(RIGHTS)
    assert {c["due"] for c in cases} == {"2024-04-10T23:00:00Z"}
    assert other.status_code in (200, 404)
    assert "Quill" not in str([m.text for m in engage.mails("eve@elsewhere.example")])
    assert len(engage.mails(ada.mail)) == before


@pytest.mark.clause("engagesmarter-18.3")
def test_a_correction_reaches_who_had_the_old_value_and_is_nobody_elses_to_make(engage: Deployment) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    ada.agrees("extras", "others(adco)")
    rid = next(r["rid"] for r in ada.holds("contact"))
    said = {"data": ["contact.email"], "party": "partner", "member": "adco", "purpose": "others"}
    engage.post("offer-job", f"/people/{ada.tag}/shares", said)
    phone = ada.tells("contact", "register", phone="123456").json()["rid"]
    path = f"/people/me/records/{phone}"
    done = engage.call(ada.token, "PATCH", path, {"fields": {"phone": "+44 20 7946 0018"}})
    title = ada.tells("identity", "register", title="Dr")
    by_ben = engage.call(
        ben.token, "PATCH", f"/people/{ada.tag}/records/{phone}", {"fields": {"phone": "+44 20 7946 0999"}}
    )
    engage.call(ada.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"email": "new@acme.example"}})
    engage.client().post(next(w for w in engage.mails("new@acme.example")[-1].text.split() if "/case/" in w))
    heard = [d["kind"] for d in engage.get("adco-key", "/deliveries").json()["deliveries"]]

    assert done.status_code == 200
    assert "+44 20 7946 0018" in [r["fields"].get("phone") for r in ada.holds("contact")]
    assert title.status_code == 201
    assert by_ben.status_code == 403
    assert heard == ["share", "correction"]


def test_what_a_law_keeps_from_an_erasure_is_named_with_its_law_and_its_last_day(engage: Deployment) -> None:
    ada = user(engage)
    paid(ada)
    ada.tells("profile", "care", setting="dark")
    engage.at("2024-04-02T10:00:00+01:00")
    ada.sign_in()
    receipt = engage.post(ada.token, "/people/me/erasure", {"sure": True}).json()
    stays = {s["data"]: s for s in receipt["stays"]}
    found = engage.post("front-job", "/people/find", {"kind": "email", "value": ada.mail})

    assert set(stays) == {"identity.first", "identity.last", "contact.email", "transaction", "consents"}
    assert stays["transaction"]["because"] == "Companies Act 2006 and tax law (UK), six years"
    assert stays["transaction"]["article"] == "GDPR Art. 17(3)(b)"
    assert stays["transaction"]["until"] == "2030-04-03T00:00:00+01:00"
    assert found.status_code == 404


@pytest.mark.clause("engagesmarter-18.17")
def test_an_objection_stops_its_purpose_while_it_is_weighed_and_a_ground_in_writing_lets_it_go_on(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.noted("front-job", "devices", "protect", kind="laptop", system="Linux", browser="F", installation="i")
    before = ada.used("front-job", "devices", "protect")
    objects(ada, "protect")
    while_open = ada.used("front-job", "devices", "protect")
    other = ada.used("front-job", "contact", "care")
    decision = f"/people/{ada.tag}/objections/protect/decision"
    empty = engage.post("otto-officer", decision, {"upheld": False, "reason": ""})
    ground = "security of the network outweighs it: without the device no attack on her account is found"
    judged = engage.post("otto-officer", decision, {"upheld": False, "reason": ground})
    again = ada.used("front-job", "devices", "protect")

    assert before.status_code == 200
    assert refused(while_open)
    assert other.status_code == 200
    assert empty.status_code == 422
    assert judged.status_code == 200
    assert again.status_code == 200


def test_an_objection_that_nobody_decides_in_a_month_counts_as_upheld(engage: Deployment) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    objects(ada, "protect")
    objects(ben, "protect")
    ground = "security of the network outweighs it: without the device no attack on his account is found"
    engage.post(
        "otto-officer",
        f"/people/{ben.tag}/objections/protect/decision",
        {"upheld": False, "reason": ground},
    )
    engage.at("2024-04-12T10:00:00+01:00").sweep()
    silent = ada.used("front-job", "contact", "protect", field="email")
    rejected = ben.used("front-job", "contact", "protect", field="email")

    assert refused(silent)
    assert rejected.status_code == 200


@pytest.mark.clause("engagesmarter-18.14")
def test_a_disputed_address_is_not_used_while_the_name_is_until_it_was_verified_and_told(
    engage: Deployment,
) -> None:
    ada = user(engage)
    engage.post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    ada.tells("contact", "buy", billing="1 Old Street, London")
    held = engage.post(ada.token, "/people/me/restrictions", {"data": "contact.billing", "case": "accuracy"})
    billing = ada.used("till-job", "contact", "buy", field="billing")
    name = ada.used("till-job", "identity", "buy", field="first")
    lift = f"/people/{ada.tag}/restrictions"
    early = engage.post("otto-officer", f"{lift}/lift", {"data": "contact.billing"})
    engage.post("otto-officer", f"{lift}/lifting", {"data": "contact.billing", "reason": "we verified it"})
    told = engage.mails(ada.mail)[-1].text
    later = engage.later(minutes=1).post("otto-officer", f"{lift}/lift", {"data": "contact.billing"})
    after = ada.used("till-job", "contact", "buy", field="billing")

    assert held.status_code == 200
    assert refused(billing)
    assert name.status_code == 200
    assert early.status_code == 409
    assert "we verified it" in told
    assert later.status_code == 200
    assert after.status_code == 200


@pytest.mark.clause("engagesmarter-18.19")
def test_what_goes_along_was_given_on_consent_or_for_the_contract(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("extras", "better")
    ada.tells("identity", "register", gender="woman")
    ada.noted("front-job", "devices", "protect", kind="laptop", system="Linux", browser="F", installation="i")
    file = engage.get(ada.token, "/people/me/portable").json()
    copy = engage.get(ada.token, "/people/me/export").json()["export"]
    along = str(file)

    assert "Quill" in along
    assert "woman" in along
    assert "laptop" not in along
    assert "laptop" in str(copy)


@pytest.mark.clause("engagesmarter-18.20")
def test_one_yes_taken_back_leaves_the_others_and_takes_what_lived_by_it(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("recommend", "news-mail", "extras", "better")
    ada.noted("number-job", "usage", "better", **USAGE)
    ada.tells("identity", "register", gender="woman")
    ada.agrees("recommend", given=False)
    recommended = ada.used("offer-job", "usage", "recommend")
    mailed = ada.used("offer-job", "contact", "news-mail", field="email")
    ada.agrees("extras", given=False)
    engage.later(minutes=1).sweep()
    ada.sign_in()

    assert refused(recommended)
    assert mailed.status_code == 200
    assert "woman" not in str(ada.holds("identity"))
    assert "Quill" in str(ada.holds("identity"))


@pytest.mark.clause("engagesmarter-18.21")
def test_what_was_lawful_before_a_yes_was_taken_back_stays_on_record_and_nothing_follows_it(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("news-mail")
    ada.used("offer-job", "contact", "news-mail", field="email")
    engage.later(days=9)
    ada.sign_in()
    ada.agrees("news-mail", given=False)
    tried = ada.used("offer-job", "contact", "news-mail", field="email")
    log = engage.get("otto-officer", "/evidence/entries").json()["entries"]
    uses = [e["at"] for e in log if e["detail"].get("purpose") == "news-mail" and e["kind"] == "used"]

    assert refused(tried)
    assert uses == ["2024-03-10T10:00:00Z"]
    assert engage.get("otto-officer", "/evidence/verify").json()["sound"]
