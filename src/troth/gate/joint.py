"""Joint: what a partner with whom we answer together has signed and set (GDPR Art. 26).

An arrangement is a numbered version that both sides sign; it counts from the later signature, and before it
nothing joint runs.  Settings are the partner's own: which field another member may have of what the partner
handed in, and for which purposes we may not use it.  Both stand in the evidence, and no key but the partner's
writes them.  INVARIANT (no is stronger): a setting only ever takes away, or opens beside a person's yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from troth.gate.errors import GateError, Unknown
from troth.gate.house import PLAIN, House, named
from troth.policy.model import Area, DutySplit, Recipient
from troth.store import Record
from troth.terms import Clause, Refused, RefusedBy, Request

SIGNED, SET = "arrangement signed", "settings made"
NEED, SIDES = "arrangement", ("ours", "theirs")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One version with a member: when each side signed it, None while it has not."""

    party: str
    member: str
    version: int
    ours: datetime | date | None = None
    theirs: datetime | date | None = None

    @property
    def complete(self) -> bool:
        """Whether both have signed."""
        return self.ours is not None and self.theirs is not None


@dataclass(frozen=True, slots=True)
class Settings:
    """One version of a member's settings: ``share`` by who receives, ``barred`` by what is not for which.

    ``paused`` names what it grants and does not grant at present.
    """

    party: str
    member: str
    version: int
    share: Mapping[str, tuple[str, ...]]
    barred: Mapping[str, tuple[str, ...]]
    paused: tuple[str, ...] = ()


# -- arrangements ----------------------------------------------------------------------------------


def arrangement(house: House, *, party: str, member: str) -> Arrangement | None:
    """Return the version that is in force or, before there is one, the one under way; None for none."""
    found = [a for (p, m, _), a in _recalled(house)[NEED].items() if (p, m) == (party, member)]
    complete = [a for a in found if a.complete]
    return max(complete or found, key=lambda a: a.version, default=None)


def sign(house: House, *, party: str, member: str, version: int, side: str, by: str) -> Arrangement:
    """Sign a version for one side; a version follows the last, and what was signed stays signed."""
    if member not in house.parties.get(party, {}):
        raise Unknown(party, member)
    if side not in SIDES:
        raise GateError(f"an arrangement has the sides {' and '.join(SIDES)}")
    with house.lock:
        known = {v: a for (p, m, v), a in _recalled(house)[NEED].items() if (p, m) == (party, member)}
        if version not in known and version != max(known, default=0) + 1:
            raise GateError(f"the next version of this arrangement is {max(known, default=0) + 1}")
        if version in known and getattr(known[version], side) is not None:
            raise GateError(f"version {version} was signed by this side before")
        detail = {"party": party, "member": member, "version": version, "side": side, "by": by}
        house.store.log(kind=SIGNED, clause=clause_of(house, party).ref, detail=detail)
        found: Arrangement = _recalled(house)[NEED][party, member, version]
    return found


def insist_arranged(house: House, *, request: Request, party: str, member: str) -> str:
    """Return the version under which something joint runs, '' where none is asked; raise ``Refused``."""
    said = _joint(house, party)
    if said is None or not house.parties:
        return ""
    found = arrangement(house, party=party, member=member)
    if found is None or not found.complete:
        raise Refused(RefusedBy(request, (said.clause,), (f"an arrangement with {member}, signed by both",)))
    return str(found.version)


def clause_of(house: House, party: str) -> Clause:
    """Return the clause by which a party answers together with us."""
    areas = (a.clause for a in house.policy.of(Area) if a.party == party and a.duties)
    return next(areas, next((r.clause for r in house.policy.of(Recipient) if r.name == party), Clause("", 0)))


def duties(house: House) -> tuple[tuple[Area, DutySplit], ...]:
    """Return every duty of every joint area, with the side that answers for it."""
    return tuple((area, duty) for area in house.policy.of(Area) for duty in area.duties)


def _joint(house: House, party: str) -> Recipient | None:
    """Return a party whose members need an arrangement, None for any other."""
    parties = (r for r in house.policy.of(Recipient) if r.name == party)
    return next((r for r in parties if r.role.startswith("joint") and NEED in r.needs), None)


# -- settings --------------------------------------------------------------------------------------


def settings(house: House, *, party: str, member: str) -> Settings:
    """Return a member's settings as they count now; nothing is shared by a member that set nothing."""
    found: Settings | None = _recalled(house)[SET].get((party, member))
    return found or Settings(party, member, 0, {}, {})


