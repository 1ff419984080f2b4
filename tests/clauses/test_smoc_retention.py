"""The first company's promises on how long data stay and how they are kept safe (section 7 of its notice)."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from askers import SMOC
from deployment import BASE, Asker, Deployment, Person
from devices import shown
from living import Life, kari
from lysverk import tag_of
from starlette.testclient import TestClient

import troth
from troth.policy import DocumentBroken
from troth.store import StoreError

PREFERENCES = {"drink": "tea", "food": "brunost", "travel": "sea", "region": "Lofoten"}


def replaced(old: str, new: str) -> Any:
    """Return an edit of the copied folder that puts one text of the policy in place of another."""

    def edit(folder: Path) -> None:
        for name in ("policy.md",):
            text = (folder / name).read_text("utf-8")
            assert old in text, old
            (folder / name).write_text(text.replace(old, new), "utf-8")

    return edit


def gone_at(record: Any) -> str:
    return datetime.fromisoformat(record["due"]).isoformat()


# -- the table ---------------------------------------------------------------------------------------------


@pytest.mark.clause("smoc-7.1")
def test_every_record_carries_the_day_it_goes_or_what_it_waits_for(smoc: Deployment) -> None:
    her = kari(smoc)
    her.tells("taste", "learn", drink="tea")
    her.tells("cases", "help", text="where is my coffee?")
    her.noted("rewards-job", "ledger", "books", posted="2025-03-01", amount="50 NOK", operator="lysverk")
    copy = smoc.get(her.token, "/people/me/export").json()["export"]

    assert {r["data"] for r in copy["records"]} >= {"contact", "taste", "cases", "ledger", "gdpr:events"}
    assert all(r["goes"] or r["waits for"] for r in copy["records"])
    assert all(r["clause"] for r in copy["records"])


@pytest.mark.clause("smoc-7.1")
def test_a_document_with_a_category_without_a_period_does_not_open(deploy: Any) -> None:
    line = "keep views 30 days after collected"

    with pytest.raises(DocumentBroken, match=r"'?views'?"):
        deploy("smoc", edit=replaced(line, "# no period"))


@pytest.mark.clause("smoc-7.1")
def test_nobody_puts_a_records_day_off_by_hand(smoc: Deployment) -> None:
    her = kari(smoc)
    rid = her.tells("taste", "learn", drink="tea").json()["rid"]
    due = her.holds("taste")[0]["due"]
    by_field = smoc.call(her.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"due": "2099-01-01"}})
    ahead = {"name": "sign-out", "at": "2030-01-01T00:00:00+01:00"}
    by_event = smoc.post("stine-steward", f"/people/{her.tag}/events", ahead)
    by_use = smoc.post("stine-steward", f"/people/{her.tag}/events", {"name": "last-use"})
    by_hold = smoc.cli(
        "hold", str(smoc.home), "email:kari@example.org", "active", "--reason", "x", "--by", "steward",
        "--store", str(smoc.folder / "other.db"),
    )  # fmt: skip

    assert [by_field.status_code, by_event.status_code, by_use.status_code] == [422, 409, 403]
    assert by_hold[0] != 0
    assert her.holds("taste")[0]["due"] == due


@pytest.mark.clause("smoc-7.2")
def test_visit_facts_go_thirty_days_after_the_visit_and_serve_nothing_else(smoc: Deployment) -> None:
    smoc.at("2025-03-01T12:00+01:00")
    person = smoc.person("kari@example.org")
    person.talk(
        "summer",
        {"hello": "tea", "travel": "sea", "gender": "", "mail": person.mail, "coffee": "", "news": "no"},
    )
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": person.mail}).json()["tag"]

    def seen() -> int:
        answer = smoc.get("visit-job", f"/people/{tag}/records", data="visit", purpose="safety")
        return len(answer.json()["records"])

    sales = smoc.at("2025-03-10T12:00+01:00").get("site-job", "/use", data="visit", purpose="sales")
    before = smoc.at("2025-03-31T23:59+02:00") and seen()
    after = smoc.at("2025-04-01T00:00+02:00") and seen()
    shown = smoc.get("visit-job", "/use", data="visit", purpose="safety").json()["rows"]
    on_page = person.sign_in() and "203.0.113.24" in person.get("/me").text
    smoc.sweep()

    assert (sales.status_code, sales.json()["clause"]) == (403, "4.3")
    assert (before, after, shown, on_page) == (1, 0, [], False)
    assert smoc.stored("visit") == 0


@pytest.mark.clause("smoc-7.3")
def test_the_books_stay_five_years_after_their_year_for_bookkeepers_alone(smoc: Deployment) -> None:
    smoc.at("2024-03-10T12:00+01:00")
    her = kari(smoc)
    rid = her.noted(
        "rewards-job", "ledger", "books", posted="2024-03-10", amount="50 NOK", operator="lysverk"
    ).json()["rid"]
    for visit in ("2024-08-10", "2025-01-20", "2025-07-01", "2026-01-01"):  # she goes on using the service
        smoc.at(f"{visit}T12:00+01:00")
        her.sign_in()
    ranking = her.used("ranking-job", "ledger", "fit")
    support = her.used("siri-support", "ledger", "help", reason="asked")
    her.used("bo-books", "ledger", "books", reason="audit")
    asked = smoc.call(her.token, "DELETE", f"/people/me/records/{rid}")
    smoc.at("2029-12-31T23:59+01:00")
    before = her.used("bo-books", "ledger", "books", reason="audit").json()["records"]
    smoc.at("2030-01-01T00:00+01:00")
    after = her.used("bo-books", "ledger", "books", reason="audit")
    smoc.sweep()

    assert (ranking.status_code, support.status_code, asked.status_code) == (403, 403, 403)
    assert "Art. 17(3)(b)" in asked.json()["detail"]
    assert "2029-12-31" in asked.json()["detail"]
    assert [r["fields"]["amount"] for r in before] == ["50 NOK"]
    assert after.json().get("records", []) == []
    assert smoc.stored("ledger") == 0


@pytest.mark.clause("smoc-7.3")
def test_a_booking_belongs_to_the_year_it_was_posted_in_though_it_came_in_the_next(smoc: Deployment) -> None:
    smoc.at("2025-01-03T12:00+01:00")
    her = kari(smoc)
    for posted in ("2024-12-31", "2025-01-02"):
        her.noted("rewards-job", "ledger", "books", posted=posted, amount="50 NOK", operator="lysverk")
    smoc.at("2029-12-31T23:59+01:00").sweep()
    before = smoc.stored("ledger")
    smoc.at("2030-01-01T00:00+01:00").sweep()
    between = smoc.stored("ledger")
    smoc.at("2031-01-01T00:00+01:00").sweep()

    assert (before, between, smoc.stored("ledger")) == (2, 1, 0)


@pytest.mark.clause("smoc-7.4")
@pytest.mark.parametrize(
    ("acknowledged", "last", "gone"),
    [
        ("", "2027-11-20T23:59+01:00", "2027-11-21T00:00+01:00"),
        ("2026-02-03T12:00+01:00", "2029-08-03T23:59+02:00", "2029-08-04T00:00+02:00"),
    ],
)
def test_a_claim_stays_until_it_can_no_longer_be_brought_and_six_months_more(
    claims: Deployment, acknowledged: str, last: str, gone: str
) -> None:
    her = kari(claims.at("2025-03-01T12:00+01:00"))
    filed = her.tells("claim", "dispute", text="where are my points?", demandable="2024-05-20")
    handled = her.used("dispute-job", "claim", "dispute").json()["records"]
    marketing = her.used("ranking-job", "claim", "fit")
    if acknowledged:
        claims.at(acknowledged).post("lena-lawyer", f"/people/{her.tag}/events", {"name": "acknowledged"})

    claims.at(last).sweep()
    before = claims.stored("claim")
    claims.at(gone)
    shown = her.used("dispute-job", "claim", "dispute").json().get("records", [])
    claims.sweep()

    assert (filed.status_code, len(handled), marketing.status_code) == (201, 1, 403)
    assert (before, shown, claims.stored("claim")) == (1, [], 0)


@pytest.fixture
def claims(deploy: Any) -> Deployment:
    """The first company with a job that settles claims and a lawyer on its staff."""
    more = (
        Asker("dispute-job", "job", purposes=("dispute",)),
        Asker("lena-lawyer", "staff", roles=("support",)),
    )
    found: Deployment = deploy("smoc", askers=(*SMOC, *more))
    return found


@pytest.mark.clause("smoc-7.5")
def test_preferences_and_referrals_rest_for_thirty_days_after_the_account_and_feed_no_offer(
    smoc: Deployment,
) -> None:
    smoc.at("2025-03-10T12:00+01:00")
    her = kari(smoc)
    her.tells("taste", "learn", **PREFERENCES)
    her.noted("rewards-job", "referral", "bonus", acted="no")
    smoc.post(her.token, "/people/me/account/close", {"sure": True})
    smoc.at("2025-03-11T12:00+01:00")
    ranking = her.used("ranking-job", "taste", "fit")
    across = smoc.get("ranking-job", "/use", data="taste", purpose="fit").json()["rows"]
    smoc.at("2025-04-09T23:59+02:00").sweep()
    rests = smoc.stored("taste"), smoc.stored("referral")
    shown = her.used("ranking-job", "taste", "learn").status_code
    smoc.at("2025-04-10T00:00+02:00").sweep()

    assert (ranking.status_code, across, shown) == (403, [], 403)
    assert "restriction" in ranking.json()["detail"]
    assert rests == (1, 1)
    assert (smoc.stored("taste"), smoc.stored("referral")) == (0, 0)


@pytest.mark.clause("smoc-7.5", "smoc-7.7")
def test_half_a_year_without_use_counts_as_leaving_and_history_outlives_preferences(
    smoc: Deployment,
) -> None:
    smoc.at("2025-01-15T12:00+01:00")
    her = kari(smoc)
    her.tells("taste", "learn", **PREFERENCES)
    her.tells("chat", "help", text="I love tea")
    smoc.at("2025-07-16T00:00+02:00")
    stopped = her.used("ranking-job", "taste", "fit")
    smoc.at("2025-08-14T23:59+02:00").sweep()
    tastes = [smoc.stored("taste")]
    smoc.at("2025-08-15T00:00+02:00").sweep()
    tastes, chats = [*tastes, smoc.stored("taste")], [smoc.stored("chat")]
    smoc.at("2026-01-15T23:59+01:00").sweep()
    chats = [*chats, smoc.stored("chat")]
    smoc.at("2026-01-16T00:00+01:00").sweep()
    chats = [*chats, smoc.stored("chat")]

    assert stopped.status_code == 403
    assert tastes == [1, 0]
    assert chats == [1, 1, 0]


@pytest.mark.clause("smoc-7.7")
def test_history_goes_six_months_after_the_account(smoc: Deployment) -> None:
    smoc.at("2025-03-10T12:00+01:00")
    her = kari(smoc)
    her.tells("chat", "help", text="I love tea")
    smoc.post(her.token, "/people/me/account/close", {"sure": True})
    smoc.at("2025-09-10T23:59+02:00").sweep()
    before = smoc.stored("chat")
    smoc.at("2025-09-11T00:00+02:00").sweep()

    assert (before, smoc.stored("chat")) == (1, 0)


FLOW = """---
title: What you like
language: en
draft: false
---
Five questions.

