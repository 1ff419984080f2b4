"""What people earn, redeem and dispute, whom that tells what, and the friends they bring."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment

KARI, OLA, PER = "kari@example.no", "ola@example.org", "per@example.org"
POWER = """---
title: A minute about power
---
One question.

## mail
Where may we write to you?
ask contact.email email for credit

## points
reward points 50 "50 points at Lysverk" for credit

## bye
Thank you.
end
"""


def with_power(folder: Path) -> None:
    """Add a flow of Lysverk that earns points."""
    (folder / "flows" / "power.md").write_text(POWER, "utf-8")
    site = (folder / "site.toml").read_text("utf-8")
    head, mark, tail = site.partition("[clients.lysverk]")
    (folder / "site.toml").write_text(
        head + mark + tail.replace("flows = []", 'flows = ["power"]', 1), "utf-8"
    )


@pytest.fixture
def power(deploy: Callable[..., Deployment]) -> Deployment:
    return deploy("smoc", edit=with_power)


def earn(house: Deployment, mail: str = KARI) -> Any:
    """Finish Lysverk's flow; return the last page."""
    return house.person(mail).talk("power", {"mail": mail, "points": ""})


def summer(house: Deployment, mail: str) -> Any:
    """Finish the café's flow, which earns a coupon."""
    answers = {"hello": "coffee", "travel": "sea", "gender": "", "mail": mail, "coffee": "", "news": "no"}
    return house.person(mail).talk("summer", answers)


def rewards(house: Deployment, token: str) -> Any:
    answer = house.get(token, "/people/me/rewards")
    assert answer.status_code == 200, answer.text
    return answer.json()


def tag_of(house: Deployment, mail: str) -> str:
    return str(house.post("rewards-job", "/people/find", {"kind": "email", "value": mail}).json()["tag"])


def coupon(house: Deployment, mail: str) -> str:
    return next(str(o["coupon"]) for o in rewards(house, house.token(mail))["open"] if o["coupon"])


def redeem(house: Deployment, code: str, key: str = "kaffe-operator-key", **more: str) -> Any:
    return house.post(key, "/redemptions", {"code": code, **more})


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and bool(answer.json()["clause"])


def entries(house: Deployment) -> list[dict[str, Any]]:
    """Read all the evidence, as the steward may."""
    found: list[dict[str, Any]] = []
    while True:
        page = house.get("stine-steward", "/evidence/entries", start=str(len(found))).json()["entries"]
        if not page:
            return found
        found += page


@pytest.mark.clause("smoc-0.3")
def test_a_reward_goes_once_to_each_of_the_first_people_and_then_none_are_left(power: Deployment) -> None:
    pages = [earn(power, mail).text for mail in (KARI, OLA, PER)]
    again = earn(power, KARI)
    hers = power.person(KARI)
    hers.sign_in()
    hers.talk("power", {"mail": KARI, "points": ""})
    left = {mail: rewards(power, power.token(mail))["balance"] for mail in (KARI, OLA, PER)}

    assert ["No rewards left" in page for page in pages] == [False, False, True]
    assert left == {KARI: 50, OLA: 50, PER: 0}
    assert again.status_code == 200


@pytest.mark.clause("smoc-0.3")
def test_who_leaves_gives_no_reward_back_to_the_budget(power: Deployment) -> None:
    for mail in (KARI, OLA):
        earn(power, mail)
    power.post(power.token(KARI), "/people/me/erasure", {"sure": True})

    assert "No rewards left" in earn(power, PER).text


@pytest.mark.clause("smoc-2.2")
def test_the_reward_job_reads_contact_and_reward_and_is_refused_her_gender(power: Deployment) -> None:
    earn(power)
    kari = power.token(KARI)
    power.post(kari, "/people/me/age", {"years": 34})
    power.post(kari, "/people/me/consents", {"name": "gender", "given": True})
    gender = {"data": "gender", "purpose": "suit", "fields": {"value": "woman"}}
    power.post(kari, "/people/me/records", gender)
    tag = tag_of(power, KARI)
    read = {
        data: power.get("rewards-job", f"/people/{tag}/records", data=data, purpose="credit")
        for data in ("contact", "reward", "gender")
    }
    last = entries(power)[-1]

    assert [r["fields"] for r in read["contact"].json()["records"]] == [{"email": KARI}]
    assert "points" in read["reward"].text
    assert refused(read["gender"])
    assert "woman" not in read["gender"].text
    assert (last["kind"], last["detail"]["data"], last["detail"]["purpose"]) == (
        "refused",
        "gender",
        "credit",
    )


