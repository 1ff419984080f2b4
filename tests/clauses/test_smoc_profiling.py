"""The first company's promises on profiling: what is inferred, what is chosen by it, and how it ends."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment, Person

from troth.policy import DocumentBroken

TALK = {
    "hello": "tea",
    "travel": "sea",
    "gender": "",
    "mail": "kari@example.no",
    "coffee": "",
    "news": "no",
}
Deploy = Callable[..., Deployment]
TAGS = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    """The words of a page, without its marks."""
    return " ".join(TAGS.sub(" ", html).split())


def talked(house: Deployment, mail: str = "kari@example.no", **answers: str) -> Person:
    """Somebody who went through the summer conversation, and signed in."""
    who = house.person(mail)
    last = who.talk("summer", {**TALK, "mail": mail, **answers})
    assert last.status_code == 200, last.text
    who.sign_in()
    return who


def tag(house: Deployment, mail: str = "kari@example.no") -> str:
    found = house.post("rewards-job", "/people/find", {"kind": "email", "value": mail})
    return str(found.json()["tag"])


def likes(house: Deployment, token: str) -> list[dict[str, Any]]:
    return list(house.get(token, "/people/me/records", data="likes").json()["records"])


def changed(path: str, old: str, new: str) -> Callable[[Path], None]:
    """An edit of one file of the folder."""

    def edit(folder: Path) -> None:
        text = (folder / path).read_text("utf-8")
        assert old in text
        (folder / path).write_text(text.replace(old, new), "utf-8")

    return edit


def three_flows(folder: Path) -> None:
    """Two more conversations that ask what somebody drinks."""
    summer = (folder / "flows/summer.md").read_text("utf-8")
    for name in ("autumn", "winter"):
        (folder / f"flows/{name}.md").write_text(summer, "utf-8")


@pytest.mark.clause("smoc-2.3")
def test_a_like_shows_the_three_answers_and_dates_behind_it_and_goes_with_the_objection(
    deploy: Deploy,
) -> None:
    house = deploy("smoc", edit=three_flows)
    kari = house.person()
    for flow, day in (("summer", "01"), ("autumn", "08"), ("winter", "15")):
        house.at(f"2025-03-{day}T12:00+01:00")
        if flow != "summer":
            kari.sign_in()
        kari.talk(flow, TALK)
    kari.sign_in()
    shown = plain(kari.get("/me").text)
    token = kari.token
    [tea] = [one for one in likes(house, token) if one["fields"]["answer"] == "tea"]

    assert "What we think you like" in shown
    for day in ("1 March 2025", "8 March 2025", "15 March 2025"):
        assert f"tea, {day}" in shown
    assert [b["at"][:10] for b in tea["behind"]] == ["2025-03-01", "2025-03-08", "2025-03-15"]
    assert (tea["fields"]["times"], tea["fields"]["share"]) == (3, 1.0)

    house.post(token, "/people/me/objections", {"purpose": "learn"})
    job = house.post("ranking-job", f"/people/{tag(house)}/derived", {"data": "likes", "purpose": "learn"})
    answers = house.get("ranking-job", f"/people/{tag(house)}/records", data="taste", purpose="learn")

    assert job.status_code == 403
    assert job.json()["clause"] == "4.3"
    assert answers.status_code == 403
    assert likes(house, token) == []
    assert "What we think you like" not in plain(kari.get("/me").text)


QUICK = """---
title: One question
---
## drink
What do you drink?
ask taste.drink choice for learn
- tea: Tea
- coffee: Coffee

## mail
ask contact.email email optional for credit

