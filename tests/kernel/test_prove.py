"""A never and an always are settled over all situations; a broken one names a person, a day and a rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from troth.kernel import compile, prove, prove_one
from troth.policy.model import (
    Area,
    Basis,
    Claim,
    Consent,
    Controller,
    Cookie,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Join,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Statement,
    Use,
    Whereabouts,
)
from troth.terms import Clause, Form

WEIGHED = date(2025, 1, 1)
STATEMENTS: tuple[Statement, ...] = (
    Controller(name="Fjord Coffee AS", country="NO"),
    Area(name="shop"),
    Data(name="taste", sources=("person",), area="shop"),
    Data(name="contact", sources=("person",), clause=Clause("2", 9)),
    Data(name="visit", sources=("device",)),
    Consent(name="tips", question="?", age=16),
    Fact(name="member"),
    Fact(name="gold", within="member"),
    Fact(name="late"),
    Recipient(name="brand", role="controller", country="NO"),
    Recipient(name="far", role="controller", country="BR"),
    Whereabouts(verb="store in", places=("NO", "US")),
    Whereabouts(verb="stay in", places=("EEA",), data=("contact",)),
    Purpose(
        name="match",
        marks=frozenset({"profiling"}),
        bases=(Basis((Ground("consent", "tips"),), (Use("taste", clause=Clause("4.2", 20)),)),),
    ),
    Purpose(
        name="sell",
        marks=frozenset({"direct marketing"}),
        bases=(Basis((Ground("legitimate interest"),), (Use("contact"),), assessed=WEIGHED),),
    ),
    Purpose(name="serve", bases=(Basis((Ground("contract", "member"),), (Use("contact"), Use("taste"))),)),
    Purpose(
        name="club",
        bases=(Basis((Ground("contract", "gold"),), (Use("visit", guard=Guard(unless=("late",))),)),),
    ),
    Door(verb="share", data=("taste",), party="brand", purposes=("match",), clause=Clause("6.3", 188)),
    Keep(data=("contact", "taste"), clause=Clause("7", 1)),
    Cookie(name="film", areas=("shop",), hosts=("film.example",), consent="tips", clause=Clause("8", 2)),
    Join(left="taste", right="visit", purpose="match", consent="tips", clause=Clause("9", 3)),
)
POLICY = Policy(STATEMENTS, path="policy.md")
KERNEL = compile(POLICY)


def never(verb: str, *data: str, **more: object) -> Claim:
    return replace(Claim(kind="never", verb=verb, data=data), **more)  # type: ignore[arg-type]


def always(verb: str, *data: str, **more: object) -> Claim:
    return replace(never(verb, *data, **more), kind="always")


def test_a_broken_never_names_a_person_a_day_and_the_rule() -> None:
    claim = never("share", "any", parties=("brand",), except_form=Form.ANONYMOUS)
    proof = prove_one(KERNEL, claim)

    assert proof.holds is False
    assert proof.witness == (
        "Kari, 34, consent 'tips' given 3 March, at 12 April 2026: "
        "§6.3 (line 188) shares taste with brand for match as identified"
    )
    assert Clause("6.3", 188) in proof.clauses


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        (never("use", "any", purposes=("match",), without_consent="tips"), True),
        (never("use", "any", purposes=("match",), without_consent=""), True),
        (never("use", "any", purposes=("match",), without_consent="news"), False),
        (never("use", "any", purposes=("match",), guard=Guard(under_age=16)), True),
        (never("use", "any", purposes=("match",), guard=Guard(under_age=18)), False),
        (never("use", "any", purposes=("direct marketing",), after_objection=True), True),
        (never("use", "any", purposes=("profiling",), after_objection=True), False),
        (never("use", "any", purposes=("any but match, serve",), guard=Guard(unless=("late",))), False),
        (never("use", "visit", guard=Guard(when=(("late",),))), True),
        (never("use", "visit", guard=Guard(unless=("member",))), True),
        (never("use", "visit", guard=Guard(unless=("gold",))), True),
        (never("use", "contact", guard=Guard(unless=("gold",))), False),
        (never("use", "any", purposes=("on consent",), after_withdrawal=True), True),
        (never("use", "any", purposes=("on contract", "profiling")), True),
        (never("use", "any", purposes=("on consent", "profiling")), False),
        (never("use", "any in shop", purposes=("sell",)), True),
        (never("touch", "any from device", purposes=("any but club",)), True),
        (never("collect", "any", sources_but=("person", "device")), True),
        (never("collect", "taste", sources=("device",)), True),
        (never("share", "taste.drink", parties=("brand",)), False),
        (never("share", "any", parties=("any but brand",)), True),
        (never("share", "any", parties=("controller",)), False),
        (never("share", "any", parties=("any",), except_data=("taste",), except_purposes=("match",)), True),
        (never("transfer", "any", parties=("outside EEA",)), True),
        (never("keep", "contact", parties=("outside EEA",)), True),
        (never("keep", "taste", parties=("outside EEA",)), False),
        (never("use", "contact", purposes=("sell",), guard=Guard(until=WEIGHED)), True),
        (never("use", "contact", purposes=("sell",), guard=Guard(since=WEIGHED)), False),
        (never("load", "any in shop"), False),
        (never("load", "any in shop", without_consent=""), True),
        (never("load", "any in shop", without_consent="news"), False),
        (never("join", "visit", parties=("any in shop",)), False),
        (never("join", "visit", parties=("contact",)), True),
        (never("decide"), True),
        (always("use", "contact", purposes=("serve",)), True),
        (always("use", "contact", purposes=("serve",), without_consent=""), True),
        (always("use", "taste", purposes=("match",), without_consent=""), False),
        (always("use", "visit", purposes=("club",)), False),
        (always("use", "visit", purposes=("club",), guard=Guard(unless=("late",))), True),
        (always("use", "contact", purposes=("club",)), False),
        (always("erase", "contact"), None),
    ],
    ids=str,
)
def test_a_promise_is_settled_over_all_situations(claim: Claim, holds: bool | None) -> None:
    assert prove_one(KERNEL, claim).holds is holds


def test_every_claim_of_the_document_is_settled_in_order() -> None:
    claims = (never("use", "taste", purposes=("sell",)), never("use", "contact"))
    proofs = prove(replace(POLICY, statements=(*STATEMENTS, *claims)))

    assert [p.holds for p in proofs] == [True, False]
    assert [p.claim for p in proofs] == list(claims)


def test_data_may_lie_only_where_every_line_about_them_lets_them_stay() -> None:
    here = Whereabouts(verb="stay in", places=("NO",), data=("contact",))
    claim = never("keep", "contact", parties=("outside NO",))
    wide = replace(POLICY, statements=(*STATEMENTS, Whereabouts(verb="store in", places=("SE",))))

    assert prove_one(wide, claim).holds is False
    assert prove_one(replace(wide, statements=(*wide.statements, here)), claim).holds is True


def test_a_transfer_without_a_line_that_allows_it_breaks_no_promise() -> None:
    far = Door(verb="share", data=("taste",), party="far", purposes=("match",))
    line = Whereabouts(verb="transfer", places=("BR",))
    claim = never("transfer", "any", parties=("outside EEA",))

    assert prove_one(replace(POLICY, statements=(*STATEMENTS, far)), claim).holds is True
    assert prove_one(replace(POLICY, statements=(*STATEMENTS, far, line)), claim).holds is False
