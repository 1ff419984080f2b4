"""The first company's folder speaks of every promise in its catalogue, and its flows can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from troth.services import advance, earned, read_flow, start

HERE = Path(__file__).parent
COMPANY = HERE.parents[1] / "companies" / "smoc"


def test_every_promise_of_the_catalogue_is_cited_beside_a_rule() -> None:
    with (HERE / "catalogue" / "smoc.toml").open("rb") as file:
        promised = {c["id"] for c in tomllib.load(file)["clause"]}

    text = (COMPANY / "policy.md").read_text(encoding="utf-8")

    assert promised - set(re.findall(r"smoc-[0-9b.]*[0-9]", text)) == set()


def test_the_summer_conversation_reads_without_a_problem_in_both_languages() -> None:
    path = COMPANY / "flows" / "summer.md"

    flow, problems = read_flow(path.read_text(encoding="utf-8"), "flows/summer.md")

    assert problems == ()
    assert flow.languages == ("en", "nb")


def test_the_policy_speaks_in_settings_and_holds_no_placeholder() -> None:
    with (COMPANY / "site.toml").open("rb") as file:
        site = tomllib.load(file)

    assert site["settings"]["privacy-mail"] == "privacy@smoc.example"
    assert set(site["languages"]) == {"en", "nb"}


def test_rewards_name_flows_and_operators_that_are_there() -> None:
    with (COMPANY / "rewards.toml").open("rb") as file:
        rewards = tomllib.load(file)["reward"]
    with (COMPANY / "parties.toml").open("rb") as file:
        operators = {o["name"] for o in tomllib.load(file)["operator"]}

    assert {r["operator"] for r in rewards} <= operators
    assert {r["flow"] for r in rewards if "flow" in r} <= {p.stem for p in (COMPANY / "flows").glob("*.md")}


def test_every_party_says_a_country_inside_the_area_the_policy_promises() -> None:
    with (COMPANY / "parties.toml").open("rb") as file:
        parties = [p for kind in tomllib.load(file).values() for p in kind]

    assert {p["country"] for p in parties} <= {"NO", "SE", "IE"}


@pytest.mark.parametrize("drink", ["coffee", "tea", "cocoa", "juice", "water"])
def test_whatever_a_person_drinks_the_summer_conversation_ends_with_the_coffee(drink: str) -> None:
    text = (COMPANY / "flows" / "summer.md").read_text(encoding="utf-8")
    flow, _ = read_flow(text, "flows/summer.md")
    says = {"hello": drink, "mail": "kari@example.org", "news": "no"}

    here = start(flow)
    while not flow.step(here.step).end:
        here = advance(flow, here.answers, here.step, says.get(here.step, ""))

        assert here.problem == ""
    assert [r.key for r in earned(flow, here.answers)] == ["summer/summer-coffee"]
    assert ("cocoa-hug" in here.answers) is (drink == "cocoa")