@pytest.mark.clause("smoc-4.24")
def test_my_rewards_lists_points_and_coupon_with_operator_and_last_day_to_nobody_else(
    power: Deployment,
) -> None:
    earn(power), summer(power, KARI), earn(power, OLA)
    earned_by_her = power.person(KARI)
    earned_by_her.sign_in()
    earned_by_her.talk(
        "summer", {"hello": "coffee", "travel": "", "gender": "", "mail": KARI, "coffee": "", "news": "no"}
    )
    page = earned_by_her.get("/me/rewards").text
    told = rewards(power, power.token(KARI))["open"]
    other = power.get(power.token(KARI), f"/people/{tag_of(power, OLA)}/rewards")
    nobody = power.person(PER).get("/me/rewards")

    assert [(o["text"], o["operator"], o["expires"]) for o in told] == [
        ("One coffee, hot or iced", "bryggen-kaffe", "2025-04-30"),
        ("50 points at Lysverk", "lysverk", "2025-05-30"),
    ]
    assert all(word in page for word in ("50 points at Lysverk", "Lysverk, until 30 May 2025"))
    assert all(word in page for word in ("One coffee, hot or iced", "Bryggen Kaffe, until 30 April 2025"))
    assert refused(other)
    assert nobody.status_code == 401


@pytest.mark.clause("smoc-4.31")
def test_the_ledger_only_grows_and_its_sum_is_the_balance(power: Deployment) -> None:
    earn(power)
    kari, tag = power.token(KARI), tag_of(power, KARI)
    power.later(hours=1)
    used = power.post(kari, "/people/me/redemptions", {"operator": "lysverk", "amount": 20}).json()
    power.later(hours=1)
    path = f"/people/{tag}/rewards/{used['entitlement']}/reversal"
    other = power.post("kraft2-key", path, {"amount": 10})
    back = power.post("lysverk-key", path, {"amount": 10})
    too_much = power.post("rewards-job", path, {"amount": 500})
    nothing = power.post("rewards-job", path, {"amount": 1})
    told = rewards(power, kari)
    amounts = [e["amount"] for e in told["entries"] if e["turn"] != "credited"]
    rids = [r["rid"] for r in power.get(kari, "/people/me/records", data="reward").json()["records"]]
    changes = [
        power.call(kari, "PATCH", f"/people/me/records/{rid}", {"fields": {"amount": 999}}) for rid in rids
    ]
    changes += [power.call(kari, "DELETE", f"/people/me/records/{rid}") for rid in rids]
    changes += [power.call("rewards-job", "DELETE", f"/people/{tag}/records/{rid}") for rid in rids]

    assert used["amount"] == -20
    assert refused(other)
    assert (back.json()["amount"], back.json()["about"]) == (10, used["entitlement"])
    assert too_much.json()["amount"] == 10  # all that was left of it to take back
    assert nothing.status_code == 409
    assert amounts == [50, -20, 10, 10]
    assert told["balance"] == sum(e["amount"] for e in told["entries"]) == 50
    assert len(changes) == 3 * len(rids) > 0
    assert all(refused(c) for c in changes)
    assert rewards(power, kari) == told


@pytest.mark.clause("smoc-4.31")
def test_forty_is_what_fifty_less_twenty_and_ten_back_make_and_expiry_is_a_line_too(
    power: Deployment,
) -> None:
    earn(power)
    kari, tag = power.token(KARI), tag_of(power, KARI)
    used = power.post(kari, "/people/me/redemptions", {"operator": "lysverk", "amount": 20}).json()
    power.post("rewards-job", f"/people/{tag}/rewards/{used['entitlement']}/reversal", {"amount": 10})
    before = rewards(power, kari)
    power.at("2025-05-30T12:00+02:00")
    on_the_last_day = rewards(power, power.token(KARI))
    power.at("2025-05-31T00:01+02:00")
    before_the_sweep = rewards(power, power.token(KARI))
    power.sweep()
    power.sweep()
    after = rewards(power, power.token(KARI))

    assert before["balance"] == 40
    assert (before_the_sweep["balance"], before_the_sweep["open"]) == (0, [])
    assert [o["left"] for o in on_the_last_day["open"]] == [40]
    assert after["balance"] == 0
    assert [e["amount"] for e in after["entries"] if e["turn"] == "expired"] == [-40]
    assert after["entries"][: len(before["entries"])] == before["entries"]


