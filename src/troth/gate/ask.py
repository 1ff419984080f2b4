"""Ask: a person's requests under their rights, each with a number, a date to be answered by, and an end.

The date counts from the request by the document's own period, else the law pack's, else one month
(GDPR Art. 12(3)).  An answer may be put off once, with a reason, and by what the document says at the most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from troth.gate.errors import GateError, NoRecord
from troth.gate.folder import Folder, number, opened
from troth.gate.house import House
from troth.gate.values import Asked
from troth.kernel.calendar import ends_at, working_end
from troth.policy.model import Controller, RequestDoor, Right, Span
from troth.store import Record
from troth.terms import Clause

RIGHTS = frozenset(
    ["access", "correct", "erase", "restrict", "carry", "object", "withdraw", "complain", "review"]
)
MONTH, TWO_MORE = Span(1, "month"), Span(2, "month")


def answer(
    house: House,
    *,
    person: int,
    number: str,
    outcome: str,
    text: str = "",
    then: Callable[[Folder], None] = lambda folder: None,
) -> Asked:
    """Close a request; ``outcome`` is one word for the evidence, ``text`` is what the person reads.

    ``then`` is what else the answer ends, in the same deed.
    """
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        if body.get("answered"):
            raise GateError(f"request {number} was answered before; one case has one answer")
        answered = folder.now.astimezone(UTC).isoformat()
        folder.rewrite(rid, {**body, "answered": answered, "outcome": outcome, "text": text})
        folder.note("request answered", body.get("clause", ""), right=body["right"], number=number)
        then(folder)
        return asked_of(house, folder.get(rid))


def extend(house: House, *, person: int, number: str, reason: str) -> Asked:
    """Put the date off once, counted from the first one; raise ``GateError`` a second time."""
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        if body.get("extended"):
            raise GateError(f"request {number} was put off before; it must be answered now")
        said = right_of(house, body["right"])
        made = datetime.fromisoformat(body["made"])
        if folder.now >= datetime.fromisoformat(body["due"]):
            raise GateError(f"request {number} is past its day; longer is told before it (Art. 12(3))")
        more = (said.extended if isinstance(said, Right) else None) or TWO_MORE
        due = ends_at(made, (said.within if said else None) or MONTH, house.policy.zone, more)
        folder.rewrite(rid, {**body, "due": due.astimezone(UTC).isoformat(), "extended": reason})
        folder.note("request put off", body.get("clause", ""), right=body["right"], number=number)
        return asked_of(house, folder.get(rid))


def opened_request(
    folder: Folder,
    right: str,
    channel: str,
    *,
    about: str = "",
    reason: str = "",
    within: Span | None = None,
    received: datetime | None = None,
) -> Asked:
    """Write a request into an open folder; ``reason`` is the person's own."""
    house, made = folder.house, min(received or folder.now, folder.now)
    said = right_of(house, right)
    clause = said.clause if said else Clause("", 0)
    span = within or (said.within if said else None) or MONTH
    body: dict[str, Any] = {
        "number": number(f"{folder.now:%y%m%d}-"),
        "right": right,
        "made": made.astimezone(UTC).isoformat(),
        "due": _by(house, said, made, span).astimezone(UTC).isoformat(),
        "clause": clause.ref,
        "channel": channel,
        "about": about,
        **({"reason": reason} if reason else {}),
    }
    rid = folder.remember("requests", body)
    folder.note("request made", clause, right=right, number=body["number"])
    return asked_of(house, folder.get(rid))


def close_about(folder: Folder, right: str, about: str, outcome: str, text: str) -> None:
    """Answer the open requests of a right that speak of one thing, which was just decided."""
    for record in list(folder.records.values()):
        body = record.body
        if not is_request(folder.house, record) or not isinstance(body, dict) or body.get("answered"):
            continue
        if (body["right"], body.get("about")) == (right, about):
            answered = folder.now.astimezone(UTC).isoformat()
            folder.rewrite(record.rid, {**body, "answered": answered, "outcome": outcome, "text": text})


def _by(house: House, said: Right | RequestDoor | None, made: datetime, span: Span) -> datetime:
    """Return when an answer is due: by the calendar, or by working days where the document counts those."""
    if isinstance(said, RequestDoor) and said.working and span == said.within and span.unit == "day":
        country = next((c.country for c in house.policy.of(Controller) if c.country), "")
        return working_end(made, span.amount, house.policy.zone, country)
    return ends_at(made, span, house.policy.zone)


def requests_of(house: House, records: Iterable[Record]) -> tuple[Asked, ...]:
    """Return the requests among a person's records, oldest first."""
    found = [asked_of(house, r) for r in records if is_request(house, r)]
    return tuple(sorted(found, key=lambda a: a.made))


def is_request(house: House, record: Record) -> bool:
    """Say whether a record is a request under a right."""
    body = record.body
    return record.data == house.kinds["requests"] and isinstance(body, dict) and "number" in body


def asked_of(house: House, record: Record) -> Asked:
    """Read a request back."""
    body = record.body
    assert isinstance(body, dict)
    done = body.get("answered")
    said = right_of(house, body["right"])
    return Asked(
        body["number"],
        house.store.tag(person=record.person),
        body["right"],
        datetime.fromisoformat(body["made"]),
        datetime.fromisoformat(body["due"]),
        datetime.fromisoformat(done) if done else None,
        body.get("outcome", ""),
        said.clause if said else None,
        datetime.fromisoformat(body["confirmed"]) if body.get("confirmed") else None,
        str(body.get("channel", "")),
        str(body.get("about", "")),
        str(body.get("reason", "")),
    )


def right_of(house: House, name: str) -> Right | RequestDoor | None:
    """Return what the document says of a right, else the pack; the shortest period where both speak."""
    found = [r for r in house.policy.of(Right) if r.name.rpartition(":")[2] == name and r.within]
    if found:
        return found[0]
    return next((d for d in house.policy.of(RequestDoor) if d.name == name or d.does == name), None)


def request_of(folder: Folder, wanted: str) -> tuple[int, dict[str, Any]]:
    """Return a request's record and body by its number; raise ``NoRecord``."""
    for rid, record in folder.records.items():
        if (
            is_request(folder.house, record)
            and isinstance(record.body, dict)
            and record.body["number"] == wanted
        ):
            return rid, dict(record.body)
    raise NoRecord(wanted)
