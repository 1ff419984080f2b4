"""Correcting: a correction is written, or waits for its check; an address that must be proved is written to.

The message goes to the new address, since it is the one in doubt; the old one stays in use until the link in
it was pressed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.gate.values import Asked, Receipt
from troth.gate.verify import LINK, Proposal
from troth.runtime.tongue import said_to

if TYPE_CHECKING:
    from troth.runtime.company import Company

TEXT = (
    "You, or somebody, gave this address to {company} in the place of another. Is it yours? Then press the "
    "button here:\n{link}\n\nUntil then the old one stays in use. If it was not you, do nothing."
)
EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Corrected:
    """What became of a correction: the receipt of a child that was found, and what waits for its check."""

    gone: Receipt | None = None
    waits: tuple[Proposal, ...] = ()


def correct(company: Company, *, person: int, rid: int, body: Mapping[str, object]) -> Corrected:
    """Correct a record as far as nothing has to be checked first; raise as the gate does."""
    now, waits = company.gate.propose(person=person, rid=rid, body=body)
    for one in (w for w in waits if w.token):
        say = said_to(company, person)
        link = f"{company.base_url}/{company.name}/case/{one.token}"
        text = say(TEXT, company=company.title, link=link)
        company.send(one.address, say("Is this address yours?"), text, person=person, unproved=True)
    gone = company.gate.correct(person=person, rid=rid, body=now) if now or not waits else None
    return Corrected(gone, waits)


def confirmed(company: Company, person: int, asked: Asked) -> bool:
    """Write the address that its link has just proved; say whether the request was about one."""
    said = company.gate.proposal(person=person, number=asked.number)
    if said.get("by") != LINK:
        return False
    company.gate.settle(person=person, number=asked.number, holds=True, by=LINK)
    for value in map(str, said["fields"].values()):
        if "@" in value:
            company.gate.identify(person=person, kind=EMAIL, value=value, verified=True)
    return True