@pytest.mark.clause("smoc-4.32")
def test_a_disputed_reward_reaches_its_operator_and_no_other_and_the_answer_reaches_her(deploy: Any) -> None:
    smoc = deploy("smoc", edit=with_power).at("2025-05-20T10:00+02:00")
    earn(smoc)
    kari = smoc.person(KARI)
    kari.sign_in()
    line = rewards(smoc, smoc.token(KARI))["open"][0]["entitlement"]
    fields = {"reward": line, "sort": "missing", "text": "It never came.", "demandable": "2025-05-20"}
    kari.post("/me/rewards/dispute", fields, page="/me/rewards")
    hers = smoc.get(smoc.token(KARI), "/people/me/complaints").json()["complaints"]
    number = hers[0]["number"]
    page = kari.get("/me/rewards").text
    handler = smoc.get("lysverk-key", f"/complaints/{number}")
    brand, other = (smoc.get(k, f"/complaints/{number}") for k in ("tindesaft-key", "kraft2-key"))
    answer = smoc.post(
        "lysverk-key", f"/complaints/{number}/answer", {"upheld": True, "text": "You are right."}
    )
    written = [m for m in smoc.mails(KARI) if number in m.text]
    done = smoc.get(smoc.token(KARI), "/people/me/complaints").json()["complaints"]
    shown = smoc.get("lysverk-key", f"/complaints/{number}")
    told = smoc.get(smoc.token(KARI), "/people/me/disclosures").json()["disclosures"]

    assert (hers[0]["demandable"], hers[0]["state"], hers[0]["reward"]) == ("2025-05-20", "open", line)
    assert number in page
    assert "disputed" in page
    assert handler.json()["fields"]["claim.text"] == "It never came."
    assert handler.json()["fields"]["reward.entitlement"] == line
    assert "kari" not in handler.text
    assert refused(brand)
    assert refused(other)
    assert answer.status_code == 200, answer.text
    assert len(written) == 1
    assert [(c["state"], c["answer"]) for c in done] == [("upheld", "You are right.")]
    assert refused(shown)  # answered, it is no longer open to the operator
    assert {d["member"] for d in told if d["purpose"] == "dispute"} == {"lysverk"}


@pytest.mark.clause("smoc-4.33")
def test_a_friend_is_noted_at_the_first_sign_in_by_the_link_and_whoever_only_looked_is_not(
    power: Deployment,
) -> None:
    earn(power)
    kari = power.token(KARI)
    given = power.post(kari, "/people/me/referral", {"name": "Kari"}).json()
    link, sent = given["link"], len(power.mails())
    theirs = power.post(kari, "/people/me/referral", {"email": "friend@example.com"})
    assert given["mail"].startswith("mailto:?subject=")
    assert given["sms"].startswith("sms:?body=")
    assert all(link.rsplit("/", 1)[1] in given[form] for form in ("mail", "sms"))
    assert (theirs.status_code, len(power.mails())) == (422, sent)
    path = link.partition("/smoc")[2]
    looked = [power.person(mail).get(path) for mail in (OLA, PER, "lise@example.org")]
    before = power.get(kari, "/people/me/referral").json()["friends"]
    ola = power.person(OLA)
    notice = ola.get(path).text
    ola.post(path, {})
    pending = power.get(kari, "/people/me/referral").json()["friends"]
    landed = ola.sign_in()
    after = power.get(kari, "/people/me/referral").json()["friends"]
    ola.post("/signout", {}, page="/me")
    ola.post(path, {})
    ola.sign_in()
    again = power.get(kari, "/people/me/referral").json()["friends"]
    opened = power.get(kari, "/visits"), power.get(kari, f"/people/{tag_of(power, OLA)}/referral")
    own = power.person(KARI)
    own.sign_in()
    itself = own.web.post(link)
    seen = power.get(power.token(OLA), "/people/me/referral").json()
    records = power.get(kari, "/people/me/records", data="referral").json()["records"]

    assert [page.status_code for page in looked] == [200] * 3
    assert all("set-cookie" not in page.headers for page in looked)
    assert before == pending == []
    for word in (
        "Kari invites you",
        "Pay you for friends who join",
        "Datatilsynet",
        "30 days",
        "Your rights",
    ):
        assert word in notice
    assert "by a friend" in landed.text
    assert after == again == ["2025-03-01"]
    assert len(records) == 1
    assert OLA not in str(records)
    assert seen["invited_by"] == "Kari"
    assert all(answer.status_code == 403 for answer in opened)
    assert itself.status_code == 409
    assert power.get(kari, "/people/me/referral").json()["friends"] == after
    assert power.on_disk("lise@example.org") == []


