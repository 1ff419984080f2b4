"""Shelve: a text that somebody puts on the platform lies with their conversations and under their rules.

It is masked before it is stored, apart from its person and under a number drawn at random; whoever shares a
group with its author may open it.  INVARIANT (masked or not at all): a text whose masking fails is nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.gate.converse import CONVERSATION, SOURCE
from troth.gate.converse_link import talker
from troth.gate.converse_mask import Masked, mask, unwelcome
from troth.gate.errors import BadBody
from troth.gate.folder import number as new_number
from troth.gate.folder import opened
from troth.gate.groups import bear, stamp
from troth.gate.house import House
from troth.gate.read import may
from troth.policy.model import Data
from troth.scrub import Vault
from troth.terms import Action, Allowed, Refused, Request

LONGEST = 40_000  # characters of one text


@dataclass(frozen=True, slots=True)
class Shelved:
    """A text as it was stored, under its number, with what was replaced and what was left standing."""

    number: str
    masked: Masked


def shelve(house: House, *, person: int, data: str, purpose: str, name: str, text: str) -> Shelved:
    """Store a text; raise ``Refused``, ``BadBody`` or ``NotMasked``, and then nothing is kept."""
    datum = house.datum(data)
    field = shelf_of(datum)
    if not field:
        raise BadBody(data, "", "the document has no field of type file here")
    if not text.strip() or len(text) > LONGEST:
        raise BadBody(data, field, f"a text has between 1 and {LONGEST} characters")
    if subject := unwelcome(house, data=data, text=text):
        raise BadBody(data, field, f"no text on {subject} is taken here")
    asked = Request(Action.COLLECT, data, purpose, field=field, source=SOURCE)
    decision = may(house, person=person, request=asked)
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    masked = mask(house, data, f"{name.strip()}\n\n{text.strip()}", Vault())
    number, group = new_number("f-"), stamp(house, person, data)
    with opened(house, talker(house, person, number)) as folder:
        folder.put(
            data,
            {field: masked.text, CONVERSATION: number, **group},
            purposes=(purpose,),
            source=SOURCE,
            clause=decision.permit.clauses[0],
            place=datum.area,
        )
        bear(folder, data, group)
        kinds, warned = dict(masked.kinds) or None, list(masked.warned)
        folder.note(
            "shelved", decision.permit.clauses[0], data=data, purpose=purpose, masked=kinds, warned=warned
        )
    return Shelved(number, masked)


def shelf_of(datum: Data) -> str:
    """Return the field in which a category of conversations holds a text put there, '' when it has none."""
    names = {f.name for f in datum.fields}
    found = next((f.name for f in datum.fields if f.type == "file"), "")
    return found if CONVERSATION in names else ""
