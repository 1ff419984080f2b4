"""Granted: whether a grant opens this touch, of this person and to whoever asks, and which records of theirs.

The kernel still decides: under a grant one fact more holds, and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from troth.gate.grant import Grant, Look, doors, grant, looked, within
from troth.gate.house import House
from troth.gate.values import Held
from troth.terms import Action, Refused, RefusedBy, Request

NONE: frozenset[str] = frozenset()


def opened_by(
    house: House, *, number: str, person: int, asked: Request, staff: str = ""
) -> tuple[Grant, frozenset[str]]:
    """Return the grant and the fact that holds by it; raise ``Refused`` with why it does not open this."""
    found = grant(house, number=number)
    fact = house.facts[found.fact]
    why = next(_shut(house, found, person, asked, staff), "")
    if why:
        raise Refused(RefusedBy(asked, (fact.clause,), (f"fact {fact.name}", f"the grant {number} {why}")))
    return found, frozenset({fact.name})


def narrowed(house: House, found: Grant, held: Iterable[Held]) -> tuple[Held, ...]:
    """Return the records of the time that a grant is about.

    A record is of the first date or moment it bears, else of when it came.
    """
    since, until = found.reach.since, found.reach.until
    if since is None and until is None:
        return tuple(held)
    dated = [(_moment(house, h), h) for h in held]
    return tuple(h for at, h in dated if not (since and at < since) and not (until and at >= until))


def note_use(house: House, found: Grant, *, by: str, person: int, data: Sequence[str], records: int) -> None:
    """Write a look or a release under a grant down."""
    look = Look(house.clock(), by, house.store.tag(person=person), tuple(data), records)
    looked(house, number=found.number, look=look)


def _shut(house: House, found: Grant, person: int, asked: Request, staff: str) -> Iterator[str]:
    """Yield what keeps a grant from opening a touch."""
    state, reach = found.state(house.clock()), found.reach
    if state != "open":
        yield {"asked": "waits for another person", "overdue": "waits for its review"}.get(state, "is over")
    look = asked.action is Action.SHOW
    if look == bool(reach.party) or (not look and (asked.party, asked.member) != (reach.party, reach.member)):
        yield "is for another receiver"
    if look and staff != found.by:
        yield "was asked for by somebody else"
    fact = house.facts[found.fact]
    if not any(asked.purpose in d.purposes and d.party == asked.party for d in doors(house.policy, fact)):
        yield "is for another purpose"
    name = f"{asked.data}.{asked.field}" if asked.field else asked.data
    if not within(name, reach.data):
        yield f"does not reach {name}"
    if reach.group:
        if person not in _people(house, reach.group):
            yield "is about another group"
    elif house.store.tag(person=person) not in reach.people:
        yield "is about somebody else"


def _people(house: House, number: str) -> tuple[int, ...]:
    space = house.grouping.space(house.grouping.data) if house.grouping else ""
    return tuple(house.store.find_all(namespace=space, value=number)) if space else ()


def _moment(house: House, held: Held) -> datetime:
    """Return the moment a record is of."""
    typed = (f for f in house.data[held.data].fields if f.type in ("date", "moment"))
    text = next((str(held.body[f.name]) for f in typed if held.body.get(f.name)), "")
    if not text:
        return held.collected
    zone = ZoneInfo(house.policy.zone)
    at = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), time.min)
    return at if at.tzinfo else at.replace(tzinfo=zone)