## bye
Bye.
end
"""


def quick_flow(folder: Path) -> None:
    (folder / "flows/quick.md").write_text(QUICK, "utf-8")


@pytest.mark.clause("smoc-2.6")
def test_an_analyst_gets_the_drop_off_per_step_and_never_the_people(deploy: Deploy) -> None:
    house = deploy("smoc", edit=quick_flow)
    for n in range(40):
        mail = f"p{n}@example.no"
        house.person(mail).talk("quick", {"drink": "tea", "mail": mail if n < 2 else ""})
    for _ in range(10):
        house.person().talk("quick", {"drink": "tea"})
    found = house.get("improve-job", "/flows/quick/drop-off")
    steps = {s["step"]: (s["came"], s["left"]) for s in found.json()["steps"]}

    assert steps == {"drink": (50, 0), "mail": (50, 10), "bye": (40, 0)}
    assert all(set(s) == {"step", "came", "left"} for s in found.json()["steps"])
    assert not any(t in found.text for t in ("p1@example.no", tag(house, "p1@example.no")))

    people = house.get("improve-job", "/use", data="progress", purpose="improve")

    assert people.status_code == 403
    assert people.json()["clauses"]
    assert "example.no" not in people.text
    assert tag(house, "p1@example.no") not in people.text


@pytest.mark.clause("smoc-3.5")
def test_the_tea_offer_names_the_answer_that_chose_it_and_no_other_person_s(smoc: Deployment) -> None:
    ola = smoc.person("ola@example.no")
    ola.talk("summer", {**TALK, "hello": "coffee", "travel": "mountains", "mail": "ola@example.no"})
    kari = smoc.person()
    end = plain(kari.talk("summer", TALK).text)
    kari.sign_in()
    page = plain(kari.get("/me/offers").text)
    told = smoc.get(kari.token, "/people/me/offers").json()
    by_name = {o["name"]: o["why"] for o in told["offers"]}

    for shown in (end, page):
        assert "Two pots of tea" in shown
        assert "Because you chose “tea”" in shown
        assert "tea, 1 March 2025" in shown
    assert by_name["tea-for-two"]["question"] == "taste.drink"
    assert by_name["tea-for-two"]["answer"] == "tea"
    assert by_name["bun"] is None
    assert "mountain-flask" not in by_name, "chosen by what Ola said"

    assert smoc.get(kari.token, f"/people/{tag(smoc, 'ola@example.no')}/offers").status_code == 403
    other = smoc.get("ranking-job", f"/people/{tag(smoc)}/offers", answers="ola@example.no")
    assert other.status_code in (400, 422), "there is no way to choose by another's answers"

    smoc.post(kari.token, "/people/me/objections", {"purpose": "fit"})
    refused = smoc.get("ranking-job", f"/people/{tag(smoc)}/offers")

    assert refused.status_code == 403
    assert refused.json()["clause"] == "4.3"
    assert "Two pots of tea" not in kari.get("/me/offers").text


@pytest.mark.clause("smoc-4.36")
def test_what_evaluates_preferences_is_labelled_with_its_logic_in_record_notice_and_copy(
    deploy: Deploy,
) -> None:
    house = deploy("smoc")
    web = house.client()
    record = json.loads(web.get("/smoc/published/record.json").text)
    rows = record if isinstance(record, list) else record["activities"]
    labelled = {r["activity"].split(" / ")[0]: r for r in rows if r["profiling"]}
    kari = talked(house)
    copy = house.get(kari.token, "/people/me/export").json()["export"]
    notice = plain(web.get("/smoc/privacy").text)

    assert {"learn", "fit", "improve", "suit", "better"} <= set(labelled)
    assert "ranked" in labelled["fit"]["logic"]
    assert "message" in labelled["fit"]["logic"]
    assert all(r["logic"] and r["effects"] for r in labelled.values())
    assert {p["purpose"] for p in copy["profiling"]} == set(labelled)
    assert all(p["logic"] and p["effects"] for p in copy["profiling"])
    for purpose in ("learn", "fit"):
        assert labelled[purpose]["logic"] in notice
        assert labelled[purpose]["effects"] in notice


@pytest.mark.clause("smoc-4.36")
def test_an_activity_that_reads_preferences_without_the_label_does_not_start(deploy: Deploy) -> None:
    sneaky = (
        'purpose nudge "Nudge you"\n'
        '  on legitimate interest "nudging" assessed 2025-01-15, again by 2028-01-15\n'
        "  reads likes\n  objection honoured\npurpose serve "
    )

    with pytest.raises(DocumentBroken, match=r"'nudge' evaluates 'likes' and is not labelled as profiling"):
        deploy("smoc", edit=changed("policy.md", "purpose serve ", sneaky))


@pytest.mark.clause("smoc-4.37")
def test_improvement_reads_coded_rows_of_those_who_did_not_object_and_no_address(smoc: Deployment) -> None:
    for n in range(100):
        made = smoc.post(
            "rewards-job", "/people", {"who": {"kind": "email", "value": f"p{n}@example.no"}}
        ).json()["tag"]
        body = {"data": "taste", "purpose": "learn", "source": "person", "fields": {"drink": "tea"}}
        assert smoc.post("ranking-job", f"/people/{made}/records", body).status_code == 201
        if n < 10:
            known = {"email": f"p{n}@example.no"}
            address = {"data": "contact", "purpose": "account", "source": "person", "fields": known}
            smoc.post("rewards-job", f"/people/{made}/records", address)
    for n in range(4):
        smoc.post(smoc.token(f"p{n}@example.no"), "/people/me/objections", {"purpose": "profiling"})
    found = smoc.get("improve-job", "/use", data="taste", purpose="improve", form="pseudonymous")
    rows = found.json()["rows"]

    assert len(rows) == 96
    assert all(set(r["fields"]) == {"drink"} for r in rows)
    assert len({r["tag"] for r in rows}) == 96
    assert tag(smoc, "p9@example.no") not in {r["tag"] for r in rows}
    assert "example.no" not in found.text

    asked = smoc.get("improve-job", "/use", data="contact", purpose="improve", form="pseudonymous")

    assert asked.status_code == 403
    assert "example.no" not in asked.text


def willing(house: Deployment, mail: str) -> Person:
    """Somebody of age who talked and said yes to the news of the café."""
    who = house.person(mail)
    who.talk("summer", {**TALK, "mail": mail, "news": ("yes", {"years": "18"})})
    who.sign_in()
    return who


def instructed(house: Deployment) -> None:
    purposes = ["news", "learn", "fit", "improve", "insight", "serve", "account", "credit"]
    said = house.post("kaffe-key", "/instructions", {"purposes": purposes})
    assert said.status_code in (200, 201), said.text


ONLY_TEA = """---
title: For those who like tea
purpose: news
client: bryggen-kaffe
words: fit
---
## tea when taste.drink tea
A tin of Assam waits for you.
"""


def only_tea(folder: Path) -> None:
    (folder / "messages/tin.md").write_text(ONLY_TEA, "utf-8")


@pytest.mark.clause("smoc-4.38")
def test_a_message_is_worded_by_a_rule_over_one_s_own_choice_and_the_rule_is_logged(
    smoc: Deployment,
) -> None:
    kari, per = willing(smoc, "kari@example.no"), willing(smoc, "per@example.no")
    per.post("/me/profiling", {"given": "yes"}, page="/me/choices")
    instructed(smoc)
    before = len(smoc.mails())
    queued = smoc.post("kaffe-key", "/campaigns", {"message": "warm"})
    assert queued.status_code == 201, queued.text
    sent = smoc.post("kaffe-key", f"/campaigns/{queued.json()['number']}/send", {})
    assert sent.status_code == 200, sent.text
    texts = {m.to: m.text for m in smoc.mails()[before:]}
    logged = smoc.get(kari.token, "/people/me/messages").json()["messages"]
    other = smoc.get(per.token, "/people/me/messages").json()["messages"]

    assert "Darjeeling" in texts["kari@example.no"]
    assert "something warm" in texts["per@example.no"]
    assert "Darjeeling" not in texts["per@example.no"]
    assert [(m["message"], m["wording"], m["question"], m["answer"]) for m in logged] == [
        ("warm", "tea", "taste.drink", "tea")
    ]
    assert [(m["wording"], m["question"]) for m in other] == [("default", "")]


@pytest.mark.clause("smoc-4.38")
@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("taste.colour red", "which the policy does not have"),
        ("faith.church old", "a special category"),
        ("gender.value woman", "'fit' reads nothing that is counted from gender"),
        ("taste.other tea", "which is no closed answer"),
    ],
)
def test_a_wording_by_anything_else_than_a_declared_preference_does_not_load(
    deploy: Deploy, rule: str, why: str
) -> None:
    def edit(folder: Path) -> None:
        changed("messages/warm.md", "when taste.drink tea", f"when {rule}")(folder)
        if rule.startswith("faith"):
            faith = 'data faith "Faith" from person special\n  church choice old, new\ndata gender "Your'
            changed("policy.md", 'data gender "Your', faith)(folder)

    with pytest.raises(DocumentBroken, match=re.escape(why)):
        deploy("smoc", edit=edit)


@pytest.mark.clause("smoc-4.48")
def test_a_batch_queued_before_the_objection_is_stopped_for_her(deploy: Deploy) -> None:
    house = deploy("smoc", edit=only_tea)
    house.at("2025-03-01T11:58+01:00")
    kari, per = willing(house, "kari@example.no"), willing(house, "per@example.no")
    instructed(house)
    house.at("2025-03-01T11:59+01:00")
    number = house.post("kaffe-key", "/campaigns", {"message": "tin"}).json()["number"]
    house.at("2025-03-01T12:00+01:00")
    assert kari.post("/me/profiling", {"given": "yes"}, page="/me/choices").status_code == 200
    before = len(house.mails())
    house.at("2025-03-01T12:01+01:00")
    house.post("kaffe-key", f"/campaigns/{number}/send", {})

    assert [m.to for m in house.mails()[before:]] == [per.mail]


@pytest.mark.clause("smoc-4.47")
def test_every_marketing_message_carries_a_way_out_of_profiling_that_needs_no_sign_in(
    smoc: Deployment,
) -> None:
    kari = willing(smoc, "kari@example.no")
    instructed(smoc)
    number = smoc.post("kaffe-key", "/campaigns", {"message": "warm"}).json()["number"]
    smoc.post("kaffe-key", f"/campaigns/{number}/send", {})
    [link] = re.findall(r"https?://[^/\s]+(/smoc/stop-profiling/\S+)", smoc.mails(kari.mail)[-1].text)
    stranger = smoc.client()
    shown = stranger.get(link)
    still = likes(smoc, kari.token)
    pressed = stranger.post(link)

    assert shown.status_code == 200
    assert "Offers become fewer" in shown.text
    assert still, "looking changes nothing"
    assert pressed.status_code == 200
    assert "Profiling stopped" in pressed.text
    assert likes(smoc, kari.token) == []
    assert stranger.post(link[:-2] + "zz").status_code == 404


@pytest.mark.clause("smoc-4.47")
def test_stop_profiling_me_takes_no_reason_and_is_confirmed_at_once(smoc: Deployment) -> None:
    kari = talked(smoc)
    page = kari.get("/me/choices").text
    box = page[page.index('id="profiling"') : page.index("</section>", page.index('id="profiling"'))]
    mails = len(smoc.mails(kari.mail))
    answer = kari.post("/me/profiling", {"given": "yes"}, page="/me/choices")
    after = plain(answer.text)

    assert "reason" not in re.findall(r'name="([^"]+)"', box)
    assert "required" not in box
    assert answer.status_code == 200
    assert "Profiling stopped" in after
    assert "1 March 2025 10:00:00" in after
    [confirmation] = smoc.mails(kari.mail)[mails:]
    assert "Profiling is stopped" in confirmation.subject
    assert "1 March 2025 10:00:00" in confirmation.text

    told = smoc.post(kari.token, "/people/me/objections", {"purpose": "profiling"})
    assert told.status_code == 200
    assert told.json()["at"].startswith("2025-03-01T09:00:00")
    assert {"learn", "fit", "improve", "insight", "suit"} <= set(told.json()["objections"])


@pytest.mark.clause("smoc-4.47")
def test_a_document_that_asks_a_reason_of_an_objection_does_not_load(deploy: Deploy) -> None:
    says = '  says "Offers become fewer'

    with pytest.raises(DocumentBroken, match="an objection needs no reason"):
        deploy("smoc", edit=changed("policy.md", says, f"  reason needed\n{says}"))


@pytest.mark.clause("smoc-4.48")
def test_within_the_minute_nothing_is_ranked_nothing_derived_is_left_and_answers_rest(
    smoc: Deployment,
) -> None:
    smoc.at("2025-03-01T11:58+01:00")
    talked(smoc, "per@example.no")
    kari = talked(smoc)
    token = kari.token
    mine = tag(smoc)
    before = smoc.get("ranking-job", "/use", data="likes", purpose="fit").json()["rows"]

    smoc.at("2025-03-01T12:00+01:00")
    kari.post("/me/profiling", {"given": "yes"}, page="/me/choices")
    smoc.at("2025-03-01T12:01+01:00")
    after = smoc.get("ranking-job", "/use", data="likes", purpose="fit").json()["rows"]
    taste = smoc.get(token, "/people/me/records", data="taste").json()["records"]

    assert {r["tag"] for r in before} == {mine, tag(smoc, "per@example.no")}
    assert {r["tag"] for r in after} == {tag(smoc, "per@example.no")}
    assert smoc.get("ranking-job", f"/people/{mine}/offers").status_code == 403
    assert likes(smoc, token) == []
    assert taste
    assert all(r["restricted"] and "learn" in r["stopped"] for r in taste)


@pytest.mark.clause("smoc-4.48")
def test_who_stops_profiling_for_one_client_keeps_the_others(deploy: Deploy) -> None:
    lysverk = (
        '\n[[offer]]\nname = "tea-lamp"\ntext = "A lamp to drink tea by"\nclient = "lysverk"\n'
        'for = "taste.drink tea"\n'
    )

    def edit(folder: Path) -> None:
        file = folder / "offers.toml"
        file.write_text(file.read_text("utf-8") + lysverk, "utf-8")

    house = deploy("smoc", edit=edit)
    kari = talked(house)
    kari.post("/me/profiling", {"given": "yes", "client": "bryggen-kaffe"}, page="/me/choices")
    shown = kari.get("/me/offers").text

    assert "A lamp to drink tea by" in shown
    assert "Two pots of tea" not in shown
    assert likes(house, kari.token)


@pytest.mark.clause("smoc-4.49")
def test_the_consequence_is_shown_first_and_then_everybody_s_offers_stay(smoc: Deployment) -> None:
    kari = talked(smoc)
    before = plain(kari.get("/me/choices").text)
    held = smoc.get(kari.token, "/people/me/records", data="reward").json()["records"]
    assert "Two pots of tea" in kari.get("/me/offers").text
    kari.post("/me/profiling", {"given": "yes"}, page="/me/choices")
    offers = kari.get("/me/offers").text

    assert "Offers become fewer and suit you less. Nothing you earned is lost." in before
    assert "A bun with any cup" in offers
    assert "The first month at Lysverk" in offers
    assert "Two pots of tea" not in offers
    after = smoc.get(kari.token, "/people/me/records", data="reward").json()["records"]
    assert [r["fields"] for r in after] == [r["fields"] for r in held]

    share = {
        "data": ["contact.email"],
        "party": "operator",
        "member": "bryggen-kaffe",
        "purpose": "credit",
    }
    smoc.post(
        "rewards-job",
        f"/people/{tag(smoc)}/facts",
        {"name": "redeeming", "member": "bryggen-kaffe"},
    )
    redeemed = smoc.post("rewards-job", f"/people/{tag(smoc)}/shares", share)
    assert redeemed.status_code in (200, 201), redeemed.text


def unweighed(folder: Path) -> None:
    text = (folder / "policy.md").read_text("utf-8")
    at = text.index("purpose fit ")
    line = " assessed 2025-01-15, again by 2028-01-15\n  reads likes, taste"
    assert line in text[at : at + 400]
    (folder / "policy.md").write_text(
        text[:at] + text[at:].replace(line, "\n  reads likes, taste", 1), "utf-8"
    )


@pytest.mark.clause("smoc-4.50")
def test_ranking_does_not_start_on_an_interest_that_nobody_weighed(deploy: Deploy) -> None:
    with pytest.raises(DocumentBroken, match="the interest of purpose 'fit' was not weighed"):
        deploy("smoc", edit=unweighed)


@pytest.mark.clause("smoc-4.50")
def test_ranking_runs_on_a_weighed_interest_until_it_is_to_be_weighed_again(deploy: Deploy) -> None:
    house = deploy("smoc")
    talked(house)
    job, notice = f"/people/{tag(house)}/offers", plain(house.client().get("/smoc/privacy").text)

    assert house.get("ranking-job", job).json()["profiled"] is True
    assert "offers worth your time" in notice
    assert "weighed 2025-01-15, again by 2028-01-15" in notice
    assert "We weighed that against your privacy" in notice
    assert "You can stop this at any time, without a reason" in notice

    house.at("2028-01-14T12:00+01:00")
    talked(house, "ola@example.no")
    job = f"/people/{tag(house, 'ola@example.no')}/offers"
    assert house.get("ranking-job", job).json()["profiled"] is True
    house.at("2028-01-15T12:00+01:00")
    stopped = house.get("ranking-job", job)
    assert stopped.status_code == 403
    assert stopped.json()["missing"] == ["the rule renewed"]


@pytest.mark.clause("smoc-4.51")
@pytest.mark.parametrize("subject", ["health", "religion"])
def test_a_question_of_a_special_category_is_not_published(deploy: Deploy, subject: str) -> None:
    tagged = changed(
        "flows/summer.md",
        "ask taste.travel choice optional for learn",
        f"ask taste.travel choice optional for learn about {subject}",
    )
    house = deploy("smoc", edit=tagged)
    code, said, _ = house.cli("check", str(house.home))

    assert house.client().get("/smoc/f/summer").status_code == 404
    assert code == 1
    assert f"asks about {subject}, a special category" in said


FREE = """---
title: What is your favourite?
---
## brand
What is your favourite brand?
ask taste.other text for learn
means taste.drink tea: darjeeling, chai

