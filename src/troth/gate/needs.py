"""Needs: what would suit an organisation, written down about the organisation and about no person.

A note lies in the house's register; its subject is a member of a class in ``parties.toml``, and what it
suggests is one too, so that it has no room for a name.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from troth.gate.errors import BadBody
from troth.gate.house import House
from troth.gate.register import enter, every

KIND = "need"


def note_need(house: House, *, party: str, member: str, suggests: str, purpose: str, by: str) -> str:
    """Write down what suits an organisation and return the note's number; raise ``BadBody`` for a person."""
    if member not in house.parties.get(party, {}):
        raise BadBody(KIND, "member", "is no organisation of that class; of a person nothing is concluded")
    if not any(suggests in members for members in house.parties.values()):
        raise BadBody(KIND, "suggests", "is nothing that stands in parties.toml")
    number = f"n-{secrets.token_hex(4)}"
    said = {"number": number, "party": party, "member": member, "suggests": suggests, "purpose": purpose}
    enter(house, kind=KIND, number=number, body={**said, "by": by, "at": house.clock().isoformat()})
    return number


def needs(house: House) -> Sequence[Mapping[str, Any]]:
    """Return what was written down, the first first."""
    return tuple(every(house, kind=KIND))
