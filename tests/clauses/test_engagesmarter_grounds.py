"""Which use rests on what: the second company's grounds, contracts, interests, duties and consents."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from acme import VERSION, paid, user
from deployment import Deployment

USAGE = {"feature": "ask", "at": "2024-03-10T10:00:00Z", "session": "s1"}


def edited(old: str, new: str, file: str = "policy.md") -> Callable[[Path], None]:
    """Return a change of one file of the folder, which must hold the old text."""

    def edit(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text, old
        (folder / file).write_text(text.replace(old, new), "utf-8")

    return edit


def checked(house: Deployment, home: Path, edit: Callable[[Path], None]) -> tuple[int, str]:
    """Change a copy of the folder; return what the command line says of it."""
    shutil.copytree(house.home, home)
    edit(home)
    code, out, err = house.cli("check", str(home))
    return code, out + err


def refused(answer: Any, *missing: str) -> bool:
    """Say whether an answer is a refusal that names a clause and lacks these."""
    said = answer.json()
    return answer.status_code == 403 and bool(said["clause"]) and set(missing) <= set(said.get("missing", ()))


@pytest.mark.clause("engagesmarter-1.4")
def test_a_purpose_that_the_document_lacks_gets_nothing_and_one_it_has_is_written_down(
    engage: Deployment,
) -> None:
    ada = user(engage)
    credit = ada.used("front-job", "contact", "credit-check")
    care = ada.used("front-job", "contact", "care")
    log = engage.get("otto-officer", "/evidence/entries").json()["entries"]
    uses = [(e["clause"], e["detail"].get("purpose")) for e in log if e["kind"] in ("used", "use")]

    assert refused(credit)
    assert "records" not in credit.json()
    assert [r["fields"]["email"] for r in care.json()["records"]] == [ada.mail]
    assert ("9.3", "care") in uses


@pytest.mark.clause("engagesmarter-9.1")
def test_a_purpose_without_a_ground_does_not_load_and_a_recommendation_waits_for_its_yes(
    engage: Deployment, tmp_path: Path
) -> None:
    groundless = checked(
        engage, tmp_path / "a", edited("  on consent tips\n  reads identity.first", "  reads identity.first")
    )
    ada = user(engage)
    ada.agrees("better")
    ada.noted("number-job", "usage", "better", **USAGE)
    before = ada.used("offer-job", "usage", "recommend")
    ada.agrees("recommend")
    after = ada.used("offer-job", "usage", "recommend")
    log = engage.get("otto-officer", "/evidence/entries").json()["entries"]

    assert groundless[0] != 0
    assert refused(before, "consent recommend")
    assert [r["fields"]["feature"] for r in after.json()["records"]] == ["ask"]
    assert ("9.6", "recommend") in [(e["clause"], e["detail"].get("purpose")) for e in log]


@pytest.mark.clause("engagesmarter-9.2")
def test_a_yes_counts_from_when_it_was_given_and_cannot_be_dated_back(engage: Deployment) -> None:
    ada = user(engage)
    engage.at("2024-03-10T10:59:59+00:00")
    early = ada.used("front-job", "contact", "tips", field="email")
    engage.at("2024-03-10T11:00:00+00:00")
    ada.agrees("tips")
    engage.at("2024-03-10T11:00:01+00:00")
    late = ada.used("front-job", "contact", "tips", field="email")
    back = engage.post(
        ada.token,
        "/people/me/consents",
        {"name": "recommend", "given": True, "at": "2024-01-01T00:00:00+00:00"},
    )

    assert refused(early, "consent tips")
    assert late.status_code == 200
    assert back.status_code == 422


@pytest.mark.clause("engagesmarter-9.4")
def test_an_interest_needs_its_weighing_and_stops_for_whoever_objects(
    engage: Deployment, tmp_path: Path
) -> None:
    unweighed = checked(
        engage,
        tmp_path / "a",
        edited(
            'on legitimate interest "records that are right" assessed 2024-03-01, again by 2028-03-01',
            'on legitimate interest "records that are right"',
        ),
    )
    ada, ben = user(engage), user(engage, "ben@acme.example")
    both = [p.used("front-job", "contact", "tidy").status_code for p in (ada, ben)]
    engage.post(ada.token, "/people/me/objections", {"purpose": "tidy"})
    upheld = engage.post(
        "otto-officer",
        f"/people/{ada.tag}/objections/tidy/decision",
        {"upheld": True, "reason": "her reasons weigh more"},
    )
    after = [p.used("front-job", "contact", "tidy") for p in (ada, ben)]

    assert unweighed[0] != 0
    assert "was not weighed" in unweighed[1]
    assert both == [200, 200]
    assert upheld.status_code == 200
    assert refused(after[0])
    assert after[1].status_code == 200


@pytest.mark.clause("engagesmarter-9.5")
def test_a_duty_reaches_the_invoice_that_its_law_names_and_no_conversation(
    engage: Deployment, tmp_path: Path
) -> None:
    nameless = checked(
        engage,
        tmp_path / "a",
        edited('on legal obligation "Companies Act 2006 and tax law (UK), six years"', "on legal obligation"),
    )
    ada = user(engage)
    paid(ada)
    invoice = ada.used("till-job", "transaction", "six-years")
    words = ada.used("till-job", "conversation", "six-years")

    assert nameless[0] != 0 or "not named" in nameless[1]
    assert [r["fields"]["order"] for r in invoice.json()["records"]] == ["o-1"]
    assert refused(words)


def test_offers_go_by_the_channel_that_was_agreed_to_and_a_paying_customer_gets_none_unasked(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    paid(ben)
    ada.agrees("extras", "news-mail")
    ada.tells("contact", "register", phone="+44 20 7946 0018")
    mail = [p.used("offer-job", "contact", "news-mail", field="email") for p in (ada, ben)]
    text = ada.used("offer-job", "contact", "news-text", field="phone")
    page = engage.person("vic@acme.example").get("/f/register").text

    assert ada.mail in [r["fields"].get("email") for r in mail[0].json()["records"]]
    assert refused(mail[1], "consent news-mail")
    assert refused(text, "consent news-text")
    assert "checked" not in page


def test_another_company_gets_an_address_when_it_was_named_and_no_longer_when_that_ends(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("news-mail")

    def shared(member: str) -> Any:
        body = {"data": ["contact.email"], "party": "partner", "member": member, "purpose": "others"}
        return engage.post("offer-job", f"/people/{ada.tag}/shares", body)

    before = shared("adco")
    ada.agrees("others(adco)")
    named, other = shared("adco"), shared("otherco")
    ada.agrees("others(adco)", given=False)
    after = shared("adco")
    heard = engage.get("adco-key", "/deliveries").json()["deliveries"]

    assert refused(before, "consent others(adco)")
    assert named.status_code in (200, 201)
    assert refused(other, "consent others(otherco)")
    assert refused(after)
    assert [d["kind"] for d in heard] == ["share", "stop"]
    assert engage.get("otherco-key", "/deliveries").json()["deliveries"] == []


@pytest.mark.clause("engagesmarter-16.1")
def test_a_yes_is_kept_with_its_words_version_way_and_time_and_serves_its_own_purpose(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("better", "recommend")
    ada.noted("number-job", "usage", "better", **USAGE)
    history = engage.get(ada.token, "/people/me/consents").json()["history"]
    act = next(a for a in history if a["name"] == "recommend")
    other = ada.used("front-job", "usage", "survey")

    assert act["given"] is True
    assert act["text"] == "May we recommend what may suit you?"
    assert act["version"] == VERSION
    assert act["channel"] == "api"
    assert act["at"] == "2024-03-10T10:00:00Z"
    assert refused(other)


@pytest.mark.clause("engagesmarter-16.3")
def test_a_yes_given_by_one_press_is_taken_back_by_one(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("tips")
    given = ada.used("front-job", "contact", "tips", field="email")
    engage.later(days=1)
    ada.sign_in()
    ada.agrees("tips", given=False)
    taken = ada.used("front-job", "contact", "tips", field="email")
    history = engage.get(ada.token, "/people/me/consents").json()["history"]
    acts = [(a["given"], a["at"]) for a in history if a["name"] == "tips"]

    assert given.status_code == 200
    assert refused(taken, "consent tips")
    assert acts == [(True, "2024-03-10T10:00:00Z"), (False, "2024-03-11T10:00:00Z")]


@pytest.mark.clause("engagesmarter-16.8")
def test_a_contract_reaches_what_it_needs_of_whoever_is_party_to_it(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("extras")
    ada.tells("identity", "register", marital="single")
    name = ada.used("front-job", "identity", "register", field="first")
    ada.agrees("extras", given=False)
    marital = ada.used("front-job", "identity", "register", field="marital")
    eve = engage.post("front-job", "/people", {}).json()
    party = engage.get("front-job", f"/people/{eve['tag']}/records", data="identity", purpose="care")

    assert name.status_code == 200
    assert refused(marital, "consent extras")
    assert refused(party)


@pytest.mark.clause("engagesmarter-16.9", "engagesmarter-14.1", "engagesmarter-14.2")
def test_an_invoice_stays_six_years_for_its_duty_alone_and_is_gone_the_day_after(engage: Deployment) -> None:
    ada = user(engage)
    paid(ada)
    engage.at("2024-03-31T12:00:00+01:00")
    ada.sign_in()
    engage.post(ada.token, "/people/me/account/close", {"sure": True})
    engage.at("2029-03-01T12:00:00+00:00").sweep()
    fifth = ada.used("till-job", "transaction", "six-years")
    other = ada.used("till-job", "transaction", "buy")
    name = ada.used("till-job", "identity", "six-years", field="username")
    engage.at("2030-03-31T23:00:00+01:00").sweep()
    last = ada.used("till-job", "transaction", "six-years")
    engage.at("2030-04-01T00:01:00+01:00").sweep()
    gone = ada.used("till-job", "transaction", "six-years")

    assert [r["fields"]["order"] for r in fifth.json()["records"]] == ["o-1"]
    assert refused(other)
    assert refused(name)
    assert len(last.json()["records"]) == 1
    assert gone.status_code == 404 or gone.json()["records"] == []
