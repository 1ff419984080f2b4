"""Organisations: how somebody comes into one, and what they see of their colleagues there.

An invitation is a link for one address and fourteen days; of who was invited and did not come nothing stands
anywhere.  Its one rule: *nobody comes in but by founding one, or by an invitation to an address they proved*.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from troth.gate import Gate, NoRecord
from troth.gate.groups import Group
from troth.gate.values import Held
from troth.policy.model import Data, Door, Fact, Policy
from troth.services import instances
from troth.terms import Refused

GOOD_FOR = timedelta(days=14)
CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Opened:
    """What the document opens to people of one group: a category, its fields, for what, in which role."""

    data: str
    fields: tuple[str, ...]
    purpose: str
    role: str


def known(policy: Policy) -> bool:
    """Say whether the document knows organisations: a fact of the viewer that goes by a field.

    Where a group is a company's instance nobody founds one or comes in by a link (``services.instances``).
    """
    return any(f.of == "viewer" and f.by for f in policy.of(Fact)) and not instances.known(policy)


def opened(policy: Policy) -> tuple[Opened, ...]:
    """Return what the doors open to people of one group, one category after another."""
    facts = {f.name for f in policy.of(Fact) if f.of == "viewer" and f.by}
    found: dict[tuple[str, str, str], list[str]] = {}
    for door in policy.of(Door):
        if door.verb == "show" and any(facts & set(group) for group in door.guard.when):
            for name in door.data:
                data, _, field = name.partition(".")
                fields = found.setdefault((data, door.purposes[0], door.party), [])
                fields += [field] if field else []
    return tuple(Opened(d, tuple(fields), p, role) for (d, p, role), fields in found.items())


def invitation(gate: Gate, person: int, address: str, today: date) -> str:
    """Return the secret of a link by which this address may come into the person's organisation.

    It is '' for somebody who is in none.
    """
    own = gate.group(person=person)
    if own is None:
        return ""
    until = (today + GOOD_FOR).isoformat()
    return f"{gate.ticket(person=person, deed=_deed(own, address, until))}.{until}"


def inviting(gate: Gate, ticket: str, today: date) -> Group | None:
    """Return into which organisation a link may lead; None for one that is over, or of somebody who left."""
    tag, until = ticket.partition(".")[0], ticket.rpartition(".")[2]
    inviter = gate.tagged(tag=tag)
    return gate.group(person=inviter) if inviter is not None and _good(until, today) else None


def join(gate: Gate, policy: Policy, person: int, ticket: str, today: date) -> Group | None:
    """Let the person in whose own address the link was made for; None when it was made for nobody of them."""
    group = inviting(gate, ticket, today)
    secret, _, until = ticket.rpartition(".")
    if group is None:
        return None
    for address in addresses(gate, policy, person):
        if gate.holder(ticket=secret, deed=_deed(group, address, until)) is not None:
            return gate.join_group(person=person, number=group.number)
    return None


def addresses(gate: Gate, policy: Policy, person: int) -> Iterator[str]:
    """Yield the mail addresses by which a person is known."""
    fields = {(d.name, f.name) for d in policy.of(Data) for f in d.fields if f.identifies}
    for held in gate.access(person=person).held if gate.proved(person=person, kind="email") else ():
        for name, value in held.body.items():
            if (held.data, name) in fields and gate.find(kind="email", value=str(value)) == person:
                yield str(value).strip().casefold()


def colleagues(gate: Gate, policy: Policy, person: int) -> tuple[str, ...]:
    """Return what those in the person's organisation are called, as far as the document shows their names."""
    names: dict[int, dict[str, str]] = {}
    for what in (w for w in opened(policy) if w.fields):
        for held in _peers(gate, person, what):
            names.setdefault(held.person, {}).update({n: str(v) for n, v in held.body.items()})
    return tuple(" ".join(parts.values()) for parts in names.values() if parts)


def conversations(gate: Gate, policy: Policy, person: int) -> tuple[tuple[str, datetime, int], ...]:
    """Return number, last moment and turns of each conversation of the person's colleagues, newest first."""
    found: dict[str, list[datetime]] = {}
    for what in (w for w in opened(policy) if not w.fields):
        for held in _peers(gate, person, what):
            found.setdefault(str(held.body.get(CONVERSATION, "")), []).append(held.collected)
    rows = [(number, max(times), len(times)) for number, times in found.items() if number]
    return tuple(sorted(rows, key=lambda row: row[1], reverse=True))


def conversation(gate: Gate, policy: Policy, person: int, number: str) -> tuple[Held, ...]:
    """Return the turns of one conversation of a colleague; raise ``Refused`` or ``NoRecord``."""
    what = next((w for w in opened(policy) if not w.fields), None)
    if what is None:
        raise NoRecord(number)
    held = gate.peers(
        viewer=person, data=what.data, purpose=what.purpose, role=what.role, only={CONVERSATION: number}
    )
    return tuple(sorted(held, key=lambda h: h.collected))


def _peers(gate: Gate, person: int, what: Opened) -> tuple[Held, ...]:
    """Return what may be listed; nothing for somebody who is in no organisation."""
    try:
        return gate.peers(
            viewer=person, data=what.data, purpose=what.purpose, role=what.role, fields=what.fields
        )
    except Refused:
        return ()


def _deed(group: Group, address: str, until: str) -> str:
    return f"join:{group.number}:{address.strip().casefold()}:{until}"


def _good(until: str, today: date) -> bool:
    try:
        return today <= date.fromisoformat(until)
    except ValueError:
        return False
