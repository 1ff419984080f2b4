"""Booking: a finished flow that asks for a meeting becomes one request with a number, a day and a way back.

What was typed lies in the flow's own category and goes by its own period; a flow names the document's door
(``books: DOOR``), whose days say until when staff answer.  Confirmed, the one who asked gets an invitation
for their calendar.  INVARIANT (one press, one request): the same words from the same address within ten
minutes are one, and the way back takes it all out at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from troth.gate import NoRecord
from troth.gate.values import Held
from troth.kernel.calendar import ends_at, working_end
from troth.policy.model import Controller, Data, Door, Purpose, RequestDoor
from troth.runtime.questions import AGAIN
from troth.runtime.tongue import said_to
from troth.services import Flow
from troth.services.booking import invitation, moment
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

OPEN, CONFIRMED = "open", "confirmed"
SUBJECT = "Your request: {title}"
TEXT = (
    "We have your request. Its number is {number}, and you hear from us by {day}.\n\n"
    "See what we took, or take it back: {link}\n"
)
MEETING = "It is settled: {title}, on {at}. The invitation for your calendar is attached.\n"


class Past(TrothError):
    """The moment somebody asked for is over."""

    def __init__(self) -> None:
        super().__init__("this moment is over; name one to come, or none")


@dataclass(frozen=True, slots=True)
class Booked:
    """A request for a meeting: by when it is answered, what was typed, and the secret of its way back."""

    number: str
    due: datetime
    state: str
    fields: Mapping[str, str]
    ticket: str = ""
    wanted: datetime | None = None
    person: int = 0
    rid: int = 0


def data_of(company: Company) -> Data | None:
    """Return the category of such requests; it is known by its fields."""
    names = {"number", "due", "state", "wanted", "email"}
    return next((d for d in company.policy.of(Data) if names <= {f.name for f in d.fields}), None)


def book(company: Company, flow: Flow, answers: Mapping[str, str]) -> Booked:
    """Take a request and write to its address; raise ``Refused`` for what the document does not take."""
    said = {ask.field: a for n, a in answers.items() if (ask := flow.step(n).ask) and a}
    data, door = _data(company), next(d for d in company.policy.of(RequestDoor) if d.name == flow.books)
    address, now = said["email"].strip().lower(), company.clock()
    wanted = moment(said.get("wanted", ""), company.policy.zone)
    if wanted is not None and wanted <= now:
        raise Past
    body = {**said, "email": address, **({"wanted": wanted.isoformat()} if wanted else {})}
    person = company.gate.find(kind="email", value=address)
    if person is None:
        person = company.gate.new_person()
        company.gate.identify(person=person, kind="email", value=address)
    elif twice := _again(company, person, data, body):
        return twice
    number = company.gate.tag(person=person)[:4] + f"-{int(now.timestamp()) % 1_000_000:06d}"
    company.gate.collect(
        person=person,
        data=data.name,
        body={**body, "number": number, "state": OPEN, "due": _due(company, door, now).isoformat()},
        purpose=_purpose(company, data),
        source="person",
    )
    company.gate.tie(person=person, data=data.name, value=number)
    company.gate.tie(person=person, data=data.name, value=OPEN)
    done = next(b for b in _of(company, person, data) if b.number == number)
    _receipt(company, done, door.text)
    return done


def behind(company: Company, number: str, ticket: str) -> Booked | None:
    """Return the request that a way back belongs to; None for a wrong secret and for one that is gone."""
    person, data = company.gate.holder(ticket=ticket, deed=f"booking {number}"), data_of(company)
    if person is None or data is None:
        return None
    return next((b for b in _of(company, person, data) if b.number == number), None)


def take_back(company: Company, number: str, ticket: str) -> bool:
    """Take a request out at once, by its way back; say whether there was one."""
    found = behind(company, number, ticket)
    if found is not None:
        company.gate.remove(person=found.person, rid=found.rid)
        company.gate.untie(person=found.person, data=_data(company).name, value=number)
    return found is not None


def bookings(company: Company, *, role: str, staff: str) -> tuple[Booked, ...]:
    """Return the requests that the document shows to a role, the most urgent first."""
    data = _data(company)
    purpose = next(
        (d.purposes[0] for d in company.policy.of(Door) if d.verb == "show" and data.name in d.data), ""
    )
    found = [
        _booked(company, person, held)
        for person in company.gate.bearers(data=data.name, value=OPEN)
        for held in company.gate.show(
            person=person, data=data.name, purpose=purpose, role=role, reason="answer it", staff=staff
        )
    ]
    return tuple(sorted(found, key=lambda b: b.due))


def confirm(company: Company, number: str, *, at: datetime, role: str, staff: str) -> Booked:
    """Settle a meeting and send the invitation; raise ``NoRecord``, ``Past`` or ``Refused``."""
    found = next((b for b in bookings(company, role=role, staff=staff) if b.number == number), None)
    if found is None:
        raise NoRecord("of this request")
    if at <= company.clock():
        raise Past
    _anew(company, found, {"state": CONFIRMED, "wanted": at.isoformat()})
    _invite(company, found, at)
    return next(b for b in _of(company, found.person, _data(company)) if b.number == number)


def _data(company: Company) -> Data:
    found = data_of(company)
    if found is None:
        raise NoRecord("of a category for such requests")
    return found


def _purpose(company: Company, data: Data) -> str:
    return next(
        p.name
        for p in company.policy.of(Purpose)
        for b in p.bases
        if any(u.data == data.name and not u.reads for u in b.uses)
    )


def _due(company: Company, door: RequestDoor, now: datetime) -> datetime:
    country = next((c.country for c in company.policy.of(Controller) if c.country), "")
    assert door.within is not None
    if door.working:
        return working_end(now, door.within.amount, company.policy.zone, country)
    return ends_at(now, door.within, company.policy.zone)


def _again(company: Company, person: int, data: Data, body: Mapping[str, str]) -> Booked | None:
    edge = company.clock() - AGAIN
    held = (h for h in company.gate.access(person=person).held if h.data == data.name)
    same = (h for h in held if h.collected > edge and {n: h.body.get(n) for n in body} == dict(body))
    return next((_booked(company, person, h) for h in same), None)


def _of(company: Company, person: int, data: Data) -> tuple[Booked, ...]:
    held = company.gate.access(person=person).held
    return tuple(_booked(company, person, h) for h in held if h.data == data.name)


def _booked(company: Company, person: int, held: Held) -> Booked:
    said = {name: str(value) for name, value in held.body.items()}
    number, due, state = (said.pop(name) for name in ("number", "due", "state"))
    wanted = datetime.fromisoformat(said["wanted"]) if "wanted" in said else None
    ticket = company.gate.ticket(person=person, deed=f"booking {number}")
    return Booked(number, datetime.fromisoformat(due), state, said, ticket, wanted, person, held.rid)


def _anew(company: Company, booked: Booked, said: Mapping[str, str]) -> None:
    """Write a request down anew, so that its period counts from the word that was just spoken."""
    data = _data(company)
    body = {**booked.fields, "number": booked.number, "due": booked.due.isoformat(), **said}
    company.gate.collect(
        person=booked.person, data=data.name, body=body, purpose=_purpose(company, data), source="person"
    )
    company.gate.remove(person=booked.person, rid=booked.rid)


def way_back(company: Company, booked: Booked) -> str:
    """Return the address at which a request is seen and taken back."""
    return f"{company.base_url}/{company.name}/booking/{booked.number}/{booked.ticket}"


def _receipt(company: Company, booked: Booked, title: str) -> None:
    say, last = said_to(company, booked.person), booked.due - timedelta(microseconds=1)
    text = say(TEXT, number=booked.number, day=last.date().isoformat(), link=way_back(company, booked))
    company.send(booked.fields["email"], say(SUBJECT, title=title), text)


def _invite(company: Company, booked: Booked, at: datetime) -> None:
    say, title = said_to(company, booked.person), company.title
    sender = next((c.contact for c in company.policy.of(Controller) if c.contact), "")
    sheet = invitation(
        uid=str(uuid5(NAMESPACE_URL, way_back(company, booked))),
        at=at,
        made=company.clock(),
        title=title,
        sender=sender,
        guest=booked.fields["email"],
    )
    text = say(MEETING, title=title, at=at.isoformat(timespec="minutes"))
    company.send(booked.fields["email"], say(SUBJECT, title=title), text, calendar=sheet)
