"""Draws, competitions and surveys at the second company: who enters, what is kept, what anybody can check."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, user
from deployment import Asker, Deployment
from devices import shown

SCRIPT = Path(__file__).parents[2] / "verify_draw.py"
ASKERS = (*ENGAGE, Asker("jude-judge", "staff", roles=("judge",)))
CONTESTS = """
[[contests.draw]]
name = "spring"
title = "A year of agents"
prize = "One year for free"
closes = "2024-05-31"

[[contests.draw]]
name = "promo"
title = "A promotion"
closes = "2024-04-30"
{more}

[[contests.competition]]
name = "poem"
title = "A poem on agents"
task = "Eight lines at most"
closes = "2024-05-31"
"""


def announcing(more: str = "") -> Any:
    """Announce two draws and a competition."""

    def edit(home: Path) -> None:
        file = home / "site.toml"
        file.write_text(file.read_text("utf-8") + CONTESTS.format(more=more), "utf-8")

    return edit


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The second company on 10 May 2024, with three contests."""
    folder = tmp_path_factory.mktemp("draws")
    made = Deployment(folder, "engagesmarter", ASKERS, edit=announcing()).at("2024-05-10T10:00:00+01:00")
    yield made
    made.close()


def enters(life: Any, contest: str = "spring", **more: Any) -> Any:
    return life.house.post(life.token, "/people/me/entries", {"contest": contest, **more})


def judged(house: Deployment, path: str, body: Any = None, who: str = "jude-judge") -> Any:
    return (
        house.post(who, f"/contests/{path}", body or {})
        if body is not None
        else house.get(who, f"/contests/{path}")
    )


def verified(folder: Path, *files: Any, number: str = "") -> tuple[int, str]:
    """Run the script as an outsider would, on the answers it got."""
    names = []
    for index, told in enumerate(files):
        names.append(folder / f"draw{index}.json")
        names[-1].write_text(json.dumps(told), "utf-8")
    words = [str(names[0]), *([number] if number else []), *map(str, names[1:])]
    done = subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.clause("engagesmarter-10.16")
def test_a_draw_is_bound_before_its_first_entry_and_checked_by_anybody_after_it(
    deploy: Any, tmp_path: Path
) -> None:
    house = deploy("engagesmarter", askers=ASKERS, edit=announcing()).at("2024-05-10T10:00:00+01:00")
    judged(house, "spring/opening", {"seed": "11"})
    again = judged(house, "spring/opening", {"seed": "12"})
    before = house.get("", "/contests/spring").json()
    people = [user(house, f"e{n}@acme.example") for n in range(20)]
    numbers = [enters(p).json()["number"] for p in people]
    twice = enters(people[0])
    left, gone = user(house, "left@acme.example"), user(house, "gone@acme.example")
    enters(left)
    house.call(left.token, "DELETE", "/people/me/entries/spring")
    erased = enters(gone).json()["number"]
    early = judged(house, "spring/draw", {})
    house.at("2024-06-01T10:00:00+01:00")
    late = enters(user(house, "late@acme.example"))
    drawn = judged(house, "spring/draw", {}).json()
    house.post(gone.sign_in().token, "/people/me/erasure", {"sure": True})
    after = house.get("", "/contests/spring").json()
    won = people[numbers.index(drawn["winners"][0])] if drawn["winners"][0] in numbers else gone
    mails = [m for m in house.mails() if m.subject == "You won: A year of agents"]
    second = judged(house, "spring/draw", {})

    assert again.status_code == 409
    assert (before["seed"], before["entries"]) == ("", [])
    assert (twice.status_code, early.status_code, late.status_code) == (409, 409, 410)
    assert sorted(drawn["entries"]) == sorted([*numbers, erased])
    assert [m.to for m in mails] == [won.mail]
    assert after == drawn
    assert verified(tmp_path, after, before, number=numbers[3])[0] == 0
    assert verified(tmp_path, {**after, "seed": "12"}, before)[0] == 1
    assert verified(tmp_path, {**after, "entries": [*after["entries"], "mine"]})[0] == 1
    assert second.status_code == 409
    assert people[1].sign_in().holds("entry")
    kinds = {e["kind"]: e["detail"] for e in entries(house)}
    assert kinds["contest opened"]["commitment"] == before["commitment"]
    assert kinds["drawn"]["seed"] == "11"
    house.at("2024-08-31T10:00:00+01:00").sweep()
    assert all(p.sign_in().holds("entry") == [] for p in people[:3])


def entries(house: Deployment) -> list[Any]:
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


@pytest.mark.clause("engagesmarter-6.5")
def test_an_entry_takes_what_its_row_names_and_nothing_after_the_last_day(house: Deployment) -> None:
    house.at("2024-04-30T23:00:00+01:00")
    ada, bea = user(house, "ada@acme.example"), user(house, "bea@acme.example")
    card = enters(ada, "promo", card="4111 1111 1111 1111")
    hidden = enters(ada, "poem", work="4111 1111 1111 1111")
    entered = enters(ada, "promo")
    mine = house.get(ada.token, "/people/me/entries").json()["entries"]
    house.at("2024-05-01T00:00:00+01:00")
    late = enters(bea.sign_in(), "promo")

    assert (card.status_code, card.json()["fields"]) == (422, ["card"])
    assert hidden.status_code == 422
    assert entered.status_code == 201
    assert [e["contest"] for e in mine] == ["promo"]
    assert (late.status_code, late.json()["title"]) == (410, "gone")


