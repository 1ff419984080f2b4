"""Profile: one's own page in the room: what colleagues see, subjects one likes, leaving, another address."""

from __future__ import annotations

import base64

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate import BadBody
from troth.scrub.picture import NoPicture, redraw
from troth.services import instances, members
from troth.services.instances import Unfit
from troth.web.asking import Form, insist
from troth.web.room.seat import Seat, acting, drawn, own_form, seat_of, tried

WORDS: tuple[str, ...] = ("name", "title", "phone", "about")
SIDE = 320  # pixels of a portrait


async def profile(request: Request) -> Response:
    """Show one's own profile, with who sees which part."""
    return await run_in_threadpool(_profile, request, await seat_of(request))


async def changing(request: Request) -> Response:
    """Change one's profile, and which parts colleagues see."""
    seat = await seat_of(request)
    async with request.form(max_files=1, max_fields=60) as sent:
        form = {key: value for key, value in sent.items() if isinstance(value, str)}
        upload = sent.get("portrait")
        raw = await upload.read() if isinstance(upload, UploadFile) else b""
    insist(seat.session, form)
    try:
        await run_in_threadpool(tried, lambda: _change(seat, form, raw))
    except HTTPException as wrong:
        return await run_in_threadpool(_profile, request, seat, wrong.detail, wrong.status_code)
    seat.session.said = "Your profile is as you see it."
    return RedirectResponse(f"/{seat.company.name}/profile", 303)


async def leaving(request: Request) -> Response:
    """Leave the instance: from now on nobody here is seen and nothing of the person is."""
    seat, form = await own_form(request)
    if form.get("sure") != "yes":
        raise HTTPException(422, "Please tick that you are sure.")
    await run_in_threadpool(tried, lambda: members.insist_replaced(seat.rooms, seat.person))
    await run_in_threadpool(instances.leave, seat.rooms, seat.person)
    request.app.state.sessions.end_person(seat.company.name, seat.person)
    return RedirectResponse(f"/{seat.company.name}/room/join", 303)


def _profile(request: Request, seat: Seat, problem: str = "", status: int = 200) -> Response:
    return drawn(
        request,
        seat,
        "profile.html",
        status,
        title="Your profile",
        tab="profile",
        own=members.own(seat.rooms, seat.person),
        topics=members.topics_of(seat.rooms, seat.person),
        problem=problem,
    )


def _change(seat: Seat, form: Form, raw: bytes) -> None:
    said: dict[str, str] = {name: form[name] for name in WORDS if name in form}
    said["directory"] = "yes" if form.get("directory") == "yes" else "no"
    try:
        if raw:
            said["portrait"] = base64.b64encode(redraw(raw, SIDE)).decode()
        members.change(seat.rooms, seat.person, said)
        members.say_details(seat.rooms, seat.person, seat.instance, _details(form))
    except (BadBody, NoPicture) as wrong:
        raise Unfit(str(wrong)) from wrong
    shown = members.own(seat.rooms, seat.person).shown
    for part in members.parts(seat.rooms):
        on = form.get(f"show-{part}") == "yes"
        if on is not (part in shown):
            members.show_part(seat.rooms, seat.person, part, on=on)


def _details(form: Form) -> dict[str, str]:
    return {key[7:]: value for key, value in form.items() if key.startswith("detail-")}


def _topics(seat: Seat, form: Form) -> None:
    chosen = tuple(key[6:] for key, value in form.items() if key.startswith("topic-") and value == "yes")
    members.choose_topics(seat.rooms, seat.person, seat.instance, chosen)


ROUTES = (
    ("GET", "/profile", profile),
    ("POST", "/profile", changing),
    ("POST", "/profile/topics", acting(_topics, "Your subjects come first from now on.", "/profile")),
    ("POST", "/profile/leave", leaving),
)
