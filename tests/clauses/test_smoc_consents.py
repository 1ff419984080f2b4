"""What rests on a yes alone: place, gender, age, pace, frequency, what is brought along, and contacts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from live import live

MAIL = "kari@example.no"
PLACE = """---
title: Where are you?
---
Two questions.

## postcode
Your postal code?
ask location.postcode text optional for suit on location

## years
And your age?
ask age.years number 0..120 optional for suit on age

## mail
Where may we write to you?
ask contact.email email for credit

## bye
Thank you.
end
"""


def with_flow(text: str, name: str = "place") -> Any:
    """Return a change of the folder that adds a flow."""

    def edit(folder: Path) -> None:
        (folder / "flows" / f"{name}.md").write_text(text, "utf-8")

    return edit


def known(house: Deployment, mail: str = MAIL, years: int = 34) -> str:
    """Let a person of that age be known by a flow; return their token."""
    house.person(mail).talk(
        "summer", {"hello": "coffee", "travel": "", "gender": "", "mail": mail, "coffee": "", "news": "no"}
    )
    token = house.token(mail)
    assert house.post(token, "/people/me/age", {"years": years}).status_code == 200
    return token


def agree(house: Deployment, token: str, *names: str, given: bool = True) -> None:
    for name in names:
        answer = house.post(token, "/people/me/consents", {"name": name, "given": given})
        assert answer.status_code == 200, answer.text


def mine(house: Deployment, token: str, data: str) -> list[dict[str, Any]]:
    answer = house.get(token, "/people/me/records", data=data)
    return [r["fields"] for r in answer.json()["records"]]


def give(house: Deployment, token: str, data: str, purpose: str = "suit", **fields: Any) -> Any:
    return house.post(token, "/people/me/records", {"data": data, "purpose": purpose, "fields": fields})


def tag_of(house: Deployment, mail: str) -> str:
    return str(house.post("rewards-job", "/people/find", {"kind": "email", "value": mail}).json()["tag"])


def refused(answer: Any) -> bool:
    return answer.status_code == 403 and bool(answer.json()["clause"])


@pytest.mark.clause("smoc-4.13")
def test_a_place_is_taken_from_the_step_that_asks_with_its_own_yes_and_from_nowhere_else(deploy: Any) -> None:
    smoc = deploy("smoc", edit=with_flow(PLACE))
    yes = {"consent": "yes", "years": "18"}
    smoc.person().talk("place", {"postcode": ("0264", yes), "years": "", "mail": MAIL})
    kari = smoc.token(MAIL)
    smoc.person("ola@example.org").talk("place", {"postcode": "0150", "years": "", "mail": "ola@example.org"})
    ola = smoc.token("ola@example.org")
    smoc.post(ola, "/people/me/age", {"years": 40})
    posted = give(smoc, ola, "location", postcode="0150", street="Storgata 1")
    from_device = smoc.post(
        "ranking-job",
        f"/people/{tag_of(smoc, 'ola@example.org')}/records",
        {"data": "location", "purpose": "suit", "fields": {"postcode": "0150"}, "source": "device"},
    )

    assert mine(smoc, kari, "location") == [{"postcode": "0264"}]
    assert mine(smoc, ola, "location") == []
    assert refused(posted)
    assert posted.json()["missing"] == ["consent location"]
    assert refused(from_device)
    assert mine(smoc, ola, "location") == []


@pytest.mark.clause("smoc-4.14")
def test_every_page_switches_positioning_off_and_no_flow_can_ask_the_browser_for_it(
    deploy: Any, tmp_path: Path
) -> None:
    smoc = deploy("smoc")
    known(smoc)
    kari = smoc.person()
    kari.sign_in()
    paths = (
        "/",
        "/privacy",
        "/f/summer",
        "/signin",
        "/me",
        "/me/choices",
        "/me/rights",
        "/me/rewards",
        "/nowhere",
    )
    told = {path: kari.get(path).headers["permissions-policy"] for path in (*paths, "/api/v1/openapi.json")}
    scripts = [n for n in ("frame.js",) if "geolocation" in kari.get(f"/static/{n}").text]
    with_flow(PLACE.replace("location.postcode text", "location.postcode position"))(smoc.home)
    code, out, err = smoc.cli("check", str(smoc.home))

    assert {path for path, header in told.items() if "geolocation=()" not in header} == set()
    assert scripts == []
    assert code == 1
    assert "a flow cannot ask for 'position'" in out + err
    assert kari.get("/f/place").status_code == 404


@pytest.mark.browser
@pytest.mark.clause("smoc-4.14")
def test_a_real_browser_is_never_asked_where_it_is(deploy: Any) -> None:
    smoc = deploy("smoc")
    count = "window.asked = 0; const n = () => { window.asked++ };"
    count += "for (const m of ['getCurrentPosition', 'watchPosition']) Geolocation.prototype[m] = n;"
    asked = []
    with live(smoc) as (address, opened):
        tab = opened.new_context(permissions=["geolocation"]).new_page()
        tab.add_init_script(count)
        for path in ("/smoc/", "/smoc/privacy", "/smoc/f/summer", "/smoc/signin"):
            tab.goto(address + path)
            asked.append(tab.evaluate("window.asked"))
        tab.goto(address + "/smoc/f/summer")
        tab.click("button.big")
        asked.append(tab.evaluate("window.asked"))
        allowed = tab.evaluate("document.featurePolicy.allowsFeature('geolocation')")

    assert asked == [0] * 5
    assert allowed is False


@pytest.mark.clause("smoc-4.15")
def test_gender_may_be_skipped_needs_its_own_yes_and_goes_with_it(smoc: Deployment) -> None:
    last = smoc.person().talk(
        "summer", {"hello": "coffee", "travel": "sea", "gender": "", "mail": MAIL, "coffee": "", "news": "no"}
    )
    kari = smoc.token(MAIL)
    skipped = mine(smoc, kari, "gender")
    smoc.post(kari, "/people/me/age", {"years": 34})
    without = give(smoc, kari, "gender", value="woman")
    agree(smoc, kari, "gender")
    stored = give(smoc, kari, "gender", value="woman")
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": MAIL}).json()["tag"]
    used = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")
    agree(smoc, kari, "gender", given=False)
    smoc.later(minutes=1)
    after = smoc.get("ranking-job", f"/people/{tag}/records", data="gender", purpose="suit")

    assert "This conversation has ended" in last.text
    assert skipped == []
    assert refused(without)
    assert stored.status_code == 201
    assert [r["fields"] for r in used.json()["records"]] == [{"value": "woman"}]
    assert refused(after)
    assert mine(smoc, kari, "gender") == []


@pytest.mark.clause("smoc-4.16")
def test_age_is_taken_with_its_yes_and_a_child_leaves_nothing(deploy: Any) -> None:
    smoc = deploy("smoc", edit=with_flow(PLACE))
    yes = {"consent": "yes", "years": "18"}
    smoc.person().talk("place", {"postcode": "", "years": ("34", yes), "mail": MAIL})
    tag = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": MAIL}).json()["tag"]
    inferred = smoc.post(
        "ranking-job",
        f"/people/{tag}/records",
        {"data": "age", "purpose": "suit", "fields": {"years": 35}, "source": "device"},
    )
    before = smoc.get("stine-steward", "/evidence/entries").json()["entries"]
    early = PLACE.replace(
        "## years", "## mail\nFirst, where?\nask contact.email email for credit\n\n## years", 1
    )
    early = early.replace("## mail\nWhere may we write to you?\nask contact.email email for credit\n\n", "")
    with_flow(early, "early")(smoc.home)
    smoc.close()
    smoc.open()
    child = smoc.person("lise@example.no").talk(
        "early",
        {"postcode": "", "mail": "lise@example.no", "years": ("12", {"consent": "yes", "years": "13"})},
    )
    found = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": "lise@example.no"})
    entries = smoc.get("stine-steward", "/evidence/entries").json()["entries"][len(before) :]

    assert mine(smoc, smoc.token(MAIL), "age") == [{"years": "34"}]
    assert refused(inferred)
    assert child.status_code == 200
    assert "for older people" in child.text
    assert found.status_code == 404
    assert smoc.on_disk("lise@example.no") == []
    assert smoc.mails("lise@example.no") == []
    assert {e["kind"] for e in entries} & {"collected", "identified", "age declared"} == set()


@pytest.mark.clause("smoc-4.17")
def test_a_message_that_comes_too_soon_for_her_wish_is_held_back_and_says_why(smoc: Deployment) -> None:
    kari, ola = known(smoc), known(smoc, "ola@example.org")
    agree(smoc, kari, "news(bryggen-kaffe)", "news(lysverk)", "pace")
    agree(smoc, ola, "news(bryggen-kaffe)", "news(lysverk)")
    without = give(smoc, ola, "pace", "tempo", **{"at-most": 1, "per": "week"})
    wish = give(smoc, kari, "pace", "tempo", **{"at-most": 1, "per": "week"})
    smoc.at("2025-03-03T09:00+01:00")
    became, reached = [], 0
    for day, member in ((0, "bryggen-kaffe"), (2, "lysverk"), (2, "bryggen-kaffe")):
        smoc.later(days=day)
        body = {"subject": "An offer", "text": "Two for one.", "member": member}
        made = smoc.post("stine-steward", "/campaigns", body)
        assert made.status_code == 201, made.text
        became.append(smoc.post("stine-steward", f"/campaigns/{made.json()['number']}/send", None).json())
        sent = [m for m in smoc.mails(MAIL) if m.subject == "An offer" and m.at == smoc.now]
        reached += len(sent)
    smoc.at("2025-03-10T09:00+01:00")
    made = smoc.post(
        "stine-steward", "/campaigns", {"subject": "Next week", "text": "x", "member": "lysverk"}
    )
    smoc.post("stine-steward", f"/campaigns/{made.json()['number']}/send", None)
    told = smoc.get("stine-steward", "/evidence/entries").json()["entries"]

    assert wish.status_code == 201
    assert refused(without)
    assert [(c["sent"], c["held"]) for c in became] == [
        (2, {}),
        (1, {"pace-reached": 1}),
        (1, {"pace-reached": 1}),
    ]
    assert reached == 1
    assert [m.subject for m in smoc.mails(MAIL)] == ["Next week"]
    assert len([e for e in told if e["kind"] == "refused" and e["detail"]["purpose"] == "news"]) == 2


@pytest.mark.clause("smoc-4.18")
def test_how_often_she_takes_part_is_counted_only_while_she_agrees(smoc: Deployment) -> None:
    known(smoc)
    answers = {"hello": "coffee", "travel": "sea", "gender": "", "mail": MAIL, "coffee": "", "news": "no"}

    def flow() -> None:
        smoc.later(days=1)
        hers = smoc.person()
        hers.sign_in()
        hers.talk("summer", answers)

    flow()
    before = mine(smoc, smoc.token(MAIL), "frequency")
    agree(smoc, smoc.token(MAIL), "frequency")
    flow()
    flow()
    counted = mine(smoc, smoc.token(MAIL), "frequency")
    agree(smoc, smoc.token(MAIL), "frequency", given=False)
    gone = mine(smoc, smoc.token(MAIL), "frequency")
    flow()
    later = mine(smoc, smoc.token(MAIL), "frequency")
    log = smoc.get(smoc.token(MAIL), "/people/me/records").json()["records"]
    uses = [r["fields"]["log"]["last-use"] for r in log if "log" in r["fields"]]

    assert before == []
    assert counted == [{"month": "2025-03", "per-month": 4}]
    assert gone == []
    assert later == []
    assert uses[0]


@pytest.mark.clause("smoc-4.19")
def test_what_she_brings_from_one_business_goes_with_the_yes_to_that_business_alone(smoc: Deployment) -> None:
    kari = known(smoc)

    def bring(key: str, **fields: str) -> Any:
        who = {"kind": "email", "value": MAIL}
        record = {"who": who, "data": "shared", "purpose": "better", "fields": fields}
        confirmed = {"basis": "consent", "notice": "2025-02-20"}
        return smoc.post(key, "/pushes", {"confirmed": confirmed, "records": [record]})

    agree(smoc, kari, "bring(lysverk, plan)", "bring(lysverk, usage)", "bring(kraft2, plan)")
    two, one = bring("lysverk-key", plan="spot", usage="9000"), bring("kraft2-key", plan="fixed")
    unnamed = bring("kraft2-key", usage="7000")
    both = mine(smoc, kari, "shared")
    agree(smoc, kari, "bring(lysverk, plan)", "bring(lysverk, usage)", given=False)

    assert two.status_code == one.status_code == 200, (two.text, one.text)
    assert sorted(both, key=str) == [{"plan": "fixed"}, {"plan": "spot", "usage": "9000"}]
    assert refused(unnamed)
    assert mine(smoc, kari, "shared") == [{"plan": "fixed"}]


@pytest.mark.clause("smoc-4.20")
def test_a_contact_is_one_who_accepted_while_both_agree(smoc: Deployment) -> None:
    kari = known(smoc)
    for address in ("ola@example.org", "per@example.org"):
        smoc.post(kari, "/people/me/invitations", {"email": address})
    ticket = re.findall(r"/friend/([\w.-]+)", smoc.mails("ola@example.org")[0].text)[0]
    sent = smoc.mails("per@example.org")
    smoc.post("", "/session", {"email": "ola@example.org", "invited": ticket})
    code = re.findall(r"\b\d{6}\b", smoc.mails("ola@example.org")[-1].text)[0]
    token = smoc.post("", "/session/code", {"email": "ola@example.org", "code": code, "invited": ticket})
    ola = token.json()["token"]
    smoc.post(ola, "/people/me/age", {"years": 30})
    accepting = {"ticket": ticket, "name": "Ola"}
    unagreed = smoc.post(ola, "/people/me/friends", accepting)
    agree(smoc, ola, "friends")
    half = smoc.post(ola, "/people/me/friends", accepting)
    agree(smoc, kari, "friends")
    smoc.post(kari, "/people/me/referral", {"name": "Kari"})
    linked = smoc.post(ola, "/people/me/friends", accepting)
    hers = smoc.get(kari, "/people/me/friends").json()["friends"]
    found = smoc.post("rewards-job", "/people/find", {"kind": "email", "value": "per@example.org"})
    counted = smoc.get("stine-steward", "/counters/invitations").json()["counts"]
    agree(smoc, ola, "friends", given=False)
    after = [smoc.get(t, "/people/me/friends").json()["friends"] for t in (kari, ola)]

    assert len(sent) == 1
    assert refused(unagreed)
    assert refused(half)
    assert linked.status_code == 201
    assert [f["name"] for f in linked.json()["friends"]] == ["Kari"]
    assert [f["name"] for f in hers] == ["Ola"]
    assert found.status_code == 404
    assert smoc.on_disk("per@example.org") == []
    assert sum(c["count"] for c in counted) == 2
    assert after == [[], []]
    assert [mine(smoc, t, "friends") for t in (kari, ola)] == [[], []]


@pytest.mark.clause("smoc-4.21")
def test_each_of_the_six_rests_on_its_own_yes_with_proof_and_no_ground_takes_its_place(deploy: Any) -> None:
    smoc = deploy("smoc")
    kari = known(smoc)
    agree(smoc, kari, "gender")
    gender, age = give(smoc, kari, "gender", value="woman"), give(smoc, kari, "age", years=34)
    history = smoc.get(kari, "/people/me/consents").json()["history"]
    proof = [a for a in history if a["name"] == "gender"]
    swap_ground(smoc.home)
    checked = smoc.cli("check", str(smoc.home))
    smoc.close()
    with pytest.raises(Exception, match="'gender' is held on consent 'gender'") as error:
        smoc.open()
    fresh = deploy("smoc", edit=swap_ground)

    assert gender.status_code == 201
    assert refused(age)
    assert age.json()["missing"] == ["consent age"]
    assert (proof[-1]["given"], proof[-1]["text"]) == (True, "May we use your gender to suit offers?")
    assert all(proof[-1][word] for word in ("at", "version", "language", "channel"))
    assert checked[0] == 0, checked[1]
    assert "§4.3" in str(error.value) or "§4.4" in str(error.value)
    assert fresh.person().get("/").status_code == 200


def swap_ground(folder: Path) -> None:
    """Let gender be used on an interest of ours, and take it out of the promise that it is not."""
    path = folder / "policy.md"
    text = path.read_text("utf-8")
    on = "  on consent gender\n  uses gender unless under 18\n"
    interest = 'legitimate interest "offers worth your time" assessed 2025-01-15, again by 2028-01-15'
    assert on in text
    text = text.replace(on, f"  on {interest}\n  uses gender unless under 18\n")
    text = text.replace("  on consent location\n", "  on consent location\n  on consent gender\n", 1)
    text = text.replace("never collect location, gender, age,", "never collect location, age,")
    path.write_text(text, "utf-8")
