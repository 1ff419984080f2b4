"""Applying: a form for people who want to work here; only those who hire read it, and it goes by its day.

The form exists where the document has a category from the person for the purpose that DPV calls
``RecruitmentApplicationManagement``; its fields are the document's own.  An applicant is a new person: what
somebody is to the service as a user is not looked at, and not joined.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.errors import BadBody
from troth.policy.model import Data, Keep, Purpose
from troth.runtime import Company
from troth.services.flows import EMAIL
from troth.web.asking import Form, form_of, own_site
from troth.web.pages import page

HIRING = "dpv:RecruitmentApplicationManagement"


async def asking(request: Request) -> Response:
    """Show the form; 404 where the document takes no applications."""
    return _form(request)


async def sending(request: Request) -> Response:
    """Take an application in, and say when it goes."""
    own_site(request)
    company: Company = request.state.company
    form = await form_of(request)
    if not EMAIL.fullmatch(form.get("email", "").strip().lower()):
        return _form(request, "That does not look like an e-mail address.", 422, form)
    try:
        await run_in_threadpool(_take, company, form)
    except BadBody as error:
        return _form(request, str(error), 422, form)
    return _form(request, done=True)


def opens(company: Company) -> tuple[Data, Purpose] | None:
    """Return the category and purpose of applications, None where there are none."""
    for purpose in company.policy.of(Purpose):
        if purpose.dpv == HIRING:
            used = {u.data for b in purpose.bases for u in b.uses if not u.reads}
            for data in company.policy.of(Data):
                if data.name in used and "person" in data.sources:
                    return data, purpose
    return None


def _take(company: Company, form: Form) -> None:
    data, purpose = _open(company)
    fields = {f.name: form[f.name].strip() for f in data.fields if form.get(f.name, "").strip()}
    gate, address = company.gate, fields.get("email", "").lower()
    person = gate.new_person(area=data.area)
    gate.collect(person=person, data=data.name, body=fields, purpose=purpose.name, source="person")
    if address and gate.find(kind="email", value=address) is None:
        gate.identify(person=person, kind="email", value=address)


def _open(company: Company) -> tuple[Data, Purpose]:
    found = opens(company)
    if found is None:
        raise HTTPException(404)
    return found


def _form(
    request: Request, problem: str = "", status: int = 200, typed: Form | None = None, done: bool = False
) -> Response:
    company: Company = request.state.company
    data, purpose = _open(company)
    keeps = [k for k in company.policy.of(Keep) if data.name in k.data]
    return page(
        request,
        "jobs.html",
        status,
        title="Work with us",
        here="jobs",
        fields=data.fields,
        purpose=purpose,
        keep=keeps[0] if keeps else None,
        problem=problem,
        typed=typed or {},
        done=done,
    )
