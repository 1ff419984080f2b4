"""The prose is held to the rules: a bound phrase says what its rule says, in every language."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.club import CLUB, Change, changed, messages, problems

from troth.document import read
from troth.laws import packs
from troth.policy import check, parse
from troth.policy.bind import language_of
from troth.policy.bind_words import lengths, say_span
from troth.policy.model import Span
from troth.terms import Problem

SPANS = st.builds(
    Span, st.integers(1, 400), st.sampled_from(["minute", "hour", "day", "week", "month", "year"])
)


def translated(prose: str) -> tuple[Problem, ...]:
    found = check(
        parse(CLUB, "policy.md", packs=packs()),
        read(CLUB, "policy.md"),
        translations=[read(prose, "policy.nb.md")],
    )
    return tuple(p for p in found if "policy.nb.md" in str(p))


def test_another_period_than_the_rule_keeps_shows_both_lines() -> None:
    found = problems(("keep visit 30 days", "keep visit 60 days"))

    assert [str(p).split("\n")[0] for p in found] == [
        "policy.md:76:1  keep: 'visit' is kept 60 days, the sentence beside it says 30 days (line 73)"
    ]


@pytest.mark.parametrize("phrase", ["30 days", "thirty days", "Thirty  days", "30-days"])
def test_the_same_length_may_be_spelt_in_words(phrase: str) -> None:
    assert messages(("[30 days](keep:visit)", f"[{phrase}](keep:visit)")) == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("[five years](keep:order)", "[six years](keep:order)"),
            "is kept 5 years, the sentence beside it says six years",
        ),
        (
            ("[10 people](form:anonymous)", "[5 people](form:anonymous)"),
            "is 10, the sentence beside it says 5 people",
        ),
        (("[13](children:under)", "[16](children:under)"), "is 13, the sentence beside it says 16"),
        (("[72 hours](breach:authority)", "[a day](breach:authority)"), "is told within 72 hours"),
    ],
)
def test_another_number_is_an_error(change: Change, message: str) -> None:
    assert any(message in m for m in messages(change))


@pytest.mark.parametrize(
    ("phrase", "fine"),
    [
        ("[Norway](recipient:roaster)", True),
        ("[Sweden](recipient:roaster)", False),
        ("[Growers' association](recipient:growers)", True),
        ("[Brewers' guild](recipient:growers)", False),
        ("[the European Economic Area](stay:area)", True),
        ("[Ireland](store:in)", True),
        ("[Spain](store:in)", False),
        ("[Datatilsynet](controller:authority)", True),
    ],
)
def test_another_party_or_place_is_an_error(phrase: str, fine: bool) -> None:
    found = messages(("We have a reason for each thing.", f"We have a reason: {phrase}."))

    assert (found == ()) is fine


def test_a_phrase_bound_to_nothing_is_an_error() -> None:
    unknown = messages(("[30 days](keep:visit)", "[30 days](keep:visits)"))
    wrong = problems(("[30 days](keep:visit)", "[30 days](kept:visit)"))

    assert unknown == ("'30 days' is bound to 'keep:visits', and there is no such rule",)
    assert [p.hint for p in wrong] == ["did you mean 'keep'?"]


def test_what_promises_unbound_beside_rules_is_advice() -> None:
    sentence = (
        "The books stay [five years](keep:order), and never longer. The rest goes after 14 days in Sweden."
    )

    found = messages(("## 6 If", f"{sentence}\n\n```troth\nfact x\n```\n\n## 6 If"), level="advice")

    assert {m for m in found if "bound to no rule" in m} == {
        "'never' promises, and is bound to no rule",
        "'14 days' is bound to no rule",
        "'Sweden' is bound to no rule",
    }


def test_a_strong_word_in_a_sentence_without_binding_is_left_alone() -> None:
    found = messages(("We have a reason for each thing.", "We never guess."), level="advice")

    assert not [m for m in found if "never" in m]


NORWEGIAN = """\
## 1 Hvem vi er
Vi svarer.

## 2 Hva vi vet
Litt.

## 3 Hvorfor
Derfor.

## 4 Hvem andre ser det
Tall om minst [10 mennesker](form:anonymous).

## 5 Hvor lenge
Loggen går etter [tretti dager](keep:visit), bøkene etter [5 år](keep:order).

## 6 Om noe går galt
Tilsynet hører det innen [72 timer](breach:authority); under [tretten](children:under) slipper ingen inn.
"""


def test_a_translation_that_says_the_same_has_no_fault() -> None:
    assert translated(NORWEGIAN) == ()


def test_a_translation_that_says_something_else_is_an_error() -> None:
    found = translated(changed(("tretti dager", "seksti dager"), text=NORWEGIAN))

    assert [p.message for p in found] == [
        "keep: 'visit' is kept 30 dager, the sentence beside it says seksti dager (policy.nb.md:14)"
    ]


def test_a_translation_holds_prose_only_and_every_section() -> None:
    text = changed(("Litt.", "```troth\nfact x\n```"), ("## 3 Hvorfor\nDerfor.\n\n", ""), text=NORWEGIAN)

    found = {p.message: p.level for p in translated(text)}

    assert found == {
        "§2: a translation holds prose only": "error",
        "§3 'Why' is not translated": "missing",
    }


def test_a_translation_that_binds_less_is_advice() -> None:
    found = translated(changed(("[72 timer](breach:authority)", "tre dager"), text=NORWEGIAN))

    assert [p.message for p in found] == ["§6 does not say '72 hours', bound to breach:authority"]


def test_the_language_is_in_the_file_name() -> None:
    assert language_of("a/policy.nb.md") == "nb"
    assert language_of("a/policy.md", "en") == "en"


@given(SPANS, st.sampled_from(["en", "nb", "no"]))
def test_what_is_said_of_a_length_reads_back_as_that_length(span: Span, tag: str) -> None:
    said = say_span(span, tag)

    assert [found.span for found in lengths(f"x {said}, y", tag)] == [span]


def test_a_date_is_no_length() -> None:
    assert list(lengths(f"since {date(2026, 1, 1)}", "en")) == []


def test_words_only_point_at_a_purpose_and_a_figure_among_them_is_compared() -> None:
    told = messages(("We have a reason for each thing.", "We have [a reason](purpose:news)."))
    wrong = messages(("We have a reason for each thing.", "We have [two reasons](purpose:news)."))

    assert told == ()
    assert [m.startswith("purpose: 'news' is") for m in wrong] == [True]
