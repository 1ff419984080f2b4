"""Rights: what the person may ask for, what they asked for and by when it is answered, and how to leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Access
from troth.policy.model import Keep, Purpose, Right
from troth.runtime import Company
from troth.terms import Clause
from troth.web.asking import person_of
from troth.web.me.centre import titles
from troth.web.moments import used
from troth.web.pages import page

WORDS = {
    "access": "A full answer in writing",
    "correct": "Correct what I cannot change here",
    "erase": "Erase, decided by a person",
    "restrict": "Stop using something while it is looked into",
    "carry": "Take my data to another service",
    "object": "Object, with my reasons",
    "withdraw": "Take back a consent",
    "complain": "Complain",
    "review": "Have a person look at an automatic decision",
}
CASES = {
    "accuracy": "Something is not right, and I want it checked",
    "unlawful": "The use is not lawful, and I want it kept and not used",
    "claim": "I need it for a claim",
    "objection": "I objected, and that is not decided yet",
}


@dataclass(frozen=True, slots=True)
class Staying:
    """What the law keeps even when all is erased."""

    title: str
    law: str
    rule: str
    clause: Clause


async def rights(request: Request) -> Response:
    """Show requests with their deadlines, and the ways to pause, close and delete."""
    session, company = person_of(request), request.state.company
    person = session.person
    await run_in_threadpool(used, company, session)
    access: Access = await run_in_threadpool(lambda: company.gate.access(person=person))
    said, session.said = session.said, ""
    return page(
        request,
        "me/rights.html",
        title="Your rights",
        here="me",
        tab="rights",
        session=session,
        said=said,
        requests=access.requests,
        asks=askable(company),
        words=WORDS,
        restricted="*" in access.restricted,
        closed=access.closed,
        stays=staying(company, access),
        cases=cases(company),
        upheld=upheld(company, access),
        last=_last(access),
        now=company.clock(),
    )


def askable(company: Company) -> list[Right]:
    """Return the rights of the document and of its law packs, once each."""
    found: dict[str, Right] = {}
    for policy in (company.policy, *company.policy.packs):
        for right in policy.of(Right):
            found.setdefault(right.name, right)
    return list(found.values())


def cases(company: Company) -> dict[str, str]:
    """Return the situations one of which a restriction names, in words; none where the document asks none."""
    right = next((r for r in company.policy.of(Right) if r.name == "restrict"), None)
    return {case: CASES.get(case, case) for case in right.cases} if right else {}


def staying(company: Company, access: Access) -> list[Staying]:
    """Return what the person has that a law keeps, with its rule."""
    held = {h.data for h in access.held}
    laws = {p.name: g.name for p in company.policy.of(Purpose) for b in p.bases for g in b.grounds if g.name}
    found = []
    for keep in company.policy.of(Keep):
        for data in {d.split(".")[0] for d in keep.data} & held if keep.because else ():
            until = f"{keep.span} after {keep.end_of or keep.after}" if keep.span else ""
            found.append(
                Staying(titles(company).get(data, data), laws.get(keep.because, ""), until, keep.clause)
            )
    return found


def upheld(company: Company, access: Access) -> list[tuple[str, str]]:
    """Return the purposes whose use the person's upheld objection ended, by name and in words."""
    last = {a.name: a for a in access.acts if a.kind == "objection"}
    names = [n for n, a in last.items() if a.given and a.channel == "decided"]
    titles_ = {p.name: p.text or p.name for p in company.policy.of(Purpose)}
    return [(name, titles_.get(name.partition("(")[0], name)) for name in names]


def _last(access: Access) -> datetime | None:
    dues = [h.due for h in access.held if h.due is not None]
    return max(dues) if dues else None
