"""The first company's promises on what a person can ask (the second section 8 of its notice)."""

from __future__ import annotations

import io
import json
import re
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from deployment import BASE, Deployment
from living import kari
from schema import fits

LYSVERK = {"name": "credit-due", "member": "lysverk"}


def shared(her: Any, *data: str) -> Any:
    """Have the reward job hand data to Lysverk, to which a credit is owed."""
    her.house.post("rewards-job", f"/people/{her.tag}/facts", LYSVERK)
    body = {"data": list(data), "party": "operator", "member": "lysverk", "purpose": "credit"}
    return her.house.post("rewards-job", f"/people/{her.tag}/shares", body)


def unzipped(content: bytes, name: str) -> Any:
    return json.loads(zipfile.ZipFile(io.BytesIO(content)).read(name))


@pytest.mark.clause("smoc-8b.1")
def test_a_copy_is_whole_explains_itself_and_is_nobody_elses(smoc: Deployment) -> None:
    smoc.at("2025-01-31T12:00+01:00")
    her, ola = kari(smoc), kari(smoc, "ola@example.org")
    her.tells("taste", "learn", drink="tea")
    her.tells("chat", "help", text="I love tea")
    her.noted("rewards-job", "reward", "credit", entitlement="points", amount="50")
    shared(her, "contact.email", "reward.entitlement")
    asked = smoc.post(her.token, "/people/me/requests", {"right": "access"}).json()
    copy = smoc.get(her.token, "/people/me/export").json()["export"]
    told = copy["processing"]
    jobs = {"account": "rewards-job", "learn": "ranking-job", "credit": "rewards-job"}
    found = {
        (r["data"], json.dumps(r["fields"], sort_keys=True))
        for data, purpose in (("contact", "account"), ("taste", "learn"), ("reward", "credit"))
        for r in her.used(jobs[purpose], data, purpose).json()["records"]
    }
    other = smoc.get(ola.token, f"/people/{her.tag}/export")

    assert asked["due"] == "2025-02-28T23:00:00Z"  # the last day is 28 February, in Oslo
    assert found <= {(r["data"], json.dumps(r["values"], sort_keys=True)) for r in copy["records"]}
    assert len(found) == 3
    assert {"taste", "contact", "chat", "reward"} <= {c["name"] for c in told["categories"]}
    assert {"learn", "account", "help"} <= {p["name"] for p in told["purposes"]}
    assert any(p["logic"] for p in told["purposes"] if "profiling" in p["marks"])
    assert {m["title"] for r in told["recipients"] for m in r["members"]} >= {"Lysverk", "Kraft2"}
    assert any("30" in k["period"] for k in told["periods"] if k["data"] == "taste")
    assert told["controllers"][0]["authority"] == "Datatilsynet"
    assert {r["name"] for r in told["rights"]} >= {"access", "correct", "erase", "carry", "complain"}
    assert {r["source"] for r in copy["records"]} >= {"person", "device"}
    assert [d["to"] for d in copy["disclosures"]] == ["lysverk"]
    assert other.status_code == 403


@pytest.mark.clause("smoc-8b.2")
def test_a_correction_counts_at_once_and_reaches_who_had_the_old_value(smoc: Deployment) -> None:
    smoc.at("2025-02-01T12:00+01:00")
    her = kari(smoc)
    rid = her.tells("contact", "account", phone="+47 400 00 000").json()["rid"]
    shared(her, "contact.phone")
    her.agrees("gender")
    smoc.at("2025-03-01T12:00+01:00")
    her.sign_in()
    done = smoc.call(her.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"phone": "+47 411 11 111"}})
    phones = [
        r["fields"].get("phone") for r in her.used("rewards-job", "contact", "credit").json()["records"]
    ]
    heard = smoc.get("lysverk-key", "/deliveries").json()["deliveries"][-1]
    page = smoc.person(her.mail)
    page.sign_in()
    shown = page.get("/me").text
    log = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    consents = {
        smoc.call(her.token, "PATCH", f"/people/me/records/{n}", {"fields": {"event": "no"}}).status_code
        for n in range(1, 16)
    }
    history = smoc.get(her.token, "/people/me/consents").json()["history"]

    assert done.status_code == 200
    assert "+47 411 11 111" in phones
    assert "+47 400 00 000" not in phones
    assert heard["kind"] == "correction"
    assert [d["kind"] for d in her.sees()["disclosures"]][-1] == "correction"
    assert "Lysverk" in shown
    assert {"corrected", "correction"} <= {e["kind"] for e in log}
    assert consents <= {403, 404, 422}
    assert 403 in consents
    assert [(a["name"], a["given"]) for a in history if a["kind"] == "consent"] == [("gender", True)]


