"""What a visit leaves behind, what begins with a person who makes themself known, and what never does."""

from __future__ import annotations

import json
import re
from hashlib import md5, sha1, sha256
from typing import Any

import pytest
from lysverk import NO, push, refused, tag_of, with_power

SUMMER = {
    "hello": "tea",
    "travel": "sea",
    "gender": "",
    "mail": "kari@example.no",
    "coffee": "",
    "news": "no",
}
ALONE = {"hello": "tea", "travel": "sea", "gender": ""}
LINK = re.compile(r"https?://\S+/confirm/\S+")


def exported(house: Any, person: Any, data: str) -> list[dict[str, Any]]:
    """Return what a person's own copy says of one category, values only."""
    export = house.get(person.token, "/people/me/export").json()["export"]
    return [r["values"] for r in export["records"] if r["data"] == data]


@pytest.mark.clause("smoc-4.23")
def test_an_address_nobody_confirmed_gets_one_message_and_the_reward_follows_the_yes(smoc: Any) -> None:
    kari, bad = smoc.person(), smoc.person("kari@@nowhere")
    kari.talk("summer", SUMMER)
    smoc.later(hours=2)
    unconfirmed = smoc.mails("kari@example.no")
    link = LINK.findall(unconfirmed[0].text)[0]
    looked = kari.web.get(link)
    after_looking = smoc.mails("kari@example.no")
    kari.web.post(link)
    kari.web.post(link)
    confirmed = smoc.mails("kari@example.no")
    malformed = bad.talk("summer", {**ALONE, "mail": "kari@@nowhere"})

    assert len(unconfirmed) == 1
    assert "One coffee" not in unconfirmed[0].text
    assert looked.status_code == 200
    assert len(after_looking) == 1
    assert [m.subject for m in confirmed] == ["Is this address yours?", "Your reward"]
    assert "One coffee" in confirmed[1].text
    assert malformed.status_code == 422
    assert smoc.web.post("/smoc/confirm/no.such").status_code == 404


@pytest.mark.clause("smoc-4.30")
def test_the_language_is_kept_and_changed_by_its_person_and_mails_follow(deploy: Any) -> None:
    house = deploy("smoc", edit=with_power)
    kari = house.person()
    kari.web.headers["Accept-Language"] = "nb-NO"
    page = kari.get("/f/summer")
    lang = re.findall(r'name="lang" value="([^"]+)"', page.text)[0]
    kari.talk("summer", SUMMER, lang=lang)
    kari.web.post(LINK.findall(house.mails("kari@example.no")[0].text)[0])
    norwegian = house.mails("kari@example.no")[-1]
    kari.sign_in()
    token = kari.token
    held = house.get(token, "/people/me/records", data="language").json()["records"]
    house.call(token, "PATCH", f"/people/me/records/{held[0]['rid']}", {"fields": {"tag": "en"}})
    kari.talk("power", NO)
    english = house.mails("kari@example.no")[-1]
    body = {"data": "nationality", "purpose": "fit", "fields": {"value": "NO"}}
    inferred = house.post("ranking-job", f"/people/{tag_of(house)}/records", body)
    as_field = {"data": "language", "purpose": "account", "fields": {"nationality": "NO"}}
    as_field = house.post("rewards-job", f"/people/{tag_of(house)}/records", as_field)

    assert '<html lang="nb">' in page.text
    assert [h["fields"] for h in held] == [{"tag": "nb"}]
    assert norwegian.subject == "Din belønning"
    assert english.subject == "Your reward"
    assert "50 points" in english.text
    assert inferred.status_code in (403, 422)
    assert (as_field.status_code, as_field.json()["fields"]) == (422, ["nationality"])


FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:137.0) Gecko/20100101 Firefox/137.0.2"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"


def with_networks(folder: Any) -> None:
    """Add a table of networks, with a city that nobody asked for."""
    (folder / "networks.csv").write_text(
        "# network, country, carrier\n203.0.113.0/24, NO, Telekom X\n", "utf-8"
    )


