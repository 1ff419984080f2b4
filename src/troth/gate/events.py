"""Events: moments that happen to a person, and facts that are raised and lowered over them.

Whatever happens moves the dates of the person's records, in the same deed.  A fact that needs two people to
approve it is raised by two; a hold is a fact, and its reason is for the security log, never for the evidence.
"""

from __future__ import annotations

from datetime import datetime

from troth.gate.errors import GateError, Unknown
from troth.gate.facts import ENDED
from troth.gate.folder import opened
from troth.gate.house import House, base, named
from troth.policy.model import Fact, Hold


def event(house: House, *, person: int, name: str, member: str = "", at: datetime | None = None) -> None:
    """Write a declared moment down; ``at`` is aware, now when left out."""
    plain = base(name)
    if plain not in house.events and plain.removesuffix(ENDED) not in house.facts:
        raise Unknown("event", plain)
    house.members(named(name, member))
    with opened(house, person) as folder:
        if at is not None and at > folder.now:
            raise GateError(f"'{plain}' has not happened yet; what happens moves a date, not what may happen")
        # Somebody without account or contact is never active: their visits are not a use that lasts.
        if plain != "last-use" or folder.marks.get("identified"):
            folder.happen(named(name, member), at)
        folder.note("event", name=plain, member=member)


def raise_fact(
    house: House, *, person: int, name: str, member: str = "", by: str = "", approved_by: str = ""
) -> None:
    """Let a fact hold from now on; raise ``GateError`` when somebody else must approve it first."""
    fact = _declared(house, name, member)
    if fact.of in ("grant", "staff"):
        whose = "is asked for as a grant" if fact.of == "grant" else "stands in staff.toml"
        raise GateError(f"'{fact.name}' {whose}; it is raised over nobody")
    _approved(fact, by, approved_by)
    with opened(house, person) as folder:
        folder.happen(named(name, member))
        folder.note("fact raised", fact.clause, name=fact.name, member=member)
        if by or approved_by:
            folder.trail("fact raised", fact=fact.name, by=by, approved=approved_by)


def lower_fact(house: House, *, person: int, name: str, member: str = "", by: str = "") -> None:
    """Let a fact hold no longer."""
    fact = _declared(house, name, member)
    with opened(house, person) as folder:
        folder.happen(named(base(name), member) + ENDED)
        folder.note("fact ended", fact.clause, name=fact.name, member=member)
        if by:
            folder.trail("fact ended", fact=fact.name, by=by)


def hold(house: House, *, person: int, fact: str, reason: str, by: str, approved_by: str = "") -> None:
    """Stop the clock of what the fact holds; every use of it but keeping is refused until ``release``."""
    said = _declared(house, fact)
    held = next((h for h in house.policy.of(Hold) if h.while_fact == fact), None)
    if held is None:
        raise Unknown("hold while", fact)
    _approved(said, by, approved_by)
    with opened(house, person) as folder:
        folder.happen(fact)
        folder.trail("hold", fact=fact, reason=reason, by=by, approved=approved_by)
        folder.note("held", held.clause, name=fact, data=list(held.data))


def release(house: House, *, person: int, fact: str, by: str, reason: str = "") -> None:
    """Let the clock run again."""
    said = _declared(house, fact)
    with opened(house, person) as folder:
        folder.happen(fact + ENDED)
        folder.trail("release", fact=fact, reason=reason, by=by)
        folder.note("released", said.clause, name=fact)


def _declared(house: House, name: str, member: str = "") -> Fact:
    if base(name) not in house.facts:
        raise Unknown("fact", base(name))
    house.members(named(name, member))
    return house.facts[base(name)]


def _approved(fact: Fact, by: str, approved_by: str) -> None:
    if fact.raised_by and not by:
        raise GateError(f"fact '{fact.name}' is raised by {fact.raised_by}; say by whom")
    if fact.approved_by and (not approved_by or (fact.by_other and approved_by == by)):
        other = "another " if fact.by_other else ""
        raise GateError(f"fact '{fact.name}' must be approved by {other}{fact.approved_by} first")
