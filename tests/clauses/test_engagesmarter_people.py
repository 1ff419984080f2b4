"""Who comes in at the second company, from what age, under which text, and what a visit leaves behind."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from acme import paid, user
from deployment import Deployment
from living import Life

GROWN = {"adult": "18", "first": "Vic", "last": "Stone", "title": "", "mail": "", "tips": "no"}


def says(life: Life, text: str = "How do I sign in?") -> Any:
    """Send one message to the help desk."""
    return life.house.web.post(
        "/engagesmarter/v1/chat/completions",
        json={"model": "helpdesk", "messages": [{"role": "user", "content": text}]},
        headers={"Authorization": f"Bearer {life.token}"},
    )


def known(house: Deployment, mail: str) -> bool:
    return house.post("front-job", "/people/find", {"kind": "email", "value": mail}).status_code == 200


def entries(house: Deployment) -> list[Any]:
    return list(house.get("otto-officer", "/evidence/entries").json()["entries"])


@pytest.mark.clause("engagesmarter-1.5")
def test_nobody_gets_an_account_without_saying_that_they_are_of_age_and_a_birth_date_tells_better(
    engage: Deployment,
) -> None:
    vic, ann = engage.person("vic@acme.example"), engage.person("ann@acme.example")
    unticked = vic.talk("register", {"adult": ""})
    ann.talk("register", {**GROWN, "mail": ann.mail})
    bob = user(engage, "bob@acme.example")
    bob.agrees("extras")
    of_age = bob.tells("identity", "register", born="2006-03-10")
    young = user(engage, "young@acme.example")
    young.agrees("extras")
    says(young)
    tomorrow = young.tells("identity", "register", born="2006-03-11")

    assert 'name="step" value="adult"' in unticked.text
    assert not known(engage, vic.mail)
    assert known(engage, ann.mail)
    assert of_age.status_code == 201
    assert tomorrow.status_code == 403
    assert tomorrow.json()["clause"]
    assert not known(engage, "young@acme.example")
    assert "2006-03-11" not in str(entries(engage))


@pytest.mark.clause("engagesmarter-1.6")
@pytest.mark.parametrize("buys", [False, True])
def test_a_user_who_turns_out_to_be_a_child_is_let_go_and_a_payment_alone_stays(
    engage: Deployment, buys: bool
) -> None:
    eve = user(engage, "eve@acme.example")
    eve.agrees("extras")
    rid = eve.tells("identity", "register", born="1990-05-01").json()["rid"]
    eve.tells("profile", "care", setting="dark")
    says(eve, "Where are my purple elephants?")
    if buys:
        paid(eve, "o-77")
    before = engage.get(eve.token, "/people/me").json()["records"]
    told = engage.call(eve.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"born": "2010-05-01"}})
    engage.sweep()
    after = engage.get(eve.token, "/people/me")
    engage.post("", "/session", {"email": eve.mail})
    again = engage.post("", "/session/code", {"email": eve.mail, "code": "000000"})
    kept = [e["detail"]["kept"] for e in entries(engage) if e["kind"] == "erased"]
    begun = len(entries(engage))
    engage.at("2030-03-12T10:00:00+00:00").sweep()
    later = [e["detail"]["data"] for e in entries(engage)[begun:] if e["kind"] == "gone"]

    assert {"identity", "contact", "profile", "conversation"} <= {r["data"] for r in before}
    assert "not for children" in told.json()["said"]
    assert after.status_code == 401
    assert again.status_code in (401, 403, 422)
    assert not known(engage, eve.mail)
    assert max(kept) == (2 if buys else 0)  # the payment, and the moments that its six years count from
    assert later == (["transaction"] if buys else [])
    assert engage.on_disk("purple elephants") == []


def test_a_grown_ups_correction_of_a_birth_date_changes_nothing_else(engage: Deployment) -> None:
    eve = user(engage, "eve@acme.example")
    eve.agrees("extras")
    rid = eve.tells("identity", "register", born="1990-05-01").json()["rid"]
    told = engage.call(eve.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"born": "1991-05-01"}})

    assert "corrected" in told.json()["said"]
    assert "1991-05-01" in str(eve.holds("identity"))


@pytest.mark.clause("engagesmarter-1.1")
def test_notice_and_terms_stand_where_somebody_signs_up_and_both_versions_are_noted(
    engage: Deployment, tmp_path: Path
) -> None:
    ada = engage.person("ada@acme.example")
    page = ada.get("/f/register").text
    links = {path: ada.get(path).status_code for path in ("/terms", "/privacy")}
    ada.talk("register", {**GROWN, "mail": ada.mail})
    acts = engage.get(ada.token, "/people/me/consents").json()["history"]
    shutil.copytree(engage.home, tmp_path / "copy" / "engagesmarter")
    (tmp_path / "copy" / "engagesmarter" / "terms.md").unlink()
    code, out, err = engage.cli("check", str(tmp_path / "copy" / "engagesmarter"))

    assert all(f'href="/engagesmarter{path}"' in page for path in links)
    assert set(links.values()) == {200}
    assert {(a["kind"], a["name"]) for a in acts} >= {("notice", "2024-03-03"), ("terms", "2024-03-03")}
    assert code != 0
    assert "leads to /engagesmarter/terms, which is not there" in out + err


def test_every_cookie_of_the_document_stands_on_one_page_with_its_aim_and_its_end(engage: Deployment) -> None:
    reader = engage.person()
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", reader.get("/cookies").text))
    named = [c["name"] for c in engage.web.get("/engagesmarter/published/cookies.json").json()]

    assert sorted(named) == ["better", "guard", "likes", "session"]
    assert all(f" {name} · for: " in page for name in named)
    assert "ends after 12 months" in page
    assert len(re.findall(r'name="tool-', reader.get("/cookies").text)) == 2
    assert list(reader.web.cookies.jar) == []


@pytest.mark.clause("engagesmarter-1.3")
def test_what_comes_in_at_a_listed_site_is_kept_under_the_document_and_at_another_nothing_is(
    engage: Deployment,
) -> None:
    ada = user(engage)
    told = {"data": "profile", "purpose": "care", "fields": {"setting": "dark"}}
    path = "/engagesmarter/api/v1/people/me/records"
    sites = {
        host: engage.web.post(
            f"https://{host}.engagesmarter.example{path}",
            json=told,
            headers={"Authorization": f"Bearer {ada.token}"},
        )
        for host in ("platform", "www", "labs")
    }
    held = ada.holds("profile")

    assert [a.status_code for a in sites.values()] == [201, 201, 421]
    assert sites["labs"].json()["clause"] == "1"
    assert len(held) == 2
    assert {r["clause"]["ref"] for r in held} == {"14"}


@pytest.mark.clause("engagesmarter-6.8")
def test_a_visit_notes_the_pages_that_were_shown_and_words_alone_that_were_sent(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("better")
    page = engage.person(ada.mail)
    page.sign_in()
    before = len(ada.holds("usage"))
    page.get("/me/rights")
    page.get("/a/helpdesk")
    opened = ada.holds("usage")[before:]
    unsent = ada.holds("conversation")
    page.post("/a/helpdesk", {"text": "How do I sign in?", "begin": "1"}, "/a/helpdesk?x=1")
    talks = ada.holds("conversation")

    assert [r["fields"]["feature"] for r in opened] == ["read", "ask"]
    assert unsent == []
    assert len(talks) == 1
    assert talks[0]["fields"]["input"] == "How do I sign in?"
    assert talks[0]["fields"]["output"]


@pytest.mark.clause("engagesmarter-7.3")
def test_use_is_noted_under_a_random_name_after_a_yes_and_no_advertising_reads_it(engage: Deployment) -> None:
    ada = user(engage)
    page = engage.person(ada.mail)
    page.sign_in()
    page.get("/me/rights")
    before, cookies = ada.holds("usage"), {c.name for c in page.web.cookies.jar}
    ada.agrees("better")
    page.get("/me/rights")
    after = ada.holds("usage")
    read = [
        ada.used("offer-job", "usage", purpose).status_code for purpose in ("news-mail", "others", "measure")
    ]

    assert before == []
    assert cookies == {"__Host-session-engagesmarter", "__Host-guard-engagesmarter"}
    assert [r["fields"]["feature"] for r in after] == ["read"]
    assert re.fullmatch(r"[0-9a-f]{16}", after[0]["fields"]["session"])
    assert read == [403, 403, 403]
