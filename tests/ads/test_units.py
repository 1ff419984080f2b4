"""Units: what keeps a flow from being an ad, and what an ad carries of it."""

from __future__ import annotations

from typing import Any

import pytest

from troth.laws import packs
from troth.policy import parse
from troth.policy.model import Area, Counter, Data, Field, Policy
from troth.services import read_flow
from troth.services.ads import Unit, check_unit, creative, exit_problem, origins, pressed
from troth.terms import Problem

POLICY = Policy(
    (
        Area(name="ads", no_personal_data=True),
        Data(
            name="taste", fields=(Field(name="drink", choices=("tea",)), Field(name="who", identifies=True))
        ),
        Data(name="health", special=True, fields=(Field(name="state"),)),
        Counter(name="ad-steps", of=("unit", "hour", "step", "option")),
        Counter(name="arrivals", of=("flow", "hour", "channel")),
    )
)
SITE: dict[str, Any] = {
    "services": ["flows", "ads"],
    "publishers": {"paper": {"origins": ["https://paper.example", "http://paper.example", "https://a.b/c"]}},
    "clients": {"kaffe": {"name": "Kaffe", "flows": ["iced"], "links": ["https://kaffe.example"]}},
}
TEXT = """---
title: Iced
---
## hello
Tea?
ask taste.drink choice optional for learn
- tea: Yes -> menu

## menu
Here: [Menu](https://kaffe.example/menu) and [Card](https://kaffe.example/card)

## bye
Bye.
end

## nb
- hello: Te?
- menu.link: Meny
"""


def problems(
    text: str = TEXT, site: dict[str, Any] = SITE, policy: Policy = POLICY, **unit: str
) -> list[str]:
    flow, wrong = read_flow(text, "iced.md")
    assert wrong == ()
    found: tuple[Problem, ...] = check_unit(
        Unit("iced-paper", "iced", **{"publisher": "paper", **unit}), site, {"iced": flow}, policy
    )
    return [p.message for p in found]


def test_a_flow_that_needs_nothing_of_anybody_may_be_an_ad() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        ("ask taste.drink text for learn", "asks for free words (taste.drink)"),
        ("ask taste.drink number 0..9 for learn", "asks for a number (taste.drink)"),
        ("ask taste.drink email for learn", "asks for an e-mail address (taste.drink)"),
        ("ask taste.drink phone for learn", "asks for a phone number (taste.drink)"),
        ("ask taste.who choice for learn\n- tea: Tea", "asks for taste.who, which tells who somebody is"),
        (
            "ask health.state choice for learn\n- tea: Tea",
            "asks for health.state, which tells who somebody is",
        ),
        ("ask taste.drink choice for learn on news\n- tea: Tea", "needs the consent 'news'"),
        ("consent news optional", "puts the consent 'news'"),
        ('film film kaffe-2026 "How it is made"', "shows the film 'How it is made'"),
        ('reward cup 1 "A cup" for learn', "gives the reward 'cup'"),
    ],
)
def test_a_step_that_needs_somebody_keeps_a_flow_from_being_an_ad(ask: str, said: str) -> None:
    found = problems(TEXT.replace("## bye", f"## more\nMore.\n{ask}\n\n## bye"))

    assert len(found) == 1
    assert found[0].startswith(f"'more' {said}")


@pytest.mark.parametrize(
    "url",
    [
        "https://kaffe.example.evil.example/", "https://kaffe.example@evil.example/", "javascript:alert(1)",
        "//kaffe.example/", "https://kaffe.example:8443/", "https://kaffe.example\\.evil.example/", "https://[",
    ],
)  # fmt: skip
def test_an_address_that_only_looks_registered_is_none(url: str) -> None:
    assert exit_problem(url, ("https://kaffe.example",)).startswith("leads to")


def test_the_site_and_the_document_have_to_open_the_channel() -> None:
    closed = {**SITE, "services": ["flows"]}
    unlinked = {**SITE, "clients": {"kaffe": {"flows": ["iced"]}}}

    assert problems(site=closed) == ["the service 'ads' is not on"]
    assert problems(policy=Policy(POLICY.statements[1:])) == [
        "the ad 'iced-paper' has no part of the service to stand in"
    ]
    assert problems(publisher="nobody") == ["the publisher 'nobody' has registered no origin over https"]
    assert problems(size="320x50") == ["a conversation has no room in 320x50"]
    assert problems(campaign="kari@example.no") == ["a campaign code names a campaign, never a person"]
    assert problems(site=unlinked)[0] == "the client of 'iced' has registered no page to lead to"


def test_an_origin_is_https_and_nothing_but_an_origin() -> None:
    assert origins(SITE, "paper") == ("https://paper.example",)


def test_an_ad_speaks_a_language_of_its_flow_and_its_links_carry_the_campaign() -> None:
    flow, _ = read_flow(TEXT, "iced.md")
    made = creative(Unit("u", "iced", "paper", campaign="spring", language="nb"), SITE, flow)

    assert made.turns[0].say == ("Te?",)
    assert [(e.label, e.url) for e in made.turns[1].exits] == [
        ("Meny", "https://kaffe.example/menu?campaign=spring"),
        ("Card", "https://kaffe.example/card?campaign=spring"),
    ]
    assert made.home == "https://kaffe.example/menu?campaign=spring"


def test_a_press_counts_a_step_and_an_option_of_the_flow_and_nothing_else() -> None:
    flow, _ = read_flow(TEXT, "iced.md")
    unit = Unit("u", "iced", "paper")

    assert pressed(POLICY, unit, flow, "hello", "tea", "2025-03-01T10") == (
        ("ad-steps", {"unit": "u", "hour": "2025-03-01T10", "step": "hello", "option": "tea"}),
    )
    assert pressed(POLICY, unit, flow, "hello", "coffee", "2025-03-01T10") == ()
    assert pressed(POLICY, unit, flow, "nowhere", "", "2025-03-01T10") == ()


def test_the_words_of_the_document_that_an_ad_needs_are_read() -> None:
    rules = 'area ads "Ads" no personal data\ncounter c of unit, step, option shown from 10'
    read = parse(f"# Ads\n```troth\n{rules}\n```\n", "policy.md", packs=packs())

    assert [a.no_personal_data for a in read.of(Area)] == [True]
    assert [c.shown_from for c in read.of(Counter)] == [10]