def set_up(
    house: House,
    *,
    party: str,
    member: str,
    share: Mapping[str, Sequence[str]],
    barred: Mapping[str, Sequence[str]],
    by: str,
    paused: Sequence[str] = (),
) -> Settings:
    """Put the next version of a member's settings in the place of the last; raise ``Unknown``.

    What ``paused`` names is a reward's plain name; whose it is, is for those above to see to.
    """
    if member not in house.parties.get(party, {}) or _joint(house, party) is None:
        raise Unknown(party, member)
    for receiver, fields in share.items():
        if receiver == member or receiver not in house.parties[party]:
            raise Unknown(party, receiver)
        for name in fields:
            house.part(name)
    for name, purposes in barred.items():
        house.part(name)
        for purpose in (p for p in purposes if p not in house.purposes):
            raise Unknown("purpose", purpose)
    for name in (n for n in paused if not PLAIN.fullmatch(n)):
        raise Unknown("reward", name)
    with house.lock:
        version = settings(house, party=party, member=member).version + 1
        detail = {"party": party, "member": member, "version": version, "by": by}
        lists = {
            "share": {k: list(v) for k, v in share.items()},
            "barred": {k: list(v) for k, v in barred.items()},
            "paused": list(paused),
        }
        house.store.log(kind=SET, clause=clause_of(house, party).ref, detail={**detail, **lists})
    return settings(house, party=party, member=member)


def opened_by(house: House, source: str, receiver: str, data: str, fields: Iterable[str]) -> frozenset[str]:
    """Return the facts that the settings of where data came from make true for who is to receive them."""
    party, _, member = source.partition(":")
    facts = [f for f in house.facts.values() if f.raised_by == party and party in f.per and f.of == "person"]
    if not member or not facts:
        return frozenset()
    allowed = settings(house, party=party, member=member).share.get(receiver, ())
    if data not in allowed and not all(f"{data}.{name}" in allowed for name in fields):
        return frozenset()
    return frozenset(named(fact.name, receiver) for fact in facts)


def barring(house: House, record: Record, purpose: str, field: str = "") -> Settings | None:
    """Return the settings by which the member that handed a record in keeps it from a purpose."""
    party, _, member = record.meta.source.partition(":")
    if not member:
        return None
    found = settings(house, party=party, member=member)
    names = (record.data, f"{record.data}.{field}") if field else (record.data,)
    return found if any(purpose in found.barred.get(name, ()) for name in names) else None


def refuse_barred(house: House, records: Iterable[Record], asked: Request) -> None:
    """Refuse a use when all that there is was barred by who handed it in, citing the version that did."""
    mine = [r for r in records if r.data == asked.data]
    found = [barring(house, r, asked.purpose, asked.field) for r in mine]
    if mine and all(found):
        said = tuple(sorted({f"another setting of {s.member} than version {s.version}" for s in found if s}))
        clause = next((clause_of(house, s.party) for s in found if s), Clause("", 0))
        raise Refused(RefusedBy(asked, (clause,), said))


# -- what was signed and set -----------------------------------------------------------------------


def _recalled(house: House) -> dict[str, dict[Any, Any]]:
    """Return what stands in ``parties.toml``, then in the evidence, read on from where it was left."""
    if not house.signed:
        house.signed.update({NEED: dict(_written(house)), SET: {}, "": 0})
    start: int = house.signed[""]
    for leaf in house.store.leaves(start=start):
        start = leaf.index + 1
        if leaf.kind == SIGNED:
            _take(house.signed[NEED], leaf.detail, datetime.fromisoformat(leaf.at))
        elif leaf.kind == SET:
            said = _set(leaf.detail)
            house.signed[SET][said.party, said.member] = said
    house.signed[""] = start
    return house.signed


def _written(house: House) -> Iterable[tuple[tuple[str, str, int], Arrangement]]:
    """Yield the first versions: a date in ``parties.toml`` is the day from which both have signed."""
    for party, members in house.parties.items():
        for member, about in members.items():
            try:
                day = date.fromisoformat(str(about.get(NEED, "")))
            except ValueError:
                continue
            yield (party, member, 1), Arrangement(party, member, 1, day, day)


def _take(found: dict[Any, Any], detail: Mapping[str, Any], at: datetime) -> None:
    key = str(detail["party"]), str(detail["member"]), int(detail["version"])
    before = found.get(key) or Arrangement(*key)
    found[key] = replace(before, ours=at) if detail["side"] == "ours" else replace(before, theirs=at)


def _set(detail: Mapping[str, Any]) -> Settings:
    share, barred = (
        {str(name): tuple(map(str, values)) for name, values in detail[part].items()}
        for part in ("share", "barred")
    )
    paused = tuple(map(str, detail.get("paused", ())))
    version = int(detail["version"])
    return Settings(str(detail["party"]), str(detail["member"]), version, share, barred, paused)
