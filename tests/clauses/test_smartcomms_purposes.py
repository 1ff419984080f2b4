"""What the third company may use its data for, and when each thing goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from comms import Holder, by_password, holder, served
from deployment import Deployment
from rooms import granted

AT = "2024-03-01T10:00:00Z"
USAGE = {"at": AT, "device": "laptop", "system": "Linux", "language": "en-GB", "installation": "i-1"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("purposes")) as made:
        yield made


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with served(tmp_path_factory.mktemp("fresh")) as made:
        yield made


def noted(
    life: Holder,
    data: str,
    *,
    by: str = "run-job",
    purpose: str = "provide",
    member: str = "documents",
    **fields: Any,
) -> Any:
    """Have a service of ours write something down about somebody."""
    body = {"data": data, "purpose": purpose, "source": "service", "member": member, "fields": fields}
    return life.house.post(by, f"/people/{life.tag}/records", body)


def told(life: Holder, data: str, purpose: str, source: str, by: str = "run-job", **fields: Any) -> Any:
    body = {"data": data, "purpose": purpose, "source": source, "fields": fields}
    return life.house.post(by, f"/people/{life.tag}/records", body)


def read(life: Holder, by: str, data: str, purpose: str, **query: str) -> Any:
    return life.house.get(by, f"/people/{life.tag}/records", data=data, purpose=purpose, **query)


def fields(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [r["fields"] for r in answer.json()["records"]]


def held(life: Holder) -> set[str]:
    return {r["data"] for r in life.get("/records").json()["records"]}


@pytest.mark.clause("smartcomms-0.6")
def test_a_service_collects_once_it_is_listed_and_only_what_the_page_names(fresh: Deployment) -> None:
    ada = holder(fresh)
    listed = noted(ada, "usage", **USAGE)
    unlisted = noted(ada, "usage", member="forms", **USAGE)
    parties = fresh.home / "parties.toml"
    parties.write_text(parties.read_text("utf-8") + '\n[[service]]\nname = "forms"\n', "utf-8")
    fresh.close()
    fresh.open()
    ada.token = fresh.token(ada.mail)
    added = noted(ada, "usage", member="forms", **USAGE)
    voice = noted(ada, "voice-recording", member="forms", minutes=3)
    page = fresh.client().get("/smartcomms/privacy").text

    assert (listed.status_code, unlisted.status_code, added.status_code) == (201, 403, 201)
    assert unlisted.json()["clause"] == "0"
    assert voice.status_code in (403, 422)
    assert "voice recording" not in page.lower()


@pytest.mark.clause("smartcomms-1.5")
def test_a_session_says_how_long_and_how_connected_and_never_holds_a_picture(house: Deployment) -> None:
    ada = holder(house, "session@example.com")
    said: dict[str, Any] = {"seconds": 2550, "camera": 1, "transport": "udp", "protocol": "dtls1.3"}
    kept = noted(ada, "session", **said)
    picture = noted(ada, "session", **said, image="iVBORw0KGgo=")
    shown = [r["fields"] for r in ada.get("/records", data="session").json()["records"]]

    assert (kept.status_code, picture.status_code) == (201, 422)
    assert picture.json()["fields"] == ["image"]
    assert shown == [said]


@pytest.mark.clause("smartcomms-1.6", "smartcomms-1.7")
def test_the_log_of_use_holds_four_facts_of_a_device_and_no_fingerprint(house: Deployment) -> None:
    ada = holder(house, "log@example.com")
    for _ in range(3):
        noted(ada, "usage", **USAGE, page="/documents")
    noted(ada, "usage", **USAGE, fault="E42 layout")
    prints = [noted(ada, "usage", **USAGE, **{extra: "x"}).status_code for extra in ("canvas", "fonts")]
    ada.event("case-opened")
    seen = fields(read(ada, "cara-support", "usage", "support", reason="case C-17"))
    ads = read(ada, "mail-job", "usage", "partner-news")

    assert prints == [422, 422]
    assert (len(seen), sum("fault" in f for f in seen)) == (4, 1)
    assert {"device", "system", "language", "installation"} <= set(seen[0])
    assert ads.status_code == 403


@pytest.mark.clause("smartcomms-2.1", "smartcomms-2.3")
def test_every_look_names_one_of_the_aims_and_support_looks_while_the_case_is_open(house: Deployment) -> None:
    ada, ben = holder(house, "case@example.com"), holder(house, "no-case@example.com", "Ben")
    noted(ada, "session", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    noted(ben, "session", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    ada.event("case-opened")
    during = read(ada, "cara-support", "session", "support", reason="case C-17")
    others = read(ben, "cara-support", "session", "support", reason="case C-17")
    bare = read(ada, "cara-support", "session", "", reason="case C-17")
    curious = read(ada, "cara-support", "session", "curiosity", reason="I wonder")
    ada.event("case-done")
    house.later(days=1)
    after = read(ada, "cara-support", "session", "support", reason="case C-17")
    seen = [d for d in house.get(house.token(ada.mail), "/people/me/disclosures").json()["disclosures"]]

    assert [a.status_code for a in (during, others, bare, curious, after)] == [200, 403, 403, 403, 403]
    assert [(d["party"], d["purpose"]) for d in seen] == [("support", "support")]


@pytest.mark.clause("smartcomms-2.2")
def test_the_services_run_on_the_account_and_stop_with_it(house: Deployment) -> None:
    ada = holder(house, "provide@example.com")
    open_ = read(ada, "run-job", "account", "provide")
    ada.post("/account/close", {"sure": True})
    closed = read(ada, "run-job", "account", "provide")

    assert (open_.status_code, closed.status_code) == (200, 403)
    assert fields(open_)[0]["last"] == "Byron"


@pytest.mark.clause("smartcomms-2.5")
def test_a_law_opens_what_its_duty_names_and_nothing_else(house: Deployment) -> None:
    ada = holder(house, "vat@example.com")
    ada.event("contract-begun")
    told(ada, "invoice", "contracts", "device", number="2023-104", amount="120.00 GBP", on="2023-06-10")
    noted(ada, "session", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    bare = read(ada, "otto-officer", "invoice", "law", reason="VAT")
    ada.fact("duty", "otto-officer")
    named = read(ada, "otto-officer", "invoice", "law", reason="VAT record keeping")
    beyond = read(ada, "otto-officer", "session", "law", reason="VAT record keeping")

    assert [a.status_code for a in (bare, named, beyond)] == [403, 200, 403]
    assert fields(named)[0]["number"] == "2023-104"


@pytest.mark.clause("smartcomms-2.6")
def test_a_contract_is_carried_out_from_its_first_day_to_its_last(house: Deployment) -> None:
    ada = holder(house, "contract@example.com")
    before = read(ada, "run-job", "account", "contracts", field="first")
    ada.event("contract-begun")
    during = read(ada, "run-job", "account", "contracts", field="first")
    ada.event("contract-ended")
    house.later(days=1)
    after = read(ada, "run-job", "account", "contracts", field="first")

    assert [a.status_code for a in (before, during, after)] == [403, 200, 403]


@pytest.mark.clause("smartcomms-2.7")
def test_who_objected_with_success_is_in_no_report_on_how_to_do_better(fresh: Deployment) -> None:
    people = [holder(fresh, f"p{n}@example.com") for n in range(3)]
    for life in people:
        noted(life, "usage", **USAGE)
    before = len(fresh.get("study-job", "/use", data="usage", purpose="better").json()["rows"])
    people[0].post("/objections", {"purpose": "better"})
    upheld = {"upheld": True, "reason": "her interest in being left alone weighs more here"}
    decided = fresh.post("otto-officer", f"/people/{people[0].tag}/objections/better/decision", upheld)
    after = len(fresh.get("study-job", "/use", data="usage", purpose="better").json()["rows"])
    cases = fresh.get("study-job", "/use", data="attachment", purpose="better")

    assert (before, decided.status_code, after) == (3, 200, 2)
    assert cases.status_code == 403


@pytest.mark.clause("smartcomms-2.11")
def test_help_uses_a_service_that_was_ordered_and_no_other(house: Deployment) -> None:
    ada = holder(house, "ordered@example.com")
    ada.event("contract-begun")
    noted(ada, "usage", **USAGE)
    ada.fact("has-ordered", "cleo-clerk", member="documents")
    documents = read(ada, "run-job", "usage", "ordered", member="documents")
    events = read(ada, "run-job", "usage", "ordered", member="events")
    ada.fact("has-ordered", "cleo-clerk", member="events")
    later = read(ada, "run-job", "usage", "ordered", member="events")

    assert [a.status_code for a in (documents, events, later)] == [200, 403, 200]
    assert "has-ordered(events)" in events.json()["missing"][0]


@pytest.mark.clause("smartcomms-2.15")
def test_research_runs_on_rows_without_a_name(house: Deployment) -> None:
    ada = holder(house, "rows@example.com")
    noted(ada, "usage", **USAGE, ip="192.0.2.57")
    rows = house.get("study-job", "/use", data="usage", purpose="research", form="pseudonymous")
    named = house.get("study-job", "/use", data="contact", purpose="research", form="pseudonymous")
    plain = house.get("study-job", "/use", data="usage", purpose="research")
    entries = house.get("otto-officer", "/evidence/entries", start="0").json()["entries"]

    assert rows.status_code == 200
    assert "192.0.2.57" not in rows.text
    assert "i-1" not in rows.text
    assert ada.tag not in rows.text
    assert named.status_code == 403
    assert plain.status_code in (200, 403)
    assert plain.status_code == 403 or plain.json()["rows"] == []
    assert "used in bulk" in {e["kind"] for e in entries}


@pytest.mark.clause("smartcomms-2.19")
def test_what_belongs_to_an_account_stays_while_it_is_open_and_goes_within_a_day_of_its_end(
    fresh: Deployment,
) -> None:
    ada = holder(fresh)
    noted(ada, "session", seconds=60, camera=0, transport="tcp", protocol="tls1.3")
    ada.post("/records", {"data": "interest", "purpose": "news", "fields": {"topic": "webinars"}})
    fresh.later(days=500)
    fresh.sweep()
    kept = held_by(fresh, ada)
    ada.token = fresh.token(ada.mail)
    ada.post("/account/close", {"sure": True})
    closed = by_password(ada.browser).status_code
    fresh.later(days=1)
    fresh.sweep()
    gone = fresh.post("run-job", "/people/find", {"kind": "email", "value": ada.mail})

    assert {"account", "contact", "session", "interest"} <= kept
    assert closed == 401
    assert gone.status_code == 404
    assert fresh.on_disk(ada.mail) == []


def held_by(house: Deployment, life: Holder) -> set[str]:
    life.token = house.token(life.mail)
    return held(life)


@pytest.mark.clause("smartcomms-2.20")
def test_a_bill_stays_six_years_for_tax_and_serves_nothing_else_after_the_account(fresh: Deployment) -> None:
    ada = holder(fresh)
    ada.event("contract-begun")
    fresh.at("2023-06-10T12:00+00:00")
    fresh.at("2024-03-01T12:00+00:00")
    told(ada, "invoice", "contracts", "device", number="2024-1", amount="120.00 GBP", on="2024-03-01")
    ada.event("contract-ended")
    ada.post("/account/close", {"sure": True})
    fresh.at("2025-01-01T12:00+00:00").sweep()
    sold = read(ada, "mail-job", "invoice", "news")
    taxed = read(ada, "run-job", "invoice", "tax")
    fresh.at("2030-12-31T12:00+00:00").sweep()
    still = read(ada, "run-job", "invoice", "tax")
    fresh.at("2031-01-01T12:00+00:00").sweep()
    gone = read(ada, "run-job", "invoice", "tax")

    assert sold.status_code == 403
    assert [f["number"] for f in fields(taxed)] == ["2024-1"]
    assert [f["number"] for f in fields(still)] == ["2024-1"]
    assert gone.status_code in (404, 403) or fields(gone) == []


def suit(of: Holder) -> str:
    """Have a case recorded by which somebody's orders may go to a court; return its number."""
    names = {"claim": "what is owed", "counterparty": "Acme Ltd, court X"}
    reach = {"data": ["order"], "people": [of.tag], "party": "authority"}
    return str(granted(of.house, "otto-officer", "suit", names, **reach).json()["number"])


