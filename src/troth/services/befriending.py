"""Befriending: two people see each other's name here once one invited, the other accepted, and both said yes.

An invitation is a link; of who was invited and did not accept nothing stands anywhere.  Either one's no ends
it for both.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.services.referring import shown
from troth.services.shop import Shop
from troth.terms import Refused

DEED = "friend"


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody who accepted; ``number`` names the pair."""

    number: str
    name: str


def invitation(shop: Shop, person: int) -> str:
    """Return the secret of a link by which somebody may become the person's contact."""
    return shop.gate.ticket(person=person, deed=DEED)


def asking(shop: Shop, ticket: str) -> int | None:
    """Return whose invitation this is; None for a wrong one, and for one of somebody who left."""
    person = shop.gate.holder(ticket=ticket, deed=DEED)
    return person if person is not None and shop.gate.access(person=person).closed is None else None


def accept(shop: Shop, friend: int, ticket: str, name: str = "") -> str:
    """Link two people; say ``linked``, ``already``, ``self`` or ``unknown``.

    Raises ``Refused`` while either one's yes is missing.
    """
    data, person = shop.category("friend", "name"), asking(shop, ticket)
    if data is None or person is None:
        return "unknown"
    if person == friend:
        return "self"
    purpose = shop.collecting(data.name)
    if any(other == person for _, other in _pairs(shop, friend)):
        return "already"
    shop.gate.pair(
        person=person,
        other=friend,
        data=data.name,
        purpose=purpose,
        source="person",
        bodies=({"name": name}, {"name": shown(shop, person)}),
    )
    return "linked"


def contacts(shop: Shop, person: int) -> tuple[Friend, ...]:
    """Return who is linked with a person now; nobody while either one's yes is missing."""
    return tuple(
        Friend(str(body.get("pair", "")), str(body.get("name", ""))) for body, _ in _pairs(shop, person)
    )


def unfriend(shop: Shop, person: int, number: str) -> None:
    """End a link, for both."""
    if data := shop.category("friend", "name"):
        shop.gate.part(person=person, data=data.name, number=number)


def _pairs(shop: Shop, person: int) -> tuple[tuple[dict[str, object], int], ...]:
    data = shop.category("friend", "name")
    if data is None:
        return ()
    try:
        found = shop.gate.pairs(person=person, data=data.name, purpose=shop.collecting(data.name))
    except Refused:
        return ()
    return tuple((dict(held.body), other) for held, other in found)
