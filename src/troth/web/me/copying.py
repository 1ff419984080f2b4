"""Copying: a copy that was asked for by letter is fetched through a link, once, in time, by whoever it is of.

``[rights] copy = "link"`` in ``site.toml``.  The link goes to the address we know once the request is
confirmed; it opens for its own person, signed in, and for nobody else.  INVARIANT (looking changes nothing):
opening it only shows the button, because mail scanners open links.
"""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.values import Access, Asked
from troth.runtime import Company
from troth.runtime.tongue import said_to
from troth.web.asking import own_act, session_of
from troth.web.me.download import written, zipped
from troth.web.pages import language_of, page

GOOD_FOR = timedelta(days=7)
OVER = "This link is over: the copy was fetched, or seven days have passed. Ask again for a new one."
SUBJECT = "Your copy is ready"
TEXT = (
    "Your copy for request {number} is ready. Sign in, open this link and fetch it; it works once, within "
    "seven days:\n{link}\n"
)


def by_link(company: Company) -> bool:
    """Say whether this company gives copies by a link of their own."""
    return bool(company.site.get("rights", {}).get("copy") == "link")


def offer(company: Company, person: int, asked: Asked) -> str:
    """Send the link of a copy to the address we know; return what the page says of it."""
    token = company.gate.link(person=person, number=asked.number, within=GOOD_FOR)
    link = f"{company.base_url}/{company.name}/copy/{token}"
    say = said_to(company, person)
    company.inform(say(SUBJECT), say(TEXT, number=asked.number, link=link), person=person)
    return (
        "Confirmed. A link to your copy is on its way to the address we know; it works once, within 7 days."
    )


async def asking(request: Request) -> Response:
    """Show the button; 410 for a link that is over, the sign-in for who is not in, 404 for anybody else."""
    person, asked = await _whose(request)
    session = session_of(request)
    if session is None or session.person is None:
        return RedirectResponse(f"/{request.state.company.name}/signin", 303)
    if session.person != person:
        raise HTTPException(404)
    return page(
        request,
        "me/copying.html",
        title="Your copy is ready",
        here="me",
        tab="rights",
        session=session,
        asked=asked,
        token=request.path_params["token"],
    )


async def fetching(request: Request) -> Response:
    """Give the whole copy, and close the request with it."""
    person, asked = await _whose(request)
    session, _ = await own_act(request)
    if session.person != person:
        raise HTTPException(404)
    return await run_in_threadpool(given, request, request.state.company, person, asked)


def given(request: Request, company: Company, person: int, asked: Asked) -> Response:
    """Return a person's copy as a file, and close the request that it answers."""
    data = company.copy(person=person)
    access: Access = company.gate.access(person=person)
    body = zipped(written(company, access, data, language_of(request)), company.clock())
    company.gate.answer(
        person=person, number=asked.number, outcome="granted", text="the copy was given by the link"
    )
    told = {"Content-Disposition": f'attachment; filename="{company.name}-my-data.zip"'}
    return Response(body, media_type="application/zip", headers=told)


async def _whose(request: Request) -> tuple[int, Asked]:
    company, token = request.state.company, request.path_params["token"]
    found = await run_in_threadpool(lambda: company.gate.linked(token=token))
    if found is None:
        raise HTTPException(410, OVER)
    person, asked = found
    return int(person), asked
