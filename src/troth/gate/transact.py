"""Transact: several records and a moment that belong together, written in one deed: all of them or none.

An order is such a thing: with it a contract begins, an address comes in, and the books get a line.  Each
record is asked of the kernel by itself, after the moment has happened, since that may be what allows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from troth.gate.body import checked, treated
from troth.gate.cards import refuse_cards
from troth.gate.converse_mask import cleaned
from troth.gate.errors import Unknown
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.terms import Action


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to be written; ``replaces`` is the record of the house's own whose place it takes."""

    data: str
    body: Mapping[str, object]
    purpose: str
    source: str
    replaces: int = 0


def transact(
    house: House, *, person: int, entries: Sequence[Entry], events: Sequence[str] = (), reason: str = ""
) -> tuple[int, ...]:
    """Write all entries and return their numbers; raise ``Refused`` or ``BadBody``, and then nothing is kept.

    ``reason``: why something was put right; it goes into the security log and not into the evidence.
    """
    for name in events:
        if name not in house.events:
            raise Unknown("event", name)
    with opened(house, person) as folder:
        for name in events:
            folder.happen(name)
            folder.note("event", name=name)
        done = tuple(_write(folder, entry) for entry in entries)
        if reason:
            folder.trail("corrected", data=", ".join(sorted({e.data for e in entries})), reason=reason)
    return done


def _write(folder: Folder, entry: Entry) -> int:
    house, datum = folder.house, folder.house.datum(entry.data)
    said = cleaned(house, datum, checked(datum, entry.body))
    refuse_cards(house, datum, said)
    permit = folder.insist_each(Action.COLLECT, entry.data, entry.purpose, said, source=entry.source)
    stored = treated(datum, said, lambda value: house.store.tag(person=folder.person, label=value))
    if entry.replaces:
        folder.get(entry.replaces)
        folder.rewrite(entry.replaces, stored)
        rid = entry.replaces
    else:
        clause, place = permit.clauses[0], datum.area
        purposes = (entry.purpose,)
        rid = folder.put(
            entry.data, stored, purposes=purposes, source=entry.source, clause=clause, place=place
        )
    folder.note("collected", permit.clauses[0], data=entry.data, purpose=entry.purpose, source=entry.source)
    return rid
