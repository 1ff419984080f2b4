"""Seat: who sits where: the member behind a request, their instance, and the one its host stands for.

INVARIANT (no word of another room): what lies in another instance is answered as what does not exist, and a
host that stands for an instance serves the members of no other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate import NoRecord
from troth.runtime import Company, rooms_of
from troth.services import instances, members
from troth.services.instances import Instance, Rooms, Taken, Unfit
from troth.services.platforms import class_of
from troth.web.asking import Form, insist, person_of
from troth.web.look import Brand
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session

T = TypeVar("T")
Deed = Callable[["Seat", Form], object]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member at their place: the stay, the person, the room, and whether they look after it."""

    company: Company
    session: Session
    person: int
    rooms: Rooms
    instance: Instance
    admin: bool

    @property
    def brand(self) -> Brand:
        """How the room calls itself; its colours have an address of their own."""
        return brand_of(self.instance)

    @property
    def outward(self) -> bool:
        """Whether posts may be passed on to platforms here."""
        return bool(class_of(self.company.policy))


def brand_of(instance: Instance) -> Brand:
    """Return an instance's name and mark; ``name`` is what its style sheet is found by."""
    return Brand(
        f"room-{instance.prefix}" if instance.prefix else "site", instance.company, instance.company[:1]
    )


def hosted(request: Request) -> Instance | None:
    """Return the instance whose prefix stands before our own host; 404 for a prefix that nobody has."""
    company = request.state.company
    own = urlsplit(company.base_url).hostname or ""
    host = (request.url.hostname or "").lower()
    if not own or not host.endswith(f".{own}") or not instances.known(company.policy):
        return None
    found = instances.by_prefix(rooms_of(company), host.removesuffix(f".{own}"))
    if found is None:
        raise HTTPException(404)
    return found


async def seat_of(request: Request, *, open_: bool = True) -> Seat:
    """Return the member's seat; 401 for nobody and for who has left, 404 under another instance's host.

    ``open_``: the domain must be proven, and not gone for a month (403).
    """
    company: Company = request.state.company
    if not instances.known(company.policy):
        raise HTTPException(404)
    session = person_of(request)
    seat = await run_in_threadpool(_seat, request, company, session)
    if open_:
        insist_open(seat)
    await run_in_threadpool(used, company, session)
    return seat


def insist_open(seat: Seat) -> None:
    """Raise 403 while the domain is not proven, and once its proof has been gone for a month."""
    if seat.instance.standing(seat.company.clock()) in ("claimed", "shut"):
        raise HTTPException(403, "This instance is not open: its domain is not proven.")


def drawn(request: Request, seat: Seat, template: str, status: int = 200, **values: Any) -> Response:
    """Draw a page of the room, in its own colours, with what there is to say to the member."""
    said, seat.session.said = seat.session.said, ""
    known = {"seat": seat, "brand": seat.brand, "said": said, "covered": members.covered(seat.rooms)}
    known["touched"] = seat.company.gate.breaches_of(person=seat.person)
    return page(request, f"room/{template}", status, here="room", **known, **values)


def acting(deed: Deed, said: str, to: str, admin: bool = False) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint of one form: it does the deed and leads to a page, with a sentence.

    ``to`` may name parts of the address in braces; what a deed returns as a text is said instead.
    """

    async def act(request: Request) -> Response:
        seat, form = await own_form(request)
        if admin and not seat.admin:
            raise HTTPException(403, "This is for the Admin of your instance.")
        done = await run_in_threadpool(tried, lambda: deed(seat, {**form, **request.path_params}))
        seat.session.said = done if isinstance(done, str) else said
        there = to.format(**request.path_params)
        return RedirectResponse(f"/{seat.company.name}{there}", 303)

    return act


async def own_form(request: Request) -> tuple[Seat, Form]:
    """Return the member's seat and the text fields of their own form."""
    async with request.form(max_files=1, max_fields=60) as sent:
        form = {key: value for key, value in sent.items() if isinstance(value, str)}
    if any("\x00" in value or "\ufffd" in value for value in form.values()):
        raise HTTPException(400, "This form is not written in UTF-8.")
    seat = await seat_of(request)
    insist(seat.session, form)
    return seat, form


def tried(deed: Callable[[], T]) -> T:
    """Do a deed; what the form asked for wrongly is 422, what is not there 404, what is taken 409."""
    try:
        return deed()
    except NoRecord as gone:
        raise HTTPException(404) from gone
    except Taken as taken:
        raise HTTPException(409, str(taken)) from taken
    except Unfit as unfit:
        raise HTTPException(422, str(unfit)) from unfit


def _seat(request: Request, company: Company, session: Session) -> Seat:
    person, rooms = session.person, rooms_of(company)
    assert person is not None
    instance = instances.of(rooms, person)
    if instance is None:
        raise HTTPException(401)
    here = hosted(request)
    if here is not None and here.subject != instance.subject:
        raise HTTPException(404)
    return Seat(company, session, person, rooms, instance, members.administers(rooms, person))