@pytest.mark.clause("smoc-4.33")
def test_an_edge_between_two_people_ends_with_the_first(power: Deployment) -> None:
    earn(power)
    link = power.get(power.token(KARI), "/people/me/referral").json()["link"]
    ola = power.person(OLA)
    ola.post(link.partition("/smoc")[2], {})
    ola.sign_in()
    kari = power.token(KARI)
    before = power.get(kari, "/people/me/records", data="referral").json()["records"]
    power.post(power.token(OLA), "/people/me/erasure", {"sure": True})

    assert len(before) == 1
    assert power.get(kari, "/people/me/records", data="referral").json()["records"] == []
    assert power.get(kari, "/people/me/referral").json()["friends"] == []


@pytest.mark.clause("smoc-4.34")
def test_the_bonus_is_paid_once_when_the_friend_redeems_and_tells_nothing_else(power: Deployment) -> None:
    earn(power)
    link = power.post(power.token(KARI), "/people/me/referral", {"name": "Kari"}).json()["link"]
    ola = power.person(OLA)
    ola.post(link.partition("/smoc")[2], {})
    ola.talk("summer", {"hello": "tea", "travel": "", "gender": "", "mail": OLA, "coffee": "", "news": "no"})
    ola.sign_in()
    power.at("2025-03-05T10:00+01:00")
    kari = power.token(KARI)
    by_signing_in = rewards(power, kari)["balance"]
    code = coupon(power, OLA)
    first, second = redeem(power, code), redeem(power, code)
    paid = rewards(power, kari)
    bonus = [e for e in paid["entries"] if e["rule"] == "friend" and e["turn"] == "earned"]
    asked = power.get(kari, f"/people/{tag_of(power, OLA)}/rewards")

    assert by_signing_in == 50
    assert (first.status_code, second.status_code) == (200, 409)
    assert [(e["amount"], e["at"][:10]) for e in bonus] == [(100, "2025-03-05")]
    assert paid["balance"] == 150
    assert refused(asked)
    assert not any(word in str(paid) for word in ("summer-coffee", OLA, code))


@pytest.mark.clause("smoc-4.33", "smoc-4.34")
def test_a_friend_who_has_not_proved_an_address_is_none_and_brings_no_bonus(power: Deployment) -> None:
    earn(power)
    link = power.post(power.token(KARI), "/people/me/referral", {"name": "Kari"}).json()["link"]
    ola = power.person(OLA)
    ola.post(link.partition("/smoc")[2], {})
    answers = {"hello": "tea", "travel": "", "gender": "", "mail": OLA, "coffee": "", "news": "no"}
    typed = ola.talk("summer", answers)
    kari = power.token(KARI)
    unproved = rewards(power, kari), power.get(kari, "/people/me/referral").json()["friends"]
    ola.sign_in()
    proved = power.get(kari, "/people/me/referral").json()["friends"]
    redeem(power, coupon(power, OLA))
    paid = rewards(power, kari)

    assert typed.status_code == 200
    assert unproved[0]["balance"] == 50
    assert unproved[1] == []
    assert len(proved) == 1
    assert paid["balance"] == 150


@pytest.mark.clause("smoc-4.35")
def test_a_coupon_is_used_once_in_time_at_the_till_of_who_issued_it(deploy: Any) -> None:
    def short(folder: Path) -> None:
        rows = (folder / "rewards.toml").read_text("utf-8")
        (folder / "rewards.toml").write_text(rows.replace('valid = "P60D"', 'valid = "P30D"'), "utf-8")

    smoc = deploy("smoc", edit=short)
    for mail in (KARI, OLA):
        summer(smoc, mail)
    code, unused = coupon(smoc, KARI), coupon(smoc, OLA)
    until = rewards(smoc, smoc.token(OLA))["open"][0]["expires"]
    smoc.at("2025-03-05T10:00+01:00")
    slip = redeem(smoc, code[:-1] + ("0" if code[-1] != "0" else "1"))
    other, brand = redeem(smoc, code, "lysverk-key"), redeem(smoc, code, "tindesaft-key")
    nobody, guess = redeem(smoc, code, ""), redeem(smoc, "00G4-0R40-M30E-209B")
    done = redeem(smoc, code.lower().replace("-", " "), reference="till-4-881")
    repeat, second = redeem(smoc, code, reference="till-4-881"), redeem(smoc, code, reference="till-4-882")
    smoc.at("2025-03-31T23:59+02:00")
    smoc.close()
    smoc.open()
    same = redeem(smoc, code, reference="till-4-881")
    smoc.at("2025-04-01T00:00+02:00")
    late = redeem(smoc, unused)
    left = rewards(smoc, smoc.token(OLA))

    assert until == "2025-03-31"
    assert (slip.status_code, guess.status_code, nobody.status_code) == (422, 404, 401)
    assert refused(other)
    assert refused(brand)
    assert done.status_code == 200
    assert (done.json()["state"], done.json()["reward"]) == ("redeemed", "summer-coffee")
    assert "kari" not in done.text
    assert repeat.status_code == same.status_code == 200
    assert repeat.json() == done.json() == same.json()
    assert second.status_code == 409
    assert late.status_code == 410
    assert left["balance"] == 0
    assert smoc.on_disk(code) == smoc.on_disk(unused) == []


