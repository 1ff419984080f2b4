"""What the second company knows: ten kinds and no others, and never what the law guards most."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from acme import ENGAGE, asks, paid, user
from deployment import COMPANIES, Deployment

from troth.cli import main

START = datetime(2024, 3, 10, 10, tzinfo=UTC)
ASKED = "## better\nSorry to hear that. What got in your way?\n"
KINDS = (
    "identity", "contact", "financial", "transaction", "conversation", "profile", "usage", "marketing",
    "devices", "content",
)  # fmt: skip


def replaced(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a change of one file of the folder."""

    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    return edit


def wrong(home: Path, edit: Callable[[Path], None]) -> str:
    """Return why a changed folder is not served, as its check says it."""
    copied = home / "changed"
    shutil.copytree(COMPANIES / "engagesmarter", copied)
    edit(copied)
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(("check", str(copied)))
    shutil.rmtree(copied)
    assert code == 1
    return out.getvalue()


@pytest.mark.clause("engagesmarter-5.1")
def test_every_field_is_of_one_declared_kind_and_no_other_field_is_taken(
    engage: Deployment, tmp_path: Path
) -> None:
    notice = engage.web.get("/engagesmarter/privacy.json").json()
    ada = user(engage)
    said = [d["name"] for d in notice["data"]]
    odd = ada.tells("identity", "register", first="Ada", last="Quill", employer="Acme")
    imported = ada.noted("front-job", "identity", "register", "person", employer="Acme")
    code, _, _ = engage.cli("publish", str(engage.home), "--out", str(tmp_path))
    listed = json.loads((tmp_path / "notice.json").read_text("utf-8"))["data"]

    assert [k for k in KINDS if k not in said] == []
    assert len(said) == len(set(said))
    assert odd.status_code == 422
    assert odd.json()["fields"] == ["employer"]
    assert imported.status_code == 422
    assert engage.on_disk("employer") == []
    assert code == 0
    assert {f["name"] for d in listed if d["name"] == "identity" for f in d["fields"]} >= {"first", "last"}
    assert all(d["fields"] for d in listed)


@pytest.mark.clause("engagesmarter-5.1")
def test_a_field_outside_every_kind_keeps_the_service_from_starting(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    edit = replaced("policy.md", "counter arrivals of", "employer text\ncounter arrivals of")
    asked = replaced("flows/feedback.md", "ask profile.verdict choice", "ask profile.mood choice")

    assert "policy.md" in wrong(tmp_path, edit)
    house = deploy("engagesmarter", edit=asked, askers=ENGAGE, now=START)
    assert house.person().get("/f/feedback").status_code == 404


@pytest.mark.clause("engagesmarter-5.2")
def test_a_profile_holds_settings_purchases_interests_and_answers_and_nothing_derived(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("survey")
    kept = ada.tells("profile", "survey", verdict="fine")
    score = ada.noted("front-job", "profile", "care", "company", **{"credit-score": "700"})
    copy = engage.get(ada.token, "/people/me/export").json()["export"]["records"]
    fields = {n for r in copy if r["data"] == "profile" for n in r["values"]}

    assert kept.status_code == 201
    assert score.status_code == 422
    assert score.json()["fields"] == ["credit-score"]
    assert fields == {"verdict"}


@pytest.mark.clause("engagesmarter-5.7")
def test_no_form_and_no_document_can_ask_for_a_special_category(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    marked = replaced(
        "policy.md", "  answer text optional\n", "  answer text optional\n  religion text special optional\n"
    )
    quiet = replaced(
        "policy.md", "  answer text optional\n", "  answer text optional\n  religion text optional\n"
    )
    tagged = replaced("flows/feedback.md", "on survey\n-> bye", "on survey about health\n-> bye")
    house = deploy("engagesmarter", edit=tagged, askers=ENGAGE, now=START)
    said = wrong(tmp_path, tagged)

    assert "special category" in wrong(tmp_path, marked)
    assert "'profile.religion' is called like religion, which §5 never collects" in wrong(tmp_path, quiet)
    assert house.person().get("/f/feedback").status_code == 404
    assert "asks about health" in said


@pytest.mark.clause("engagesmarter-5.7")
def test_what_is_typed_all_the_same_is_not_taken_by_a_form_and_warned_of_in_a_conversation(
    engage: Deployment,
) -> None:
    ada = user(engage)
    ada.agrees("survey")
    typed = ada.tells("profile", "survey", answer="I have diabetes")
    page = engage.person("vic@acme.example").talk(
        "feedback", {"use": "work", "verdict": "poor", "better": "I have diabetes"}
    )
    told = asks(ada, "I have diabetes. How do I sign in?").json()["troth"]
    copy = engage.get(ada.token, "/people/me/export").json()["export"]

    assert typed.status_code == 422
    assert "health" in typed.json()["detail"]
    assert "we take nothing on it" in page.text
    assert told["warned"] == ["health"]
    assert "health" not in {r["data"] for r in copy["records"]}
    assert '"health"' not in json.dumps([list(r["values"]) for r in copy["records"]])


@pytest.mark.clause("engagesmarter-5.8")
def test_nothing_is_asked_or_taken_in_on_convictions(
    deploy: Callable[..., Deployment], tmp_path: Path
) -> None:
    asked = replaced("flows/feedback.md", ASKED, "## better\nHave you ever been convicted of anything?\n")
    house = deploy("engagesmarter", edit=asked, askers=ENGAGE, now=START)
    said = wrong(tmp_path, asked)
    ada = user(house)
    before = ada.sees()["records"]
    row: dict[str, Any] = {"data": "identity", "fields": {"first": "Ada", "offence": "theft"}}
    brought = house.post(ada.token, "/people/me/portable", {"from": "Elsewhere", "records": [row]})
    noted = ada.noted("front-job", "identity", "register", "person", first="Ada", last="Q", offence="theft")
    declared = replaced("policy.md", "  born ", "  offence text optional\n  born ")

    assert "asks about offences" in said
    assert "§5" in said
    assert house.person().get("/f/feedback").status_code == 404
    assert noted.status_code == 422
    assert noted.json()["fields"] == ["offence"]
    assert brought.status_code in (200, 422)
    assert [r for r in ada.sees()["records"] if r not in before and "offence" in r["fields"]] == []
    assert house.on_disk("theft") == []
    assert "'identity.offence' is called like offences" in wrong(tmp_path, declared)


@pytest.mark.clause("engagesmarter-14.3")
def test_each_thing_held_says_whether_it_may_go_now_or_which_law_keeps_it(engage: Deployment) -> None:
    ada = user(engage)
    paid(ada)
    ada.agrees("survey")
    ada.tells("profile", "survey", verdict="fine")
    page = engage.person(ada.mail)
    page.sign_in()
    shown = page.get("/me").text
    held = {r["data"]: r for r in ada.sees()["records"]}
    gone = engage.post(ada.token, "/people/me/erasure", {"sure": True}).json()

    assert "erasable now" in shown
    assert "stays: Companies Act 2006 and tax law (UK), six years" in shown
    assert held["profile"]["erasable"] is True
    assert held["transaction"]["erasable"] is False
    assert held["transaction"]["lasts"][0]["article"] == "GDPR Art. 17(3)(b)"
    assert {s["data"].partition(".")[0] for s in gone["stays"]} >= {"transaction", "identity"}
    assert {s["data"] for s in gone["stays"]}.isdisjoint({"profile", "usage", "marketing", "conversation"})
