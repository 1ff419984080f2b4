"""Campaigns: one message of one party to everybody who said yes to it, asked again as each leaves.

A campaign is planned first: the document and what the party has instructed must let it go, else it is refused
and cites what is missing.  INVARIANT (the last word counts): whoever was queued is asked again at the moment
of sending, so that a no in between stops the message that already waits.  What is planned lives as long as
this process; a restart sends nothing twice, and nothing late.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from troth.policy.model import Consent, Policy, Purpose
from troth.runtime.pacing import heard, paced
from troth.runtime.wording import way_out, word
from troth.terms import Action, Allowed, Clause, Refused, Request, State, TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company, Contact

GROWN = 120  # years; whoever is assumed in a plan is of age
KEPT = 200  # campaigns remembered; the oldest goes first
MARKETING = "direct marketing"


class NoCampaign(TrothError):
    """There is no such campaign, or none can be made of this."""


@dataclass(frozen=True, slots=True)
class Sender:
    """By which consent, for which purpose, members of which class of parties may write to people."""

    party: str
    consent: str
    purpose: str

    def word(self, member: str) -> str:
        """Return the consent as a person gives it to one member."""
        return f"{self.consent}({member})"


@dataclass(frozen=True, slots=True)
class Campaign:
    """One message to many.  ``version`` is that of the instructions it goes under, ``sent`` how many left."""

    number: str
    sender: Sender
    member: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    at: datetime
    version: int
    clauses: tuple[Clause, ...]
    queued: int = 0
    sent: int | None = None
    held: tuple[tuple[str, int], ...] = ()  # why how many did not leave after all
    done: datetime | None = None
    message: str = ""  # the company's own message whose wordings rules pick; '' for a plain text


@dataclass(slots=True)
class Desk:
    """The campaigns of one company and who is queued for each; one is sent once."""

    campaigns: dict[str, Campaign] = field(default_factory=dict)
    queues: dict[str, tuple[int, ...]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)


def senders(policy: Policy) -> tuple[Sender, ...]:
    """Return who may write marketing to people: purposes marked so that rest on a consent per party.

    >>> from troth.policy.model import Basis, Ground
    >>> ask = Consent(name="news", question="May {client} write?", per=("client",))
    >>> news = Purpose(name="news", marks=(MARKETING,), bases=(Basis((Ground("consent", "news"),), ()),))
    >>> senders(Policy((ask, news)))
    (Sender(party='client', consent='news', purpose='news'),)
    """
    per = {c.name: c.per[0] for c in policy.of(Consent) if len(c.per) == 1 and c.per_member}
    return tuple(
        Sender(per[g.name], g.name, p.name)
        for p in policy.of(Purpose)
        for b in p.bases
        for g in b.grounds
        if MARKETING in p.marks and g.kind == "consent" and g.name in per
    )


def plan(
    company: Company,
    *,
    party: str,
    member: str,
    subject: str = "",
    text: str = "",
    at: datetime | None = None,
    message: str = "",
) -> Campaign:
    """Queue a message to everybody who may get it now; raise ``Refused`` when nobody ever could."""
    sender = next((s for s in senders(company.policy) if s.party == party), None)
    if message and message not in company.messages:
        raise NoCampaign("the company's folder has no such message")
    if sender is None or member not in company.parties.get(party, {}) or company.contact is None:
        raise NoCampaign(f"no consent of the document lets this {party} write to people")
    clauses = _insist(company, company.contact, sender, member)
    said = company.gate.instructed(party=party, member=member)
    people = tuple(dict.fromkeys(_willing(company, company.contact, sender, member)))
    number = f"{company.clock():%y%m%d}-{secrets.token_hex(4)}"
    made = Campaign(
        number,
        sender,
        member,
        subject,
        text,
        at or company.clock(),
        said.version if said else 0,
        clauses,
        len(people),
        message=message,
    )
    desk = company.campaigns
    with desk.lock:
        desk.campaigns[number], desk.queues[number] = made, people
        for old in list(desk.campaigns)[:-KEPT]:
            desk.campaigns.pop(old), desk.queues.pop(old, None)
    return made


def send(company: Company, number: str) -> Campaign:
    """Send what is queued, once; whoever said no meanwhile, or can no longer be asked, is left out."""
    desk = company.campaigns
    with desk.lock:
        made = desk.campaigns.get(number)
        if made is None:
            raise NoCampaign("there is no such campaign")
        people = desk.queues.pop(number, ())
        if made.done is not None:
            return made
        _insist(company, _contact(company), made.sender, made.member)
        became = Counter(_send_one(company, made, person) for person in people)
        gone, held = became.pop("", 0), tuple(sorted(became.items()))
        desk.campaigns[number] = replace(made, sent=gone, held=held, done=company.clock())
        return desk.campaigns[number]


def send_due(company: Company) -> Sequence[Campaign]:
    """Send every campaign whose moment has come."""
    now = company.clock()
    due = [c.number for c in company.campaigns.campaigns.values() if c.done is None and c.at <= now]
    return [send(company, number) for number in due]


def stop_link(company: Company, person: int, consent: str, member: str) -> str:
    """Return the address that takes this one yes back by one POST (RFC 8058); raise ``NoCampaign``."""
    if not company.base_url:
        raise NoCampaign("nobody can be reached back: set base_url, so that a message can carry its way out")
    ticket = company.gate.ticket(person=person, deed=f"stop {consent}({member})")
    return f"{company.base_url}/{company.name}/stop/{consent}/{member}/{ticket}"


def stop(company: Company, *, consent: str, member: str, ticket: str) -> bool:
    """Take back the yes that a link stands for; False for a link that is none."""
    word = f"{consent}({member})"
    person = company.gate.holder(ticket=ticket, deed=f"stop {word}")
    if person is None:
        return False
    company.gate.consent(person=person, name=word, given=False, channel="message")
    return True


def _insist(company: Company, where: Contact, sender: Sender, member: str) -> tuple[Clause, ...]:
    """Return the clauses by which somebody who agreed may be written to; raise ``Refused`` otherwise."""
    agreed = State(
        consents=frozenset({sender.word(member)}), facts=company.gate.standing(), age=GROWN, notice=True
    )
    asked = Request(Action.USE, where.data, sender.purpose, field=where.field, member=member)
    decision = company.kernel.decide(asked, agreed, company.clock())
    if not isinstance(decision, Allowed):
        raise Refused(decision)
    return decision.permit.clauses


def _willing(company: Company, where: Contact, sender: Sender, member: str) -> Iterable[int]:
    found = company.gate.people_for(data=where.data, purpose=sender.purpose, field=where.field, member=member)
    return (held.person for _, held in found)


def _send_one(company: Company, made: Campaign, person: int) -> str:
    """Send one message; return why it was held back, '' when it left."""
    try:
        with paced(company, person):
            left = _written(company, made, person)
    except Refused as refused:
        company.gate.refused(decision=refused.decision, by="campaign")
        missing = getattr(refused.decision, "missing", ())
        return str(missing[0]).removeprefix("fact ").removesuffix(" ended") if missing else "refused"
    except TrothError:
        return "not sent"
    if left:
        heard(company, person)
    return "" if left else "nothing to send"


def _written(company: Company, made: Campaign, person: int) -> bool:
    where, sender = _contact(company), made.sender
    held = company.gate.read(
        person=person, data=where.data, purpose=sender.purpose, field=where.field, member=made.member
    )
    said = _said(company, made, person) if held else None
    if said is None:
        return False
    stop = stop_link(company, person, sender.consent, made.member)
    company.send(
        str(held[-1].body[where.field]),
        said[0],
        f"{said[1]}\n\n--\n{_from(company, made)}\n{stop}\n{way_out(company, person)}",
        person=person,
        purpose=sender.purpose,
        member=made.member,
        unsubscribe=stop,
    )
    return True


def _said(company: Company, made: Campaign, person: int) -> tuple[str, str] | None:
    """Return subject and text for one person; None when no wording of the message is theirs."""
    if not made.message:
        return made.subject, made.text
    message = company.messages[made.message]
    variant = word(company, message, person, made.member)
    return None if variant is None else (message.title, variant.text)


def _from(company: Company, made: Campaign) -> str:
    title = company.parties[made.sender.party][made.member].get("title", made.member)
    return f"{title}, sent by {company.title}. You said yes to this; one click stops it:"


def _contact(company: Company) -> Contact:
    if company.contact is None:
        raise NoCampaign("the document knows no e-mail address")
    return company.contact
