"""Numbers at the second company: about groups, about nobody, and personal again once set beside somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from acme import ENGAGE, user
from deployment import Deployment
from living import Life

START = datetime(2024, 5, 10, 10, tzinfo=UTC)
PEOPLE = 40


def uses(house: Deployment, n: int, *features: str) -> Life:
    """Begin somebody who lets use be counted, and note the features that they used."""
    life = user(house, f"u{n}@acme.example")
    life.agrees("better")
    for feature in features:
        noted(life, feature)
    return life


def noted(life: Life, feature: str) -> None:
    answer = life.noted(
        "number-job", "usage", "better", feature=feature, at="2024-05-10T10:00:00Z", session="s"
    )
    assert answer.status_code == 201, answer.text


def figures(house: Deployment, **query: str) -> Any:
    asked = {"data": "usage", "field": "feature", "purpose": "statistics", "ever": "yes", **query}
    return house.get("number-job", "/figures", **asked)


def told(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    return {f["value"]: (f["people"], f["percent"]) for f in answer.json()["figures"]}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Serve a company where 40 people used it: all read, 10 met agents, 3 a trial of something new."""
    home = tmp_path_factory.mktemp("counted")
    house = Deployment(home, "engagesmarter", ENGAGE, now=START)
    for n in range(PEOPLE):
        life = uses(house, n, "read", *(["agents"] if n < 10 else []), *(["beta"] if n < 3 else []))
        if n < 24:
            setting(life)
    yield house
    house.close()


def setting(life: Life) -> None:
    """Let somebody choose how the pages look."""
    answer = life.tells("profile", "care", setting="dark")
    assert answer.status_code == 201, answer.text


def evidence(house: Deployment) -> list[Any]:
    """Return every entry, page by page."""
    found: list[Any] = []
    while page := house.get("otto-officer", "/evidence/entries", start=str(len(found))).json()["entries"]:
        found += page
    return found


@pytest.mark.clause("engagesmarter-5.5")
def test_a_feature_is_told_as_a_share_and_a_few_as_fewer_than_ten(counted: Deployment) -> None:
    answer = figures(counted)
    found = {f["value"]: f["says"] for f in answer.json()["figures"]}
    tags = [
        t
        for n in range(3)
        if (
            t := counted.post(
                "front-job", "/people/find", {"kind": "email", "value": f"u{n}@acme.example"}
            ).json()["tag"]
        )
    ]

    assert answer.json()["people"] == PEOPLE
    assert found["agents"] == "25 percent"
    assert found["beta"].startswith("fewer than 10")
    assert found["read"] == "100 percent"
    assert [t for t in tags if t in answer.text] == []


@pytest.mark.clause("engagesmarter-5.3")
def test_cells_of_ten_go_out_for_any_aim_and_rows_of_one_do_not(counted: Deployment) -> None:
    cells = told(figures(counted))
    rows = counted.get("number-job", "/use", data="usage", purpose="statistics", form="anonymous")
    shared = counted.post(
        "",
        "/decide",
        {
            "action": "share",
            "data": "usage",
            "field": "feature",
            "purpose": "statistics",
            "party": "reader",
            "form": "anonymous",
        },
    )
    whole = counted.post(
        "",
        "/decide",
        {"action": "share", "data": "usage", "field": "feature", "purpose": "statistics", "party": "reader"},
    )

    assert cells["agents"] == (10, 25)
    assert cells["beta"] == (None, None)
    assert rows.status_code == 403
    assert rows.json()["clause"] == "6"
    assert shared.json()["answer"] == "allowed"
    assert whole.json()["answer"] != "allowed"


@pytest.mark.clause("engagesmarter-5.4")
def test_two_numbers_are_never_told_that_differ_by_a_few_people_and_a_name_is_no_number(
    counted: Deployment,
) -> None:
    before = told(figures(counted))["read"]
    counted.at("2024-06-10T10:00:00+01:00")
    noted(uses(counted, PEOPLE), "read")
    same = told(figures(counted))["read"]
    may = figures(counted, month="2024-05")
    june = told(figures(counted, month="2024-06"))
    mail = figures(counted, data="contact", field="email")
    entries = evidence(counted)

    assert before == same == (PEOPLE, 100)
    assert june["read"] == (None, None)
    assert told(may)["read"] == (PEOPLE, 100)
    assert mail.status_code == 422
    assert [e for e in entries if e["kind"] == "figure told" and e["detail"]["people"] < 10] == []
    assert "figure told" in {e["kind"] for e in entries}


@pytest.mark.clause("engagesmarter-5.4")
def test_a_question_that_leaves_out_one_person_is_refused_and_names_the_clause(counted: Deployment) -> None:
    counted.at("2024-06-10T11:00:00+01:00")
    setting(Life(counted, f"u{24}@acme.example", "").sign_in())
    asked = {"data": "profile", "field": "setting"}
    first = told(figures(counted, **asked))["dark"]
    less = figures(counted, month="2024-05", **asked)

    assert first == (25, 100)
    assert less.status_code == 403
    assert less.json()["clause"] == "6"


@pytest.mark.clause("engagesmarter-5.6")
def test_a_number_set_beside_somebody_is_theirs_with_every_right(engage: Deployment) -> None:
    ada = user(engage)
    ada.agrees("recommend")
    kept = ada.noted("offer-job", "standing", "recommend", source="company", place="top-quarter")
    copy = engage.get(ada.token, "/people/me/export").json()["export"]["records"]
    shared = engage.get("number-job", "/figures", data="standing", field="place", purpose="statistics")
    rows = engage.get("number-job", "/use", data="standing", purpose="statistics")
    engage.post(ada.token, "/people/me/erasure", {"sure": True})
    after = ada.used("offer-job", "standing", "recommend")

    assert kept.status_code == 201
    assert [r["values"] for r in copy if r["data"] == "standing"] == [{"place": "top-quarter"}]
    assert (shared.status_code, rows.status_code) == (403, 403)
    assert after.status_code == 404
    assert engage.on_disk("top-quarter") == []


@pytest.mark.clause("engagesmarter-14.4")
def test_numbers_outlive_whoever_was_counted_and_lead_to_nobody(counted: Deployment) -> None:
    one = Life(counted, "u0@acme.example", "").sign_in()
    before = told(figures(counted))["agents"]
    gone = counted.post(one.token, "/people/me/erasure", {"sure": True})
    counted.sweep()
    after = told(figures(counted))["agents"]
    tag = counted.post("front-job", "/people/find", {"kind": "email", "value": "u0@acme.example"})
    rows = counted.get("number-job", "/use", data="usage", purpose="statistics", form="pseudonymous")

    assert before == after == (10, 25)
    assert gone.status_code == 200
    assert tag.status_code == 404
    assert rows.json().get("rows", []) == [] or rows.status_code == 403
