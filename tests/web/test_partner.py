"""A partner's own pages: the door, what is signed, settings, markets and cases; each sees its own alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from askers import SMOC
from axe_playwright_python.sync_playwright import Axe
from deployment import Deployment, Person
from live import live
from lysverk import NO, YES, push, tag_of, with_power

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}}
ASK = """---
title: A sip
language: en
---
One question.

## drink
What do you drink?
ask taste.drink choice for learn
- coffee: Coffee
- tea: Tea

## mail
Where may we write to you?
ask contact.email email for credit

## bye
Thank you.
end
"""


def with_noise(folder: Path) -> None:
    """Let the document blur its numbers, and a conversation ask for the drink."""
    with_power(folder)
    (folder / "flows/sip.md").write_text(ASK, "utf-8")
    rewards = folder / "rewards.toml"
    rewards.write_text(rewards.read_text("utf-8").replace("budget = 2\n", ""), "utf-8")
    site, policy = folder / "site.toml", folder / "policy.md"
    site.write_text(site.read_text("utf-8").replace('flows = ["power"]', 'flows = ["power", "sip"]'), "utf-8")
    rule = "anonymous totals at least 10 people"
    text = policy.read_text("utf-8")
    policy.write_text(text.replace(rule, f"{rule}, give or take 3, at most 4 times a year", 1), "utf-8")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    made = Deployment(tmp_path_factory.mktemp("partner"), "smoc", SMOC, edit=with_noise)
    yield made
    made.close()


def partner(house: Deployment, key: str) -> Person:
    """Come in at the partners' door."""
    who = Person(house, house.client(), "partner@example.no")
    assert who.post("/partner/signin", {"code": key}).status_code == 200
    return who


def test_a_partner_comes_in_by_its_own_key_and_no_other_opens_the_door(house: Deployment) -> None:
    stranger = Person(house, house.client("203.0.113.99"), "x@example.no")
    shut = [stranger.get(f"/partner/{page}").status_code for page in ("settings", "insight", "cases")]
    wrong = [
        stranger.post("/partner/signin", {"code": c}).status_code
        for c in ("no", "stine-steward", "rewards-job")
    ]
    elsewhere = stranger.web.post(
        "/smoc/partner/signin", data={"code": "lysverk-key"}, headers={"Origin": "https://other.example"}
    )
    page = partner(house, "lysverk-key").get("/partner/").text

    assert shut == [401, 401, 401]
    assert wrong == [422, 422, 422]
    assert elsewhere.status_code == 403
    assert "Lysverk" in page
    assert "Version 1 is in force" in page
    assert "Answering complaints and claims" in page


def test_a_partner_is_let_into_no_page_of_staff_or_of_a_person(house: Deployment) -> None:
    there = partner(house, "lysverk-key")

    assert there.get("/console/people").status_code == 401
    assert str(there.get("/me").url).endswith("/signin")
    assert partner(house, "tindesaft-key").get("/partner/cases").text.count("<form") == 2


def test_what_a_partner_ticks_is_obeyed_at_the_next_use_and_stands_as_its_own_version(
    house: Deployment,
) -> None:
    kari = house.person()
    kari.talk("power", YES)
    kari.sign_in()
    house.post(kari.token, "/people/me/age", {"years": 34})
    push(house, "lysverk-key", kari.mail, "shared", "better", fields={"value": "electric-car"})
    path = f"/people/{tag_of(house)}/records"

    def read() -> int:
        return house.get("ranking-job", path, data="shared", purpose="better", member="lysverk").status_code

    lysverk, kraft2 = partner(house, "lysverk-key"), partner(house, "kraft2-key")
    before = read()
    kraft2.post("/partner/settings", {"bar:shared:better": "1"}, page="/partner/settings")
    others = read()
    forged = lysverk.web.post("/smoc/partner/settings", data={"bar:shared:better": "1"})
    ticked = {"bar:shared:better": "1", "share:kraft2:shared.value": "1", "bar:taste:learn": "1"}
    said = lysverk.post("/partner/settings", ticked, page="/partner/settings")
    after = read()
    told = house.get("lysverk-key", "/settings").json()

    assert (before, others, after) == (200, 200, 403)
    assert forged.status_code == 403
    assert "It counts from now on" in said.text
    assert told["share"] == {"kraft2": ["shared.value"]}
    assert told["barred"] == {"shared": ["better"]}
    assert (
        'name="share:kraft2:shared.value" value="1" aria-label="shared.value to Kraft2" checked' in said.text
    )


def test_a_reward_that_its_operator_pauses_is_earned_by_nobody_until_it_goes_on(house: Deployment) -> None:
    lysverk, page = partner(house, "lysverk-key"), "/partner/settings"

    def earned(mail: str) -> tuple[int, bool]:
        end = house.person(mail).talk("power", {**NO, "mail": mail}).text
        held = house.get(house.token(mail), "/people/me/rewards").json()["open"]
        return len(held), "has paused it" in end

    others = house.post("kraft2-key", "/settings", {"paused": ["points"]})
    partner(house, "kraft2-key").post(page, {"pause:points": "1"}, page=page)
    before = earned("eli@example.no")
    ticked = lysverk.post(page, {"pause:points": "1"}, page=page).text
    paused, kept = earned("liv@example.no"), house.get(house.token("eli@example.no"), "/people/me/rewards")
    told = house.get("lysverk-key", "/settings").json()["paused"]
    lysverk.post(page, {}, page=page)
    after = earned("tor@example.no")

    assert (others.status_code, others.json()["fields"]) == (422, ["paused"])
    assert 'name="pause:points" value="1" checked' in ticked
    assert "pause:summer-coffee" not in ticked
    assert told == ["points"]
    assert (before, paused, after) == ((1, False), (0, True), (1, False))
    assert kept.json()["balance"] == 50


