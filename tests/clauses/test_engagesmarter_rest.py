"""The second company: served or not at all, recommended, counted, corrected, struck and carried on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, VERSION, asks, paid, user
from deployment import Asker, Deployment
from fellows import colleagues
from living import Life
from schema import fits
from starlette.testclient import TestClient

from troth import web
from troth.cli import main
from troth.gate.errors import BadBody
from troth.store import Meta

KEYS = (*ENGAGE, Asker("any-job", "job", purposes=("trends", "measure", "recommend", "news-mail")))
START = datetime(2024, 3, 11, 10, tzinfo=UTC)  # a Monday


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The second company, shared by scenarios that do not disturb each other."""
    served = Deployment(tmp_path_factory.mktemp("rest"), "engagesmarter", KEYS, now=START)
    yield served
    served.close()


def entries(house: Deployment) -> list[Any]:
    """Return every entry of the evidence, page by page."""
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


def noted(life: Life, feature: str) -> None:
    at = life.house.now.isoformat()
    answer = life.noted("number-job", "usage", "better", feature=feature, at=at, session="s")
    assert answer.status_code == 201, answer.text


@pytest.mark.clause("engagesmarter-1.2")
def test_an_input_is_decided_by_a_clause_of_a_version_and_without_a_document_nothing_is_taken(
    house: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = user(house, "ada12@acme.example")
    before = len(entries(house))
    asked = asks(ada, "How do I reset?")
    written = [e for e in entries(house)[before:] if e["kind"] == "conversed"]
    ready = house.web.get("/-/ready")

    broken = tmp_path / "engagesmarter"
    broken.mkdir()
    (broken / "policy.md").write_text("# Nothing\n\n```troth\nkeep nothing 30 days\n```\n", "utf-8")
    served: list[Any] = []
    monkeypatch.setattr("troth.cli.serve.uvicorn.run", lambda app, **more: served.append(app))
    words = ["serve", str(broken), "--store", str(tmp_path / "people.db"), "--stand-by"]
    code = main(words, make=web.app)
    client = TestClient(served[0], base_url=house.base)
    unready = client.get("/-/ready")
    body = {"model": "helpdesk", "messages": [{"role": "user", "content": "Hello"}]}
    sent = client.post("/engagesmarter/v1/chat/completions", json=body)

    assert asked.status_code == 200
    assert [(e["clause"], e["version"]) for e in written] == [("8", "2024-03-03")]
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    assert code == 0
    assert (unready.status_code, unready.json()["unready"]) == (503, ["engagesmarter"])
    assert sent.status_code == 503
    assert not (tmp_path / "people.db").exists()


@pytest.mark.clause("engagesmarter-10.27")
def test_a_recommendation_says_why_waits_for_its_yes_and_goes_by_mail_on_a_second_yes_alone(
    house: Deployment,
) -> None:
    ada, ben = user(house, "ada27@acme.example"), user(house, "ben27@acme.example")
    for life in (ada, ben):
        life.agrees("better")
        noted(life, "agents")
    pages = {life.mail: house.person(life.mail) for life in (ada, ben)}
    for browser in pages.values():
        browser.sign_in()
    ada.agrees("recommend")
    shown = pages[ada.mail].get("/").text
    for_ben = pages[ben.mail].get("/").text
    by_mail = [house.post("offer-job", "/mailings", body).json() for body in (WORDED,)]
    plain = {"purpose": "recommend", "subject": "For you", "text": "offer: agents"}
    unasked = house.post("offer-job", "/mailings", plain)
    ada.agrees("news-mail")
    ben.agrees("news-mail")
    queued = house.post("offer-job", "/mailings", WORDED).json()
    sent = house.post("offer-job", f"/mailings/{queued['number']}/send", {}).json()
    ada.agrees("recommend", given=False)
    after = pages[ada.mail].get("/").text

    assert shown.count("Five more agents for your organisation") == 1
    assert "Which features you use: feature" in shown.split("Five more agents for your organisation")[1]
    assert "Five more agents for your organisation" not in for_ben
    assert by_mail[0]["queued"] == 0
    assert unasked.status_code == 403
    assert (queued["queued"], sent["sent"]) == (2, 1)
    assert len([m for m in house.mails(ada.mail) if "Five more are there" in m.text]) == 1
    assert [m for m in house.mails(ben.mail) if "Five more are there" in m.text] == []
    assert "Five more agents for your organisation" not in after


WORDED = {"purpose": "news-mail", "message": "more-agents"}


@pytest.mark.clause("engagesmarter-10.28")
def test_an_own_advertisement_is_counted_in_totals_of_ten_and_of_those_alone_who_agreed(
    house: Deployment,
) -> None:
    def report() -> dict[str, int]:
        rows = house.get("any-job", "/counters/adverts").json()["counts"]
        return {row["dims"]["act"]: row["count"] for row in rows if row["dims"]["campaign"] == "C-1"}

    lives = [light(house, f"m{n}@acme.example") for n in range(21)]
    for n, life in enumerate(lives[:20]):
        life.agrees("measure")
        assert house.get(life.token, "/people/me/house-ad").json()["campaign"] == "C-1"
        house.get(life.token, "/people/me/house-ad")
        if n < 11:
            house.post(life.token, "/people/me/house-ads/C-1/click", {})
        if n == 8:
            few = report()
    browsers = [house.person(lives[n].mail) for n in (11, 20)]  # the last never agreed
    for browser in browsers:
        browser.sign_in()
        page = browser.get("/").text
        for _ in "twice":
            led = browser.web.get("/engagesmarter/house-ad/C-1", follow_redirects=False)

    assert few == {}
    assert "Five more agents" in page
    assert (led.status_code, led.headers["location"]) == (303, "/engagesmarter/shop")
    assert report() == {"view": 20, "click": 12}
    assert [len(lives[n].holds("content")) for n in (0, 11, 19, 20)] == [2, 2, 1, 0]


def light(house: Deployment, mail: str) -> Life:
    """Begin somebody with an account of whom nothing but their address is known."""
    who = {"kind": "email", "value": mail}
    life = Life(house, mail, house.post("front-job", "/people", {"who": who}).json()["tag"]).sign_in()
    house.post(life.token, "/people/me/notice", {"version": VERSION})
    return life


@pytest.mark.clause("engagesmarter-10.29")
def test_a_trend_is_one_number_a_week_with_nobody_in_it_and_a_few_are_told_as_a_few(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    house = Deployment(tmp_path_factory.mktemp("trend"), "engagesmarter", KEYS, now=START)
    people = [light(house, f"t{n}@acme.example") for n in range(12)]
    for life in people:
        life.agrees("better")
        noted(life, "ask")
    house.at("2024-03-18T12:00:00+00:00")
    for life in people[:6]:
        noted(life, "ask")
    during = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="1").json()
    house.at("2024-03-25T12:00:00+00:00")
    told = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="2")
    people[0].house.post(people[0].token, "/people/me/objections", {"purpose": "trends"})
    again = house.get("any-job", "/trends", data="usage", purpose="trends", weeks="2").json()
    named = house.get("any-job", "/trends", data="conversation", purpose="trends")
    house.close()

    assert [(w["week"], w["says"]) for w in during["weeks"]] == [("2024-W11", "12")]
    assert [(w["week"], w["says"]) for w in told.json()["weeks"]] == [
        ("2024-W11", "12"),
        ("2024-W12", "fewer than 10"),
    ]
    assert [life.tag for life in people if life.tag in told.text] == []
    assert [w["people"] for w in again["weeks"]] == [12, None]
    assert named.status_code == 403


