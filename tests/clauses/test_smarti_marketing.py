"""Selling to customers, conclusions about them by their yes, and content by what they own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from lamp import buys, customer, shop, visitor
from living import Life

SUBJECT = "Opt-out of telemarketing and addressed advertising"


@pytest.fixture
def house(deploy: Any) -> Deployment:
    return shop(deploy)


def refused(answer: Any, *missing: str) -> bool:
    said = answer.json()
    return answer.status_code == 403 and bool(said["clause"]) and set(missing) <= set(said.get("missing", ()))


def mailed(house: Deployment, purpose: str, who: str = "sales-job", **message: str) -> int:
    """Send a message to everybody who may get it; return how many left, or the status of a no."""
    prepared = house.post(who, "/mailings", {"purpose": purpose, **message})
    if prepared.status_code != 201:
        return int(prepared.status_code)
    sent = house.post(who, f"/mailings/{prepared.json()['number']}/send", {})
    return int(sent.json()["sent"])


def changed(old: str, new: str, file: str = "policy.md") -> Callable[[Path], None]:
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


def objects(life: Life, purpose: str, given: bool = True) -> int:
    said = {"purpose": purpose, "given": given}
    return int(life.house.post(life.token, "/people/me/objections", said).status_code)


@pytest.mark.clause("smarti-3.13")
def test_a_newsletter_reaches_the_customer_with_every_way_out_and_not_who_only_asked(
    house: Deployment,
) -> None:
    her, vic = customer(house), visitor(house)
    house.post(vic.token, "/people/me/cases", {"text": "Do you ship to Bergen?"})
    before = len(house.mails(vic.mail))
    sent = mailed(house, "sell-mail", message="newsletter")
    letter = house.mails(her.mail)[-1]
    foreign = mailed(house, "sell-for-others", subject="Boats", text="Buy a boat of another company")

    assert sent == 1
    assert letter.subject == "News from SMARTi"
    assert SUBJECT in letter.text
    assert "contact@domotics.no" in letter.text
    assert letter.unsubscribe in letter.text
    assert len(house.mails(vic.mail)) == before
    assert foreign == 403


@pytest.mark.clause("smarti-3.14")
def test_a_no_to_marketing_is_final_and_holds_after_everything_else_is_erased(house: Deployment) -> None:
    her = customer(house)
    said = objects(her, "sell-mail")
    overridden = house.post(
        "otto-officer",
        f"/people/{her.tag}/objections/sell-mail/decision",
        {"upheld": False, "reason": "our sales outweigh it, as written down in the balancing of 1 February"},
    )
    skipped = mailed(house, "sell-mail", message="newsletter")
    objects(her, "marketing")
    house.post(her.token, "/people/me/erasure", {"sure": True})
    anew = customer(house)
    after = mailed(house, "sell-mail", message="newsletter")

    assert said == 200
    assert overridden.status_code == 409
    assert skipped == 0
    assert after == 0
    assert refused(anew.used("sales-job", "email", "sell-mail"))
    assert house.on_disk("kari@example.com") == []


@pytest.mark.clause("smarti-3.15")
def test_mail_phone_and_post_are_refused_one_by_one_or_all_at_once_and_an_order_is_confirmed(
    house: Deployment,
) -> None:
    her = customer(house)
    buys(her)
    objects(her, "sell-mail")
    mail, post = (
        mailed(house, "sell-mail", message="newsletter"),
        house.get("sales-job", "/use", data="address", purpose="sell-post").json()["rows"],
    )
    page = house.person(her.mail)
    page.sign_in()
    page.post("/me/object", {"purpose": "marketing", "given": "yes"}, "/me/choices")
    rest = [
        house.get("sales-job", "/use", data=d, purpose=p).json()["rows"]
        for d, p in (("address", "sell-post"), ("name", "sell-phone"), ("email", "sell-mail"))
    ]
    her.sign_in()
    buys(her, "lock")

    assert mail == 0
    assert [r["fields"]["street"] for r in post] == ["Storgata 1"]
    assert rest == [[], [], []]
    assert "Your order" in house.mails(her.mail)[-1].subject


@pytest.mark.clause("smarti-3.17")
def test_conclusions_wait_for_a_yes_of_their_own_and_go_with_it(house: Deployment) -> None:
    her = customer(house)
    buys(her)
    derive = f"/people/{her.tag}/derived"
    said = {"data": "interest", "purpose": "match"}
    before = house.post("sales-job", derive, said), her.used("sales-job", "interest", "match")
    page = house.person(her.mail)
    page.sign_in()
    choices = page.get("/me/choices").text
    her.sign_in()
    her.agrees("profiling")
    made, read = house.post("sales-job", derive, said), her.used("sales-job", "interest", "match")
    house.at("2024-03-01T13:00:00+01:00")
    her.sign_in()
    her.agrees("profiling", given=False)
    house.at("2024-03-01T13:01:00+01:00").sweep()
    her.sign_in()
    after = house.post("sales-job", derive, said)

    assert refused(before[0], "consent profiling")
    assert refused(before[1], "consent profiling")
    assert "checked" not in choices
    assert made.json() == {"results": 1}
    assert [r["fields"] for r in read.json()["records"]] == [{"interest": "home-automation"}]
    assert refused(after, "consent profiling")
    assert her.holds("interest") == []


@pytest.mark.clause("smarti-3.18")
def test_a_conclusion_shows_what_it_stands_on_and_no_other_kind_can_be_written(
    house: Deployment, tmp_path: Path
) -> None:
    her = customer(house)
    buys(her, "hub", 2)
    her.agrees("profiling")
    house.post("sales-job", f"/people/{her.tag}/derived", {"data": "interest", "purpose": "match"})
    held = her.holds("interest")[0]
    export = house.get(her.token, "/people/me/export").json()["export"]["records"]
    odd = her.noted("sales-job", "interest", "match", "use", income="high")
    unruled = checked(
        house,
        tmp_path / "smarti",
        changed("concludes energy from", "concludes income-high from"),
    )

    assert held["fields"] == {"interest": "home-automation"}
    assert [(b["data"], b["answer"]) for b in held["behind"]] == [("history", "hub")]
    assert [r["values"] for r in export if r["data"] == "interest"] == [{"interest": "home-automation"}]
    assert next(r["behind"] for r in export if r["data"] == "interest") == [
        {"question": "history.product", "at": "2024-03-01T10:00:00+00:00"}
    ]
    assert odd.status_code == 422
    assert unruled[0] == 1
    assert "is never 'income-high'" in unruled[1]


@pytest.mark.clause("smarti-3.19")
def test_a_conclusion_picks_a_lead_story_and_serves_nothing_else(house: Deployment) -> None:
    her, ola = customer(house), customer(house, "ola@example.com", "Ola")
    buys(her)
    her.agrees("profiling")
    house.post("sales-job", f"/people/{her.tag}/derived", {"data": "interest", "purpose": "match"})
    mailed(house, "sell-mail", message="newsletter")
    hers, his = house.mails(her.mail)[-1].text, house.mails(ola.mail)[-1].text
    pricing = her.used("front-job", "interest", "serve")
    service = her.used("front-job", "interest", "care")
    fraud = her.used("watch-job", "interest", "protect")

    assert "let the hub turn the heat down" in hers
    assert "new colours" in his
    assert refused(pricing)
    assert refused(service)
    assert refused(fraud)
    assert {a.json()["clause"] for a in (pricing, service, fraud)}


@pytest.mark.clause("smarti-3.10")
def test_the_first_page_fits_what_somebody_owns_and_says_why_and_knows_no_conclusion(
    house: Deployment, tmp_path: Path
) -> None:
    her = customer(house)
    buys(her)
    page = house.person(her.mail)
    page.sign_in()
    hers, vics = page.get("/").text, house.web.get("/smarti/").text
    her.agrees("profiling")
    by_interest = checked(
        house,
        tmp_path / "smarti",
        changed('for = "history.product hub"', 'for = "interest.interest home-automation"', "offers.toml"),
    )
    read = her.used("front-job", "interest", "tailor")

    assert "what its lights mean" in hers
    assert "Why do I see this?" in hers
    assert "what its lights mean" not in vics
    assert by_interest[0] == 1
    assert "reads nothing" in by_interest[1] or "did not supply" in by_interest[1]
    assert refused(read)


@pytest.mark.clause("smarti-3.11")
def test_a_service_message_has_a_line_for_what_somebody_owns_until_they_say_no(house: Deployment) -> None:
    her = customer(house)
    buys(her)
    mailed(house, "serve", "front-job", message="service-note")
    fitted = house.mails(her.mail)[-1].text
    page = house.person(her.mail)
    page.sign_in()
    page.post("/me/object", {"purpose": "tailor", "given": "yes"}, "/me/choices")
    mailed(house, "serve", "front-job", message="service-note")
    standard = house.mails(her.mail)[-1].text

    assert "Your hub goes on by itself" in fitted
    assert "Your hub" not in standard
    assert "Our servers rest" in standard


@pytest.mark.clause("smarti-3.12")
def test_fitting_stops_at_the_next_page_for_who_objects_and_for_all_without_its_weighing(
    house: Deployment, deploy: Any, tmp_path: Path
) -> None:
    her = customer(house)
    buys(her)
    page = house.person(her.mail)
    page.sign_in()
    page.post("/me/object", {"purpose": "tailor", "given": "yes"}, "/me/choices")
    neutral = page.get("/").text
    log = house.get("otto-officer", "/evidence/entries").json()["entries"]
    weighed = 'on legitimate interest "a relevant experience" assessed 2024-02-01, again by 2028-02-01'
    unweighed = checked(
        house, tmp_path / "smarti", changed(weighed, 'on legitimate interest "a relevant experience"')
    )
    over = shop(deploy, edit=changed(weighed, weighed.replace("2028-02-01", "2024-02-15")))
    late = customer(over)
    buys(late)

    assert "what its lights mean" not in neutral
    assert [(e["clause"], e["detail"]["purpose"]) for e in log if e["kind"] == "objected"] == [
        ("3.4", "tailor")
    ]
    assert unweighed[0] == 1
    assert "was not weighed" in unweighed[1]
    assert refused(late.used("front-job", "history", "tailor", field="product"))


@pytest.mark.clause("smarti-3.7", "smarti-3.8")
def test_the_study_sees_totals_and_no_name_and_stays_within_what_it_declares(house: Deployment) -> None:
    people = [customer(house, f"one{n}@example.com") for n in range(12)]
    for life in people:
        life.noted("study-job", "activity", "improve", "use", page="hub")
    buys(people[0])
    totals = house.get("study-job", "/totals", data="activity", field="page", purpose="improve")
    few = house.get("study-job", "/totals", data="history", field="product", purpose="improve")
    named = [
        house.get("study-job", "/use", data=d, purpose="improve")
        for d in ("name", "address", "phone", "email")
    ]
    other = house.get("study-job", "/use", data="location", purpose="improve")
    objects(people[0], "improve")
    rows = house.get("study-job", "/use", data="activity", purpose="improve").json()["rows"]
    told = {
        c["name"]: c["text"]
        for c in house.get(people[1].token, "/people/me/export").json()["export"]["processing"]["categories"]
    }

    assert [(t["value"], t["people"]) for t in totals.json()["totals"]] == [("hub", 12)]
    assert few.json()["totals"] == []
    assert "example.com" not in totals.text
    assert [a.status_code for a in named] == [403] * 4
    assert other.status_code in (403, 422)
    assert len(rows) == 11
    assert set(told) >= {"email", "name", "activity"}


@pytest.mark.clause("smarti-3.7")
def test_a_study_that_would_read_an_address_does_not_load(house: Deployment, tmp_path: Path) -> None:
    code, said = checked(
        house,
        tmp_path / "smarti",
        changed(
            "  uses activity\n  reads history.product", "  uses activity, email\n  reads history.product"
        ),
    )

    assert code == 1
    assert "does not hold" in said


@pytest.mark.clause("smarti-3.9")
def test_the_study_needs_its_weighing_and_the_next_run_leaves_out_who_objected(
    house: Deployment, deploy: Any
) -> None:
    weighed = '"better services" assessed 2024-02-01, again by 2028-02-01'
    over = shop(deploy, edit=changed(weighed, weighed.replace("2028-02-01", "2024-02-15")))
    late = customer(over)
    unweighed = late.noted("study-job", "activity", "improve", "use", page="hub")
    people = [customer(house, f"one{n}@example.com") for n in range(10)]
    for life in people:
        life.noted("study-job", "activity", "improve", "use", page="hub")
    house.at("2024-03-01T12:00:00+01:00")
    before = house.get("study-job", "/use", data="activity", purpose="improve").json()["rows"]
    objects(people[0].sign_in(), "improve")
    house.at("2024-03-01T12:01:00+01:00")
    after = house.get("study-job", "/use", data="activity", purpose="improve").json()["rows"]

    assert refused(unweighed)
    assert (len(before), len(after)) == (10, 9)
