"""Forms: the doors by which a visitor of the company's own site becomes a contact: newsletter and enquiry.

A newsletter begins with a link in a mail, and until it is used nothing of the address is stored.  The enquiry
names who receives it on its button, and exactly its fields go there.  INVARIANT (apart): a contact is a
person of the site's own; earlier visits are not joined to it, later ones only on a yes of its own.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Consent, Data, Door, Join, Purpose, Recipient
from troth.runtime import Company
from troth.runtime.issues import contacts_for, stop_issue
from troth.services.flows import EMAIL
from troth.web import tongue
from troth.web.asking import Form, form_of, own_site
from troth.web.pages import language_of
from troth.web.site.choice import area_of, begin, choice_of, name_visitor, visitor_of
from troth.web.site.showing import opened


@dataclass(frozen=True, slots=True)
class Letter:
    """A newsletter: its purpose, the consent that is confirmed by mail, and where the address goes."""

    purpose: Purpose
    consent: Consent
    data: Data
    field: str


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A form whose fields go to a named recipient, on a consent and a fact that the form itself raises."""

    door: Door
    purpose: Purpose
    consent: Consent
    data: Data
    recipient: str


def letter_of(company: Company) -> Letter:
    """Return the newsletter; 404 where the document has none."""
    asked = {c.name: c for c in company.policy.of(Consent) if c.confirmed}
    for purpose in company.policy.of(Purpose):
        found = contacts_for(company.policy, purpose.name)
        for name in (g.name for b in purpose.bases for g in b.grounds if g.kind == "consent"):
            if found and name in asked:
                return Letter(purpose, asked[name], *found)
    raise HTTPException(404)


def enquiry_of(company: Company) -> Enquiry:
    """Return the form of business contacts; 404 where the document has none."""
    area, asked = area_of(company), {c.name: c for c in company.policy.of(Consent)}
    names = {r.name: r.text or r.name for r in company.policy.of(Recipient)}
    purposes = {p.name: p for p in company.policy.of(Purpose)}
    for data in (d for d in company.policy.of(Data) if d.area == area and "person" in d.sources):
        for door in company.policy.of(Door):
            if door.verb == "share" and data.name in door.data and door.consent in asked:
                purpose = purposes[door.purposes[0]]
                return Enquiry(door, purpose, asked[door.consent], data, names[door.party])
    raise HTTPException(404)


async def subscribing(request: Request) -> Response:
    """Ask for an address."""
    return _page(request, "newsletter", letter=letter_of(request.state.company))


async def subscribed(request: Request) -> Response:
    """Send the one mail that asks whether the address is theirs; the answer is the same for every address."""
    own_site(request)
    company: Company = request.state.company
    letter, form = letter_of(company), await form_of(request)
    address = form.get("email", "").strip()
    if not EMAIL.fullmatch(address.lower()):
        return _page(
            request, "newsletter", 422, letter=letter, problem="That does not look like an e-mail address."
        )
    await run_in_threadpool(_ask, company, letter, address, language_of(request))
    return _page(request, "newsletter", letter=letter, done=True)


async def confirming(request: Request) -> Response:
    """Show the button; opening the link changes nothing, because mail scanners open links."""
    _whose(request)
    return _page(
        request, "confirm", letter=letter_of(request.state.company), join=_join(request.state.company)
    )


async def confirmed(request: Request) -> Response:
    """Begin the subscription, and join later visits where that was agreed to as well."""
    company: Company = request.state.company
    form = await form_of(request)
    person, address = _whose(request)
    letter, language = letter_of(company), language_of(request)
    person = await run_in_threadpool(_subscribe, company, letter, person, address, language)
    response = _page(request, "confirm", letter=letter, join=None, done=True)
    if form.get("linking") == "yes":
        await _link(request, response, person)
    return response


async def enquiring(request: Request) -> Response:
    """Show the form, with who receives it."""
    company: Company = request.state.company
    return _page(
        request,
        "enquiry",
        enquiry=enquiry_of(company),
        join=_join(company),
        typed={},
        offers=_offers(company, enquiry_of(company)),
    )


async def enquired(request: Request) -> Response:
    """Take the enquiry in and hand exactly its fields to the recipient that it names."""
    own_site(request)
    company: Company = request.state.company
    enquiry, form = enquiry_of(company), await form_of(request)
    given = {f.name: form[f.name].strip() for f in enquiry.data.fields if form.get(f.name, "").strip()}
    mail = next((f.name for f in enquiry.data.fields if f.type == "email"), "")
    if not EMAIL.fullmatch(given.get(mail, "").lower()):
        said, offers = "That does not look like an e-mail address.", _offers(company, enquiry)
        more = {"join": _join(company), "typed": form, "problem": said, "offers": offers}
        return _page(request, "enquiry", 422, enquiry=enquiry, **more)
    person = await run_in_threadpool(_enquire, company, enquiry, given, mail, language_of(request))
    response = _page(request, "enquiry", enquiry=enquiry, join=None, typed={}, done=True)
    for consent in (c for c in _offers(company, enquiry) if form.get(c.name) == "yes"):
        await run_in_threadpool(_agree, company, person, consent, language_of(request))
    if form.get("linking") == "yes":
        await _link(request, response, person)
    return response


