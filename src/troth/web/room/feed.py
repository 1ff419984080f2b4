"""Feed: the pages on which people of one company read, post, comment, like and report.

Who will read it stands at the box before the first post, with their number, and is acknowledged once.  A
picture is drawn anew before it is kept; a link's title is fetched by us, so that no reader's browser asks
anybody.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company
from troth.scrub.picture import MEDIA, NoPicture, redraw
from troth.services import feed, members
from troth.services.feed import Draft
from troth.services.instances import Unfit
from troth.services.previews import Preview, address, read_preview
from troth.web.asking import Form, insist
from troth.web.room.seat import Seat, acting, drawn, insist_open, seat_of, tried

FETCHED = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}


async def reading(request: Request) -> Response:
    """Show the feed, or one channel, one topic, or what has these words in it."""
    seat = await seat_of(request, open_=False)
    if seat.instance.standing(seat.company.clock()) == "claimed":
        return RedirectResponse(f"/{seat.company.name}/room", 303)
    insist_open(seat)
    return await run_in_threadpool(_feed, request, seat)


async def showing(request: Request) -> Response:
    """Show one post with its comments."""
    seat, number = await seat_of(request), request.path_params["number"]
    post = await run_in_threadpool(tried, lambda: feed.one(seat.rooms, seat.person, number))
    return drawn(request, seat, "post.html", title="A post", post=post, tab="feed")


async def posting(request: Request) -> Response:
    """Post what the form holds; what cannot be posted comes back with the words still in the box."""
    seat = await seat_of(request)
    async with request.form(max_files=1, max_fields=30) as sent:
        form = {key: value for key, value in sent.items() if isinstance(value, str)}
        upload = sent.get("picture")
        raw = await upload.read() if isinstance(upload, UploadFile) else b""
    insist(seat.session, form)
    try:
        await run_in_threadpool(tried, lambda: _post(seat, form, raw))
    except HTTPException as wrong:
        return await run_in_threadpool(_feed, request, seat, form, wrong.detail, wrong.status_code)
    seat.session.said = "Posted."
    return RedirectResponse(f"/{seat.company.name}/feed", 303)


async def picture(request: Request) -> Response:
    """Give the picture of a post to who sees the post."""
    seat, number = await seat_of(request), request.path_params["number"]
    found = await run_in_threadpool(tried, lambda: feed.picture(seat.rooms, seat.person, number))
    return Response(base64.b64decode(found), media_type=MEDIA, headers=FETCHED)


def draft_of(company: Company, seat: Seat, form: Form, raw: bytes = b"") -> Draft:
    """Read a form into a draft: the link's title is fetched, the picture drawn anew; raise ``Unfit``."""
    link = form.get("link", "").strip()
    if link and not address(link):
        raise Unfit("a link begins with https:// or http:// and names a site")
    try:
        drawn_anew = base64.b64encode(redraw(raw)).decode() if raw else ""
    except NoPicture as wrong:
        raise Unfit(str(wrong)) from wrong
    return Draft(
        form.get("text", ""),
        form.get("channel", ""),
        form.get("topic", ""),
        link,
        preview_of(company.outside.page, link),
        drawn_anew,
        _moment(company, form.get("shown-from", "")),
    )


def preview_of(fetch: Callable[[str], str], link: str) -> Preview | None:
    """Return how a page shows itself beside its link; None when there is no link or the page is silent."""
    return read_preview(fetch(link)) if link else None


def _post(seat: Seat, form: Form, raw: bytes) -> None:
    if not feed.has_posted(seat.rooms, seat.person) and form.get("read") != "yes":
        raise Unfit("please tick that you know who will read this")
    feed.post(seat.rooms, seat.person, seat.instance, draft_of(seat.company, seat, form, raw))


def _feed(
    request: Request, seat: Seat, form: Form | None = None, problem: str = "", status: int = 200
) -> Response:
    asked = request.query_params
    channel, topic, find = asked.get("channel", ""), asked.get("topic", ""), asked.get("find", "")[:80]
    posts = feed.feed(seat.rooms, seat.person, channel=channel, topic=topic, find=find)
    return drawn(
        request,
        seat,
        "feed.html",
        status,
        title=seat.instance.company,
        tab="feed",
        posts=posts,
        channel=channel,
        topic=topic,
        find=find,
        form=form or {},
        problem=problem,
        first=not feed.has_posted(seat.rooms, seat.person),
        readers=len(seat.rooms.gate.fellows(person=seat.person)),
        favourites=members.topics_of(seat.rooms, seat.person),
    )


def _moment(company: Company, text: str) -> datetime | None:
    """Read a moment as a form sends it, in the document's zone; raise ``Unfit`` for one that is over."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Unfit("that is no date and time") from wrong
    at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(company.policy.zone))
    if at <= company.clock():
        raise Unfit("this moment is over; leave it empty to post at once")
    return at


def _comment(seat: Seat, form: Form) -> None:
    feed.post(seat.rooms, seat.person, seat.instance, Draft(form.get("text", ""), to=form["number"]))


def _like(seat: Seat, form: Form) -> str:
    return "Liked." if feed.like(seat.rooms, seat.person, form["number"]) else "No longer liked."


def _change(seat: Seat, form: Form) -> None:
    feed.change(seat.rooms, seat.person, form["number"], form.get("text", ""))


def _take_back(seat: Seat, form: Form) -> None:
    feed.take_back(seat.rooms, seat.person, form["number"])


def _report(seat: Seat, form: Form) -> None:
    feed.report(seat.rooms, seat.person, form["number"], form.get("why", ""))


def _hide(seat: Seat, form: Form) -> None:
    feed.hide(seat.rooms, seat.person, form["number"])


ROUTES = (
    ("GET", "/feed", reading),
    ("POST", "/feed", posting),
    ("GET", "/feed/{number}", showing),
    ("GET", "/feed/{number}/picture", picture),
    ("POST", "/feed/{number}/comment", acting(_comment, "Said.", "/feed/{number}")),
    ("POST", "/feed/{number}/like", acting(_like, "", "/feed#{number}")),
    ("POST", "/feed/{number}/change", acting(_change, "Changed.", "/feed/{number}")),
    ("POST", "/feed/{number}/delete", acting(_take_back, "Taken back, for everybody.", "/feed")),
    ("POST", "/feed/{number}/report", acting(_report, "Your Admin will look at it.", "/feed")),
    ("POST", "/feed/{number}/hide", acting(_hide, "Done.", "/room/reports", admin=True)),
)
