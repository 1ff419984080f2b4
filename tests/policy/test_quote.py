"""Quote: a decision cites the sentence that made it, and none where that is not clear."""

from __future__ import annotations

from troth.document import read
from troth.policy.quote import sentence


def quoted(prose: str, kind: str, *words: str) -> str:
    document = read(f"# Club\n\n## 1 Why\n{prose}\n\n```troth\nx\n```\n", "policy.md")
    return sentence(document.sections[-1], 90, kind, words)


NEARER = "You see who may send you offers here. We write for a client to those who said yes."


def test_the_sentence_with_a_phrase_bound_to_the_rule_is_quoted_before_one_with_more_of_its_words() -> None:
    bound = NEARER.replace("We write", "We [write](purpose:news)")

    assert quoted(bound, "purpose", "purpose", "news", "send you offers") == (
        "We write for a client to those who said yes."
    )


def test_a_phrase_bound_to_a_rules_label_binds_its_sentence() -> None:
    bound = NEARER.replace("We write", "We [write](rule:mailing)")

    assert (
        quoted(bound, "never", "mailing:", "never", "use") == "We write for a client to those who said yes."
    )


def test_the_sentence_that_shares_far_the_most_with_the_rule_is_quoted() -> None:
    assert quoted(NEARER, "purpose", "purpose", "news", "send you offers") == (
        "You see who may send you offers here."
    )


def test_where_two_sentences_come_near_the_rule_none_is_quoted() -> None:
    near = "We send offers on Mondays. We send no offers on Sundays. We send offers at night."

    assert quoted(near, "purpose", "purpose", "news", "send you offers") == ""


def test_of_many_sentences_that_share_nothing_none_is_quoted() -> None:
    assert quoted("Coffee is good. Tea is too.", "keep", "keep", "visit") == ""


def test_the_one_sentence_above_a_rule_is_its_sentence() -> None:
    assert quoted("Only when you agree.", "use", "use", "visit") == "Only when you agree."
