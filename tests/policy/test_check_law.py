"""A document may be stricter than its laws and never weaker; what it leaves unsaid is listed."""

from __future__ import annotations

import pytest
from tests.policy.club import Change, messages

WEAKER: list[tuple[list[Change], str]] = [
    (
        [("right access within 1 month", "right access within 2 months")],
        "right 'access' is answered within 2 months, but the law allows 1 month (GDPR, Art. 15)",
    ),
    (
        [("right access within 1 month", "right access within 1 month, extended 3 months")],
        "right 'access' may take 3 months, but the law allows 2 months (GDPR, Art. 15)",
    ),
    (
        [
            ("within 72 hours\n", "within 5 days\n"),
            ("[72 hours](breach:authority)", "[5 days](breach:authority)"),
        ],
        "breach: the authority hears within 5 days, but the law allows 72 hours (GDPR, Art. 33(1))",
    ),
    (
        [
            ("children under 13 refuse, erase when found\n", ""),
            ("[13](children:under)", "13"),
            ("age 16", "age 12"),
        ],
        "consent 'newsletter' counts from age 12, the law asks for 13 at least (GDPR, Art. 8(1))",
    ),
    (
        [("children under 13", "children under 12"), ("[13](children:under)", "[12](children:under)")],
        "children under 12 are refused, the law asks for 13 at least (GDPR, Art. 8(1))",
    ),
    (
        [
            ("keep order 5 years", "keep order 4 years"),
            ("[five years](keep:order)", "[four years](keep:order)"),
        ],
        "keep: the law asks for 5 years after end of financial-year (Bookkeeping Act (NO), Section 13)",
    ),
    (
        [
            ('"What you like to drink" from person', '"What you like to drink" from person special'),
            (
                "  on consent newsletter\n",
                '  on legitimate interest "sales" assessed 2026-01-15, again by 2029-01-15\n',
            ),
            ("opt out of news", "opt out of news, safety"),
            ('consent newsletter "May we send you our newsletter?" age 16\n', ""),
        ],
        "'news' touches the special category 'taste' on legitimate interest (GDPR, Art. 9(1))",
    ),
    (
        [('purpose membership "Run your membership"', 'purpose membership "Run" decides automatically')],
        "nobody looks again at what 'membership' decides (GDPR, Art. 22(3))",
    ),
]
UNSAID: list[tuple[Change, str]] = [
    (('  authority "Datatilsynet"\n', ""), "no authority to complain to is named (GDPR, Art. 13(2)(d))"),
    (('  officer "none"\n', ""), "nothing is said of a data protection officer (GDPR, Art. 13(1)(b))"),
    (
        ("  contact privacy@fjordcoffee.example\n", ""),
        "there is no way to reach the controller (GDPR, Art. 13(1)(a))",
    ),
    (
        ("opt out of news by message link within 1 day\n", ""),
        "there is no door out of 'news' (GDPR, Art. 21(2))",
    ),
    (
        ('purpose membership "Run your membership"', 'purpose membership "Run" decides automatically'),
        "how 'membership' decides is not said (GDPR, Art. 13(2)(f))",
    ),
    (
        ('on legitimate interest "a safe site"', "on legitimate interest"),
        "the interest of 'safety' is not put into words (GDPR, Art. 13(1)(d))",
    ),
    (
        ('association" controller in SE', 'association" controller'),
        "where 'growers' is, is not said (GDPR, Art. 13(1)(e))",
    ),
    (('payments" from person', 'payments"'), "where 'order' comes from is not said (GDPR, Art. 14(2)(f))"),
]


@pytest.mark.parametrize(("changes", "message"), WEAKER, ids=[m[:40] for _, m in WEAKER])
def test_a_document_weaker_than_its_law_does_not_load(changes: list[Change], message: str) -> None:
    assert message in messages(*changes)


@pytest.mark.parametrize(("change", "message"), UNSAID, ids=[m[:40] for _, m in UNSAID])
def test_what_the_law_wants_said_is_listed_with_its_article(change: Change, message: str) -> None:
    assert message in messages(change, level="missing")


@pytest.mark.parametrize("within", ["3 days", "2 weeks", "28 days", "1 month"])
def test_a_stricter_deadline_is_fine(within: str) -> None:
    change = ("right access within 1 month", f"right access within {within}")

    assert messages(change) == ()
    assert not [m for m in messages(change, level="advice") if "access" in m]


def test_thirty_days_can_run_past_a_month_in_february() -> None:
    found = messages(("right access within 1 month", "right access within 30 days"), level="advice")

    assert "right 'access' is answered within 30 days, which can run past 1 month (GDPR, Art. 15)" in found


def test_books_may_stay_longer_than_the_law_asks() -> None:
    longer = [
        ("keep order 5 years", "keep order 10 years"),
        ("[five years](keep:order)", "[ten years](keep:order)"),
    ]

    assert messages(*longer) == ()


def dated(field: str) -> list[Change]:
    """Let the books count from the year of a date that the order carries, or of what it does not carry."""
    return [
        ("of financial-year because", "of financial-year of posted because"),
        ("  amount money\n", f"  amount money\n{field}"),
        ("keep visit 30 days", "event posted\nkeep visit 30 days"),
    ]


def test_the_year_of_a_posting_is_the_one_the_law_means() -> None:
    law = "keep: the law asks for 5 years after end of financial-year (Bookkeeping Act (NO), Section 13)"

    assert law not in messages(*dated("  posted date\n"))
    assert law in messages(*dated("  posted date optional\n"))
    assert law in messages(*dated(""))


def test_without_a_law_nothing_is_asked() -> None:
    change = ("under gdpr, accounting-no\n", "")

    found = messages(change, ("right access within 1 month", "right access within 2 months"))

    assert found == ()
