"""Ticket: a link's secret that lets its holder do one named thing for one person, without a sign-in.

It is made of the person's own key, so it is the same each time, fits no other person and no other deed, and
opens nothing once the person was erased.
"""

from __future__ import annotations

import hmac

from troth.gate.house import House
from troth.gate.identify import exists, tagged


def ticket(house: House, *, person: int, deed: str) -> str:
    """Return the secret with which a link does this deed; '' for somebody who was erased."""
    if not exists(house, person=person):
        return ""
    return f"{house.store.tag(person=person)}.{_seal(house, person, deed)}"


def holder(house: House, *, ticket: str, deed: str) -> int | None:
    """Return whom a ticket for this deed stands for; None for a wrong one and for somebody who is gone."""
    tag, _, seal = ticket.partition(".")
    person = tagged(house, tag=tag)
    if person is None or not hmac.compare_digest(seal.encode(), _seal(house, person, deed).encode()):
        return None
    return person


def _seal(house: House, person: int, deed: str) -> str:
    return house.store.tag(person=person, label=f"ticket:{deed}")
