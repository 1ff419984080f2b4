"""Members: the directory of one's own room, and what each colleague lets be seen of themself."""

from __future__ import annotations

import base64

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.scrub.picture import MEDIA
from troth.services import members
from troth.services.members import Profile
from troth.web.room.seat import Seat, drawn, seat_of, tried

FETCHED = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}


async def directory(request: Request) -> Response:
    """List who is in the directory, or whose name has these words."""
    seat, find = await seat_of(request), request.query_params.get("find", "")[:80]
    found = await run_in_threadpool(members.directory, seat.rooms, seat.person, find)
    return drawn(request, seat, "people.html", title="People", tab="people", people=found, find=find)


async def showing(request: Request) -> Response:
    """Show a colleague; somebody of another instance does not exist here."""
    seat = await seat_of(request)
    found = await run_in_threadpool(lambda: colleague(seat, request.path_params["tag"]))
    return drawn(request, seat, "person.html", title=found.name, tab="people", profile=found)


async def portrait(request: Request) -> Response:
    """Give a colleague's picture to who may see it, and to its person."""
    seat, tag = await seat_of(request), request.path_params["tag"]
    text = await run_in_threadpool(lambda: _portrait(seat, tag))
    if not text:
        raise HTTPException(404)
    return Response(base64.b64decode(text), media_type=MEDIA, headers=FETCHED)


def colleague(seat: Seat, tag: str) -> Profile:
    """Return a colleague by their tag; raise 404 for everybody else."""
    person = seat.rooms.gate.tagged(tag=tag)
    if person is None:
        raise HTTPException(404)
    return tried(lambda: members.colleague(seat.rooms, seat.person, person))


def _portrait(seat: Seat, tag: str) -> str:
    if seat.rooms.gate.tagged(tag=tag) == seat.person:
        return members.own(seat.rooms, seat.person).portrait
    return colleague(seat, tag).portrait


ROUTES = (
    ("GET", "/people", directory),
    ("GET", "/people/{tag}", showing),
    ("GET", "/people/{tag}/portrait", portrait),
)
