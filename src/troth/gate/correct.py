"""Correct: a person puts right what came from them, or takes one item out (GDPR Art. 16 and 17).

Whoever got the old value is told: the new one where it may still go to them, else only that it changed.  A
document with a category that ``records former`` keeps the old value there, under its own clause.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.access import disclosures
from troth.gate.ages import said as told_age
from troth.gate.body import checked, treated
from troth.gate.cards import refuse_cards
from troth.gate.converse_mask import cleaned
from troth.gate.derive import drop_made_from
from troth.gate.erase import let_go, stays_of
from troth.gate.errors import NotYours, Stays
from troth.gate.folder import Folder, opened
from troth.gate.groups import by_hand, by_proof
from troth.gate.house import House
from troth.gate.lasting import exception
from troth.gate.values import Delivery, Receipt
from troth.policy.model import Data
from troth.store import Record
from troth.terms import Action, Allowed, Permit, Request

UNREAD = ("password", "file")


def correct(house: House, *, person: int, rid: int, body: Mapping[str, object]) -> Receipt | None:
    """Put new values in place of old ones; fields not named stay, and an optional one given as None goes.

    Who turns out to be a child that the document refuses is erased, and the receipt returned.
    """
    with opened(house, person) as folder:
        record = _own(folder, rid)
        datum = house.datum(record.data)
        by_hand(house, record.data, body)
        by_proof(house, datum, record.body, body)
        clean = cleaned(house, datum, checked(datum, body))
        refuse_cards(house, datum, clean)
        said = treated(datum, clean, lambda v: house.store.tag(person=person, label=v))
        old = record.body if isinstance(record.body, dict) else {}
        cleared = {f.name for f in datum.fields if f.optional and f.name in body and body[f.name] is None}
        folder.rewrite(rid, {**{n: v for n, v in old.items() if n not in cleared}, **said})
        drop_made_from(folder, record.data)
        folder.note("corrected", datum.clause, data=[f"{record.data}.{n}" for n in sorted({*said, *cleared})])
        changed = {**dict.fromkeys(cleared & old.keys()), **said}
        other = {n: v for n, v in changed.items() if old.get(n) != v}
        remember(folder, datum, {n: old[n] for n in other if n in old})
        tell_changed(folder, record.data, other)
        age = told_age(house, record.data, said, folder.now)
    return let_go(house, person=person, age=age)


def remove(house: House, *, person: int, rid: int) -> None:
    """Take one record out; raise ``Stays`` when a law or a hold keeps it."""
    with opened(house, person) as folder:
        record = folder.get(rid)
        for found in stays_of(folder, record) if record.data in house.data else ():
            article = exception(house, found.because)
            raise Stays(record.data, found.clause, found.until, found.waits_for, article)
        record = _own(folder, rid)
        folder.drop(rid)
        drop_made_from(folder, record.data)
        folder.note("removed", house.datum(record.data).clause, data=record.data)
        tell_changed(folder, record.data, dict.fromkeys(record.body if isinstance(record.body, dict) else {}))


def theirs(datum: Data, source: str) -> bool:
    """Say whether a record is its person's to change: it came from them, or was noted for them by a device
    where the document takes it from them as well.

    >>> theirs(Data(name="language", sources=("person", "device")), "device")
    True
    """
    return source == "person" or (source == "device" and "person" in datum.sources)


def _own(folder: Folder, rid: int) -> Record:
    record = folder.get(rid)
    datum = folder.house.datum(record.data)
    if not theirs(datum, record.meta.source) or record.data in folder.house.kinds.values():
        raise NotYours(record.data, record.meta.source)
    return record


def remember(folder: Folder, datum: Data, former: Mapping[str, object]) -> None:
    """Keep what stood before, where the document has a place for it, save what nobody may read again."""
    if not folder.house.remembers("former") or datum.name == folder.house.kinds["former"]:
        return
    types = {f.name: f.type for f in datum.fields}
    for name, value in former.items():
        if types.get(name) not in UNREAD:
            folder.remember("former", {"field": f"{datum.name}.{name}", "value": str(value)})


def tell_changed(folder: Folder, data: str, changed: Mapping[str, object]) -> None:
    """Tell each recipient of a changed field, once."""
    told = set()
    for one in disclosures(folder.house, folder.person):
        names = [n for n in one.data if n.partition(".")[0] == data and n.partition(".")[2] in ("", *changed)]
        if one.kind != "share" or not names or not changed or (one.party, one.member) in told:
            continue
        told.add((one.party, one.member))
        permit = _permit(folder, data, next(iter(changed)), one.party, one.member, one.purpose)
        values = {f"{data}.{n}": v for n, v in changed.items()} if permit else {}
        body = {"corrected": [f"{data}.{n}" for n in changed], **values}
        folder.house.post(Delivery(permit, one.party, one.member, body, "correction"))
        folder.note("correction", one.clause, party=one.party, member=one.member, data=sorted(names))


def _permit(folder: Folder, data: str, field: str, party: str, member: str, purpose: str) -> Permit | None:
    asked = Request(Action.SHARE, data, purpose, party, field, member)
    found = folder.house.kernel.decide(asked, folder.state, folder.now)
    return found.permit if isinstance(found, Allowed) else None
