"""Reaching: who may be written to for a purpose, asked in one way by every kind of letter.

First of nobody in particular, before anything is queued; then who may get it now; and once more of each as
their letter leaves.  INVARIANT (the last word counts): what is said at the last moment is the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from troth.policy.model import Purpose
from troth.runtime.queue import NoCampaign
from troth.terms import Action, Allowed, Clause, Refused, Request, State, TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company, Contact

GROWN = 120  # years; whoever is assumed in a plan is of age
UNREACHABLE = "nobody can be reached back: set base_url, so that a message can carry its way out"


def insist(
    company: Company,
    where: Contact,
    purpose: str,
    member: str,
    *,
    consents: Iterable[str],
    facts: frozenset[str] = frozenset(),
) -> tuple[Clause, ...]:
    """Return the clauses by which somebody of whom this holds may be written to; raise ``Refused``."""
    told = company.gate.standing() | facts
    state = State(consents=frozenset(consents), facts=told, age=GROWN, notice=True)
    asked = Request(Action.USE, where.data, purpose, field=where.field, member=member)
    decision = company.kernel.decide(asked, state, company.clock())
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit.clauses


def willing(company: Company, where: Contact, purpose: str, member: str) -> tuple[int, ...]:
    """Return everybody whose address the purpose may use now."""
    rows = company.gate.people_for(data=where.data, purpose=purpose, field=where.field, member=member)
    return tuple(dict.fromkeys(held.person for _, held in rows))


def became(company: Company, by: str, write: Callable[[], str]) -> str:
    """Write one letter; return why it was held back, '' when it left.  A no is noted in the evidence."""
    try:
        return write()
    except Refused as refused:
        company.gate.refused(decision=refused.decision, by=by)
        missing = getattr(refused.decision, "missing", ())
        return str(missing[0]).removeprefix("fact ").removesuffix(" ended") if missing else "refused"
    except TrothError:
        return "not sent"


def purpose_of(company: Company, name: str) -> Purpose:
    """Return a purpose of the document, an empty one where it knows none of this name."""
    found = next((p for p in company.policy.of(Purpose) if p.name == name), None)
    return found or Purpose(name=name)


def address_for(company: Company, purpose: str) -> Contact:
    """Return where people are written to for a purpose; raise ``NoCampaign`` where no address is known."""
    where = company.reached(purpose)
    if where is None:
        raise NoCampaign("the document knows no e-mail address")
    return where
