"""Announcing: a version that is coming is mailed ahead to everybody whom it means something to, once each.

So is what a law or a contract has us tell; marketing goes another way and is refused here.
INVARIANT (once): who was told of a version is not told of it again, however often it is announced.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from troth.kernel.calendar import step
from troth.policy.model import Change, Purpose
from troth.runtime.editions import Changed, Edition, changed, material
from troth.runtime.requests import authority
from troth.services.classes import offers
from troth.services.purchases import read_purchases
from troth.terms import Refused, TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

MARKETING = "direct marketing"
TEXT = (
    "From {day} on, {company} treats your data by a new version of its notice. What changes:\n\n{changes}\n\n"
    "The whole text: {link}\n\nYou can see, take along, correct and delete what is yours at any time, before "
    "and after.{authority}"
)


class NotAnnounced(TrothError):
    """It cannot be announced, and nothing was sent."""


@dataclass(frozen=True, slots=True)
class Announced:
    """How many were written to, and what changes; nobody is for a change of words alone."""

    people: int
    changes: tuple[Changed, ...] = ()


def announce(company: Company, version: str) -> Announced:
    """Write to everybody with an account that a version is coming; raise ``NotAnnounced`` when too late."""
    now, today = Edition(company.policy, company.document), _today(company)
    coming = next((e for e in company.editions if e.version == version and e.since > today), None)
    if coming is None:
        raise NotAnnounced(f"versions/ holds no version '{version}' that is still to come")
    changes = changed(now, coming)
    if not material(changes):
        return Announced(0, changes)
    ahead = next((c.days_before for c in company.policy.of(Change) if c.days_before), None)
    if ahead is not None and step(today, ahead) > coming.since:
        raise NotAnnounced(f"it is told {ahead} before (in force on {coming.since}); let it begin later")
    text = TEXT.format(
        day=f"{coming.since.day} {coming.since:%B %Y}",
        company=company.title,
        changes="\n".join(f"- §{c.ref} {c.title}: {c.how}" for c in changes),
        link=f"{company.base_url}/{company.name}/privacy/{version}",
        authority=authority(company),
    )
    told = 0
    for person, address in _reached(company, company.contact.purpose if company.contact else ""):
        if any(a.name == f"told {version}" for a in company.gate.access(person=person).acts):
            continue
        if _sent(company, person, address, f"A new version of our notice from {coming.since}", text):
            company.gate.note_notice(person=person, version=version, how="told")
            told += 1
    return Announced(told, changes)


def tell_all(company: Company, *, purpose: str, subject: str, text: str, having: str = "") -> Announced:
    """Write to everybody whom a purpose lets us write to; raise ``NotAnnounced`` for marketing or an offer.

    ``having``: only those who bought this, and all who are in an organisation with one of them.
    """
    found = next((p for p in company.policy.of(Purpose) if p.name == purpose), None)
    if found is None:
        raise NotAnnounced("purpose: the document has no such purpose")
    if MARKETING in found.marks:
        raise NotAnnounced(
            f"'{purpose}' is marketing ({found.clause}): it goes as a campaign, with its way out"
        )
    if offers(text):
        raise NotAnnounced(f"'{purpose}' cannot be refused, so its message carries no offer; take it out")
    people = [(p, address) for p, address in _reached(company, purpose)]
    if having:
        owners = _having(company, purpose, having)
        people = [(p, address) for p, address in people if _of(company, p) & owners]
    return Announced(sum(_sent(company, p, address, subject, text, purpose) for p, address in people))


def _having(company: Company, purpose: str, thing: str) -> frozenset[object]:
    """Return who bought a thing, as persons and as the organisations that they are in."""
    words = read_purchases(company.site)
    (data, _, field), product = words.bought.partition("."), words.product(thing)
    if not field or product is None:
        raise NotAnnounced(f"'{thing}' is nothing that [purchases] in site.toml sells and notes")
    rows = company.gate.people_for(data=data, purpose=purpose, field=field)
    owners = [held.person for _, held in rows if held.body.get(field) == product.title]
    return frozenset[object]().union(*(_of(company, person) for person in owners))


def _of(company: Company, person: int) -> frozenset[object]:
    """Return a person with the number of their organisation, if they are in one."""
    found = company.gate.group(person=person)
    return frozenset({person, *([found.number] if found else [])})


def _reached(company: Company, purpose: str) -> Iterator[tuple[int, str]]:
    """Yield everybody whose address the purpose may use now, once each, by the last address held."""
    where = company.contact
    if where is None:
        return
    found = company.gate.people_for(data=where.data, purpose=purpose, field=where.field)
    latest = {held.person: str(held.body[where.field]) for _, held in found}
    for person, address in latest.items():
        if company.gate.closed(person=person) is None:
            yield person, address


def _sent(company: Company, person: int, address: str, subject: str, text: str, purpose: str = "") -> bool:
    try:
        company.send(address, subject, text, person=person, purpose=purpose)
    except (TrothError, Refused):
        return False
    return True


def _today(company: Company) -> date:
    return company.clock().astimezone(ZoneInfo(company.policy.zone)).date()