@pytest.mark.clause("engagesmarter-3.1")
def test_a_review_is_due_within_a_year_and_the_command_line_says_when_it_is_late(tmp_path: Path) -> None:
    house = Deployment(tmp_path, "engagesmarter", KEYS, now=START, root_key=None)
    asked = ["status", str(house.home), "--store", house.address, "--at", "2025-03-04T09:00+00:00"]
    late = house.cli(*asked)
    on_the_day = house.cli(*asked[:-1], "2025-03-03T09:00+00:00")
    house.at("2025-03-04T10:00:00+00:00")
    by_somebody = house.post("front-job", "/document/readings", {})
    read = house.post("otto-officer", "/document/readings", {})
    clean = house.cli(*asked)
    house.close()

    assert late[0] == 1
    assert "review overdue since 2025-03-03" in late[1]
    assert on_the_day[0] == 0
    assert by_somebody.status_code == 403
    assert read.json() == {
        "version": "2024-03-03",
        "last": "2025-03-04",
        "by": "2026-03-04",
        "overdue": False,
    }
    assert clean[0] == 0


@pytest.mark.clause("engagesmarter-3.7")
def test_details_are_asked_about_once_a_year_and_a_change_reaches_whoever_had_the_old_ones(
    tmp_path: Path,
) -> None:
    house = Deployment(tmp_path, "engagesmarter", KEYS, now=START)
    ada = user(house)
    ada.agrees("extras")
    rid = ada.tells("contact", "register", phone="+44 20 7946 0001").json()["rid"]
    house.post("otto-officer", f"/people/{ada.tag}/facts", {"name": "deal-done"})
    shared = {"data": ["contact.phone"], "party": "buyer", "member": "northwind", "purpose": "care"}
    gone = house.post("front-job", f"/people/{ada.tag}/shares", shared)

    def asked() -> int:
        house.sweep()
        return len([m for m in house.mails(ada.mail) if m.subject == "Is this still right?"])

    house.at("2025-03-10T23:30:00+00:00")
    before = asked()
    house.at("2025-03-11T12:00:00+00:00")
    on_the_day = asked()
    house.later(hours=3)
    again = asked()
    ada.sign_in()
    changed = house.call(
        ada.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"phone": "+44 20 7946 0002"}}
    )
    told = [d for d in house.company.mailbox.of("buyer", "northwind") if d.kind == "correction"]
    former = [r["fields"]["value"] for r in ada.holds("former")]
    house.close()

    assert gone.status_code in (200, 201), gone.text
    assert (before, on_the_day, again) == (0, 1, 1)
    assert changed.status_code == 200
    assert former == ["+44 20 7946 0001"]
    assert [dict(d.body)["contact.phone"] for d in told] == ["+44 20 7946 0002"]


