"""The first company's promises, asked of its API.

A test that names a clause runs its whole scenario with the negative case; the others what an API shows of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from askers import SMOC
from deployment import Deployment
from living import begin, collect

OWN = {"basis": "contract", "notice": "2025-02-20"}


def push(house: Any, who: str, mail: str, fields: dict[str, Any], **more: Any) -> Any:
    record = {"who": {"kind": "email", "value": mail}, "data": "customer", "purpose": "account"}
    body = {"confirmed": OWN, "records": [{**record, "fields": fields, **more}]}
    return house.post(who, "/pushes", body)


def dealing(house: Any, tag: str, member: str = "lysverk") -> None:
    """Let a person have something to do with a business here, as a finished conversation does."""
    house.post("rewards-job", f"/people/{tag}/facts", {"name": "dealing", "member": member})


def refused(answer: Any) -> bool:
    """Say whether this is a no that names its clause."""
    return answer.status_code in (403, 404) and bool(answer.json().get("clause"))


@pytest.mark.clause("smoc-0.4")
def test_data_from_anyone_but_the_person_the_house_or_their_own_provider_are_refused(smoc: Any) -> None:
    for n in range(10):
        dealing(smoc, begin(smoc, f"p{n}@example.no"))
    bought = [
        push(smoc, "lysverk-key", f"p{n}@example.no", {"number": str(n)}, source="data broker X")
        for n in range(10)
    ]
    own = push(smoc, "lysverk-key", "p1@example.no", {"number": "4711"}, source="own customer, contract 4711")
    kari = smoc.token("p1@example.no")

    assert all(refused(b) for b in bought)
    assert own.json()["records"][0]["stored"] is True
    assert [r["source"] for r in smoc.get(kari, "/people/me/records", data="customer").json()["records"]] == [
        "operator:lysverk"
    ]


@pytest.mark.clause("smoc-4.10")
def test_a_list_of_addresses_makes_no_profiles(smoc: Any) -> None:
    listed = [{"email": f"p{n}@example.no"} for n in range(500)]
    people = smoc.post("kaffe-key", "/people", listed)
    csv = smoc.web.post(
        "/smoc/api/v1/people",
        content="email\nkari@example.no",
        headers={"Authorization": "Bearer kaffe-key", "Content-Type": "text/csv"},
    )

    assert refused(people)
    assert refused(csv)
    assert smoc.company.gate.overview().people == ()
    assert begin(smoc, "kari@example.no")
    assert len(smoc.company.gate.overview().people) == 1


@pytest.mark.clause("smoc-2.2")
def test_the_reward_job_reads_contact_and_reward_and_no_gender(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    collect(smoc, "rewards-job", tag, "reward", "credit", entitlement="E1", amount=50)
    read = {
        data: smoc.get("rewards-job", f"/people/{tag}/records", data=data, purpose="credit")
        for data in ("contact", "reward", "gender")
    }
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]

    assert [read[d].status_code for d in ("contact", "reward")] == [200, 200]
    assert refused(read["gender"])
    assert entries[-1]["kind"] == "refused"
    assert entries[-1]["detail"]["data"] == "gender"


@pytest.mark.clause("smoc-2.12")
def test_a_job_with_an_undeclared_purpose_or_none_gets_nothing_and_both_refusals_stand_in_the_log(
    smoc: Any,
) -> None:
    tag = begin(smoc, "kari@example.no")
    answers = [
        smoc.get("rewards-job", f"/people/{tag}/records", data="contact", purpose=p)
        for p in ("credit scoring", "")
    ]
    told = [
        e for e in smoc.get("stine-steward", "/evidence/entries").json()["entries"] if e["kind"] == "refused"
    ]

    assert all(refused(a) for a in answers)
    assert "kari@example.no" not in "".join(a.text for a in answers)
    assert len(told) == 2
    assert all(t["clause"] and t["detail"]["by"].startswith("job:") for t in told)


@pytest.mark.clause("smoc-2.5")
def test_support_sees_a_person_only_while_their_case_is_open(smoc: Any) -> None:
    tag, other = begin(smoc, "kari@example.no"), begin(smoc, "ola@example.no")

    def look(whom: str, data: str = "contact") -> Any:
        return smoc.get(
            "siri-support", f"/people/{whom}/records", data=data, purpose="help", reason="case 17"
        )

    before = look(tag)
    smoc.post("siri-support", f"/people/{tag}/facts", {"name": "case-open"})
    open_ = look(tag), look(tag, "reward"), look(other)
    smoc.post("siri-support", f"/people/{tag}/facts", {"name": "case-open", "holds": False})
    after = look(tag)

    assert refused(before)
    assert open_[0].json()["records"][0]["fields"] == {"email": "kari@example.no"}
    assert open_[1].status_code == 200
    assert refused(open_[2])
    assert refused(after)


@pytest.mark.clause("smoc-3.8")
def test_a_consent_is_taken_back_with_one_call_and_only_by_its_person(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    smoc.post(kari, "/people/me/age", {"years": 34})
    smoc.now = datetime(2025, 2, 1, 9, tzinfo=UTC) + timedelta(days=28)
    smoc.post(kari, "/people/me/consents", {"name": "gender", "given": True})
    collect(smoc, kari, "me", "gender", "suit", value="woman")
    for_her = smoc.post("lysverk-key", f"/people/{tag}/consents", {"name": "gender", "given": False})
    used = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")
    smoc.now = datetime(2025, 3, 1, 10, tzinfo=UTC)
    kari = smoc.token("kari@example.no")
    smoc.post(kari, "/people/me/consents", {"name": "gender", "given": False})
    smoc.now += timedelta(seconds=1)
    after = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")
    told = smoc.get(kari, "/people/me/consents").json()
    history = [(a["given"], a["at"]) for a in told["history"] if a["name"] == "gender"]

    assert refused(for_her)
    assert used.status_code == 200
    assert refused(after)
    assert history == [(True, "2025-03-01T09:00:00Z"), (False, "2025-03-01T10:00:00Z")]
    assert smoc.get(kari, "/people/me/records", data="gender").json()["records"] == []


@pytest.mark.clause("smoc-4.21")
def test_gender_with_its_yes_is_stored_and_age_without_is_not(smoc: Any) -> None:
    begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    smoc.post(kari, "/people/me/age", {"years": 34})
    smoc.post(kari, "/people/me/consents", {"name": "gender", "given": True})

    assert collect(smoc, kari, "me", "gender", "suit", value="woman").status_code == 201
    assert collect(smoc, kari, "me", "age", "suit", years=34).json()["missing"] == ["consent age"]


def test_an_address_without_the_consent_is_refused(smoc: Any) -> None:
    begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    smoc.post(kari, "/people/me/age", {"years": 34})
    without = collect(smoc, kari, "me", "location", "suit", postcode="0264")
    smoc.post(kari, "/people/me/consents", {"name": "location", "given": True})

    assert without.json()["missing"] == ["consent location"]
    assert collect(smoc, kari, "me", "location", "suit", postcode="0264").status_code == 201


@pytest.mark.clause("smoc-6.1", "smoc-6.2")
def test_a_reward_goes_to_its_operator_once_it_is_due_and_to_no_other(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    collect(smoc, "rewards-job", tag, "reward", "credit", entitlement="E1", amount=50)
    wanted = {"data": ["contact.email", "reward.entitlement"], "purpose": "credit"}
    early = smoc.post("lysverk-key", f"/people/{tag}/shares", wanted)
    smoc.post("rewards-job", f"/people/{tag}/facts", {"name": "credit-due", "member": "lysverk"})
    sent = smoc.post(
        "rewards-job", f"/people/{tag}/shares", wanted | {"party": "operator", "member": "lysverk"}
    )
    other = smoc.post("kraft2-key", f"/people/{tag}/shares", wanted)
    likes = smoc.post("lysverk-key", f"/people/{tag}/shares", {"data": ["taste"], "purpose": "credit"})
    whole = smoc.get("sol-security", "/use", data="contact", purpose="credit")
    logged = smoc.get("stine-steward", "/evidence/entries").json()["entries"][-1]
    box = smoc.get("lysverk-key", "/deliveries").json()["deliveries"]
    told = smoc.get(kari, "/people/me/disclosures").json()["disclosures"]

    assert (logged["kind"], logged["detail"]["data"]) == ("refused", "contact")
    assert early.json()["missing"] == ["fact credit-due(lysverk)"]
    assert sent.status_code == 200
    assert "kari" not in sent.text
    assert refused(other)
    assert refused(likes)
    assert whole.status_code == 403
    assert [d["fields"] for d in box] == [{"contact.email": "kari@example.no", "reward.entitlement": "E1"}]
    assert smoc.get("kraft2-key", "/deliveries").json()["deliveries"] == []
    assert [(d["member"], d["purpose"]) for d in told] == [("lysverk", "credit")]


@pytest.mark.clause("smoc-3.11")
def test_a_push_is_stripped_of_what_the_document_does_not_declare(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    dealing(smoc, tag)
    pushed = push(smoc, "lysverk-key", "kari@example.no", {"number": "4711", "annual-consumption": 9000})
    reward = smoc.get("rewards-job", f"/people/{tag}/records", data="customer", purpose="credit")
    ranking = smoc.get("ranking-job", f"/people/{tag}/records", data="customer", purpose="fit")

    assert pushed.json()["records"][0]["dropped"] == ["annual-consumption"]
    assert [r["fields"] for r in reward.json()["records"]] == [{"number": "4711"}]
    assert refused(ranking)


@pytest.mark.clause("smoc-8.11")
def test_a_push_without_its_partys_confirmation_is_discarded(smoc: Any) -> None:
    dealing(smoc, begin(smoc, "kari@example.no"))
    record = {
        "who": {"kind": "email", "value": "kari@example.no"},
        "data": "customer",
        "purpose": "account",
        "fields": {"number": "4711"},
    }
    bare = smoc.post("lysverk-key", "/pushes", {"records": [record] * 20})
    confirmed = smoc.post("lysverk-key", "/pushes", {"confirmed": OWN, "records": [record]})
    kari = smoc.token("kari@example.no")
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]

    assert (bare.status_code, bare.json()["fields"]) == (422, ["confirmed"])
    assert confirmed.status_code == 200
    assert len(smoc.get(kari, "/people/me/records", data="customer").json()["records"]) == 1
    assert [e["detail"]["confirmed"] for e in entries if e["kind"] == "received"] == [
        "contract, told 2025-02-20"
    ]


def test_a_push_does_not_tell_who_is_known(smoc: Any) -> None:
    begin(smoc, "kari@example.no")
    known = push(smoc, "lysverk-key", "kari@example.no", {"number": "1"}, data="taste")
    unknown = push(smoc, "lysverk-key", "ola@example.no", {"number": "1"}, data="taste")

    assert known.status_code == 403
    assert known.content == unknown.content


def test_one_business_gets_from_another_only_what_that_one_and_the_person_let_it(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    smoc.post(kari, "/people/me/age", {"years": 34})
    smoc.post(kari, "/people/me/consents", {"name": "bring(lysverk)", "given": True})
    brought = {"data": "shared", "purpose": "better"}
    push(smoc, "lysverk-key", "kari@example.no", {"value": "has an electric car"}, **brought)
    setting, wanted = {"name": "source-allows", "member": "kraft2"}, {"data": ["shared"], "purpose": "better"}
    others = [
        smoc.post(who, f"/people/{tag}/facts", setting)
        for who in ("stine-steward", "rewards-job", "kraft2-key", "kaffe-key")
    ]

    def share() -> Any:
        return smoc.post("kraft2-key", f"/people/{tag}/shares", wanted)

    neither = share()
    smoc.post("lysverk-key", f"/people/{tag}/facts", setting)
    only_setting = share()
    smoc.post(kari, "/people/me/consents", {"name": "pass-on(kraft2)", "given": True})
    both = share()
    smoc.post(kari, "/people/me/consents", {"name": "pass-on(kraft2)", "given": False})
    withdrawn = share()
    smoc.post(kari, "/people/me/consents", {"name": "pass-on(kraft2)", "given": True})
    smoc.post("lysverk-key", f"/people/{tag}/facts", setting | {"holds": False})

    assert all(refused(o) for o in others)
    assert refused(neither)
    assert only_setting.json()["missing"] == ["consent pass-on(kraft2)"]
    assert both.json()["fields"] == ["shared.value"]
    assert refused(withdrawn)
    assert refused(share())


@pytest.mark.clause("smoc-4.37")
def test_the_improvement_job_gets_coded_rows_without_those_who_objected_and_no_address(smoc: Any) -> None:
    for n in range(10):
        begin(smoc, f"p{n}@example.no")
        token = smoc.token(f"p{n}@example.no")
        collect(smoc, token, "me", "taste", "learn", drink="tea")
        if n < 2:
            smoc.post(token, "/people/me/objections", {"purpose": "improve"})
    rows = smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous").json()[
        "rows"
    ]
    again = smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous").json()[
        "rows"
    ]
    tags = {tag for tag, _ in smoc.company.gate.overview().people}

    assert [r["fields"] for r in rows] == [{"drink": "tea"}] * 8
    assert not {r["tag"] for r in rows} & tags
    assert len(again) == 8
    assert refused(smoc.get("improve-job", "/use", data="contact", purpose="improve", form="pseudonymous"))


def test_profiling_stops_by_one_call_without_a_reason(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    collect(smoc, kari, "me", "taste", "learn", drink="tea")
    stopped = smoc.post(kari, "/people/me/objections", {"purpose": "fit"})

    assert (stopped.status_code, stopped.json()["at"]) == (200, "2025-03-01T09:00:00Z")
    assert "fit" in stopped.json()["objections"]
    assert refused(smoc.get("ranking-job", f"/people/{tag}/records", data="taste", purpose="fit"))


def test_another_persons_rewards_are_refused(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    collect(smoc, "rewards-job", tag, "reward", "credit", entitlement="E1", amount=50)
    begin(smoc, "ola@example.no")
    kari, ola = smoc.token("kari@example.no"), smoc.token("ola@example.no")
    own = smoc.get(kari, "/people/me/records", data="reward").json()["records"]

    assert [(r["fields"]["amount"], r["fields"]["entitlement"]) for r in own] == [(50, "E1")]
    assert refused(smoc.get(ola, f"/people/{tag}/records", data="reward"))


def test_a_client_sees_its_own_flows_and_no_others(smoc: Any) -> None:
    own = smoc.get("kaffe-key", "/clients/bryggen-kaffe/flows").json()["flows"]

    assert [f["name"] for f in own] == ["icy", "summer"]
    assert refused(smoc.get("lysverk-client-key", "/clients/bryggen-kaffe/flows"))
    assert smoc.get("lysverk-client-key", "/flows").json()["flows"] == []


def test_a_flow_is_walked_step_by_step_over_the_api(smoc: Any) -> None:
    flow = "/flows/summer/talk"
    begun = smoc.post("", flow, {}).json()
    token = begun["token"]
    hug = smoc.post(token, f"{flow}/answer", {"step": "hello", "answer": "cocoa", "ssn": "1"}).json()
    returned = smoc.post(token, f"{flow}/back", {"step": hug["step"]}).json()
    again = smoc.post(token, f"{flow}/answer", {"step": "hello", "answer": "tea"}).json()
    wrong = smoc.post(token, f"{flow}/answer", {"step": "travel", "answer": "moon"})

    assert begun["question"]["choices"][0] == {"value": "coffee", "label": "Coffee, even now"}
    assert begun["question"]["clause"]["ref"] == "4.3"
    assert (hug["step"], hug["dropped"]) == ("cocoa-hug", ["ssn"])
    assert (returned["step"], returned["answer"]) == ("hello", "cocoa")
    assert again["step"] == "travel"
    assert wrong.status_code == 422
    assert smoc.post("", "/flows/nowhere/talk", {}).status_code == 404
    assert smoc.get("", flow).status_code == 409


def test_a_flow_ends_with_what_was_stored_and_by_which_clause(smoc: Any) -> None:
    flow = "/flows/summer/talk"
    token = smoc.post("", flow, {"language": "nb"}).json()["token"]
    last: dict[str, Any] = {}
    for step, answer in (
        ("hello", "tea"), ("travel", "sea"), ("gender", ""), ("mail", "kari@example.no"), ("coffee", ""),
        ("news", "no"),
    ):  # fmt: skip
        last = smoc.post(token, f"{flow}/answer", {"step": step, "answer": answer}).json()
        assert last["token"] == token
    kari = smoc.token("kari@example.no")
    held = {r["data"] for r in smoc.get(kari, "/people/me/records").json()["records"]}

    assert last["end"] is True
    assert last["rewards"] == ["En kaffe, varm eller kald"]
    assert all(o["stored"] and o["clause"]["ref"] for o in last["outcomes"])
    assert {"taste", "contact", "reward"} <= held


def test_access_is_complete_dated_and_nobody_elses(smoc: Any) -> None:
    smoc.now = datetime(2025, 1, 31, 9, tzinfo=UTC)
    tag = begin(smoc, "kari@example.no")
    begin(smoc, "ola@example.no")
    kari, ola = smoc.token("kari@example.no"), smoc.token("ola@example.no")
    asked = smoc.post(kari, "/people/me/requests", {"right": "access"}).json()
    seen = smoc.get(kari, "/people/me").json()
    contact = next(r for r in seen["records"] if r["data"] == "contact")

    assert asked["due"] == "2025-02-28T23:00:00Z"
    assert contact["purposes"]
    assert contact["source"] == "person"
    assert contact["due"]
    assert refused(smoc.get(ola, f"/people/{tag}"))
    assert refused(smoc.get(ola, f"/people/{tag}/export"))


@pytest.mark.clause("smoc-8b.8")
def test_a_request_by_mail_opens_a_case_and_releases_nothing_before_its_writer_proved_themself(
    smoc: Any,
) -> None:
    smoc.now = datetime(2025, 1, 31, 9, tzinfo=UTC)
    begin(smoc, "kari@example.no")
    taken = smoc.post("stine-steward", "/mail", {"address": "kari@example.no", "right": "erase"}).json()
    stranger = smoc.post("stine-steward", "/mail", {"address": "who@example.no", "right": "erase"}).json()
    mail, question = smoc.company.mails()[-2:]

    assert taken["number"] in mail.text
    assert "/smoc/case/" in mail.text
    assert taken["due"] == "2025-02-28T23:00:00Z"
    assert stranger["number"] == ""
    assert "We know nobody by this address" in question.text
    assert smoc.get("rewards-job", "/people/me").status_code == 403


def test_a_correction_reaches_whoever_had_the_old_value(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    smoc.post("rewards-job", f"/people/{tag}/facts", {"name": "credit-due", "member": "lysverk"})
    smoc.post("lysverk-key", f"/people/{tag}/shares", {"data": ["contact.email"], "purpose": "credit"})
    collect(smoc, "rewards-job", tag, "ledger", "books", amount=100, posted="2024-03-10")
    records = smoc.get(kari, "/people/me/records").json()["records"]
    of = {r["data"]: r["rid"] for r in records}
    mended = smoc.call(
        kari, "PATCH", f"/people/me/records/{of['contact']}", {"fields": {"email": "kari2@example.no"}}
    )
    ledger = smoc.call(kari, "PATCH", f"/people/me/records/{of['ledger']}", {"fields": {"amount": 900}})
    box = smoc.get("lysverk-key", "/deliveries").json()["deliveries"]

    assert mended.status_code == 200
    assert refused(ledger)
    assert [d["kind"] for d in box] == ["share", "correction"]
    told = smoc.get(kari, "/people/me/disclosures").json()["disclosures"]
    assert [d["kind"] for d in told] == ["share", "correction"]


def test_only_the_person_closes_their_account(smoc: Any) -> None:
    smoc.now = datetime(2025, 3, 10, 9, tzinfo=UTC)
    tag = begin(smoc, "kari@example.no")
    kari = smoc.token("kari@example.no")
    collect(smoc, kari, "me", "taste", "learn", drink="tea")
    by_other = smoc.post("lysverk-key", f"/people/{tag}/account/close", {"sure": True})
    closed = smoc.post(kari, "/people/me/account/close", {"sure": True})
    due = {r["data"]: r["due"] for r in closed.json()["records"]}

    assert refused(by_other)
    assert due["taste"] == "2025-04-10T00:00:00+02:00"
    assert smoc.get(kari, "/people/me").status_code == 401


def test_erasure_takes_all_but_what_a_law_keeps_and_only_its_person_may_ask(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    begin(smoc, "ola@example.no")
    smoc.now = datetime(2024, 3, 10, 9, tzinfo=UTC)
    collect(smoc, "rewards-job", tag, "ledger", "books", posted="2024-03-10", amount=100)
    smoc.now = datetime(2025, 2, 1, 9, tzinfo=UTC)
    kari, ola = smoc.token("kari@example.no"), smoc.token("ola@example.no")
    collect(smoc, kari, "me", "taste", "learn", drink="tea")
    others = smoc.post(ola, f"/people/{tag}/erasure", {"sure": True})
    receipt = smoc.post(kari, "/people/me/erasure", {"sure": True})
    stays = {s["data"]: (s["because"], s["until"]) for s in receipt.json()["stays"]}

    assert refused(others)
    assert stays["ledger"][1] == "2030-01-01T00:00:00+01:00"
    assert stays["ledger"][0]
    assert receipt.json()["evidence"]["checkpoint"]
    assert smoc.get(kari, "/people/me").status_code == 401
    assert (
        smoc.get("rewards-job", f"/people/{tag}/records", data="contact", purpose="account").status_code
        == 404
    )


def test_a_visit_keeps_the_closed_list_and_the_site_it_came_from_alone(smoc: Any) -> None:
    tag = begin(smoc, "kari@example.no")
    sent = {
        "ip": "203.0.113.24",
        "page": "/f/summer?campaign=spring&email=kari@example.org",
        "referrer": "https://search.example/q?x=kari",
        "battery": 80,
    }
    record = {"tag": tag, "data": "visit", "purpose": "serve", "fields": sent}
    visit = smoc.post("visit-job", "/visits", {"flow": "summer", "record": record}).json()
    kari = smoc.token("kari@example.no")
    held = smoc.get(kari, "/people/me/records", data="visit").json()["records"][0]["fields"]

    assert (visit["channel"], visit["dropped"]) == ("direct", ["battery"])
    assert "kari" not in str(held)
    assert held["ip"] == "203.0.113.24"
    assert held["referrer"].rstrip("/") == "https://search.example"


def test_openings_are_counted_by_channel_and_a_party_sees_its_own_flows(smoc: Any) -> None:
    ways: tuple[dict[str, str], ...] = (
        {}, {"referrer": "https://www.google.com/search?q=kari"}, {"via": "email"},
        {"referrer": "https://m.facebook.com/"}, {"via": "ad"}, {"via": "qr"},
    )  # fmt: skip
    for way in ways:
        smoc.post("", "/visits", {"flow": "summer", **way})
    personal = smoc.post("", "/visits", {"flow": "summer", "campaign": "kari@example.no"})
    seen = smoc.get("kaffe-key", "/visits").json()["counts"]

    assert personal.status_code == 422
    assert sorted((c["dims"]["channel"], c["count"]) for c in seen) == [
        (via, 1) for via in ("ad", "direct", "email", "qr", "search", "social")
    ]
    assert smoc.get("lysverk-client-key", "/visits").json()["counts"] == []


@pytest.mark.parametrize(
    ("counter", "dims"),
    [
        ("ad-steps", {"unit": "u1", "hour": "10", "step": "hello", "option": "tea"}),
        ("results", {"flow": "summer", "month": "2025-03", "result": "finished"}),
        ("clicks", {"placement": "paper-top", "hour": "10"}),
        ("steps", {"flow": "summer", "step": "hello"}),
        ("pixel-hits", {"page": "index", "hour": "10"}),
        ("credits", {"offer": "summer-coffee"}),
    ],
)
def test_what_a_service_counts_is_raised_by_nobodys_word(
    still: Any, counter: str, dims: dict[str, str]
) -> None:
    askers = ("", "visit-job", "kaffe-key", "stine-steward")
    tried = [still.post(who, f"/counters/{counter}", {"dims": dims}) for who in askers]

    assert [answer.status_code for answer in tried[1:]] == [403, 403, 403]
    assert tried[0].status_code in (401, 403)
    assert tried[1].json()["clause"] == "3"
    assert still.get("stine-steward", f"/counters/{counter}").json()["counts"] == []


def test_what_no_service_counts_is_counted_by_its_declared_dimensions_alone(tmp_path: Path) -> None:
    def with_features(home: Path) -> None:
        policy = home / "policy.md"
        text = policy.read_text("utf-8")
        policy.write_text(
            text.replace("counter steps of", "counter features of feature\ncounter steps of", 1)
        )

    house = Deployment(tmp_path, "smoc", SMOC, edit=with_features)
    counted = house.post("visit-job", "/counters/features", {"dims": {"feature": "export"}})
    nobody = house.post("", "/counters/features", {"dims": {"feature": "export"}})
    person = house.post(
        "visit-job", "/counters/features", {"dims": {"feature": "x", "email": "k@example.no"}}
    )
    told = house.get("stine-steward", "/counters/features").json()["counts"]
    house.close()

    assert counted.status_code == 200
    assert nobody.status_code in (401, 403)
    assert (person.status_code, person.json()["fields"]) == (422, ["email"])
    assert "k@example" not in person.text
    assert told == [{"dims": {"feature": "export"}, "count": 1}]


def test_a_counter_that_the_document_does_not_declare_is_not_here(smoc: Any) -> None:
    assert smoc.get("kaffe-key", "/counters/returning-visitors").status_code == 404


def test_what_if_asks_the_document_and_no_person(smoc: Any) -> None:
    touch = {"action": "use", "data": "contact", "purpose": "news", "member": "bryggen-kaffe"}
    given = {
        "consents": ["news(bryggen-kaffe)"],
        "facts": ["instructed(bryggen-kaffe)"],
        "age": 34,
    }
    yes = smoc.post("", "/decide", touch | {"given": given}).json()
    young = smoc.post("", "/decide", touch | {"given": given | {"age": 17}}).json()

    assert (yes["answer"], yes["clauses"][0]["ref"]) == ("allowed", "4.4")
    assert young["answer"] == "refused"


def test_every_entry_of_the_evidence_is_proved_and_holds_no_value_of_a_person(smoc: Any) -> None:
    begin(smoc, "kari@example.no")
    entries = smoc.get("stine-steward", "/evidence/entries")
    last = entries.json()["entries"][-1]["number"]
    proof = smoc.get("", "/evidence/proof", leaf=str(last))

    assert "kari" not in entries.text
    assert proof.json()["proof"]["index"] == last
    assert smoc.get("", "/evidence/proof", leaf=str(last + 1)).status_code == 404
    assert smoc.get("", "/evidence/consistency", first="1").status_code == 200
    assert smoc.get("stine-steward", "/evidence/verify").json() == {"sound": True, "problems": []}
    assert smoc.get("lysverk-key", "/evidence/entries").status_code == 403
