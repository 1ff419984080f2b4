"""Silence: a coded mark by which a contact is left alone, also one by which nobody is known here.

The mark is a record of its own, under nobody's name, found by a keyed digest of the contact; it outlives the
erasure of the person.  It is lifted by whoever proves the contact, and by nobody else.
"""

from __future__ import annotations

from troth.gate.contacts import normal
from troth.gate.folder import opened, standing
from troth.gate.house import House

MARK = "silence:"


def silence(house: House, *, kind: str, value: str) -> int | None:
    """Set the mark for a contact and return under whom it stands; None when the document keeps no such mark.

    Setting it twice sets one.
    """
    plain = normal(kind, value)
    if not house.remembers("silence"):
        return None
    with house.lock:
        nobody = house.store.find(namespace=MARK + kind, value=plain)
        if nobody is not None and _stands(house, nobody):
            return nobody
        nobody = house.store.new_person(area="silence") if nobody is None else nobody
        with opened(house, nobody) as folder:
            folder.deed.index(namespace=MARK + kind, value=plain)
            folder.deed.index(namespace="tag", value=house.store.tag(person=nobody))
            folder.remember("silence", {"mark": house.store.tag(person=nobody, label=kind)})
            folder.note("silenced", house.home("silence")[1], kind=kind)
    return nobody


def silenced(house: House, *, kind: str, value: str) -> bool:
    """Say whether somebody asked that this contact be left alone."""
    nobody = house.store.find(namespace=MARK + kind, value=normal(kind, value))
    return nobody is not None and _stands(house, nobody)


def lift_silence(house: House, *, person: int) -> bool:
    """Take the mark away that stands under this number; say whether one did."""
    with opened(house, person) as folder:
        marks = [rid for rid, r in folder.records.items() if r.data == house.kinds["silence"]]
        for rid in marks:
            folder.drop(rid)
        if marks:
            folder.note("silence lifted", house.home("silence")[1])
    return bool(marks)


def _stands(house: House, nobody: int) -> bool:
    return any(r.data == house.kinds["silence"] for r in standing(house, nobody))
