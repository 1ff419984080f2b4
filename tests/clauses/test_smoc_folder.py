"""The first company's folder speaks of every promise in its catalogue, and its flows can be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from troth.services import read_flow

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
