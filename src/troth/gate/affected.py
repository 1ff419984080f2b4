"""Affected: whose data somebody saw or got in a time, or whose lay here then: told by the evidence.

A member of staff is followed by the security log, which names them; a role or a party by the evidence of
what was shown and shared.  Where no actor is named, everybody counts of whom such data lay here.  It reads,
and tells of each person no more than the tag and the categories.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from troth.gate.converse_link import talker_of
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.identify import tagged
from troth.store import Record

SEEN = frozenset({"show", "share"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What was open to whom, from when until when: a member of staff, a role, a party, or just data."""

    since: datetime
    until: datetime
    staff: str = ""
    party: str = ""  # a role or a recipient of the document
    member: str = ""
    data: tuple[str, ...] = ()

    @property
    def actor(self) -> bool:
        """Whether it names who saw or got the data."""
        return bool(self.staff or self.party)


def affected(house: House, scope: Scope) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the tag of everybody whose data a scope covers, with the categories.

    What lies apart under a key of its own counts with the person it is linked to.
    """
    people = list(house.store.persons())
    apart = {person: talker_of(house, person) for person in people}
    for person in people:
        tag = house.store.tag(person=person)
        if person in apart.values() or tagged(house, tag=tag) is None:
            continue  # counted with its person, or a note of the house's own
        found: set[str] = set()
        for one in filter(None, (person, apart[person])):
            records = standing(house, one)
            found |= _seen(house, one, records, scope) if scope.actor else _lying(house, records, scope)
        wanted = found if not scope.data else found & set(scope.data)
        if wanted:
            yield tag, tuple(sorted(wanted))


def _seen(house: House, person: int, records: Sequence[Record], scope: Scope) -> set[str]:
    """Return what the actor saw or got of a person: by the security log a member of staff, else by role."""
    logged = [r.body for r in records if r.data == house.kinds["trail"] and isinstance(r.body, dict)]
    if scope.staff:
        mine = [b for b in logged if b.get("staff") == scope.staff and b.get("act") == "shown"]
        return {str(b["data"]) for b in mine if _within(str(b["at"]), scope)}
    found: set[str] = set()
    for leaf in house.store.trail(person=person):
        said = leaf.detail
        theirs = said.get("party", "") == scope.party and scope.member in ("", said.get("member", ""))
        if leaf.kind in SEEN and theirs and _within(leaf.at, scope):
            data = said.get("data", ())
            names = (data,) if isinstance(data, str) else data
            found |= {str(name).partition(".")[0] for name in names}
    return found


def _lying(house: House, records: Sequence[Record], scope: Scope) -> set[str]:
    kept = frozenset(house.kinds.values())
    here = [r for r in records if datetime.fromisoformat(r.meta.collected) <= scope.until]
    return {r.data for r in here if r.data not in kept}


def _within(at: str, scope: Scope) -> bool:
    return scope.since <= datetime.fromisoformat(at) <= scope.until


def concerned(
    house: House, found: Iterable[tuple[str, tuple[str, ...]]], parties: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield (party, member) of each business of these classes that some of what was open came from or names.

    A record names one in the field that is called as its class is.
    """
    for tag, data in found:
        person = tagged(house, tag=tag)
        records = [] if person is None else standing(house, person)
        for record in (r for r in records if r.data in data):
            source, _, giver = record.meta.source.partition(":")
            body = record.body if isinstance(record.body, dict) else {}
            for party in parties:
                member = giver if source == party else str(body.get(party, ""))
                if member in house.parties.get(party, {}):
                    yield party, member