def test_a_brand_sees_its_market_drawn_with_what_it_may_be_off_and_takes_it_as_a_file(
    house: Deployment,
) -> None:
    for n in range(12):
        house.person(f"tea{n}@example.no").talk("sip", {"drink": "tea", "mail": f"tea{n}@example.no"})
    brand = partner(house, "tindesaft-key")
    first, again = brand.get("/partner/insight").text, brand.get("/partner/insight").text
    file = brand.get("/partner/insight.csv", of="drinks")
    told = house.get("tindesaft-key", "/insight/drinks").json()["tables"][0]
    people = next(c["people"] for c in told["cells"] if c["value"] == "tea")
    totals = house.get("improve-job", "/totals", data="taste", field="drink", purpose="insight").json()
    operator = partner(house, "kraft2-key")

    assert "<svg" in first
    assert f"{people} ± 3" in first
    assert "moved by chance" in first
    assert first.split("<main")[1] == again.split("<main")[1]
    assert file.headers["content-type"].startswith("text/csv")
    assert f"taste.drink,tea,{people},3" in file.text
    assert told["within"] == 3
    assert totals["totals"] == [{"value": "tea", "people": people}]
    assert totals["within"] == 3
    assert brand.get("/partner/insight.csv", of="trips").status_code == 404
    assert operator.get("/partner/insight").status_code == 200
    assert "No market is yours yet" in operator.get("/partner/insight").text
    assert operator.get("/partner/insight.csv", of="drinks").status_code in (403, 404)


def test_a_request_that_reached_the_partner_is_entered_on_its_page_as_one_case(house: Deployment) -> None:
    ola = house.person("ola@example.no")
    ola.talk("power", {**NO, "mail": ola.mail})
    lysverk = partner(house, "lysverk-key")
    asked = {"address": ola.mail, "right": "erase", "received": "2025-02-27"}
    entered = lysverk.post("/partner/cases", asked, page="/partner/cases")
    unknown = lysverk.post("/partner/cases", {**asked, "address": "nobody@example.no"}, page="/partner/cases")
    ahead = lysverk.post("/partner/cases", {**asked, "received": "2025-03-05"}, page="/partner/cases")
    case = next(
        r
        for r in house.get("stine-steward", "/requests").json()["requests"]
        if r["tag"] == tag_of(house, ola.mail)
    )

    assert "one case is open" in entered.text
    assert entered.text.split("<main")[1] == unknown.text.split("<main")[1]
    assert ahead.status_code == 400
    assert (case["channel"], case["due"]) == ("lysverk", "2025-03-27T23:00:00Z")


def test_a_complaint_is_answered_on_the_page_by_whose_reward_it_is_and_by_nobody_else(
    house: Deployment,
) -> None:
    per = house.person("per@example.no")
    per.talk("power", {**NO, "mail": per.mail})
    token = house.token(per.mail)
    line: Any = house.get(token, "/people/me/rewards").json()["entries"][0]
    sent = {"reward": line["entitlement"], "text": "Half of it is missing", "sort": "amount"}
    number = house.post(token, "/people/me/complaints", sent).json()["number"]
    lysverk, kraft2 = partner(house, "lysverk-key"), partner(house, "kraft2-key")
    mine = lysverk.get("/partner/cases", number=number)
    others = kraft2.get("/partner/cases", number=number)
    page = f"/partner/cases?number={number}"
    answered = lysverk.post(
        f"/partner/cases/{number}/answer", {"text": "You are right.", "outcome": "upheld"}, page=page
    )
    told = house.get(token, "/people/me/complaints").json()["complaints"][0]

    assert "Half of it is missing" in mine.text
    assert others.status_code == 403
    assert "Half of it is missing" not in others.text
    assert answered.status_code == 200
    assert (told["state"], told["answer"]) == ("upheld", "You are right.")
    assert any(number in m.text for m in house.mails(per.mail))


@pytest.mark.browser
@pytest.mark.parametrize("look", ["light", "dark"])
def test_no_page_of_a_partners_has_a_fault_that_axe_can_find_or_is_wider_than_a_phone(
    house: Deployment, look: Any
) -> None:
    found: list[str] = []
    with live(house) as (base, browser):
        for key, pages in (("lysverk-key", ("", "settings", "cases")), ("tindesaft-key", ("insight",))):
            size = {"width": 360, "height": 740}
            page = browser.new_context(bypass_csp=True, color_scheme=look, viewport=size).new_page()
            page.goto(f"{base}/smoc/partner/")
            found += faults(page, "signin")
            page.get_by_label("Your key").fill(key)
            page.get_by_role("button", name="Enter").click()
            for name in pages:
                page.goto(f"{base}/smoc/partner/{name}")
                found += faults(page, name)

    assert found == []


def faults(page: Any, name: str) -> list[str]:
    """Return what axe finds on a page, and whether it has to be pushed sideways."""
    told = Axe().run(page, options=RULES).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{name}: {v['id']} {v['nodes'][0]['html'][:90]}" for v in told] + (
        [f"{name}: too wide"] if wide else []
    )
