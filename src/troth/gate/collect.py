"""Collect: data come in from their source, after the kernel said so and in the form the document promises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from troth.gate.body import checked, treated
from troth.gate.converse_mask import cleaned
from troth.gate.folder import opened
from troth.gate.groups import by_hand
from troth.gate.house import House
from troth.terms import Action


def collect(
    house: House,
    *,
    person: int,
    data: str,
    body: Mapping[str, object],
    purpose: str,
    source: str,
    member: str = "",
    area: str = "",
) -> int:
    """Keep one record and return its number; raise ``Refused`` or ``BadBody``, and then nothing is kept."""
    datum = house.datum(data)
    by_hand(house, data, body)
    said = cleaned(house, datum, checked(datum, body))
    with opened(house, person) as folder:
        permit = folder.insist_each(Action.COLLECT, data, purpose, said, source=source, member=member)
        stored = treated(datum, said, lambda value: house.store.tag(person=person, label=value))
        rid = folder.put(
            data,
            stored,
            purposes=(purpose,),
            source=f"{source}:{member}" if member and source not in ("person", "device") else source,
            clause=permit.clauses[0],
            place=area or datum.area,
        )
        folder.note("collected", permit.clauses[0], data=data, purpose=purpose, source=source, member=member)
        if source == "person" and folder.marks.get("identified"):
            folder.happen("last-use")
    return rid


def fits(house: House, *, data: str, body: Mapping[str, object], about: Iterable[str] = ()) -> None:
    """Raise ``BadBody`` when a body could not be kept; nothing is kept and nobody is asked about."""
    checked(house.datum(data), body, about)
