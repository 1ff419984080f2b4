"""Company: one company's document, opened: what it says, the door it built, and what is served behind it.

``runtime.open`` makes it; the web, the command line and whoever embeds Troth hold it and nothing below it.
Its one rule: *whoever holds a company reaches a person's data through ``gate`` only*.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from troth.carriers import Mail, Mailbox, Outbox
from troth.document import Document
from troth.kernel import Kernel
from troth.policy.model import Policy, Purpose
from troth.publish import FORMAT, SCHEMA, about
from troth.runtime.campaigns import Campaign
from troth.runtime.editions import Edition
from troth.runtime.mailing import Mailing
from troth.runtime.outside import Outside
from troth.runtime.queue import Queue
from troth.runtime.terms import Terms
from troth.runtime.waiting import Waiting
from troth.services import Agent, Flow, Message, Offers
from troth.services.classes import address_of
from troth.services.identities import Provider
from troth.services.networks import UNKNOWN, Networks
from troth.services.orders import Orders
from troth.services.sitepages import SitePage
from troth.terms import Action, Allowed, Decision, Form, Permit, Problem, Refused, Request, State, TrothError

if TYPE_CHECKING:
    from troth.gate import Gate

REMEMBERED = timedelta(days=1)  # how long a sent message can be read in the console
Parties = Mapping[str, Mapping[str, Mapping[str, object]]]  # class → member → what stands about it


class Unproved(TrothError):
    """Nobody has proved this address, so nothing but a code and the question whose it is may go to it."""

    def __init__(self) -> None:
        super().__init__("the address was not confirmed by its owner; the message waits for that")


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of ``staff.toml``: who may come in by which secret, kept as its SHA-256 digest.

    ``kind``: staff, job, or the name of an open class (operator, client, brand).  Staff and jobs have
    ``roles``; a party's key has its ``member``.  ``purposes`` bind a job.
    """

    name: str
    kind: str
    digest: str = field(repr=False)
    roles: tuple[str, ...] = ()
    member: str = ""
    purposes: tuple[str, ...] = ()
    second: str = field(
        default="", repr=False
    )  # the secret, in base 32, of a member of staff's second factor
    about: Mapping[str, object] = field(default_factory=dict)  # their undertakings and reviews


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a person is written to: the field with the address, and the purpose of plain service mail."""

    data: str
    field: str
    purpose: str
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """An open company.

    ``problems`` keeps a flow from being served, by its name; ``advice`` is what ``check`` said that stops
    nothing.  ``notices`` holds the notice by language, as safe HTML; ``published`` every published text by
    file name.  ``base_url`` is how people reach the server, for links in mails.  ``rewards`` holds
    ``rewards.toml`` by name.  ``mailbox.of(party, member)`` gives a partner its deliveries.
    """

    name: str
    title: str
    policy: Policy
    document: Document
    kernel: Kernel
    gate: Gate
    flows: Mapping[str, Flow]
    problems: Mapping[str, tuple[Problem, ...]]
    advice: tuple[Problem, ...]
    site: Mapping[str, Any]
    parties: Parties
    rewards: Mapping[str, Mapping[str, Any]]
    staff: tuple[Key, ...]
    offers: Offers
    messages: Mapping[str, Message]
    published: Mapping[str, str]
    notices: Mapping[str, str]
    clock: Callable[[], datetime]
    outbox: Outbox
    contact: Contact | None
    mailbox: Mailbox
    campaigns: Queue[Campaign]
    post: Queue[Mailing]
    waiting: Waiting | None  # what its processes know in common, where several serve it
    base_url: str = ""
    editions: tuple[Edition, ...] = ()
    coming: tuple[Edition, ...] = ()  # those of them that count later and mean another thing
    terms: Terms | None = None
    networks: Networks = UNKNOWN
    identities: Mapping[str, Provider] = field(default_factory=dict, repr=False)
    orders: Orders = field(default_factory=Orders)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    pages: Mapping[str, SitePage] = field(default_factory=dict)
    downloads: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    outside: Outside = field(default_factory=Outside, repr=False)
    make: Callable[[Sequence[Company]], Any] | None = None
    writers: dict[str, deque[datetime]] = field(default_factory=dict, repr=False)  # whose letters came today
    close: Callable[[], None] = lambda: None

    @property
    def notice(self) -> str:
        """The notice in the document's own language, as safe HTML."""
        return self.notices[self.policy.language]

    @property
    def app(self) -> Any:
        """Return the ASGI application that serves this company alone."""
        if self.make is None:
            raise TypeError("this company was opened without a web; open it with troth.open")
        return self.make((self,))

    def decide(
        self,
        *,
        action: Action | str,
        data: str,
        purpose: str,
        party: str = "",
        field: str = "",
        member: str = "",
        source: str = "",
        form: Form | str = Form.IDENTIFIED,
        state: State = State(),  # noqa: B008  (frozen, so one for all is safe)
        at: datetime | None = None,
    ) -> Decision:
        """Answer one request about a person in this state; ``at`` is an aware moment, now when left out."""
        asked = Request(Action(action), data, purpose, party, field, member, source, Form(form))
        return self.kernel.decide(asked, state, at or self.clock())

    def copy(self, *, person: int) -> dict[str, Any]:
        """Return a person's whole copy; ``processing`` is what the notice says of these data (Art. 15(1))."""
        made = self.gate.export(person=person)
        told = json.loads(self.published["notice.json"])
        return {**made, "processing": about(told, {r["data"] for r in made["records"]})}

    def portable(self, made: Mapping[str, Any]) -> dict[str, Any]:
        """Return the file to take along out of a copy; ``portable.schema.json`` published says its form."""
        return {
            "format": FORMAT,
            "from": self.title,
            "schema": f"{self.base_url}/{self.name}/published/{SCHEMA}",
            "version": self.policy.version,
            "made": made["made"],
            "records": made["portable"],
        }

    def send(
        self,
        address: str,
        subject: str,
        text: str,
        *,
        person: int | None = None,
        purpose: str = "",
        member: str = "",
        unsubscribe: str = "",
        unproved: bool = False,
        answers: str = "",
        calendar: str = "",
    ) -> Mail:
        """Write to an address; a message is a use of the contact field for its purpose, so the gate is asked.

        ``member`` is in whose name it is written.  Without ``purpose`` it is the company's service mail
        (``[mail] purpose`` in ``site.toml``).  ``answers`` is the id of the letter it answers, ``calendar``
        an invitation that goes along.  Raises ``Unproved`` to a person who has not proved an address, unless
        it is a code or asks for that (``unproved``); ``Refused`` when the document does not let it go,
        ``NotSent`` when no server takes it.
        """
        if person is not None and not unproved and not self.gate.proved(person=person, kind="email"):
            raise Unproved
        permit = self._may_write(person, purpose, member)
        sender = self.contact.sender if self.contact else ""
        kind = ".".join(filter(None, (purpose or permit.request.purpose, member, self.name)))
        now, whose = self.clock(), person or 0
        mail = Mail(permit, address, subject, text, now, sender, unsubscribe, kind, whose, answers, calendar)
        self.outbox(mail)
        return mail

    def inform(self, subject: str, text: str, *, person: int) -> Mail | None:
        """Write what the law demands to a person's own address, though they restricted all other use of it.

        Judged as a message to nobody in particular (GDPR Art. 12, 18(3), 19 and 34 know no opposition); None
        when no address is held.
        """
        where = self.contact
        held = self.gate.access(person=person).held if where else ()
        found = [
            h.body[where.field] for h in held if where and h.data == where.data and where.field in h.body
        ]
        return self.send(str(found[-1]), subject, text) if found else None

    def mails(self) -> tuple[Mail, ...]:
        """Return the messages of the last day, oldest first; those to people who were erased are gone."""
        edge = self.clock() - REMEMBERED
        self.outbox.keep(lambda m: m.at > edge and (not m.person or self.gate.exists(person=m.person)))
        return self.outbox.mails()

    def forget(self, address: str) -> None:
        """Forget an address in what was sent and delivered; for when its person was erased."""
        self.outbox.erase(address)
        self.mailbox.erase(address)

    def reached(self, purpose: str) -> Contact | None:
        """Return where a purpose writes to: the usual address if it may use that, else one of its own."""
        usual = self.contact
        found = next((p for p in self.policy.of(Purpose) if p.name == purpose), None)
        own = address_of(self.policy, found) if found and usual else None
        if usual is None or found is None or own is None:
            return usual
        uses = (u for basis in found.bases for u in basis.uses)
        if any(u.data == usual.data and u.field in ("", usual.field) for u in uses):
            return usual
        return replace(usual, data=own[0], field=own[1])

    def _may_write(self, person: int | None, purpose: str, member: str = "") -> Permit:
        where = self.reached(purpose) or Contact("contact", "email", "service")
        asked = Request(Action.USE, where.data, purpose or where.purpose, field=where.field, member=member)
        decision = self.gate.may(person=person, request=asked)
        if not isinstance(decision, Allowed):
            raise Refused(decision)
        return decision.permit
