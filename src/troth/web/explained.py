"""Explained: one page a right, open to everybody: what the document says of it, and the form that starts it.

Who is not signed in proves an address first; the page says how.  It decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.policy.model import Right
from troth.policy.quote import plain
from troth.runtime import Company
from troth.terms import Clause
from troth.web.asking import session_of
from troth.web.me.rights import WORDS, cases
from troth.web.pages import page

TITLES = {
    "access": "See what is held about you",
    "correct": "Have it corrected",
    "erase": "Have it erased",
    "object": "Object to a use",
    "restrict": "Have it kept and not used",
    "carry": "Take it along",
    "withdraw": "Take back a yes",
    "complain": "Complain",
    "review": "Have a person look again",
}


@dataclass(frozen=True, slots=True)
class Explained:
    """A right as its page tells it."""

    name: str
    title: str
    within: str
    extended: str
    article: str
    clause: Clause


async def every(request: Request) -> Response:
    """List the rights, each with its page."""
    company: Company = request.state.company
    return page(request, "rights.html", title="Your rights", here="rights", rights=_all(company))


async def one(request: Request) -> Response:
    """Explain one right, with the form to start it for who is signed in, else the way in."""
    company: Company = request.state.company
    found = next((r for r in _all(company) if r.name == request.path_params["right"]), None)
    if found is None:
        raise HTTPException(404)
    session = session_of(request)
    mine = session if session is not None and session.person is not None else None
    return page(
        request,
        "right.html",
        title=found.title,
        here="rights",
        right=found,
        said=_said(company, found),
        mine=mine,
        cases=cases(company) if found.name == "restrict" else {},
        ask=WORDS.get(found.name, found.title),
    )


def _all(company: Company) -> list[Explained]:
    """Return each right once: the document's own words before its law packs'."""
    found: dict[str, Explained] = {}
    packs = company.policy.packs
    articles = {r.name: r.article for pack in packs for r in pack.of(Right) if r.article}
    own = [(right, right.clause) for right in company.policy.of(Right)]
    laws = [(r, _of_law(r.clause, PurePath(pack.path).stem)) for pack in packs for r in pack.of(Right)]
    for right, clause in ((r, c) for r, c in (*own, *laws) if r.name in TITLES):
        within = str(right.within) if right.within else ""
        more = str(right.extended) if right.extended else ""
        article = right.article or articles.get(right.name, "")
        said = Explained(right.name, TITLES[right.name], within, more, article, clause)
        found.setdefault(right.name, said)
    return [found[name] for name in TITLES if name in found]


def _of_law(clause: Clause, law: str) -> Clause:
    """Return a law pack's clause under the law's name: its sections are not the document's."""
    return replace(clause, ref=f"{law}:{clause.ref}")


def _said(company: Company, right: Explained) -> tuple[str, ...]:
    """Return the paragraphs of the section in which the document gives the right."""
    section = company.document.section(right.clause.ref)
    return tuple(plain(p.text) for p in section.prose) if section else ()


ROUTES = (
    ("GET", "/rights", every),
    ("GET", "/rights/{right}", one),
)