@pytest.mark.clause("smartcomms-2.21")
def test_a_dispute_keeps_the_orders_and_not_the_profile_until_it_is_settled(fresh: Deployment) -> None:
    ada = holder(fresh)
    ada.event("contract-begun")
    told(ada, "order", "contracts", "person", number="O-7", item="Forms", amount="120.00 GBP")
    stranger = ada.fact("dispute", "cara-support")
    bare, _, said = fresh.cli("hold", str(fresh.home), f"email:{ada.mail}", "dispute", "--by", "officer")
    fresh.later(minutes=5)
    ada.fact("dispute", "otto-officer")
    fresh.later(minutes=5)
    case = suit(ada)
    ada.event("contract-ended")
    ada.post("/account/close", {"sure": True})
    fresh.later(days=1)
    fresh.sweep()
    used = read(ada, "run-job", "order", "contracts")
    shared = fresh.post(
        "legal-job",
        f"/people/{ada.tag}/shares",
        {"data": ["order"], "party": "authority", "purpose": "defend", "grant": case},
    )
    profile = read(ada, "run-job", "account", "provide")
    ada.fact("dispute", "otto-officer", holds=False)
    fresh.later(days=1)
    fresh.sweep()
    after = fresh.post(
        "legal-job",
        f"/people/{ada.tag}/shares",
        {"data": ["order"], "party": "authority", "purpose": "defend", "grant": case},
    )

    assert stranger.status_code == 403
    assert (bare, "--reason" in said) == (2, True)
    assert (used.status_code, shared.status_code, profile.status_code) == (403, 200, 403)
    assert after.status_code in (403, 404, 422)  # 422: nothing of it is held that could go
    assert fresh.on_disk("O-7") == []


