"""Campaigns: one message of one party to everybody who said yes to it, asked again as each leaves.

A campaign is planned first: the document and what the party has instructed must let it go, else it is refused
and cites what is missing.  INVARIANT (the last word counts): whoever was queued is asked again at the moment
of sending, so that a no in between stops the message that already waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from troth.policy.model import Consent, Policy, Purpose
from troth.runtime.pacing import heard, paced
from troth.runtime.queue import Batch, NoCampaign, numbered
from troth.runtime.reaching import UNREACHABLE, became, insist, willing
from troth.runtime.wording import way_out, word

if TYPE_CHECKING:
    from troth.runtime.company import Company, Contact

MARKETING = "direct marketing"


@dataclass(frozen=True, slots=True)
class Sender:
    """By which consent, for which purpose, members of which class of parties may write to people."""

    party: str
    consent: str
    purpose: str

    def word(self, member: str) -> str:
        """Return the consent as a person gives it to one member."""
        return f"{self.consent}({member})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Batch):
    """One message of one party to many.  ``version`` is that of the instructions it goes under."""

    sender: Sender
    version: int = 0


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
    where, consents = company.contact, (sender.word(member),)
    clauses = insist(company, where, sender.purpose, member, consents=consents)
    said = company.gate.instructed(party=party, member=member)
    made = Campaign(
        number=numbered(company.clock()),
        sender=sender,
        member=member,
        subject=subject,
        text=text,
        at=at or company.clock(),
        version=said.version if said else 0,
        clauses=clauses,
        message=message,
    )
    return company.campaigns.put(made, willing(company, where, sender.purpose, member))


def send(company: Company, number: str) -> Campaign:
    """Send what is queued, once; whoever said no meanwhile, or can no longer be asked, is left out."""
    made = company.campaigns.get(number)
    if made is not None and made.done is None:
        sender, consents = made.sender, (made.sender.word(made.member),)
        insist(company, _contact(company), sender.purpose, made.member, consents=consents)
    return company.campaigns.hand_over(number, lambda batch, person: _send_one(company, batch, person))


def send_due(company: Company) -> Sequence[Campaign]:
    """Send every campaign whose moment has come."""
    now = company.clock()
    due = [c.number for c in company.campaigns.all() if c.done is None and c.at <= now]
    return [send(company, number) for number in due]


def stop_link(company: Company, person: int, consent: str, member: str) -> str:
    """Return the address that takes this one yes back by one POST (RFC 8058); raise ``NoCampaign``."""
    if not company.base_url:
        raise NoCampaign(UNREACHABLE)
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


def _send_one(company: Company, made: Campaign, person: int) -> str:
    """Send one message; return why it was held back, '' when it left."""

    def write() -> str:
        with paced(company, person):
            left = _written(company, made, person)
        if left:
            heard(company, person)
        return "" if left else "nothing to send"

    return became(company, "campaign", write)


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