@pytest.mark.clause("smoc-4.1", "smoc-4.2", "smoc-4.3", "smoc-4.4", "smoc-4.5")
def test_a_visit_is_noted_by_a_closed_list_and_nothing_is_asked_of_anybody_outside(
    deploy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = deploy("smoc", edit=with_networks).at("2025-03-01T10:15:07+00:00")
    asked: list[Any] = []
    monkeypatch.setattr("socket.socket.connect", lambda *where: asked.append(where))
    monkeypatch.setattr("socket.getaddrinfo", lambda *where, **more: asked.append(where))
    kari = house.person()
    kari.web.headers["User-Agent"] = FIREFOX
    start = kari.get("/f/summer", campaign="spring", email="kari@example.org", c="x").text
    campaign = re.findall(r'name="campaign" value="([^"]*)"', start)[0]
    kari.talk("summer", SUMMER, campaign=campaign)
    kari.sign_in()
    visit = exported(house, kari, "visit")
    tag = tag_of(house)
    seen = house.get("visit-job", f"/people/{tag}/records", data="visit", purpose="serve").json()["records"]
    page, copy = kari.get("/me").text, kari.get("/me/download", **{"as": "json"}).text
    reads = [
        house.get("ranking-job", f"/people/{tag}/records", data="visit", purpose=p, field="ip")
        for p in ("fit", "learn")
    ]
    reads.append(
        house.get("kaffe-key", f"/people/{tag}/records", data="visit", purpose="insight", field="ip")
    )
    log_writer = {"tag": tag, "data": "visit", "purpose": "serve", "fields": {"at": "2025-03-01T10:15:07"}}
    zoneless = house.post("visit-job", "/visits", {"flow": "summer", "record": log_writer})
    ads = house.post(
        "", "/counters/ad-steps", {"dims": {"unit": "u", "hour": "h", "step": "s", "ip": "203.0.113.24"}}
    )

    assert len(visit) == 1
    assert visit[0]["ip"] == "203.0.113.24"
    assert visit[0]["at"] == "2025-03-01T10:15:07Z"
    assert visit[0]["page"] == "/smoc/f/summer?campaign=spring"
    assert (visit[0]["browser"], visit[0]["system"]) == ("Firefox 137", "Linux")
    assert (visit[0]["country"], visit[0]["carrier"]) == ("NO", "Telekom X")
    assert set(visit[0]) <= {
        "ip",
        "at",
        "page",
        "referrer",
        "browser",
        "system",
        "carrier",
        "country",
        "session",
    }
    assert asked == []
    assert [r["fields"]["at"] for r in seen] == ["2025-03-01T10:15:07Z"]
    assert "1 March 2025 11:15:07" in page
    assert all(refused(r) for r in reads)
    assert zoneless.status_code == 422
    assert 400 <= ads.status_code < 500
    for gone in ("kari@example.org", "137.0.2", FIREFOX):
        assert gone not in page + copy
        assert house.on_disk(gone) == []
    house.at("2025-04-02T12:00+02:00").sweep()

    assert exported(house, kari, "visit") == []


@pytest.mark.clause("smoc-4.6")
def test_a_visits_facts_serve_the_page_and_no_marketing(smoc: Any) -> None:
    kari = smoc.person()
    kari.web.headers |= {"User-Agent": IPHONE, "Accept-Language": "nb-NO,nb;q=0.9"}
    page = kari.get("/f/summer").text
    kari.talk("summer", SUMMER, lang="nb")
    tag = tag_of(smoc)
    served = smoc.get("visit-job", f"/people/{tag}/records", data="visit", purpose="serve")
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    other = [
        smoc.get("mail-job", f"/people/{tag}/records", data="visit", purpose="news"),
        smoc.get("ranking-job", f"/people/{tag}/records", data="visit", purpose="suit"),
    ]

    assert "En sommer med Bryggen Kaffe" in page
    assert '<meta name="viewport" content="width=device-width' in page
    assert served.json()["records"][0]["fields"]["system"] == "iOS"
    assert any(e["kind"] == "used" and e["detail"] == {"data": "visit", "purpose": "serve"} for e in entries)
    assert all(refused(o) for o in other)


@pytest.mark.clause("smoc-4.8")
def test_upkeep_opens_a_visit_for_a_listed_reason_and_for_no_other(smoc: Any) -> None:
    kari = smoc.person()
    kari.talk("summer", SUMMER)
    path = f"/people/{tag_of(smoc)}/records"

    def look(reason: str) -> Any:
        return smoc.get(
            "ulf-upkeep", path, data="visit", purpose="upkeep", **({"reason": reason} if reason else {})
        )

    listed, curious, empty = look("error handling, case 21"), look("curious"), look("")
    export = smoc.get(kari.token, "/people/me/export").json()["export"]
    shown = [r["values"] for r in export["records"] if r["data"] == "trail"]

    assert listed.json()["records"][0]["fields"]["ip"] == "203.0.113.24"
    assert [refused(a) for a in (curious, empty)] == [True, True]
    assert [(s["role"], s["reason"]) for s in shown if s["act"] == "shown"] == [
        ("upkeeper", "error handling, case 21")
    ]


@pytest.mark.clause("smoc-4.7")
def test_two_hundred_failed_sign_ins_close_the_door_and_only_security_sees_them(smoc: Any) -> None:
    attacker = smoc.person("nobody@example.no")
    page = attacker.web.post("/smoc/signin", data={"email": attacker.mail})
    secret = re.findall(r'name="csrf" value="([^"]+)"', page.text)[0]
    answers = []
    for n in range(200):
        smoc.later(seconds=1.4)
        body = {"code": f"{n:06d}", "csrf": secret}
        answers.append(attacker.web.post("/smoc/signin/code", data=body).status_code)
    by_api = smoc.post("", "/session/code", {"email": "kari@example.no", "code": "000000"})
    listed = smoc.get("sol-security", "/alerts")
    alert = listed.json()["alerts"][0]
    path = f"/people/{alert['tag']}/records"
    looked = smoc.get("sol-security", path, data="visit", purpose="safety", reason="alarm").json()["records"]
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    others = [smoc.get(who, "/alerts") for who in ("kaffe-key", "siri-support", "visit-job")]
    others.append(smoc.get("kaffe-key", path, data="visit", purpose="safety"))
    smoc.later(minutes=6)
    again = attacker.web.post("/smoc/signin/code", data={"code": "000000", "csrf": secret})

    assert answers.count(429) > 170
    assert by_api.status_code == 429
    assert {r["fields"]["ip"] for r in looked} == {"203.0.113.24"}
    assert len({r["fields"]["at"] for r in looked}) == alert["attempts"] == 20
    assert any(e["kind"] == "show" and e["detail"]["purpose"] == "safety" for e in entries)
    assert all(refused(o) for o in others)
    assert again.status_code in (422, 429)
    smoc.later(days=32).sweep()

    gone = smoc.get("sol-security", path, data="visit", purpose="safety")

    assert gone.json().get("records", []) == []


@pytest.mark.clause("smoc-4.9")
def test_visits_train_nothing_and_a_counted_view_serves_its_own_study_alone(smoc: Any) -> None:
    for n in range(3):
        smoc.person(f"p{n}@example.no").talk("summer", {**SUMMER, "mail": f"p{n}@example.no"})
    model = [smoc.get("ranking-job", "/use", data="visit", purpose=p) for p in ("learn", "fit", "better")]
    viewer = smoc.person("p0@example.no")
    viewer.sign_in()
    token, tag = viewer.token, tag_of(smoc, "p0@example.no")
    view = {
        "data": "views",
        "purpose": "study",
        "fields": {"page": "/", "visitor": "v1", "ip": "203.0.113.24"},
    }
    before = smoc.post("site-job", f"/people/{tag}/records", view)
    smoc.post(token, "/people/me/age", {"years": 34})
    smoc.post(token, "/people/me/consents", {"name": "analytics", "given": True})
    smoc.post("site-job", f"/people/{tag}/records", view)
    study = smoc.get("site-job", f"/people/{tag}/records", data="views", purpose="study")
    others = [
        smoc.get("site-job", f"/people/{tag}/records", data="views", purpose=p)
        for p in ("sales", "newsletter")
    ]

    assert all(refused(m) and "203.0.113.24" not in m.text for m in model)
    assert refused(before)
    assert [r["fields"]["page"] for r in study.json()["records"]] == ["/"]
    assert all(refused(o) for o in others)


@pytest.mark.clause("smoc-4.10")
def test_a_list_makes_no_profiles_and_a_conversation_makes_one_under_its_client(smoc: Any) -> None:
    people = [{"who": {"kind": "email", "value": f"p{n}@example.no"}} for n in range(500)]
    listed = smoc.post("kaffe-key", "/people", people)
    pushed = push(smoc, "kaffe-operator-key", "p1@example.no", source="own customer list")
    before = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    found = [tag_of(smoc, f"p{n}@example.no") for n in range(0, 500, 100)]
    kari = smoc.person()
    kari.talk("summer", SUMMER)
    told = exported(smoc, kari, "taste")

    assert refused(listed)
    assert refused(pushed)
    assert [e for e in before if e["kind"] in ("began", "identified")] == []
    assert found == [""] * 5
    assert tag_of(smoc)
    assert {t["client"] for t in told} == {"bryggen-kaffe"}


@pytest.mark.clause("smoc-4.11")
def test_every_field_of_a_profile_has_its_origin_and_nothing_is_bought_or_synced(deploy: Any) -> None:
    def synced(folder: Any) -> None:
        with_power(folder)
        file = folder / "flows/power.md"
        pixel = 'Look <img src="https://sync.example/p?id=7">\\nAnything'
        file.write_text(file.read_text("utf-8").replace("Anything", pixel), "utf-8")

    house, broken = deploy("smoc", edit=with_power), deploy("smoc", edit=synced)
    kari = house.person()
    kari.talk("power", NO)
    push(house, "lysverk-key", kari.mail)
    path = f"/people/{tag_of(house)}/records"
    row = {"data": "taste", "purpose": "learn", "fields": {"drink": "tea"}, "source": "purchased"}
    enriched = [
        house.post("ranking-job", path, row),
        push(house, "lysverk-key", kari.mail, source="a bought file"),
    ]
    export = house.get(kari.token, "/people/me/export").json()["export"]
    sources = {r["source"] for r in export["records"]}
    code, out, err = broken.cli("check", str(broken.home))

    assert all(refused(e) for e in enriched)
    assert sources == {"person", "device", "operator:lysverk", "derived"} - ({"derived"} - sources)
    assert code != 0
    assert "power.md" in out + err
    assert broken.person().get("/f/power").status_code == 404


@pytest.mark.clause("smoc-4.12")
def test_every_activity_has_one_basis_and_none_without_a_basis_or_on_a_vital_interest_starts(
    deploy: Any,
) -> None:
    house = deploy("smoc")
    record = json.loads(house.person().get("/published/record.json").text)
    articles = {row["article"] for row in record}

    assert len(record) >= 20
    assert articles <= {f"GDPR Art. 6(1)({letter})" for letter in "abcf"}
    assert len({(row["activity"], row["rests_on"]) for row in record}) == len(record)

    for ground, said in (
        ("", "'uses' has no ground"),
        ("  on vital interest\n", "never touch any on vital interest"),
    ):
        rule = f'purpose rescue "Rescue you"\n{ground}  uses contact\n'
        text = (house.home / "policy.md").read_text("utf-8")
        (house.home / "policy.md").write_text(
            text.replace("purpose account ", rule + "purpose account ", 1), "utf-8"
        )
        code, out, err = house.cli("check", str(house.home))
        (house.home / "policy.md").write_text(text, "utf-8")

        assert code != 0
        assert said in out + err


@pytest.mark.clause("smoc-4.22")
def test_the_second_list_begins_when_somebody_makes_themself_known_and_not_before(smoc: Any) -> None:
    nobody = smoc.person("kari@example.org")
    asked = nobody.talk("summer", {**ALONE})
    before = tag_of(smoc, "kari@example.org")
    nameless = smoc.post("rewards-job", "/people", {}).json()["tag"]
    profile = {"data": "language", "purpose": "account", "fields": {"tag": "nb"}, "source": "device"}
    made = smoc.post("rewards-job", f"/people/{nameless}/records", profile)
    kari = smoc.person("kari@example.org")
    kari.talk("summer", {**SUMMER, "mail": "kari@example.org"})
    listed = re.findall(r"From here on we know you.*?</details>", asked.text, re.S)[0]

    assert before == ""
    assert made.status_code == 403
    assert made.json()["missing"] == ["fact identified"]
    assert tag_of(smoc, "kari@example.org")
    for item in (
        "Your mail address and phone",
        "Your language",
        "What you choose and like",
        "Technical facts",
    ):
        assert item in listed
    assert exported(smoc, kari, "language") == [{"tag": "en"}]


@pytest.mark.clause("smoc-4.25")
def test_an_anonymous_run_is_never_joined_to_who_came_another_day(deploy: Any) -> None:
    def nameless(folder: Any) -> None:
        file = folder / "flows/summer.md"
        text = file.read_text("utf-8")
        file.write_text(text.replace("contact.email email for", "contact.email email optional for"), "utf-8")

    smoc = deploy("smoc", edit=nameless).at("2025-03-03T10:00+01:00")
    monday = smoc.person()
    monday.talk("summer", {**SUMMER, "hello": "coffee", "travel": "mountains", "mail": ""})
    kept = smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous").json()[
        "rows"
    ]
    smoc.at("2025-03-04T10:00+01:00")
    kari = smoc.person()
    kari.talk("summer", SUMMER)
    tastes = exported(smoc, kari, "taste")
    joins = [
        smoc.get("ranking-job", "/use", data="visit", purpose="learn", ip="203.0.113.24"),
        smoc.post("ranking-job", "/people/find", {"kind": "ip", "value": "203.0.113.24"}),
        smoc.get("ranking-job", "/use", data="visit", purpose="learn"),
    ]

    assert {r["fields"].get("drink") for r in kept} >= {"coffee"}
    assert sorted(str(t.get("drink", t.get("travel"))) for t in tastes) == ["sea", "tea"]
    assert [j.status_code for j in joins] == [422, 404, 403]


