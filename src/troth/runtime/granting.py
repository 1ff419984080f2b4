"""Granting: whoever was looked at or whose data left by a grant is told, once the law lets them be.

``tell person, admin about … by email`` says who hears of a release: each person concerned, and whoever looks
after their group.  A silence that the document names holds the message back, and it leaves by itself on the
day that ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from troth.gate.grant import Grant, Look
from troth.policy.model import Data, Tell
from troth.services.breach import desk, named
from troth.services.instances import ADMIN
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

SUBJECT = "Data about you were disclosed"
ADMIN_SUBJECT = "Data of somebody in your room were disclosed"


def tell_granted(company: Company) -> int:
    """Tell of every release that is still to be told; return how many messages went."""
    people = _owed_to(company)
    return sum(_tell(company, found, people) for found in company.gate.grants()) if people else 0


def may_see(company: Company, name: str, roles: Collection[str], found: Grant) -> bool:
    """Say whether a member of staff sees a grant: the register's keepers, who asked, and who must agree."""
    fact = next((f for f in company.gate.grantable() if f.name == found.fact), None)
    asked = {fact.approved_by, fact.raised_by, fact.review[0] if fact.review else ""} if fact else set()
    return found.by == name or bool({*desk(company.policy), *asked} & set(roles))


def _owed_to(company: Company) -> frozenset[str]:
    """Return who is told by mail of what leaves by a grant: person, admin."""
    registers = {d.name for d in company.policy.of(Data) if d.records == "register"}
    duties = (t for t in company.policy.of(Tell) if t.about in registers and "email" in t.channels)
    return frozenset(t.who for t in duties)


def _tell(company: Company, found: Grant, people: frozenset[str]) -> int:
    """Tell of the releases of one grant that nobody was told of yet."""
    now = company.clock()
    if not found.reach.party or not found.looks or (found.silent is not None and found.silent > now):
        return 0
    told = found.done("told")
    new = found.looks[int(told.note) if told else 0 :]
    if not new:
        return 0
    many = 0
    for look in new:
        for person, subject in _hearers(company, look, people):
            many += _write(company, found, look, person, subject)
    company.gate.grant_noted(number=found.number, what="told", note=str(len(found.looks)))
    return many


def _hearers(company: Company, look: Look, people: frozenset[str]) -> Iterator[tuple[int, str]]:
    person = company.gate.tagged(tag=look.tag)
    if person is None:
        return
    if "person" in people:
        yield person, SUBJECT
    if "admin" in people:
        for fellow in company.gate.fellows(person=person):
            if fellow != person and company.gate.fact_holds(person=fellow, name=ADMIN):
                yield fellow, ADMIN_SUBJECT


def _write(company: Company, found: Grant, look: Look, person: int, subject: str) -> bool:
    fact = next((f for f in company.gate.grantable() if f.name == found.fact), None)
    data = ", ".join(named(company.policy, tuple(dict.fromkeys(d.partition(".")[0] for d in look.data))))
    text = (
        f"On {look.at:%Y-%m-%d} this was disclosed: {data}.\n\n"
        f"To whom: {found.reach.member or found.reach.party}\n"
        f"Why: {fact.text if fact else found.fact}\n"
        f"Case: {found.number}, by section {found.clause.ref if found.clause else '-'} of our page\n\n"
        f"You may ask us about it, object, and complain to the authority: "
        f"{company.base_url}/{company.name}/me/rights"
    )
    try:
        return company.inform(subject, text, person=person) is not None
    except TrothError:
        return False
