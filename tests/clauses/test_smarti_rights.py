"""Who answers at the shop and where, what a person can ask there, and how its systems are watched."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from lamp import WHERE, asks, buys, customer, replies, shop, shown, visitor
from schema import fits

from troth.web.me import orders as orders_page

GROUND = "safety of our users outweighs it: without the log nobody finds who tried to get into her account"


@pytest.fixture
def house(deploy: Any) -> Deployment:
    return shop(deploy)


def refused(answer: Any, *missing: str) -> bool:
    said = answer.json()
    return answer.status_code == 403 and bool(said["clause"]) and set(missing) <= set(said.get("missing", ()))


def checked(house: Deployment, home: Path, old: str, new: str) -> tuple[int, str]:
    """Change a copy of the document; return what the command line says of it."""
    shutil.copytree(house.home, home)
    text = (home / "policy.md").read_text("utf-8")
    assert old in text, old
    (home / "policy.md").write_text(text.replace(old, new), "utf-8")
    code, out, err = house.cli("check", str(home))
    return code, out + err


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


@pytest.mark.clause("smarti-1.1")
def test_page_and_copy_name_one_company_that_answers_and_no_second_comes_in_without_its_clause(
    house: Deployment, tmp_path: Path
) -> None:
    her = customer(house)
    page = plain(house.web.get("/smarti/privacy").text)
    copy = house.get(her.token, "/people/me/export").json()["export"]["processing"]["controllers"]
    code, said = checked(
        house,
        tmp_path / "smarti",
        'controller "SMARTi AS" in NO ',
        'joint controller "Domotics AS" in NO with domotics\ncontroller "SMARTi AS" in NO ',
    )

    assert "SMARTi AS" in page
    assert "999 888 777" in page
    assert "Eksempelveien 1" in page
    assert [c["name"] for c in copy] == ["SMARTi AS"]
    assert code == 1
    assert "domotics" in said


@pytest.mark.clause("smarti-1.2")
def test_the_page_says_what_is_in_force_and_what_is_taken_out_is_refused(
    house: Deployment, deploy: Any
) -> None:
    told = house.web.get("/smarti/privacy.json").json()
    page = plain(house.web.get("/smarti/privacy").text)
    rules = (house.home / "policy.md").read_text("utf-8")
    purposes = set(re.findall(r"^purpose ([\w-]+)", rules, re.M))
    kinds = set(re.findall(r"^data ([\w-]+)", rules, re.M))

    def edit(folder: Path) -> None:
        text = (folder / "policy.md").read_text("utf-8")
        cut = re.sub(r"purpose improve .*?\n(?=never use name)", "", text, flags=re.S)
        cut = cut.replace("never use name, address, phone, email for improve", "never collect special\n#")
        cut = cut.replace("opt out of improve, tailor", "opt out of tailor")
        cut = cut.replace("purpose tailor", "purpose tailor")
        cut = re.sub(
            r"  reads history.product, history.state, profile.tongue\n",
            "  uses activity\n  reads history.product, history.state, profile.tongue\n",
            cut,
        )
        (folder / "policy.md").write_text(cut, "utf-8")
        orders = (folder / "orders.toml").read_text("utf-8").replace('study = "improve"', 'study = "tailor"')
        (folder / "orders.toml").write_text(orders, "utf-8")

    less = shop(deploy, edit=edit)
    her = customer(less)
    gone = her.noted("study-job", "activity", "improve", "use", page="hub")

    assert purposes <= {p["name"] for p in told["purposes"]}
    assert kinds <= {d["name"] for d in told["data"]}
    assert all(d["text"] in page for d in told["data"] if d["name"] in kinds)
    assert "improve" not in {p["name"] for p in less.web.get("/smarti/privacy.json").json()["purposes"]}
    assert gone.status_code == 403


@pytest.mark.clause("smarti-1.3")
def test_another_host_is_turned_away_and_nothing_of_it_is_noted(house: Deployment) -> None:
    other = {"Host": "shop.example.com", "Authorization": "Bearer front-job"}
    who = {"who": {"kind": "email", "value": "kari@example.com"}}
    there = house.web.post("/smarti/api/v1/people", json=who, headers=other)
    page = house.web.get("/smarti/f/register", headers={"Host": "shop.example.com"})
    known = house.post("front-job", "/people/find", who["who"])
    here = house.post("front-job", "/people", who)
    pages = [
        house.web.get(f"/smarti{p}").text
        for p in ("/", "/shop", "/shop/hub", "/f/register", "/signin", "/contact")
    ]

    assert there.status_code == 421
    assert there.json()["clause"] == "1"
    assert page.status_code == 421
    assert known.status_code == 404
    assert here.status_code in (200, 201)
    assert all('href="/smarti/privacy' in p for p in pages)


@pytest.mark.clause("smarti-2.5")
def test_what_a_carrier_corrected_has_its_source_beside_it_and_its_person_is_told(house: Deployment) -> None:
    her = customer(house)
    buys(her)
    own = {r["data"]: r["source"] for r in her.sees()["records"] if r["data"] in ("name", "email", "address")}
    sent = {
        "data": "address",
        "purpose": "serve",
        "fields": {"street": "Storgata 1 B", "postcode": "0155"},
        "source": "carrier",
        "said": "carrier correction, 2024-03-01",
    }
    path = f"/people/{her.tag}/imports"
    sourceless = [
        house.post("paul-packer", path, {k: v for k, v in sent.items() if k != missing})
        for missing in ("source", "said")
    ]
    unknown = house.post("paul-packer", path, {**sent, "source": "neighbour"})
    before = len(house.mails(her.mail))
    taken = house.post("paul-packer", path, sent)
    notice = house.mails(her.mail)[-1].text
    by_agent = house.post("bo-books", path, sent)

    assert own == {"name": "person", "email": "person", "address": "person"}
    assert [a.status_code for a in sourceless] == [422, 422]
    assert unknown.status_code in (403, 422)
    assert taken.status_code == 201
    assert len(house.mails(her.mail)) == before + 1
    assert "carrier correction, 2024-03-01" in notice
    assert "Datatilsynet" in notice
    assert [r["source"] for r in her.holds("address")] == ["person", "carrier"]
    assert by_agent.status_code == 403


@pytest.mark.clause("smarti-3.20")
def test_a_fault_that_somebody_met_is_logged_without_a_name_for_those_who_watch_and_goes_in_90_days(
    house: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    her = customer(house)
    page = house.person(her.mail)
    page.sign_in()
    monkeypatch.setattr(orders_page, "_shown", lambda *asked: 1 // 0)
    broken = page.get("/me/orders").status_code
    seen = shown(her, "olga-operator", "log", "monitor")
    selling = house.get("sales-job", f"/people/{her.tag}/records", data="log", purpose="sell-mail")
    entry = seen.json()["records"][0]["fields"]
    house.later(days=89).sweep()
    kept = shown(her, "olga-operator", "log", "monitor").json()["records"]
    house.later(days=2).sweep()
    gone = shown(her, "olga-operator", "log", "monitor").json()["records"]

    assert broken == 500
    assert len(seen.json()["records"]) == 1
    assert set(entry) == {"at", "component", "account"}
    assert (entry["component"], entry["account"]) == ("/me/orders", her.tag)
    assert "Nordmann" not in seen.text
    assert her.mail not in seen.text
    assert refused(selling)
    assert (len(kept), len(gone)) == (1, 0)


@pytest.mark.clause("smarti-3.21")
def test_a_no_to_the_fault_log_is_weighed_by_a_person_in_writing_within_a_month(
    house: Deployment, tmp_path: Path
) -> None:
    her = customer(house)
    her.noted("watch-job", "log", "monitor", "use", at="2024-03-01T10:00:00Z", component="/shop")
    house.post(her.token, "/people/me/objections", {"purpose": "monitor"})
    watching = her.used("watch-job", "log", "monitor")
    safety = her.used("watch-job", "log", "protect")
    due = house.get("otto-officer", "/requests").json()["requests"]
    decision = f"/people/{her.tag}/objections/monitor/decision"
    groundless = house.post("otto-officer", decision, {"upheld": False, "reason": ""})
    judged = house.post("otto-officer", decision, {"upheld": False, "reason": GROUND})
    letter = house.mails(her.mail)[-1].text
    again = her.used("watch-job", "log", "monitor")
    weighed = '"systems that work" assessed 2024-02-01, again by 2028-02-01'
    code, said = checked(house, tmp_path / "smarti", weighed, '"systems that work"')

    assert refused(watching)
    assert safety.status_code == 200
    assert [(r["right"], r["due"]) for r in due] == [("object", "2024-04-01T22:00:00Z")]
    assert groundless.status_code == 422
    assert judged.status_code == 200
    assert GROUND in letter
    assert "Datatilsynet" in letter
    assert again.status_code == 200
    assert (code, "was not weighed" in said) == (1, True)


@pytest.mark.clause("smarti-3.22")
def test_guessing_shuts_the_door_for_minutes_and_leaves_one_sign_for_safety_alone(house: Deployment) -> None:
    her = customer(house)
    said = [
        house.post("", "/session/code", {"email": her.mail, "code": "000000"}).status_code for _ in range(11)
    ]
    signs = shown(her, "olga-operator", "signal", "protect").json()["records"]
    selling = house.get("sales-job", f"/people/{her.tag}/records", data="signal", purpose="sell-mail")
    closing = house.post("watch-job", f"/people/{her.tag}/account/close", {"sure": True})
    house.later(minutes=11)

    assert said[10] == 429
    assert [s["fields"]["reason"] for s in signs] == ["many wrong codes within minutes"]
    assert refused(selling)
    assert closing.status_code == 403
    assert house.token(her.mail)


@pytest.mark.clause("smarti-3.23")
def test_a_no_to_the_watch_for_fraud_is_decided_in_a_month_and_the_signs_serve_safety_meanwhile(
    house: Deployment, deploy: Any
) -> None:
    house.at("2024-03-05T10:00:00+01:00")
    her = customer(house)
    her.noted("watch-job", "signal", "protect", "use", reason="an order from two places")
    house.post(her.token, "/people/me/objections", {"purpose": "protect"})
    due = house.get("otto-officer", "/requests").json()["requests"][0]["due"]
    meanwhile = her.used("watch-job", "signal", "protect")
    elsewhere = her.used("watch-job", "signal", "monitor")
    decision = f"/people/{her.tag}/objections/protect/decision"
    groundless = house.post("otto-officer", decision, {"upheld": False, "reason": " "})
    judged = house.post("otto-officer", decision, {"upheld": False, "reason": GROUND})
    weighed = '"safety of users and company" assessed 2024-02-01, again by 2028-02-01'

    def unweighed(folder: Path) -> None:
        text = (folder / "policy.md").read_text("utf-8")
        (folder / "policy.md").write_text(
            text.replace(weighed, weighed.replace("2028-02-01", "2024-02-15")), "utf-8"
        )

    over = customer(shop(deploy, edit=unweighed))
    stopped = over.noted("watch-job", "signal", "protect", "use", reason="an order from two places")

    assert due == "2024-04-05T22:00:00Z"
    assert meanwhile.status_code == 200
    assert refused(elsewhere)
    assert groundless.status_code == 422
    assert judged.status_code == 200
    assert GROUND in house.mails(her.mail)[-1].text
    assert refused(stopped)


@pytest.mark.clause("smarti-4.2")
def test_a_copy_holds_every_kind_with_its_origin_and_nothing_of_anybody_else(house: Deployment) -> None:
    her, ola = customer(house), customer(house, "ola@example.com", "Ola Olsen")
    buys(her)
    her.noted("study-job", "activity", "improve", "use", page="hub")
    her.noted("study-job", "activity", "improve", "use", page="hub")
    her.noted("watch-job", "log", "monitor", "use", at="2024-03-01T10:00:00Z", component="/shop")
    her.noted("watch-job", "signal", "protect", "use", reason="a row written in this test")
    asks(her, "Where is my hub?")
    her.agrees("profiling")
    house.post("sales-job", f"/people/{her.tag}/derived", {"data": "interest", "purpose": "match"})
    copy = house.get(her.token, "/people/me/export").json()["export"]
    kinds = [r["data"] for r in copy["records"]]
    by_ola = house.get(ola.token, f"/people/{her.tag}/export")
    told = copy["processing"]

    assert {k: kinds.count(k) for k in ("history", "activity", "letters", "log", "interest", "signal")} == {
        "history": 1,
        "activity": 2,
        "letters": 1,
        "log": 1,
        "interest": 1,
        "signal": 1,
    }
    assert {"name", "email", "address", "sale"} <= set(kinds)
    assert "a row written in this test" in json.dumps(copy)
    assert "Ola" not in json.dumps(copy["records"])
    assert {r["source"] for r in copy["records"]} >= {"person", "use", "derived"}
    assert told["purposes"]
    assert any(c["name"] == "history" for c in told["categories"])
    assert by_ola.status_code in (403, 404)


@pytest.mark.clause("smarti-4.4")
def test_an_erasure_asked_in_the_middle_of_a_matter_takes_all_but_the_sale_from_every_file(
    house: Deployment, tmp_path: Path
) -> None:
    house.at("2024-06-01T12:00:00+02:00")
    her = customer(house)
    number = buys(her).json()["number"]
    becomes_all = her.noted("study-job", "activity", "improve", "use", page="hub").status_code
    asks(her, "The hub sings at night")
    her.agrees("profiling")
    backup = tmp_path / "backup.db"
    with sqlite3.connect(house.store) as live, sqlite3.connect(backup) as target:
        live.backup(target)
    page = house.person(her.mail)
    page.sign_in()
    receipt = house.post(her.token, "/people/me/erasure", {"sure": True})
    after = page.get("/me", follow_redirects="no")
    api = house.get(her.token, "/people/me")
    house.at("2024-07-01T12:00:00+02:00").sweep()
    raw = backup.read_bytes()

    assert becomes_all == 201
    assert receipt.status_code == 200
    assert {s["data"] for s in receipt.json()["stays"]} <= {"sale", "consents", "trail"}
    assert "sale" in {s["data"] for s in receipt.json()["stays"]}
    assert api.status_code == 401
    assert "What we hold" not in after.text
    assert house.on_disk("sings at night") == []
    assert b"sings at night" not in raw
    assert house.on_disk("kari@example.com") == []
    assert house.post("front-job", "/people/find", {"kind": "email", "value": her.mail}).status_code == 404
    assert number


@pytest.mark.clause("smarti-4.6")
def test_a_contested_address_is_kept_and_not_used_until_its_person_was_told(house: Deployment) -> None:
    her = customer(house)
    buys(her)
    reasonless = house.post(her.token, "/people/me/restrictions", {"data": "address"})
    held = house.post(her.token, "/people/me/restrictions", {"data": "address", "case": "accuracy"})
    uses = [her.used("sales-job", "address", "sell-post"), her.used("front-job", "address", "serve")]
    still = her.holds("address")[0]["fields"]
    house.at("2024-03-10T10:00:00+01:00")
    lift = f"/people/{her.tag}/restrictions"
    early = house.post("otto-officer", f"{lift}/lift", {"data": "address"})
    house.post("otto-officer", f"{lift}/lifting", {"data": "address", "reason": "we checked it"})
    told = house.mails(her.mail)[-1].text
    later = house.later(minutes=1).post("otto-officer", f"{lift}/lift", {"data": "address"})

    assert reasonless.status_code == 422
    assert held.status_code == 200
    assert all(map(refused, uses))
    assert still == WHERE
    assert early.status_code == 409
    assert "we checked it" in told
    assert later.status_code == 200
    assert her.used("front-job", "address", "serve").status_code == 200


@pytest.mark.clause("smarti-4.7")
def test_one_page_lists_each_yes_each_no_and_each_limit_with_its_switch_and_its_day(
    house: Deployment,
) -> None:
    her, ola = customer(house), customer(house, "ola@example.com", "Ola")
    buys(her)
    page, other = house.person(her.mail), house.person(ola.mail)
    page.sign_in()
    other.sign_in()
    page.post("/me/object", {"purpose": "improve", "given": "yes"}, "/me/choices")
    before = plain(page.get("/me/choices").text)
    page.post("/me/restrict", {"on": "yes", "case": "accuracy"}, "/me/rights")
    after = plain(page.get("/me/choices").text)
    read = her.used("front-job", "history", "serve")
    nobody = house.client().get("/smarti/me/choices")
    by_ola = house.post(ola.token, f"/people/{her.tag}/objections", {"purpose": "tailor"})

    for said in ("by e-mail", "by phone", "by post", "Fit the site", "Improve our services", "conclusions"):
        assert said in before
    assert "you said no, 1 March 2024" in before
    assert "Restrictions" in before
    assert "Everythingkept and not used, 1 March 2024" in after
    assert refused(read)
    assert nobody.status_code == 401
    assert by_ola.status_code in (403, 404)


@pytest.mark.clause("smarti-4.8")
def test_what_rests_on_an_interest_can_be_refused_and_resumes_on_written_grounds_alone(
    house: Deployment,
) -> None:
    her = customer(house)
    her.noted("study-job", "activity", "improve", "use", page="hub")
    page = house.person(her.mail)
    page.sign_in()
    offered = set(re.findall(r'name="purpose" value="([\w-]+)"', page.get("/me/choices").text))
    house.at("2024-03-01T12:00:00+01:00")
    her.sign_in()
    house.post(her.token, "/people/me/objections", {"purpose": "improve"})
    house.post(her.token, "/people/me/objections", {"purpose": "monitor"})
    house.at("2024-03-01T12:01:00+01:00")
    study = house.get("study-job", "/use", data="activity", purpose="improve").json()["rows"]
    decision = f"/people/{her.tag}/objections/monitor/decision"
    groundless = house.post("otto-officer", decision, {"upheld": False, "reason": ""})
    house.post("otto-officer", decision, {"upheld": False, "reason": GROUND})

    assert offered >= {"improve", "tailor", "sell-mail", "sell-phone", "sell-post", "monitor", "protect"}
    assert not offered & {"serve", "care", "books", "reach"}
    assert study == []
    assert groundless.status_code == 422
    assert GROUND in house.mails(her.mail)[-1].text


@pytest.mark.clause("smarti-4.10")
def test_the_file_to_take_along_fits_its_schema_marks_what_goes_beyond_and_feeds_another_service(
    house: Deployment, deploy: Any
) -> None:
    her = customer(house)
    buys(her)
    her.agrees("profiling")
    house.post("sales-job", f"/people/{her.tag}/derived", {"data": "interest", "purpose": "match"})
    page = house.person(her.mail)
    page.sign_in()
    packed = zipfile.ZipFile(io.BytesIO(page.get("/me/download").content))
    file = json.loads(packed.read("portable.json"))
    rows = list(csv.DictReader(io.StringIO(packed.read("portable.csv").decode())))
    schema = house.web.get("/smarti/published/portable.schema.json").json()
    beyond = {r["data"] for r in file["records"] if r.get("beyond")}
    second = customer(shop(deploy))
    for record in second.holds("name"):
        second.house.call(second.token, "DELETE", f"/people/me/records/{record['rid']}")
    mine = {k: v for k, v in file.items() if k != "$schema"}
    taken = second.house.post(second.token, "/people/me/portable", mine)
    became = {r["data"]: r["stored"] for r in taken.json()["records"]}
    signed_out = house.client().get("/smarti/me/download")

    assert fits(file, schema)
    assert {"name", "email", "address", "history", "interest", "sale"} <= {r["data"] for r in file["records"]}
    assert {"history", "interest", "sale"} <= beyond
    assert not beyond & {"name", "email", "address"}
    assert {r["data"] for r in rows} == {r["data"] for r in file["records"]}
    assert taken.status_code == 200
    assert became["name"]
    assert not became["history"]  # who could bring orders along could invent them
    assert [r["fields"] for r in second.holds("name")] == [{"name": "Kari Nordmann"}]
    assert signed_out.status_code == 401


@pytest.mark.clause("smarti-5.1")
def test_a_privacy_complaint_grows_out_of_a_matter_and_is_closed_with_an_answer_only(
    house: Deployment,
) -> None:
    her = customer(house)
    first = asks(her, "Why do you know my street?")
    number = asks(her, "I think that is against the law", "privacy-complaint", about=first)
    case = house.get(her.token, f"/people/me/cases/{number}").json()
    silent = replies(her, number, "", "answered")
    unasked = plain(house.web.get("/smarti/privacy").text)
    closed = replies(her, number, "You gave it with your order; here is where it is used.")

    assert (case["asked"]["right"], case["asked"]["about"]) == ("privacy-complaint", first)
    assert case["asked"]["due"] == "2024-04-01T22:00:00Z"
    assert "datatilsynet.no" in unasked
    assert silent.status_code == 422
    assert closed.status_code == 200


@pytest.mark.clause("smarti-5.2")
def test_every_refusal_names_the_authority_with_its_address(house: Deployment, tmp_path: Path) -> None:
    her, vic = customer(house), visitor(house)
    asked = house.post(her.token, "/people/me/requests", {"right": "access"}).json()
    path = f"/people/{her.tag}/requests/{asked['number']}/answer"
    house.post("otto-officer", path, {"outcome": "refused", "text": "We hold nothing but your account."})
    letter = house.mails(her.mail)[-1].text
    api = house.post(her.token, "/people/me/objections", {"purpose": "books"}).json()
    page = house.person(her.mail)
    page.sign_in()
    refusal = page.post("/me/object", {"purpose": "serve", "given": "yes"}, "/me/choices").text
    code, said = checked(house, tmp_path / "smarti", '  authority "Datatilsynet"', "# ")

    assert "Datatilsynet" in letter
    assert "https://www.datatilsynet.no/" in letter
    assert (api["authority"], api["complaints"][:28]) == ("Datatilsynet", "https://www.datatilsynet.no/")
    assert "Datatilsynet" in refusal
    assert 'href="https://www.datatilsynet.no/' in refusal
    assert code == 1
    assert "Art. 13(2)(d)" in said
    assert vic.tag
