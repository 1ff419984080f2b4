"""Polling: asks people by mail to take part in a survey, and nobody twice within a month.

INVARIANT (rarely): who was asked in the last thirty days is not asked again, whichever survey it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from troth.kernel.calendar import local_day
from troth.policy.model import Purpose
from troth.services import Flow
from troth.services.ledger import having
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

PAUSE, ASKED = timedelta(days=30), "polled-on"
SUBJECT = "Would you answer a few questions?"
TEXT = (
    "{title}\n\n{link}\n\nTaking part is up to you, and nothing changes for who does not. You are not asked "
    "again within a month.\nBe asked no more: {stop}\n"
)


class NoPolls(TrothError):
    """The document has no place for when somebody was asked last, so that nobody could be left alone."""

    def __init__(self) -> None:
        super().__init__(f"no category has '{ASKED}'; declare one, so that nobody is asked too often")


@dataclass(frozen=True, slots=True)
class Invited:
    """How many were asked, and how many were left alone since they were asked within the month."""

    sent: int
    held: int


def invite(company: Company, flow: Flow) -> Invited:
    """Ask everybody whose address may be used for it; raise ``NoPolls``."""
    data, where = having(company.policy, ASKED), company.contact
    if data is None or where is None:
        raise NoPolls
    purpose = next(
        p.name
        for p in company.policy.of(Purpose)
        if any(u.data == data.name and not u.reads for b in p.bases for u in b.uses)
    )
    base, sent, held = f"{company.base_url}/{company.name}", 0, 0
    text = TEXT.format(title=flow.title, link=f"{base}/f/{flow.name}", stop=f"{base}/me/choices")
    people = list(company.gate.people_for(data=where.data, purpose=purpose, field=where.field))
    for address in dict.fromkeys(str(h.body[where.field]) for _, h in people if where.field in h.body):
        person = company.gate.find(kind="email", value=address)
        if person is None:
            continue
        if _lately(company, person, data.name):
            held += 1
            continue
        sent += _ask(company, person, address, data.name, purpose, text)
    return Invited(sent, held)


def _lately(company: Company, person: int, data: str) -> bool:
    edge = company.clock() - PAUSE
    return any(h.data == data and h.collected > edge for h in company.gate.access(person=person).held)


def _ask(company: Company, person: int, address: str, data: str, purpose: str, text: str) -> bool:
    try:
        company.send(address, SUBJECT, text, person=person, purpose=purpose)
        company.gate.collect(
            person=person,
            data=data,
            body={ASKED: local_day(company.clock(), company.policy.zone).isoformat()},
            purpose=purpose,
            source="device",
        )
    except TrothError:
        return False
    return True
