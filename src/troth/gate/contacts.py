"""Contacts: how a contact is compared, and which ones a record holds by which its person is found.

Its one rule: *nobody is found by a contact that is no longer held*.
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


def gone(house: House, record: Record, left: Iterable[Record]) -> set[tuple[str, str]]:
    """Return the contacts of a record that no record that is left holds as well."""
    held = {contact for other in left for contact in contacts_of(house, other)}
    return set(contacts_of(house, record)) - held
