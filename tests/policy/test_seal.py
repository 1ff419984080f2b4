"""A section's two halves are sealed together, and a yes is asked for again only when it opens more."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.club import Change, changed, policy

from troth.document import read
from troth.laws import packs
from troth.policy import Moved, compare, meaning, parse, read_lock, seal, widens, write_lock
from troth.policy.problems import Fault
from troth.policy.seal import check_seals

SAME: list[tuple[str, list[Change]]] = [
    (
        "a list in another order",
        [
            ("share contact with roaster", "share contact with roaster"),
            ("show contact, order", "show order, contact"),
        ],
    ),
    (
        "a rule in two lines",
        [
            (
                "show contact, order to clerk for membership",
                "show order to clerk for membership\nshow contact to clerk for membership",
            )
        ],
    ),
    (
        "rules in another order",
        [
            ("keep visit 30 days after collected\n", ""),
            ("keep contact, taste", "keep visit 30 days after collected\nkeep contact, taste"),
        ],
    ),
    ("a label", [("keep visit 30", "log: keep visit 30")]),
    (
        "blanks and a comment",
        [("keep visit 30 days after collected", "keep visit  30 days   after collected   # log")],
    ),
    ("the same length", [("keep order 5 years", "keep order 60 months")]),
    ("the words of a purpose", [('"Run your membership"', '"Keep you as a member"')]),
]
OTHER: list[tuple[str, str, list[Change]]] = [
    (
        "4",
        "one more recipient",
        [
            (
                "share contact with roaster",
                "share contact with growers for membership\nshare contact with roaster",
            )
        ],
    ),
    ("4", "another form", [("for news as anonymous", "for news as pseudonymous")]),
    ("4", "a condition less", [(" when order-placed", "")]),
    ("5", "a longer period", [("keep visit 30 days", "keep visit 31 days")]),
    (
        "5",
        "another outcome",
        [("keep visit 30 days after collected", "keep visit 30 days after collected then anonymise")],
    ),
    (
        "3",
        "another ground",
        [("  on contract\n", '  on legitimate interest "x" assessed 2026-01-15, again by 2029-01-15\n')],
    ),
    ("3", "one more datum", [("  uses visit", "  uses visit, order")]),
    ("3", "a younger age", [("age 16", "age 15")]),
    ("2", "one more field", [("  amount money", "  amount money\n  item text")]),
    ("1", "another clock", [("clock Europe/Oslo", "clock Europe/Paris")]),
]


@pytest.mark.parametrize("changes", [c for _, c in SAME], ids=[n for n, _ in SAME])
def test_what_means_the_same_has_the_same_meaning(changes: list[Change]) -> None:
    old, new = policy(), policy(*changes)

    assert [meaning(new, ref) for ref in "123456"] == [meaning(old, ref) for ref in "123456"]


@pytest.mark.parametrize(("ref", "changes"), [(r, c) for r, _, c in OTHER], ids=[n for _, n, _ in OTHER])
def test_what_means_something_else_changes_its_section_alone(ref: str, changes: list[Change]) -> None:
    old, new = policy(), policy(*changes)

    assert [r for r in "123456" if meaning(old, r) != meaning(new, r)] == [ref]


@given(st.randoms(use_true_random=False))
def test_no_order_of_statements_changes_a_meaning(random: Random) -> None:
    old = policy()
    rest = list(old.statements[1:])
    random.shuffle(rest)
    new = replace(old, statements=(old.statements[0], *rest))

    assert [meaning(new, ref) for ref in "123456"] == [meaning(old, ref) for ref in "123456"]


def halves(*changes: Change) -> tuple[Moved, ...]:
    old, new = changed(), changed(*changes)
    lock = seal(policy(), read(old, "policy.md"))
    return compare(lock, policy(*changes), read(new, "policy.md"))


def test_a_seal_says_which_half_moved() -> None:
    assert halves() == ()
    assert halves(("keep visit 30", "keep visit 31")) == (Moved("5", meaning=True),)
    assert halves(("We have a reason for each thing.", "Reasons.")) == (Moved("3", prose=True),)
    assert halves(("keep visit 30", "keep visit 31"), ("We keep", "Kept is")) == (Moved("5", True, True),)


def test_line_breaks_and_bindings_are_no_prose() -> None:
    assert (
        halves(("runs the club and", "runs\nthe club and"), ("[five years](keep:order)", "five years")) == ()
    )


def test_the_texts_in_quotes_of_rules_are_prose() -> None:
    assert halves(('"Run your membership"', '"Keep you as a member"')) == (Moved("3", prose=True),)


def test_sections_come_and_go() -> None:
    assert halves(("## 6 If something", "## 7 If something")) == (Moved("7", new=True), Moved("6", gone=True))


def test_one_half_alone_is_an_error_until_the_author_says_which_it_is() -> None:
    change = ("keep visit 30 days", "keep visit 31 days")
    lock = seal(policy(), read(changed(), "policy.md"))

    found = list(check_seals(lock, policy(change), read(changed(change), "policy.md")))

    assert [(p.level, p.place.line) for p in found] == [("error", 71)]
    assert "troth seal --meaning" in found[0].hint


def test_the_lock_reads_as_it_was_written() -> None:
    lock = seal(policy(), read(changed(), "policy.md"))

    assert read_lock(write_lock(lock), "policy.lock") == lock


def test_a_spoilt_lock_names_its_line() -> None:
    with pytest.raises(Fault, match=r"policy\.lock:3:1  this line is no seal"):
        read_lock("# x\nversion 1\n6 meaning what\n", "policy.lock")


WIDER: list[tuple[str, list[Change]]] = [
    ("one more datum", [("  uses contact, taste\n", "  uses contact, taste, order\n")]),
    ("one more party", [("show contact, order", "share contact with roaster for news\nshow contact, order")]),
    ("another form", [("for news as anonymous", "for news")]),
    (
        "a longer tail",
        [
            (
                "keep contact, taste while active, then 30 days",
                "keep contact, taste while active, then 60 days",
            )
        ],
    ),
    ("no end", [("keep contact, taste while active, then 30 days", "keep contact, taste without end")]),
]
NARROWER: list[tuple[str, list[Change]]] = [
    ("nothing", []),
    (
        "one datum less",
        [("  uses contact, taste\n", "  uses taste\n"), ("  uses contact, order", "  uses contact, order")],
    ),
    ("no party", [("share taste with growers for news as anonymous\n", "")]),
    ("a condition more", [("for news as anonymous", "for news as anonymous when order-placed")]),
    ("a shorter tail", [("while active, then 30 days", "while active, then 10 days")]),
    ("other words", [("May we send you our newsletter?", "Shall we write?")]),
    ("another purpose's wider use", [("  uses visit", "  uses visit, order")]),
]


@pytest.mark.parametrize("changes", [c for _, c in WIDER], ids=[n for n, _ in WIDER])
def test_a_yes_that_would_open_more_is_asked_again(changes: list[Change]) -> None:
    assert widens(policy(), policy(*changes)) == ("newsletter",)


@pytest.mark.parametrize("changes", [c for _, c in NARROWER], ids=[n for n, _ in NARROWER])
def test_a_yes_that_opens_no_more_asks_nobody(changes: list[Change]) -> None:
    assert widens(policy(), policy(*changes)) == ()


def test_a_new_consent_is_no_old_one_asked_again() -> None:
    new = policy(("opt out of news", 'consent film "May we?" age 13\nopt out of news'))

    assert widens(policy(), new) == ()


def test_one_more_member_of_an_open_class_widens_a_yes_to_all_of_them() -> None:
    each = [("controller in SE", "controller in SE each")]
    old = policy(*each)

    same = widens(old, old, old_members={"growers": ["a"]}, new_members={"growers": ["a"]})
    more = widens(old, old, old_members={"growers": ["a"]}, new_members={"growers": ["a", "b"]})

    assert (same, more) == ((), ("newsletter",))


def test_a_yes_asked_for_each_member_is_not_widened_by_one_more() -> None:
    text = changed(
        ("controller in SE", "controller in SE each"),
        ('newsletter?" age 16', 'newsletter?" per growers age 16'),
    )
    each = parse(text, "policy.md", packs=packs())

    assert widens(each, each, old_members={"growers": ["a"]}, new_members={"growers": ["a", "b"]}) == ()
