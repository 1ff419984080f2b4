"""Erase: everything held about a person goes at once (GDPR Art. 17), save what a law or a hold makes stay.

The mark of silence is set first; then those who got the data are told, and keys and indexes go, in one deed
with its evidence.  What stays is cut down to the fields its law names, is sealed under a key of its own,
and is only kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from typing import Any

from troth.gate.access import disclosures
from troth.gate.ages import refusing
from troth.gate.closing import close_account
from troth.gate.contacts import normal
from troth.gate.converse_link import talker_of
from troth.gate.facts import ENDED
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.identify import proved
from troth.gate.lasting import stay_of, what_stays
from troth.gate.silence import silence
from troth.gate.values import Delivery, Receipt
from troth.kernel.due import Stays as Standing
from troth.policy.model import Event, Fact, Hold, Recipient
from troth.store import Record

CONTACTS = ("email", "phone")


def erase(house: House, *, person: int, silent: bool = True) -> Receipt:
    """Erase a person and return the receipt; ``silent`` False sets no mark, as for a child found here."""
    with house.lock:
        apart = talker_of(house, person)
        others = [*([apart] if apart is not None else []), *_namesakes(house, person)]
        also = [erase(house, person=other, silent=False) for other in others]
        if silent:
            _mark(house, person)
        if _waiting(house, person):
            close_account(house, person=person)
        with opened(house, person) as folder:
            kept = dict(_kept(folder))
            told = tuple(_tell(folder, kept))
            stays = tuple(stay_of(folder.house, s) for found in kept.values() for s in found)
            stays = (*stays, *(one for receipt in also for one in receipt.stays))
            told = (*told, *(one for receipt in also for one in receipt.told))
            clause = stays[0].clause.ref if stays else ""
            at = folder.now
            leaf, salt = _burn(folder, kept, clause)
        evidence = house.store.receipt(leaf=leaf, salt=salt)
        house.store.sweep_files()
    return Receipt(at, leaf, stays, told, evidence)


def _namesakes(house: House, person: int) -> tuple[int, ...]:
    """Return whoever else left an address that this person has proved to be theirs, and never proved one.

    Nobody but its owner could ask for what was written under it, and the owner does so now.
    """
    mine = [told for told in _contacts(house, person) if proved(house, person=person, kind=told[0])]
    found = (
        p for kind, value in mine for p in house.store.find_all(namespace=kind, value=normal(kind, value))
    )
    others = [p for p in dict.fromkeys(found) if p != person]
    return tuple(p for p in others if not any(proved(house, person=p, kind=kind) for kind in CONTACTS))


def let_go(house: House, *, person: int, age: int | None) -> Receipt | None:
    """Erase a child that the document refuses and erases when found; None for everybody else."""
    child = refusing(house, age)
    return erase(house, person=person, silent=False) if child and child.erase else None


def _waiting(house: House, person: int) -> bool:
    """Say whether a law's clock waits for an end that nobody is left to bring about: erasing is that end."""
    with opened(house, person) as folder:
        return any(s.until is None and s.waits_for for _, found in _kept(folder) for s in found)


def stays_of(folder: Folder, record: Record) -> tuple[Standing, ...]:
    """Return what a law or a hold makes stay of one record."""
    return what_stays(folder.reckoning, record)


def _kept(folder: Folder) -> Iterator[tuple[int, tuple[Standing, ...]]]:
    for rid, record in folder.records.items():
        found = stays_of(folder, record)
        if found:
            yield rid, found


def _burn(folder: Folder, kept: dict[int, tuple[Standing, ...]], clause: str) -> tuple[int, str]:
    """Erase all but what stays, which is cut down, restricted and given its lawful date."""
    house = folder.house
    events = [r for r in folder.records if folder.records[r].data == house.kinds["events"]] if kept else []
    done = folder.deed.erase_person(keep=[*kept, *events], clause=clause)
    for rid in events:
        folder.deed.replace(rid=rid, body={"log": _log_left(folder, kept), "erased": True})
    for rid, found in kept.items():
        record = folder.records[rid]
        body = _cut(record, found)
        if body != record.body:
            folder.deed.replace(rid=rid, body=body)
        folder.deed.restrict(rid=rid, restricted=True)
        only = replace(record, body=body, meta=replace(record.meta, restricted=True))
        at = folder.reckoning.timed(only).at
        folder.deed.move(rid=rid, due=at.isoformat() if at else None)
    folder.over = True
    return done.leaf, done.salt


def _cut(record: Record, found: tuple[Standing, ...]) -> dict[str, Any]:
    """Return the fields that the law names, or all of them where it names the category."""
    body = record.body if isinstance(record.body, dict) else {}
    fields = {s.data.partition(".")[2] for s in found}
    return body if "" in fields else {n: v for n, v in body.items() if n in fields}


def _log_left(folder: Folder, kept: dict[int, tuple[Standing, ...]]) -> dict[str, list[str]]:
    """Return the moments that the clocks of what stays still count from, and no others."""
    house = folder.house
    data = {folder.records[rid].data for rid in kept}
    names = {k.after for d in data for k in house.keeps[d] if k.because}
    names |= {n for h in house.policy.of(Hold) for n in (h.while_fact, h.while_fact + ENDED)}
    for fact in house.policy.of(Fact):
        if names & {f"{fact.name} starts", f"{fact.name} ends"}:
            names |= {fact.name, fact.name + ENDED, *fact.starts, *(name for _, _, name in fact.ends)}
    for event in house.policy.of(Event):
        if event.name in names:
            names |= {*event.restarts_at, *(n for pair in event.paused for n in pair)}
            names |= {name for _, _, name in event.alternatives} | {f"{event.name} extended"}
    log = {n: times for n, times in folder.known.log.items() if n in names}
    return {n: [t.astimezone(UTC).isoformat() for t in times] for n, times in log.items()}


def _mark(house: House, person: int) -> None:
    """Set the mark of silence for each contact that identifies the person."""
    for kind, value in _contacts(house, person):
        silence(house, kind=kind, value=value)


def _contacts(house: House, person: int) -> Iterator[tuple[str, str]]:
    """Yield kind and value of each contact that identifies the person."""
    for record in house.store.records(person=person):
        if isinstance(record.body, dict) and record.data in house.data:
            for field in house.data[record.data].fields:
                if field.type in CONTACTS and field.identifies and field.name in record.body:
                    yield field.type, str(record.body[field.name])


def _tell(folder: Folder, kept: dict[int, tuple[Standing, ...]]) -> Iterator[str]:
    """Tell those who got the person's data that they are erased (GDPR Art. 19), once each."""
    titles = {r.name: r.text or r.name for r in folder.house.policy.of(Recipient)}
    got: dict[tuple[str, str], set[str]] = {}
    for one in disclosures(folder.house, folder.person):
        if one.kind == "share":
            got.setdefault((one.party, one.member), set()).update(one.data)
    for (party, member), data in sorted(got.items()):
        body = {"erased": sorted(data), "person": folder.house.store.tag(person=folder.person, label=party)}
        folder.house.post(Delivery(None, party, member, body, "erasure"))
        folder.note("erasure told", party=party, member=member, data=sorted(data))
        known = folder.house.parties.get(party, {}).get(member, {})
        yield str(known.get("title", member or titles.get(party, party)))