SURVEY = """---
title: One question
language: en
survey: true
---
## again
Would you come again?
ask survey.answer choice for learn
- yes: Yes
- no: No

## bye
Thank you.
end
"""


@pytest.mark.clause("smoc-4.26")
def test_a_survey_tells_its_client_a_total_and_no_split_that_shows_a_few(deploy: Any) -> None:
    def with_survey(folder: Any) -> None:
        with_power(folder)
        (folder / "flows/again.md").write_text(SURVEY, "utf-8")
        site = folder / "site.toml"
        site.write_text(
            site.read_text("utf-8").replace('flows = ["power"]', 'flows = ["power", "again"]'), "utf-8"
        )

    house = deploy("smoc", edit=with_survey)
    first = house.person("p1@example.no")
    first.talk("summer", {**SUMMER, "mail": first.mail})
    first.talk("again", {"again": "no"})
    for n in range(33):
        house.person(f"p{n}@example.no").talk("again", {"again": "no" if n < 2 else "yes"})
    told = house.get("lysverk-client-key", "/surveys/again")
    another = house.get("kaffe-key", "/surveys/again")
    who = [
        house.get("lysverk-client-key", "/use", data="survey", purpose="insight"),
        house.get("lysverk-client-key", f"/people/{tag_of(house, 'p1@example.no')}/records", data="survey"),
    ]
    own = exported(house, first, "survey")
    for n in range(34, 43):
        house.person(f"p{n}@example.no").talk("again", {"again": "no"})
    nine_more = house.get("lysverk-client-key", "/surveys/again").json()["questions"][0]
    house.person("p43@example.no").talk("again", {"again": "no"})
    later = house.get("lysverk-client-key", "/surveys/again").json()["questions"][0]

    assert told.json()["questions"] == [
        {"step": "again", "question": "Would you come again?", "total": 34, "split": []}
    ]
    assert another.status_code == 404
    assert all(refused(w) for w in who)
    assert own == [{"answer": "no", "flow": "again", "step": "again", "client": "lysverk"}]
    assert (nine_more["total"], nine_more["split"]) == (34, [])
    assert later["total"] == 44
    assert later["split"] == [{"value": "yes", "people": 31}, {"value": "no", "people": 13}]


