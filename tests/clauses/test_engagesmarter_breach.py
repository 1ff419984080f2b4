"""A breach at the second company: whom it touches, who must hear of it by when, and what is written down."""

from __future__ import annotations

from typing import Any

import pytest
from acme import ENGAGE, user
from deployment import Deployment

MANY = 30
OPENED = {"since": "2024-03-01T10:00:00Z", "until": "2024-03-01T10:20:00Z", "staff": "cara-support"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The second company after Cara's stolen stay read thirty profiles, and she herself one more before."""
    made = Deployment(tmp_path_factory.mktemp("breach"), "engagesmarter", ENGAGE)
    made.at("2024-03-01T09:30:00+00:00")
    people = [user(made, f"u{n}@acme.example") for n in range(MANY + 1)]
    for one in people:
        made.post("front-job", f"/people/{one.tag}/facts", {"name": "case-open"})
    read(made, people[MANY].tag)
    made.at("2024-03-01T10:05:00+00:00")
    for one in people[:MANY]:
        read(made, one.tag)
    made.at("2024-03-01T10:30:00+00:00")
    made.tags = [one.tag for one in people]  # type: ignore[attr-defined]
    made.mails_of = [one.mail for one in people]  # type: ignore[attr-defined]
    yield made
    made.close()


def read(house: Deployment, tag: str) -> None:
    """Let Cara look at one person's names."""
    asked = {"data": "identity", "purpose": "care", "field": "first", "reason": "their letter"}
    answer = house.get("cara-support", f"/people/{tag}/records", **asked)
    assert answer.status_code == 200, answer.text


def opened(house: Deployment, **more: str) -> Any:
    """Open a case about Cara's stay, of which we became aware now."""
    answer = house.post("otto-officer", "/breaches", {"what": "A stay was stolen", **OPENED, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def rated(house: Deployment, number: str, risk: str, **more: str) -> Any:
    said = {"risk": risk, "reason": "names were read by a stranger", **more}
    return house.post("otto-officer", f"/breaches/{number}/assessment", said)


def told(house: Deployment, number: str, to: str, **more: Any) -> Any:
    return house.post("otto-officer", f"/breaches/{number}/notices", {"to": to, **more})


WHOLE = {"effects": "Strangers may write to you by name", "measures": "The stay was ended, its key changed"}


@pytest.mark.clause("engagesmarter-13.7")
def test_a_case_names_exactly_those_whom_the_stolen_stay_saw_and_closes_only_once_described(
    house: Deployment,
) -> None:
    case = opened(house)
    early = house.post("otto-officer", f"/breaches/{case['number']}/close", {})
    rated(house, case["number"], "unlikely", effects=WHOLE["effects"])
    half = house.post("otto-officer", f"/breaches/{case['number']}/close", {})
    rated(house, case["number"], "unlikely", measures=WHOLE["measures"])
    done = house.post("otto-officer", f"/breaches/{case['number']}/close", {})
    register = house.get("otto-officer", "/breaches").json()["breaches"]

    assert {a["tag"] for a in case["affected"]} == set(house.tags[:MANY])  # type: ignore[attr-defined]
    assert {tuple(a["data"]) for a in case["affected"]} == {("identity",)}
    assert (early.status_code, half.status_code) == (422, 422)
    assert half.json()["fields"] == ["measures"]
    assert done.status_code == 200
    assert [s["what"] for s in register[0]["steps"]] == ["opened", "assessed", "assessed", "closed"]
    assert house.get("cara-support", "/breaches").status_code == 403
    assert house.on_disk("A stay was stolen") == []


@pytest.mark.clause("engagesmarter-13.8")
def test_the_authority_hears_within_72_hours_of_awareness_or_gets_the_reasons_for_the_delay(
    house: Deployment,
) -> None:
    case = opened(house, aware="2024-03-01T09:00:00Z")
    likely = rated(house, case["number"], "likely").json()
    draft = house.get("otto-officer", f"/breaches/{case['number']}/drafts").json()["authority"]
    house.at("2024-03-04T09:01:00+00:00")
    late = told(house, case["number"], "authority")
    reasoned = told(house, case["number"], "authority", late="the log was read over the weekend")
    other = opened(house, aware="2024-03-01T09:00:00Z")
    bare = house.post("otto-officer", f"/breaches/{other['number']}/assessment", {"risk": "unlikely"})
    unlikely = rated(house, other["number"], "unlikely").json()

    assert case["due"] == likely["due"] == "2024-03-04T09:00:00Z"
    assert "about: 30" in draft
    assert "Engage Smarter Ltd" in draft
    assert (late.status_code, late.json()["fields"]) == (422, ["late"])
    assert reasoned.status_code == 200
    assert bare.status_code == 422
    assert unlikely["due"] is None
    assert other["number"] in {b["number"] for b in house.get("otto-officer", "/breaches").json()["breaches"]}


@pytest.mark.clause("engagesmarter-13.9")
def test_each_person_affected_hears_of_a_high_risk_whatever_they_opted_out_of_and_nobody_else_does(
    house: Deployment,
) -> None:
    case = opened(house)
    stopped = house.token("u1@acme.example")
    house.post(stopped, "/people/me/objections", {"purpose": "direct marketing"})
    house.post(stopped, "/people/me/restrictions", {"data": "contact", "case": "accuracy"})
    rated(house, case["number"], "likely", **WHOLE)
    before = len(house.mails())
    refused = told(house, case["number"], "people")
    none = len(house.mails())
    rated(house, case["number"], "high", advice="Be wary of letters", **WHOLE)
    sent = told(house, case["number"], "people")
    again = told(house, case["number"], "people")
    mails = [m for m in house.mails() if m.subject == "A breach that touches your data"]

    assert (refused.status_code, none) == (409, before)
    assert sent.status_code == again.status_code == 200
    assert sorted(m.to for m in mails) == sorted(house.mails_of[:MANY])  # type: ignore[attr-defined]
    assert all(w in mails[0].text for w in (*WHOLE.values(), "Be wary", "Engage Smarter Ltd", "privacy@"))
    assert house.post("otto-officer", f"/breaches/{case['number']}/close", {}).status_code == 409
