"""Support: a page for cases: open one, add files to it, take one out again, close it.

Files come back as they were sent, as a download and never as a page.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate.errors import BadBody, NoRecord
from troth.policy.model import Tell
from troth.runtime import Company, supporting
from troth.services.attachments import homes
from troth.web.asking import insist, own_act, person_of
from troth.web.me.signup import LABELS
from troth.web.moments import used
from troth.web.pages import page
from troth.web.sessions import Session

KNOWN = {**LABELS, "email": "E-mail address", "phone": "Telephone, if you like", "text": "What is wrong?"}


async def showing(request: Request) -> Response:
    """Show the person's cases, newest first, above the form for another."""
    session = person_of(request)
    await run_in_threadpool(used, request.state.company, session)
    return await run_in_threadpool(_page, request, session)


async def opening(request: Request) -> Response:
    """Open a case; what will not do comes back with its reason."""
    session, form = await own_act(request)
    company, person = request.state.company, session.person
    assert person is not None
    fields = {key[6:]: value.strip() for key, value in form.items() if key.startswith("field-")}
    said = {name: value for name, value in fields.items() if value}
    try:
        number = await run_in_threadpool(supporting.open_case, company, person, said)
    except BadBody as wrong:
        return await run_in_threadpool(_page, request, session, wrong.why, 422)
    except NoRecord as error:
        raise HTTPException(404) from error
    session.said = f"Your case is open. Its number is {number}."
    return _back(company)


async def attaching(request: Request) -> Response:
    """Add a file to an open case; of which kind it is, its own bytes tell."""
    session = person_of(request)
    async with request.form(max_files=1, max_fields=10) as form:
        fields = {k: v for k, v in form.items() if isinstance(v, str)}
        sent = form.get("file")
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
        content = await sent.read() if isinstance(sent, UploadFile) else b""
    insist(session, fields)
    company, number, person = request.state.company, request.path_params["number"], session.person
    assert person is not None
    try:
        await run_in_threadpool(supporting.attach, company, person, number, name, content)
    except BadBody as wrong:
        return await run_in_threadpool(_page, request, session, wrong.why, 422)
    except NoRecord as error:
        raise HTTPException(404) from error
    session.said = "Added. It is seen by you and by who works on this case, and goes with it."
    return _back(company)


async def content(request: Request) -> Response:
    """Give a file back to its person."""
    session, company = person_of(request), request.state.company
    rid = request.path_params["rid"]
    if not rid.isdigit():
        raise HTTPException(404)
    try:
        file = await run_in_threadpool(lambda: company.gate.file_of(person=session.person, rid=int(rid)))
    except NoRecord as error:
        raise HTTPException(404) from error
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.content, media_type=file.type, headers={"Content-Disposition": disposition})


async def removing(request: Request) -> Response:
    """Take one file out of a case."""
    session, form = await own_act(request)
    company, rid, person = request.state.company, form.get("record", ""), session.person
    assert person is not None
    cases = await run_in_threadpool(supporting.support_cases, company, person)
    files = {f.rid for case in cases for f in case.files}
    if not rid.isdigit() or int(rid) not in files:
        raise HTTPException(404)
    await run_in_threadpool(lambda: company.gate.remove(person=person, rid=int(rid)))
    session.said = "Taken out. Nothing of the file is left."
    return _back(company)


async def closing(request: Request) -> Response:
    """Close a case."""
    session, _ = await own_act(request)
    company, number, person = request.state.company, request.path_params["number"], session.person
    assert person is not None
    try:
        await run_in_threadpool(supporting.close_case, company, person, number)
    except NoRecord as error:
        raise HTTPException(404) from error
    session.said = "Closed. What belongs to it goes by the date beside it."
    return _back(company)


def served(company: Company) -> bool:
    """Say whether the document keeps cases of people who need help."""
    return supporting.home_of(company.policy) is not None


def _page(request: Request, session: Session, problem: str = "", status: int = 200) -> Response:
    company: Company = request.state.company
    home, person = supporting.home_of(company.policy), session.person
    if home is None or person is None:
        raise HTTPException(404)
    said, session.said = session.said, ""
    kept = {h.data for h in homes(company.policy).values()}
    return page(
        request,
        "me/support.html",
        status,
        title="Help with a problem",
        here="me",
        tab="support",
        session=session,
        said=said,
        problem=problem,
        cases=supporting.support_cases(company, person),
        fields=[f for f in home.data.fields if f.name in home.asked],
        labels=KNOWN,
        files=bool(kept),
        warned=any(t.about in kept for t in company.policy.of(Tell)),
    )


def _back(company: Company) -> Response:
    return RedirectResponse(f"/{company.name}/me/support", 303)
