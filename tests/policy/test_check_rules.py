"""What a document is refused for: each fault is put into the club's whole document, one at a time."""

from __future__ import annotations

import pytest
from tests.policy.club import Change, messages, problems

UNUSED = "is declared and never used"
FAULTS: list[tuple[str, list[Change], str]] = [
    (
        "a recipient nobody declared",
        [("share contact with roaster", "share contact with roster")],
        "no recipient or source is called 'roster'",
    ),
    (
        "a fact nobody declared",
        [("when order-placed", "when order-place")],
        "no fact is called 'order-place'",
    ),
    (
        "a field nobody declared",
        [("show contact, order to", "show contact.fax, order to")],
        "'contact' has no field 'fax'",
    ),
    (
        "an event nobody declared",
        [("30 days after collected", "30 days after visit-end")],
        "no event or fact is called 'visit-end'",
    ),
    (
        "a purpose nobody declared",
        [("share taste with growers for news", "share taste with growers for research")],
        "no purpose is called 'research'",
    ),
    (
        "a role nobody plays",
        [("to clerk for membership", "to roaster for membership")],
        f"role 'clerk' {UNUSED}",
    ),
    (
        "a consent nobody asks for",
        [("opt out of news", 'consent film "May we?" age 13\nopt out of news')],
        f"consent 'film' {UNUSED}",
    ),
    (
        "a category without purpose",
        [
            ("  uses contact, taste\n", "  uses contact\n"),
            ("share taste with growers for news as anonymous\n", ""),
        ],
        "'taste' has no purpose, so it has no ground",
    ),
    (
        "a category that is only read",
        [("  uses visit", "  reads visit")],
        "'visit' is read and never collected",
    ),
    (
        "a category without a keeping rule",
        [("keep visit 30 days after collected\n", ""), ("the log [30 days](keep:visit)", "the log")],
        "'visit' has no keeping rule; nothing is kept for ever by silence",
    ),
    (
        "one field kept and the rest forgotten",
        [("keep contact, taste while", "keep contact.email, taste while")],
        "no keeping rule speaks of 'contact.phone'",
    ),
    (
        "a combination that no purpose uses",
        [("share contact with roaster", "share contact, taste with roaster")],
        "share: 'membership' neither uses nor reads 'taste', so this opens nothing",
    ),
    (
        "a law that keeps what its purpose never sees",
        [("keep visit 30 days after collected", "keep visit 30 days after collected because books")],
        "keep: 'visit' stays because of 'books', which neither uses nor reads it",
    ),
    (
        "an interest nobody weighed",
        [(" assessed 2026-01-15, again by 2029-01-15", "")],
        "the interest of purpose 'safety' was not weighed, so it is no ground",
    ),
    (
        "a form without meaning",
        [("anonymous totals at least 10 people\n", ""), ("[10 people](form:anonymous)", "ten")],
        "nothing says what 'anonymous' means here",
    ),
    (
        "data where none may arise",
        [
            ("data visit", 'area ad "An ad" no personal data\ndata visit'),
            ('visit" from device', 'visit" from device in ad'),
        ],
        "'visit' is collected in 'ad', where no personal data may arise",
    ),
    (
        "a duty on both sides",
        [
            (
                "data visit",
                'area shop "A shop" joint with growers\n  ours a "A" covers membership\n'
                '  theirs b "B" covers membership, books\ndata visit',
            ),
            ('payments" from person', 'payments" from person in shop'),
        ],
        "area 'shop': both sides answer for 'membership'",
    ),
    (
        "a duty on no side",
        [
            (
                "data visit",
                'area shop "A shop" joint with growers\n  ours a "A" covers membership\ndata visit',
            ),
            ('payments" from person', 'payments" from person in shop'),
        ],
        "area 'shop': nobody answers for 'books', which touches its data",
    ),
    (
        "derived data from what its maker may not read",
        [
            ("data visit", 'data habit "What we infer" from order\ndata visit'),
            ("  uses contact, taste\n", "  uses contact, taste, habit\n"),
            ("keep contact, taste while", "keep contact, taste, habit while"),
        ],
        "'habit' is made from 'order', which no purpose that makes it may use",
    ),
    (
        "a cookie that nobody agreed to",
        [("children under 13", 'cookie taste-test "Remembers" for news lasts 90 days\nchildren under 13')],
        "cookie 'taste-test' is neither necessary nor consented to",
    ),
    (
        "a door out of a law",
        [("opt out of news by", "opt out of news, books by")],
        "nobody can opt out of 'books': it rests on neither consent nor interest",
    ),
    (
        "two keep rules that say different things",
        [("keep order 5", "keep visit 60 days after collected\nkeep order 5")],
        "keep: 'visit' is kept 60 days, while line 76 says 30 days",
    ),
    (
        "two doors that differ in form only",
        [("show contact, order to", "share taste with growers for news\nshow contact, order to")],
        "share: 'taste' goes to 'growers' for 'news' as identified, while line 67 says anonymous",
    ),
]


@pytest.mark.parametrize(("changes", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_document_with_this_fault_does_not_load(changes: list[Change], message: str) -> None:
    found = messages(*changes)

    assert message in found


@pytest.mark.parametrize("level", ["error", "missing"])
def test_the_whole_document_has_no_fault(level: str) -> None:
    assert messages(level=level) == ()


def test_a_near_word_is_suggested() -> None:
    found = problems(("share contact with roaster", "share contact with roster"))

    assert [p.hint for p in found] == ["name it in a rule, or take it out", "did you mean 'roaster'?"]


def test_hours_are_no_days_and_weeks_are() -> None:
    hours = ("keep order 5", "keep visit 720 hours after collected\nkeep order 5")
    weeks = ("keep visit 30 days", "keep visit 4 weeks after collected\nkeep visit 28 days")

    assert messages(hours) == ("keep: 'visit' is kept 720 hours, while line 76 says 30 days",)
    assert messages(weeks, ("the log [30 days](keep:visit)", "the log")) == ()


def test_rules_with_different_conditions_do_not_collide() -> None:
    other = ("keep order 5", "keep visit 60 days after collected when order-placed\nkeep order 5")

    assert messages(other) == ()


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    found = problems(("  uses visit", "  reads visit"), ("when order-placed", "when ordered"))

    assert [p.place.line for p in found] == sorted(p.place.line for p in found)
    assert len(found) == 3


def test_what_is_apart_by_a_kind_says_when_two_are_of_the_same_one() -> None:
    line = "children under 13 refuse, erase when found"
    found = messages((line, line + '\narea rooms "Rooms" apart by team'), level="error")

    assert "'rooms' is apart by team, and nothing says who is of the same one" in found


def test_a_category_that_only_the_law_keeps_is_advice() -> None:
    assert any("'order' is kept only because of 'books'" in m for m in messages(level="advice"))


def test_keeping_without_a_bound_is_advice() -> None:
    endless = ("keep visit 30 days after collected", "keep visit without end")

    found = messages(endless, ("the log [30 days](keep:visit)", "the log"), level="advice")

    assert "keep: nothing bounds how long 'visit' is kept" in found
