"""Me pages: sign-in by code, and the privacy centre with each right as one form."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Consent, Door, Keep, Purpose, Recipient, Role
from troth.services import Coverage
from troth.services.flows import EMAIL
from troth.terms import Clause
from troth.web.asking import Form, form_of, insist, own_site, session_of
from troth.web.company import Access, Company, Held
from troth.web.pages import page
from troth.web.sessions import drop_cookie, set_cookie

GROUNDS = {"consent": "because you agreed", "contract": "because it is what you asked us for"}


@dataclass(frozen=True, slots=True)
class HeldView:
    """One record as it stands on the page."""

    record: int
    title: str
    values: tuple[tuple[str, str], ...]
    readers: tuple[str, ...]
    goes: object
    waits: str
    clause: Clause | None
    restricted: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The records held for one purpose."""

    name: str
    text: str
    ground: str
    clause: Clause
    held: tuple[HeldView, ...]


async def sign_in_page(request: Request) -> Response:
    return page(request, "signin.html", title="Sign in", sent=False, problem="", here="me")


async def send_code(request: Request) -> Response:
    """Send a code when the address is known; the page says the same either way."""
    own_site(request)
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    address = form.get("email", "").strip().lower()
    if not EMAIL.fullmatch(address):
        said = "That does not look like an e-mail address."
        return page(request, "signin.html", 422, title="Sign in", sent=False, problem=said, here="me")
    digits = sessions.code(company.name, address, company.clock())
    if not digits:
        raise HTTPException(429)
    if await run_in_threadpool(lambda: company.gate.find(kind="email", value=address)) is not None:
        text = f"Your code for {company.title} is {digits}. It is good for ten minutes."
        await run_in_threadpool(company.send, address, f"Your code: {digits}", text)
    session = sessions.new(company.name, company.clock())
    session.mail = address
    response = page(
        request, "signin.html", title="Your code", sent=True, problem="", session=session, here="me"
    )
    set_cookie(request, response, session)
    return response


async def take_code(request: Request) -> Response:
    """Open the privacy centre for the right code; five wrong ones close the door for ten minutes."""
    form, company, sessions = await form_of(request), request.state.company, request.app.state.sessions
    session = insist(session_of(request), form)
    answer = sessions.check_code(company.name, session.mail, form.get("code", "").strip(), company.clock())
    if answer == "refused":
        raise HTTPException(429)
    if answer == "wrong":
        said = "That is not the code."
        return page(
            request,
            "signin.html",
            422,
            title="Your code",
            sent=True,
            problem=said,
            session=session,
            here="me",
        )
    person = await run_in_threadpool(lambda: company.gate.find(kind="email", value=session.mail))
    if person is None:
        raise HTTPException(404)
    sessions.end(session)
    fresh = sessions.new(company.name, company.clock())
    fresh.person = person
    response = RedirectResponse(f"/{company.name}/me", 303)
    set_cookie(request, response, fresh)
    return response


async def sign_out(request: Request) -> Response:
    session = insist(session_of(request), await form_of(request))
    request.app.state.sessions.end(session)
    response = RedirectResponse(f"/{session.company}/", 303)
    drop_cookie(request, response, session.company)
    return response


async def centre(request: Request) -> Response:
    """Show all that is held: by purpose, with clause, readers and the day it goes."""
    session = session_of(request)
    if session is None or session.person is None:
        return RedirectResponse(f"/{request.state.company.name}/signin", 303)
    company, person = request.state.company, session.person
    access = await run_in_threadpool(lambda: company.gate.access(person=person))
    said, session.said = session.said, ""
    return page(
        request,
        "me.html",
        title="Your privacy centre",
        here="me",
        session=session,
        said=said,
        groups=_groups(company, access),
        consents=_consents(company, access),
        objectable=_objectable(company, access),
        restricted=access.restricted,
        stays=[f"{', '.join(k.data)} (§{k.clause.ref})" for k in company.policy.of(Keep) if k.because],
    )


def act(deed: Callable[[Company, int, Form], object], said: str) -> Callable[[Request], Awaitable[Response]]:
    """Make the page of one right: check the form, go through the gate, return with a sentence."""

    async def acting(request: Request) -> Response:
        form = await form_of(request)
        session = insist(session_of(request), form)
        if session.person is None:
            raise HTTPException(401)
        await run_in_threadpool(deed, request.state.company, session.person, form)
        session.said = said
        return RedirectResponse(f"/{session.company}/me", 303)

    return acting


