"""How people come in at the second company: the page, the version they accept, and a survey."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from acme import ENGAGE, VERSION, user
from deployment import Deployment

MAIL = "ada@acme.example"
COMES = {"adult": "18", "first": "Ada", "last": "Quill", "title": "", "mail": MAIL, "tips": "no"}


def renewed(version: str) -> Callable[[Path], None]:
    """Return a change of the folder: a new version of the same document."""

    def edit(folder: Path) -> None:
        path = folder / "policy.md"
        text = path.read_text("utf-8")
        line = f"version {VERSION} since {VERSION}"
        assert line in text
        path.write_text(text.replace(line, f"version {version} since {version}"), "utf-8")

    return edit


def noticed(house: Deployment, token: str) -> list[str]:
    """Return the versions that a person accepted."""
    acts = house.get(token, "/people/me/consents").json()["history"]
    return [a["name"] for a in acts if a["kind"] == "notice"]


def test_somebody_signs_up_by_four_answers_under_the_version_they_were_shown(engage: Deployment) -> None:
    person = engage.person(MAIL)
    first = person.get("/f/register").text
    last = person.talk("register", COMES)
    token = engage.token(MAIL)
    held = engage.get(token, "/people/me").json()["records"]
    found = {n: v for r in held if r["data"] in ("identity", "contact") for n, v in r["fields"].items()}
    again = engage.post(token, "/people/me/consents", {"name": "tips"})

    assert "checked" not in first
    assert "This conversation has ended" in last.text
    assert found == {"adult": "18", "first": "Ada", "last": "Quill", "email": MAIL}
    assert noticed(engage, token) == [VERSION]
    assert again.status_code == 422


def test_who_does_not_say_that_they_are_of_age_gets_no_account(engage: Deployment) -> None:
    vic = engage.person("vic@acme.example")
    stuck = vic.talk("register", {"adult": ""})
    tag = engage.post("front-job", "/people", {"who": {"kind": "email", "value": "bo@acme.example"}}).json()
    young = engage.post(
        "front-job",
        f"/people/{tag['tag']}/records",
        {
            "data": "identity",
            "purpose": "register",
            "fields": {"first": "Bo", "last": "Hart"},
            "source": "person",
        },
    )

    assert 'name="step" value="adult"' in stuck.text
    assert young.status_code == 403
    assert "age at least 18" in young.json()["missing"]
    assert engage.post("front-job", "/people/find", {"kind": "email", "value": vic.mail}).status_code == 404


def test_a_new_version_stops_what_is_asked_for_until_it_is_accepted_and_no_right(
    engage: Deployment,
) -> None:
    ada = user(engage)
    engage.at("2024-06-01T12:00:00+01:00")
    engage.close()
    renewed("2024-06-01")(engage.home)
    engage.open()
    ada.sign_in()
    stopped = ada.tells("profile", "care", setting="dark")
    rights: list[Any] = [
        engage.get(ada.token, "/people/me/export"),
        engage.post(ada.token, "/people/me/requests", {"right": "access"}),
        engage.post(ada.token, "/people/me/consents", {"name": "tips", "given": False}),
    ]
    accepted = engage.post(ada.token, "/people/me/notice", {"version": "2024-06-01"})
    goes_on = ada.tells("profile", "care", setting="dark")
    standing = engage.get(ada.token, "/people/me/consents").json()["consents"]

    assert stopped.status_code == 403
    assert "notice accepted" in stopped.json()["missing"]
    assert [r.status_code for r in rights] == [200, 201, 200]
    assert accepted.status_code == 200
    assert goes_on.status_code == 201
    assert [c["name"] for c in standing if c["given"]] == []
    assert noticed(engage, ada.token) == [VERSION, "2024-06-01"]


def test_survey_answers_are_kept_on_a_yes_and_gone_when_it_is_taken_back(
    engage: Deployment,
) -> None:
    box = {"consent": "yes"}
    says = {"use": ("work", {**box, "years": "18"}), "verdict": ("fine", box), "words": ("faster", box)}
    user(engage)
    ada, ben = engage.person(MAIL), engage.person("ben@acme.example")
    ada.sign_in()
    told = ada.talk("feedback", says)
    silent = ben.talk("feedback", {"use": "work", "verdict": "fine", "words": ""})
    held = engage.get(engage.token(MAIL), "/people/me/records", data="profile").json()["records"]
    fields = [{n: v for n, v in r["fields"].items() if n not in ("flow", "step")} for r in held]
    token = engage.token(MAIL)
    engage.post(token, "/people/me/consents", {"name": "survey", "given": False})
    engage.later(minutes=1).sweep()
    left = engage.get(token, "/people/me/records", data="profile").json()["records"]

    assert "not stored" not in told.text
    assert "not stored" in silent.text
    assert fields == [{"use": "work"}, {"verdict": "fine"}, {"answer": "faster"}]
    assert {r["fields"]["flow"] for r in held} == {"feedback"}
    assert left == []


def test_both_companies_are_served_side_by_side_from_one_folder_each(deploy: Any) -> None:
    engage, smoc = deploy("engagesmarter", askers=ENGAGE), deploy("smoc")

    assert engage.web.get("/engagesmarter/").status_code == 200
    assert smoc.web.get("/smoc/").status_code == 200
    assert engage.web.get("/engagesmarter/privacy.json").json()["controllers"][0]["name"] == (
        "Engage Smarter Ltd"
    )
