"""Preferring: how a reader likes the pages, light or dark and in which language, on this device.

It holds for the visit.  With a yes to the document's preference cookie it holds at the next one too: the
cookie says what was chosen and nothing of who chose.  A document without such a cookie offers no choice.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Policy
from troth.services.register import PREFERENCES, Entry, of_class
from troth.web.asking import form_of, own_site, session_of
from troth.web.device import agreed
from troth.web.jar import held, put
from troth.web.pages import offered
from troth.web.sessions import set_cookie

SHADES = "light", "dark"


def of_device(policy: Policy) -> Entry | None:
    """Return the document's line for what a device remembers of its user's liking."""
    return of_class(policy, PREFERENCES)


async def choosing(request: Request) -> Response:
    """Take a shade, and remember it as long as its reader agreed to."""
    own_site(request)
    company, form = request.state.company, await form_of(request)
    entry, shade = of_device(company.policy), form.get("shade", "")
    if entry is None or shade not in (*SHADES, ""):
        raise HTTPException(404 if entry is None else 422)
    session = session_of(request) or request.app.state.sessions.new(company.name, company.clock())
    session.shade = shade
    back = form.get("page", "")
    safe = back if back.startswith(f"/{company.name}/") and "//" not in back else f"/{company.name}/"
    response = RedirectResponse(safe, 303)
    set_cookie(request, response, session)
    if await run_in_threadpool(agreed, request, entry):
        remember(request, response, entry, shade)
    return response


def remember(request: Request, response: Response, entry: Entry, shade: str) -> None:
    """Set the cookie that brings a shade back at the next visit, with the language it holds already."""
    put(request, response, entry.name, written(shade, kept(request)[1]), entry.lasts)


def kept(request: Request) -> tuple[str, str]:
    """Return shade and language as the device remembers them, '' for what it does not."""
    entry = of_device(request.state.company.policy)
    words = held(request, entry.name).split(".") if entry else []
    shade = next((w for w in words if w in SHADES), "")
    return shade, next((w for w in words if w in offered(request)), "")


def written(shade: str, language: str) -> str:
    """Write a liking as the cookie holds it.

    >>> written("dark", "nb"), written("", "")
    ('dark.nb', 'none')
    """
    return ".".join(filter(None, (shade, language))) or "none"


def resumed(request: Request) -> None:
    """Let a request be answered as its device remembers; what a link or this visit says comes first."""
    request.state.shade, liked = kept(request)
    session = session_of(request)
    if session is not None and session.shade:
        request.state.shade = session.shade
    if liked and not getattr(request.state, "language", ""):
        request.state.language = liked


def remembered(request: Request, response: Response) -> None:
    """Keep the language that a reader picked by a link, once they agreed to that."""
    picked, entry = request.query_params.get("lang", ""), of_device(request.state.company.policy)
    if entry is None or picked not in offered(request) or picked == kept(request)[1]:
        return
    if agreed(request, entry):
        put(request, response, entry.name, written(request.state.shade, picked), entry.lasts)
