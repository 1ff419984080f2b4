"""Places: what the document lets nowhere be is refused before anything starts."""

from __future__ import annotations

import pytest
from tests.policy.club import messages

from troth.policy import parse
from troth.policy.check_places import check_places

SHORT = """
controller "Club" in NO
store in {store}
stay in EEA
recipient post "A post office" {role} in {country}
data contact from person
  email email
purpose members on contract
  uses contact
share contact.email with post for members
{more}
"""


def found(store: str = "NO", role: str = "processor", country: str = "SE", more: str = "") -> list[str]:
    text = SHORT.format(store=store, role=role, country=country, more=more)
    return [p.message for p in check_places(parse(f"# Club\n\n```troth{text}```\n", "policy.md"))]


def test_everything_inside_is_fine() -> None:
    assert found() == []


@pytest.mark.parametrize("role", ["processor", "controller"])
def test_a_recipient_outside_is_an_error_that_says_by_which_line(role: str) -> None:
    said = found(role=role, country="US")

    assert len(said) == 1
    assert "'post' is in US" in said[0]


def test_a_store_outside_is_an_error() -> None:
    assert found(store="US") == ["data are stored in US, and stay in EEA by §club (line 6)"]


def test_a_transfer_opens_the_way_to_another_controller() -> None:
    assert found(role="controller", country="US", more="transfer contact to US under dpf") == []


def test_the_club_stays_where_it_is() -> None:
    assert [m for m in messages() if "stay" in m] == []
