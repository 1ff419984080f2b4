"""Carry: what a person gave us, as they may take it elsewhere (GDPR Art. 20 is the least; consent or not).

Derived data, what a device or a party told us, our own records of what was decided, and what belongs to two
people stay out; the whole copy (``access``) holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from troth.gate.house import House
from troth.gate.values import Held


def portable(house: House, held: Iterable[Held]) -> Iterator[dict[str, Any]]:
    """Yield each record the person gave: its category, fields, purposes and day."""
    for one in held:
        datum = house.data.get(one.data)
        if (
            one.source == "person"
            and datum is not None
            and not (datum.records or datum.inputs or datum.of_two)
        ):
            yield {
                "data": one.data,
                "fields": {n: v for n, v in one.body.items() if n not in house.secrets.get(one.data, ())},
                "purposes": list(one.purposes),
                "collected": one.collected.isoformat(),
            }
