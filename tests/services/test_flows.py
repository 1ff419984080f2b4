"""Flows: the conversation goes where its script says; no script the policy does not cover is served."""

from __future__ import annotations

from troth.policy.model import Basis, Consent, Data, Field, Ground, Policy, Purpose, Use
from troth.services import (
    Coverage,
    advance,
    back,
    check_flow,
    earned,
    kept,
    link_problem,
    path,
    read_flow,
    start,
)
from troth.terms import Clause

SCRIPT = """---
title: Summer coffee
language: en
---
Two questions and a coffee.

## drink
What do you like?
ask taste.drink choice for offers on tasting
- tea: Tea -> leaf
- coffee: Coffee
- none: Rather not say

## mail
Where may we send it?
ask contact.email email for account
-> gift

## leaf
Which leaf?
ask taste.leaf text optional for offers on tasting
-> mail

## gift
Here is your gift.
reward coupon 1 "One coffee" for account

## bye
Thanks.
end

## nb
- title: Sommerkaffe
- drink: Hva liker du?
- drink.tea: Te
"""


def policy() -> Policy:
    clause = Clause("3", 30)
    return Policy(
        (
            Data(
                name="taste",
                fields=(Field(name="drink", type="choice", choices=("tea", "coffee")), Field(name="leaf")),
            ),
            Data(name="contact", fields=(Field(name="email", type="email"), Field(name="phone"))),
            Purpose(
                name="account",
                bases=(Basis((Ground("contract"),), (Use("contact", "email"),)),),
                clause=clause,
            ),
            Purpose(
                name="offers", bases=(Basis((Ground("consent", "tasting"),), (Use("taste"),)),), clause=clause
            ),
            Consent(name="tasting", question="May we?"),
        )
    )


def problems(script: str) -> list[str]:
    flow, found = read_flow(script, "flows/summer.md")
    return [str(p) for p in (*found, *check_flow(flow, Coverage(policy())))]


def test_an_answer_leads_to_the_step_its_branch_names_and_back_keeps_the_answer() -> None:
    flow, _ = read_flow(SCRIPT, "flows/summer.md")

    there = advance(flow, start(flow).answers, "drink", "tea")
    returned = back(flow, there.answers, there.step)

    assert there.step == "leaf"
    assert returned.step == "drink"
    assert returned.answers["drink"] == "tea"


def test_what_was_said_on_a_way_left_again_is_not_kept() -> None:
    flow, _ = read_flow(SCRIPT, "flows/summer.md")
    answers = {"drink": "coffee", "leaf": "Assam", "mail": "kari@example.no", "gift": ""}

    assert "leaf" not in kept(flow, answers)
    assert path(flow, answers) == ("drink", "mail", "gift", "bye")


def test_the_reward_lies_on_the_way_taken_and_nowhere_else() -> None:
    flow, _ = read_flow(SCRIPT, "flows/summer.md")
    answers = {"drink": "coffee", "mail": "kari@example.no"}

    assert [r.text for r in earned(flow, answers)] == ["One coffee"]
    assert earned(flow, {}) == ()


def test_a_wrong_answer_stays_at_its_step_and_says_why() -> None:
    flow, _ = read_flow(SCRIPT, "flows/summer.md")

    assert advance(flow, {}, "drink", "cocoa").problem == "choose one of the answers shown"
    assert advance(flow, {}, "mail", "kari").problem == "that does not look like an e-mail address"
    assert advance(flow, {}, "leaf", "").problem == ""


def test_a_translation_speaks_and_what_it_lacks_stays_as_written() -> None:
    flow, _ = read_flow(SCRIPT, "flows/summer.md")
    norsk = flow.spoken("nb")

    assert norsk.title == "Sommerkaffe"
    assert norsk.step("drink").ask is not None
    assert [o.label for o in norsk.step("drink").ask.options] == ["Te", "Coffee", "Rather not say"]  # type: ignore[union-attr]
    assert norsk.step("bye").say == "Thanks."


def test_a_flow_within_the_policy_has_no_problem() -> None:
    assert problems(SCRIPT) == []


def test_a_flow_that_asks_what_the_policy_does_not_cover_names_file_line_and_nearest_clause() -> None:
    found = problems(SCRIPT.replace("ask contact.email email", "ask contact.phone text"))

    assert found == [
        "flows/summer.md:16:1  asks for contact.phone for account, but no clause lets a flow collect it\n"
        "  nearest: §3 collects contact for account"
    ]


def test_a_flow_that_forgets_the_consent_of_its_field_is_told_which() -> None:
    found = problems(
        SCRIPT.replace("ask taste.drink choice for offers on tasting", "ask taste.drink choice for offers")
    )

    assert found == ["flows/summer.md:9:1  asks for taste.drink without its consent\n  add: on tasting"]


def test_a_flow_cannot_ask_the_browser_where_it_is() -> None:
    found = problems(SCRIPT.replace("ask contact.email email", "ask contact.email position"))

    assert "a flow cannot ask for 'position'" in found[0]


def test_a_script_with_a_hole_in_its_ways_is_refused_line_by_line() -> None:
    found = problems(SCRIPT.replace("-> gift", "-> gone").replace("- drink.tea", "- drinks.tea"))

    assert found[0].startswith("flows/summer.md:16:1  'mail' leads to 'gone'")
    assert any("no way leads to 'bye'" in p for p in found)
    assert any("the translation 'drinks.tea' belongs to no step" in p for p in found)


def test_a_link_never_carries_a_persons_own_value() -> None:
    assert link_problem("summer") == ""
    assert link_problem("kari@example.no")
    assert link_problem("{person}")
    assert link_problem("4f3c2a1b9d8e7f60aa")
