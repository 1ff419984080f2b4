"""Bringing: people come in from a source outside, in a batch that can be taken back as a whole.

Who asked to be left alone is left out before anything is kept, and the evidence names that wish.  Whoever is
known already keeps what is here; what came stands beside it under its own source (a merge that can be
undone), and withdrawing the batch takes that alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from troth.gate.errors import BadBody
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.identify import find, new_person
from troth.gate.receive import receive
from troth.gate.silence import silenced

BATCH = "batch"  # the index by which a batch's people are found, and the mark that names its records


@dataclass(frozen=True, slots=True)
class Brought:
    """One record that came: under whom it stands, whether they were known; None when it was left out."""

    person: int | None
    rid: int = 0
    known: bool = False


def bring(
    house: House,
    *,
    data: str,
    body: Mapping[str, object],
    purpose: str,
    party: str,
    member: str,
    batch: str,
) -> Brought:
    """Take one record in; raise ``Refused`` or ``BadBody``, and then nothing is kept of it."""
    address = _address(house, data, body)
    if silenced(house, kind="email", value=address):
        clause = house.home("silence")[1]
        house.store.log(kind="left alone", clause=clause.ref, detail={"data": data, "party": party})
        return Brought(None)
    with house.lock:
        known = find(house, kind="email", value=address)
        person = new_person(house) if known is None else known
        said = {"data": data, "body": body, "purpose": purpose, "party": party, "member": member}
        rid = receive(house, person=person, **said)  # type: ignore[arg-type]
        with opened(house, person) as folder:
            if known is None:
                folder.deed.index(namespace="email", value=address.strip().casefold())
            folder.deed.index(namespace=BATCH, value=batch)
            before = folder.marks.get(BATCH, {})
            folder.mark(**{BATCH: {**before, batch: [*before.get(batch, []), rid]}})
            if known is not None:
                folder.note("combined", house.datum(data).clause, data=data, party=party, member=member)
    return Brought(person, rid, known is not None)


def batch_purposes(house: House, *, batch: str) -> frozenset[str]:
    """Name the purposes for which what stands of a batch was brought in."""
    found: set[str] = set()
    for person in house.store.find_all(namespace=BATCH, value=batch):
        with opened(house, person) as folder:
            rids = folder.marks.get(BATCH, {}).get(batch, [])
            found.update(p for r in rids if r in folder.records for p in folder.records[r].meta.purposes)
    return frozenset(found)


def withdraw_batch(house: House, *, batch: str) -> int:
    """Take back what came in a batch and nothing else; return how many records went."""
    gone = 0
    for person in list(house.store.find_all(namespace=BATCH, value=batch)):
        with opened(house, person) as folder:
            rids = [r for r in folder.marks.get(BATCH, {}).get(batch, []) if r in folder.records]
            for rid in rids:
                clause, data = house.datum(folder.records[rid].data).clause, folder.records[rid].data
                folder.drop(rid)
                folder.note("batch withdrawn", clause, data=data)
            folder.deed.unindex(namespace=BATCH, value=batch)
            left = {b: r for b, r in folder.marks.get(BATCH, {}).items() if b != batch}
            folder.mark(**{BATCH: left})
            gone += len(rids)
    return gone


def _address(house: House, data: str, body: Mapping[str, object]) -> str:
    field = next((f.name for f in house.datum(data).fields if f.type == "email"), "")
    address = str(body.get(field, "")) if field else ""
    if not address.strip():
        raise BadBody(data, field, "a person who is brought in is told, so an address is needed")
    return address
