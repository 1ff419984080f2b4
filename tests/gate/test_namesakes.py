"""Who else wrote under an address that somebody has proved goes with them; no area stands in clear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.gate.small import House

from troth.gate import Unknown

MAIL = "kari@example.no"


def known(house: House, *, verified: bool) -> int:
    """Begin somebody with this address, which they have proved or only typed."""
    who = house.gate.new_person()
    house.gate.identify(person=who, kind="email", value=MAIL, verified=verified)
    house.gate.collect(person=who, data="contact", body={"email": MAIL}, purpose="account", source="person")
    return who


def test_the_owner_of_an_address_takes_along_what_was_typed_under_it(house: House) -> None:
    typed, owner, other = known(house, verified=False), known(house, verified=True), house.gate.new_person()
    house.gate.erase(person=owner)

    assert [house.gate.exists(person=p) for p in (typed, owner, other)] == [False, False, True]


def test_who_only_typed_an_address_takes_nobody_along(house: House) -> None:
    typed, owner, twin = (known(house, verified=v) for v in (False, True, True))
    house.gate.erase(person=typed)
    alone = [house.gate.exists(person=p) for p in (typed, owner, twin)]
    house.gate.erase(person=owner)

    assert alone == [False, True, True]
    assert house.gate.exists(person=twin)


def test_an_area_that_the_document_does_not_know_is_refused_and_stands_nowhere(
    house: House, found: Callable[[str], list[str]]
) -> None:
    with pytest.raises(Unknown, match="area"):
        house.gate.new_person(area="qvzjkxwaaaaa")

    assert found("qvzjkxwaaaaa") == []