@pytest.mark.clause("engagesmarter-10.11")
def test_a_change_of_an_agent_reaches_the_organisations_that_have_it_and_offers_nothing(
    tmp_path: Path,
) -> None:
    def sells_helper(folder: Path) -> None:
        path = folder / "site.toml"
        said = ('name = "helper"', 'title = "Helper"', 'price = "9.00 GBP"', 'text = "It helps."')
        product = "\n".join(("[[purchases.product]]", *said, "\n"))
        path.write_text(path.read_text("utf-8").replace("[house-ads]", product + "[house-ads]", 1), "utf-8")

    house = Deployment(tmp_path, "engagesmarter", KEYS, now=START, edit=sells_helper)
    ada, ben, eve = colleagues(house)
    bought = house.post(ada.token, "/people/me/purchases", {"product": "helper", "by": "invoice"})
    for life in (ada, ben):
        house.post(life.token, "/people/me/objections", {"purpose": "marketing"})
    said = {"purpose": "care", "subject": "Helper ends", "text": "Helper ends on 1 May.", "having": "helper"}
    offered = house.post(
        "otto-officer", "/announcements/messages", {**said, "text": "Ends.\n\noffer: Half off"}
    )
    sent = house.post("otto-officer", "/announcements/messages", said)
    got = {
        life.mail: len([m for m in house.mails(life.mail) if "1 May" in m.text]) for life in (ada, ben, eve)
    }
    house.close()

    assert bought.status_code == 201, bought.text
    assert offered.status_code == 422
    assert sent.json()["people"] == 2
    assert got == {ada.mail: 1, ben.mail: 1, eve.mail: 0}