## mail
ask contact.email email for credit

## bye
Bye.
end
"""


def free_flow(folder: Path) -> None:
    (folder / "flows/brand.md").write_text(FREE, "utf-8")
    changed("site.toml", 'flows = ["summer"', 'flows = ["summer", "brand"')(folder)


@pytest.mark.clause("smoc-4.51")
def test_a_delicate_answer_ranks_nothing_and_its_author_is_told(deploy: Deploy) -> None:
    house = deploy("smoc", edit=free_flow)
    kari = house.person()
    kari.talk("brand", {"brand": "I have diabetes, chai is all I may drink", "mail": kari.mail})
    kari.sign_in()
    alert = house.get("kaffe-key", "/counters/delicate").json()["counts"]

    assert likes(house, kari.token) == []
    assert "Two pots of tea" not in kari.get("/me/offers").text
    assert [(c["dims"], c["count"]) for c in alert] == [
        ({"flow": "brand", "step": "brand", "kind": "health"}, 1)
    ]

    ola = house.person("ola@example.no")
    ola.talk("brand", {"brand": "A pot of Darjeeling", "mail": ola.mail})
    ola.sign_in()
    assert "Two pots of tea" in ola.get("/me/offers").text, "words that its author tied to a choice count"

    per = house.person("per@example.no")
    per.talk("brand", {"brand": "Whatever tea there is", "mail": per.mail})
    per.sign_in()
    assert "Two pots of tea" not in per.get("/me/offers").text, "words that nobody tied to a choice do not"


@pytest.mark.clause("smoc-4.51")
def test_an_offer_by_what_the_person_did_not_supply_does_not_load(deploy: Deploy) -> None:
    by_device = changed("offers.toml", 'for = "taste.drink tea"', 'for = "progress.flow summer"')

    with pytest.raises(DocumentBroken, match="which the person did not supply"):
        deploy("smoc", edit=by_device)
