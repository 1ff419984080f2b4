"""Count: numbers that belong to nobody: only counters the document declares, only their declared dimensions.

A dimension's value is a short plain word, so that nothing personal can be counted by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.gate.errors import BadBody, Unknown
from troth.gate.house import House
from troth.policy.model import Counter

WORD = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
LONG = re.compile(r"[0-9]{11,}|[0-9a-fA-F]{24,}")


def count(house: House, *, counter: str, dims: Mapping[str, str]) -> None:
    """Add one to a counter; raise ``Unknown`` or ``BadBody``."""
    said = _declared(house, counter)
    if set(dims) != set(said.of):
        raise BadBody(counter, "", f"is counted by {', '.join(said.of)}, and by nothing else")
    for name, value in dims.items():
        if not WORD.fullmatch(value) or LONG.search(value):
            raise BadBody(counter, name, "a plain short word, not something of a person")
    house.store.count(name=counter, dims=dims)


def counts(house: House, *, counter: str) -> tuple[tuple[dict[str, str], int], ...]:
    """Return the counts, without those under the number from which the document shows them."""
    least = _declared(house, counter).shown_from or 0
    return tuple((dims, n) for dims, n in house.store.counts(name=counter) if n >= least)


def _declared(house: House, name: str) -> Counter:
    for counter in house.policy.of(Counter):
        if counter.name == name:
            return counter
    raise Unknown("counter", name)
