"""Behalf: who acts here for a party, and what is held for it that they brought.

The document says that somebody acts for a member of an open class by a fact ``per`` that class.  What they
hand in, where we work for the class, names the member in a field that is called as the class is.
INVARIANT (a right is a person's): the member sees and takes out what is its own, and nothing of theirs.
"""

from __future__ import annotations

from troth.gate.clock import Reckoning
from troth.gate.errors import NoRecord, Unlisted
from troth.gate.events import lower_fact
from troth.gate.facts import known
from troth.gate.folder import opened, standing
from troth.gate.house import House, named
from troth.gate.memory import state_now
from troth.gate.read import held_of
from troth.gate.values import Held
from troth.policy.model import Area, Fact, Recipient
from troth.terms import Clause


def acting_fact(house: House, party: str) -> Fact | None:
    """Return the fact by which people act for a class of parties; None where the document has none."""
    return next((f for f in house.policy.of(Fact) if f.per == (party,) and f.of in ("", "person")), None)


def acting(house: House, *, party: str, member: str) -> tuple[int, ...]:
    """Return who acts for a member now."""
    fact = acting_fact(house, party)
    name = named(fact.name, member) if fact else ""
    now, people = house.clock(), house.store.persons() if fact else ()
    return tuple(p for p in people if name in state_now(house, person=p, now=now).facts)


def acts_for(house: House, *, person: int, party: str) -> tuple[str, ...]:
    """Return for which members of a class somebody acts now."""
    fact, facts = acting_fact(house, party), state_now(house, person=person, now=house.clock()).facts
    return tuple(m for m in house.parties.get(party, {}) if fact and named(fact.name, m) in facts)


def end_acting(house: House, *, party: str, member: str) -> tuple[int, ...]:
    """Let nobody act for a member any longer, as when its contract ends; return who did."""
    _listed(house, party, member)
    fact, people = acting_fact(house, party), acting(house, party=party, member=member)
    for person in people:
        assert fact is not None
        lower_fact(house, person=person, name=fact.name, member=member, by=party)
    return people


def processed_for(house: House, *, data: str) -> str:
    """Return the class of parties for which a category is held as their processor; '' for our own."""
    area = house.datum(data).area
    return next((a.party for a in house.policy.of(Area) if a.name == area and a.role == "processor"), "")


def held_for(house: House, *, party: str, member: str) -> tuple[tuple[int, Held], ...]:
    """Return what people who act for a member brought us for it, with whose it is."""
    clause = _listed(house, party, member)
    mine = frozenset(d for d in house.data if processed_for(house, data=d) == party)
    found = []
    for person in house.store.persons():
        records = [r for r in standing(house, person, mine) if r.data in mine]
        if any(_of(r.body, party) == member for r in records):
            mind = Reckoning(house, known(house, standing(house, person)), house.clock())
            found += [(person, held_of(mind, r)) for r in records if _of(r.body, party) == member]
            note = {"party": party, "member": member}
            house.store.note_reads(person=person, kind="used", clause=clause.ref, detail=note)
    return tuple(found)


def give_up(house: House, *, party: str, member: str, person: int, rid: int) -> None:
    """Take one record out on the order of the member it is held for; raise ``NoRecord``."""
    clause = _listed(house, party, member)
    with opened(house, person) as folder:
        record = folder.get(rid)
        if processed_for(house, data=record.data) != party or _of(record.body, party) != member:
            raise NoRecord(rid)
        folder.drop(rid)
        folder.note("removal ordered", clause, data=record.data, party=party, member=member)


def _listed(house: House, party: str, member: str) -> Clause:
    found = next((r.clause for r in house.policy.of(Recipient) if r.name == party), Clause("", 0))
    if member not in house.parties.get(party, {}):
        raise Unlisted(party, member, found)
    return found


def _of(body: object, party: str) -> str:
    return str(body.get(party, "")) if isinstance(body, dict) else ""
