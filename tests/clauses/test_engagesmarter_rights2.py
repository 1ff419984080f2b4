"""What the law puts before and behind a right at the second company: cases, reasons, proofs, exceptions."""

from __future__ import annotations

import re
from typing import Any

import pytest
from acme import paid, user
from deployment import Deployment
from living import Life

USAGE = {"feature": "ask", "at": "2024-03-10T10:00:00Z", "session": "s1"}
DEVICE = {"kind": "laptop", "system": "Linux", "browser": "F", "installation": "i"}
SEALED = {
    "identity.first",
    "identity.last",
    "contact.email",
    "contact.billing",
    "Payments from you and to you",
}
GROUND = "security of the network outweighs it: without the device no attack on her account is found"


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and bool(answer.json()["clause"])


def objects(life: Life, purpose: str, reason: str = "") -> Any:
    return life.house.post(life.token, "/people/me/objections", {"purpose": purpose, "reason": reason})


def decides(life: Life, purpose: str, upheld: bool, reason: str) -> Any:
    path = f"/people/{life.tag}/objections/{purpose}/decision"
    return life.house.post("otto-officer", path, {"upheld": upheld, "reason": reason})


def asked(life: Life, right: str) -> str:
    return str(life.house.post(life.token, "/people/me/requests", {"right": right}).json()["number"])


def answers(life: Life, number: str, outcome: str, text: str) -> Any:
    path = f"/people/{life.tag}/requests/{number}/answer"
    return life.house.post("otto-officer", path, {"outcome": outcome, "text": text})


def entries(house: Deployment) -> list[Any]:
    return list(house.get("otto-officer", "/evidence/entries").json()["entries"])


@pytest.mark.clause("engagesmarter-2.4")
def test_a_no_names_the_regulator_and_where_it_takes_complaints_and_nothing_comes_first(
    engage: Deployment,
) -> None:
    ada = user(engage)
    page = engage.web.get("/engagesmarter/privacy").text
    answered = answers(ada, asked(ada, "erase"), "refused", "Your invoices stay: the Companies Act.")
    told = engage.mails(ada.mail)[-1].text

    assert "https://ico.org.uk/make-a-complaint/" in page
    assert answered.status_code == 200
    assert "Information Commissioner's Office" in told
    assert "https://ico.org.uk/make-a-complaint/" in told
    assert "need not ask us first" in page


@pytest.mark.clause("engagesmarter-15.1")
def test_each_request_is_answered_in_its_month_and_a_no_without_a_reason_is_none(engage: Deployment) -> None:
    engage.at("2024-03-05T10:00:00+00:00")
    ada = user(engage)
    number = asked(ada, "access")
    due = engage.get(ada.token, "/requests").json()["requests"][0]["due"]
    bare = answers(ada, number, "refused", "")
    half = answers(ada, number, "partly", "  ")
    said = answers(ada, number, "partly", "All but the letters of others, which Art. 15(4) keeps from you.")
    stands = engage.get(ada.token, "/requests").json()["requests"][0]

    assert due == "2024-04-05T23:00:00Z"
    assert [bare.status_code, half.status_code, said.status_code] == [422, 422, 200]
    assert stands["outcome"] == "partly"
    assert stands["clause"]["ref"] == "15"
    assert "Art. 15(4)" in engage.mails(ada.mail)[-1].text