async def ending(request: Request) -> Response:
    """Show the one button that stops a kind of letter."""
    return _page(request, "end", done=False)


async def ended(request: Request) -> Response:
    """Stop it; a mail program posts from anywhere, so the link's own secret is the whole proof (RFC 8058)."""
    company, named = request.state.company, request.path_params
    said = await run_in_threadpool(
        lambda: stop_issue(company, purpose=named["purpose"], ticket=named["ticket"])
    )
    if not said:
        raise HTTPException(404)
    return _page(request, "end", done=True)


def _ask(company: Company, letter: Letter, address: str, language: str) -> None:
    nobody = company.gate.new_person(area=letter.data.area)
    ticket = company.gate.ticket(person=nobody, deed=_deed(address))
    packed = base64.urlsafe_b64encode(address.encode()).decode().rstrip("=")
    link = f"{company.base_url}/{company.name}/s/confirm/{packed}/{ticket}"
    say = tongue.speaker(language)
    text = say(
        "You, or somebody, asked for the newsletter of {company} at this address. Press the button here, and "
        "it begins:\n{link}\n\nUntil then nothing is stored. If it was not you, do nothing.",
        company=company.title,
        link=link,
    )
    company.send(address, say("Shall the newsletter begin?"), text)


def _subscribe(company: Company, letter: Letter, nobody: int, address: str, language: str) -> int:
    gate, kind = company.gate, f"email@{letter.data.area}"
    known = gate.find(kind=kind, value=address)
    person = nobody if known is None else known
    _agree(company, person, letter.consent, language)
    gate.identify(person=person, kind=kind, value=address, verified=True)
    if letter.data.name not in gate.holds(person=person):
        gate.collect(
            person=person,
            data=letter.data.name,
            body={letter.field: address},
            purpose=letter.purpose.name,
            source="person",
        )
    return person


def _enquire(company: Company, enquiry: Enquiry, given: Form, mail: str, language: str) -> int:
    gate, kind = company.gate, f"email@{enquiry.data.area}"
    known = gate.find(kind=kind, value=given[mail])
    person = gate.new_person(
        area=enquiry.data.area
    )  # the address is not proved, so nobody's record is opened
    facts = [n for group in enquiry.door.guard.when[:1] for n in group]
    _agree(company, person, enquiry.consent, language)
    data, purpose = enquiry.data.name, enquiry.purpose.name
    for name in facts:
        gate.raise_fact(person=person, name=name)
    gate.collect(person=person, data=data, body=given, purpose=purpose, source="person")
    gate.disclose(person=person, data=[data], party=enquiry.door.party, purpose=purpose)
    for name in facts:
        gate.lower_fact(person=person, name=name)
    if known is None:
        gate.identify(person=person, kind=kind, value=given[mail])
    return person


def _agree(company: Company, person: int, consent: Consent, language: str) -> None:
    if consent.age:
        company.gate.declare_age(person=person, years=consent.age)
    text = consent.question
    company.gate.consent(
        person=person, name=consent.name, given=True, text=text, language=language, channel="site"
    )


async def _link(request: Request, response: Response, person: int) -> None:
    """Let the visits from here on be this contact's own; those before stay nobody's."""
    company: Company = request.state.company
    choice, join = choice_of(request), _join(company)
    if join is None or not choice.agreed or visitor_of(request) is None:
        return
    await run_in_threadpool(begin, company, choice.agreed, language_of(request), person)
    await run_in_threadpool(_agree, company, person, join, language_of(request))
    name_visitor(request, response, person)


def _join(company: Company) -> Consent | None:
    """Return the consent by which visits may be joined to a contact."""
    named = {j.consent for j in company.policy.of(Join)}
    return next((c for c in company.policy.of(Consent) if c.name in named), None)


def _offers(company: Company, enquiry: Enquiry) -> tuple[Consent, ...]:
    """Return the further kinds of mail that a contact may say yes to in the form."""
    asked = {c.name: c for c in company.policy.of(Consent) if not c.confirmed}
    found = (p for p in company.policy.of(Purpose) if contacts_for(company.policy, p.name))
    names = (g.name for p in found for b in p.bases for g in b.grounds if g.kind == "consent")
    return tuple(asked[n] for n in dict.fromkeys(names) if n in asked and n != enquiry.consent.name)


def _whose(request: Request) -> tuple[int, str]:
    company, named = request.state.company, request.path_params
    try:
        packed = named["who"] + "=" * (-len(named["who"]) % 4)
        address = base64.urlsafe_b64decode(packed.encode()).decode()
    except ValueError:
        raise HTTPException(404) from None
    person = company.gate.holder(ticket=named["ticket"], deed=_deed(address))
    if person is None:
        raise HTTPException(404)
    return person, address


def _deed(address: str) -> str:
    return f"letter {address.casefold()}"


def _page(request: Request, name: str, status: int = 200, **values: object) -> Response:
    titles = {"newsletter": "Newsletter", "confirm": "Newsletter", "enquiry": "Speak with us", "end": "Stop"}
    told = {"done": False, "problem": "", **values}
    return opened(
        request,
        f"site/{name}.html",
        choice_of(request),
        None,
        status,
        title=titles[name],
        here=f"s/{name}",
        **told,
    )
