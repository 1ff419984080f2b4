"""Desk: what staff meet; tags and numbers, and no door without the key."""

from __future__ import annotations

from typing import Any

import pytest

PAGES = ("", "requests", "people", "forecast", "disclosures", "evidence", "explain", "flows", "outbox")


@pytest.mark.parametrize("page", [*PAGES[1:], "forecast.csv", "proof/0.json"])
def test_no_page_of_the_console_opens_without_its_key(person: Any, page: str) -> None:
    person.walk()

    assert person.web.get(f"/smoc/console/{page}").status_code == 401


def test_the_key_opens_and_five_wrong_ones_close_the_door(person: Any) -> None:
    wrong = [person.web.post("/smoc/console/signin", data={"code": "guess"}).status_code for _ in range(10)]

    assert wrong == [422] * 5 + [429] * 5
    assert person.staff().status_code == 429


def test_the_console_names_nobody_but_in_the_outbox(person: Any, house: Any) -> None:
    person.walk()
    tag = house.company.gate.tag(person=person.number)
    person.web.cookies.clear()
    opened = person.staff()
    shown = {page: person.web.get(f"/smoc/console/{page}").text for page in PAGES}

    assert opened.url.path == "/smoc/console/"
    assert tag in shown["people"]
    assert not any("kari@example.no" in text for page, text in shown.items() if page != "outbox")
    assert "<svg" in shown["forecast"]
    assert person.web.get("/smoc/console/forecast.csv").text.startswith("day,goes,left")


def test_explain_names_the_clause_and_the_smallest_change_to_a_yes(person: Any) -> None:
    person.staff()
    ask = "/smoc/console/explain?action=use&data=contact&purpose=news&member=bryggen-kaffe"
    refused = person.web.get(ask).text
    allowed = person.web.get(f"{ask}&consent=news&fact=instructed&age=34").text

    assert "The smallest change to a yes:" in refused
    assert "news(bryggen-kaffe)" in refused
    assert '<span class="tag on">allowed</span>' in allowed


def test_a_sweep_from_the_desk_lets_go_of_what_is_due(person: Any, house: Any) -> None:
    person.walk()
    house.later(days=400)
    person.web.cookies.clear()
    person.staff()
    swept = person.act("/console/sweep", "/console/")

    assert "Swept:" in swept.text
    assert house.company.gate.find(kind="email", value="kari@example.no") is None


def test_a_proof_is_given_for_a_line_and_refused_for_none(person: Any) -> None:
    person.walk()
    person.staff()

    assert person.web.get("/smoc/console/proof/0.json").json()["index"] == 0
    assert person.web.get("/smoc/console/proof/99999.json").status_code == 404
    assert person.web.get("/smoc/console/proof/x.json").status_code == 404


def test_a_flow_with_a_problem_is_listed_with_its_line_and_not_served(person: Any, house: Any) -> None:
    person.staff()
    text = person.web.get("/smoc/console/flows").text

    assert "draft" in text
    assert "/smoc/f/winter?preview=1" in text
    assert "embed.js" in text


def test_a_file_opens_to_a_role_with_a_reason_and_the_person_sees_who_looked(person: Any, house: Any) -> None:
    person.walk()
    gate, number = house.company.gate, person.number
    tag = gate.tag(person=number)
    person.web.cookies.clear()
    person.staff()
    path, door = f"/console/people/{tag}", {"door": "support contact help", "reason": "case 21"}
    without = person.act(path, path, **{**door, "reason": " "})
    closed = person.act(path, path, **door)
    gate.raise_fact(person=number, name="case-open")
    opened = person.act(path, path, **door)
    beyond = person.act(path, path, door="security visit safety", reason="curious")

    assert without.status_code == 400
    assert closed.status_code == 403
    assert "kari@example.no" in opened.text
    assert beyond.status_code == 400
    assert any(d.party == "support" for d in gate.access(person=number).disclosures)


def test_a_request_is_answered_from_the_desk(person: Any, house: Any) -> None:
    person.walk()
    gate, number = house.company.gate, person.number
    asked = gate.ask(person=number, right="access")
    person.web.cookies.clear()
    person.staff()
    path = f"/console/people/{asked.tag}/answer"
    done = person.act(path, "/console/requests", number=asked.number, outcome="granted", text="Here it is.")

    assert "Answered." in done.text
    assert gate.access(person=number).requests[0].answered is not None


def test_the_ledger_is_recomputed_from_the_desk(person: Any) -> None:
    person.walk()
    person.staff()
    told = person.act("/console/evidence", "/console/evidence")

    assert "The ledger holds" in told.text