@pytest.mark.clause("smartcomms-3.4")
def test_where_somebody_is_exactly_is_known_by_a_yes_for_that_service_and_forgotten_with_it(
    house: Deployment,
) -> None:
    ada = holder(house, "where@example.com")
    point = {"latitude": 51.5074, "longitude": -0.1278}

    def spot(member: str) -> int:
        return int(noted(ada, "spot", by="spot-job", purpose="where", member=member, **point).status_code)

    before = spot("events")
    ada.post("/consents", {"name": "position(events)", "given": True})
    during = spot("events"), spot("documents"), "spot" in held(ada)
    ada.post("/consents", {"name": "position(events)", "given": False})
    after = spot("events"), "spot" in held(ada)

    assert before == 403
    assert during == (201, 403, True)
    assert after == (403, False)


@pytest.mark.clause("smartcomms-1.9")
def test_the_log_knows_a_region_and_no_coordinates(house: Deployment) -> None:
    ada = holder(house, "region@example.com")
    kept = noted(ada, "usage", **USAGE, region="GB-ENG")
    exact = noted(ada, "usage", **USAGE, latitude=51.5074)
    by_spot = noted(ada, "spot", by="spot-job", purpose="where", latitude=51.5074, longitude=-0.1278)

    assert (kept.status_code, exact.status_code, by_spot.status_code) == (201, 422, 403)
    assert by_spot.json()["clause"] == "3"
    assert [r["fields"]["region"] for r in ada.get("/records", data="usage").json()["records"]] == ["GB-ENG"]


