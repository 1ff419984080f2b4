"""Account: opening one, coming in by its password, and another password in its place.

What a page and the API do alike stands here.  The words are the same for an address that is known and one
that is not, and so is the time.  INVARIANT (typing opens nothing): an account counts from the yes of its
address's owner; until then its password lets nobody in.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from troth.gate.errors import BadBody
from troth.runtime import Company
from troth.services import question
from troth.services.accounts import Account, account_of
from troth.terms import Action, Request, TrothError, Unsaid
from troth.web import misuse, tongue
from troth.web.confirming import ask, tongue_of
from troth.web.moments import moved, open_account
from troth.web.sessions import Session, Sessions

TOGETHER = timedelta(minutes=1)  # two devices that come in so close to one another are told of


class NoAccounts(TrothError):
    """The document gives nobody an account with a password."""

    def __init__(self) -> None:
        super().__init__("nobody opens an account with a password here; come in by a code")


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody sent who wants an account; ``refused`` are purposes, ``agreed`` consents."""

    address: str = field(repr=False)
    password: str = field(repr=False)
    fields: Mapping[str, str] = field(repr=False)
    refused: Collection[str] = ()
    agreed: Collection[str] = ()
    language: str = ""
    channel: str = "page"


def form_of(company: Company) -> Account:
    """Return what an account takes here; raise ``NoAccounts``."""
    found = account_of(company.policy)
    if found is None or not found.opens or company.contact is None:
        raise NoAccounts
    return found


def open_(company: Company, sent: Opening) -> None:
    """Begin an account and ask its address's owner; raise ``BadBody`` for the first field that will not do.

    To an address that has an account already goes a word about that, and nothing is begun.
    """
    account, where = form_of(company), company.contact
    assert where is not None
    body = _body(company, account, sent)
    company.gate.fits(data=where.data, body={where.field: sent.address})
    company.gate.fits(data=account.data, body=body, about=(sent.address,))
    say = tongue.speaker(sent.language or company.policy.language)
    if open_account(company, sent.address) is not None:
        link = f"{company.base_url}/{company.name}/signin"
        text = say(
            "Somebody, perhaps you, wanted to open an account with this address. It has one already.\n"
            "Sign in, with your password or with a code: {link}",
            link=link,
        )
        company.send(sent.address, say("You have an account already"), text)
        return
    person = _begun(company, account, sent, body)
    ask(company, person, sent.address, sent.language or company.policy.language)


def _body(company: Company, account: Account, sent: Opening) -> dict[str, object]:
    known = {f.name for f in account.fields}
    for name in sent.fields:
        if name not in known:
            asked = Request(Action.COLLECT, account.data, account.purpose, field="", source="person")
            company.gate.refused(decision=Unsaid(asked, ()), by="sign-up")
            raise BadBody(account.data, name, "the document declares no such field for an account")
    said = {n: v.strip() for n, v in sent.fields.items()}
    missing = next((f.name for f in account.fields if not said.get(f.name)), "")
    if missing or not sent.password:
        raise BadBody(account.data, missing or account.password, "is needed to open an account")
    return {**said, account.password: sent.password, **{n: str(uuid.uuid4()) for n in account.drawn}}


def _begun(company: Company, account: Account, sent: Opening, body: Mapping[str, object]) -> int:
    gate, where = company.gate, company.contact
    assert where is not None
    person = gate.new_person()
    moved(company, person, "first-request", "request")
    contact = {where.field: sent.address}
    gate.collect(person=person, data=where.data, body=contact, purpose=account.purpose, source="person")
    gate.collect(person=person, data=account.data, body=body, purpose=account.purpose, source="person")
    for purpose in (p.name for p in account.refuse if p.name in sent.refused):
        gate.object(person=person, purpose=purpose)
    for consent in (c.name for c in account.agree if c.name in sent.agreed):
        gate.consent(
            person=person,
            name=consent,
            given=True,
            text=question(company.policy, company.parties, consent),
            language=sent.language,
            channel=sent.channel,
        )
    gate.accept_notice(person=person, version=company.policy.version)
    if gate.find(kind="email", value=sent.address) is None:
        gate.identify(person=person, kind="email", value=sent.address)
    return person


