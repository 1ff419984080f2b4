"""Insight: numbers about a market, for who may have them.

Which number is told when is the editions' (``editions``); here stands who is counted, and for whom.
INVARIANT (no for one is no for all): whoever's state stops the use, or the share with any member of any
class that gets these numbers, is counted in no edition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from troth.gate.clock import Reckoning
from troth.gate.editions import Value, count, edition, meaning, minimum
from troth.gate.errors import GateError, Unknown
from troth.gate.facts import assuming, known, state_of
from troth.gate.house import House
from troth.gate.house import named as word
from troth.gate.read import readable
from troth.policy.model import Door, Fact
from troth.store import Record
from troth.terms import Action, Allowed, Clause, Form, Refused, RefusedBy, Request

COUNTED = frozenset({"choice", "yes-no", "number", "country", "age"})


@dataclass(frozen=True, slots=True)
class Table:
    """One table as it is told; a cell of None is withheld, and no total stands beside it.

    ``within``: how far a number may lie from the one counted, 19 times of 20; 0 where it is that one.
    """

    data: str
    field: str
    cells: tuple[tuple[str, int | None], ...]
    since: datetime | None  # when a cell was last told anew
    clauses: tuple[Clause, ...] = ()
    within: int = 0


def insight(
    house: House,
    *,
    data: str,
    field: str,
    purpose: str,
    party: str,
    member: str = "",
    market: str = "",
    whole: bool = False,
) -> Table:
    """Return a table for a member of a party, built anew as far as the rule of editions lets it.

    ``whole``: the sum of these cells may be known from elsewhere, so that no small group may be what is
    missing to it.  Raises ``Refused`` for a market that is not the member's, and for a party to which the
    document opens no such numbers; ``Unknown`` and ``GateError`` for what is not countable.
    """
    if not countable(house, data, field):
        raise GateError(
            f"'{data}.{field}' is not counted: only choices and numbers are, by a minimum of people"
        )
    if purpose not in house.purposes:
        raise Unknown("purpose", purpose)
    if member not in house.parties.get(party, {}):
        raise Unknown(party, member)
    clauses = _opened(house, data, field, purpose, party, member, market)
    with house.lock:
        shown, since = shown_of(house, data=data, field=field, purpose=purpose, whole=whole)
        detail = {"data": f"{data}.{field}", "purpose": purpose, "party": party, "member": member}
        house.store.log(kind="totals told", clause=clauses[0].ref, detail=detail)
    return Table(data, field, _cells(house, data, field, shown), since, clauses, within(house))


def assigned(house: House, *, party: str, member: str) -> tuple[str, ...]:
    """Return the markets that ``parties.toml`` assigns to a member."""
    said = house.parties.get(party, {}).get(member, {}).get("markets", ())
    return tuple(map(str, said)) if isinstance(said, list | tuple) else ()


def countable(house: House, data: str, field: str) -> bool:
    """Say whether a field may be counted at all: no text ever, and nothing without a minimum of people."""
    types = {f.name: f.type for f in house.datum(data).fields}
    return minimum(house) is not None and types.get(field) in COUNTED


def within(house: House) -> int:
    """Return how far a number that is told may lie from the one counted, 19 times of 20."""
    said = meaning(house)
    return said.noise or 0 if said else 0


def shown_of(
    house: House, *, data: str, field: str, purpose: str, whole: bool
) -> tuple[Mapping[str, int], datetime | None]:
    """Return the cells of a table that may be shown now, and since when; ``whole`` as for ``insight``."""
    name = f"{data}.{field} for {purpose}"
    counted = count(house, name, answered(house, data, field, purpose))
    last = edition(house, name, house.purposes[purpose].clause.ref, counted)
    told, hidden = dict(last.cells), {v: len(p) for v, p in counted.now.items() if v not in last.cells}
    least = minimum(house) or 0
    while whole and told and hidden and (sum(hidden.values()) < least or len(hidden) < 2):
        smallest = min(told, key=lambda v: (told[v].people, v))
        hidden[smallest] = told.pop(smallest).people
    return {value: cell.number for value, cell in told.items()}, last.since


def answered(
    house: House, data: str, field: str, purpose: str, where: Mapping[str, str] | None = None
) -> Value:
    """Return what finds a person's answer, of those whom neither they nor a law keep out.

    ``where`` names the fields by which a record belongs to a question, with their values.
    """
    now, asked = house.clock(), tuple(_touches(house, data, field, purpose))

    def value(records: list[Record]) -> str | None:
        mine = [r for r in records if r.data == data and _belongs(r, where or {})]
        if not mine:
            return None
        mind = Reckoning(house, known(house, records), now)
        if purpose in mind.state.objections:
            return None  # whichever ground the numbers rest on, an objection to them is one to being counted
        if not all(house.kernel.decide(r, assuming(mind.state, facts), now) for r, facts in asked):
            return None
        newest = max(readable(mind, mine, data, purpose, field), key=lambda h: h.collected, default=None)
        return None if newest is None else str(newest.body[field])

    return value


# -- for whom --------------------------------------------------------------------------------------


def _opened(
    house: House, data: str, field: str, purpose: str, party: str, member: str, market: str
) -> tuple[Clause, ...]:
    """Return the clauses by which the numbers go there; what is true of the party is assumed for its own."""
    asked = Request(Action.SHARE, data, purpose, party, field, member, form=Form.ANONYMOUS)
    facts = _of_party(house, party, member)
    if market not in assigned(house, party=party, member=member):
        door = next((d.clause for d in _doors(house, data, purpose) if d.party == party), None)
        clauses = [f.clause for f in _settings(house, party)] or [door or house.datum(data).clause]
        raise Refused(RefusedBy(asked, tuple(clauses), tuple(sorted(f"fact {name}" for name in facts))))
    decision = house.kernel.decide(
        asked, assuming(state_of(house, None, house.clock()), facts), house.clock()
    )
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.clauses


def _settings(house: House, party: str) -> list[Fact]:
    """Return the facts about a party that nobody raises: what the company wrote of it makes them true."""
    return [f for f in house.facts.values() if f.of == "party" and party in f.per and not f.raised_by]


def _of_party(house: House, party: str, member: str) -> frozenset[str]:
    return frozenset(word(f.name, member) for f in _settings(house, party))


def _doors(house: House, data: str, purpose: str) -> Iterator[Door]:
    for door in house.policy.of(Door):
        anonymous = door.verb == "share" and door.form is Form.ANONYMOUS
        if anonymous and data in door.data and purpose in door.purposes:
            yield door


def _touches(house: House, data: str, field: str, purpose: str) -> Iterator[tuple[Request, frozenset[str]]]:
    """Yield what must be allowed for a person to be counted, with the facts that hold of the party."""
    yield Request(Action.USE, data, purpose, field=field, form=Form.ANONYMOUS), frozenset()
    for door in _doors(house, data, purpose):
        for member in house.parties.get(door.party, {}):
            asked = Request(Action.SHARE, data, purpose, door.party, field, member, form=Form.ANONYMOUS)
            yield asked, _of_party(house, door.party, member)


def _belongs(record: Record, where: Mapping[str, str]) -> bool:
    body = record.body
    return not where or (
        isinstance(body, dict) and all(body.get(name) == value for name, value in where.items())
    )


def _cells(
    house: House, data: str, field: str, shown: Mapping[str, int]
) -> tuple[tuple[str, int | None], ...]:
    """Return each declared value with its people, most first, those withheld last and in no order of size."""
    part = next(f for f in house.datum(data).fields if f.name == field)
    declared = part.choices if part.type == "choice" else ()
    ordered = sorted(shown.items(), key=lambda c: (-c[1], c[0]))
    return (*ordered, *((value, None) for value in sorted({*declared} - shown.keys())))
