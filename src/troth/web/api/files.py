"""Files: a text put on the platform over the API; it is read and erased as a conversation is."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from troth.services.shelves import place_of
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.wire.base import In, Line, Out


class FileIn(In, frozen=True):
    """A text and what it is called; both are masked before they are stored."""

    name: Line
    text: Annotated[str, Meta(min_length=1, max_length=40_000)]


class FileOut(Out, frozen=True):
    """The number under which it lies (``/conversations/NUMBER``), and what was replaced in it, by kind."""

    number: str
    replaced: dict[str, int]
    warned: tuple[str, ...]


def put(call: Call) -> FileOut:
    """Store a text with your conversations; 409 when it cannot be masked, and then it is nowhere."""
    sent, company, person = call.read(FileIn), call.company, call.person()
    place = place_of(company.agents, company.policy)
    if place is None:
        raise Fault(404, "not-here", "nothing is kept here beside what is said to agents")
    data, purpose = place
    made = company.gate.shelve(person=person, data=data, purpose=purpose, name=sent.name, text=sent.text)
    return FileOut(number=made.number, replaced=dict(made.masked.kinds), warned=made.masked.warned)
