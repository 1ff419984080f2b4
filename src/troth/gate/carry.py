"""Carry: what a person gave us, as they may take it elsewhere (GDPR Art. 20 is the least; consent or not).

A document may say that its right covers some grounds only, and then other records stay out; or that it
carries everything, and then what goes beyond Art. 20 is marked.

Derived data, what a device or a party told us, our own records of what was decided, and what belongs to two
people stay out otherwise; the whole copy (``access``) holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from troth.gate.ask import right_of
from troth.gate.house import House
from troth.gate.values import Held
from troth.policy.model import Right


def portable(house: House, held: Iterable[Held]) -> Iterator[dict[str, Any]]:
    """Yield each record to take along: its category, fields, purposes and day.

    A document whose right carries everything adds what the person did not give, marked ``beyond``.
    """
    reached, whole = _reached(house), _whole(house)
    for one in held:
        given = _given(house, one, reached)
        datum = house.data.get(one.data)
        if given or (whole and datum is not None and not (datum.of_two or datum.records)):
            beyond = {} if given else {"beyond": True, "source": one.source}
            yield {
                "data": one.data,
                "fields": {n: v for n, v in one.body.items() if n not in house.secrets.get(one.data, ())},
                "purposes": list(one.purposes),
                "collected": one.collected.isoformat(),
                **beyond,
            }


def _given(house: House, one: Held, reached: frozenset[str] | None) -> bool:
    """Say whether GDPR Art. 20, as the document has it, reaches a record."""
    datum = house.data.get(one.data)
    own = datum is not None and not (datum.records or datum.inputs or datum.of_two)
    return own and one.source == "person" and (reached is None or bool(reached & set(one.purposes)))


def _whole(house: House) -> bool:
    """Say whether the document lets all of the copy be taken along."""
    right = right_of(house, "carry")
    return isinstance(right, Right) and "everything" in right.detail


def _reached(house: House) -> frozenset[str] | None:
    """Return the purposes whose data the right reaches; None where the document reaches all."""
    right = right_of(house, "carry")
    grounds = set(right.covers) if isinstance(right, Right) else set()
    if not grounds:
        return None
    purposes = house.purposes.values()
    return frozenset(p.name for p in purposes if any(g.kind in grounds for b in p.bases for g in b.grounds))
