"""Desk: the Admin's pages: the domain's proof, how the room is set up, who is in it, what was reported.

Until the domain is proven the claimant sees the proof's page alone.  Everybody but the Admin gets 403 here,
and finds only how to invite a colleague.
"""

from __future__ import annotations

import csv
import io

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import rooms_of
from troth.services import feed, instances, members
from troth.services.instances import Unfit
from troth.services.looks import looks as told_looks
from troth.web.asking import Form, form_of, insist
from troth.web.look import HEX, sheet
from troth.web.me.centre import titles
from troth.web.room.letters import Entry, invite, load
from troth.web.room.seat import Seat, acting, drawn, own_form, seat_of, tried

SETTINGS = ("company", "prefix", "greeting", "colour", "topics", "channels", "details")


async def room(request: Request) -> Response:
    """Show the proof while there is none, else how the room is set up."""
    seat = await seat_of(request, open_=False)
    return await run_in_threadpool(_room, request, seat)


async def proving(request: Request) -> Response:
    """Look for the proof in DNS now."""
    seat = await _claimant(request)
    found = await run_in_threadpool(
        tried, lambda: instances.prove(seat.rooms, seat.instance, seat.company.outside.txt)
    )
    seat.session.said = "Proven. Your room is open." if found else "The record is not there yet."
    return RedirectResponse(f"/{seat.company.name}/{'feed' if found else 'room'}", 303)


async def configuring(request: Request) -> Response:
    """Change the room's settings; what cannot be set comes back with its reason."""
    seat, form = await own_form(request)
    _admin(seat)
    try:
        await run_in_threadpool(tried, lambda: _configure(seat, form))
    except HTTPException as wrong:
        return await run_in_threadpool(_room, request, seat, form, wrong.detail, wrong.status_code)
    seat.session.said = "Your room is set up as you see it."
    return RedirectResponse(f"/{seat.company.name}/room", 303)


async def people(request: Request) -> Response:
    """Show the Admin who is in the room."""
    seat = await seat_of(request)
    _admin(seat)
    return await run_in_threadpool(_people, request, seat, ())


async def loading(request: Request) -> Response:
    """Enter people from a list, one a line; each is written to, and a row that does not fit stays out."""
    seat, form = await own_form(request)
    _admin(seat)
    rows = [_row(line) for line in form.get("people", "").splitlines() if line.strip()]
    if len(rows) > 500:
        raise HTTPException(422, "At most 500 people at a time.")
    done = await run_in_threadpool(load, seat.company, seat.instance, rows, "upload")
    return await run_in_threadpool(_people, request, seat, done)


async def export(request: Request) -> Response:
    """Give the Admin the list of members; that it was taken is written down with each of them."""
    seat = await seat_of(request)
    _admin(seat)
    rows = await run_in_threadpool(members.roll, seat.rooms, seat.person)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("name", "email", "entered by"))
    writer.writerows((_safe(r.name), _safe(r.email), r.source) for r in rows)
    headers = {"Content-Disposition": 'attachment; filename="members.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


async def reports(request: Request) -> Response:
    """Show the Admin what was reported, with the reasons, and what is hidden."""
    seat = await seat_of(request)
    _admin(seat)
    found = await run_in_threadpool(feed.reported, seat.rooms, seat.person)
    return drawn(request, seat, "reports.html", title="Reports", tab="reports", reports=found)


async def looks(request: Request) -> Response:
    """Show the Admin when, why and at what the house looked at the people of the room."""
    seat = await seat_of(request)
    _admin(seat)
    found = await run_in_threadpool(told_looks, seat.rooms, seat.person)
    words = titles(seat.company)
    return drawn(request, seat, "looks.html", title="Looks", tab="looks", looks=found, titles=words)


async def look(request: Request) -> Response:
    """Give the colours of the room that answers under a prefix."""
    instance = await run_in_threadpool(_prefixed, request)
    text = sheet(instance.colour) if instance and HEX.fullmatch(instance.colour) else ""
    return Response(text, media_type="text/css", headers={"Cache-Control": "public, max-age=600"})


def _room(
    request: Request, seat: Seat, form: Form | None = None, problem: str = "", status: int = 200
) -> Response:
    now = seat.company.clock()
    totals = members.topic_totals(seat.rooms, seat.person, seat.instance) if seat.admin else ()
    return drawn(
        request,
        seat,
        "room.html",
        status,
        title=seat.instance.company,
        tab="room",
        standing=seat.instance.standing(now),
        form=form or {},
        totals=totals,
        problem=problem,
    )


def _people(request: Request, seat: Seat, done: object) -> Response:
    rows = members.roll(seat.rooms, seat.person)
    return drawn(request, seat, "roll.html", title="Members", tab="roll", rows=rows, done=done)


def _configure(seat: Seat, form: Form) -> None:
    said = {name: form[name] for name in SETTINGS if name in form}
    if not 0 < len(said.get("company", seat.instance.company).strip()) <= 80:
        raise Unfit("the company's name has between 1 and 80 characters")
    if said.get("colour", "").strip() and not HEX.fullmatch(said["colour"].strip()):
        raise Unfit("a colour is written as #0a5c7f")
    if len(said.get("greeting", "")) > 1000:
        raise Unfit("the invitation's text has at most 1000 characters")
    instances.configure(seat.rooms, seat.instance, **said)


def _invite(seat: Seat, form: Form) -> None:
    invite(seat.company, seat.instance, seat.person, form.get("email", ""))


def _dismiss(seat: Seat, form: Form) -> None:
    """Let somebody go; the Admin leaves by their own page."""
    person = seat.rooms.gate.tagged(tag=form["tag"])
    if person is None or person == seat.person or person not in seat.rooms.gate.fellows(person=seat.person):
        raise HTTPException(404)
    instances.leave(seat.rooms, person)


def _appoint(seat: Seat, form: Form) -> None:
    """Let somebody look after the room as well."""
    person = seat.rooms.gate.tagged(tag=form["tag"])
    if person is None:
        raise HTTPException(404)
    members.appoint(seat.rooms, seat.person, person)


def _prefixed(request: Request) -> instances.Instance | None:
    rooms = rooms_of(request.state.company)
    return (
        instances.by_prefix(rooms, request.path_params["prefix"]) if instances.known(rooms.policy) else None
    )


def _admin(seat: Seat) -> None:
    if not seat.admin:
        raise HTTPException(403, "This is for the Admin of your instance.")


async def _claimant(request: Request) -> Seat:
    """Return the seat of who presses on the page that stands before the room is open."""
    form, seat = await form_of(request), await seat_of(request, open_=False)
    insist(seat.session, form)
    return seat


def _row(line: str) -> Entry:
    """Read a line of the form ``address, name, year of birth``; only the first is needed."""
    address, name, born, *_ = (*line.split(","), "", "")
    return Entry(address, name, born)


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet runs."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


ROUTES = (
    ("GET", "/room", room),
    ("POST", "/room", configuring),
    ("POST", "/room/prove", proving),
    ("POST", "/room/invite", acting(_invite, "If nobody wrote there before, it is sent.", "/feed")),
    ("GET", "/room/people", people),
    ("POST", "/room/people", loading),
    ("GET", "/room/people.csv", export),
    (
        "POST",
        "/room/people/{tag}/leave",
        acting(_dismiss, "They are outside now.", "/room/people", admin=True),
    ),
    (
        "POST",
        "/room/people/{tag}/admin",
        acting(_appoint, "They look after it too.", "/room/people", admin=True),
    ),
    ("GET", "/room/reports", reports),
    ("GET", "/room/looks", looks),
    ("GET", "/look/room-{prefix}.css", look),
)
