"""Deeds: each right as one form: check it, go through the gate, return with a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.gate import OutOfReach
from troth.gate.house import MARKETING
from troth.gate.values import Receipt
from troth.policy.model import Consent, Right
from troth.runtime import Company, correcting
from troth.services import Coverage, bands, question
from troth.terms import Refused, TrothError
from troth.web.asking import Form, own_act
from troth.web.deriving import refresh
from troth.web.moments import used
from troth.web.problems import told
from troth.web.profiling import stop_profiling_of
from troth.web.sessions import Session

CHECKED = "This is checked first. Until then the old value stays in use."
ALL_MARKETING = "marketing"  # said in the place of a purpose: every kind of it
Deed = Callable[[Company, Session, int, Form], object]


def act(deed: Deed, said: str, page: str = "") -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint of one right; it leads back to its page with a sentence."""

    async def acting(request: Request) -> Response:
        session, form = await own_act(request)
        company, person = request.state.company, session.person
        assert person is not None
        await run_in_threadpool(used, company, session)
        done = await run_in_threadpool(deed, company, session, person, form)
        if isinstance(done, Receipt):
            request.app.state.sessions.end_person(company.name, person)
            return told(request, 403, "This is not for children: what was here is erased.")
        session.said = done if isinstance(done, str) else said
        return RedirectResponse(f"/{session.company}/me{page}", 303)

    return acting


def correct(company: Company, session: Session, person: int, form: Form) -> Receipt | str | None:
    """Change fields of one record (GDPR Art. 16), or say that it waits for its check; return the receipt of a
    child that was found so."""
    body = {key[6:]: value for key, value in form.items() if key.startswith("field-")}
    if not body:
        raise HTTPException(400)
    rid = _record(form)
    done: list[correcting.Corrected] = []
    tried(lambda: done.append(correcting.correct(company, person=person, rid=rid, body=body)))
    if done[0].gone is None:
        refresh(company, person)
    return done[0].gone or (CHECKED if done[0].waits else None)


def remove(company: Company, session: Session, person: int, form: Form) -> None:
    """Take one record back."""
    rid = _record(form)
    tried(lambda: company.gate.remove(person=person, rid=rid))
    refresh(company, person)


def consent(company: Company, session: Session, person: int, form: Form) -> str:
    """Give or take back one consent; a yes with an age needs one that is known or declared."""
    name, given = form.get("consent", ""), form.get("given") == "yes"
    found = Coverage(company.policy).consent(name)
    if found is None or form.get("given") not in ("yes", "no"):
        raise HTTPException(400)
    if given:
        _declare(company, person, found, form)
    _consent(company, session, person, name, given)
    return "Noted. It counts from now on." if given else "Taken back. What rested on it alone is gone."


def withdraw_all(company: Company, session: Session, person: int, form: Form) -> None:
    """Take back every consent that stands, in one act."""
    for name, given in company.gate.access(person=person).consents().items():
        if given:
            _consent(company, session, person, name, False)


def object_to(company: Company, session: Session, person: int, form: Form) -> str:
    """Object to one purpose, or lift the objection; a reason may be given and is asked of nobody."""
    purpose = form.get("purpose", "")
    known = Coverage(company.policy).purpose(purpose) is not None
    if not known and purpose != ALL_MARKETING:
        raise HTTPException(400)
    purpose, given = purpose if known else MARKETING, form.get("given", "yes") == "yes"
    try:
        why = form.get("reason", "").strip()[:2000]
        company.gate.object(person=person, purpose=purpose, given=given, channel="page", reason=why)
    except OutOfReach as error:
        raise HTTPException(409, str(error)) from error
    refresh(company, person)
    return "Your objection stands from now on." if given else "Your objection is lifted."


def stop_profiling(company: Company, session: Session, person: int, form: Form) -> str:
    """Object to every purpose that profiles, or lift that; for one client where the form names one."""
    given, member = form.get("given", "yes") == "yes", form.get("client", "")
    if member and not any(member in members for members in company.parties.values()):
        raise HTTPException(400)
    stop_profiling_of(company, person, given=given, member=member, channel="page")
    return "Profiling is stopped." if given else "Profiling is allowed again."


def restrict(company: Company, session: Session, person: int, form: Form) -> str:
    """Have everything, or one category, kept and not used (GDPR Art. 18)."""
    on, data = form.get("on") == "yes", form.get("data", "*")
    if data != "*" and Coverage(company.policy).data(data) is None:
        raise HTTPException(400)
    case, reason = form.get("case", ""), form.get("reason", "").strip()[:2000]
    tried(lambda: company.gate.restrict(person=person, data=data, on=on, case=case, reason=reason))
    return "Your data are kept, and nobody uses them." if on else "The restriction is lifted."


def erase_used(company: Company, session: Session, person: int, form: Form) -> str:
    """Erase what a purpose used to which the person's objection was upheld (GDPR Art. 17(1)(c))."""
    tried(lambda: company.gate.erase_used(person=person, purpose=form.get("purpose", "")))
    refresh(company, person)
    return "What was used for it is erased."


def ask(company: Company, session: Session, person: int, form: Form) -> str:
    """Open a request with its legal deadline."""
    known = {r.name for p in (company.policy, *company.policy.packs) for r in p.of(Right)}
    right = form.get("right", "")
    if right not in known:
        raise HTTPException(400)
    asked = company.gate.ask(person=person, right=right, channel="page")
    return f"Your request has the number {asked.number}."


def _record(form: Form) -> int:
    rid = form.get("record", "")
    if not rid.isdecimal() or len(rid) > 20:
        raise HTTPException(400)
    return int(rid)


def tried(deed: Callable[[], object]) -> None:
    """Do a deed whose refusal is the form's fault; its message names no value."""
    try:
        deed()
    except Refused:
        raise
    except TrothError as error:
        raise HTTPException(422, str(error)) from error


def _declare(company: Company, person: int, consent: Consent, form: Form) -> None:
    if company.gate.access(person=person).age is not None:
        return
    lows = {str(b.low) for b in bands(company.policy, consent)}
    if not lows:
        return
    if form.get("years", "") not in lows:
        raise HTTPException(422, "Please say how old you are: a yes counts only from an age.")
    company.gate.declare_age(person=person, years=int(form["years"]))


def _consent(company: Company, session: Session, person: int, name: str, given: bool) -> None:
    text = question(company.policy, company.parties, name)
    language = session.language or company.policy.language
    company.gate.consent(
        person=person, name=name, given=given, text=text, language=language, channel="centre"
    )
