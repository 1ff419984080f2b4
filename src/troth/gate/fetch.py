"""Fetch: data are asked of another business, on the person's word for that business and no sooner.

What leaves is a reference that this business alone knows the person by, and the names of the fields; nothing
about the person.  INVARIANT (yes first): the permit to collect stands before anything is asked outside.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.errors import GateError
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.receive import receive
from troth.gate.values import Inquiry
from troth.terms import Action


def reference(house: House, *, person: int, party: str, member: str) -> str:
    """Return the name by which one business knows a person here; no other business knows them by it."""
    return house.store.tag(person=person, label=f"{party}:{member}")


def fetch(
    house: House,
    *,
    person: int,
    data: str,
    purpose: str,
    party: str,
    member: str,
    fields: Sequence[str] = (),
) -> int:
    """Ask a business for fields of a category and keep what it answers; return the record's number.

    ``fields``: all that the document declares, when none is named.  Raises ``Refused`` before anything is
    asked, and ``GateError`` when the business has no connector or does not answer.
    """
    datum = house.datum(data)
    for name in fields:
        house.part(f"{data}.{name}")
    wanted = tuple(fields) or tuple(f.name for f in datum.fields)
    with opened(house, person) as folder:
        permit = folder.insist_each(Action.COLLECT, data, purpose, wanted, source=party, member=member)
        folder.note("fetch asked", permit.clauses[0], data=data, purpose=purpose, party=party, member=member)
    named = reference(house, person=person, party=party, member=member)
    answer = house.fetch(Inquiry(permit, party, member, named, data, wanted))
    body = {name: value for name, value in answer.items() if name in wanted}
    if not body:
        raise GateError(f"{member} told nothing of {data}; nothing was stored")
    return receive(
        house,
        person=person,
        data=data,
        body=body,
        purpose=purpose,
        member=member,
        party=party,
        said="fetched",
    )