@pytest.mark.clause("engagesmarter-18.10")
def test_an_objection_says_its_reason_to_who_weighs_it_stops_at_once_and_reaches_no_contract(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("better")
    ada.noted("number-job", "usage", "better", **USAGE)
    engage.at("2024-03-10T12:00:00+00:00")
    ada.sign_in()
    said = objects(ada, "trends", "my work is secret")
    engage.at("2024-03-10T12:01:00+00:00")
    used = engage.get("number-job", "/totals", data="usage", field="feature", purpose="trends")
    case = next(
        r for r in engage.get("otto-officer", "/requests").json()["requests"] if r["right"] == "object"
    )
    contract = objects(ada, "care")
    offered = engage.person(ada.mail)
    offered.sign_in()
    page = offered.get("/me/choices").text

    assert said.status_code == 200
    assert used.json().get("cells", []) == []
    assert (case["about"], case["reason"]) == ("trends", "my work is secret")
    assert case["due"] == "2024-04-10T23:00:00Z"
    assert contract.status_code == 409
    assert "rests on contract" in contract.json()["detail"]
    assert 'value="trends"' in page
    assert 'value="care"' not in page


@pytest.mark.clause("engagesmarter-18.12")
def test_a_refused_objection_carries_its_compelling_ground_and_the_regulator_to_the_person(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.noted("front-job", "devices", "protect", **DEVICE)
    objects(ada, "protect", "I am watched enough")
    empty = decides(ada, "protect", False, "")
    short = decides(ada, "protect", False, "business need")
    judged = decides(ada, "protect", False, GROUND)
    told = engage.mails(ada.mail)[-1].text
    goes_on = ada.used("front-job", "devices", "protect")
    case = engage.get(ada.token, "/requests").json()["requests"][0]

    assert empty.status_code == 422
    assert short.status_code == 409
    assert judged.status_code == 200
    assert GROUND in told
    assert "2024-03-10" in told
    assert "https://ico.org.uk/make-a-complaint/" in told
    assert goes_on.status_code == 200
    assert case["outcome"] == "not upheld"


@pytest.mark.clause("engagesmarter-18.6")
def test_after_an_upheld_objection_what_was_used_goes_and_after_a_refused_one_it_stays(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    for life in (ada, ben):
        life.agrees("better")
        life.noted("number-job", "usage", "better", **USAGE)
        objects(life, "trends", "my work is secret")
    waiting = engage.post(ada.token, "/people/me/objections/trends/erasure", {})
    decides(ada, "trends", True, "we do without her numbers")
    decides(ben, "trends", False, "the numbers of a hundred people name nobody and cannot do without him")
    told = engage.mails(ada.mail)[-1].text
    gone = engage.call(ada.token, "POST", "/people/me/objections/trends/erasure")
    stays = engage.call(ben.token, "POST", "/people/me/objections/trends/erasure")

    assert waiting.status_code in (409, 415, 422)
    assert "erased as well" in told
    assert gone.status_code == 200
    assert ada.holds("usage") == []
    assert "Quill" in str(ada.holds("identity"))
    assert stays.status_code == 409
    assert ben.holds("usage") != []


@pytest.mark.clause("engagesmarter-18.13")
def test_a_pause_names_one_of_four_situations_and_ends_only_after_its_person_was_told(
    engage: Deployment,
) -> None:
    ada = user(engage)
    none = engage.post(ada.token, "/people/me/restrictions", {"data": "contact"})
    wrong = engage.post(ada.token, "/people/me/restrictions", {"data": "contact", "case": "because"})
    held = engage.post(
        ada.token,
        "/people/me/restrictions",
        {"data": "contact", "case": "accuracy", "reason": "an old address"},
    )
    stopped = ada.used("front-job", "contact", "care", field="email")
    case = engage.get("otto-officer", "/requests").json()["requests"][0]
    ada.agrees("tips")
    agreed = ada.used("front-job", "contact", "tips", field="email")
    lift = f"/people/{ada.tag}/restrictions"
    early = engage.post("otto-officer", f"{lift}/lift", {"data": "contact"})
    engage.post(
        "otto-officer", f"{lift}/lifting", {"data": "contact", "reason": "we wrote to both addresses"}
    )
    told = engage.mails(ada.mail)[-1].text
    lifted = engage.later(minutes=1).post("otto-officer", f"{lift}/lift", {"data": "contact"})

    assert [none.status_code, wrong.status_code, held.status_code] == [422, 422, 200]
    assert refused(stopped)
    assert (case["right"], case["about"], case["reason"]) == (
        "restrict",
        "contact",
        "accuracy: an old address",
    )
    assert agreed.status_code == 200
    assert [early.status_code, lifted.status_code] == [409, 200]
    assert "we wrote to both addresses" in told
    assert ada.used("front-job", "contact", "care", field="email").status_code == 200


@pytest.mark.clause("engagesmarter-18.15")
def test_who_wants_unlawful_data_kept_and_not_used_gets_that_and_may_still_erase_them(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.tells("profile", "care", setting="dark")
    before = ada.used("front-job", "profile", "care", field="setting")
    engage.post(ada.token, "/people/me/restrictions", {"data": "profile", "case": "unlawful"})
    used = ada.used("front-job", "profile", "care", field="setting")
    engage.later(days=1).sweep()
    ada.sign_in()
    still = ada.holds("profile")
    done = engage.post(ada.token, "/people/me/erasure", {"sure": True})

    assert before.status_code == 200
    assert refused(used)
    assert [d["fields"]["setting"] for d in still] == ["dark"]
    assert done.status_code == 200
    assert "profile" not in {s["data"] for s in done.json()["stays"]}
    assert ada.used("front-job", "profile", "care", field="setting").status_code == 404


@pytest.mark.clause("engagesmarter-18.9")
def test_what_a_law_keeps_from_an_erasure_is_named_with_its_ground_its_day_and_the_regulator(
    engage: Deployment,
) -> None:
    ada = user(engage)
    paid(ada)
    engage.at("2024-04-02T10:00:00+01:00")
    ada.sign_in()
    number = asked(ada, "erase")
    bare = answers(ada, number, "partly", "")
    receipt = engage.post(ada.token, "/people/me/erasure", {"sure": True}).json()
    invoice = next(s for s in receipt["stays"] if s["data"] == "transaction")

    assert bare.status_code == 422
    assert invoice["because"] == "Companies Act 2006 and tax law (UK), six years"
    assert invoice["article"] == "GDPR Art. 17(3)(b)"
    assert invoice["until"] == "2030-04-03T00:00:00+01:00"
    assert {s["article"] for s in receipt["stays"]} <= {"GDPR Art. 17(3)(b)", "GDPR Art. 17(3)(e)"}


@pytest.mark.clause("engagesmarter-18.5")
def test_after_the_account_is_closed_an_erasure_leaves_the_sealed_basics_and_nothing_else(
    engage: Deployment,
) -> None:
    ada = user(engage)
    paid(ada)
    ada.agrees("better")
    ada.noted("number-job", "usage", "better", **USAGE)
    ada.tells("profile", "care", setting="dark")
    ada.tells("marketing", "care", own="no", others="no")
    rid = ada.holds("contact")[0]["rid"]
    active = engage.call(ada.token, "DELETE", f"/people/me/records/{rid}")
    engage.post(ada.token, "/people/me/account/close", {"sure": True})
    engage.post("otto-officer", "/mail", {"address": ada.mail, "right": "erase"})
    page = engage.person(ada.mail)
    link = "/case/" + engage.mails(ada.mail)[-1].text.split("/case/")[1].split()[0]
    done = page.post(link, {"sure": "yes"})
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", done.text))
    stays = {name for name in SEALED if f"{name} : " in text}

    assert active.status_code == 403
    assert "until customer ends" in active.json()["detail"]
    assert done.status_code == 200
    assert stays == SEALED - {"contact.billing"}
    assert all(
        word not in text for word in ("Settings", "Which features you use", "Your wishes on marketing")
    )
    assert engage.on_disk('"dark"') == []


def says(life: Life, text: str) -> str:
    """Send one message to the help desk; return the conversation's number."""
    answer = life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": "helpdesk", "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["troth"]["conversation"])


def talks(life: Life) -> dict[str, int]:
    """Return the conversations a person still has, with the number of their record."""
    return {r["fields"]["conversation"]: r["rid"] for r in life.holds("conversation")}


@pytest.mark.clause("engagesmarter-18.16")
def test_what_somebody_needs_for_a_claim_stays_for_them_alone_until_they_let_it_go(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    engage.post(ada.token, "/people/me/organisation", {"name": "Acme"})
    engage.post(ada.token, "/people/me/organisation/invitations", {"email": ben.mail})
    ticket = engage.mails(ben.mail)[-1].text.split("/join/")[1].split()[0]
    engage.post(ben.token, "/people/me/organisation/join", {"ticket": ticket})
    numbers = [says(ada, f"How do I sign in, part {n}?") for n in (1, 2, 3)]
    needed = talks(ada)[numbers[1]]
    claim = {"case": "claim", "records": [needed], "reason": "my claim against a supplier"}
    held = engage.post(ada.token, "/people/me/restrictions", claim)
    case = engage.get("otto-officer", "/requests").json()["requests"][-1]
    path = "/people/me/organisation/conversations"
    by_ben = [engage.get(ben.token, f"{path}/{n}").status_code for n in numbers]
    engage.at("2024-06-30T12:00:00+01:00")
    engage.post("front-job", f"/people/{ada.tag}/events", {"name": "terms-ended"})
    engage.at("2024-07-31T09:00:00+01:00").sweep()
    ada.sign_in()
    kept = talks(ada)
    copy = engage.get(ada.token, "/people/me/export").json()
    other = engage.post(ben.sign_in().token, "/people/me/restrictions", claim)
    released = engage.post(ada.token, "/people/me/restrictions", {**claim, "on": False})
    engage.sweep()
    ada.sign_in()

    assert held.status_code == 200, held.text
    assert case["reason"] == "claim: my claim against a supplier"
    assert by_ben[0] == by_ben[2] == 200
    assert by_ben[1] in (403, 404)
    assert list(kept) == [numbers[1]]
    assert "part 2" in str(copy)
    assert other.status_code == 404
    assert released.status_code == 200
    assert talks(ada) == {}