@pytest.mark.clause("smoc-8b.3")
@pytest.mark.sqlite
def test_erasing_takes_all_at_once_but_what_a_law_names_and_a_backup_brings_nothing_back(
    smoc: Deployment, tmp_path: Path
) -> None:
    smoc.at("2025-02-01T12:00+01:00")
    her, ola = kari(smoc), kari(smoc, "ola@example.org")
    her.tells("taste", "learn", drink="tea")
    her.tells("chat", "help", text="I love tea")
    her.noted("rewards-job", "ledger", "books", posted="2025-02-01", amount="50 NOK", operator="lysverk")
    her.tells("claim", "dispute", text="where are my points?", demandable="2024-05-20")
    shared(her, "contact.email")
    copied = tmp_path / "backup"
    with closing(sqlite3.connect(smoc.store)) as live, closing(sqlite3.connect(copied)) as target:
        live.backup(target)
    by_ola = smoc.post(ola.token, f"/people/{her.tag}/erasure", {"sure": True})
    receipt = smoc.post(her.token, "/people/me/erasure", {"sure": True}).json()
    smoc.sweep()
    left = {d: smoc.stored(d) for d in ("taste", "chat", "ledger", "claim", "contact")}
    books = smoc.get("stine-steward", "/evidence/verify").json()["sound"]
    smoc.close()
    for tail in ("-wal", "-shm"):
        Path(f"{smoc.store}{tail}").unlink(missing_ok=True)
    shutil.copy(copied, smoc.store)
    back = smoc.stored("taste")
    smoc.open()
    restored = {d: smoc.stored(d) for d in ("taste", "chat")}
    known = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": her.mail})

    stays = {s["data"]: s for s in receipt["stays"]}
    assert by_ola.status_code == 403
    assert set(stays) == {"ledger", "claim"}
    assert stays["ledger"]["because"] == "Bookkeeping Act (NO), section 13"
    assert stays["ledger"]["article"] == "GDPR Art. 17(3)(b)"
    assert stays["ledger"]["until"] == "2031-01-01T00:00:00+01:00"
    assert stays["claim"]["article"] == "GDPR Art. 17(3)(e)"
    assert stays["claim"]["until"] == "2027-11-21T00:00:00+01:00"
    assert receipt["told"] == ["Lysverk"]
    assert left == {"taste": 0, "chat": 0, "ledger": 1, "claim": 1, "contact": 1}  # the one is Ola's
    assert books
    assert back == 1
    assert restored == {"taste": 0, "chat": 0}
    assert known.status_code == 404


@pytest.mark.clause("smoc-8b.4")
def test_what_is_restricted_is_kept_unused_and_freed_by_our_hand_only_after_a_notice(
    smoc: Deployment,
) -> None:
    her = kari(smoc)
    her.agrees("age", "news(bryggen-kaffe)")
    her.tells("age", "suit", years="34")
    her.tells("taste", "learn", drink="tea")
    smoc.post(her.token, "/people/me/restrictions", {"data": "*", "on": True})
    offers = her.used("ranking-job", "taste", "fit")
    age = her.used("ranking-job", "age", "suit")
    campaign = her.used("mail-job", "contact", "news", member="bryggen-kaffe")
    across = [
        smoc.get("ranking-job", "/use", data="taste", purpose="fit").json()["rows"],
        smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous").json()["rows"],
    ]
    kept = her.holds("age"), her.holds("taste")
    lift = f"/people/{her.tag}/restrictions/lift"
    early = smoc.post("stine-steward", lift, {})
    by_job = smoc.post("ranking-job", lift, {})
    said = smoc.post(
        "stine-steward", f"/people/{her.tag}/restrictions/lifting", {"reason": "your age was put right"}
    )
    mail = smoc.mails(her.mail)[-1]
    later = smoc.later(minutes=1).post("stine-steward", lift, {})
    kinds = [e["kind"] for e in smoc.get("stine-steward", "/evidence/entries").json()["entries"]]

    assert [r.status_code for r in (offers, age, campaign)] == [403, 403, 403]
    assert across == [[], []]
    assert [len(k) for k in kept] == [1, 1]
    assert (early.status_code, by_job.status_code) == (409, 403)
    assert "told before" in early.json()["detail"]
    assert said.status_code == 200
    assert "your age was put right" in mail.text
    assert later.status_code == 200
    assert kinds.index("lifting announced") < kinds.index("restriction lifted")
    assert her.used("ranking-job", "taste", "fit").status_code == 200


TWELVE = [("taste.food", "food"), ("taste.region", "region"), ("taste.other", "other")]


