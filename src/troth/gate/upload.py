"""Upload: a text that somebody puts in is masked as a message would be, and kept as one conversation.

Its place is the field of type ``file`` of the category that conversations are kept in.  INVARIANT (masked or
nothing): neither the text nor its name is stored as it came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from troth.gate.converse import CONVERSATION, INPUT, SOURCE
from troth.gate.converse_link import talker
from troth.gate.converse_mask import mask
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import number as new_number
from troth.gate.folder import opened
from troth.gate.groups import bear, stamp
from troth.gate.house import House
from troth.gate.read import may
from troth.policy.model import Data
from troth.scrub import Vault
from troth.terms import Action, Allowed, Refused, Request

LONGEST = 200_000  # characters of one text
NAME = 120


@dataclass(frozen=True, slots=True)
class Uploaded:
    """Under which number a text is kept, and how many of each kind were replaced in it."""

    number: str
    kinds: tuple[tuple[str, int], ...]


def upload(house: House, *, person: int, name: str, text: str, vault: Vault) -> Uploaded:
    """Keep a text of a person's; raise ``BadBody``, ``NotMasked`` or ``Refused``, and then keep nothing."""
    datum, field = _home(house)
    if not 0 < len(text.strip()) <= LONGEST or not 0 < len(name.strip()) <= NAME:
        raise BadBody(datum.name, field, f"a text has up to {LONGEST} characters, and a name up to {NAME}")
    said, called = (mask(house, datum.name, words.strip(), vault) for words in (text, name))
    purpose = next((p for p, f in house.candidates[datum.name] if f in ("", field)), "")
    asked = Request(Action.COLLECT, datum.name, purpose, field=field, source=SOURCE)
    decision = may(house, person=person, request=asked)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    number, group = new_number("c-"), stamp(house, person, datum.name)
    body = {INPUT: called.text, field: said.text, CONVERSATION: number, **group}
    kinds = Counter(dict(said.kinds)) + Counter(dict(called.kinds))
    clause = decision.clauses[0]
    with opened(house, talker(house, person, number)) as folder:
        folder.put(datum.name, body, purposes=(purpose,), source=SOURCE, clause=clause, place=datum.area)
        bear(folder, datum.name, group)
        folder.note("uploaded", clause, data=datum.name, purpose=purpose, masked=dict(kinds) or None)
    return Uploaded(number, tuple(sorted(kinds.items())))


def _home(house: House) -> tuple[Data, str]:
    """Return the category of conversations and its field for texts; raise ``GateError`` without one."""
    for datum in house.data.values():
        names = {f.name for f in datum.fields}
        field = next((f.name for f in datum.fields if f.type == "file"), "")
        if field and {INPUT, CONVERSATION} <= names:
            return datum, field
    raise GateError("the document has no place for a text: a field of type file beside 'conversation'")
