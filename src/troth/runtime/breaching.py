"""Breaching: the messages of a breach leave: to the businesses concerned, to the people, onto the site.

The gate says who is affected and who is owed a notice; here it goes out and is noted as gone.  A notice to
people is owed by law, so no marketing choice and no restriction stands in its way.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from troth.gate.affected import Scope
from troth.gate.breach import Breach
from troth.policy.model import Breach as Rule
from troth.policy.model import Role
from troth.services import breach as notices
from troth.services.instances import ADMIN
from troth.terms import TrothError

KEEPER = (
    "A breach that touches people of your company",
    "Something happened with data that we hold for your company.\n\n"
    "What happened: {what}\nWhich data: {data}\nCase: {number}\n\n"
    "You are the controller of these data: whether the authority must hear of it is yours to judge, within "
    "72 hours of this message (GDPR Art. 33). We help, and tell you more as we learn it.",
)

if TYPE_CHECKING:
    from troth.runtime.company import Company


def report(company: Company, *, what: str, aware: datetime, scope: Scope, by: str) -> Breach:
    """Open a case, and tell the businesses that the document names and that handed in what was open."""
    case = company.gate.report_breach(what=what, aware=aware, scope=scope, by=by)
    tell_keepers(company, company.gate.tell_parties(number=case.number, by=by), frozenset(), by)
    return company.gate.breach(number=case.number)


def look_again(company: Company, *, number: str, scope: Scope, by: str) -> Breach:
    """Find out anew whom a breach affects, and tell the businesses that come in by that."""
    before = frozenset(tag for tag, _ in company.gate.breach(number=number).affected)
    company.gate.look_again(number=number, scope=scope, by=by)
    tell_keepers(company, company.gate.tell_parties(number=number, by=by), before, by)
    return company.gate.breach(number=number)


def tell_keepers(company: Company, case: Breach, before: frozenset[str], by: str) -> int:
    """Write to whoever looks after a group whose people are affected, where the document tells that role.

    ``before`` were affected already, so that their groups' keepers know.  Returns how many were written to.
    """
    roles = {r.name for r in company.policy.of(Role)}
    if not any(roles & set(rule.tells) for rule in company.policy.of(Rule)):
        return 0
    known = {k for tag in before for k in _keepers(company, tag)}
    new = {k for tag, _ in case.affected if tag not in before for k in _keepers(company, tag)} - known
    data = ", ".join(notices.named(company.policy, case.data))
    subject, text = KEEPER[0], KEEPER[1].format(what=case.what, data=data, number=case.number)
    told = sum(company.inform(subject, text, person=keeper) is not None for keeper in sorted(new))
    if told:
        company.gate.keepers_told(number=case.number, by=by, many=told)
    return told


def _keepers(company: Company, tag: str) -> frozenset[int]:
    person = company.gate.tagged(tag=tag)
    fellows = company.gate.fellows(person=person) if person is not None else ()
    return frozenset(f for f in fellows if company.gate.fact_holds(person=f, name=ADMIN))


def tell_people(company: Company, *, number: str, by: str) -> Breach:
    """Send each person affected their own notice, once; people without an address are left to the posting."""
    case = company.gate.breach(number=number)
    people = company.gate.people_to_tell(number=number)
    if case.done("people told"):
        return case
    data = dict(case.affected)
    told = 0
    for person in people:
        subject, text = notices.to_people(
            case, house(company), company.policy, data[company.gate.tag(person=person)], _tongue(company)
        )
        try:
            told += company.inform(subject, text, person=person) is not None
        except TrothError:
            continue
    return company.gate.people_told(number=number, by=by, many=told)


def tell_held(company: Company) -> int:
    """Let the messages leave whose delay is over; return of how many breaches."""
    numbers = company.gate.held_over()
    for number in numbers:
        tell_people(company, number=number, by="the end of the delay")
    return len(numbers)


def house(company: Company) -> notices.House:
    """Return who answers, with what ``site.toml`` puts where the document leaves room."""
    said = json.loads(company.published["notice.json"])["controllers"]
    first = said[0] if said else {}
    words = ("contact", "officer", "authority", "address")
    return notices.House(str(first.get("name", company.title)), *(str(first.get(w, "")) for w in words))


def drafts(company: Company, case: Breach) -> tuple[str, str, str]:
    """Return the notice to the authority, and subject and text of the one to people, as they stand now."""
    who, language = house(company), _tongue(company)
    subject, text = notices.to_people(case, who, company.policy, case.data, language)
    return notices.to_authority(case, who, company.policy, language), subject, text


def postings(company: Company) -> tuple[Breach, ...]:
    """Return the breaches that are posted on the site for everybody."""
    return company.gate.postings()


def _tongue(company: Company) -> str:
    return company.policy.language
