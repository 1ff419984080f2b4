"""Recall: what was said before in one conversation, for its own going on, and whose conversation a number is.

A conversation goes on under its author alone: a number that is another's, or nobody's, opens nothing.  Whose
it is can be looked up by a role to which the document shows ``data … records links``, and each look is noted.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.gate.converse_link import NUMBER, talker_of
from troth.gate.errors import GateError, NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.read import read
from troth.store import Record
from troth.terms import Action, Request

LINKS = "links"
Lines = tuple[tuple[str, str], ...]  # role and masked text


class NotTheirs(GateError):
    """A conversation is not that of whoever goes on with it, or there is none of this number."""

    def __init__(self) -> None:
        super().__init__("there is no such conversation of yours; it goes on under its author alone")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a conversation is: the known person's tag, '' for somebody nobody knows."""

    tag: str


def recall(house: House, *, person: int | None, data: str, purpose: str, number: str) -> Lines:
    """Return the lines of a conversation, oldest first, for the purpose under which it goes on.

    Raises ``NotTheirs`` for a number that is not the person's, ``Refused`` when it may not be used now.
    """
    other = house.store.find(namespace=NUMBER, value=number) if person is None else talker_of(house, person)
    if other is None or not any(_of(r, number) for r in standing(house, other, frozenset({data}))):
        raise NotTheirs
    found = [h for h in read(house, person=other, data=data, purpose=purpose) if _number(h.body) == number]
    return tuple(
        (role, str(held.body[name]))
        for held in sorted(found, key=lambda h: (h.collected, h.rid))
        for role, name in (("user", "input"), ("assistant", "output"))
        if held.body.get(name)
    )


def owner(house: House, *, number: str, purpose: str, role: str, reason: str, staff: str = "") -> Owner:
    """Look up whose a conversation is; its person sees that it was done, in which role and why.

    Raises ``Refused`` for a role to which the document does not show it, ``NoRecord`` when it is nobody's.
    """
    data = house.kinds[LINKS]
    found = next((p for p in house.store.persons() if _has(house, p, number)), None)
    if found is None:
        raise NoRecord(number)
    with opened(house, found) as folder:
        permit = folder.insist(Request(Action.SHOW, data, purpose, role))
        folder.note("show", permit.clauses[0], data=[data], purpose=purpose, party=role)
        folder.trail("looked up", role=role, data=data, purpose=purpose, reason=reason, staff=staff)
    return Owner(house.store.tag(person=found))


def _has(house: House, person: int, number: str) -> bool:
    other = talker_of(house, person)
    return other is not None and any(_of(record, number) for record in standing(house, other))


def _of(record: Record, number: str) -> bool:
    return isinstance(record.body, dict) and _number(record.body) == number


def _number(body: object) -> str:
    return str(body.get("conversation", "")) if isinstance(body, dict) else ""
