"""What somebody sees and starts at the second company: the copy, its uses, letters, and a page a right."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from acme import paid, user
from deployment import CSRF, Deployment
from living import Life

USAGE = {"feature": "ask", "at": "2024-03-10T10:00:00Z", "session": "s1"}
SIX = ("access", "correct", "erase", "object", "restrict", "carry")


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def export(life: Life) -> dict[str, Any]:
    return dict(life.house.get(life.token, "/people/me/export").json()["export"])


def says(life: Life, text: str) -> Any:
    return life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": "helpdesk", "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )


@pytest.mark.clause("engagesmarter-15.2")
def test_each_right_has_a_page_with_its_words_and_a_form_that_asks_a_stranger_for_proof(
    engage: Deployment,
) -> None:
    ada = user(engage)
    nobody, page = engage.person(), engage.person(ada.mail)
    page.sign_in()
    links = re.findall(r'href="/engagesmarter/rights/([a-z]+)"', nobody.get("/rights").text)
    strange = {right: nobody.get(f"/rights/{right}") for right in SIX}
    for right in ("access", "correct", "erase", "object", "carry"):
        page.post("/me/ask", {"right": right}, f"/rights/{right}")
    page.post("/me/restrict", {"on": "yes", "case": "accuracy"}, "/rights/restrict")
    asked = {r["right"] for r in engage.get(ada.token, "/requests").json()["requests"]}

    law = nobody.get("/rights/complain").text

    assert set(SIX) <= set(links)
    assert "UK-GDPR" in law
    assert "What our notice says" not in law
    assert {p.status_code for p in strange.values()} == {200}
    assert all("sign in by a code" in p.text and CSRF.findall(p.text) == [] for p in strange.values())
    assert all("Take it along" in words(p.text) for p in strange.values())
    assert asked == set(SIX)
    assert nobody.get("/rights/nothing").status_code == 404


@pytest.mark.clause("engagesmarter-18.1")
def test_the_copy_holds_every_class_of_hers_and_nothing_of_a_colleague_but_his_bare_words(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    ada.agrees("better", "recommend", "extras", "saved-card")
    paid(ada)
    engage.later(minutes=1).post("till-job", f"/people/{ada.tag}/events", {"name": "ordered"})
    ada.noted("till-job", "financial", "buy", "company", token="t-1")
    ada.noted("number-job", "usage", "better", **USAGE)
    ada.tells("profile", "care", setting="dark")
    ada.tells("marketing", "care", own="no", others="no")
    says(ada, "Where are my purple elephants?")
    says(ben, "Where are my orange lions?")
    copy = export(ada)
    classes = {r["data"] for r in copy["records"]}
    told = copy["processing"]

    assert {"identity", "contact", "financial", "transaction", "usage", "profile", "marketing"} <= classes
    assert "conversation" in classes
    assert "purple elephants" in str(copy)
    assert "orange lions" not in str(copy)
    assert ben.mail not in str(copy)
    assert all(r["purposes"] and r["source"] and (r["goes"] or r["waits for"]) for r in copy["records"])
    assert told["controllers"][0]["authority"] == "Information Commissioner's Office"


@pytest.mark.clause("engagesmarter-18.2")
def test_the_copy_lists_each_use_with_its_day_purpose_ground_recipient_and_clause(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("others(adco)")
    for _ in range(3):
        ada.used("front-job", "contact", "care", field="email")
    said = {"data": ["contact.email"], "party": "partner", "member": "adco", "purpose": "others"}
    engage.post("offer-job", f"/people/{ada.tag}/shares", said)
    log = engage.get("otto-officer", "/evidence/entries").json()["entries"]
    uses = export(ada)["uses"]
    cared = [u for u in uses if u["purpose"] == "care" and u["what"] == "used"]
    shared = next(u for u in uses if u["what"] == "share")
    page = engage.web.get("/engagesmarter/privacy").text

    assert len(cared) == len([e for e in log if e["kind"] == "used" and e["detail"]["purpose"] == "care"])
    assert {(u["clause"], tuple(u["on"])) for u in cared} == {("9.3", ("contract",))}
    assert (shared["to"], shared["data"], shared["on"]) == ("adco", ["contact.email"], ["consent"])
    assert all(f'id="s{u["clause"].replace(".", "-")}"' in page for u in (*cared, shared))


@pytest.mark.clause("engagesmarter-18.23")
def test_what_ends_with_a_yes_is_said_before_it_is_taken_back_by_one_press_or_by_mail(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("saved-card", "news-mail")
    page = engage.person(ada.mail)
    page.sign_in()
    before = words(page.get("/me/choices").text)
    done = page.post("/me/consent", {"consent": "saved-card", "given": "no"}, "/me/choices")
    held = {c["name"]: c for c in engage.get(ada.token, "/people/me/consents").json()["consents"]}
    ada.agrees("saved-card")
    engage.post(
        "otto-officer", "/mail", {"address": ada.mail, "right": "withdraw", "text": "take it all back"}
    )
    mail = engage.mails(ada.mail)[-1].text

    assert "If you take it back: Buying with one click ends." in before
    assert "If you take it back: nothing else changes." in before
    assert done.status_code == 200
    assert not held["saved-card"]["given"]
    assert held["news-mail"]["given"]
    assert "Buying with one click ends" in mail


@pytest.mark.clause("engagesmarter-6.1")
def test_a_form_leaves_empty_what_was_not_given_and_takes_nothing_that_devices_tell(
    engage: Deployment,
) -> None:
    ada = user(engage)
    held = {n: v for r in ada.holds("identity") for n, v in r["fields"].items()}
    usage = ada.tells("usage", "better", **USAGE)
    mine = [r for r in export(ada)["records"] if r["data"] in ("identity", "contact")]

    assert {"title", "gender", "marital"} & set(held) == set()
    assert usage.status_code in (403, 422)
    assert {r["source"] for r in mine} == {"person"}


@pytest.mark.clause("engagesmarter-6.2")
def test_letters_and_chats_stand_in_the_writers_record_and_are_supports_alone_to_read(
    engage: Deployment,
) -> None:
    ada = user(engage)
    engage.post(
        "cara-support", "/mail", {"address": ada.mail, "text": "my plan, by mail", "right": "question"}
    )
    chat = engage.person(ada.mail)
    chat.sign_in()
    chat.post("/a/helpdesk/person", {"email": ada.mail, "text": "my plan, by chat"}, "/me/rights")
    own = ada.holds("letters")
    support = ada.used("cara-support", "letters", "care", reason="her case")
    clerk = ada.used("cleo-clerk", "letters", "care", reason="a look")

    assert sorted(r["fields"]["question"] for r in own) == ["my plan, by chat", "my plan, by mail"]
    assert sorted(r["fields"]["channel"] for r in own) == ["chat", "mail"]
    assert support.status_code == 200
    assert clerk.status_code == 403


@pytest.mark.clause("engagesmarter-6.6")
def test_a_fault_report_has_a_number_and_takes_a_conversation_along_when_that_is_ticked(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    page = engage.person(ada.mail)
    page.sign_in()
    page.post("/a/helpdesk", {"text": "Where are my purple elephants?", "begin": "1"}, "/me/rights")
    bare = page.post("/a/helpdesk/person", {"email": ada.mail, "text": "It hangs"}, "/me/rights")
    page.post("/a/helpdesk/person", {"email": ada.mail, "text": "It hangs", "along": "yes"}, "/me/rights")
    texts = sorted(r["fields"]["question"] for r in ada.holds("letters"))
    number = engage.get(ada.token, "/requests").json()["requests"][0]["number"]
    others = engage.get(ben.token, "/requests").json()["requests"]
    tried = engage.get(ben.token, f"/people/{ada.tag}")

    assert number in bare.text
    assert texts[0] == "It hangs"
    assert "purple elephants" in texts[1]
    assert others == []
    assert tried.status_code in (403, 404)


@pytest.mark.clause("engagesmarter-6.7")
def test_a_letter_is_kept_two_years_after_its_answer_and_may_be_erased_before(engage: Deployment) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    for life in (ada, ben):
        body = {"address": life.mail, "text": "my plan?", "right": "question"}
        engage.post("cara-support", "/mail", body)
    number = engage.get(ada.token, "/requests").json()["requests"][0]["number"]
    engage.at("2024-04-01T10:00:00+01:00")
    path = f"/people/{ada.tag}/requests/{number}/answer"
    engage.post("cara-support", path, {"outcome": "answered", "text": "Pro."})
    erased = engage.post(ben.sign_in().token, "/people/me/erasure", {"sure": True}).json()
    engage.at("2024-12-01T10:00:00+00:00").sweep()
    ada.sign_in()
    kept = export(ada)["records"]
    engage.at("2026-04-01T10:00:00+01:00").sweep()
    ada.sign_in()
    last = ada.holds("letters")
    engage.at("2026-04-02T10:00:00+01:00").sweep()
    ada.sign_in()
    gone = ada.holds("letters")

    assert "letters" not in {s["data"] for s in erased["stays"]}
    assert "my plan?" in str(kept)
    assert last != []
    assert gone == []


def checked(house: Deployment, home: Path, old: str, new: str) -> int:
    """Change a copy of the folder's site; return what the command line's exit code says of it."""
    shutil.copytree(house.home, home)
    text = (home / "site.toml").read_text("utf-8")
    assert old in text
    (home / "site.toml").write_text(text.replace(old, new), "utf-8")
    return house.cli("check", str(home))[0]


@pytest.mark.clause("engagesmarter-2.2")
def test_a_letter_to_the_privacy_address_has_a_number_and_an_answer_and_no_house_opens_without_it(
    engage: Deployment, tmp_path: Path
) -> None:
    ada = user(engage)
    asked = engage.post("otto-officer", "/mail", {"address": ada.mail, "text": "What is Usage Data?"}).json()
    receipt = engage.mails(ada.mail)[-1]
    page = words(engage.web.get("/engagesmarter/privacy").text)
    none = checked(engage, tmp_path / "a", '"privacy@engagesmarter.example"', '""')

    assert asked["number"] in receipt.text
    assert "Engage Smarter Ltd" in page
    assert "privacy@engagesmarter.example" in page
    assert none != 0
