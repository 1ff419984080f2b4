"""Conversations at the second company: paired, apart under a random number, and gone for good when erased."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, asks, user
from deployment import Asker, Deployment
from living import Life

START = datetime(2024, 3, 10, 10, tzinfo=UTC)
TEAM = Asker("acme-agent", "job", purposes=("answer",))
RESET = "# Reset\n\n## Reset\nHold the left key down. Write to ben@example.com when it stays dark.\n"
LOOKS = {"purpose": "security", "reason": "n-12345678"}


def with_reset(folder: Path) -> None:
    """Give the agent a page on resetting, with an address on it."""
    (folder / "agents/helpdesk/reset.md").write_text(RESET, "utf-8")


def plain_reset(folder: Path) -> None:
    """Give the agent a page on resetting that names nobody."""
    (folder / "agents/helpdesk/reset.md").write_text("# Reset\n\n## Reset\nPress R.\n", "utf-8")


def conversations(life: Life) -> list[Any]:
    answer = life.house.get(life.token, "/people/me/conversations")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["conversations"])


def held(life: Life, number: str) -> Any:
    return life.house.get(life.token, f"/people/me/conversations/{number}")


def erased(life: Life, number: str, sure: Any = True) -> Any:
    body = {"sure": sure} if sure else {}
    return life.house.post(life.token, f"/people/me/conversations/{number}/erasure", body)


def started(life: Life, text: str) -> str:
    return str(asks(life, text).json()["troth"]["conversation"])


def evidence(house: Deployment, kind: str) -> list[Any]:
    entries = house.get("otto-officer", "/evidence/entries").json()["entries"]
    return [e for e in entries if e["kind"] == kind]


@pytest.mark.clause("engagesmarter-8.2")
def test_what_is_asked_and_what_is_answered_are_one_turn_masked_alike_and_go_together(
    deploy: Callable[..., Deployment],
) -> None:
    house = deploy("engagesmarter", edit=with_reset, askers=ENGAGE, now=START)
    ada = user(house)
    told = asks(ada, "How do I reset?").json()
    turn = held(ada, told["troth"]["conversation"]).json()["turns"][0]
    gone = house.call(ada.token, "DELETE", f"/people/me/records/{turn['rid']}")

    assert "ben@example.com" in told["choices"][0]["message"]["content"]
    assert turn["fields"]["input"] == "How do I reset?"
    assert turn["fields"]["output"].startswith("Hold the left key down. Write to [EMAIL_1] when")
    assert turn["data"] == "conversation"
    assert house.on_disk("ben@example.com") == []
    assert gone.status_code == 200
    assert ada.holds("conversation") == []


@pytest.mark.clause("engagesmarter-8.3")
def test_a_conversation_goes_on_with_what_was_said_in_it_under_its_author_alone_and_for_its_answers_alone(
    deploy: Callable[..., Deployment],
) -> None:
    house = deploy("engagesmarter", askers=(*ENGAGE, TEAM), now=START)
    ada, zoe = user(house), user(house, "zoe@borel.example")
    number = started(ada, "How do I delete a conversation?")
    more = asks(ada, "and then?", number=number).json()["choices"][0]["message"]["content"]
    alone = asks(zoe, "and then?").json()["choices"][0]["message"]["content"]
    other = asks(zoe, "and then?", number=number)
    body = {
        "model": "helpdesk",
        "messages": [{"role": "user", "content": "and then?"}],
        "user": zoe.tag,
        "metadata": {"conversation": number},
    }
    key = {"Authorization": "Bearer acme-agent"}
    fed = house.web.post("/engagesmarter/v1/chat/completions", json=body, headers=key)
    advert = ada.used("offer-job", "conversation", "recommend")

    assert "Conversations: Delete a conversation" in more
    assert "Conversations: Delete a conversation" not in alone
    assert (other.status_code, fed.status_code) == (403, 403)
    assert fed.json()["error"]["code"] == "not_yours"
    assert advert.status_code == 403
    assert len(held(ada, number).json()["turns"]) == 2


@pytest.mark.clause("engagesmarter-8.4")
def test_conversations_lie_under_one_random_number_that_nothing_of_the_person_makes(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    for life, n in ((ada, 3), (ben, 2)):
        for _ in range(n):
            asks(life, "How do I sign in?")
    first = owners(engage, "conversation")
    engage.post(ada.token, "/people/me/erasure", {"sure": True})
    again = user(engage)
    asks(again, "How do I sign in?")
    second = owners(engage, "conversation")

    assert sorted(first.values()) == [2, 3]
    assert set(first).isdisjoint(owners(engage, "identity"))
    assert len(set(second) - set(first)) == 1
    assert [engage.on_disk(w) for w in ("Quill", "ada@acme.example", "ben@acme.example")] == [[], [], []]


def owners(house: Deployment, data: str) -> dict[int, int]:
    """Return under which numbers records of a category lie in the file, as whoever has the disk can count."""
    with sqlite3.connect(house.store) as file:
        found = file.execute("SELECT pid, count(*) FROM rows WHERE data = ? GROUP BY pid", (data,)).fetchall()
    return dict(found)


@pytest.mark.clause("engagesmarter-8.5")
def test_whose_a_conversation_is_only_the_officer_looks_up_and_its_person_sees_that(
    engage: Deployment,
) -> None:
    ada = user(engage)
    number = started(ada, "How do I sign in?")
    mia = engage.post("mia-moderator", f"/conversations/{number}/owner", LOOKS)
    before = len(evidence(engage, "show"))
    otto = engage.post("otto-officer", f"/conversations/{number}/owner", LOOKS)
    bare = engage.post("otto-officer", f"/conversations/{number}/owner", {"purpose": "security"})
    seen = engage.get(ada.token, "/people/me/disclosures").json()["disclosures"]
    with sqlite3.connect(engage.store) as file:
        tables = {r[0] for r in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert mia.status_code == 403
    assert mia.json()["clause"] == "8"
    assert (otto.status_code, bare.status_code) == (200, 422)
    assert otto.json() == {"tag": ada.tag}
    assert len(evidence(engage, "show")) == before + 1
    assert "numbers" in {data for d in seen for data in d["data"]}
    assert "blind" not in tables


@pytest.mark.clause("engagesmarter-8.6")
def test_a_conversation_is_personal_data_throughout(engage: Deployment) -> None:
    ada = user(engage)
    number = started(ada, "How do I sign in?")
    copy = engage.get(ada.token, "/people/me/export").json()
    rows = engage.get("number-job", "/use", data="conversation", purpose="statistics", form="anonymous")
    sums = engage.get("number-job", "/totals", data="conversation", field="agent", purpose="statistics")
    abroad = engage.post(
        "front-job",
        f"/people/{ada.tag}/shares",
        {"data": ["conversation.input"], "party": "hosting", "member": "thames-cloud", "purpose": "protect"},
    )
    mine = [r for r in copy["export"]["records"] if r["data"] == "conversation"]

    assert [r["values"]["conversation"] for r in mine] == [number]
    assert (rows.status_code, sums.status_code, abroad.status_code) == (403, 403, 403)
    assert engage.get("", "/openapi.json").status_code == 200
    assert mine[0]["goes"] is None or mine[0]["clause"] == "14"


@pytest.mark.clause("engagesmarter-8.6")
def test_a_model_outside_the_two_areas_keeps_the_service_from_starting(
    deploy: Callable[..., Deployment],
) -> None:
    def abroad(folder: Path) -> None:
        path = folder / "policy.md"
        text = path.read_text("utf-8")
        old = 'recipient model "A firm that runs an AI model for us" processor in GB'
        assert old in text
        path.write_text(text.replace(old, old[:-2] + "US"), "utf-8")

    with pytest.raises(Exception, match="A model outside gets the question"):
        deploy("engagesmarter", edit=abroad, askers=ENGAGE, now=START)


@pytest.mark.clause("engagesmarter-8.8")
def test_words_of_somebody_without_an_account_are_masked_alike_counted_apart_and_make_no_person_known(
    deploy: Callable[..., Deployment],
) -> None:
    house = deploy("engagesmarter", askers=(*ENGAGE, TEAM), now=START)
    typed = "I am Eve Doe, eve@example.com. How do I sign in?"
    body = {"model": "helpdesk", "messages": [{"role": "user", "content": typed}]}
    key = {"Authorization": "Bearer acme-agent"}
    told = house.web.post("/engagesmarter/v1/chat/completions", json=body, headers=key).json()
    noted = evidence(house, "conversed")[-1]["detail"]
    known = house.post("front-job", "/people/find", {"kind": "email", "value": "eve@example.com"})

    assert told["troth"]["masked"] == {"EMAIL": 1, "PERSON": 1}
    assert noted["source"] == "enduser"
    assert sum(noted["masked"].values()) == 2
    assert known.status_code == 404
    assert [house.on_disk(w) for w in ("Eve Doe", "eve@example.com")] == [[], []]


@pytest.mark.clause("engagesmarter-8.16")
def test_one_conversation_is_erased_for_its_author_and_colleagues_and_the_rest_stays(
    engage: Deployment,
) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    acme(engage, ada, ben)
    first, second, third = (started(ada, f"How do I {what}?") for what in ("sign in", "sign out", "sign up"))
    theirs = f"/people/me/organisation/conversations/{second}"
    before = engage.get(ben.token, theirs)
    by_ben = engage.post(ben.token, f"/people/{ada.tag}/conversations/{second}/erasure", {"sure": True})
    gone = erased(ada, second)

    assert before.status_code == 200
    assert by_ben.status_code == 403
    assert by_ben.json()["clause"]
    assert gone.status_code == 200
    assert held(ada, second).status_code == 404
    assert engage.get(ben.token, theirs).status_code == 404
    assert {c["number"] for c in conversations(ada)} == {first, third}
    assert asks(ada, "How do I sign in?").status_code == 200


def acme(house: Deployment, founder: Life, *others: Life) -> None:
    """Put people into one organisation, each by an invitation."""
    made = house.post(founder.token, "/people/me/organisation", {"name": "Acme"})
    assert made.status_code == 201, made.text
    for other in others:
        house.post(founder.token, "/people/me/organisation/invitations", {"email": other.mail})
        mail = next(m for m in reversed(house.mails(other.mail)) if "/join/" in m.text)
        ticket = mail.text.split("/join/")[1].split()[0]
        joined = house.post(other.token, "/people/me/organisation/join", {"ticket": ticket})
        assert joined.status_code == 201, joined.text


@pytest.mark.clause("engagesmarter-8.16")
def test_all_conversations_go_at_once_by_the_product_or_by_mail_and_the_account_stays(
    engage: Deployment,
) -> None:
    ada = user(engage)
    for _ in range(3):
        asks(ada, "How do I sign in?")
    gone = engage.post(ada.token, "/people/me/conversations/erasure", {"sure": True})
    mailed = engage.post(
        "cara-support", "/mail", {"address": ada.mail, "text": "please erase my conversations"}
    )

    assert gone.json()["conversations"] == 3
    assert conversations(ada) == []
    assert ada.sees()["records"]
    assert mailed.status_code == 200
    assert asks(ada, "How do I sign in?").status_code == 200


@pytest.mark.clause("engagesmarter-8.17")
def test_there_is_no_way_back_not_out_of_a_backup_and_that_is_said_before(
    engage: Deployment, tmp_path: Path
) -> None:
    ada = user(engage)
    number = started(ada, "the zeppelin cannot sign in")
    page = engage.person(ada.mail)
    page.sign_in()
    warned = page.get("/a/helpdesk").text
    engage.close()
    shutil.copy(engage.store, tmp_path / "yesterday.db")
    engage.open()
    ada.sign_in()
    unsure = erased(ada, number, sure=None)
    still = engage.post(ada.token, f"/people/me/conversations/{number}/restoration", {})
    gone = erased(ada, number)
    undo = engage.post(ada.token, f"/people/me/conversations/{number}/restoration", {})
    engage.close()
    shutil.copy(tmp_path / "yesterday.db", engage.store)
    engage.open()
    ada.sign_in()

    assert "There is no way back" in warned
    assert (unsure.status_code, still.status_code) == (422, 409)
    assert gone.status_code == 200
    assert undo.status_code == 410
    assert undo.json()["clause"] == "15"
    assert conversations(ada) == []
    assert held(ada, number).status_code == 404


@pytest.mark.clause("engagesmarter-8.18")
def test_words_that_are_surely_nobodys_may_stay_for_moderators_and_lead_to_nobody(
    deploy: Callable[..., Deployment],
) -> None:
    house = deploy("engagesmarter", edit=plain_reset, askers=ENGAGE, now=START)
    ada = user(house)
    number = started(ada, "How do I reset?")
    gone = erased(ada, number).json()
    (left,) = house.get("mia-moderator", "/samples").json()["samples"]
    removed = evidence(house, "conversation removed")[-1]["detail"]

    assert (gone["stripped"], gone["deleted"]) == (1, 0)
    assert "bare words stay" in gone["said"]
    assert left["text"].splitlines()[:2] == ["How do I reset?", "Press R."]
    assert left["month"] in ("", "2024-03")
    assert [w for w in (number, ada.tag, "Ada", "acme", "2024-03-10") if w in str(left)] == []
    assert removed["way"] == "words without their owner"
    assert "conversation" not in {r["data"] for r in ada.sees()["records"]}
    assert house.get("front-job", "/samples").status_code == 403
    assert house.get("cara-support", "/samples").status_code == 403


@pytest.mark.clause("engagesmarter-8.19")
def test_a_doubt_deletes_all_of_it_and_so_does_a_test_that_fails(
    engage: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = user(engage)
    doubtful = started(ada, "my neighbour tim hall at 4 elm row in Bergen is ill")
    plain = started(ada, "How do I sign in?")
    first = erased(ada, doubtful).json()
    removed = evidence(engage, "conversation removed")[-1]["detail"]

    def broken(*args: Any, **more: Any) -> Any:
        raise TimeoutError

    monkeypatch.setattr("troth.gate.anonymity.residual", broken)
    second = erased(ada, plain).json()

    assert (first["stripped"], first["deleted"]) == (0, 1)
    assert removed["residual"] == ["LOCATION", "RARE"]
    assert removed["way"] == "full deletion"
    assert (second["deleted"], second["doubts"]) == (1, {"UNFINISHED": 1})
    assert engage.get("mia-moderator", "/samples").json()["samples"] == []
    assert [engage.on_disk(w) for w in ("tim hall", "elm row", "Tim Hall", "Elm Row")] == [[], [], [], []]


@pytest.mark.clause("engagesmarter-8.20")
def test_colleagues_read_a_conversation_while_they_are_colleagues_and_nobody_else_does(
    engage: Deployment,
) -> None:
    ada, ben, zoe = (user(engage, f"{n}.example") for n in ("ada@acme", "ben@acme", "zoe@borel"))
    notice = engage.person(ada.mail)
    notice.sign_in()
    before = notice.get("/a/helpdesk").text
    acme(engage, ada, ben)
    engage.post(zoe.token, "/people/me/organisation", {"name": "Borel"})
    number = started(ada, "How do I sign in?")
    path = f"/people/me/organisation/conversations/{number}"
    listed = engage.get(ben.token, "/people/me/organisation/conversations").json()["conversations"]
    read, foreign = engage.get(ben.token, path), engage.get(zoe.token, path)
    engage.call(ben.token, "DELETE", "/people/me/organisation")
    left = engage.get(ben.token, path)

    assert "somebody of your organisation" in before
    assert "Who may read it" in before
    assert [c["number"] for c in listed] == [number]
    assert read.json()["turns"][0]["fields"]["input"] == "How do I sign in?"
    assert foreign.status_code == 404
    assert left.status_code in (403, 404)
    assert "How do I sign in?" not in left.text


@pytest.mark.clause("engagesmarter-8.21")
def test_nobody_in_an_organisation_reads_more_or_less_than_another(engage: Deployment) -> None:
    ada, ben, kim = (user(engage, f"{n}@acme.example") for n in ("ada", "ben", "kim"))
    acme(engage, ada, ben)
    number = started(ada, "How do I sign in?")
    acme_number = engage.get(ada.token, "/people/me/organisation").json()["number"]
    engage.post(ada.token, "/people/me/organisation/invitations", {"email": kim.mail})
    ticket = engage.mails(kim.mail)[-1].text.split("/join/")[1].split()[0]
    engage.post(kim.token, "/people/me/organisation/join", {"ticket": ticket})
    rid = held(ada, number).json()["turns"][0]["rid"]
    private = engage.call(ada.token, "PATCH", f"/people/me/records/{rid}", {"fields": {"private": True}})
    ranked = engage.post(
        ada.token, "/people/me/organisation/invitations", {"email": "x@acme.example", "role": "reader"}
    )
    lists = [
        engage.get(one.token, "/people/me/organisation/conversations").json()["conversations"]
        for one in (ben, kim)
    ]

    assert private.status_code == 422
    assert private.json()["fields"] == ["private"]
    assert "8" in {c["ref"] for c in private.json()["clauses"]}
    assert ranked.status_code == 422
    assert ranked.json()["fields"] == ["role"]
    assert lists[0] == lists[1]
    assert [c["number"] for c in lists[0]] == [number]
    assert acme_number


@pytest.mark.clause("engagesmarter-14.5")
def test_conversations_end_thirty_days_after_the_terms_and_can_be_taken_along_till_then(
    engage: Deployment,
) -> None:
    ada, ben, zoe = (user(engage, f"{n}.example") for n in ("ada@acme", "ben@acme", "zoe@borel"))
    acme(engage, ada, ben)
    for one in (ada, ben, zoe):
        started(one, "How do I sign in?")
    engage.at("2024-06-30T12:00:00+01:00")
    number = engage.get(ada.sign_in().token, "/people/me/organisation").json()["number"]
    engage.post("otto-officer", f"/people/{ben.tag}/facts", {"name": "claim", "holds": True})
    noted = engage.post("terms-job", f"/organisations/{number}/events", {"name": "terms-ended"})
    letter = engage.mails(ada.mail)[-1].text
    engage.at("2024-07-15T12:00:00+01:00").sweep()
    for one in (ada, zoe):
        one.sign_in()
    taken = engage.get(ada.token, "/people/me/export").json()["export"]["records"]
    asked, other = asks(ada, "And now?"), asks(zoe, "How do I sign out?")
    engage.at("2024-07-30T23:00:00+01:00").sweep()
    before = owners(engage, "conversation")
    engage.at("2024-07-31T00:30:00+01:00").sweep()
    after = owners(engage, "conversation")

    assert noted.json()["said"] == "noted for 2"
    assert "kept until 2024-07-30" in letter
    assert [r["values"]["input"] for r in taken if r["data"] == "conversation"] == ["How do I sign in?"]
    assert (asked.status_code, other.status_code) == (403, 200)
    assert sorted(before.values()) == [1, 1, 2]
    assert sorted(after.values()) == [1, 2]
    assert conversations(ada.sign_in()) == []
    assert len(conversations(zoe.sign_in())) == 2


def test_what_the_scrubber_missed_its_author_takes_out_of_store_and_samples_alike(
    deploy: Callable[..., Deployment],
) -> None:
    def everything(folder: Path) -> None:
        path = folder / "policy.md"
        path.write_text(
            path.read_text("utf-8").replace("anonymous 5 percent", "anonymous 100 percent"), "utf-8"
        )

    house = deploy("engagesmarter", edit=everything, askers=ENGAGE, now=START)
    ada, ben = user(house), user(house, "ben@acme.example")
    number, later = started(ada, "How do I sign in to the school?"), started(ben, "How do I sign out?")
    house.at("2024-03-11T02:00:00+00:00")
    house.post("mia-moderator", "/samples/draws", {})
    before = house.get("mia-moderator", "/samples").json()["samples"]
    path = f"/people/me/conversations/{number}/missed"
    ada.sign_in()
    odd = house.post(ada.token, path, {"text": "zeppelin"})
    short = house.post(ada.token, path, {"text": "r"})
    foreign = house.post(ben.sign_in().token, path, {"text": "the school"})
    done = house.post(ada.token, path, {"text": "The School"})
    left = house.get("mia-moderator", "/samples").json()["samples"]
    turn = held(ada, number).json()["turns"][0]["fields"]
    gone = erased(ada, number).json()

    assert sorted(s["text"].splitlines()[0] for s in before) == [
        "How do I sign in to the school?",
        "How do I sign out?",
    ]
    assert [a.status_code for a in (odd, short, foreign, done)] == [422, 422, 404, 200]
    assert turn["input"] == "How do I sign in to [REMOVED_1]?"
    assert [s["text"].splitlines()[0] for s in left] == ["How do I sign out?"]
    assert gone["doubts"] == {"FLAGGED": 1}
    assert held(ben, later).status_code == 200


@pytest.mark.clause("engagesmarter-8.10")
def test_how_much_the_scrubber_finds_stands_on_a_page_and_what_it_missed_can_be_taken_out(
    engage: Deployment,
) -> None:
    code, out, _ = engage.cli("scrub", "--measure", "--json")
    kinds = {k["kind"]: k for k in json.loads(out)}
    page = engage.person().get("/masking").text
    person = re.search(r"a name</th>.*?>(\d+) %</td>.*?>(\d+) %</td>.*?>(\d+)</td>", page)
    ada = user(engage)
    number = started(ada, "the zeppelin cannot sign in")
    before = held(ada, number).json()["turns"][0]["fields"]["input"]
    reported = engage.post(ada.token, f"/people/me/conversations/{number}/missed", {"text": "zeppelin"})
    after = held(ada, number).json()["turns"][0]["fields"]["input"]

    assert code == 0
    assert 0 < kinds["ALL"]["recall"] < 1
    assert person is not None
    assert [int(n) for n in person.groups()] == [
        round(100 * kinds["PERSON"]["recall"]),
        round(100 * kinds["PERSON"]["precision"]),
        kinds["PERSON"]["there"],
    ]
    assert "/engagesmarter/masking" in engage.person().get("/a/helpdesk").text
    assert "zeppelin" in before
    assert reported.status_code == 200
    assert after == "the [REMOVED_1] cannot sign in"
