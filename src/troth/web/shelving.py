"""Shelving: a page for texts that people put on the platform, with what was masked in each."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.shelve import LONGEST, shelf_of
from troth.gate.values import Held
from troth.runtime import Company
from troth.services import Coverage
from troth.services.shelves import place_of
from troth.terms import Refused, TrothError
from troth.web.asking import insist, own_act, person_of
from troth.web.moments import used
from troth.web.pages import page

PLACE = "/files"


async def files(request: Request) -> Response:
    """Show the person's own texts as they are stored, and the form for one more."""
    session, company = person_of(request), request.state.company
    place, person = _place(company), session.person
    assert person is not None
    await run_in_threadpool(used, company, session)
    found = await run_in_threadpool(lambda: _held(company, person, place[0]))
    said, session.said = session.said, ""
    return page(
        request,
        "me/files.html",
        title="Your files",
        here="me",
        tab="files",
        session=session,
        said=said,
        files=[_told(held) for held in found],
    )


async def putting(request: Request) -> Response:
    """Take one text file or a pasted text."""
    session, company = person_of(request), request.state.company
    data, purpose = _place(company)
    async with request.form(max_files=1, max_fields=10) as form:
        insist(session, {"csrf": str(form.get("csrf", ""))})
        sent = form.get("file")
        raw = await sent.read() if isinstance(sent, UploadFile) else b""
        name = (sent.filename or "") if isinstance(sent, UploadFile) else ""
        pasted = str(form.get("text", ""))
    text = _text(raw) or pasted
    if not text.strip() or len(text) > LONGEST:
        raise HTTPException(400, "A text file in UTF-8, or a text below, of at most 40,000 characters.")
    person = session.person
    assert person is not None
    try:
        made = await run_in_threadpool(
            lambda: company.gate.shelve(
                person=person, data=data, purpose=purpose, name=name[:120] or "Text", text=text
            )
        )
    except Refused:
        raise
    except TrothError as error:
        raise HTTPException(409, "This text could not be masked, so it was not stored.") from error
    many = sum(n for _, n in made.masked.kinds)
    session.said = "Stored. Names and addresses in it were replaced." if many else "Stored."
    return RedirectResponse(f"/{company.name}/me{PLACE}", 303)


async def erasing(request: Request) -> Response:
    """Erase one text for good."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    assert person is not None
    data, number = _place(company)[0], form.get("number", "")
    if number not in {str(h.body.get("conversation")) for h in _held(company, person, data)}:
        raise HTTPException(404)
    await run_in_threadpool(lambda: company.gate.forget_talk(person=person, data=data, number=number))
    session.said = "It is gone for good."
    return RedirectResponse(f"/{company.name}/me{PLACE}", 303)


def _place(company: Company) -> tuple[str, str]:
    found = place_of(company.agents, company.policy)
    if found is None:
        raise HTTPException(404)
    return found


def _held(company: Company, person: int, data: str) -> list[Held]:
    datum = Coverage(company.policy).data(data)
    field = shelf_of(datum) if datum else ""
    held = company.gate.access(person=person).held
    mine = [h for h in held if h.data == data and h.body.get(field)]
    return sorted(mine, key=lambda h: h.collected, reverse=True)


def _told(held: Held) -> tuple[Held, str, str]:
    """Return a text with its first line, which is its name, and the rest."""
    text = next(str(v) for n, v in held.body.items() if n not in ("conversation", "org") and v)
    name, _, rest = text.partition("\n\n")
    return held, name, rest


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise HTTPException(
            400, "A text file in UTF-8, or a text below, of at most 40,000 characters."
        ) from None


ROUTES = (
    ("GET", "/me/files", files),
    ("POST", "/me/files", putting),
    ("POST", "/me/files/erase", erasing),
)
