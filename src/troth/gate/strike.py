"""Strike: single data go on a ground that no reason of ours outweighs (GDPR Art. 17(1)(d) and (e)).

What was kept without its evidence goes when its person asks, and the finding is a case of its own.  What a
court or an authority orders goes although the account lives on.  INVARIANT (nothing silently): where the
order meets a law that keeps the data, nothing goes before somebody has decided, in writing, which holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from troth.gate.access import disclosures
from troth.gate.ask import opened_request
from troth.gate.derive import drop_made_from
from troth.gate.errors import BadBody
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.lasting import stay_of, what_stays
from troth.gate.values import Delivery, Stay
from troth.policy.model import RequestDoor
from troth.store import Record
from troth.terms import TrothError

UNDECIDED, KEEP, ERASE = "", "keep", "erase"


class Collides(TrothError):
    """An order to erase meets a law that keeps some of the data; nothing was erased."""

    def __init__(self, stays: Sequence[Stay]) -> None:
        self.stays = tuple(stays)
        laws = "; ".join(f"{s.data} by {s.clause}, {s.because}" for s in stays)
        super().__init__(f"a law keeps some of it, so decide which holds, with a reason: {laws}")


@dataclass(frozen=True, slots=True)
class Struck:
    """What went, what a law kept, who was told, and the case that the finding opened, if any."""

    data: tuple[str, ...]
    stays: tuple[Stay, ...]
    told: tuple[str, ...]
    number: str = ""


def erase_unaccounted(house: House, *, person: int) -> Struck:
    """Erase what lies here without evidence of having come in; open a case where something was found."""
    with opened(house, person) as folder:
        known = _accounted(house, person)
        found = [r for r in _own(folder) if not _stands(r, known)]
        names = tuple(dict.fromkeys(r.data for r in found))
        _drop(folder, [(r, ()) for r in found])
        told = tuple(_tell(folder, names))
        door = next((d for d in house.policy.of(RequestDoor) if d.does == "review"), None)
        number = ""
        for record in found[:1]:
            clause = house.datum(record.data).clause
            folder.note("unlawful erased", clause, data=list(names), article="GDPR Art. 17(1)(d)")
            if door is not None:
                about = "kept without evidence: " + ", ".join(names)
                number = opened_request(folder, door.name, "page", about=about).number
    return Struck(names, (), told, number)


def erase_ordered(
    house: House,
    *,
    person: int,
    data: Sequence[str],
    reference: str,
    by: str,
    decision: str = UNDECIDED,
    reason: str = "",
) -> Struck:
    """Erase what an order of law names, ``category`` or ``category.field``; raise ``Collides`` undecided.

    ``decision`` keep leaves what another law keeps, erase takes it as well; either needs its ``reason``.
    """
    if not reference.strip():
        raise BadBody("order", "reference", "names the statute or the decision that orders it")
    if decision and not reason.strip():
        raise BadBody("order", "reason", "says why this law goes before the other")
    for name in data:
        house.part(name)
    with opened(house, person) as folder:
        meant = [(r, fields) for r in _own(folder) if (fields := _meant(r, data)) is not None]
        kept = {r.rid: what_stays(folder.reckoning, r) for r, _ in meant}
        stays = tuple(stay_of(house, s) for found in kept.values() for s in found)
        if stays and decision not in (KEEP, ERASE):
            raise Collides(stays)
        going = [(r, fields) for r, fields in meant if decision == ERASE or not kept[r.rid]]
        _drop(folder, going)
        names = tuple(dict.fromkeys(name for r, _ in going for name in _named(r, data)))
        said = {"data": list(names), "reference": reference, "by": by, "decision": decision, "reason": reason}
        clause = house.datum(going[0][0].data).clause if going else ""
        folder.note("erased by order", clause, article="GDPR Art. 17(1)(e)", **said)
        told = tuple(_tell(folder, names))
    return Struck(names, () if decision == ERASE else stays, told)


def _own(folder: Folder) -> list[Record]:
    """Return the person's records that are not the gate's own memory of them."""
    memory = set(folder.house.kinds.values())
    return [r for r in folder.records.values() if r.data not in memory and r.data in folder.house.data]


def _accounted(house: House, person: int) -> frozenset[tuple[str, datetime]]:
    """Return of which categories the evidence says that something came in, and when."""
    found: set[tuple[str, datetime]] = set()
    for leaf in house.store.trail(person=person):
        said = leaf.detail.get("data", ())
        names = [said] if isinstance(said, str) else said
        at = datetime.fromisoformat(leaf.at).replace(microsecond=0)
        found |= {(str(name).partition(".")[0], at) for name in names}
    return frozenset(found)


def _stands(record: Record, known: frozenset[tuple[str, datetime]]) -> bool:
    at = datetime.fromisoformat(record.meta.collected).replace(microsecond=0)
    return (record.data, at) in known


def _meant(record: Record, data: Sequence[str]) -> tuple[str, ...] | None:
    """Return the fields of a record that are named, () for all of it, None where none is."""
    if record.data in data:
        return ()
    body = record.body if isinstance(record.body, dict) else {}
    fields = tuple(n for n in body if f"{record.data}.{n}" in data)
    return fields or None


def _named(record: Record, data: Sequence[str]) -> Iterator[str]:
    return (name for name in data if name.partition(".")[0] == record.data)


def _drop(folder: Folder, going: Sequence[tuple[Record, tuple[str, ...]]]) -> None:
    for record, fields in going:
        body = record.body if isinstance(record.body, dict) else {}
        left = {n: v for n, v in body.items() if n not in fields}
        if fields and left:
            folder.rewrite(record.rid, left)
        else:
            folder.drop(record.rid)
        drop_made_from(folder, record.data)


def _tell(folder: Folder, names: Sequence[str]) -> Iterator[str]:
    """Tell whoever got any of it that it is erased (GDPR Art. 19), once each."""
    gone = {n.partition(".")[0] for n in names}
    told: set[tuple[str, str]] = set()
    for one in disclosures(folder.house, folder.person):
        mine = [n for n in one.data if n.partition(".")[0] in gone]
        if one.kind != "share" or not mine or (one.party, one.member) in told:
            continue
        told.add((one.party, one.member))
        tag = folder.house.store.tag(person=folder.person, label=one.party)
        folder.house.post(Delivery(None, one.party, one.member, {"erased": mine, "person": tag}, "erasure"))
        folder.note("erasure told", party=one.party, member=one.member, data=mine)
        yield one.member or one.party
