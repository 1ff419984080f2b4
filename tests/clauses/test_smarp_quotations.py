"""Quotations: exactly the words that somebody let us print, while they let us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from deployment import Asker, Deployment, Person
from rooms import SMARP, Member

MAIJA = "maija@firm.example"


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    about = next(a for a in SMARP if a.name == "sini-sales").about
    mona = Asker("mona-marketing", "staff", roles=("marketing",), about=about)
    served = Deployment(
        tmp_path_factory.mktemp("smarp"), "smarp", (*SMARP, mona), now=datetime(2025, 3, 7, 8, tzinfo=UTC)
    )
    yield served
    served.close()


def maija(house: Deployment) -> Member:
    """Let Maija write a letter, which makes her known, and sign in by her address."""
    person: Person = house.person(MAIJA)
    person.web.post("/smarp/contact", data={"email": MAIJA, "text": "Great tool"})
    person.sign_in()
    return Member(person)


@pytest.mark.clause("smarp-9.3")
def test_exactly_the_words_that_were_permitted_stand_on_the_page_until_they_are_taken_back(
    house: Deployment,
) -> None:
    her = maija(house)
    unasked = her.post("/voices", "/voices", text="Great tool")
    her.post("/voices", "/voices", text="Great tool", yes="yes")
    before = house.web.get("/smarp/voices")
    waiting = house.get("mona-marketing", "/quotations").json()["quotations"]
    path = f"/quotations/{waiting[0]['number']}/shown"
    changed = house.post("mona-marketing", path, {"text": "The greatest tool"})
    role = house.post("sini-sales", path, {"text": "Great tool"})
    done = house.post("mona-marketing", path, {"text": "Great tool"})
    after = house.web.get("/smarp/voices")
    house.post(house.token(MAIJA), "/people/me/consents", {"name": "quotation", "given": False})
    house.later(minutes=1)
    gone = house.web.get("/smarp/voices")
    again = house.post("mona-marketing", path, {"text": "Great tool"})

    assert unasked.status_code == 422
    assert "Great tool" not in before.text
    assert [(q["text"], q["name"]) for q in waiting] == [("Great tool", "")]
    assert (changed.status_code, role.status_code, done.status_code) == (422, 403, 200)
    assert "Great tool" in after.text
    assert "aija" not in after.text
    assert "no-store" in after.headers["cache-control"]
    assert "Great tool" not in gone.text
    assert again.status_code in (403, 404)


def test_without_a_yes_nobodys_words_are_taken(house: Deployment) -> None:
    her = maija(house)
    token = house.token(MAIJA)
    body = {"data": "quotation", "purpose": "quotation"}
    fields = {"text": "Great tool", "number": "q-1", "up": "yes"}
    taken = house.post(token, "/people/me/records", {**body, "fields": fields})

    assert taken.status_code == 403
    assert "Great tool" not in her.get("/voices").text.split("<form")[0]
