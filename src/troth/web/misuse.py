"""Misuse: what looks like a stranger at somebody's account is written down for security, and told the person.

Where the document keeps findings of misuse (a purpose of security or against fraud that ``uses`` a category
with a field ``reason``, from a device or by use), one is kept; where it lets us write, the person hears at
once and what to do.  A refusal of either stops nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from troth.policy.model import Data, Policy, Purpose
from troth.runtime import Company
from troth.terms import TrothError
from troth.web import tongue
from troth.web.confirming import tongue_of
from troth.web.tries import Tries

KINDS = ("dpv:FraudPreventionAndDetection", "dpv:EnforceSecurity")
GUESSED = "many wrong passwords within minutes"
CODES = "many wrong codes within minutes"
MOVED = "a session's cookie came from another browser"
FORGED = "a session's cookie was changed"


def found(company: Company, person: int, reason: str) -> None:
    """Keep a finding of misuse, and tell its person."""
    where = finding_of(company.policy)
    if where is not None:
        data, purpose, source = where
        try:
            body = {"reason": reason}
            company.gate.collect(person=person, data=data, body=body, purpose=purpose, source=source)
        except TrothError:
            pass  # what may not be kept is told all the same
    say = tongue.speaker(tongue_of(company, person, company.policy.language))
    text = say(
        "Somebody may be trying to get into your account: {what}. If it was you, nothing is to be done. If "
        "it was not, sign in with a code by mail, choose another password and end all others:\n{link}",
        what=say(reason),
        link=f"{company.base_url}/{company.name}/me/account",
    )
    if reason in (GUESSED, CODES):
        was_me = say("It was me: open the door again")
        text += f"\n\n{was_me}: {company.base_url}/{company.name}/was-me/{ticket(company, person)}"
    notify(company, person, say("Is somebody at your account?"), text)


def ticket(company: Company, person: int) -> str:
    """Return the secret of a link, good for one day, by which somebody says that wrong tries were theirs."""
    at = f"{company.clock():%Y%m%d%H%M}"
    return f"{at}-{company.gate.ticket(person=person, deed=f'was me {at}')}"


def holder(company: Company, secret: str) -> int | None:
    """Return whose link it is; None for one that is forged, or older than a day."""
    at, _, rest = secret.partition("-")
    try:
        made = datetime.strptime(at, "%Y%m%d%H%M").replace(tzinfo=company.clock().tzinfo)
    except ValueError:
        return None
    fresh = timedelta(0) <= company.clock() - made < timedelta(days=1)
    return company.gate.holder(ticket=rest, deed=f"was me {at}") if fresh else None


def wrong_code(company: Company, tries: Tries, mail: str, place: str) -> None:
    """Count a wrong sign-in code; the one that makes guessing plain is a finding about its account."""
    if tries.note(company.name, f"code {mail}", place, company.clock()):
        person = company.gate.find(kind="email", value=mail)
        if person is not None:
            found(company, person, CODES)


def notify(company: Company, person: int, subject: str, text: str, address: str = "") -> None:
    """Write a notice of security to a person's proved address; a refusal sends nothing.

    ``address`` is one they came in by, for who has told us none to keep.
    """
    where = company.contact
    if where is None or not company.gate.proved(person=person, kind="email"):
        return
    try:
        held = company.gate.read(person=person, data=where.data, purpose=where.purpose, field=where.field)
        for to in [str(one.body[where.field]) for one in held[-1:]] or [address] * bool(address):
            company.send(to, subject, text, person=person)
    except TrothError:
        return


def finding_of(policy: Policy) -> tuple[str, str, str] | None:
    """Return the category of findings, the purpose for which they are kept and how they arise."""
    kept = {
        d.name: source
        for d in policy.of(Data)
        for source in ("device", "use")
        if source in d.sources and any(f.name == "reason" for f in d.fields)
    }
    for purpose in (p for p in policy.of(Purpose) if p.dpv in KINDS):
        for use in (u for b in purpose.bases for u in b.uses):
            if use.data in kept and not use.reads:
                return use.data, purpose.name, kept[use.data]
    return None
