"""Moderation at the second company: drawn by chance, nobody's any more, seen by moderators alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, asks, user
from deployment import Asker, Deployment, Person
from devices import shown
from living import Life

PLAIN = "How do I sign in?"
ILL = "I have diabetes. How do I sign in?"
NAMED = "my neighbour tim hall at elm row cannot sign in"
ROWS = (
    "elm yew larch rowan alder hazel aspen juniper spruce linden poplar hornbeam".split()
)  # one for each author
AUTHORS, EACH = 12, 17  # twelve make a crowd; 17 messages are under the pace of one visitor
MORE = (
    Asker("moe-moderator", "staff", roles=("moderator",)),
    Asker("sales-job", "job", purposes=("care", "statistics")),
)


def talk(house: Deployment, authors: list[Life], *, each: int = EACH) -> None:
    """Let each author have so many conversations: most plain, one delicate, one that names somebody."""
    for author, row in zip(authors, cycle(ROWS), strict=False):
        named = NAMED.replace("elm", row)  # what twelve people said alike would be nobody's
        for n in range(each):
            told = asks(author, {3: ILL, 5: named}.get(n, PLAIN))
            assert told.status_code == 200, told.text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Deployment, list[Life], Any]]:
    """Serve a company whose conversations of one day were drawn from on the next, by seed 7."""
    home = tmp_path_factory.mktemp("engage")
    house = Deployment(home, "engagesmarter", (*ENGAGE, *MORE), now=datetime(2024, 3, 10, 10, tzinfo=UTC))
    authors = [user(house, f"u{n}@acme.example") for n in range(AUTHORS)]
    talk(house, authors)
    house.at("2024-03-11T02:00:00+00:00")
    answer = house.post("mia-moderator", "/samples/draws", {"seed": 7})
    yield house, authors, answer
    house.close()


def listed(house: Deployment, who: str = "mia-moderator", **query: str) -> list[Any]:
    answer = house.get(who, "/samples", **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["samples"])


def numbers(house: Deployment, author: Life) -> list[str]:
    """Return the numbers of an author's own conversations."""
    answer = house.get(author.sign_in().token, "/people/me/conversations")
    return [c["number"] for c in answer.json()["conversations"]]


