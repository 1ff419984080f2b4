"""Retain: records that a person needs for a claim stay while they need them (GDPR Art. 18(1)(c)).

The hold that the document makes of such a fact (``covers records``) stops the clock of the records that are
named and of no others: they are kept, seen by their person, and used for nothing else.  It ends by the
person's own word, and what was due meanwhile goes at once.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.ask import close_about, opened_request
from troth.gate.converse_link import whose
from troth.gate.errors import GateError
from troth.gate.facts import COVERED, ENDED
from troth.gate.folder import opened
from troth.gate.house import House
from troth.policy.model import Hold

CASE = "claim"


def retain(house: House, *, person: int, records: Sequence[int], on: bool = True, reason: str = "") -> None:
    """Keep records for their person's claim, or let them go on; raise ``NoRecord`` for one not theirs."""
    held = _hold(house)
    fact = held.while_fact
    lying = [whose(house, person, rid) for rid in records]
    with house.lock:
        owners = dict.fromkeys([person, *(owner for owner, _ in lying)])
        rest = {owner: _named(house, owner, fact, lying, on) for owner in owners}
        for owner, rids in rest.items():
            with opened(house, owner) as folder:
                folder.mark(**{COVERED: {**folder.marks.get(COVERED, {}), fact: rids}})
        with opened(house, person) as folder:
            if on:
                folder.happen(fact)
                told = f"{CASE}: {reason}" if reason else CASE
                about = ", ".join(map(str, records))
                opened_request(folder, "restrict", "", about=about, reason=told)
            elif not any(rest.values()):
                folder.happen(fact + ENDED)
                close_about(folder, "restrict", ", ".join(map(str, records)), "ended", "")
            folder.note("retained" if on else "let go", held.clause, records=len(records))
        for owner in rest:
            with opened(house, owner) as folder:
                folder.stale = True


def _named(house: House, owner: int, fact: str, lying: Sequence[tuple[int, int]], on: bool) -> list[int]:
    """Return the records of one owner that the fact covers after this; raise ``NoRecord``."""
    mine = {rid for whom, rid in lying if whom == owner}
    with opened(house, owner) as folder:
        for rid in mine:
            folder.get(rid)
        before = set(folder.marks.get(COVERED, {}).get(fact, ()))
    return sorted(before | mine if on else before - mine)


def _hold(house: House) -> Hold:
    """Return the document's hold of named records; raise ``GateError`` where it has none."""
    for hold in house.policy.of(Hold):
        if hold.while_fact in house.facts and house.facts[hold.while_fact].covers_records:
            return hold
    raise GateError(
        "the document holds no single records: say 'hold any while FACT' of one that covers records"
    )
