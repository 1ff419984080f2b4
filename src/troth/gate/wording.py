"""Wording: which wording of a message somebody got, and by which rule, so that it can be explained.

The names are those of the company's own files and of the document; what the message says is nowhere here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.gate.errors import Unknown
from troth.gate.folder import opened
from troth.gate.house import PLAIN, House

WORDED = "message worded"


@dataclass(frozen=True, slots=True)
class Worded:
    """One message as one person got it; no ``question`` and ``answer`` where everybody gets this wording."""

    at: datetime
    message: str
    wording: str
    purpose: str
    member: str = ""
    question: str = ""
    answer: str = ""
    clause: str = ""


def worded(
    house: House,
    *,
    person: int,
    message: str,
    wording: str,
    purpose: str,
    member: str = "",
    question: str = "",
    answer: str = "",
) -> None:
    """Write down by which rule a wording was picked; raise ``Unknown`` for a name that is none."""
    if purpose not in house.purposes:
        raise Unknown("purpose", purpose)
    for name in (message, wording, *filter(None, (answer,))):
        if not PLAIN.fullmatch(name):
            raise Unknown("message", "of this name")
    if question:
        house.part(question)
    house.members(f"{purpose}({member})" if member else purpose)
    with opened(house, person) as folder:
        folder.note(
            WORDED,
            house.purposes[purpose].clause,
            message=message,
            wording=wording,
            purpose=purpose,
            member=member,
            question=question,
            answer=answer,
        )


def wordings(house: House, *, person: int) -> tuple[Worded, ...]:
    """Return the messages to a person that were worded by a rule or by its absence, oldest first."""
    names = ("message", "wording", "purpose", "member", "question", "answer")
    return tuple(
        Worded(
            datetime.fromisoformat(leaf.at), clause=leaf.clause, **{n: leaf.detail.get(n, "") for n in names}
        )
        for leaf in house.store.trail(person=person)
        if leaf.kind == WORDED
    )
