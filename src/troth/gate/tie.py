"""Tie: a value by which a record is found again by whoever shows it: a coupon's code, a complaint's number.

It is kept as a keyed digest under its category, dies with its person, and finds nothing but whose it is; what
may then be told the kernel decides.
"""

from __future__ import annotations

from troth.gate.folder import opened
from troth.gate.house import House

LONGEST = 200


def tie(house: House, *, person: int, data: str, value: str) -> None:
    """Let a person be found by a value of one of their records."""
    clause = house.datum(data).clause
    with opened(house, person) as folder:
        folder.deed.index(namespace=_space(data), value=value)
        folder.note("tied", clause, data=data)


def untie(house: House, *, person: int, data: str, value: str) -> None:
    """Let the value find nobody any more."""
    clause = house.datum(data).clause
    with opened(house, person) as folder:
        folder.deed.unindex(namespace=_space(data), value=value)
        folder.note("untied", clause, data=data)


def bearers(house: House, *, data: str, value: str) -> tuple[int, ...]:
    """Return whom a value stands for, the first tied first; most values stand for one."""
    house.datum(data)
    if not 0 < len(value) <= LONGEST:
        return ()
    return tuple(house.store.find_all(namespace=_space(data), value=value))


def _space(data: str) -> str:
    return f"{data}#"
