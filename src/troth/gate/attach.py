"""Attach: a file as one field of a record, sealed with it; lists show its name and size, never its bytes.

``collect`` keeps it (``made`` writes the field); ``file_of`` hands the bytes to its person, or to a role to
which the document opens them, and writes down who looked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from troth.gate.errors import NoRecord
from troth.gate.folder import opened
from troth.gate.house import House
from troth.terms import Action, Request

CONTENT = "content"
KEYS = frozenset({"name", "type", "size", "sha256", CONTENT})


@dataclass(frozen=True, slots=True)
class File:
    """A file as it leaves: its name, its media type, and its bytes."""

    name: str
    type: str
    content: bytes = field(repr=False)


def made(name: str, media: str, content: bytes) -> dict[str, object]:
    """Write a file as the value of a field."""
    coded = base64.b64encode(content).decode("ascii")
    digest = sha256(content).hexdigest()
    return {"name": name, "type": media, "size": len(content), "sha256": digest, CONTENT: coded}


def fault(value: object, largest: int) -> str:
    """Say what is wrong with a field's value, '' when it is a file as ``made`` writes it."""
    if not isinstance(value, Mapping) or set(value) != KEYS:
        return "this field takes a file"
    try:
        content = base64.b64decode(str(value[CONTENT]), validate=True)
    except (binascii.Error, ValueError):
        return "this field takes a file"
    if not 0 < len(content) <= largest:
        return f"a file has between 1 byte and {largest // 1024} KiB"
    true = value["size"] == len(content) and value["sha256"] == sha256(content).hexdigest()
    return "" if true else "this field takes a file"


def shown(value: object) -> object:
    """Return a file's value without its bytes."""
    return {k: v for k, v in value.items() if k != CONTENT} if isinstance(value, Mapping) else value


def file_of(
    house: House,
    *,
    person: int,
    rid: int,
    purpose: str = "",
    role: str = "",
    staff: str = "",
    reason: str = "",
) -> File:
    """Return a record's file to its person or, with ``role``, to staff; raise ``Refused`` or ``NoRecord``."""
    with opened(house, person) as folder:
        record = folder.get(rid)
        if role:
            permit = folder.insist(Request(Action.SHOW, record.data, purpose, role))
            folder.note("show", permit.clauses[0], data=[record.data], purpose=purpose, party=role)
            folder.trail("shown", role=role, data=record.data, purpose=purpose, reason=reason, staff=staff)
        names = [f.name for f in house.datum(record.data).fields if f.type == "file"]
        body: dict[str, Any] = record.body if isinstance(record.body, dict) else {}
        for value in (body[n] for n in names if isinstance(body.get(n), dict)):
            return File(str(value["name"]), str(value["type"]), base64.b64decode(str(value[CONTENT])))
    raise NoRecord(rid)