def correct(company: Company, person: int, form: Form) -> None:
    rid = form.get("record", "")
    body = {key[6:]: value for key, value in form.items() if key.startswith("field-")}
    if not rid.isdigit() or not body:
        raise HTTPException(400)
    company.gate.correct(person=person, rid=int(rid), body=body)


def consent(company: Company, person: int, form: Form) -> None:
    found = Coverage(company.policy).consent(form.get("consent", ""))
    if found is None or form.get("given") not in ("yes", "no"):
        raise HTTPException(400)
    given = form["given"] == "yes"
    company.gate.consent(person=person, name=form["consent"], given=given, text=found.question)


def object_to(company: Company, person: int, form: Form) -> None:
    if Coverage(company.policy).purpose(form.get("purpose", "")) is None:
        raise HTTPException(400)
    company.gate.object(person=person, purpose=form["purpose"])


def restrict(company: Company, person: int, form: Form) -> None:
    company.gate.restrict(person=person, on=form.get("on") == "yes")


def close(company: Company, person: int, form: Form) -> None:
    company.gate.close_account(person=person)


async def download(request: Request) -> Response:
    """Give all data as JSON, machine-readable (GDPR Art. 15 and 20)."""
    session = session_of(request)
    if session is None or session.person is None:
        raise HTTPException(401)
    company, person = request.state.company, session.person
    data = await run_in_threadpool(lambda: company.gate.export(person=person))
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    told = {"Content-Disposition": f'attachment; filename="{company.name}-my-data.json"'}
    return Response(text, media_type="application/json", headers=told)


async def delete(request: Request) -> Response:
    """Erase the person, end every stay, and show the receipt with its evidence."""
    form = await form_of(request)
    session = insist(session_of(request), form)
    if session.person is None:
        raise HTTPException(401)
    if form.get("sure") != "yes":
        raise HTTPException(400, "Please say that you are sure.")
    company, person = request.state.company, session.person
    receipt = await run_in_threadpool(lambda: company.gate.erase(person=person))
    request.app.state.sessions.end_person(company.name, person)
    request.app.state.sessions.end(session)
    response = page(
        request,
        "receipt.html",
        title="Your data are deleted",
        when=company.clock(),
        facts=[(k.replace("_", " ").capitalize(), v) for k, v in receipt.items() if isinstance(v, str | int)],
        evidence=json.dumps(receipt, indent=2, default=str),
    )
    drop_cookie(request, response, company.name)
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _groups(company: Company, access: Access) -> list[Group]:
    groups = []
    for purpose in company.policy.of(Purpose):
        held = tuple(_held_view(company, h) for h in access.held if purpose.name in h.purposes)
        if held:
            kinds = [g.kind for b in purpose.bases for g in b.grounds]
            ground = GROUNDS.get(kinds[0], f"on {kinds[0]}") if kinds else ""
            groups.append(Group(purpose.name, purpose.text or purpose.name, ground, purpose.clause, held))
    return groups


def _held_view(company: Company, held: Held) -> HeldView:
    data = Coverage(company.policy).data(held.data)
    names: dict[str, str] = {p.name: p.text or p.name for p in company.policy.of(Recipient)}
    names |= {r.name: r.text or r.name for r in company.policy.of(Role)}
    doors = [d for d in company.policy.of(Door) if any(x.split(".")[0] == held.data for x in d.data)]
    return HeldView(
        held.rid,
        data.text or data.name if data else held.data,
        tuple((k, str(v)) for k, v in held.body.items()),
        tuple(dict.fromkeys(names.get(d.party, d.party) for d in doors)),
        held.due,
        held.waits,
        held.clause,
        held.restricted,
        editable=data is not None and "person" in data.sources,
    )


def _consents(company: Company, access: Access) -> list[dict[str, object]]:
    shown = []
    for said in company.policy.of(Consent):
        members = sorted({c.name for c in access.consents if c.name.split("(")[0] == said.name}) or [
            said.name
        ]
        for name in members if not said.per or members != [said.name] else ():
            history = [c for c in access.consents if c.name == name]
            shown.append(
                {
                    "name": name,
                    "question": said.question,
                    "clause": said.clause,
                    "given": bool(history) and history[-1].given,
                    "history": [
                        (c.at, "you said yes" if c.given else "you said no", c.text) for c in history
                    ],
                }
            )
    return shown


def _objectable(company: Company, access: Access) -> list[dict[str, object]]:
    return [
        {
            "name": p.name,
            "text": p.text or p.name,
            "clause": p.clause,
            "objected": p.name in access.objections,
        }
        for p in company.policy.of(Purpose)
        if any(g.kind == "legitimate interest" for b in p.bases for g in b.grounds)
    ]
