"""Referring: a person's link for friends, the edge when a friend first signs in by it, and one bonus for it.

Who opened the link and did not sign in is not noted anywhere.  The one who invited learns that a bonus was
earned, and nothing of what the friend did.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from troth.services.giving import credit
from troth.services.rewards import Reward
from troth.services.shop import Shop
from troth.terms import Refused, TrothError

DEED = "referral"


def link(shop: Shop, person: int, name: str = "") -> str:
    """Return the secret of the person's link, the same each time; ``name`` is shown to who opens it.

    Raises ``Refused`` or another ``TrothError`` when the document does not let a name be kept.
    """
    data = shop.category("shown-as")
    if name and data is not None and shown(shop, person) != name:
        for held in shop.gate.access(person=person).held:
            if held.data == data.name:
                shop.gate.remove(person=person, rid=held.rid)
        body = {"shown-as": name}
        purpose = shop.collecting(data.name)
        shop.gate.collect(person=person, data=data.name, body=body, purpose=purpose, source="person")
    return shop.gate.ticket(person=person, deed=DEED)


@dataclass(frozen=True, slots=True)
class Forms:
    """A link as its person passes it on from their own device; no friend's address is asked for or held."""

    url: str
    mail: str  # RFC 6068
    sms: str  # RFC 5724


def forms(link: str, title: str) -> Forms:
    """Return the three forms in which a link is passed on.

    >>> forms("https://a.example/i/x", "A b").sms
    'sms:?body=A%20b%3A%20https%3A%2F%2Fa.example%2Fi%2Fx'
    >>> forms("https://a.example/i/x", "A b").mail
    'mailto:?subject=A%20b&body=https%3A%2F%2Fa.example%2Fi%2Fx'
    """
    body = quote(link, safe="")
    return Forms(
        link,
        f"mailto:?subject={quote(title, safe='')}&body={body}",
        f"sms:?body={quote(title + ': ', safe='')}{body}",
    )


def shown(shop: Shop, person: int) -> str:
    """Return the name under which a person invites, '' when they gave none."""
    data = shop.category("shown-as")
    held = shop.gate.access(person=person).held
    return next(
        (str(h.body["shown-as"]) for h in held if data and h.data == data.name and not h.restricted), ""
    )


def inviter(shop: Shop, ticket: str) -> int | None:
    """Return whose link this is; None for a wrong one, and for one of somebody who left."""
    person = shop.gate.holder(ticket=ticket, deed=DEED)
    return person if person is not None and shop.gate.access(person=person).closed is None else None


def join(shop: Shop, friend: int, ticket: str) -> str:
    """Note who invited a friend who signs in for the first time; say what became of it.

    ``joined``, ``self`` (nobody invites themself), ``unknown``, ``already`` (somebody else was first) or
    ``refused``.
    """
    data, person = shop.category("side", "acted"), inviter(shop, ticket)
    if data is None or person is None:
        return "unknown"
    if person == friend:
        return "self"
    if invited_by(shop, friend) is not None:
        return "already"
    since = shop.today.isoformat()
    halves = (
        {"side": "inviter", "since": since, "acted": "no"},
        {"side": "invited", "since": since, "acted": "no"},
    )
    try:
        shop.gate.pair(
            person=person,
            other=friend,
            data=data.name,
            purpose=shop.collecting(data.name),
            bodies=halves,
        )
    except TrothError:
        return "refused"
    return "joined"


def invited_by(shop: Shop, friend: int) -> str | None:
    """Return the name of who invited a person, '' when they gave none; None when nobody did."""
    found = next((other for half, other in _edges(shop, friend) if half.get("side") == "invited"), None)
    return shown(shop, found) if found is not None else None


def friends(shop: Shop, person: int) -> tuple[str, ...]:
    """Return since when each friend is here whom the person invited; who they are is not told."""
    return tuple(str(h.get("since", "")) for h, _ in _edges(shop, person) if h.get("side") == "inviter")


def acted(shop: Shop, friend: int, when: str) -> int:
    """Pay the bonuses for what a friend did, once for each pair; return how many were paid."""
    data = shop.category("side", "acted")
    paid = 0
    for half, other in _edges(shop, friend):
        number = str(half.get("pair", ""))
        if data is None or half.get("side") != "invited" or half.get("acted") == "yes":
            continue
        shop.gate.amend(person=friend, data=data.name, number=number, body={"acted": "yes"})
        for name, row in shop.offers.items():
            if row.get("kind") == "bonus" and row.get("when") == when:
                paid += credit(shop, other, _bonus(shop, number, name, row)) == "credited"
    return paid


def _bonus(shop: Shop, number: str, name: str, row: object) -> Reward:
    told = row if isinstance(row, dict) else {}
    data = shop.reward
    purpose = shop.collecting(data.name, shared=True) if data else ""
    key, text = f"friend-{number}/{name}", str(told.get("text", name))
    return Reward(key, int(told.get("amount", 0)), text, purpose, data.name if data else "")


def _edges(shop: Shop, person: int) -> tuple[tuple[dict[str, object], int], ...]:
    data = shop.category("side", "acted")
    if data is None:
        return ()
    try:
        found = shop.gate.pairs(person=person, data=data.name, purpose=shop.collecting(data.name))
    except Refused:
        return ()
    return tuple((dict(held.body), other) for held, other in found)
