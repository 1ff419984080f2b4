"""Join: records that lie under different keys read side by side, where a ``join`` of the document says so.

INVARIANT (from then on): what came in before the person agreed to the joining is not told with the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.gate.clock import Reckoning
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.read import readable
from troth.gate.values import Held
from troth.policy.model import Join
from troth.store import Record
from troth.terms import Action, Refused, RefusedBy, Request, Unsaid


def joined(house: House, *, person: int, data: str, beside: str, purpose: str) -> tuple[Held, ...]:
    """Return a person's records of two categories for a join's purpose; raise ``Refused``.

    Of what the join names first only that is told which came in since the consent, when the join says so.
    """
    house.datum(data), house.datum(beside)
    asked = Request(Action.USE, data, purpose)
    join = _declared(house, data, beside, purpose)
    if join is None:
        nearest = tuple(j.clause for j in house.policy.of(Join) if {data, beside} & {j.left, j.right})
        raise Refused(Unsaid(asked, nearest))
    records = standing(house, person)
    mind = Reckoning(house, known(house, records), house.clock())
    if join.consent and join.consent not in mind.state.consents:
        raise Refused(RefusedBy(asked, (join.clause,), (f"consent {join.consent}",)))
    house.store.note_reads(
        person=person, kind="used", clause=join.clause.ref, detail={"data": data, "purpose": purpose}
    )
    return tuple(_side_by_side(mind, records, join))


def _declared(house: House, data: str, beside: str, purpose: str) -> Join | None:
    joins = (j for j in house.policy.of(Join) if {j.left, j.right} == {data, beside})
    return next((j for j in joins if j.purpose == purpose), None)


def _side_by_side(mind: Reckoning, records: Iterable[Record], join: Join) -> Iterator[Held]:
    given = mind.person.latest("consent").get(join.consent)
    for name in (join.left, join.right):
        for held in readable(mind, records, name, join.purpose):
            if name == join.right or not join.from_then_on or (given and held.collected >= given.at):
                yield held
