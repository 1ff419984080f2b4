"""The second company's purposes, row by row: what each may do, on which ground, and when it stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, user
from deployment import Asker, Deployment
from living import Life

USAGE = {"feature": "ask", "at": "2024-03-10T10:00:00Z", "session": "s1"}
DEVICE = {"kind": "laptop", "system": "Linux", "browser": "F", "installation": "i"}
ROWS = ("register", "buy", "recover", "care", "tips", "tidy", "habits", "terms-notice", "take-part", "survey")
MORE = (
    "learn",
    "protect",
    "count",
    "test",
    "recommend",
    "measure",
    "trends",
    "statistics",
    "news-mail",
    "six-years",
)
ALL = (
    *ENGAGE,
    Asker("any-job", "job", purposes=(*ROWS, *MORE)),
    Asker("olga-operator", "staff", roles=("operator",)),
)


@pytest.fixture
def house(deploy: Any) -> Deployment:
    """The second company, with one job that may ask for anything, so that the document alone refuses."""
    engage: Deployment = deploy("engagesmarter", askers=ALL)
    return engage.at("2024-03-10T10:00:00+00:00")


def entries(house: Deployment) -> list[Any]:
    return list(house.get("otto-officer", "/evidence/entries").json()["entries"])


def crowd(house: Deployment, size: int, **agreed: str) -> list[Life]:
    """Begin so many users of the platform."""
    return [user(house, f"u{n}@acme.example") for n in range(size)]


def status(answer: Any) -> int:
    assert answer.status_code != 403 or answer.json()["clause"], answer.text
    return int(answer.status_code)


def objects(life: Life, purpose: str, upheld: bool | None = None) -> None:
    life.house.post(life.token, "/people/me/objections", {"purpose": purpose})
    if upheld is not None:
        reason = "what we gain by this outweighs what it does to her, as the record of 1 March says"
        path = f"/people/{life.tag}/objections/{purpose}/decision"
        answer = life.house.post("otto-officer", path, {"upheld": upheld, "reason": reason})
        assert answer.status_code == 200, answer.text


def counts(answer: Any) -> list[int]:
    return [cell["people"] for cell in answer["totals"]]


def bulk(house: Deployment, data: str, purpose: str, **query: str) -> Any:
    return house.get("any-job", "/use", data=data, purpose=purpose, **query)


@pytest.mark.clause("engagesmarter-9.3")
def test_a_contract_reaches_from_the_first_step_to_its_end_and_leaves_nothing_of_who_gave_up(
    house: Deployment,
) -> None:
    asked = {"action": "use", "data": "identity", "field": "first", "purpose": "register"}
    begun = house.post("", "/decide", {**asked, "given": {"facts": ["signing-up"], "age": 30}}).json()
    never = house.post("", "/decide", {**asked, "given": {"age": 30}}).json()
    vic = house.person("vic@acme.example")
    vic.talk("register", {"adult": "18", "first": "Vicenzo"})
    house.later(hours=48).sweep()
    ada = user(house)
    before = ada.used("any-job", "contact", "care", field="email")
    house.post(ada.token, "/people/me/account/close", {"sure": True})
    after = ada.used("any-job", "contact", "care", field="email")

    assert begun["answer"] == "allowed"
    assert never["answer"] == "refused"
    assert house.on_disk("Vicenzo") == []
    assert before.status_code == 200
    assert status(after) == 403


@pytest.mark.clause("engagesmarter-10.1")
def test_coming_in_and_signing_in_are_for_the_first_row_and_a_mailing_list_is_not(house: Deployment) -> None:
    vic = house.person("vic@acme.example")
    vic.talk(
        "register",
        {"adult": "18", "first": "Vic", "last": "Stone", "title": "", "mail": vic.mail, "tips": "no"},
    )
    taken = [
        (e["detail"]["data"], e["detail"]["purpose"], e["clause"])
        for e in entries(house)
        if e["kind"] == "collected"
    ]
    tag = house.post("front-job", "/people/find", {"kind": "email", "value": vic.mail}).json()["tag"]
    listed = house.post(
        "any-job",
        f"/people/{tag}/records",
        {"data": "contact", "purpose": "mailing-list", "fields": {"email": vic.mail}, "source": "person"},
    )

    assert {t for t in taken if t[0] in ("identity", "contact")} == {
        ("identity", "register", "9.1"),
        ("contact", "register", "9.1"),
    }
    assert status(listed) == 403


@pytest.mark.clause("engagesmarter-10.3")
def test_what_is_needed_rests_on_the_contract_and_what_is_optional_on_a_yes(house: Deployment) -> None:
    ada = user(house)
    without = ada.tells("identity", "register", gender="woman")
    ada.agrees("extras")
    with_yes = ada.tells("identity", "register", gender="woman")
    told = {
        n: house.post(
            "",
            "/decide",
            {
                "action": "collect",
                "data": "identity",
                "field": n,
                "purpose": "register",
                "source": "person",
                "given": {"consents": ["extras"], "facts": ["customer"], "age": 30},
            },
        ).json()
        for n in ("first", "gender")
    }
    ada.agrees("extras", given=False)
    house.later(minutes=1).sweep()
    ada.sign_in()

    assert without.status_code == 403
    assert "consent extras" in without.json()["missing"]
    assert with_yes.status_code == 201
    assert told["first"]["answer"] == "allowed"
    assert "9.1" in str(told["first"]["clauses"])
    assert told["gender"]["answer"] == "allowed"
    assert "woman" not in str(ada.holds("identity"))
    assert "Quill" in str(ada.holds("identity"))
    assert ada.tells("profile", "care", setting="dark").status_code == 201


@pytest.mark.clause("engagesmarter-10.10")
def test_support_sees_one_person_while_their_case_is_open_and_nobody_elses(house: Deployment) -> None:
    ada, ben = user(house), user(house, "ben@acme.example")
    ada.tells("profile", "care", setting="dark")
    ada.tells("marketing", "care", own="no", others="no")
    asked = house.post(
        "cara-support", "/mail", {"address": ada.mail, "text": "my plan?", "right": "question"}
    )

    def seen(life: Life, *names: str) -> list[int]:
        parts = (n.partition(".") for n in names)
        return [
            life.used("cara-support", d, "care", field=f, reason="her case").status_code for d, _, f in parts
        ]

    wanted = ("identity.first", "contact", "profile.setting", "marketing", "letters")
    during, other = seen(ada, *wanted), seen(ben, *wanted)
    more = ada.used("cara-support", "transaction", "care", reason="her case")
    house.post(
        "cara-support",
        f"/people/{ada.tag}/requests/{asked.json()['number']}/answer",
        {"outcome": "answered", "text": "Pro."},
    )
    after = seen(ada, *wanted)

    assert during == [200] * 5
    assert other == [403] * 5
    assert status(more) == 403
    assert after == [403] * 5


@pytest.mark.clause("engagesmarter-10.13")
def test_tips_need_a_yes_and_a_contract_that_is_over_carries_nothing_more(house: Deployment) -> None:
    ada = user(house)
    without = ada.used("any-job", "contact", "tips", field="email")
    ada.agrees("tips")
    with_yes = ada.used("any-job", "contact", "tips", field="email")
    house.post(ada.token, "/people/me/account/close", {"sure": True})
    over = ada.used("any-job", "contact", "care", field="email")

    assert status(without) == 403
    assert without.json()["missing"] == ["consent tips"]
    assert with_yes.status_code == 200
    assert status(over) == 403


@pytest.mark.clause("engagesmarter-10.22")
def test_a_fault_is_traced_under_its_ticket_by_device_and_address_and_by_no_conversation(
    house: Deployment,
) -> None:
    ada = user(house)
    ada.noted("front-job", "devices", "protect", **DEVICE)

    def traced() -> list[int]:
        return [
            status(ada.used("olga-operator", data, "protect", field=field, reason="ticket T-1"))
            for data, field in (("devices", "kind"), ("contact", "email"), ("conversation", "input"))
        ]

    before = traced()
    house.post("olga-operator", f"/people/{ada.tag}/facts", {"name": "ticket-open"})
    during = traced()

    assert before == [403, 403, 403]
    assert during == [200, 200, 403]


@pytest.mark.clause("engagesmarter-10.24")
def test_a_test_touches_real_data_under_a_ticket_that_ends_and_at_no_other_time(house: Deployment) -> None:
    ada = user(house)
    before = ada.used("any-job", "contact", "test", field="email")
    house.post("olga-operator", f"/people/{ada.tag}/facts", {"name": "ticket-open"})
    during = ada.used("any-job", "contact", "test", field="email")
    house.post("olga-operator", f"/people/{ada.tag}/facts", {"name": "ticket-open", "holds": False})
    after = ada.used("any-job", "contact", "test", field="email")

    assert [status(a) for a in (before, during, after)] == [403, 200, 403]
    assert "fact ticket-open" in before.json()["missing"]


@pytest.mark.clause("engagesmarter-10.26")
def test_network_security_asks_no_consent_and_an_objection_to_it_is_decided(house: Deployment) -> None:
    ada, ben = user(house), user(house, "ben@acme.example")
    ada.noted("front-job", "devices", "protect", **DEVICE)
    consents = {c["name"] for c in house.get(ada.token, "/people/me/consents").json()["consents"]}
    objects(ada, "protect", upheld=False)
    told = house.mails(ada.mail)[-1].text
    again = ada.used("any-job", "devices", "protect")
    objects(ben, "protect")
    house.at("2024-04-12T10:00:00+01:00").sweep()
    silent = ben.used("any-job", "contact", "protect", field="email")

    assert "protect" not in consents
    assert "outweighs what it does to her" in told
    assert "Information Commissioner" in told
    assert again.status_code == 200
    assert status(silent) == 403


@pytest.mark.clause("engagesmarter-10.14")
def test_upkeep_and_the_study_of_use_rest_on_an_interest_and_an_upheld_objection_takes_one_out(
    house: Deployment,
) -> None:
    people = crowd(house, 11)
    for n, one in enumerate(people):
        one.tells("profile", "care", setting="dark" if n < 11 else "light")
    objects(people[0], "habits", upheld=True)
    others = house.get("any-job", "/totals", data="profile", field="setting", purpose="trends").json()
    after = house.get("any-job", "/totals", data="profile", field="setting", purpose="habits").json()
    reminded = bulk(house, "contact", "tidy", field="email").json()["rows"]
    third = people[0].used("any-job", "contact", "credit-scoring")

    assert counts(others) == [11]
    assert counts(after) == [10]
    assert len(reminded) == 11
    assert status(third) == 403


@pytest.mark.clause("engagesmarter-10.23")
def test_devices_are_studied_in_counts_of_ten_and_never_one_by_one_or_joined_to_use(
    house: Deployment,
) -> None:
    people = crowd(house, 12)
    for one in people:
        one.noted("front-job", "devices", "protect", **DEVICE)
    mix = house.get("any-job", "/totals", data="devices", field="kind", purpose="count").json()
    user(house, "eve@acme.example").noted("front-job", "devices", "protect", **{**DEVICE, "kind": "phone"})
    later = house.get("any-job", "/totals", data="devices", field="kind", purpose="count").json()
    rows = bulk(house, "devices", "count")
    joined = people[0].used("any-job", "devices", "count", **{"with": "usage"})

    assert mix["totals"] == [{"value": "laptop", "people": 12}]
    assert "phone" not in str(later)
    assert rows.status_code in (403, 422)
    assert joined.status_code == 403


@pytest.mark.clause("engagesmarter-10.31")
def test_who_did_not_agree_gets_no_recommendation_and_is_counted_until_they_object(house: Deployment) -> None:
    people = crowd(house, 11)
    for one in people:
        one.agrees("better")
        one.noted("number-job", "usage", "better", **USAGE)
    ben, ada = people[0], people[1]
    ada.agrees("recommend")
    for_ben, for_ada = (
        ben.used("offer-job", "usage", "recommend"),
        ada.used("offer-job", "usage", "recommend"),
    )
    counted = house.get("any-job", "/totals", data="usage", field="feature", purpose="statistics").json()
    objects(ben, "trends", upheld=True)
    after = house.get("any-job", "/totals", data="usage", field="feature", purpose="trends").json()
    ada.agrees("recommend", given=False)
    stopped = ada.used("offer-job", "usage", "recommend")

    assert status(for_ben) == 403
    assert for_ada.status_code == 200
    assert counts(counted) == [11]
    assert counts(after) == [10]
    assert status(stopped) == 403


@pytest.mark.clause("engagesmarter-16.2")
def test_a_yes_is_never_ticked_beforehand_bundled_or_given_to_words_nobody_saw(house: Deployment) -> None:
    vic = house.person("vic@acme.example")
    pages = [vic.get("/f/register").text]
    last = vic.talk(
        "register", {"adult": "18", "first": "Vic", "last": "Stone", "title": "", "mail": vic.mail}
    )
    pages.append(last.text)
    vic.web.post(
        vic.base + "/f/register/step", data={"step": "tips", "answer": "no", "csrf": _secret(last.text)}
    )
    ada = user(house)
    shown = {c["name"]: c["question"] for c in house.get(ada.token, "/people/me/consents").json()["consents"]}
    unknown = house.post(ada.token, "/people/me/consents", {"name": "everything", "given": True})
    ada.agrees("tips")
    act = house.get(ada.token, "/people/me/consents").json()["history"][-1]

    assert all("checked" not in page for page in pages)
    assert house.post("front-job", "/people/find", {"kind": "email", "value": vic.mail}).status_code == 200
    assert unknown.status_code == 422
    assert act["text"] == shown["tips"]
    assert act["version"] == "2024-03-03"


def _secret(page: str) -> str:
    from deployment import CSRF

    return str(CSRF.findall(page)[0])


@pytest.mark.clause("engagesmarter-16.4", "engagesmarter-16.5")
def test_an_interest_counts_from_its_dated_weighing_and_stands_on_the_page_with_it(
    deploy: Any,
) -> None:
    def unweighed(folder: Any) -> None:
        path = folder / "policy.md"
        old = 'gets better, and growth" assessed 2024-03-01'
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, old.replace("2024-03-01", "2024-03-11")), "utf-8")
        (folder / "examples.md").unlink()

    house = deploy("engagesmarter", askers=ALL, edit=unweighed).at("2024-03-10T10:00:00+00:00")
    asked = {"action": "use", "data": "usage", "purpose": "trends", "form": "anonymous"}
    before = house.post("", "/decide", {**asked, "at": "2024-03-10T12:00:00Z"}).json()
    after = house.post("", "/decide", {**asked, "at": "2024-03-12T12:00:00Z"}).json()
    over = house.post("", "/decide", {**asked, "at": "2028-03-02T12:00:00Z"}).json()
    page = house.web.get("/engagesmarter/privacy").text

    assert [before["answer"], after["answer"], over["answer"]] == ["refused", "allowed", "refused"]
    assert "a platform that runs and is safe" in page
    assert "a platform that gets better, and growth" in page


WEIGHED = (
    "  on consent measure\n  uses content ",
    '  on legitimate interest "knowing what works" assessed 2024-03-01, again by 2028-03-01 outweighed\n'
    "  uses content\n  on consent measure\n  uses content ",
)


@pytest.mark.clause("engagesmarter-16.6")
def test_an_interest_that_was_outweighed_is_no_ground_and_comes_out_otherwise_by_a_new_weighing_alone(
    deploy: Any,
) -> None:
    def outweighed(folder: Path) -> None:
        path = folder / "policy.md"
        text = path.read_text("utf-8")
        assert WEIGHED[0] in text
        path.write_text(text.replace(*WEIGHED), "utf-8")

    house = deploy("engagesmarter", askers=(*ALL, MEASURES), edit=outweighed).at("2024-03-10T10:00:00+00:00")
    ada, ben = user(house), user(house, "ben@acme.example")
    ada.agrees("measure")
    for life in (ada, ben):
        life.noted("measure-job", "content", "measure", shown="start")
    for_ada, for_ben = (life.used("measure-job", "content", "measure") for life in (ada, ben))
    page = house.web.get("/engagesmarter/privacy").text
    text = (house.home / "policy.md").read_text("utf-8")
    (house.home / "versions").mkdir()
    (house.home / "versions" / "2024-03-03.md").write_text(text, "utf-8")
    turned = text.replace(" outweighed\n", "\n").replace(
        "2024-03-03 since 2024-03-03", "2024-06-01 since 2024-06-01"
    )
    (house.home / "policy.md").write_text(turned, "utf-8")
    same_day, out, err = house.cli("check", str(house.home))
    anew = turned.replace('works" assessed 2024-03-01', 'works" assessed 2024-05-20')
    (house.home / "policy.md").write_text(anew, "utf-8")
    _, on_a_new_day, _ = house.cli("check", str(house.home))

    assert for_ada.status_code == 200
    assert status(for_ben) == 403
    assert "people would lose more, so it is no ground" in page
    assert same_day != 0
    assert "now comes out otherwise" in out + err
    assert "now comes out otherwise" not in on_a_new_day


MEASURES = Asker("measure-job", "job", purposes=("measure",))