@pytest.mark.clause("engagesmarter-10.17")
def test_judges_see_works_and_numbers_and_names_only_once_they_have_decided(house: Deployment) -> None:
    house.at("2024-05-12T10:00:00+01:00")
    cal, dan = user(house, "cal@acme.example"), user(house, "dan@acme.example")
    ours = enters(cal, "poem", work="Agents, agents").json()["number"]
    theirs = enters(dan, "poem", work="A better one").json()["number"]
    bare = enters(user(house, "eve@acme.example"), "poem")
    works = judged(house, "poem/works").json()["works"]
    named = judged(house, "poem/winners")
    house.at("2024-06-02T10:00:00+01:00")
    nobody = judged(house, "poem/judgement", {"winners": ["x"], "reason": "it scans"})
    result = judged(house, "poem/judgement", {"winners": [theirs], "reason": "it scans"})
    winners = judged(house, "poem/winners").json()["winners"]
    consents = house.get(cal.sign_in().token, "/people/me/consents").json()["consents"]

    assert bare.status_code == 422
    assert {(w["number"], w["work"]) for w in works} == {(ours, "Agents, agents"), (theirs, "A better one")}
    assert not any(word in json.dumps(works) for word in ("Quill", "cal@", cal.tag))
    assert named.status_code == 403
    assert nobody.status_code == 422
    assert result.json()["winners"] == [theirs]
    assert [(w["number"], w["tag"]) for w in winners] == [(theirs, dan.tag)]
    assert house.mails("dan@acme.example")[-1].subject == "You won: A poem on agents"
    assert not any(c["given"] for c in consents if c["name"].startswith("news"))
    assert judged(house, "poem/works", who="cara-support").status_code == 403


@pytest.mark.clause("engagesmarter-10.19")
def test_a_rule_of_entry_that_reads_payments_does_not_load_and_no_entry_asks_for_an_account(
    deploy: Any, house: Deployment
) -> None:
    allowed = deploy("engagesmarter", askers=ASKERS, edit=announcing('only = "identity.first"'))
    flow = (
        "---\ntitle: Win\nlanguage: en\n---\nWin.\n\n## pay\nYour account?\n"
        "ask financial.account text for take-part\n"
    )

    def asking(home: Path) -> None:
        (home / "flows/win.md").write_text(flow, "utf-8")

    asks = deploy("engagesmarter", askers=ASKERS, edit=asking)
    account = enters(user(house, "fay@acme.example"), account="GB33BUKB20201555555555")

    assert allowed.get("", "/contests").status_code == 200
    assert asks.company.problems["win"]
    assert asks.person().get("/f/win").status_code == 404
    assert account.status_code == 422
    with pytest.raises(Exception, match=r"transaction\.state"):
        deploy("engagesmarter", askers=ASKERS, edit=announcing('only = "transaction.state"'))


def answered(house: Deployment, mail: str, **answers: str) -> Any:
    """Have somebody with an account answer the survey, in full or in part."""
    life = user(house, mail)
    life.agrees("survey")
    given = [life.tells("profile", "survey", **{n: v, "flow": "feedback"}) for n, v in answers.items()]
    assert {g.status_code for g in given} == {201}
    return life


def told(house: Deployment) -> dict[str, int]:
    answer = house.get("number-job", "/totals", data="profile", field="verdict", purpose="learn")
    assert answer.status_code == 200, answer.text
    return {c["value"]: c["people"] for c in answer.json()["totals"]}


@pytest.mark.clause("engagesmarter-10.18", "engagesmarter-10.21")
def test_answers_are_given_freely_told_in_tens_and_gone_from_later_numbers_when_taken_back(
    deploy: Any,
) -> None:
    house = deploy("engagesmarter", askers=ASKERS).at("2024-05-10T10:00:00+01:00")
    lives = [answered(house, f"s{n}@acme.example", verdict="great") for n in range(9)]
    few = told(house)
    ada = answered(house, "ada@acme.example", use="work", verdict="great", answer="more colours")
    ten = told(house)
    copy = house.get(ada.token, "/people/me/export").json()["export"]["records"]
    mine = [r["values"] for r in copy if r["data"] == "profile"]
    bea = lives[0].sign_in()
    bea.agrees("survey", given=False)
    objected = house.post(ada.sign_in().token, "/people/me/objections", {"purpose": "learn"})
    upheld = house.post(
        "otto-officer",
        f"/people/{ada.tag}/objections/learn/decision",
        {"upheld": True, "reason": "nothing of ours outweighs it"},
    )
    same = told(house)  # a number that differs by fewer than ten is not told anew
    for n in range(10):
        answered(house, f"t{n}@acme.example", verdict="great")
    later = told(house)
    sold = house.get(
        "number-job", f"/people/{ada.tag}/records", data="contact", purpose="learn", field="email"
    )

    assert few == {}
    assert ten == {"great": 10}
    assert [sorted(m) for m in mine] == [["flow", "use"], ["flow", "verdict"], ["answer", "flow"]]
    assert bea.holds("profile") == []
    assert same == {"great": 10}
    assert (objected.status_code, upheld.status_code) == (200, 200)
    assert later == {"great": 18}
    assert sold.status_code == 403