def _flow() -> str:
    asks = [f"## say-{n}\nask survey.answer text for learn\n" for n in range(1, 9)]
    asks += [f"## {name}\nask {field} text for learn\n" for field, name in TWELVE]
    asks += ["## drink\nask taste.drink choice for learn\n- tea: Tea\n- coffee: Coffee\n"]
    asks += ["## mail\nask contact.email email for account\n"]
    head = "---\ntitle: Twelve\nlanguage: en\ndraft: false\n---\nTwelve questions.\n\n"
    return head + "\n".join(asks) + "\n## bye\nThank you.\nend\n"


@pytest.mark.clause("smoc-8b.5")
def test_what_was_given_is_taken_along_by_a_published_schema_and_taken_in_elsewhere(deploy: Any) -> None:
    def edit(folder: Path) -> None:
        (folder / "flows" / "twelve.md").write_text(_flow(), "utf-8")

    smoc, other = deploy("smoc", edit=edit), deploy("smoc")
    person = smoc.person("kari@example.org")
    said = {f"say-{n}": f"answer {n}" for n in range(1, 9)} | {name: name for _, name in TWELVE}
    end = person.talk("twelve", {**said, "drink": "tea", "mail": person.mail})
    person.sign_in()
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": person.mail}).json()["tag"]
    note = {"data": "referral", "purpose": "bonus", "fields": {"acted": "yes"}, "source": "device"}
    referred = smoc.post("rewards-job", f"/people/{tag}/records", note)
    file = person.get("/me/download", **{"as": "portable"})
    taken = file.json()
    schema = smoc.web.get(taken["schema"].removeprefix(BASE)).json()
    table = zipfile.ZipFile(io.BytesIO(person.get("/me/download", **{"as": "zip"}).content)).read(
        "portable.csv"
    )
    there = kari(other, "kari@elsewhere.example")
    answer = other.post(there.token, "/people/me/portable", taken)

    def answers(records: Any) -> list[str]:
        return sorted(
            str(v)
            for r in records
            if r["data"] in ("survey", "taste")
            for n, v in r["fields"].items()
            if n not in ("flow", "step")
        )

    assert end.status_code == 200
    assert referred.status_code == 201
    assert fits(taken, schema)
    assert not fits({**taken, "records": [{"data": "likes", "fields": {"score": 1}}]}, schema)
    assert len(answers(taken["records"])) == 12
    assert {r["data"] for r in taken["records"]} == {"survey", "taste", "contact"}
    assert b"answer 8" in table
    assert b"likes" not in table
    assert all(r["stored"] for r in answer.json()["records"]), answer.text
    assert answers(there.sees()["records"]) == answers(taken["records"])


@pytest.mark.clause("smoc-8b.6")
def test_an_objection_stops_marketing_at_once_and_weighs_nothing_but_written_grounds(
    smoc: Deployment,
) -> None:
    her, ola = kari(smoc), kari(smoc, "ola@example.org")
    for one in (her, ola):
        one.agrees("news(bryggen-kaffe)")
        one.tells("taste", "learn", drink="tea")
    her.noted("rewards-job", "reward", "credit", entitlement="points", amount="50")
    for purpose in ("improve", "fit", "news", "serve"):
        answer = smoc.post(her.token, "/people/me/objections", {"purpose": purpose})
        assert answer.status_code == 200, answer.text
    news = her.used("mail-job", "contact", "news", member="bryggen-kaffe")
    fit = her.used("ranking-job", "taste", "fit")
    rows = smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous").json()[
        "rows"
    ]
    weigh = f"/people/{her.tag}/objections"
    none = smoc.post("stine-steward", f"{weigh}/serve/decision", {"upheld": False, "reason": ""})
    label = smoc.post(
        "stine-steward", f"{weigh}/serve/decision", {"upheld": False, "reason": "business need"}
    )
    absolute = {"upheld": False, "reason": "we would earn more money with her answers than without"}
    marketing = smoc.post("stine-steward", f"{weigh}/fit/decision", absolute)
    balance = her.used("rewards-job", "reward", "credit")
    stands = set(her.sees()["objections"])
    grounds = {"upheld": False, "reason": "no page can be drawn for any device without these two facts"}
    decided = smoc.post("stine-steward", f"{weigh}/serve/decision", grounds)

    assert (news.status_code, fit.status_code) == (403, 403)
    assert len(rows) == 1  # Ola's
    assert (none.status_code, label.status_code, marketing.status_code) == (422, 409, 409)
    assert "compelling grounds" in label.json()["detail"]
    assert balance.json()["records"][0]["fields"]["amount"] == "50"
    assert stands == {"improve", "fit", "news", "serve"}
    assert decided.status_code == 200
    assert set(her.sees()["objections"]) == {"improve", "fit", "news"}


