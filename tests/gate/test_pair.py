"""Data of two people, values that lead back to a record, and fields that are agreed to by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.gate import small
from tests.gate.small import Clock, on

from troth.gate import Delivery, Gate
from troth.gate.adopt import Swapped
from troth.gate.errors import BadBody, NoRecord
from troth.kernel import compile
from troth.policy.model import Basis, Consent, Data, Field, Ground, Keep, Policy, Purpose, Span, Use
from troth.store import open as open_store
from troth.terms import Refused

FRIENDS = Data(
    name="friends",
    sources=("person",),
    of_two=True,
    fields=(Field(name="pair", type="key"), Field(name="friend", type="key"), Field(name="name")),
)
SEEN = Consent(name="seen", question="May you two see each other?")
SOCIAL = Purpose(name="social", bases=(on("consent", "seen", Use("friends")),))
KEPT = Keep(data=("friends",), span=Span(1, "year"), after="collected")
MORE = (FRIENDS, SEEN, SOCIAL, KEPT)


def opened(path: Path, policy: Policy, clock: Clock) -> tuple[Gate, object]:
    store = open_store(path, root_key=bytes(range(32)), now=clock)
    sent: list[Delivery] = []
    kernel = compile(policy, small.PARTIES)
    gate = Gate(
        policy=policy, kernel=kernel, store=store, clock=clock, parties=small.PARTIES, post=sent.append
    )
    return gate, store


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    policy = replace(small.POLICY, statements=(*small.POLICY.statements, *MORE))
    made, store = opened(tmp_path / "two.db", policy, Clock())
    yield made
    store.close()  # type: ignore[attr-defined]


def two(gate: Gate) -> tuple[int, int]:
    kari, ola = gate.new_person(), gate.new_person()
    for who in (kari, ola):
        gate.consent(person=who, name="seen", given=True)
    return kari, ola


def join(gate: Gate, kari: int, ola: int) -> str:
    bodies = ({"name": "Ola"}, {"name": "Kari"})
    return gate.pair(person=kari, other=ola, data="friends", purpose="social", source="person", bodies=bodies)


def names(gate: Gate, who: int) -> list[object]:
    return [h.body["name"] for h, _ in gate.pairs(person=who, data="friends", purpose="social")]


def test_each_of_two_gets_a_half_and_finds_the_other(gate: Gate) -> None:
    kari, ola = two(gate)
    join(gate, kari, ola)

    assert names(gate, kari) == ["Ola"]
    assert [other for _, other in gate.pairs(person=ola, data="friends", purpose="social")] == [kari]


def test_without_the_ground_of_both_nothing_is_written(gate: Gate) -> None:
    kari, ola = two(gate)
    gate.consent(person=ola, name="seen", given=False)

    with pytest.raises(Refused):
        join(gate, kari, ola)
    assert [h.data for h in gate.access(person=kari).held if h.data == "friends"] == []


@pytest.mark.parametrize("how", ["withdraw", "erase", "part"])
def test_a_pair_ends_with_the_first_of_them(gate: Gate, how: str) -> None:
    kari, ola = two(gate)
    number = join(gate, kari, ola)
    if how == "withdraw":
        gate.consent(person=ola, name="seen", given=False)
    elif how == "erase":
        gate.erase(person=ola)
    else:
        gate.part(person=ola, data="friends", number=number)

    assert names(gate, kari) == []
    assert [h.data for h in gate.access(person=kari).held if h.data == "friends"] == []


def test_nobody_is_a_pair_by_themself_and_a_pair_that_is_gone_is_not_amended(gate: Gate) -> None:
    kari, ola = two(gate)
    number = join(gate, kari, ola)
    gate.part(person=kari, data="friends", number=number)

    with pytest.raises(BadBody):
        join(gate, kari, kari)
    with pytest.raises(NoRecord):
        gate.amend(person=kari, data="friends", number=number, body={"name": "x"})


def test_a_tied_value_finds_its_person_until_it_is_untied_or_they_are_erased(gate: Gate) -> None:
    kari, ola = two(gate)
    for who in (kari, ola):
        gate.tie(person=who, data="friends", value="C7")
    gate.untie(person=ola, data="friends", value="C7")
    before = gate.bearers(data="friends", value="C7")
    gate.erase(person=kari)

    assert before == (kari,)
    assert gate.bearers(data="friends", value="C7") == ()


@pytest.mark.parametrize("held", [True, False])
def test_a_ground_is_not_swapped_under_what_is_held(tmp_path: Path, held: bool) -> None:
    policy = replace(small.POLICY, statements=(*small.POLICY.statements, *MORE))
    clock = Clock()
    gate, store = opened(tmp_path / "swap.db", policy, clock)
    gate.adopt()
    kari, ola = two(gate)
    if held:
        join(gate, kari, ola)
    store.close()  # type: ignore[attr-defined]
    other = replace(SOCIAL, bases=(Basis((Ground("contract"),), (Use("friends"),)),))
    swapped = replace(policy, statements=tuple(other if s is SOCIAL else s for s in policy.statements))
    again, store = opened(tmp_path / "swap.db", swapped, clock)
    try:
        if held:
            with pytest.raises(Swapped, match="'friends' is held on consent 'seen'"):
                again.adopt()
        else:
            again.adopt()
    finally:
        store.close()  # type: ignore[attr-defined]
