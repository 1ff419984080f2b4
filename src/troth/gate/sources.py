"""Sources: who outside hands data in, whether that is lawful now, and what becomes of it when it is not.

A class that ``needs weighed`` brings nothing in before somebody wrote down that its member is lawful; the
last word counts, and it stands in the evidence, or in ``parties.toml`` before that.  What came from a member
that is found to be unlawful is frozen: kept for review, and read by nobody but its person.  ``ends`` in
``parties.toml`` is the day on which a member's agreement is over.
"""

from __future__ import annotations

from datetime import date

from troth.gate.errors import Unlisted
from troth.gate.facts import state_of
from troth.gate.house import House
from troth.kernel.calendar import local_day
from troth.policy.model import Recipient
from troth.terms import Action, Clause, Refused, RefusedBy, Request, Unsaid

KIND, WEIGHED, LAWFUL, ENDS = "source weighed", "weighed", "lawful", "ends"


def insist_source(house: House, request: Request, party: str, member: str) -> None:
    """Raise ``Refused`` for a member whose agreement is over, or which nobody found lawful."""
    found = _class(house, party)
    if found is None or not member:
        return
    ends = str(house.parties.get(party, {}).get(member, {}).get(ENDS, ""))
    if ends and date.fromisoformat(ends) <= local_day(house.clock(), house.policy.zone):
        raise Refused(RefusedBy(request, (found.clause,), (f"an agreement with '{member}' that runs",)))
    if not lawful(house, party, member):
        raise Refused(RefusedBy(request, (found.clause,), (f"'{member}' weighed and found lawful",)))


def brings(house: House, *, data: str, purpose: str, party: str, member: str) -> None:
    """Raise ``Unlisted`` or ``Refused`` unless a member may hand in data of a category at all."""
    house.datum(data)
    found = _class(house, party)
    if found is not None and member not in house.parties.get(party, {}):
        raise Unlisted(party, member, found.clause)
    request = Request(Action.COLLECT, data, purpose, member=member, source=party)
    insist_source(house, request, party, member)
    decision = house.kernel.decide(request, state_of(house, None, house.clock()), house.clock())
    if isinstance(decision, Unsaid):
        raise Refused(decision)


def lawful(house: House, party: str, member: str) -> bool:
    """Say whether a member may bring data in: its class asks for no weighing, or the last one let it."""
    found = _class(house, party)
    if found is None or WEIGHED not in found.needs:
        return True
    known = _weighed(house)
    if (party, member) in known:
        return known[party, member]
    day, _, verdict = str(house.parties.get(party, {}).get(member, {}).get(WEIGHED, "")).partition(",")
    try:
        began = date.fromisoformat(day.strip()) <= local_day(house.clock(), house.policy.zone)
    except ValueError:
        return False
    return began and verdict.strip() == LAWFUL


def frozen(house: House, source: str) -> bool:
    """Say whether what came from a source rests because the source turned out to be unlawful."""
    party, _, member = source.partition(":")
    return bool(member) and not lawful(house, party, member)


def weigh(house: House, *, party: str, member: str, lawful: bool, reason: str, by: str) -> Clause:
    """Write down whether a member is lawful, and why; it counts at once.  Raises ``Unlisted``."""
    found = _class(house, party)
    clause = found.clause if found else Clause("", 0)
    if found is None or WEIGHED not in found.needs or member not in house.parties.get(party, {}):
        raise Unlisted(party, member, clause)
    said = {"party": party, "member": member, "lawful": lawful, "reason": reason, "by": by}
    with house.lock:
        house.store.log(kind=KIND, clause=clause.ref, detail=said)
    return clause


def _weighed(house: House) -> dict[tuple[str, str], bool]:
    """Return the last word on each member, read on from where the evidence was left."""
    known: dict[tuple[str, str], bool] = house.weighed.setdefault("known", {})
    start = int(house.weighed.get("", 0))
    for leaf in house.store.leaves(start=start):
        start = leaf.index + 1
        if leaf.kind == KIND:
            known[str(leaf.detail["party"]), str(leaf.detail["member"])] = bool(leaf.detail["lawful"])
    house.weighed[""] = start
    return known


def _class(house: House, party: str) -> Recipient | None:
    return next((r for r in house.policy.of(Recipient) if r.name == party and r.each), None)
