"""Carry: what a person gave us, as they may take it elsewhere (GDPR Art. 20 is the least; consent or not).

A document may say that its right covers some grounds only, and then other records stay out.

Derived data, what a device or a party told us, our own records of what was decided, and what belongs to two
people stay out; the whole copy (``access``) holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from troth.gate.ask import right_of
from troth.gate.house import House
from troth.gate.values import Held
from troth.policy.model import Right


def portable(house: House, held: Iterable[Held]) -> Iterator[dict[str, Any]]:
    """Yield each record the person gave: its category, fields, purposes and day."""
    reached = _reached(house)
    for one in held:
        datum = house.data.get(one.data)
        if (
            one.source == "person"
            and datum is not None
            and not (datum.records or datum.inputs or datum.of_two)
            and (reached is None or reached & set(one.purposes))
        ):
            yield {
                "data": one.data,
                "fields": {n: v for n, v in one.body.items() if n not in house.secrets.get(one.data, ())},
                "purposes": list(one.purposes),
                "collected": one.collected.isoformat(),
            }


def _reached(house: House) -> frozenset[str] | None:
    """Return the purposes whose data the right reaches; None where the document reaches all."""
    right = right_of(house, "carry")
    grounds = set(right.covers) if isinstance(right, Right) else set()
    if not grounds:
        return None
    purposes = house.purposes.values()
    return frozenset(p.name for p in purposes if any(g.kind in grounds for b in p.bases for g in b.grounds))