## food
ask taste.food text for learn

## drink
ask taste.drink choice for learn
- tea: Tea
- coffee: Coffee

## travel
ask taste.travel choice for learn
- sea: The sea
- home: Home

## region
ask taste.region text for learn

## gender
ask gender.value choice optional for suit on gender
- woman: Woman
- man: Man

## mail
ask contact.email email for account

## bye
Thank you.
end
"""


@pytest.mark.clause("smoc-7.6")
def test_preferences_of_five_kinds_are_kept_alike_and_gender_may_be_left_out(deploy: Any) -> None:
    def edit(folder: Path) -> None:
        (folder / "flows" / "likes.md").write_text(FLOW, "utf-8")
        (folder / "flows" / "must.md").write_text(FLOW.replace("choice optional for suit", "choice for suit"))

    smoc = deploy("smoc", edit=edit)
    person = smoc.person("kari@example.org")
    said = {"food": "brunost", "drink": "tea", "travel": "sea", "region": "Lofoten", "gender": ""}
    end = person.talk("likes", {**said, "mail": person.mail})
    seen = smoc.get(person.token, "/people/me").json()["records"]
    tastes = [r for r in seen if r["data"] == "taste"]
    values = {n: v for r in tastes for n, v in r["fields"].items() if n in PREFERENCES}
    must = person.web.post("/smoc/f/must/start")
    _, said_check, _ = smoc.cli("check", str(smoc.home))

    assert end.status_code == 200
    assert values == {"food": "brunost", "drink": "tea", "travel": "sea", "region": "Lofoten"}
    assert {(r["clause"]["ref"], gone_at(r)) for r in tastes} == {("6", "2025-10-02T00:00:00+02:00")}
    assert not [r for r in seen if r["data"] == "gender"]
    assert must.status_code == 404
    assert "must.md" in said_check
    assert "gender" in said_check


@pytest.mark.clause("smoc-7.8")
def test_every_yes_and_its_end_stand_in_order_with_the_words_that_were_shown(deploy: Any) -> None:
    smoc = deploy("smoc", edit=replaced("version 1 since 2024-01-01", "version 2 since 2024-01-01"))
    smoc.at("2025-02-01T09:00+00:00")
    her = kari(smoc)
    her.agrees("gender")
    smoc.at("2025-03-01T10:00+00:00")
    her.sign_in().agrees("gender", given=False)
    person = smoc.person(her.mail)
    person.sign_in()
    copy = zipfile.ZipFile(io.BytesIO(person.get("/me/download", **{"as": "zip"}).content))
    receipts = json.loads(copy.read("consent-receipts.json"))
    backdated = smoc.post(
        her.token, "/people/me/consents", {"name": "gender", "given": True, "at": "2025-01-01T00:00:00Z"}
    )
    edits = {
        smoc.call(her.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"event": "no"}}).status_code
        for rid in range(1, 14)
    }
    after = json.loads(
        zipfile.ZipFile(io.BytesIO(person.get("/me/download", **{"as": "zip"}).content)).read(
            "consent-receipts.json"
        )
    )

    assert [(r["event"], r["event_time"]) for r in receipts] == [
        ("ConsentGiven", "2025-02-01T09:00:00+00:00"),
        ("ConsentWithdrawn", "2025-03-01T10:00:00+00:00"),
    ]
    assert {r["notice_text"] for r in receipts} == {"May we use your gender to suit offers?"}
    assert {(r["policy_version"], r["channel"]) for r in receipts} == {("2", "api")}
    assert backdated.status_code == 422
    assert edits <= {403, 404, 422}
    assert after == receipts


@pytest.mark.clause("smoc-7.8")
@pytest.mark.sqlite
def test_a_broken_chain_of_evidence_is_reported(smoc: Deployment) -> None:
    her = kari(smoc)
    her.agrees("gender")
    sound = smoc.get("stine-steward", "/evidence/verify").json()
    with sqlite3.connect(f"{smoc.store}.keys") as db:
        leaves = db.execute("SELECT n, leaf FROM leaves").fetchall()
        n, leaf = next((n, leaf) for n, leaf in leaves if b"consent given" in leaf)
        db.execute("UPDATE leaves SET leaf = ? WHERE n = ?", (leaf.replace(b"given", b"taken"), n))
    broken = smoc.get("stine-steward", "/evidence/verify").json()

    assert sound["sound"]
    assert not broken["sound"]
    assert broken["problems"]


@pytest.mark.clause("smoc-7.9")
def test_what_was_written_teaches_while_the_service_is_used_and_nobody_objects(smoc: Deployment) -> None:
    smoc.at("2025-02-01T12:00+01:00")
    her, ola = kari(smoc), kari(smoc, "ola@example.org")
    for one in (her, ola):
        one.tells("chat", "help", text="I love tea")
        smoc.post("ranking-job", f"/people/{one.tag}/facts", {"name": "mapped"})
    read = her.used("ranking-job", "chat", "learn")
    smoc.at("2025-03-01T12:00+01:00")
    her.sign_in()
    smoc.post(her.token, "/people/me/objections", {"purpose": "learn"})
    objected = her.used("ranking-job", "chat", "learn")
    kept = her.holds("chat")
    smoc.at("2025-08-02T12:00+02:00")
    stopped = ola.used("ranking-job", "chat", "learn")

    assert [r["fields"]["text"] for r in read.json()["records"]] == ["I love tea"]
    assert (objected.status_code, len(kept)) == (403, 1)
    assert "objection" in objected.json()["detail"]
    assert stopped.status_code == 403
    assert "active" in stopped.json()["detail"]


WROTE = """---
title: What do you drink?
language: en
draft: false
---
One question.