@pytest.mark.clause("engagesmarter-18.4")
def test_a_disputed_value_waits_for_its_check_and_no_check_asks_for_more_than_it_needs(
    house: Deployment,
) -> None:
    ada = user(house, "ada184@acme.example")
    paid(ada)

    def rid(data: str) -> int:
        return int(ada.holds(data)[0]["rid"])

    def held(data: str, field: str) -> str:
        return str(ada.holds(data)[0]["fields"][field])

    said = house.call(
        ada.token, "PATCH", f"/people/me/records/{rid('contact')}", {"fields": {"email": "new@example.com"}}
    )
    before = held("contact", "email")
    old_still = house.post("front-job", "/people/find", {"kind": "email", "value": "new@example.com"})
    link = next(w for w in house.mails("new@example.com")[-1].text.split() if "/case/" in w)
    looked = house.client().get(link)
    scanned = held("contact", "email")
    pressed = house.client().post(link)
    after = held("contact", "email")
    named = house.call(
        ada.token, "PATCH", f"/people/me/records/{rid('identity')}", {"fields": {"last": "Adler"}}
    )
    waits = held("identity", "last")
    asked = [
        r
        for r in house.get("otto-officer", "/requests").json()["requests"]
        if r["tag"] == ada.tag and not r["answered"]
    ]
    path = f"/people/{ada.tag}/requests/{asked[0]['number']}/check"
    wrong = house.post("cara-support", path, {"holds": True})
    checked = house.post("otto-officer", path, {"holds": True})
    proof = f"/people/{ada.tag}/proofs"
    scan = house.post("otto-officer", proof, {"about": "contact.phone", "means": "identity-document"})
    call = house.post("otto-officer", proof, {"about": "contact.phone", "means": "call"})

    assert "unverified" in said.json()["said"]
    assert (before, scanned, after) == ("ada184@acme.example", "ada184@acme.example", "new@example.com")
    assert (old_still.status_code, looked.status_code, pressed.status_code) == (404, 200, 200)
    assert "unverified" in named.json()["said"]
    assert waits == "Quill"
    assert [(r["right"], r["due"][:10]) for r in asked] == [("correct", "2024-04-11")]
    assert wrong.status_code == 403
    assert checked.status_code == 200, checked.text
    assert held("identity", "last") == "Adler"
    assert scan.status_code == 422
    assert call.status_code == 200


def test_whoever_corrects_past_the_proposal_is_refused_too(house: Deployment) -> None:
    ada = user(house, "ada-past@acme.example")
    gate, rid = house.company.gate, int(ada.holds("contact")[0]["rid"])
    person = gate.find(kind="email", value=ada.mail)

    with pytest.raises(BadBody, match="checked before it changes"):
        gate.correct(person=person, rid=rid, body={"email": "new@example.com"})
    assert ada.holds("contact")[0]["fields"]["email"] == ada.mail


@pytest.mark.clause("engagesmarter-18.7")
def test_what_lies_here_without_its_evidence_goes_at_once_and_the_finding_waits_for_the_officer(
    house: Deployment,
) -> None:
    ada = user(house, "ada187@acme.example")
    paid(ada, "o-187")
    smuggled(house, "ada187@acme.example", phone="+44 20 7946 0187")
    held = [r["fields"].get("phone") for r in ada.holds("contact")]
    answer = house.post(ada.token, "/people/me/erasure/unlawful", {"sure": True})
    after = [r["fields"].get("phone") for r in ada.holds("contact")]
    queue = [
        r["number"] for r in house.get("otto-officer", "/requests").json()["requests"] if not r["answered"]
    ]
    again = house.post(ada.token, "/people/me/erasure/unlawful", {"sure": True}).json()

    assert "+44 20 7946 0187" in held
    assert answer.json()["data"] == ["contact"]
    assert "+44 20 7946 0187" not in after
    assert answer.json()["number"] in queue
    assert len(ada.holds("transaction")) == 1
    assert (again["data"], again["number"]) == ([], "")


