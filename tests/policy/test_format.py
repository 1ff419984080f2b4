"""Formatting keeps the meaning and the prose, and done twice it changes nothing more."""

from __future__ import annotations

from pathlib import Path

import pytest
from depth import examples
from hypothesis import HealthCheck, Phase, given, settings
from tests.policy.strategies import policies, unplaced

from troth.laws import packs
from troth.policy import DocumentBroken, Policy, parse
from troth.policy.format import format_document, format_policy
from troth.policy.parse import SHAPES

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a whole policy takes minutes to shrink
COMPANIES = sorted((Path(__file__).parents[2] / "companies").glob("*/policy.md"))
GOOD = """\
# Club
Prose  stays,   even *this*.

```troth
# who
purpose   news "News"   direct marketing   # why
  # first the ground
  on consent   letters                     # asked
  uses contact,mail   unless quiet,under 18

event a,b , c
```
After.\t
"""
LAID = """\
# Club
Prose  stays,   even *this*.

```troth
# who
purpose news "News" direct marketing                                           # why
  # first the ground
  on consent letters                                # asked
  uses contact, mail unless quiet or under 18

event a, b, c
```
After.\t
"""


def test_blocks_are_laid_out_and_prose_and_comments_stay() -> None:
    assert format_document(GOOD, "policy.md") == LAID


def test_line_ends_of_another_system_stay() -> None:
    text = GOOD.replace("\n", "\r\n")

    assert format_document(text, "policy.md") == LAID.replace("\n", "\r\n")


def test_a_document_with_faults_is_not_touched() -> None:
    with pytest.raises(DocumentBroken, match="begins no statement"):
        format_document("```troth\nkep visit 30 days\n```\n", "policy.md")


@pytest.mark.parametrize("path", COMPANIES, ids=lambda path: path.parent.name)
def test_a_companys_document_means_the_same_when_it_is_formatted(path: Path) -> None:
    text = path.read_text("utf-8")
    policy = parse(text, path.name, packs=packs())
    laid = format_document(text, path.name)

    assert unplaced(parse(laid, path.name, packs=packs())) == unplaced(policy)
    assert format_document(laid, path.name) == laid
    assert unplaced(parse(format_policy(policy), path.name, packs=packs())) == unplaced(policy)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.words)
def test_every_statements_example_is_written_as_it_stands(shape: object) -> None:
    text = f"```troth\n{shape.example}\n```\n"  # type: ignore[attr-defined]
    known = {"gdpr": ""}
    policy = parse(text, "policy.md", packs=known)

    assert format_document(text, "policy.md") == text
    assert unplaced(parse(format_policy(policy), "policy.md", packs=known)) == unplaced(policy)


@settings(max_examples=examples(20), deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
@given(policies())
def test_a_drawn_policy_is_read_back_as_it_was_written(policy: Policy) -> None:
    written = format_policy(policy)

    assert unplaced(parse(written, "policy.md")) == unplaced(policy)
    assert format_document(written, "policy.md") == written
