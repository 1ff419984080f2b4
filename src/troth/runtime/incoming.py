"""Incoming: what a letter to a mailbox of the document sets going: a no to marketing, a request, a case.

Order matters.  What a machine sent is dropped before anything could answer it (RFC 3834); what a domain
disowns is refused; then the exact subject, which silences the address it came from and says so once; then
rights, which open a case and send a link to the address we know; all else is a question for a person.
INVARIANT (nobody by a letter): a letter by itself tells nothing, erases nothing and makes nobody known here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from troth.carriers import Incoming, Lookup, NotTaken, Verdict, authentic, listening, text_record
from troth.gate.house import MARKETING
from troth.policy.model import RequestDoor, Scope, Span
from troth.runtime.questions import question
from troth.runtime.requests import request
from troth.runtime.tongue import said_to
from troth.services import meant
from troth.services.incoming import Letter, NoLetter, opting_out, read_letter, wanted_subject
from troth.services.letters import complaint, meaning
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

UNDO = "undo silence"
DAY, MANY = timedelta(days=1), 10  # letters of one address that are taken in a day
WRITERS = 5000  # addresses of which one company takes letters in a day; more is no post but an attack
SOON = Span(1, "day")
CONFIRMED = "We leave you alone"
KNOWN = (
    "You asked us to leave you alone with marketing: by e-mail, by telephone and by post. It counts from now "
    "on. Orders, answers and notices reach you all the same.\n\n"
    "Was it not you, or did you think again? Undo it here:\n{link}\n"
)
UNKNOWN = (
    "You asked us to leave you alone with marketing. None goes to this address from now on. We know no "
    "customer by it: if you are one, write from the address we know, so that telephone and post stop too.\n\n"
    "Was it not you, or did you think again? Undo it here:\n{link}\n"
)
SUBJECT_ASKED = 'To refuse all marketing at once, write again with exactly this subject: "{subject}"\n'


@contextmanager
def receiving(
    companies: Sequence[Company], host: str, port: int, *, lookup: Lookup = text_record
) -> Iterator[int]:
    """Take letters in by SMTP for the mailboxes of these companies until the block ends; give the port."""
    boxes: dict[str, Callable[[Incoming], object]] = {}
    for company in companies:
        boxes |= dict.fromkeys(mailboxes(company), partial(receive, company, lookup=lookup))
    with listening(host, port, boxes) as found:
        yield found


def mailboxes(company: Company) -> tuple[str, ...]:
    """Return the mailboxes that the document covers."""
    return tuple(box for scope in company.policy.of(Scope) for box in scope.mailboxes)


def handed(company: Company, *, raw: bytes, mailbox: str, returns: str, result: str = "") -> str:
    """Take a letter in that a mail provider hands over; ``result`` is what it found of DMARC, if it looked.

    Raises ``NotTaken``, also for a mailbox that the document does not cover.
    """
    if mailbox.lower() not in mailboxes(company):
        raise NotTaken("the document covers no such mailbox", "550 5.1.1")
    verdict = Verdict(result, forbids=True) if result else None
    return receive(company, Incoming(raw, mailbox.lower(), returns), verdict=verdict)


def receive(
    company: Company, one: Incoming, *, verdict: Verdict | None = None, lookup: Lookup = text_record
) -> str:
    """Take a letter in and say in a word what became of it; raise ``NotTaken``."""
    letter = _read(one)
    if letter.automatic:
        return "dropped"
    _pace(company, letter)
    found = verdict or authentic(one.raw, letter.sender.rpartition("@")[2], lookup)
    if found.result == "fail" and found.forbids:
        raise NotTaken("the sender's domain says that this mail is not its own", "550 5.7.26")
    return take(company, letter)


def _pace(company: Company, letter: Letter) -> None:
    """Refuse until tomorrow an address that wrote too often today."""
    now, seen = company.clock(), company.writers
    for address in [a for a, times in list(seen.items()) if now - times[-1] > DAY]:
        seen.pop(address, None)
    if letter.sender not in seen and len(seen) >= WRITERS:
        raise NotTaken("too many letters today", "450 4.7.1")
    times = seen.setdefault(letter.sender, deque(maxlen=MANY))
    if len(times) == MANY and now - times[0] <= DAY:
        raise NotTaken("too many letters from this address today", "450 4.7.1")
    times.append(now)


def take(company: Company, letter: Letter) -> str:
    """Do what a letter asks for; ``letter`` was written by a person and is not disowned by its domain."""
    if opting_out(company.policy, letter):
        return _silence(company, letter)
    words = f"{letter.subject}\n{letter.text}".strip()
    right = meant(words)
    if right == "complain" and (door := complaint(company.policy, words)):
        return _case(company, letter, words, door)
    if right:
        about = meaning(company.policy, words) if right == "object" else ""
        asked = request(
            company, address=letter.sender, right=right, channel="mail", about=about, answers=letter.number
        )
        return "asked" if asked else "who"
    return _case(company, letter, words, "question")


def undo(company: Company, ticket: str) -> bool:
    """Lift a silence by the link that confirmed it; False for a link that is none."""
    person = company.gate.holder(ticket=ticket, deed=UNDO)
    if person is None:
        return False
    company.gate.lift_silence(person=person)
    where = company.contact
    for held in company.gate.access(person=person).held:
        if where and held.data == where.data and (address := str(held.body.get(where.field, ""))):
            nobody = company.gate.silence(kind="email", value=address)
            if nobody is not None:
                company.gate.lift_silence(person=nobody)
    if MARKETING in company.gate.access(person=person).objections:
        company.gate.object(person=person, purpose=MARKETING, given=False, channel="mail")
    return True


def undoable(company: Company, ticket: str) -> bool:
    """Say whether a link that undoes a silence leads anywhere."""
    return company.gate.holder(ticket=ticket, deed=UNDO) is not None


def _read(one: Incoming) -> Letter:
    try:
        return read_letter(one.raw, mailbox=one.mailbox, returns=one.returns)
    except NoLetter as no:
        raise NotTaken(str(no), "550 5.6.0") from None


def _silence(company: Company, letter: Letter) -> str:
    """Leave an address alone, and the customer it belongs to; say so once, with the way back."""
    gate, address = company.gate, letter.sender
    before = gate.silenced(kind="email", value=address)
    nobody = gate.silence(kind="email", value=address)
    person = gate.find(kind="email", value=address)
    if person is not None:
        before = before and MARKETING in gate.access(person=person).objections
        gate.object(person=person, purpose=MARKETING, channel="mail")
    whose = person if person is not None else nobody
    if before or whose is None:
        return "silenced"
    ticket = gate.ticket(person=whose, deed=UNDO)
    link = f"{company.base_url}/{company.name}/undo/{ticket}"
    say = said_to(company, person)
    text = say(UNKNOWN if person is None else KNOWN, link=link)
    company.send(address, say(CONFIRMED), text, answers=letter.number)
    return "silenced"


def _case(company: Company, letter: Letter, words: str, door: str) -> str:
    """Open a case for a person to answer; who seems to opt out is told the subject that does it at once."""
    if not any(d.name == door for d in company.policy.of(RequestDoor)):
        raise NotTaken("the document opens no door for this; its notice says which there are")
    subject = (
        wanted_subject(company.policy, letter.mailbox) if not letter.text.strip() or _stop(words) else ""
    )
    say = said_to(company, company.gate.find(kind="email", value=letter.sender))
    hint = say(SUBJECT_ASKED, subject=subject) if subject else ""
    try:
        question(
            company,
            address=letter.sender,
            text=words[:8000] or "(no text)",
            channel="mail",
            door=door,
            within=SOON if subject else None,
            hint=hint,
            answers=letter.number,
        )
    except TrothError as error:
        raise NotTaken(f"it could not be taken in: {error}", "450 4.3.0") from None
    return door


def _stop(words: str) -> bool:
    return any(word in words.casefold() for word in ("stop", "opt-out", "opt out", "unsubscribe", "reserv"))
