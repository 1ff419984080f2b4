"""Issues: the company's own letters to its business contacts: a newsletter, a mail about its product.

Each contact is asked of the document by itself, and the report says why who got nothing.  INVARIANT (a way
out): every letter names its sender and carries one link that stops this kind of letter and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.carriers import Mail
from troth.policy.model import Data, Policy, Purpose
from troth.runtime.reaching import became
from troth.services.trackers import apart
from troth.terms import Action, Allowed, Permit, Refused, Request, TrothError, Unsaid

if TYPE_CHECKING:
    from troth.runtime.company import Company

MARKETING = "direct marketing"
UNKNOWN = "no record"


class NoIssue(TrothError):
    """No such letter can be written here."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a letter: how many left, and each address that got none with its reason."""

    sent: int
    skipped: tuple[tuple[str, str], ...] = ()


def contacts_for(policy: Policy, purpose: str) -> tuple[Data, str] | None:
    """Return the category and field with which the site's contacts are written to for a purpose."""
    area = apart(policy)
    found = next((p for p in policy.of(Purpose) if p.name == purpose), None)
    touched = {u.data for b in found.bases for u in b.uses} if found and MARKETING in found.marks else set()
    for data in policy.of(Data):
        field = next((f.name for f in data.fields if f.type == "email"), "")
        if area and data.area == area and data.name in touched and field:
            return data, field
    return None


def issue(company: Company, *, purpose: str, subject: str, text: str, to: Sequence[str] = ()) -> Report:
    """Write to these addresses, or to everybody who may get it; raise ``Refused``."""
    where = contacts_for(company.policy, purpose)
    if where is None:
        data = next((d.name for d in company.policy.of(Data) if d.area == apart(company.policy)), "")
        raise Refused(Unsaid(Request(Action.USE, data, purpose)))
    if not company.base_url:
        raise NoIssue("nobody can be reached back: set base_url, so that a letter can carry its way out")
    each = [
        (address, _write(company, where, purpose, person, subject, text) if person else UNKNOWN)
        for address, person in _recipients(company, where, purpose, to)
    ]
    skipped = tuple((address, why) for address, why in each if why)
    return Report(len(each) - len(skipped), skipped)


def stop_issue(company: Company, *, purpose: str, ticket: str) -> bool:
    """Stop one kind of letter by its link: its consent is taken back, else it is objected to."""
    person = company.gate.holder(ticket=ticket, deed=_deed(purpose))
    found = next((p for p in company.policy.of(Purpose) if p.name == purpose), None)
    if person is None or found is None:
        return False
    consents = [g.name for b in found.bases for g in b.grounds if g.kind == "consent"]
    for name in consents:
        company.gate.consent(person=person, name=name, given=False, channel="message")
    if not consents:
        company.gate.object(person=person, purpose=purpose)
    return True


def _recipients(
    company: Company, where: tuple[Data, str], purpose: str, to: Sequence[str]
) -> Iterable[tuple[str, int | None]]:
    data, field = where
    for address in to:
        yield address, company.gate.find(kind=f"email@{data.area}", value=address)
    if not to:
        rows = company.gate.people_for(data=data.name, purpose=purpose, field=field)
        yield from {held.person: (str(held.body[field]), held.person) for _, held in rows}.values()


def _write(
    company: Company, where: tuple[Data, str], purpose: str, person: int, subject: str, text: str
) -> str:
    """Write one letter; return why it did not leave, '' when it did."""
    data, field = where
    asked = Request(Action.USE, data.name, purpose, field=field)

    def write() -> str:
        decision = company.gate.may(person=person, request=asked)
        if not isinstance(decision, Allowed):
            raise Refused(decision)
        held = company.gate.read(person=person, data=data.name, purpose=purpose, field=field)
        if not held:
            return UNKNOWN
        _post(company, decision.permit, person, purpose, str(held[-1].body[field]), subject, text)
        return ""

    return became(company, "letter", write)


def _post(
    company: Company, permit: Permit, person: int, purpose: str, address: str, subject: str, text: str
) -> None:
    ticket = company.gate.ticket(person=person, deed=_deed(purpose))
    stop = f"{company.base_url}/{company.name}/s/end/{purpose}/{ticket}"
    sender = company.contact.sender if company.contact else ""
    whole = f"{text}\n\n--\n{company.title} wrote this. One click stops these letters:\n{stop}\n"
    kind = f"{purpose}.{company.name}"
    company.outbox(Mail(permit, address, subject, whole, company.clock(), sender, stop, kind, person))


def _deed(purpose: str) -> str:
    return f"end {purpose}"
