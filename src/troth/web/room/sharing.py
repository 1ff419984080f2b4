"""Sharing: the pages on which a member passes a post on, and sees how each share stands and was followed.

Before anything leaves, the page shows exactly what would.  The address that is posted is ours: whoever opens
it is led on at once, without a cookie, and is counted as one unless a machine asked.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.runtime import Company, rooms_of
from troth.services import feed, instances, publicity, sharing
from troth.services.platforms import Platform, platforms
from troth.services.sharing import Going, Share, Sharing
from troth.terms import Refused
from troth.web.asking import Form
from troth.web.bars import bars
from troth.web.room.seat import Seat, acting, drawn, own_form, seat_of, tried

LED = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def sharing_of(company: Company) -> Sharing:
    """Return the company as far as passing posts on goes; 404 where its document knows no such thing."""
    rooms, found = rooms_of(company), platforms(company.policy, company.parties)
    if not instances.known(company.policy) or not sharing.known(rooms, found):
        raise HTTPException(404)
    return Sharing(rooms, found, f"{company.base_url}/{company.name}")


async def choosing(request: Request) -> Response:
    """Show to which platforms a post may be passed on: those that the Admin approved, and no others."""
    seat = await seat_of(request)
    return await run_in_threadpool(_choosing, request, seat)


async def previewing(request: Request) -> Response:
    """Show exactly what would leave for one platform."""
    seat = await seat_of(request)
    return await run_in_threadpool(_preview, request, seat)


async def passing(request: Request) -> Response:
    """Pass the post on as it was shown; what keeps it back is said beside it."""
    seat, form = await own_form(request)
    there = sharing_of(seat.company)
    try:
        done = await run_in_threadpool(tried, lambda: pass_on(there, seat, request.path_params, form))
    except HTTPException as wrong:
        if wrong.status_code != 422:
            raise
        return await run_in_threadpool(_preview, request, seat, form.get("code", ""), wrong.detail)
    return RedirectResponse(f"/{seat.company.name}/shares#{done.code}", 303)


def pass_on(there: Sharing, seat: Seat, named: Form, form: Form) -> Share:
    """Pass a post on to a platform, and count what it brings about from then on."""
    platform = there.platform(named["platform"])
    out = _going(there, seat, named["number"], platform, form.get("code", ""))
    done = sharing.share(there, seat.person, seat.instance, out, acknowledged=form.get("terms") == "yes")
    publicity.note(there, seat.person, done)
    return done


async def listing(request: Request) -> Response:
    """Show a member their shares, and the Admin the room's numbers."""
    seat = await seat_of(request)
    return await run_in_threadpool(_listing, request, seat)


async def following(request: Request) -> Response:
    """Lead whoever opens a shared link on to where the post leads; 404 once the share or the post is gone."""
    company: Company = request.state.company
    to = await run_in_threadpool(_led, company, request)
    return RedirectResponse(to, 302, headers=LED)


def _led(company: Company, request: Request) -> str:
    there = sharing_of(company)
    try:
        found = sharing.led(there, request.path_params["code"])
    except Refused:
        found = None
    if found is None:
        raise HTTPException(404)
    person, share, link = found
    own = instances.of(there.rooms, person)
    pressed = request.method == "GET" and publicity.by_hand(
        request.headers.get("user-agent", ""), request.headers
    )
    if own is None:
        raise HTTPException(404)
    if pressed:
        publicity.followed(there, person, share, own.number)
    return link


def _choosing(request: Request, seat: Seat) -> Response:
    there, number = sharing_of(seat.company), request.path_params["number"]
    post = tried(lambda: feed.one(seat.rooms, seat.person, number))
    if not post.mine:
        raise HTTPException(404)
    offered = sharing.offered(there, seat.instance)
    return drawn(request, seat, "share.html", title="Pass it on", tab="feed", post=post, offered=offered)


def _preview(request: Request, seat: Seat, code: str = "", problem: str = "") -> Response:
    there, named = sharing_of(seat.company), request.path_params
    platform = tried(lambda: there.platform(named["platform"]))
    if platform not in sharing.offered(there, seat.instance):
        raise HTTPException(404)
    out = tried(lambda: _going(there, seat, named["number"], platform, code))
    status = 422 if problem else 200
    more = {"out": out, "problem": problem, "declared": seat.instance.declared}
    return drawn(request, seat, "going.html", status, title=platform.title, tab="feed", **more)


def _going(there: Sharing, seat: Seat, number: str, platform: Platform, code: str) -> Going:
    return sharing.going(there, seat.person, number, platform, code)


def _listing(request: Request, seat: Seat) -> Response:
    there = sharing_of(seat.company)
    if seat.instance.declared is not None:
        publicity.heard(there, seat.person, on=True)  # it stands on this page
    counted = publicity.clicks(there.rooms)
    mine = [
        (one, there.platform(one.platform), counted.get(one.code, 0))
        for one in sharing.shares(there, seat.person)
    ]
    totals = publicity.totals(there, seat.person, seat.instance) if seat.admin else ()
    lines = publicity.single(there, seat.person, seat.instance) if seat.admin else ()
    titles = {p.name: p.title for p in there.platforms}
    drawing = bars([(titles[t.platform], t.clicks) for t in totals], "Opened") if totals else ""
    return drawn(
        request,
        seat,
        "shares.html",
        title="What you passed on",
        tab="shares",
        mine=mine,
        link=there.link,
        platforms=there.platforms,
        approved=sharing.offered(there, seat.instance),
        titles=titles,
        totals=totals,
        lines=lines,
        drawing=drawing,
    )


def _withdraw(seat: Seat, form: Form) -> None:
    sharing.withdraw(sharing_of(seat.company), seat.person, form["code"])


def _approve(seat: Seat, form: Form) -> None:
    there = sharing_of(seat.company)
    chosen = tuple(p.name for p in there.platforms if form.get(f"platform-{p.name}") == "yes")
    sharing.approve(there, seat.instance, chosen)


def _declare(seat: Seat, form: Form) -> None:
    there, on = sharing_of(seat.company), form.get("on") == "yes"
    people = publicity.declare(there, seat.instance, on=on)
    if on:
        tell_declared(seat.company, seat.instance.company, people)


def tell_declared(company: Company, name: str, people: tuple[int, ...]) -> None:
    """Write to everybody in a room that their Admin sees single figures from now on."""
    text = (
        f"From today the Admin of {name} sees how often you pass posts on through {company.title}, and how "
        "often your links are opened. Nothing that you do elsewhere is looked at, and passing nothing on has "
        f"no effect on you.\n\nYour own figures: {company.base_url}/{company.name}/shares\n"
        f"Object to being counted: {company.base_url}/{company.name}/me/choices"
    )
    for person in people:
        company.inform("Your Admin sees single figures from now on", text, person=person)


ROUTES = (
    ("GET", "/via/{code}", following),
    ("GET", "/shares", listing),
    ("POST", "/shares/platforms", acting(_approve, "Noted.", "/shares", admin=True)),
    ("POST", "/shares/declared", acting(_declare, "Noted.", "/shares", admin=True)),
    ("POST", "/shares/{code}/withdraw", acting(_withdraw, "Its link leads nowhere now.", "/shares")),
    ("GET", "/feed/{number}/share", choosing),
    ("GET", "/feed/{number}/share/{platform}", previewing),
    ("POST", "/feed/{number}/share/{platform}", passing),
)
