"""Report: what the people of one party have done, as sums for that party and about nobody else's people.

Whoever the document lets the party have the data of is counted, and nobody besides; sums leave, and no row.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from troth.gate.clock import Reckoning
from troth.gate.errors import Unlisted
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.read import readable
from troth.policy.model import Recipient
from troth.terms import Action, Request


@dataclass(frozen=True, slots=True)
class Report:
    """How many people and records, and the sum of each number field."""

    people: int
    records: int
    sums: tuple[tuple[str, str], ...]


def report(house: House, *, data: str, purpose: str, party: str, member: str) -> Report:
    """Return the sums of a category over a party's own people; raise ``Unlisted`` for no such member."""
    found = next((r for r in house.policy.of(Recipient) if r.name == party), None)
    clause = found.clause if found else house.datum(data).clause
    if member not in house.parties.get(party, {}):
        raise Unlisted(party, member, clause)
    numbers = [f.name for f in house.datum(data).fields if f.type == "number"]
    sums, people, count = dict.fromkeys(numbers, Decimal(0)), 0, 0
    asked = Request(Action.SHARE, data, purpose, party, member=member)
    for person in list(house.store.persons()):
        records = standing(house, person)
        if not any(r.data == data for r in records):
            continue
        mind = Reckoning(house, known(house, records), house.clock())
        if not house.kernel.decide(asked, mind.state, mind.now):
            continue
        bodies = [h.body for h in readable(mind, records, data, purpose)]
        people, count = people + bool(bodies), count + len(bodies)
        for name in numbers:
            sums[name] += sum((_number(body.get(name)) for body in bodies), Decimal(0))
    said = {"data": data, "purpose": purpose, "party": party, "member": member}
    house.store.log(kind="totals told", clause=clause.ref, detail=said)
    return Report(people, count, tuple((n, f"{v.normalize():f}") for n, v in sums.items()))


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value if value is not None else 0).replace(",", "."))
    except InvalidOperation:
        return Decimal(0)
