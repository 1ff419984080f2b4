"""Content is chosen by a person's own closed answers, and a rule by anything else is a problem."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from troth.policy import parse
from troth.services import (
    Coverage,
    Liked,
    check_message,
    check_offers,
    choose,
    delicate,
    read_message,
    read_offers,
    variant_for,
)

POLICY = parse(
    """# Club

```troth
data taste "Taste" from person as pd:Preference
  drink choice tea, cocoa
  other text
data step "Steps" from device
  flow key
data likes "Likes" from taste, step counted
  question text
  answer text
  times number
purpose fit "Choose offers" profiling
  on legitimate interest "offers" assessed 2025-01-01, again by 2028-01-01
  uses taste, likes
  reads step
```
""",
    "policy.md",
)
COVERAGE = Coverage(POLICY)
ROWS = [
    {"name": "pot", "text": "A pot", "client": "cafe", "for": "taste.drink tea"},
    {"name": "mug", "text": "A mug", "client": "shop", "for": "taste.drink cocoa"},
    {"name": "bun", "text": "A bun"},
]
AT = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_best_liked_offer_stands_first_and_everybody_s_last() -> None:
    offers, problems = read_offers({"purpose": "fit", "offer": ROWS}, "offers.toml")
    likes = (Liked("taste.drink", "cocoa", 3), Liked("taste.drink", "tea", 1))

    assert problems == ()
    assert check_offers(offers, COVERAGE, "offers.toml") == ()
    assert [c.offer.name for c in choose(offers, lambda client: likes)] == ["mug", "pot", "bun"]


def test_who_is_not_profiled_for_one_client_still_sees_the_others() -> None:
    offers, _ = read_offers({"purpose": "fit", "offer": ROWS}, "offers.toml")
    likes = (Liked("taste.drink", "cocoa", 3), Liked("taste.drink", "tea", 1))
    chosen = choose(offers, lambda client: () if client == "cafe" else likes)

    assert [c.offer.name for c in chosen] == ["mug", "bun"]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("taste.drink wine", "is never 'wine'"),
        ("taste.other tea", "no closed answer"),
        ("step.flow summer", "did not supply"),
        ("taste.colour red", "does not have"),
    ],
)
def test_a_rule_by_what_nobody_chose_is_a_problem(rule: str, why: str) -> None:
    offers, _ = read_offers({"purpose": "fit", "offer": [{**ROWS[0], "for": rule}]}, "offers.toml")
    [problem] = check_offers(offers, COVERAGE, "offers.toml")

    assert why in problem.message


def test_a_message_without_a_wording_for_everybody_goes_only_to_those_it_names() -> None:
    text = "---\ntitle: T\npurpose: fit\nwords: fit\n---\n## tea when taste.drink tea\nA pot.\n"
    message, problems = read_message(text, "messages/pot.md")
    found = variant_for(message, [Liked("taste.drink", "tea", 1)])

    assert problems == ()
    assert check_message(message, COVERAGE) == ()
    assert found is not None
    assert found.text == "A pot."
    assert variant_for(message, []) is None


def test_delicate_words_are_heard_whole_and_in_two_languages() -> None:
    assert delicate("Jeg er gravid og muslim") == ("health", "religion")
    assert delicate("A gaylord from Hindustan with an allegro") == ()
