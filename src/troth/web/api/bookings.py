"""Bookings: the requests for a meeting that wait, for the role that the document shows them to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from troth.policy.model import Data
from troth.runtime import booking
from troth.runtime.booking import Booked
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.people import role
from troth.web.api.wire.base import Fields, In, Out, plain


class BookingOut(Out, frozen=True):
    """One request: by when it is answered, what was typed, and how it stands."""

    number: str
    due: datetime
    state: str
    fields: Fields


class BookingsOut(Out, frozen=True):
    """The requests that wait, the most urgent first."""

    bookings: tuple[BookingOut, ...]


class SettledIn(In, frozen=True):
    """When the meeting is."""

    at: datetime


def listed(call: Call) -> BookingsOut:
    """List what waits."""
    _known(call)
    found = booking.bookings(call.company, role=role(call), staff=call.asker.name)
    return BookingsOut(bookings=tuple(map(_out, found)))


def settle(call: Call) -> BookingOut:
    """Settle a meeting; its invitation goes to the one who asked."""
    _known(call)
    at = call.read(SettledIn).at
    if at.tzinfo is None:
        raise Fault(422, "invalid", "at: a moment with its time zone", fields=("at",))
    try:
        done = booking.confirm(
            call.company, call.path["number"], at=at, role=role(call), staff=call.asker.name
        )
    except booking.Past as past:
        raise Fault(422, "invalid", f"at: {past}", fields=("at",)) from past
    return _out(done)


def booking_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of such requests."""
    data = booking.data_of(call.company)
    return clauses_of(call.company.policy, Data, data.name if data else "")


def _known(call: Call) -> None:
    if booking.data_of(call.company) is None:
        raise Fault(404, "not-here", "nobody asks for a meeting here")


def _out(one: Booked) -> BookingOut:
    return BookingOut(number=one.number, due=one.due, state=one.state, fields=plain(one.fields))