@pytest.mark.clause("smoc-4.42")
def test_points_used_at_a_business_are_one_disclosure_to_it_on_the_contract(power: Deployment) -> None:
    earn(power)
    kari = power.token(KARI)
    before = power.get(kari, "/people/me/disclosures").json()["disclosures"]
    used = power.post(kari, "/people/me/redemptions", {"operator": "lysverk", "amount": 40})
    told = power.get(kari, "/people/me/disclosures").json()["disclosures"][len(before) :]
    box = power.get("lysverk-key", "/deliveries").json()["deliveries"]
    other = power.post(kari, "/people/me/redemptions", {"operator": "kraft2", "amount": 40})
    by_kraft2 = power.post(
        "kraft2-key",
        f"/people/{tag_of(power, KARI)}/shares",
        {"data": ["contact.email", "reward.entitlement"], "purpose": "credit"},
    )
    clause = power.person().get("/privacy").text

    assert used.status_code == 201
    assert [(d["member"], d["data"], d["purpose"]) for d in told] == [
        ("lysverk", ["contact.email", "reward.entitlement"], "credit")
    ]
    assert told[0]["at"]
    assert box[-1]["fields"] == {"contact.email": KARI, "reward.entitlement": used.json()["entitlement"]}
    assert box[-1]["clauses"][0]["ref"] == told[0]["clause"]
    assert re.search(r"Credit and redeem your reward", clause)
    assert other.status_code == 409
    assert refused(by_kraft2)
    assert power.get("kraft2-key", "/deliveries").json()["deliveries"] == []
    assert rewards(power, kari)["balance"] == 10


@pytest.mark.clause("smoc-6.1", "smoc-6.2")
def test_the_operator_gets_one_way_to_reach_her_and_the_number_once_it_is_hers_and_nothing_else(
    power: Deployment,
) -> None:
    power.post("rewards-job", "/people", {"who": {"kind": "email", "value": OLA}})
    early = power.post(
        "lysverk-key",
        f"/people/{tag_of(power, OLA)}/shares",
        {"data": ["contact.email", "reward.entitlement"], "purpose": "credit"},
    )
    earn(power)
    kari, tag = power.token(KARI), tag_of(power, KARI)
    number = rewards(power, kari)["open"][0]["entitlement"]
    box = power.get("lysverk-key", "/deliveries").json()["deliveries"]
    asked = {
        who: power.post(who, f"/people/{tag}/shares", {"data": data, "purpose": "credit"})
        for who, data in (
            ("lysverk-key", ["contact.email", "reward.entitlement"]),
            ("kraft2-key", ["contact.email", "reward.entitlement"]),
        )
    }
    likes = power.post("lysverk-key", f"/people/{tag}/shares", {"data": ["taste"], "purpose": "credit"})
    export = [
        power.get(who, "/use", data="contact", purpose="partner-meeting")
        for who in ("stine-steward", "siri-support")
    ]
    log = entries(power)
    told = power.get(kari, "/people/me/disclosures").json()["disclosures"]
    hers = power.person(KARI)
    hers.sign_in()
    power.get(kari, "/people/me/rewards")

    assert refused(early)
    assert [d["fields"] for d in box] == [{"contact.email": KARI, "reward.entitlement": number}]
    assert refused(asked["lysverk-key"])  # once: the door is open until it was told, and no longer
    assert refused(asked["kraft2-key"])
    assert refused(likes)
    assert [(d["member"], d["data"], d["purpose"]) for d in told] == [
        ("lysverk", ["contact.email", "reward.entitlement"], "credit")
    ]
    assert len([e for e in log if e["kind"] == "share"]) == 1
    assert all(e.status_code == 403 for e in export)
    assert [e["detail"]["data"] for e in log if e["kind"] == "refused"][-2:] == ["contact", "contact"]
    assert "Lysverk" in hers.get("/me").text
    assert len(power.get("lysverk-key", "/deliveries").json()["deliveries"]) == 1
