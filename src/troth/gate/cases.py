"""Cases: a person's question, with a number and a day, open to those who answer it until it is answered.

While a question is open the fact ``case-open`` holds, where the document has it; the answer to the last one
ends it.  The question and the address to answer to stay with the case and go with it.  What was written is
not rewritten: its person may put a statement beside it (GDPR Art. 16).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from troth.gate.ask import asked_of, is_request, opened_request, request_of, right_of
from troth.gate.errors import BadBody, Unknown
from troth.gate.facts import ENDED
from troth.gate.folder import Folder, opened, standing
from troth.gate.house import House
from troth.gate.values import Asked
from troth.policy.model import Span
from troth.store import Record

QUESTION, OPEN = "question", "case-open"
LONGEST = 8000  # characters of a question
MOST = 20  # statements beside one


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its person reads it: what they wrote, what they put beside it, and the answer."""

    asked: Asked
    text: str
    statements: tuple[str, ...] = ()
    answer: str = ""


def question(
    house: House,
    *,
    person: int,
    text: str,
    address: str,
    channel: str = "",
    door: str = QUESTION,
    about: str = "",
    within: Span | None = None,
) -> Asked:
    """Open a case for a question and return its number and its day; raise ``Unknown`` without such a door.

    ``door`` is the document's own word for what is asked (a complaint, say), ``about`` what it speaks of.
    """
    if right_of(house, door) is None:
        raise Unknown("request", door)
    if not text.strip() or len(text) > LONGEST:
        raise BadBody("question", "", f"a question has between 1 and {LONGEST} characters")
    with opened(house, person) as folder:
        asked = opened_request(folder, door, channel, about=about, within=within)
        rid, body = request_of(folder, asked.number)
        folder.rewrite(rid, {**body, "question": text.strip(), "address": address})
        if OPEN in house.facts:
            folder.happen(OPEN)
        return asked


def writer(house: House, *, person: int, number: str) -> str:
    """Return the address to which the answer to a question goes; '' where the case holds none."""
    bodies = (_body(r) for r in standing(house, person) if is_request(house, r))
    return next((str(b.get("address", "")) for b in bodies if b.get("number") == number), "")


def cases(house: House, *, person: int) -> tuple[Case, ...]:
    """Return a person's cases, newest first."""
    found = [
        _case(house, r) for r in standing(house, person) if is_request(house, r) and "question" in _body(r)
    ]
    return tuple(sorted(found, key=lambda c: c.asked.made, reverse=True))


def supplement(house: House, *, person: int, number: str, text: str) -> Case:
    """Put a statement of the person's beside what stands in a case; raise ``NoRecord``."""
    if not text.strip() or len(text) > LONGEST:
        raise BadBody("statement", "", f"a statement has between 1 and {LONGEST} characters")
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        said = [*body.get("statements", ()), text.strip()]
        if len(said) > MOST:
            raise BadBody("statement", "", f"a case takes {MOST} statements at the most")
        folder.rewrite(rid, {**body, "statements": said})
        folder.note("supplemented", str(body.get("clause", "")), number=number)
        return _case(house, folder.get(rid))


def _case(house: House, record: Record) -> Case:
    body = _body(record)
    said = tuple(map(str, body.get("statements", ())))
    return Case(asked_of(house, record), str(body.get("question", "")), said, str(body.get("text", "")))


def _body(record: Record) -> dict[str, Any]:
    return record.body if isinstance(record.body, dict) else {}


def answered(folder: Folder) -> None:
    """End the fact when the last question was answered; for the verb that answers, in its own deed."""
    house = folder.house
    if OPEN not in house.facts or OPEN not in folder.state.facts:
        return
    bodies = (r.body for r in folder.records.values() if is_request(house, r) and isinstance(r.body, dict))
    if not any("question" in b and not b.get("answered") for b in bodies):
        folder.happen(OPEN + ENDED)