@pytest.mark.clause("smoc-4.28")
def test_the_screen_of_a_known_person_goes_with_the_visit_and_joins_nothing(smoc: Any) -> None:
    device = {"screen": "390x844", "load": "412"}
    kari, nobody = smoc.person(), smoc.person("per@example.no")
    kari.web.headers["User-Agent"] = IPHONE
    first = kari.get("/f/summer").text
    kari.talk("summer", {**SUMMER, "coffee": ("", device)})
    nobody.talk("summer", {step: (answer, device) for step, answer in ALONE.items()})
    script = nobody.get("/f/summer/mail").text
    smoc.person("kari@example.no").sign_in()
    held, visit = exported(smoc, kari, "screen"), exported(smoc, kari, "visit")
    query = smoc.get("visit-job", "/use", data="screen", purpose="serve", size="390x844")
    others = [smoc.get("visit-job", "/use", data="screen", purpose=p) for p in ("safety", "upkeep")]
    smoc.at("2025-03-31T23:00+02:00")
    last = exported(smoc, kari, "screen")
    smoc.at("2025-04-01T00:31+02:00")

    assert "visit.js" not in first + script
    assert held == [{"size": "390x844", "load": 412, "session": visit[0]["session"]}]
    assert visit[0]["system"] == "iOS"
    assert query.status_code == 422
    assert all(refused(o) for o in others)
    assert last == held
    assert exported(smoc, kari, "screen") == []


@pytest.mark.clause("smoc-4.29")
def test_each_visit_has_a_number_of_its_own_that_says_nothing_of_its_person(smoc: Any) -> None:
    kari = smoc.person()
    kari.talk("summer", SUMMER)
    again = smoc.person()
    again.sign_in()
    again.talk("summer", SUMMER)
    cookie = {c.name: c.value for c in again.web.cookies.jar}
    again.post("/signout", {}, page="/me")
    stale = smoc.client()
    stale.cookies.update(cookie)
    ended = stale.get("/smoc/me")
    token = smoc.token("kari@example.no")
    smoc.call(token, "DELETE", "/session")
    numbers = [v["session"] for v in exported(smoc, kari, "visit")]
    hashes = {h(b"kari@example.no").hexdigest() for h in (md5, sha1, sha256)}
    hashes |= {h[:32] for h in hashes}

    assert len(set(numbers)) == len(numbers) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", n) for n in numbers)
    assert not set(numbers) & hashes
    assert [v["ip"] for v in exported(smoc, kari, "visit")] == ["203.0.113.24"] * 2
    assert ended.status_code == 401
    assert smoc.get(token, "/people/me/records").status_code == 401
