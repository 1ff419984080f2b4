"""Totals: numbers about groups, and never about a person (``as anonymous``).

Each person's part is decided; groups under the document's minimum are left out, and the smallest of the
others with them until what is left out is itself no small group, so that no one can subtract.  Texts are
never counted, and a form without a meaning tells nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from types import MappingProxyType

from troth.gate.clock import Reckoning
from troth.gate.errors import Unknown
from troth.gate.facts import known
from troth.gate.folder import standing
from troth.gate.house import House
from troth.gate.read import readable
from troth.policy.model import FormMeaning
from troth.terms import Action, Form, Request

OTHER = "\0other"
COUNTED = frozenset({"choice", "yes-no", "number", "country", "age"})


def totals(
    house: House, *, data: str, field: str, purpose: str, party: str = "", member: str = ""
) -> tuple[tuple[str, int], ...]:
    """Return how many people stand behind each value, most first; empty when nothing may be told."""
    least = minimum(house)
    types = {f.name: f.type for f in house.datum(data).fields}
    if least is None or types.get(field) not in COUNTED:
        return ()
    if purpose not in house.purposes:
        raise Unknown("purpose", purpose)
    house.members(f"{party}({member})" if member else party)
    action = Action.SHARE if party else Action.USE
    asked = Request(action, data, purpose, party, field, member, form=Form.ANONYMOUS)
    counted: Counter[str] = Counter()
    for person in house.store.persons():
        value = _value(house, person, asked)
        if value is not None:
            counted[value] += 1
    told = told_of(counted, least)
    house.store.log(
        kind="totals told",
        detail={
            "data": f"{data}.{field}",
            "purpose": purpose,
            "party": party,
            "member": member,
            "groups": len(told),
        },
    )
    return told


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
    least = minimum(house)
    for name in (field, *where):
        house.part(f"{data}.{name}")
    house.members(f"{party}({member})" if member else party)
    asked = Request(Action.SHARE, data, purpose, party, field, member, form=Form.ANONYMOUS)
    counted: Counter[str] = Counter()
    for person in house.store.persons():
        value = _value(house, person, asked, where)
        if value is not None:
            counted[value if value in among else OTHER] += 1
    total = sum(counted.values())
    split = told_of(counted, least) if least is not None else ()
    split = split if sum(n for _, n in split) == total or total == 0 else _apart(split, total, least)
    house.store.log(
        kind="totals told",
        detail={"data": f"{data}.{field}", "purpose": purpose, "party": party, "member": member},
    )
    return total if least is not None and total >= least else None, tuple(c for c in split if c[0] != OTHER)


def _apart(split: tuple[tuple[str, int], ...], total: int, least: int | None) -> tuple[tuple[str, int], ...]:
    """Keep a split beside its total only while what it leaves out is no small group."""
    return split if least is not None and total - sum(n for _, n in split) >= least else ()


def minimum(house: House) -> int | None:
    """Return the smallest group that may be told; None when the document does not define anonymous."""
    said = [m.at_least for m in house.policy.of(FormMeaning) if m.form is Form.ANONYMOUS and m.at_least]
    return max(said, default=None)


def told_of(counted: Counter[str], least: int) -> tuple[tuple[str, int], ...]:
    """Return the groups that may be told.

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


def _value(
    house: House, person: int, asked: Request, where: Mapping[str, str] = MappingProxyType({})
) -> str | None:
    records = standing(house, person)
    if not any(r.data == asked.data for r in records):
        return None
    mind = Reckoning(house, known(house, records), house.clock())
    if not house.kernel.decide(asked, mind.state, mind.now):
        return None
    mine = (r for r in records if not where or _belongs(r.body, where))
    held = readable(mind, mine, asked.data, asked.purpose, asked.field)
    newest = max(held, key=lambda h: h.collected, default=None)
    return None if newest is None else str(newest.body[asked.field])


def _belongs(body: object, where: Mapping[str, str]) -> bool:
    return isinstance(body, dict) and all(body.get(name) == value for name, value in where.items())
