"""Issues: the company's own letters about itself: to its business contacts, and to the people it serves.

Each address is asked of the document by itself, and the report says why who got nothing.  INVARIANT (a way
out): every letter names its sender and carries one link that stops this kind of letter and no other; where
the document has a mailbox and a subject for that, the letter says them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.carriers import Mail
from troth.policy.model import Consent, Data, OptOut, Policy, Purpose
from troth.runtime.wording import word
from troth.services.trackers import apart
from troth.terms import Action, Allowed, Refused, Request, TrothError, Unsaid

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
    return next((found for found in _addresses(policy, purpose) if area and found[0].area == area), None)


def people_for(policy: Policy, purpose: str) -> tuple[Data, str] | None:
    """Return the category and field with which the people served are written to for a marketing purpose.

    None where the purpose is a party's, whose letters are campaigns.
    """
    per = {c.name for c in policy.of(Consent) if c.per}
    asked = {g.name for p in policy.of(Purpose) if p.name == purpose for b in p.bases for g in b.grounds}
    return next(iter(_addresses(policy, purpose)), None) if not asked & per else None


def _addresses(policy: Policy, purpose: str) -> Iterator[tuple[Data, str]]:
    """Yield the addresses that a marketing purpose touches."""
    found = next((p for p in policy.of(Purpose) if p.name == purpose), None)
    touched = {u.data for b in found.bases for u in b.uses} if found and MARKETING in found.marks else set()
    for data in policy.of(Data):
        field = next((f.name for f in data.fields if f.type == "email"), "")
        if data.name in touched and field:
            yield data, field


def issue(
    company: Company,
    *,
    purpose: str,
    subject: str = "",
    text: str = "",
    to: Sequence[str] = (),
    message: str = "",
) -> Report:
    """Write to these addresses, or to everybody who may get it; raise ``Refused``.

    ``message`` is one of the company's own, in the wording that its rules pick for each.
    """
    where = contacts_for(company.policy, purpose) or people_for(company.policy, purpose)
    if message and (message not in company.messages or company.messages[message].purpose != purpose):
        raise NoIssue("the company's folder has no such message for this purpose")
    if where is None:
        data = next((d.name for d in company.policy.of(Data) if d.area == apart(company.policy)), "")
        raise Refused(Unsaid(Request(Action.USE, data, purpose)))
    if not company.base_url:
        raise NoIssue("nobody can be reached back: set base_url, so that a letter can carry its way out")
    became = [
        (address, _write(company, where, purpose, person, _said(company, person, message, subject, text)))
        if person
        else (address, UNKNOWN)
        for address, person in _recipients(company, where, purpose, to)
    ]
    skipped = tuple((address, why) for address, why in became if why)
    return Report(len(became) - len(skipped), skipped)


def stop_issue(company: Company, *, purpose: str, ticket: str) -> bool:
    """Stop one kind of letter by its link: its consent is taken back, else it is objected to."""
    person = company.gate.holder(ticket=ticket, deed=_deed(purpose))
    found = next((p for p in company.policy.of(Purpose) if p.name == purpose), None)
    if person is None or found is None:
        return False
    grounds = [g for b in found.bases for g in b.grounds]
    for name in (g.name for g in grounds if g.kind == "consent"):
        if company.gate.access(person=person).consents().get(name):
            company.gate.consent(person=person, name=name, given=False, channel="message")
    if any(g.kind != "consent" for g in grounds):
        company.gate.object(person=person, purpose=purpose, channel="message")
    return True


def _recipients(
    company: Company, where: tuple[Data, str], purpose: str, to: Sequence[str]
) -> Iterable[tuple[str, int | None]]:
    data, field = where
    kind = f"email@{data.area}" if data.area and data.area == apart(company.policy) else "email"
    for address in to:
        yield address, company.gate.find(kind=kind, value=address)
    if not to:
        rows = company.gate.people_for(data=data.name, purpose=purpose, field=field)
        yield from {held.person: (str(held.body[field]), held.person) for _, held in rows}.values()


def _said(company: Company, person: int, message: str, subject: str, text: str) -> tuple[str, str]:
    """Return subject and text for one person, in the wording that a rule picks; empty when none is theirs."""
    if not message:
        return subject, text
    said = company.messages[message]
    variant = word(company, said, person, "")
    return (said.title, variant.text) if variant else ("", "")


def _ways_out(company: Company, purpose: str, stop: str) -> str:
    """Say how this kind of letter ends: by the link, and by the document's own mailbox and subject."""
    lines = [f"{company.title} wrote this. One click stops these letters:", stop]
    for door in (d for d in company.policy.of(OptOut) if purpose in d.purposes):
        boxes = [said for kind, said in door.ways if kind == "email"]
        subject = next((said for kind, said in door.ways if kind == "subject"), "")
        if boxes and subject:
            lines += [f'To stop all marketing, write to {" or ".join(boxes)} with the subject "{subject}".']
    return "\n".join(lines)


def _write(
    company: Company, where: tuple[Data, str], purpose: str, person: int, said: tuple[str, str]
) -> str:
    """Write one letter; return why it did not leave, '' when it did."""
    data, field = where
    asked = Request(Action.USE, data.name, purpose, field=field)
    decision = company.gate.may(person=person, request=asked)
    if not isinstance(decision, Allowed):
        company.gate.refused(decision=decision, by="letter")
        return ", ".join(getattr(decision, "missing", ())) or "refused"
    held = company.gate.read(person=person, data=data.name, purpose=purpose, field=field)
    subject, text = said
    if not held or not text:
        return UNKNOWN if not held else "nothing to send"
    ticket = company.gate.ticket(person=person, deed=_deed(purpose))
    page = "s/end" if data.area and data.area == apart(company.policy) else "end"
    stop = f"{company.base_url}/{company.name}/{page}/{purpose}/{ticket}"
    sender = company.contact.sender if company.contact else ""
    whole = f"{text}\n\n--\n{_ways_out(company, purpose, stop)}\n"
    kind = f"{purpose}.{company.name}"
    company.outbox(
        Mail(
            decision.permit,
            str(held[-1].body[field]),
            subject,
            whole,
            company.clock(),
            sender,
            stop,
            kind,
            person,
        )
    )
    return ""


def _deed(purpose: str) -> str:
    return f"end {purpose}"
