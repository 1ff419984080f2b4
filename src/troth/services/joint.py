"""Joint: who answers for what: the parted duties of joint areas, and the sides of one record.

It reads the document and decides nothing; a table, a refusal and a record all say what stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from troth.policy.model import Area, Controller, Data, Door, DutySplit, Fact, Policy, Purpose

OURS = "ours"
ROLES = ("joint controller", "processor")


@dataclass(frozen=True, slots=True)
class Side:
    """One duty of a joint area, and who answers for it: the company's name, or the party's."""

    area: str
    duty: DutySplit
    responsible: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a record: in which role we hold it, with or for whom, and whose duty it is."""

    role: str
    party: str
    responsible: tuple[str, ...]


def sides(policy: Policy) -> tuple[Side, ...]:
    """Return every duty of every joint area with the one side that answers for it."""
    us = company(policy)
    return tuple(
        Side(area.name, duty, us if duty.side == OURS else area.party)
        for area in policy.of(Area)
        for duty in area.duties
    )


def company(policy: Policy) -> str:
    """Return the name of who answers for the document."""
    return next((c.name for c in policy.of(Controller)), "")


def answering(policy: Policy, data: str, purposes: Sequence[str]) -> Answering:
    """Return who answers for a record of a category that is held for these purposes."""
    datum = next((d for d in policy.of(Data) if d.name == data), None)
    area = next((a for a in policy.of(Area) if datum and a.name == datum.area), None)
    if area is None:
        return Answering("controller", "", (company(policy),))
    found = tuple(dict.fromkeys(_covering(policy, area, purposes)))
    role = next((r for r in ROLES if area.role.startswith(r.split()[0])), "controller")
    return Answering(role, area.party, found or (company(policy),))


def handed(policy: Policy, party: str) -> Mapping[str, tuple[str, ...]]:
    """Return what members of a party hand in, each category with the purposes it is used for."""
    found: dict[str, tuple[str, ...]] = {}
    for data in policy.of(Data):
        if party and party in data.sources:
            uses = (
                p.name for p in policy.of(Purpose) for b in p.bases for u in b.uses if u.data == data.name
            )
            found[data.name] = tuple(dict.fromkeys(uses))
    return found


def granted(rewards: Mapping[str, Mapping[str, object]], member: str) -> Mapping[str, str]:
    """Return the rewards that a member grants, by name, with what each is called.

    >>> granted({"cup": {"operator": "kaffe", "text": "A cup"}, "points": {"operator": "power"}}, "kaffe")
    {'cup': 'A cup'}
    """
    return {
        n: str(row.get("text", n)) for n, row in rewards.items() if member and row.get("operator") == member
    }


def shareable(policy: Policy, party: str) -> tuple[str, ...]:
    """Return which of that a member may let another member have: where the document leaves it to them.

    A door to the party that opens by a fact which its members raise is theirs to open, field by field.
    """
    raised = {f.name for f in policy.of(Fact) if f.raised_by == party and party in f.per}
    mine, found = handed(policy, party), dict[str, None]()
    for door in policy.of(Door):
        opened = {name for group in door.guard.when for name in group} & raised
        for name in door.data if door.verb == "share" and door.party == party and opened else ():
            category, _, one = name.partition(".")
            fields = [f.name for d in policy.of(Data) if d.name == category for f in d.fields]
            found |= dict.fromkeys(f"{category}.{f}" for f in ([one] if one else fields) if category in mine)
    return tuple(found)


def _covering(policy: Policy, area: Area, purposes: Sequence[str]) -> Iterator[str]:
    for side in sides(policy):
        if side.area == area.name and set(side.duty.covers) & set(purposes):
            yield side.responsible
