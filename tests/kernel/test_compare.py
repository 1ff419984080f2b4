"""Two versions differ in the decisions that differ, wider or narrower, and in nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from troth.kernel import compare, compile, unreachable
from troth.policy.model import (
    Basis,
    Consent,
    Controller,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Policy,
    Purpose,
    Recipient,
    Statement,
    Use,
)
from troth.terms import Action, Clause


def club(*doors: Door, age: int | None = None, guard: Guard = Guard()) -> Policy:  # noqa: B008  a frozen value
    said: tuple[Statement, ...] = (
        Controller(name="Fjord Coffee AS", country="NO"),
        Data(name="taste", sources=("person",)),
        Consent(name="tips", question="?", age=age),
        Fact(name="gold", within="member"),
        Fact(name="member"),
        Recipient(name="brand", role="controller", country="NO"),
        Purpose(
            name="match",
            bases=(Basis((Ground("consent", "tips"),), (Use("taste", reads=True, guard=guard),)),),
        ),
    )
    return Policy((*said, *doors))


SHARE = Door(verb="share", data=("taste",), party="brand", purposes=("match",), clause=Clause("5", 30))


def test_a_new_recipient_is_wider_and_its_loss_narrower() -> None:
    more, less = compare(club(), club(SHARE)), compare(club(SHARE), club())

    assert [(c.request.action, c.request.party) for c in more.wider] == [(Action.SHARE, "brand")] * len(
        more.wider
    )
    assert more.wider
    assert not more.narrower
    assert less.narrower
    assert not less.wider


def test_a_higher_age_is_narrower_for_the_young_alone() -> None:
    changes = compare(club(age=13), club(age=16))

    assert not changes.wider
    assert [c.whom for c in changes.narrower] == ["Kari, 15, consent 'tips' given 3 March, at 12 April 2026"]
    assert str(changes.narrower[0]).startswith(
        "use taste for match as identified: no longer allowed for Kari, 15"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Guard(when=(("gold", "member"),)), Guard(when=(("gold",),))),
        (Guard(when=(("gold",), ("member",))), Guard(when=(("member",),))),
        (Guard(when=(("a", "b"),)), Guard(when=(("b", "a"),))),
        (Guard(when=(("a",), ("a", "b"))), Guard(when=(("a",),))),
    ],
)
def test_what_can_make_no_difference_is_no_change(old: Guard, new: Guard) -> None:
    assert not compare(club(guard=old), club(guard=new))


def test_an_end_date_is_narrower_from_that_day() -> None:
    changes = compare(club(), club(guard=Guard(until=date(2027, 1, 1))))

    assert not changes.wider
    assert "2027" in changes.narrower[0].whom


def test_a_door_that_opens_for_nobody_is_named() -> None:
    shut = Door(
        verb="share",
        data=("taste",),
        party="brand",
        purposes=("match",),
        guard=Guard(when=(("gold",),), unless=("member",)),
        clause=Clause("6", 40),
    )

    assert unreachable(compile(club(SHARE, shut))) == (Clause("6", 40),)
    assert compare(club(SHARE), club(SHARE, shut)).unreachable == (Clause("6", 40),)
