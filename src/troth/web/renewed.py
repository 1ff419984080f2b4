"""Renewed: the document's versions on their pages, and what somebody sees who comes back after a change.

INVARIANT (read, then accepted): a version is accepted on the page that shows the whole of it, below its last
line, and by a form that only a rendering of that page gave out.  Nothing here stops a right.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.values import Access
from troth.policy.model import Change
from troth.publish import notices
from troth.runtime import Company
from troth.runtime.editions import Changed, Edition, changed, former
from troth.web.asking import own_act, person_of
from troth.web.pages import language_of, page


@dataclass(frozen=True, slots=True)
class News:
    """What changed since somebody was last here; ``must``: they go on once they have accepted it."""

    version: str
    changes: tuple[Changed, ...]
    must: bool


def history(company: Company) -> tuple[tuple[Edition, ...], tuple[Changed, ...]]:
    """Return the former versions, newest first, and what changed since the last of them."""
    now = Edition(company.policy, company.document)
    before = former(company.editions, now)
    return before[::-1], changed(before[-1], now) if before else ()


def news(company: Company, access: Access) -> News | None:
    """Return what to tell a person who is back; None for who saw this version, or began under it."""
    version, (before, changes) = company.policy.version, history(company)
    names = {a.name for a in access.acts if a.kind == "notice" and a.given}
    must = not access.accepted
    if {version, f"seen {version}"} & names and not must:
        return None
    since = company.policy.since
    here = min((h.collected.date() for h in access.held), default=None)
    if not must and (since is None or here is None or here >= since or not before):
        return None
    return News(version, changes, must)


async def edition(request: Request) -> Response:
    """Show a former version, or one that is coming, as it is published."""
    company, wanted = request.state.company, request.path_params["version"]
    found = next((e for e in company.editions if e.version == wanted), None)
    if found is None:
        raise HTTPException(404)
    made = notices(found.policy, found.document, company.site, company.parties)
    return page(
        request,
        "edition.html",
        title="Privacy",
        here="privacy",
        wide=True,
        edition=found,
        notice=made[found.policy.language],
    )


async def reading(request: Request) -> Response:
    """Show the version in force whole, with what changed before it and the form to accept below it."""
    session, company = person_of(request), request.state.company
    if not any(c.accept_before for c in company.policy.of(Change)):
        raise HTTPException(404)
    person = session.person
    access = await run_in_threadpool(lambda: company.gate.access(person=person))
    session.read = secrets.token_hex(8)
    text = company.notices.get(language_of(request), company.notice)
    return page(
        request,
        "me/notice.html",
        title="Our notice has a new version",
        here="me",
        tab="",
        wide=True,
        news=news(company, access),
        changes=history(company)[1],
        notice=Markup(text),
        read=session.read,
    )


async def accepting(request: Request) -> Response:
    """Accept the version that was read; 409 for who did not come by its page."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    if not session.read or form.get("read", "") != session.read:
        raise HTTPException(409, "Please read it first: the button stands below the text.")
    session.read = ""
    version = company.policy.version
    await run_in_threadpool(lambda: company.gate.accept_notice(person=person, version=version))
    session.said = "Accepted. You go on where you were."
    return RedirectResponse(f"/{company.name}/me", 303)


async def seen(request: Request) -> Response:
    """Put the note about a new version away; it is not shown again."""
    session, _ = await own_act(request)
    company, person, version = request.state.company, session.person, request.state.company.policy.version
    await run_in_threadpool(lambda: company.gate.note_notice(person=person, version=version, how="seen"))
    return RedirectResponse(f"/{company.name}/me", 303)


ROUTES = (
    ("GET", "/privacy/{version}", edition),
    ("GET", "/me/notice", reading),
    ("POST", "/me/notice", accepting),
    ("POST", "/me/notice/seen", seen),
)
