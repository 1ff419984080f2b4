"""Rooms: hands a company to the services that keep rooms, and looks again at what their domains show."""

from __future__ import annotations

from troth.runtime.company import Company
from troth.services import instances
from troth.services.instances import Rooms


def rooms_of(company: Company) -> Rooms:
    """Return the company as far as instances go."""
    return Rooms(company.gate, company.policy, company.clock)


def prove_again(company: Company) -> int:
    """Look again at every proof whose month is over or that was gone; return how many are gone."""
    if not instances.known(company.policy):
        return 0
    return instances.prove_again(rooms_of(company), company.outside.txt)