@pytest.mark.clause("smartcomms-1.3")
def test_an_event_takes_a_name_and_an_address_and_serves_that_occasion(fresh: Deployment) -> None:
    vic = fresh.person("vic@example.com")
    done = vic.talk("webinar", {"occasion": "2024-03-12", "name": "Vic", "mail": vic.mail, "news": "no"})
    token = fresh.token(vic.mail)
    kept = fresh.get(token, "/people/me/records", data="registration").json()["records"]
    phone = fresh.post(
        token,
        "/people/me/records",
        {
            "data": "registration",
            "purpose": "occasion",
            "fields": {"name": "Vic", "phone": "+44 20 7946 0018"},
        },
    )
    telemetry = fresh.get("study-job", "/use", data="registration", purpose="better")

    assert "Thank you" in done.text
    said = {n: v for r in kept for n, v in r["fields"].items()}
    assert (said["name"], said["occasion"], said["flow"]) == ("Vic", "2024-03-12", "webinar")
    assert {p for r in kept for p in r["purposes"]} == {"occasion"}
    assert phone.status_code == 422
    assert telemetry.status_code == 403


@pytest.mark.clause("smartcomms-5.9")
def test_survey_answers_better_the_services_and_sell_nothing(house: Deployment) -> None:
    ada = holder(house, "survey@example.com")
    ada.post("/records", {"data": "answers", "purpose": "surveys", "fields": {"wish": "templates"}})
    bettered = house.get("mail-job", "/use", data="answers", purpose="surveys")
    sold = house.get("mail-job", "/use", data="answers", purpose="partner-news")

    assert [r["fields"]["wish"] for r in bettered.json()["rows"]] == ["templates"]
    assert sold.status_code == 403


