"""Totals: numbers about groups, and never about a person (``as anonymous``), told as insight is.

A group under the document's minimum is left out, and the smallest of the others with it until what is left
out is itself no small group; what was told before counts as known (``editions``), so that neither two groups
nor two days can be subtracted.  Texts are never counted, and a form without a meaning tells nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from troth.gate.editions import Told, Value, count, edition, minimum
from troth.gate.errors import Unknown
from troth.gate.facts import state_of
from troth.gate.house import House
from troth.gate.insight import COUNTED, answered, countable, shown_of
from troth.store import Record
from troth.terms import Action, Form, Request

__all__ = ["COUNTED", "minimum", "tally", "told_of", "totals"]
OTHER, ALL = "\0other", "\0all"


def totals(
    house: House, *, data: str, field: str, purpose: str, party: str = "", member: str = ""
) -> tuple[tuple[str, int], ...]:
    """Return how many people stand behind each value, most first; empty when nothing may be told."""
    if not countable(house, data, field):
        return ()
    if purpose not in house.purposes:
        raise Unknown("purpose", purpose)
    house.members(f"{party}({member})" if member else party)
    with house.lock:
        shown: Mapping[str, int] = {}
        if not party or _open(house, data, field, purpose, party, member):
            shown, _ = shown_of(house, data=data, field=field, purpose=purpose, whole=True)
        detail = {"data": f"{data}.{field}", "purpose": purpose, "party": party, "member": member}
        house.store.log(kind="totals told", detail={**detail, "groups": len(shown)})
    return tuple(sorted(shown.items(), key=lambda c: (-c[1], c[0])))


def tally(
    house: House,
    *,
    data: str,
    field: str,
    among: Collection[str],
    where: Mapping[str, str],
    purpose: str,
    party: str,
    member: str = "",
) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    """Return how many people answered one question, and how many said each of its declared answers.

    ``where`` names the fields by which a record belongs to the question.  Words that are none of ``among``
    count as an answer and are never told.  The total is None, and the split empty, when too few stand
    behind; the split is empty, too, when what is left out of it would follow from the total.
    """
    for name in (field, *where):
        house.part(f"{data}.{name}")
    house.members(f"{party}({member})" if member else party)
    if minimum(house) is None or not _open(house, data, field, purpose, party, member):
        return None, ()
    said = answered(house, data, field, purpose, where)
    table = f"{data}.{field} of {'/'.join(where.values())} for {purpose}"
    with house.lock:
        told = _split(house, table, house.purposes[purpose].clause.ref, said, among)
        detail = {"data": f"{data}.{field}", "purpose": purpose, "party": party, "member": member}
        house.store.log(kind="totals told", detail=detail)
    return told


def _split(
    house: House, table: str, clause: str, said: Value, among: Collection[str]
) -> tuple[int | None, tuple[tuple[str, int], ...]]:
    """Return a question's total and its split, each an edition of its own."""
    answers = edition(house, f"{table} in all", clause, count(house, f"{table} in all", _as(said, None)))
    whole = answers.cells.get(ALL)
    if whole is None:
        return None, ()

    def fits(cells: Mapping[str, Told]) -> bool:
        return _apart(whole.people - sum(c.people for c in cells.values()), minimum(house) or 0)

    split = edition(house, table, clause, count(house, table, _as(said, among)), fits).cells
    told = [(v, cell.number) for v, cell in split.items() if v != OTHER] if fits(split) else []
    return whole.number, tuple(sorted(told, key=lambda c: (-c[1], c[0])))


def told_of(counted: Counter[str], least: int) -> tuple[tuple[str, int], ...]:
    """Return the groups that may be told of a count that is told once.

    >>> told_of(Counter(tea=30, cocoa=12, juice=3), 10)
    (('tea', 30),)
    >>> told_of(Counter(tea=30, cocoa=12), 10)
    (('tea', 30), ('cocoa', 12))
    """
    groups = sorted(counted.items(), key=lambda g: (-g[1], g[0]))
    told = [g for g in groups if g[1] >= least]
    hidden = sum(n for _, n in groups) - sum(n for _, n in told)
    while told and hidden > 0 and (hidden < least or len(groups) - len(told) < 2):
        hidden += told.pop()[1]
    return tuple(told)


def _apart(rest: int, least: int) -> bool:
    """Say whether a split may stand beside its total: what it leaves out is nobody, or no small group.

    >>> _apart(0, 10), _apart(3, 10), _apart(12, 10), _apart(-2, 10)
    (True, False, True, False)
    """
    return rest == 0 or rest >= least


def _as(said: Value, among: Collection[str] | None) -> Value:
    """Count answers by what they are, those that are none of ``among`` together; all as one without it."""

    def value(records: list[Record]) -> str | None:
        found = said(records)
        if found is None or among is None:
            return found and ALL
        return found if found in among else OTHER

    return value


def _open(house: House, data: str, field: str, purpose: str, party: str, member: str) -> bool:
    """Say whether the document opens these numbers to the party, of people who have said nothing."""
    asked = Request(Action.SHARE, data, purpose, party, field, member, form=Form.ANONYMOUS)
    now = house.clock()
    return bool(house.kernel.decide(asked, state_of(house, None, now), now))