@pytest.mark.clause("engagesmarter-8.11")
def test_five_in_a_hundred_are_drawn_by_a_seed_that_draws_the_same_again(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, _, answer = drawn
    first = answer.json()
    again = house.get("mia-moderator", f"/samples/draws/{first['number']}").json()
    noted = [
        e for e in house.get("otto-officer", "/evidence/entries").json()["entries"] if e["kind"] == "drawn"
    ]
    greater = house.post("mia-moderator", "/samples/draws", {"seed": 7, "rate": 6})

    assert answer.status_code == 201
    assert (first["frame"], first["drawn"]) == (AUTHORS * EACH, AUTHORS * EACH * 5 // 100)
    assert again["fingerprint"] == first["fingerprint"]
    assert again["drawn"] == first["drawn"]
    assert [e["detail"]["seed"] for e in noted] == [7]
    assert greater.status_code == 422
    assert greater.json()["fields"] == ["rate"]


@pytest.mark.clause("engagesmarter-8.11")
def test_a_conversation_that_was_not_drawn_is_read_by_no_moderator(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, authors, _ = drawn
    number = numbers(house, authors[0])[0]
    looked = house.get(
        "mia-moderator",
        f"/people/{authors[0].tag}/records",
        data="conversation",
        purpose="moderation",
        reason="a look",
    )
    guessed = house.get("mia-moderator", f"/samples/{number}")

    assert looked.status_code == 403
    assert looked.json()["clause"] == "8"
    assert guessed.status_code == 404


@pytest.mark.clause("engagesmarter-8.12")
def test_a_sample_serves_to_watch_measure_and_improve_and_nothing_else(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, _, _ = drawn
    one = listed(house, made="real")[0]["sample"]
    marked = house.post("mia-moderator", f"/samples/{one}/marks", {"verdict": "wrong", "note": "too long"})
    task = house.post("mia-moderator", f"/samples/{one}/tasks", {"text": "say where the button is"})
    sales = house.get("sales-job", "/samples")
    support = house.get("cara-support", "/samples")
    assessing = house.get("mia-moderator", "/samples", purpose="care")
    odd = house.post("mia-moderator", f"/samples/{one}/marks", {"verdict": "lazy"})

    assert (marked.status_code, task.status_code) == (201, 201)
    assert task.json()["mine"] == {
        "verdict": "wrong",
        "note": "too long",
        "task": "say where the button is",
    }
    assert [r.status_code for r in (sales, support, assessing, odd)] == [403, 403, 403, 422]
    assert sales.json()["clause"] == "8"
    assert support.json()["clause"] == "8"


@pytest.mark.clause("engagesmarter-8.13")
def test_what_marks_add_up_to_is_told_to_users_without_a_text(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, _, _ = drawn
    for n, one in enumerate(listed(house, made="real")[:4]):
        for who in ("mia-moderator", "moe-moderator"):
            verdict = "wrong" if n == 0 or (n == 1 and who[1] == "i") else "right"
            house.post(who, f"/samples/{one['sample']}/marks", {"verdict": verdict})
    zoe = user(house, "zoe@borel.example")
    told = house.get(zoe.token, "/samples/quality")
    behind = house.get(zoe.token, "/samples")
    real = next(q for q in told.json()["quality"] if q["made"] == "real")

    assert told.status_code == 200
    assert real["samples"] == 4
    assert real["verdicts"] == {"right": 5, "wrong": 3}
    assert real["agreement"] == pytest.approx(0.467, abs=0.001)
    assert PLAIN not in told.text
    assert behind.status_code == 403


@pytest.mark.clause("engagesmarter-8.14")
def test_a_sample_leads_to_nobody_and_what_leaves_a_doubt_is_withheld_and_counted(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, authors, answer = drawn
    first, found = answer.json(), listed(house, made="real")
    known, told = [n for a in authors[:3] for n in numbers(house, a)], str(found)
    texts = str(
        [{name: said for name, said in s.items() if name != "sample"} for s in found]
    )  # not its number

    assert 0 < first["kept"] == len(found)
    assert first["kept"] + max(first["withheld"].values(), default=0) <= first["drawn"]
    assert {s["month"] for s in found} == {"2024-03"}
    assert [n for n in known if n in told] == []
    assert [w for w in ("acme", "Ada", "Quill", "2024-03-1", "diabetes", "tim", *ROWS) if w in texts] == []
    assert {house.get("otto-officer", f"/samples/{s['sample']}/source").status_code for s in found} == {404}
    assert house.get("mia-moderator", f"/people/{found[0]['sample']}/records").status_code in (403, 422)


@pytest.mark.clause("engagesmarter-8.14", "engagesmarter-5.7")
def test_every_conversation_of_which_a_doubt_is_left_stays_out_of_the_pool(
    deploy: Any, tmp_path: Path
) -> None:
    def all_of_them(folder: Path) -> None:
        path = folder / "policy.md"
        path.write_text(path.read_text("utf-8").replace("as anonymous 5 percent", "as anonymous 100 percent"))

    house = deploy(
        "engagesmarter", edit=all_of_them, askers=ENGAGE, now=datetime(2024, 3, 10, 10, tzinfo=UTC)
    )
    ada = user(house)
    told = asks(ada, ILL)
    ada.tells("identity", "register", first="Ada", last="Quill", username="old school")
    for text in (NAMED, "the old school cannot sign in", PLAIN, "the zeppelin cannot sign in"):
        asks(ada, text)
    house.at("2024-03-11T02:00:00+00:00")
    drew = house.post("mia-moderator", "/samples/draws", {}).json()
    (left,) = listed(house)

    assert told.json()["troth"]["warned"] == ["health"]
    assert (drew["drawn"], drew["kept"]) == (5, 1)
    assert left["text"].startswith(PLAIN)
    assert left["month"] == ""
    assert left["agent"] == ""
    assert drew["withheld"]["SPECIAL"] == 1
    assert drew["withheld"]["KNOWN"] == 1
    assert drew["withheld"]["RARE"] >= 3


@pytest.mark.clause("engagesmarter-8.14")
def test_whoever_objects_to_being_sampled_is_in_no_frame(engage: Deployment) -> None:
    ada, ben = user(engage), user(engage, "ben@acme.example")
    for one in (ada, ben):
        asks(one, PLAIN)
    engage.post(ada.token, "/people/me/objections", {"purpose": "moderation"})
    engage.at("2024-03-11T02:00:00+00:00")
    drew = engage.post("mia-moderator", "/samples/draws", {}).json()

    assert drew["frame"] == 1


@pytest.mark.clause("engagesmarter-8.15")
def test_made_up_conversations_are_marked_as_such_and_none_is_made_from_a_real_one(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, _, _ = drawn
    made = house.post("mia-moderator", "/samples/made", {"agent": "helpdesk", "many": 10, "seed": 3})
    found = listed(house)
    one = made.json()["samples"][0]
    house.post("mia-moderator", f"/samples/{one}/marks", {"verdict": "right"})
    quality = house.get("mia-moderator", "/samples/quality").json()["quality"]
    real = house.post("mia-moderator", "/samples/made", {"agent": "helpdesk", "conversation": "c-12345678"})

    assert made.status_code == 201
    assert len([s for s in found if s["made"] == "synthetic"]) == 10
    assert {s["made"] for s in found} == {"real", "synthetic"}
    assert [q["made"] for q in quality] == ["real", "synthetic"]
    assert quality[1]["verdicts"] == {"right": 1}
    assert real.status_code == 422
    assert real.json()["fields"] == ["conversation"]


@pytest.mark.clause("engagesmarter-8.11", "engagesmarter-8.12")
def test_a_moderator_works_the_queue_in_the_console_and_others_of_the_staff_see_no_text_there(
    drawn: tuple[Deployment, list[Life], Any],
) -> None:
    house, _, _ = drawn
    house.later(minutes=2)
    mia, cara = desk(house, "mia-moderator"), desk(house, "cara-support")
    one = listed(house, made="real")[-1]["sample"]
    before = mia.get("/console/moderation", show="real").text
    after = mia.post(f"/console/moderation/{one}", {"verdict": "unsafe"}, "/console/moderation")
    nothing = mia.post(f"/console/moderation/{one}", {}, "/console/moderation")
    other = cara.get("/console/moderation")

    assert PLAIN in before
    assert "Marked." in after.text
    assert house.get("mia-moderator", f"/samples/{one}").json()["mine"]["verdict"] == "unsafe"
    assert nothing.status_code == 422
    assert other.status_code == 403
    assert PLAIN not in other.text


def desk(house: Deployment, who: str) -> Person:
    """Somebody of the staff with a browser, who came in by both factors."""
    person = house.person(f"{who}@engagesmarter.example")
    person.post("/console/signin", {"code": who, "second": shown(house.now)})
    return person


def test_a_sample_is_nobody_in_the_list_of_people(drawn: tuple[Deployment, list[Life], Any]) -> None:
    house, _, _ = drawn
    house.later(minutes=4)
    people = desk(house, "otto-officer").get("/console/people").text

    assert listed(house)
    assert [s["sample"] for s in listed(house) if s["sample"] in people] == []