def by_password(
    company: Company, sessions: Sessions, address: str, password: str, place: str, now: datetime
) -> tuple[str, int | None]:
    """Return ``right`` with who it is, else ``wrong``, ``held``, or ``unproved`` while the address is not.

    The tenth wrong one within five minutes is a finding of misuse.
    """
    if sessions.tries.held(company.name, address, place, now) or sessions.alarm.shut(
        company.name, place, now
    ):
        return "held", None
    person = open_account(company, address)
    if not company.gate.knows(person=person, password=password) or person is None:
        guessing = sessions.tries.note(company.name, address, place, now)
        sessions.alarm.note(company, place, now)
        if guessing and person is not None:
            misuse.found(company, person, misuse.GUESSED)
        return "wrong", None
    if company.gate.is_given(person=person):  # it was sent to this address, and nobody else has read it
        company.gate.identify(person=person, kind="email", value=address, verified=True)
    if not company.gate.proved(person=person, kind="email"):
        return "unproved", None
    sessions.tries.forgive(company.name, address, place)
    return "right", person


def came_in(company: Company, sessions: Sessions, session: Session) -> None:
    """Tell a person of a sign-in from a browser never seen before, if another one was, and of a second one
    within a minute of another: perhaps two people have one password."""
    person, browser = session.person, session.browser
    if person is None or not browser:
        return
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    link = f"{company.base_url}/{company.name}/me/account"
    new = company.gate.seen_from(person=person, name=browser)
    others = (s for s in sessions.of(company.name, person) if s.browser != browser)
    other = next((s.browser for s in others if s.browser and abs(session.since - s.since) <= TOGETHER), "")
    if other:
        text = say(
            "Within one minute your account was opened from two devices: {browser} and {other}. If both are "
            "yours, nothing is to be done. A password is for one person alone: colleagues get accounts of "
            "their own. If somebody else knows yours, choose another one:\n{link}",
            browser=browser,
            other=other,
            link=link,
        )
        misuse.notify(company, person, say("Two devices at your account"), text)
    elif new:
        text = say(
            "Your account was opened from a browser that we had not seen before: {browser}. If it was you, "
            "nothing is to be done. If it was not, end that session and choose another password:\n{link}",
            browser=browser,
            link=link,
        )
        misuse.notify(company, person, say("A new browser at your account"), text)


def give(company: Company, person: int, address: str) -> None:
    """Send a password to begin with to an address; its person chooses another one when they first come in.

    Raises ``BadBody`` where the document knows no such passwords, or the person has one.
    """
    moved(company, person, "first-request")
    word = company.gate.give_password(person=person)
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    text = say(
        "This password lets you in for one day: {word}\nThen you choose one of your own, which "
        "nobody else knows, not even we:\n{link}",
        word=word,
        link=f"{company.base_url}/{company.name}/signin",
    )
    company.send(address, say("Your password to begin with"), text, person=person, unproved=True)


def change(company: Company, sessions: Sessions, own: Session, password: str) -> None:
    """Put a new password in place; every other stay ends, and the person is told.  Raise ``BadBody``."""
    person = own.person
    assert person is not None
    company.gate.change_password(person=person, password=password)
    company.gate.end_browsers(person=person)
    sessions.end_others(company.name, person, own.token)
    own.must_choose = False
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    text = say(
        "The password of your account was changed, and every other session has ended. If it was not you, "
        "sign in with a code by mail and choose another one:\n{link}",
        link=f"{company.base_url}/{company.name}/me/account",
    )
    misuse.notify(company, person, say("Your password was changed"), text, own.mail)
