"""Moments: tells the gate when a person did something, for the clocks that count from it.

Only the moments that the document knows are told; a message that arrives is none (only an act of the person's
own is).  One page after another does not write each time: once a minute is enough for clocks of days.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from troth.policy.model import Change, Event, Fact
from troth.runtime import Company
from troth.web.sessions import Session

PAUSE = timedelta(minutes=1)


def moved(company: Company, person: int, *names: str) -> None:
    """Tell the gate that these moments happened now, as far as the document counts from them."""
    known = {e.name for e in company.policy.of(Event)}
    counted = {s for f in company.policy.of(Fact) for s in (*f.starts, *(e[2] for e in f.ends))}
    for name in names:
        if name in known | counted:
            company.gate.event(person=person, name=name)


def today(company: Company) -> date:
    """Return the day it is where the company is."""
    return company.clock().astimezone(ZoneInfo(company.policy.zone)).date()


def open_account(company: Company, address: str) -> int | None:
    """Return who signs in by this address; None for nobody, and for one whose account is closed."""
    person = company.gate.find(kind="email", value=address)
    return person if person is not None and company.gate.closed(person=person) is None else None


def used(company: Company, session: Session) -> None:
    """Note that a signed-in person is here, at most once a minute."""
    now = company.clock()
    if session.person is None or (session.touched is not None and now - session.touched < PAUSE):
        return
    first = session.touched is None
    session.touched = now
    moved(company, session.person, *(("first-request",) if first else ()), "request", "last-use")
    if first:
        going_on(company, session.person)


def going_on(company: Company, person: int) -> None:
    """Note, once a version, that somebody goes on using the service under it.

    That accepts our terms and is no consent: what needs one waits for it (GDPR Art. 4(11)).  A document that
    wants a version accepted before anything goes on has nothing of the kind noted.
    """
    policy = company.policy
    changes, since = tuple(policy.of(Change)), policy.since
    if since is None or not changes or any(c.accept_before for c in changes):
        return
    access = company.gate.access(person=person)
    names = {a.name for a in access.acts if a.kind == "notice" and a.given}
    here = min((h.collected.date() for h in access.held), default=since)
    if here < since and not {policy.version, f"used {policy.version}"} & names:
        company.gate.note_notice(person=person, version=policy.version, how="used")