def smuggled(house: Deployment, mail: str, **fields: str) -> None:
    """Put a record into the store past the gate, as a careless import would: no clause, and no evidence."""
    store = house.company.gate._house.store
    person = house.company.gate.find(kind="email", value=mail)
    at = house.now.replace(year=2024, month=1).isoformat()
    with store.deed(person=person) as deed:
        deed.put(data="contact", body=dict(fields), meta=Meta("9.1", ("care",), "person", "platform", at))


@pytest.mark.clause("engagesmarter-18.8")
def test_an_order_of_law_erases_what_it_names_and_a_collision_waits_for_a_decision(house: Deployment) -> None:
    ada = user(house, "ada188@acme.example")
    ada.agrees("extras")
    ada.tells("profile", "care", setting="dark")
    paid(ada, "o-188")
    path = f"/people/{ada.tag}/erasure/order"
    order = {"reference": "Court of Session, 2024-77", "data": ["profile"]}
    unnamed = house.post("otto-officer", path, {"data": ["profile"]})
    done = house.post("otto-officer", path, order)
    meets = house.post("otto-officer", path, {**order, "data": ["transaction"]})
    untouched = len(ada.holds("transaction"))
    silent = house.post("otto-officer", path, {**order, "data": ["transaction"], "decision": "erase"})
    kept = house.post(
        "otto-officer",
        path,
        {**order, "data": ["transaction"], "decision": "keep", "reason": "tax law first"},
    )
    erased = house.post(
        "otto-officer",
        path,
        {**order, "data": ["transaction"], "decision": "erase", "reason": "the court read both"},
    )

    assert unnamed.status_code == 422
    assert done.json()["data"] == ["profile"]
    assert ada.holds("profile") == []
    assert meets.status_code == 409
    assert "six years" in meets.json()["detail"]
    assert untouched == 1
    assert silent.status_code == 422
    assert (kept.json()["data"], [s["data"] for s in kept.json()["stays"]]) == ([], ["transaction"])
    assert erased.json()["data"] == ["transaction"]
    assert ada.holds("transaction") == []


@pytest.mark.clause("engagesmarter-18.18")
def test_a_file_goes_once_to_whom_its_person_picked_and_confirmed_and_comes_in_whole_elsewhere(
    house: Deployment, tmp_path: Path
) -> None:
    ada = user(house, "ada18@acme.example")
    ada.agrees("extras")
    ada.tells("profile", "care", setting="dark")
    got: list[tuple[str, bytes, str]] = []

    def stub(url: str, file: bytes, kind: str) -> int:
        got.append((url, file, kind))
        return 200

    object.__setattr__(house.company.outside, "hand_over", stub)
    to = "https://import.example.org/in"
    asked = house.post(ada.token, "/people/me/transfers", {"to": to}).json()
    path = f"/people/me/transfers/{asked['number']}"
    unsure = house.post(ada.token, path, {"sure": False})
    nothing = len(got)
    sent = house.post(ada.token, path, {"sure": True})
    twice = house.post(ada.token, path, {"sure": True})
    abroad = house.post(ada.token, "/people/me/transfers", {"to": "https://import.example.us/"})
    plain = house.post(ada.token, "/people/me/transfers", {"to": "http://import.example.org/"})
    file = json.loads(got[0][1])
    schema = house.web.get("/engagesmarter/published/portable.schema.json").json()
    elsewhere = Deployment(tmp_path, "engagesmarter", KEYS, now=START)
    anew = user(elsewhere, "ada18@acme.example")
    anew.agrees("extras")
    taken = elsewhere.post(anew.token, "/people/me/portable", file)
    both = [
        sorted(json.dumps(r["fields"], sort_keys=True) for r in life.holds("profile")) for life in (ada, anew)
    ]
    elsewhere.close()

    assert unsure.status_code == 403
    assert nothing == 0
    assert sent.status_code == 200, sent.text
    assert twice.status_code == 409
    assert [(url, kind) for url, _, kind in got] == [(to, "application/json")]
    assert [e["detail"]["host"] for e in entries(house) if e["kind"] == "handed over"] == [
        "import.example.org"
    ]
    assert (abroad.status_code, plain.status_code) == (422, 422)
    assert fits(file, schema)
    assert taken.status_code == 200
    assert both[0] == both[1] != []
