"""Oppose: the person's no: an objection to a purpose (GDPR Art. 21) or a restriction of data (Art. 18).

An objection stands while it is undecided or upheld.  One the document honours stands at once and needs no
decision; one it weighs gets a request with a date.  Derived data that rested on the purpose go in the same
deed.
"""

from __future__ import annotations

from datetime import datetime

from troth.gate.ask import close_about, opened_request, requests_of, right_of
from troth.gate.derive import drop_made_for_nothing, drop_made_from
from troth.gate.errors import BadBody, GateError, OutOfReach, Unknown
from troth.gate.folder import Folder, opened
from troth.gate.house import MARKETING, House, base
from troth.gate.values import Act, Asked
from troth.policy.model import Purpose, Right
from troth.store import Record

BOUND = frozenset({"contract", "legal obligation", "instruction", "vital interest"})
GROUNDS = 6  # words: a label such as "business need" weighs nothing


def object_to(
    house: House, *, person: int, purpose: str, given: bool = True, channel: str = "", reason: str = ""
) -> Asked | None:
    """Object to a purpose, or to all ``direct marketing``; return the request when it will be weighed.

    ``reason`` is the person's own situation, which is asked of nobody.  Raises ``OutOfReach``.
    """
    said = house.purposes.get(base(purpose))
    if said is None and purpose != MARKETING:
        raise Unknown("purpose", purpose)
    house.members(purpose)
    with opened(house, person) as folder:
        if given and said is not None and not reachable(said):
            raise OutOfReach(said.name, said.clause, _rests_on(said), _last_day(folder, said.name))
        version = house.policy.version
        folder.act(Act("objection", purpose, given, folder.now, version=version, channel=channel))
        clause = said.clause if said else ""
        folder.note("objected" if given else "objection withdrawn", clause, purpose=purpose)
        drop_made_for_nothing(folder)
        if given and said is not None and weighed(said):
            within = said.objection_within
            return opened_request(folder, "object", channel, about=purpose, reason=reason, within=within)
    return None


def decide_objection(house: House, *, person: int, purpose: str, upheld: bool, reason: str, by: str) -> None:
    """Decide a weighed objection: upheld it stands, else it ends; the person reads the reason."""
    if base(purpose) not in house.purposes:
        raise Unknown("purpose", purpose)
    house.members(purpose)
    _decidable(house.purposes[base(purpose)], upheld, reason)
    with opened(house, person) as folder:
        folder.act(
            Act("objection", purpose, upheld, folder.now, reason, house.policy.version, channel="decided")
        )
        folder.trail("objection decided", by=by, purpose=purpose, reason=reason)
        outcome = "upheld" if upheld else "not upheld"
        close_about(folder, "object", purpose, outcome, reason)
        folder.note(f"objection {outcome}", house.purposes[base(purpose)].clause, purpose=purpose)


def _decidable(purpose: Purpose, upheld: bool, reason: str) -> None:
    """See to it that a no to the person is one that may be weighed, and says its grounds (Art. 21(1))."""
    if upheld:
        return
    if not weighed(purpose):
        raise GateError(f"an objection to '{purpose.name}' is honoured ({purpose.clause}), never weighed")
    if len(reason.split()) < GROUNDS:
        raise GateError(
            "compelling grounds are written down: which interest, and why it outweighs the person's"
        )


def restrict(
    house: House, *, person: int, data: str = "*", on: bool = True, case: str = "", reason: str = ""
) -> None:
    """Restrict the use of all data, of a category or of one field, or lift that.

    ``case`` is the situation of Art. 18(1) that it rests on, one of those the document's right names; with
    it the request stands among the person's, so that somebody looks into it.
    """
    if data != "*":
        house.part(data)
    _case(house, case, on)
    with opened(house, person) as folder:
        folder.act(Act("restriction", data, on, folder.now, case, house.policy.version))
        folder.note("restricted" if on else "restriction lifted", data=data, case=case)
        if on and case:
            opened_request(folder, "restrict", "", about=data, reason=f"{case}: {reason}" if reason else case)


def _case(house: House, case: str, on: bool) -> None:
    """See to it that a restriction names a situation where the document's right demands one."""
    right = right_of(house, "restrict")
    known = right.cases if isinstance(right, Right) else ()
    if on and known and case not in known:
        raise BadBody("restrict", "case", f"one of {', '.join(known)}")


def erase_used(house: House, *, person: int, purpose: str) -> tuple[str, ...]:
    """Erase what a purpose used, once an objection to it was upheld (GDPR Art. 17(1)(c)).

    What a contract or a law still needs stays.  Returns the categories of which something went; raises
    ``GateError`` while no objection to it is upheld.
    """
    said = house.purposes.get(base(purpose))
    if said is None:
        raise Unknown("purpose", purpose)
    used = {u.data for b in said.bases for u in b.uses}
    with opened(house, person) as folder:
        _upheld(folder, purpose)
        gone = [r for r in folder.records.values() if r.data in used and not _needed(folder, r)]
        for record in gone:
            folder.drop(record.rid)
            drop_made_from(folder, record.data)
        for data in sorted({r.data for r in gone}):
            folder.note("removed", said.clause, data=data, purpose=purpose)
        return tuple(sorted({r.data for r in gone}))


def _upheld(folder: Folder, purpose: str) -> None:
    """See to it that an objection stands and nobody weighs it any more."""
    act = folder.known.latest("objection").get(purpose)
    said = folder.house.purposes[base(purpose)]
    if act is None or not act.given:
        raise GateError(f"no objection to '{purpose}' was upheld, so what it uses stays; object to it first")
    asked = [a for a in requests_of(folder.house, folder.records.values()) if a.about == purpose]
    waiting = [a for a in asked if a.right == "object" and a.answered is None and a.due > folder.now]
    if weighed(said) and act.channel != "decided" and waiting:
        raise GateError(f"your objection to '{purpose}' is being weighed until {waiting[-1].due.date()}")


def _needed(folder: Folder, record: Record) -> bool:
    """Say whether a contract in force or a law needs a record."""
    alive = (folder.house.purposes[p] for p in folder.reckoning.live(record, folder.now))
    return any(g.kind in BOUND for p in alive for b in p.bases for g in b.grounds)


def reachable(purpose: Purpose) -> bool:
    """Say whether an objection changes anything: some ground is neither a contract nor a duty."""
    marked = MARKETING in purpose.marks or bool(purpose.objection)
    return marked or any(g.kind not in BOUND for b in purpose.bases for g in b.grounds)


def _rests_on(purpose: Purpose) -> str:
    grounds = (g for b in purpose.bases for g in b.grounds)
    named = (f"{g.kind}: {g.name}" if g.kind == "legal obligation" else g.kind for g in grounds)
    return " or ".join(dict.fromkeys(named))


def _last_day(folder: Folder, purpose: str) -> datetime | None:
    """Return when the last of what a purpose's law keeps goes, of what is here now."""
    held = (folder.reckoning.timed(r) for r in folder.records.values() if r.data in folder.house.data)
    kept = [t.due.at for t in held if t.due and t.due.because == purpose and t.due.at]
    return max(kept, default=None)


def weighed(purpose: Purpose) -> bool:
    """Say whether an objection to this purpose is weighed; one to marketing, or an honoured one, is not."""
    if MARKETING in purpose.marks or purpose.objection == "honoured":
        return False
    return purpose.objection == "weighed" or purpose.may_object
