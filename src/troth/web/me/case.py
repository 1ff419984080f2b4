"""Case: the page behind the link of a request from outside; whoever uses it has proved the address.

Opening the link does nothing (a mail scanner opens links as well); confirming does what was asked where a
machine may do it, and leaves the rest to a person, who answers by the case's date.  It signs nobody in, and
asking for a right is no use of the service that would move a clock.
"""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Asked, Receipt
from troth.runtime import Company, correcting
from troth.services.accounts import MARKETING
from troth.web.asking import own_site
from troth.web.me.centre import parties, titles
from troth.web.me.choices import Reason, reasons
from troth.web.me.copying import by_link, given, offer
from troth.web.me.rights import WORDS, cases
from troth.web.pages import page

COPIES = ("access", "carry")
GONE = "This link is over: its request was answered, or it never was."


async def asking(request: Request) -> Response:
    """Say what was asked, and by when it is answered; one press confirms it."""
    company: Company = request.state.company
    token = request.path_params["token"]
    found = await run_in_threadpool(lambda: company.gate.linked(token=token))
    if found is None:
        raise HTTPException(404, GONE)
    return page(
        request,
        "me/case.html",
        title="Your request",
        here="me",
        asked=found[1],
        words=WORDS,
        done="",
        token=token,
        reasons=await run_in_threadpool(_reasons, company, *found),
    )


async def confirming(request: Request) -> Response:
    """Take the request as its person's, and do it."""
    own_site(request)
    company: Company = request.state.company
    token = request.path_params["token"]
    if await run_in_threadpool(lambda: company.gate.linked(token=token)) is None:
        raise HTTPException(404, GONE)
    person, asked = await run_in_threadpool(lambda: company.gate.confirm(token=token))
    if asked.right in COPIES and not by_link(company):
        return await run_in_threadpool(given, request, company, person, asked)
    if asked.right == "erase":
        receipt = await run_in_threadpool(lambda: company.gate.erase(person=person))
        request.app.state.sessions.end_person(company.name, person)
        return _receipt(request, company, receipt)
    purposes = tuple((await request.form()).getlist("purpose"))
    done = await run_in_threadpool(_done, company, person, asked, tuple(map(str, purposes)))
    return page(
        request,
        "me/case.html",
        title="Your request",
        here="me",
        asked=asked,
        words=WORDS,
        done=done,
        token="",
        reasons=(),
    )


def _receipt(request: Request, company: Company, receipt: Receipt) -> Response:
    text = json.dumps(dict(receipt.evidence), indent=2, ensure_ascii=False, default=str)
    return page(
        request,
        "me/receipt.html",
        title="Your data are deleted",
        receipt=receipt,
        file=request.app.state.sessions.lay_out(company.name, text, company.clock()),
        evidence=text,
        titles=titles(company),
        names=parties(company),
    )


def _reasons(company: Company, person: int, asked: Asked) -> list[Reason]:
    """Return to what an objection may be, when it does not name it or may mean more."""
    if asked.right != "object":
        return []
    return reasons(company.policy, company.gate.access(person=person))


def _object(company: Company, person: int, asked: Asked, purposes: tuple[str, ...]) -> str:
    """Object to each purpose that was chosen, and close the case; what is weighed gets one of its own."""
    for name in purposes:
        company.gate.object(person=person, purpose=name, channel="mail")
    said = "Your objection stands from now on."
    company.gate.answer(person=person, number=asked.number, outcome="granted", text=said)
    return said


def _done(company: Company, person: int, asked: Asked, purposes: tuple[str, ...] = ()) -> str:
    """Do what needs no judgement and close the case; say what became of it."""
    known = {r.name for r in _reasons(company, person, asked)}
    if asked.right in COPIES:
        return offer(company, person, asked)
    if asked.right == "correct" and correcting.confirmed(company, person, asked):
        return "This address is yours, and takes the place of the old one from now on."
    if chosen := tuple(p for p in dict.fromkeys(purposes) if p in known):
        return _object(company, person, asked, chosen)
    if asked.right == "restrict":
        company.gate.restrict(person=person, case=next(iter(cases(company)), ""))
        said = "Your data are kept, and nobody uses them."
    elif asked.right == "withdraw":
        for name, given in company.gate.access(person=person).consents().items():
            if given:
                company.gate.consent(person=person, name=name, given=False, channel="mail")
        said = "Every consent is taken back."
    elif asked.right == "object":  # against marketing nothing is weighed (GDPR Art. 21(3))
        company.gate.object(person=person, purpose=MARKETING, channel="mail")
        return "All marketing stops now. To what else you object, a person answers by the day that is named."
    else:
        return "Confirmed. A person answers you by the day that is named."
    company.gate.answer(person=person, number=asked.number, outcome="granted", text=said)
    return said