@pytest.mark.clause("smartcomms-5.1", "smartcomms-2.14")
def test_who_writes_gets_an_answer_and_lands_on_no_list(fresh: Deployment) -> None:
    vic = fresh.client()
    sent = vic.post("/smartcomms/contact", data={"email": "vic@example.com", "text": "How do I export?"})
    number = fresh.mails("vic@example.com")[-1].text
    asked = fresh.get("cara-support", "/requests").json()["requests"]
    answered = fresh.post(
        "cara-support",
        f"/people/{asked[0]['tag']}/requests/{asked[0]['number']}/answer",
        {"outcome": "answered", "text": "Open Documents and press Export."},
    )
    made = fresh.post("mail-job", "/mailings", {"purpose": "news", "subject": "A word", "text": "New."})
    used = fresh.get("mail-job", f"/people/{asked[0]['tag']}/records", data="inquiry", purpose="news")

    assert sent.status_code == 200
    assert asked[0]["number"] in number
    assert answered.status_code == 200
    assert any("press Export" in m.text for m in fresh.mails("vic@example.com"))
    assert made.json()["queued"] == 0
    assert used.status_code == 403


@pytest.mark.clause("smartcomms-5.8")
def test_a_survey_takes_answers_until_its_last_day_and_none_is_owed(fresh: Deployment) -> None:
    ada, ben = holder(fresh), holder(fresh, "ben@example.com", "Ben")
    before = held(ben)
    fresh.at("2024-03-10T12:00+00:00")
    done = ada.browser.talk("survey", {"wish": "templates", "ease": "", "words": ""})
    kept = fresh.get("mail-job", "/use", data="answers", purpose="surveys").json()["rows"]
    fresh.at("2024-04-01T12:00+00:00")
    late = fresh.client().get("/smartcomms/f/survey")
    posted = fresh.client().post("/smartcomms/f/survey/start")
    by_api = fresh.post("", "/flows/survey/talk", {})
    ben.token = fresh.token(ben.mail)

    assert "Thank you" in done.text
    assert [r["fields"]["wish"] for r in kept] == ["templates"]
    assert [r.status_code for r in (late, posted, by_api)] == [410, 410, 410]
    assert held(ben) - {"trail"} == before - {"trail"}


@pytest.mark.clause("smartcomms-2.22")
def test_a_claim_under_an_agreement_keeps_what_it_needs_until_it_is_paid(fresh: Deployment) -> None:
    ada = holder(fresh)
    ada.event("contract-begun")
    told(ada, "order", "contracts", "person", number="O-9", item="Documents", amount="20.00 GBP")
    bare, _, said = fresh.cli("hold", str(fresh.home), f"email:{ada.mail}", "claim", "--by", "officer")
    fresh.later(minutes=5)
    ada.fact("claim", "otto-officer")
    fresh.later(minutes=5)
    case = suit(ada)
    ada.event("contract-ended")
    ada.post("/account/close", {"sure": True})
    fresh.later(days=1)
    fresh.sweep()
    share = {"data": ["order"], "party": "authority", "purpose": "defend", "grant": case}
    kept = fresh.post("legal-job", f"/people/{ada.tag}/shares", share).status_code
    news = read(ada, "mail-job", "order", "news").status_code
    ada.fact("claim", "otto-officer", holds=False)
    fresh.later(days=1)
    fresh.sweep()
    after = fresh.post("legal-job", f"/people/{ada.tag}/shares", share).status_code

    assert (bare, "--reason" in said) == (2, True)
    assert (kept, news) == (200, 403)
    assert after in (403, 404, 422)  # 422: nothing of it is held that could go
    assert fresh.on_disk("O-9") == []
