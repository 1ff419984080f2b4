"""Where a recipient names what it rests on, nothing goes there under anything else."""

from __future__ import annotations

from datetime import date

import pytest

from troth.kernel.places import Way, ways
from troth.policy.model import Controller, Door, Policy, Recipient, Safeguard, Whereabouts

DOOR = Door(verb="share", data=("contact",), party="firm", purposes=("news",))
RULES = (
    Controller(name="Club", country="GB"),
    Whereabouts(verb="stay in", places=("GB", "US", "EU")),
    Whereabouts(verb="transfer", places=("US",), safeguard="clauses"),
    Whereabouts(verb="transfer", places=("US",), safeguard="shield"),
    Whereabouts(verb="transfer", places=("EU",), safeguard="adequacy"),
    Safeguard(name="clauses", since=date(2021, 6, 27)),
    Safeguard(name="shield", until=date(2020, 7, 17)),
    Safeguard(name="adequacy"),
)


def way(country: str, safeguard: str = "", role: str = "processor", *under: str) -> Way:
    """Return the one way to a member of the class."""
    firm = Recipient(name="firm", role=role, each=True, safeguards=under or ("clauses", "shield", "adequacy"))
    members = {"firm": {"one": {"country": country, "safeguard": safeguard}}}
    return ways(Policy((*RULES, firm)), DOOR, "contact", members)[0]


@pytest.mark.parametrize("role", ["processor", "controller"])
def test_each_member_is_held_to_the_safeguard_that_its_own_entry_names(role: str) -> None:
    assert way("US", "clauses", role).since == date(2021, 6, 27)
    assert way("US", "shield", role).until == date(2020, 7, 17)
    assert way("DE", "adequacy", role).barred == ""
    assert way("US", "adequacy", role).barred
    assert way("US", "", role).barred
    assert way("US", "a promise", role).barred


def test_at_home_no_safeguard_is_asked_and_outside_every_place_none_helps() -> None:
    assert way("GB").barred == ""
    assert way("BR", "clauses").barred
    assert way("NO", "adequacy").barred


def test_a_class_that_names_none_leaves_it_to_the_transfer_lines() -> None:
    firm = Recipient(name="firm", role="processor", each=True)
    found = ways(Policy((*RULES, firm)), DOOR, "contact", {"firm": {"one": {"country": "US"}}})

    assert found[0].barred == ""
