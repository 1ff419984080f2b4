"""Explain: why a touch is allowed or refused in a situation staff put together, and what would turn a no."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from troth.policy.model import Consent, Data, Fact, Policy, Purpose, Recipient, Role
from troth.runtime import Company
from troth.terms import Action, Allowed, Clause, Form, RefusedBy, Request, State
from troth.web.asking import staff_of
from troth.web.pages import page
from troth.web.problems import reasons


@dataclass(frozen=True, slots=True)
class Answer:
    """A decision as it reads on the page."""

    word: str
    allowed: bool
    text: str
    clauses: tuple[Clause, ...]
    missing: tuple[str, ...]
    duties: tuple[str, ...]


async def explain(request: HttpRequest) -> Response:
    """Show the form, and the answer once a question is put."""
    session, company = staff_of(request), request.state.company
    asked = {
        k: request.query_params.get(k, "")
        for k in ("action", "data", "field", "purpose", "party", "member", "age")
    }
    ticked = {kind: set(request.query_params.getlist(kind)) for kind in ("consent", "objection", "fact")}
    policy: Policy = company.policy
    return page(
        request,
        "desk/explain.html",
        title="Explain",
        here="console",
        tab="explain",
        wide=True,
        session=session,
        actions=[a.value for a in Action],
        data=[d.name for d in policy.of(Data)],
        purposes=[p.name for p in policy.of(Purpose)],
        parties=["", *(r.name for r in policy.of(Recipient)), *(r.name for r in policy.of(Role))],
        consents=[(c.name, c.question) for c in policy.of(Consent)],
        facts=[(f.name, f.text or f.name) for f in policy.of(Fact)],
        objections=[
            p.name
            for p in policy.of(Purpose)
            if any(g.kind == "legitimate interest" for b in p.bases for g in b.grounds)
        ],
        asked=asked,
        ticked=ticked,
        answer=answered(company, asked, ticked) if asked["data"] and asked["purpose"] else None,
    )


def answered(company: Company, asked: dict[str, str], ticked: dict[str, set[str]]) -> Answer:
    """Ask the kernel about the situation; nobody's data are touched."""
    if asked["action"] not in {a.value for a in Action}:
        raise HTTPException(400)
    member = asked["member"].strip()
    touch = Request(
        Action(asked["action"]),
        asked["data"],
        asked["purpose"],
        asked["party"],
        asked["field"],
        member,
        form=Form.IDENTIFIED,
    )
    age = int(asked["age"]) if asked["age"].isdecimal() and len(asked["age"]) < 4 else None
    state = State(
        consents=_with_member(ticked["consent"], member),
        objections=frozenset(ticked["objection"]),
        facts=_with_member(ticked["fact"], member),
        age=age,
    )
    decision = company.kernel.decide(touch, state, company.clock())
    clauses, missing = reasons(decision)
    allowed = isinstance(decision, Allowed)
    word = "allowed" if allowed else "refused" if isinstance(decision, RefusedBy) else "unsaid"
    duties = tuple(d.name for d in decision.duties) if isinstance(decision, Allowed) else ()
    return Answer(word, allowed, str(decision), clauses, missing, duties)


def _with_member(names: set[str], member: str) -> frozenset[str]:
    """Let a ticked name hold for the member asked about too."""
    return frozenset(names) | (frozenset(f"{n}({member})" for n in names) if member else frozenset())
