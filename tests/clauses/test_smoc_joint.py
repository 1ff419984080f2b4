"""Two who answer together: what is signed, whose duty is which, what a partner sets, and one case."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from lysverk import NO, YES, push, refused, tag_of, with_power

SPLIT = {
    "insight-work": "ours", "entitlement": "ours", "settings": "ours", "custody": "ours", "reporting": "ours",
    "money": "ours", "handover": "theirs", "sharing": "theirs", "complaints": "theirs",
}  # fmt: skip


def unsigned(folder: Path) -> None:
    """Let Lysverk have no arrangement yet."""
    with_power(folder)
    file = folder / "parties.toml"
    head, mark, tail = file.read_text("utf-8").partition('[[operator]]\nname = "lysverk"')
    file.write_text(
        head + mark + tail.replace('arrangement = "2025-01-10"', 'arrangement = "draft"', 1), "utf-8"
    )


def with_split(old: str, new: str) -> Any:
    """Change one line of the parted duties."""

    def edit(folder: Path) -> None:
        file = folder / "policy.md"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return edit


def entries(house: Any, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    start = 0
    while page := house.get("stine-steward", "/evidence/entries", start=str(start)).json()["entries"]:
        found, start = found + page, start + len(page)
    return [e for e in found if e["kind"] == kind]


@pytest.mark.clause("smoc-8.1", "smoc-8.11")
def test_nothing_is_handed_over_before_both_have_signed_and_the_operator_has_confirmed(deploy: Any) -> None:
    house = deploy("smoc", edit=unsigned, now=datetime(2025, 2, 1, 9, tzinfo=UTC))
    kari = house.person()
    kari.talk("power", NO)
    early = push(house, "lysverk-key", kari.mail)
    theirs = house.post("lysverk-key", "/arrangement", {"version": 1})
    half = push(house, "lysverk-key", kari.mail)
    forged = house.post("kraft2-key", "/arrangement", {"version": 1, "member": "lysverk"})
    jump = house.post("lysverk-key", "/arrangement", {"version": 3})
    both = house.post("stine-steward", "/arrangement", {"version": 1, "member": "lysverk"})
    record = {"who": {"kind": "email", "value": kari.mail}, "data": "customer", "purpose": "account"}
    record["fields"] = {"number": "4711"}
    silent = house.post("lysverk-key", "/pushes", {"records": [record] * 20})
    nothing = house.get(kari.token, "/people/me/records", data="customer").json()["records"]
    taken = push(house, "lysverk-key", kari.mail)
    log = entries(house, "received")

    assert refused(early)
    assert "signed by both" in early.text
    assert theirs.json()["in_force"] is False
    assert refused(half)
    assert refused(forged)
    assert jump.status_code == 409
    assert (both.json()["in_force"], both.json()["ours"][:10]) == (True, "2025-02-01")
    assert silent.status_code == 422
    assert nothing == []
    assert taken.json()["records"][0]["stored"] is True
    assert [(e["detail"]["arrangement"], e["detail"]["confirmed"]) for e in log] == [
        ("1", "contract, told 2025-02-20")
    ]


@pytest.mark.clause("smoc-8.2")
def test_each_of_nine_activities_is_published_with_one_who_answers_and_requests_go_by_it(deploy: Any) -> None:
    house = deploy("smoc")
    table = house.get("", "/duties").json()["duties"]
    notice = unescape(house.person().get("/privacy").text)

    assert {d["name"]: d["side"] for d in table} == SPLIT
    assert {d["responsible"] for d in table if d["side"] == "ours"} == {"SMOC.AI AS"}
    assert {d["responsible"] for d in table if d["side"] == "theirs"} == {"operator"}
    assert all(d["text"] in notice for d in table)
    for old, new, said in (
        ('claims" covers dispute', 'claims" covers dispute, books', "both sides answer for 'books'"),
        ("covers books, credit, bonus", "covers credit, bonus", "nobody answers for 'books'"),
    ):
        broken = deploy("smoc", edit=lambda folder: None)
        with_split(old, new)(broken.home)
        code, out, err = broken.cli("check", str(broken.home))

        assert code != 0
        assert said in out + err


@pytest.mark.clause("smoc-8.3")
def test_a_partner_reads_numbers_and_is_refused_answers_and_visits_by_the_name_of_who_answers(
    deploy: Any,
) -> None:
    house = deploy("smoc", edit=with_power)
    for n in range(10):
        mail = f"p{n}@example.no"
        house.person(mail).talk("power", {**NO, "mail": mail})
    tag = tag_of(house, "p1@example.no")
    numbers = house.get("lysverk-client-key", "/insight/drinks").json()["tables"][0]["cells"]
    raw = [
        house.get(key, f"/people/{tag}/records", data=data, purpose=purpose)
        for key in ("lysverk-client-key", "lysverk-key")
        for data, purpose in (("taste", "insight"), ("visit", "serve"))
    ]
    rows = house.get("lysverk-client-key", "/use", data="visit", purpose="serve")

    assert next((c["value"], c["people"]) for c in numbers) == ("tea", 10)
    assert all(refused(r) for r in (*raw, rows))
    assert all("SMOC.AI AS answers for it" in r.json()["detail"] for r in (*raw, rows))


@pytest.mark.clause("smoc-8.5")
def test_what_an_operator_set_is_obeyed_at_the_next_use_and_nobody_else_sets_it(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", YES)
    kari.sign_in()
    house.post(kari.token, "/people/me/age", {"years": 34})
    push(house, "lysverk-key", kari.mail, "shared", "better", fields={"value": "electric-car"})
    path = f"/people/{tag_of(house)}/records"

    def read() -> Any:
        return house.get("ranking-job", path, data="shared", purpose="better", member="lysverk")

    def offered() -> list[str]:
        told = house.get("ranking-job", f"/people/{tag_of(house)}/offers").json()["offers"]
        return [o["name"] for o in told if o["why"]]

    before, offers_before = read(), offered()
    bar = {"share": {}, "barred": {"shared": ["better"]}}
    others = [house.post(who, "/settings", bar) for who in ("stine-steward", "ranking-job", "tindesaft-key")]
    house.post("kraft2-key", "/settings", bar)
    untouched = read()
    made = house.post("lysverk-key", "/settings", bar)
    house.later(seconds=1)
    after, offers_after = read(), offered()
    steward = house.get("stine-steward", path, data="shared", purpose="better", reason="a request of yours")

    assert [r["fields"] for r in before.json()["records"]] == [{"value": "electric-car"}]
    assert "home-charging" in offers_before
    assert [o.status_code for o in others[:2]] == [403, 403]
    assert others[2].status_code in (403, 422)
    assert untouched.status_code == 200
    assert made.json()["version"] == 1
    assert refused(after)
    assert "another setting of lysverk than version 1" in after.json()["missing"]
    assert "home-charging" not in offers_after
    assert steward.status_code == 403


@pytest.mark.clause("smoc-8.12")
def test_something_goes_to_another_operator_only_by_the_setting_of_the_first_and_her_yes(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", YES)
    kari.sign_in()
    house.post(kari.token, "/people/me/age", {"years": 34})
    push(house, "lysverk-key", kari.mail, "shared", "better", fields={"value": "has a car", "plan": "night"})
    tag = tag_of(house)

    def share(field: str = "shared.value") -> Any:
        wanted = {"data": [field], "purpose": "better", "party": "operator", "member": "kraft2"}
        return house.post("ranking-job", f"/people/{tag}/shares", wanted)

    def agree(given: bool) -> None:
        house.post(kari.token, "/people/me/consents", {"name": "pass-on(kraft2, better)", "given": given})

    off = house.get("lysverk-key", "/settings").json()
    neither = share()
    agree(True)
    only_yes = share()
    allow = {"share": {"kraft2": ["shared.value"]}, "barred": {}}
    forged = [house.post(who, "/settings", allow) for who in ("kraft2-key", "stine-steward")]
    still = share()
    house.post("lysverk-key", "/settings", allow)
    agree(False)
    only_setting = share()
    agree(True)
    both, other_field = share(), share("shared.plan")
    house.post("lysverk-key", "/settings", {"share": {}, "barred": {}})
    closed = share()
    box = house.get("kraft2-key", "/deliveries").json()["deliveries"]

    assert (off["version"], off["share"]) == (0, {})
    assert all(refused(r) for r in (neither, only_yes, still, only_setting, other_field, closed))
    assert forged[0].status_code == 422
    assert refused(forged[1])
    assert both.status_code == 200, both.text
    assert [d["fields"] for d in box] == [{"shared.value": "has a car"}]


@pytest.mark.clause("smoc-8.6")
def test_the_truth_is_here_and_a_partner_hears_of_a_correction_and_writes_nothing(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    kari.sign_in()
    house.later(minutes=1)
    token, tag = kari.token, tag_of(house)
    phone = {"data": "contact", "purpose": "credit", "fields": {"phone": "900 00 001"}}
    rid = house.post(token, "/people/me/records", phone).json()["rid"]
    house.post("rewards-job", f"/people/{tag}/facts", {"name": "credit-due", "member": "lysverk"})
    wanted = {"data": ["contact.phone"], "purpose": "credit", "party": "operator", "member": "lysverk"}
    house.post("rewards-job", f"/people/{tag}/shares", wanted)
    written = house.post("lysverk-key", f"/people/{tag}/records", phone)
    patched = house.call(
        "lysverk-key", "PATCH", f"/people/{tag}/records/{rid}", {"fields": {"phone": "900 00 009"}}
    )
    house.call(token, "PATCH", f"/people/me/records/{rid}", {"fields": {"phone": "900 00 002"}})
    box = house.get("lysverk-key", "/deliveries").json()["deliveries"]
    truth = house.get(token, "/people/me/records", data="contact").json()["records"]

    assert refused(written)
    assert refused(patched)
    assert [(d["kind"], d["fields"]["contact.phone"]) for d in box if "contact.phone" in d["fields"]] == [
        ("share", "900 00 001"),
        ("correction", "900 00 002"),
    ]
    assert "900 00 002" in [r["fields"].get("phone") for r in truth]
    assert [e["kind"] for e in entries(house, "corrected")] == ["corrected"]
    assert {(r["role"], r["party"], *r["responsible"]) for r in truth} == {
        ("processor", "client", "SMOC.AI AS")
    }


@pytest.mark.clause("smoc-8.14")
def test_an_erasure_asked_of_the_partner_is_one_case_here_counted_from_its_receipt(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power).at("2025-01-31T11:00+01:00")
    kari = house.person()
    kari.talk("power", NO)
    tag = tag_of(house)
    sent = {"address": kari.mail, "right": "erase", "received": "2025-01-31T09:00:00+01:00"}
    filed = house.post("lysverk-key", "/mail", sent)
    ahead = house.post("lysverk-key", "/mail", {**sent, "received": "2025-02-02T09:00:00+01:00"})
    case = next(r for r in house.get("stine-steward", "/requests").json()["requests"] if r["tag"] == tag)
    away = house.post(
        "stine-steward",
        f"/people/{tag}/requests/{case['number']}/answer",
        {"outcome": "referred", "text": "Please ask the other company."},
    )
    still = next(r for r in house.get("stine-steward", "/requests").json()["requests"] if r["tag"] == tag)
    letters = [m for m in house.mails(kari.mail) if case["number"] in m.text]
    link = letters[0].text.partition("/smoc/case/")[2].split()[0]
    answer = house.person().web.post(f"/smoc/case/{link}")
    box = house.get("lysverk-key", "/deliveries").json()["deliveries"]
    gone = house.post("rewards-job", "/people/find", {"kind": "email", "value": kari.mail})

    assert filed.status_code == 200
    assert ahead.status_code == 422
    assert (case["right"], case["channel"], case["made"]) == ("erase", "lysverk", "2025-01-31T08:00:00Z")
    assert case["due"] == "2025-02-28T23:00:00Z"  # the 28th to its last moment in Oslo
    assert refused(away)
    assert still["answered"] is None
    assert len(letters) == 1
    assert "28 February 2025" in letters[0].text
    assert answer.status_code == 200
    assert "Your data are deleted" in answer.text
    assert [d["kind"] for d in box][-1] == "erasure"
    assert gone.status_code == 404


@pytest.mark.clause("smoc-8.14")
def test_asked_of_both_sides_it_is_one_case_from_the_first_receipt_with_one_answer(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power).at("2025-01-31T11:00+01:00")
    kari = house.person()
    kari.talk("power", NO)
    tag, token = tag_of(house), kari.token
    ours = house.post(token, "/people/me/requests", {"right": "access"}).json()
    sent = {"address": kari.mail, "right": "access", "received": "2025-01-30T09:00:00+01:00"}
    house.post("lysverk-key", "/mail", sent)
    house.post("lysverk-key", "/mail", {**sent, "right": "restrict"})
    house.post("lysverk-key", "/mail", sent)
    cases = [r for r in house.get("stine-steward", "/requests").json()["requests"] if r["tag"] == tag]
    access = [r for r in cases if r["right"] == "access"]
    path = f"/people/{tag}/requests/{access[0]['number']}/answer"
    before = house.mails(kari.mail)
    answered = house.post("stine-steward", path, {"outcome": "granted", "text": "Here is your copy."})
    twice = house.post("stine-steward", path, {"outcome": "granted", "text": "Again."})
    log = [e["detail"]["right"] for e in entries(house, "request joined")]

    assert sorted(r["right"] for r in cases) == ["access", "restrict"]
    assert access[0]["number"] == ours["number"]
    assert (access[0]["made"], access[0]["due"]) == ("2025-01-30T08:00:00Z", "2025-02-28T23:00:00Z")
    assert log == ["access", "access"]
    assert answered.status_code == 200
    assert twice.status_code in (404, 409)
    assert len(house.mails(kari.mail)) - len(before) <= 1


@pytest.mark.clause("smoc-8.9")
def test_how_a_conversation_did_is_three_numbers_and_there_is_no_way_down_to_people(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    for mail in ("kari@example.no", "ola@example.no"):
        house.person(mail).talk("power", {**NO, "mail": mail})
    house.person("per@example.no").talk("power", {"drink": "tea"})
    client = house.get("lysverk-client-key", "/performance", month="2025-03").json()["months"]
    operator = house.get("lysverk-key", "/performance", month="2025-03").json()["months"]
    other = house.get("kraft2-key", "/performance").json()["months"]
    before = house.get("lysverk-client-key", "/performance", month="2025-02").json()["months"]
    tag = tag_of(house)
    down = [
        house.get("lysverk-key", f"/people/{tag}/records", data="progress", purpose="learn"),
        house.get("lysverk-key", "/use", data="progress", purpose="improve"),
        house.get("lysverk-key", f"/people/{tag}/rewards"),
    ]

    assert [(m["flow"], m["begun"], m["finished"], m["rewards"]) for m in client] == [("power", 3, 2, 2)]
    assert operator == client
    assert other == before == []
    assert all(refused(d) for d in down)
    assert tag not in str(client)


@pytest.mark.clause("smoc-8.10")
def test_a_payout_is_booked_once_in_our_ledger_and_each_operator_reads_its_own_sums(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    line = house.get(kari.token, "/people/me/rewards").json()["open"][0]["entitlement"]
    wanted = {"entitlement": line, "amount": "100 NOK"}
    forged = house.post("kraft2-key", "/payouts", wanted)
    first, again = (
        house.post("lysverk-key", "/payouts", wanted),
        house.post("lysverk-key", "/payouts", wanted),
    )
    mine = house.get("lysverk-key", "/payouts").json()
    theirs = house.get("lysverk-key", "/payouts", member="kraft2")
    empty = house.get("kraft2-key", "/payouts").json()
    brand = house.get("tindesaft-key", "/payouts")
    books = house.get(
        "bo-books", f"/people/{tag_of(house)}/records", data="ledger", purpose="books", reason="audit"
    )
    ledger = [r["fields"] for r in books.json()["records"] if r["fields"]["rule"] == f"payout:{line}"]

    assert refused(forged)
    assert (first.status_code, again.status_code) == (201, 409)
    assert mine == {"member": "lysverk", "payouts": 1, "sums": ["100 NOK"]}
    assert refused(theirs)
    assert (empty["payouts"], empty["sums"]) == (0, [])
    assert refused(brand)
    assert [r["amount"] for r in ledger] == ["100 NOK"]


@pytest.mark.clause("smoc-8.13")
def test_a_complaint_is_the_operators_to_answer_within_a_month_and_both_see_it_late(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.talk("power", NO)
    line = house.get(kari.token, "/people/me/rewards").json()["open"][0]["entitlement"]
    house.at("2025-03-03T10:00+01:00")
    said = {"reward": line, "text": "It never came.", "sort": "missing"}
    filed = house.post(kari.token, "/people/me/complaints", said).json()
    path = f"/complaints/{filed['number']}"
    handler = house.get("lysverk-key", path).json()["fields"]
    other = house.get("kraft2-key", f"{path}/state")
    closing = house.post("stine-steward", f"{path}/answer", {"upheld": True, "text": "Closed."})
    reading = house.get("stine-steward", path)
    house.at("2025-04-03T23:59+02:00")
    in_time = house.get("stine-steward", f"{path}/state").json()
    house.at("2025-04-04T00:00+02:00")
    late = [house.get(who, f"{path}/state").json() for who in ("stine-steward", "lysverk-key")]
    hers = house.get(kari.token, "/people/me/complaints").json()["complaints"][0]

    assert (filed["operator"], filed["state"], filed["due"]) == ("lysverk", "open", "2025-04-03T22:00:00Z")
    assert handler["claim.text"] == "It never came."
    assert refused(other)
    assert refused(closing)
    assert refused(reading)
    assert (in_time["handler"], in_time["overdue"]) == ("lysverk", False)
    assert [s["overdue"] for s in late] == [True, True]
    assert "never came" not in str(late)
    assert (hers["operator"], hers["state"], hers["overdue"]) == ("lysverk", "open", True)
