"""The second company's folder speaks of every promise in its catalogue, and what it serves can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from troth.cli import main
from troth.services import advance, read_flow, start
from troth.services.agents import Agent, read_agent
from troth.services.knowledge import answer
from troth.terms import Problem

HERE = Path(__file__).parent
COMPANY = HERE.parents[1] / "companies" / "engagesmarter"


def desk() -> tuple[Agent, tuple[Problem, ...]]:
    def pages(folder: str) -> dict[str, str]:
        return {p.stem: p.read_text("utf-8") for p in sorted((COMPANY / "agents" / folder).glob("*.md"))}

    return read_agent((COMPANY / "agents" / "helpdesk.md").read_text("utf-8"), "agents/helpdesk.md", pages)


def test_every_promise_of_the_catalogue_is_cited_and_nothing_else() -> None:
    with (HERE / "catalogue" / "engagesmarter.toml").open("rb") as file:
        promised = {c["id"] for c in tomllib.load(file)["clause"]}

    cited = set(re.findall(r"engagesmarter-\d+\.\d+", (COMPANY / "policy.md").read_text("utf-8")))

    assert cited == promised


def test_the_folder_has_nothing_to_mend_and_its_examples_are_decided_as_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["check", str(COMPANY)])

    assert (code, "0 to mend" in capsys.readouterr().out) == (0, True)


def test_every_promise_over_all_situations_holds(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["prove", str(COMPANY)])
    told = capsys.readouterr().out.splitlines()

    assert code == 0
    assert len(told) > 30
    assert {line.rpartition(": ")[2] for line in told} == {"holds"}


def test_the_folder_holds_no_python() -> None:
    kinds = {p.suffix for p in COMPANY.rglob("*") if p.is_file()}

    assert kinds <= {".md", ".toml", ".lock"}


@pytest.mark.parametrize("name", ["register", "feedback"])
def test_the_conversations_read_without_a_problem(name: str) -> None:
    flow, problems = read_flow((COMPANY / "flows" / f"{name}.md").read_text("utf-8"), f"flows/{name}.md")

    assert problems == ()
    assert not flow.draft


def test_who_finds_it_poor_is_asked_what_got_in_the_way_and_nobody_is_asked_twice() -> None:
    flow, _ = read_flow((COMPANY / "flows" / "feedback.md").read_text("utf-8"), "flows/feedback.md")
    says = {"use": "work", "verdict": "poor", "better": "slow pages"}

    here = start(flow)
    while not flow.step(here.step).end:
        here = advance(flow, here.answers, here.step, says.get(here.step, ""))

        assert here.problem == ""
    assert "better" in here.answers
    assert "words" not in here.answers


def test_the_help_desk_answers_from_its_pages_and_says_when_they_are_silent() -> None:
    agent, problems = desk()

    told = {
        question: [str(p) for p in answer(agent.knowledge, question).places][:1]
        for question in (
            "Who can read my conversations?",
            "How do I delete a conversation?",
            "Which names and numbers are masked?",
            "Who won the match in Leeds?",
        )
    }

    assert problems == ()
    assert told == {
        "Who can read my conversations?": ["Conversations: Who can read my conversations"],
        "How do I delete a conversation?": ["Conversations: Delete a conversation"],
        "Which names and numbers are masked?": ["Names and numbers in your words: What is masked"],
        "Who won the match in Leeds?": [],
    }


def test_every_member_is_in_a_country_that_the_policy_promises() -> None:
    with (COMPANY / "parties.toml").open("rb") as file:
        parties = [p for kind in tomllib.load(file).values() for p in kind]

    assert {p["country"] for p in parties} == {"GB", "IE"}


def test_the_settings_hold_an_address_and_a_mailbox() -> None:
    with (COMPANY / "site.toml").open("rb") as file:
        site = tomllib.load(file)

    assert set(site["settings"]) == {"privacy-mail", "postal-address"}
    assert site["mail"]["purpose"] == "reach"