@pytest.mark.clause("smoc-8b.7")
def test_one_act_takes_every_yes_back_and_what_rested_on_it_alone(smoc: Deployment) -> None:
    her = kari(smoc)
    her.agrees("location", "gender", "bring(lysverk)")
    her.tells("location", "suit", postcode="0264")
    her.tells("gender", "suit", value="woman")
    push = {
        "confirmed": {"basis": "consent", "notice": "2025-02-01"},
        "records": [
            {
                "who": {"kind": "email", "value": her.mail}, "data": "shared", "purpose": "better",
                "fields": {"value": "gold customer"}, "source": "own customer",
            }
        ],
    }  # fmt: skip
    pushed = smoc.post("lysverk-key", "/pushes", push)
    used = her.used("ranking-job", "location", "suit").status_code
    sets = {d: len(her.holds(d)) for d in ("location", "gender", "shared")}
    smoc.at("2025-03-01T10:00+00:00")
    person = smoc.person(her.mail)
    person.sign_in()
    person.post("/me/withdraw", {}, page="/me/choices")
    smoc.later(seconds=59)
    left = {d: len(her.sign_in().holds(d)) for d in ("location", "gender", "shared")}
    smoc.sweep()
    rows = {d: smoc.stored(d) for d in ("location", "gender", "shared")}
    again = [
        her.used("ranking-job", "location", "suit").status_code,
        her.used("ranking-job", "location", "learn").status_code,
        her.used("ranking-job", "gender", "fit").status_code,
    ]
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    uses = [e["at"] for e in entries if e["kind"] == "used" and e["detail"].get("data") == "location"]

    assert pushed.status_code == 200, pushed.text
    assert (used, sets) == (200, {"location": 1, "gender": 1, "shared": 1})
    assert left == rows == {"location": 0, "gender": 0, "shared": 0}
    assert again == [403, 403, 403]
    assert len(uses) == 1
    assert datetime.fromisoformat(uses[0]) < datetime.fromisoformat("2025-03-01T10:00:00+00:00")


@pytest.mark.clause("smoc-8b.8")
def test_a_mailed_request_is_a_case_and_does_nothing_before_its_link_is_used(smoc: Deployment) -> None:
    smoc.at("2025-01-31T12:00+01:00")
    her = kari(smoc)
    her.tells("taste", "learn", drink="tea")
    letter = {"address": her.mail, "text": "Please delete my data"}
    case = smoc.post("stine-steward", "/mail", letter).json()
    receipt = smoc.mails(her.mail)[-1].text
    link = re.findall(r"https://\S+/case/\S+", receipt)[0].removeprefix(BASE)
    seen = smoc.web.get(link)
    untouched = len(her.holds("taste"))
    forged = smoc.web.post(link[:-1] + ("A" if link[-1] != "A" else "B"))
    crossed = smoc.web.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    still = smoc.stored("taste")
    done = smoc.web.post(link)
    smoc.sweep()
    again = smoc.web.post(link)

    assert case["number"] in receipt
    assert case["due"] == "2025-02-28T23:00:00Z"
    assert "28 February 2025" in receipt
    assert "28 February 2025" in seen.text
    assert (untouched, forged.status_code, crossed.status_code, still) == (1, 404, 403, 1)
    assert done.status_code == 200
    assert "Your data are deleted" in done.text
    assert (smoc.stored("taste"), again.status_code) == (0, 404)


@pytest.mark.clause("smoc-8b.8")
def test_a_mailed_question_is_answered_by_its_link_even_when_the_account_is_closed(smoc: Deployment) -> None:
    her = kari(smoc)
    her.tells("taste", "learn", drink="tea")
    smoc.post(her.token, "/people/me/account/close", {"sure": True})
    link = her.link("access").removeprefix(BASE)
    copy = unzipped(smoc.web.post(link).content, "data.json")
    cases = smoc.get("stine-steward", "/requests").json()["requests"]

    assert "taste" in {r["data"] for r in copy["records"]}
    assert [(c["right"], c["outcome"]) for c in cases] == [("access", "granted")]


@pytest.mark.clause("smoc-8b.8")
def test_an_unknown_writer_is_asked_who_they_are_and_gets_no_data(smoc: Deployment) -> None:
    her = kari(smoc)
    her.tells("taste", "learn", food="brunost")
    answer = smoc.post(
        "stine-steward", "/mail", {"address": "who@example.org", "text": f"delete the data of {her.mail}"}
    )
    mails = smoc.mails("who@example.org")

    assert answer.json()["number"] == ""
    assert len(mails) == 1
    assert "one fact that only you and we" in mails[0].text
    assert not re.search(r"kari|brunost|/case/", mails[0].text)
    assert len(her.holds("taste")) == 1