## word
What do you drink in the evening?
ask chat.text text for help
means taste.drink tea: I love tea, darjeeling

## mail
Where may we write to you?
ask contact.email email for credit

## bye
Thank you.
end
"""


def with_words(folder: Path) -> None:
    """Let a conversation ask for words that its author tied to a choice."""
    (folder / "flows/evening.md").write_text(WROTE, "utf-8")
    site = folder / "site.toml"
    site.write_text(
        site.read_text("utf-8").replace('flows = ["summer"', 'flows = ["summer", "evening"'), "utf-8"
    )


@pytest.mark.clause("smoc-7.9")
def test_a_message_adds_tea_with_itself_as_evidence_until_she_objects_or_stops(deploy: Any) -> None:
    smoc = deploy("smoc", edit=with_words).at("2025-02-01T12:00+01:00")
    for mail in ("kari@example.org", "ola@example.org"):
        smoc.person(mail).talk("evening", {"word": "I love tea", "mail": mail})
    her, ola = (Life(smoc, m, tag_of(smoc, m)).sign_in() for m in ("kari@example.org", "ola@example.org"))

    def liked(one: Life) -> list[Any]:
        return [r for r in one.sees()["records"] if r["data"] == "likes"]

    def derived(one: Life) -> Any:
        return smoc.post("ranking-job", f"/people/{one.tag}/derived", {"data": "likes", "purpose": "learn"})

    first = liked(her)
    page = Person(smoc, smoc.client(), her.mail)
    page.sign_in()
    why = page.get("/me").text
    smoc.at("2025-03-01T12:00+01:00")
    her.sign_in()
    smoc.post(her.token, "/people/me/objections", {"purpose": "learn"})
    after, again, history = liked(her), derived(her), her.holds("chat")
    smoc.at("2025-08-02T12:00+02:00")
    stopped, stands = derived(ola), smoc.company.gate.holds(person=smoc.company.gate.tagged(tag=ola.tag))

    assert [(r["fields"]["question"], r["fields"]["answer"]) for r in first] == [("taste.drink", "tea")]
    assert "I love tea" in why
    assert after == []
    assert again.status_code == 403
    assert [r["fields"]["text"] for r in history] == ["I love tea"]
    assert stopped.status_code == 403
    assert "likes" in stands  # what it taught before rests until its own day


@pytest.mark.clause("smoc-7.10")
def test_closing_the_account_ends_everything_at_once_and_says_until_when_each_thing_stays(
    smoc: Deployment,
) -> None:
    smoc.at("2025-03-10T12:00+01:00")
    her = kari(smoc)
    her.tells("taste", "learn", **PREFERENCES)
    her.tells("chat", "help", text="I love tea")
    her.noted("rewards-job", "ledger", "books", posted="2025-03-10", amount="50 NOK", operator="lysverk")
    her.agrees("news(bryggen-kaffe)")
    by_operator = smoc.post("lysverk-key", f"/people/{her.tag}/account/close", {"sure": True})
    by_staff = smoc.post("stine-steward", f"/people/{her.tag}/events", {"name": "account-closed"})
    person = smoc.person(her.mail)
    person.sign_in()
    page = person.post("/me/close", {}, page="/me/rights").text
    sent = len(smoc.mails())
    person.web.post("/smoc/signin", data={"email": her.mail})
    smoc.post("", "/session", {"email": her.mail})
    news = her.used("mail-job", "contact", "news", member="bryggen-kaffe")

    assert (by_operator.status_code, by_staff.status_code) == (403, 403)
    for until in ("9 April 2025", "10 September 2025", "31 December 2030"):
        assert f"until {until}" in page
    assert len(smoc.mails()) == sent
    assert smoc.get(her.token, "/people/me").status_code == 401
    assert person.get("/me").status_code == 401 or "signin" in str(person.get("/me").url)
    assert news.status_code == 403


@pytest.mark.clause("smoc-7.11")
@pytest.mark.parametrize(
    ("used", "gone"),
    [
        ("2025-01-15", "2025-08-15T00:00:00+02:00"),  # stop 15 July, and 30 days
        ("2025-08-31", "2026-03-31T00:00:00+02:00"),  # stop 28 February, and 30 days
    ],
)
def test_only_a_persons_own_acts_are_use(smoc: Deployment, used: str, gone: str) -> None:
    smoc.at(f"{used}T12:00+01:00")
    her, ola = kari(smoc), kari(smoc, "ola@example.org")
    her.tells("taste", "learn", **PREFERENCES)
    smoc.later(days=100)
    smoc.post("stine-steward", "/mail", {"address": her.mail, "right": "access"})  # a mail arrives
    smoc.post("rewards-job", f"/people/{her.tag}/facts", {"name": "credit-due", "member": "lysverk"})
    her.used("ranking-job", "taste", "learn")
    ola.sign_in().tells("taste", "learn", drink="tea")
    as_staff = smoc.post("siri-support", f"/people/{her.tag}/events", {"name": "last-use"})
    record = her.used("ranking-job", "taste", "learn").json()["records"][0]

    assert gone_at(record) == gone
    assert as_staff.status_code == 403


@pytest.mark.clause("smoc-7.11")
def test_a_sign_in_on_the_last_day_of_use_begins_the_half_year_anew(smoc: Deployment) -> None:
    smoc.at("2025-01-15T12:00+01:00")
    her = kari(smoc)
    her.tells("taste", "learn", **PREFERENCES)
    smoc.at("2025-07-15T23:00+02:00")
    her.sign_in()

    assert gone_at(her.holds("taste")[0]) == "2026-02-15T00:00:00+01:00"


# -- keeping safe ------------------------------------------------------------------------------------------


@pytest.mark.clause("smoc-7.12")
@pytest.mark.sqlite
def test_what_rests_and_what_travels_is_encrypted(smoc: Deployment, tmp_path: Path) -> None:
    her = kari(smoc)
    her.tells("taste", "learn", drink="tea", food="brunost-from-Lom")
    secure = smoc.web.get("/smoc/privacy")
    clear = TestClient(smoc.company.app, base_url=BASE.replace("https", "http")).get(
        "/smoc/me?lang=nb", follow_redirects=False
    )
    backup = tmp_path / "backup"
    backup.mkdir()
    for name, raw in smoc.files():
        (backup / Path(name).name).write_bytes(raw)
    copied = [p.name for p in backup.iterdir() if b"kari@example.org" in p.read_bytes()]

    assert smoc.on_disk("kari@example.org") == smoc.on_disk("brunost-from-Lom") == copied == []
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]
    assert (clear.status_code, clear.headers["Location"]) == (308, f"{BASE}/smoc/me?lang=nb")
    assert clear.text == ""


@pytest.mark.clause("smoc-7.12")
@pytest.mark.sqlite
def test_a_store_is_not_opened_without_its_key_or_with_another(smoc: Deployment) -> None:
    kari(smoc)
    smoc.close()

    with pytest.raises(StoreError, match="missing while data exist"):
        troth.open(smoc.home, store=str(smoc.store), clock=lambda: smoc.now)
    with pytest.raises(StoreError, match="root key"):
        troth.open(smoc.home, store=str(smoc.store), clock=lambda: smoc.now, root_key=b"x" * 32)


@pytest.mark.clause("smoc-7.13")
@pytest.mark.sqlite
def test_a_restored_backup_loses_what_was_due_before_it_answers(smoc: Deployment, tmp_path: Path) -> None:
    smoc.at("2025-03-01T12:00+01:00")
    person = smoc.person("kari@example.org")
    person.talk(
        "summer",
        {"hello": "tea", "travel": "sea", "gender": "", "mail": person.mail, "coffee": "", "news": "no"},
    )
    smoc.at("2025-03-20T12:00+01:00").close()
    shutil.copy(smoc.store, tmp_path / "backup")
    smoc.at("2025-04-02T12:00+02:00")
    for tail in ("-wal", "-shm"):
        Path(f"{smoc.store}{tail}").unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", smoc.store)
    before = smoc.stored("visit")
    smoc.open()

    assert (before, smoc.stored("visit")) == (1, 0)
    assert smoc.stored("taste") == 2


@pytest.mark.clause("smoc-7.13")
def test_staff_without_a_second_factor_open_no_profile(deploy: Any) -> None:
    bare = Asker("bare-support", "staff", roles=("support",), second="")
    smoc = deploy("smoc", askers=(*SMOC, bare))
    her = kari(smoc)
    smoc.post("siri-support", f"/people/{her.tag}/facts", {"name": "case-open"})
    path, query = f"/people/{her.tag}/records", {"data": "contact", "purpose": "help", "reason": "case 7"}

    def opened(token: str) -> int:
        url, bearer = f"/smoc/api/v1{path}", {"Authorization": f"Bearer {token}"}
        return int(smoc.client().get(url, params=query, headers=bearer).status_code)

    def console(secret: str, **more: str) -> int:
        return int(smoc.client().post("/smoc/console/signin", data={"code": secret, **more}).status_code)

    with_both = smoc.get("siri-support", path, **query).status_code
    code = shown(smoc.later(minutes=2).now)
    alone = [opened("bare-support"), opened("siri-support")]
    desk = [
        console("bare-support", second=code),
        console("siri-support"),
        console("siri-support", second=code),
    ]
    again = console("siri-support", second=code)

    assert with_both == 200
    assert alone == [403, 403]
    assert desk == [422, 422, 200]
    assert again == 422


@pytest.mark.clause("smoc-7.13")
def test_the_other_measures_that_are_named_are_there(smoc: Deployment) -> None:
    her = kari(smoc)
    role = her.used("bo-books", "contact", "help", reason="curious").status_code
    paced = smoc.get("", "/flows").headers
    her.used("siri-support", "contact", "help", reason="curious")
    trail = [e["kind"] for e in smoc.get("stine-steward", "/evidence/entries").json()["entries"]]
    doors = [
        smoc.post("", "/session/code", {"email": her.mail, "code": "000000"}).status_code for _ in range(6)
    ]
    notice = smoc.web.get("/smoc/privacy").text

    assert role == 403
    assert "RateLimit" in paced
    assert "refused" in trail
    assert doors[-1] == 429
    for named in ("encrypted", "two factors", "leave a trail", "rate-limited", "restored in tests"):
        assert named in notice