def test_the_page_takes_an_entry_shows_its_number_and_lets_it_go(house: Deployment) -> None:
    house.at("2024-05-15T10:00:00+01:00")
    life = user(house, "gil@acme.example")
    gil = house.person(life.mail)
    open_ = gil.get("/draws/spring").text
    gil.sign_in()
    entered = gil.post("/draws/spring", {"step": "enter"}, page="/draws/spring")
    number = house.get(life.token, "/people/me/entries").json()["entries"][0]["number"]
    gone = gil.post("/draws/spring", {"step": "leave"}, page="/draws/spring")

    assert house.get("", "/contests/spring").json()["commitment"] in open_
    assert number in entered.text
    assert "Your entry is gone." in gone.text
    assert number not in gone.text
    assert gil.get("/verify_draw.py").text == SCRIPT.read_text("utf-8")
    assert gil.get("/draws/none").status_code == 404


@pytest.mark.clause("engagesmarter-10.20")
def test_an_entry_rests_on_a_contract_and_an_answer_on_a_yes_and_each_can_be_taken_back(deploy: Any) -> None:
    house = deploy("engagesmarter", askers=ASKERS, edit=announcing()).at("2024-05-16T10:00:00+01:00")
    start = len(entries(house))
    hal = user(house, "hal@acme.example")
    unsaid = hal.tells("profile", "survey", verdict="fine")
    hal.agrees("survey")
    hal.tells("profile", "survey", verdict="fine")
    number = enters(hal).json()["number"]
    kept = hal.holds("entry"), hal.holds("profile")
    written = {
        e["detail"]["purpose"]: e["clause"] for e in entries(house)[start:] if e["kind"] == "collected"
    }
    house.call(hal.token, "DELETE", "/people/me/entries/spring")
    hal.agrees("survey", given=False)
    ground = {p: grounds(house, p) for p in ("take-part", "survey")}
    house.at("2024-06-01T10:00:00+01:00")
    drawn = judged(house, "spring/draw", {})

    assert "consent survey" in unsaid.json()["missing"]
    assert all(len(k) == 1 for k in kept)
    assert {written["take-part"], written["survey"]} == {"9.4"}
    assert ground == {"take-part": {"contract"}, "survey": {"consent"}}
    assert hal.sign_in().holds("entry") == hal.holds("profile") == []
    assert drawn.status_code == 200, drawn.text
    assert number not in drawn.json()["entries"]


def grounds(house: Deployment, purpose: str) -> set[str]:
    """Return on what a purpose rests, as the published notice says."""
    told = json.loads(house.person().get("/published/notice.json").text)
    return {p["ground"] for p in told["purposes"] if p["name"] == purpose}


def test_the_desk_draws_and_judges_once_the_last_day_is_over(deploy: Any) -> None:
    house = deploy("engagesmarter", askers=ASKERS, edit=announcing()).at("2024-05-20T10:00:00+01:00")
    ida, jan = user(house, "ida@acme.example"), user(house, "jan@acme.example")
    enters(ida)
    number = enters(jan, "poem", work="Agents, agents").json()["number"]
    jude = desk(house, "jude-judge")
    early = jude.get("/console/contests").text
    house.at("2024-06-01T09:00:00+01:00")
    jude = desk(house, "jude-judge")
    drawn = jude.post("/console/contests/spring", {"step": "draw"}, page="/console/contests")
    works = jude.get("/console/contests").text
    nobody = jude.post(
        "/console/contests/poem", {"step": "judge", "reason": "it scans"}, page="/console/contests"
    )
    chosen = {"step": "judge", "reason": "it scans", f"won-{number}": "yes"}
    decided = jude.post("/console/contests/poem", chosen, page="/console/contests")

    assert "Agents, agents" not in early
    assert "/console/contests/spring" not in early
    assert "Drawn. Whoever won was told." in drawn.text
    assert "Agents, agents" in works
    assert "Quill" not in works
    assert nobody.status_code == 400
    assert "Decided. Whoever won was told." in decided.text
    assert {m.to for m in house.mails() if m.subject.startswith("You won")} == {ida.mail, jan.mail}
    assert desk(house, "cara-support").get("/console/contests").status_code == 403


def desk(house: Deployment, key: str) -> Any:
    """Sign a member of staff in on the console by both factors."""
    who = house.person(key)
    who.web.post(f"{who.base}/console/signin", data={"code": key, "second": shown(house.now)})
    return who
