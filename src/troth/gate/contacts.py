"""Contacts: how a contact is compared, and what a record holds by which its person is found.

Beside contacts that is the number of a group (``groups``).  Its one rule: *nobody is found by what is no
longer held*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.gate.errors import BadBody
from troth.gate.house import House
from troth.store import Record

KINDS = ("email", "phone")


def normal(kind: str, value: str) -> str:
    """Return a contact as it is compared.

    >>> normal("email", " Kari@Example.NO "), normal("phone", "+47 400 00-000")
    ('kari@example.no', '+4740000000')
    """
    plain = value.strip()
    kind = kind.partition("@")[0] if kind.startswith(tuple(f"{k}@" for k in KINDS)) else kind
    if not plain or len(plain) > 320:
        raise BadBody(kind.partition("@")[0], "", "a contact has between 1 and 320 characters")
    if kind == "phone":
        return "".join(c for c in plain if c.isdigit() or c == "+")
    return plain.casefold() if kind == "email" else plain


def contacts_of(house: House, record: Record) -> Iterator[tuple[str, str]]:
    """Yield kind and value of each contact in a record that identifies its person."""
    datum = house.data.get(record.data)
    body = record.body if isinstance(record.body, dict) else {}
    for part in datum.fields if datum else ():
        if part.identifies and part.type in KINDS and str(body.get(part.name, "")).strip():
            yield part.type, normal(part.type, str(body[part.name]))


def groups_of(house: House, record: Record) -> Iterator[tuple[str, str]]:
    """Yield index and number of the group that a record belongs to."""
    grouping = house.grouping
    if grouping and isinstance(record.body, dict) and record.body.get(grouping.key):
        yield grouping.space(record.data), str(record.body[grouping.key])


def gone(house: House, record: Record, left: Iterable[Record]) -> set[tuple[str, str]]:
    """Return what a record is found by and no record that is left holds as well."""
    held = {found for other in left for found in _found_by(house, other)}
    return set(_found_by(house, record)) - held


def _found_by(house: House, record: Record) -> Iterator[tuple[str, str]]:
    yield from contacts_of(house, record)
    yield from groups_of(house, record)
