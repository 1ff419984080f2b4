"""Instances: rooms for the people of one company, each behind the mail domain that the company proved.

A claim grants nothing: it makes a text for a TXT record, and whoever shows the record in DNS first has the
domain.  Its settings lie under a number of their own, that is no person's.  INVARIANT (one domain, one room):
a domain and a prefix lead to one instance at most, and to none before it is proven.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from troth.gate import Gate
from troth.policy.model import Data, Policy, Purpose
from troth.services.delicate import delicate
from troth.services.domains import AGAIN, answered, challenge, public, standing, wrong_prefix
from troth.services.ledger import having
from troth.terms import TrothError

Txt = Callable[[str], Sequence[str]]  # the TXT records of a name; none when there is no such name
HOST = "_troth"  # the label below which a domain shows its proof (RFC 8552)
ADMIN, OPENED, JOINED = "administers", "opened", "joined"
SPECIAL = re.compile(  # the words by which people name the special categories, and crimes, when they ask
    r"health|illness|disab|medical|religi|belief|faith|church|politic|party-member|union|ethnic|\brace\b|racial"
    r"|genetic|biometric|sexual|orientation|criminal|conviction|offence"
)


class Taken(TrothError):
    """Somebody else has this domain or prefix."""

    def __init__(self, what: str) -> None:
        super().__init__(f"this {what} belongs to another instance; choose another one")


class Unfit(TrothError):
    """What was asked for cannot be set; the message says why."""


@dataclass(frozen=True, slots=True)
class Rooms:
    """An open company as far as instances go."""

    gate: Gate
    policy: Policy
    clock: Callable[[], datetime]

    def category(self, *fields: str) -> Data:
        """Return the category that has these fields; raise ``Unfit`` when the document has none."""
        found = having(self.policy, *fields)
        if found is None:
            raise Unfit(f"the document has no category with {', '.join(fields)}; declare one for instances")
        return found

    def purpose(self, data: Data) -> str:
        """Return the purpose that may collect a category, one that waits for no fact before all others.

        Raises ``Unfit`` when none may.
        """
        found = [
            (bool(purpose.guard.when or basis.guard.when or use.guard.when), purpose.name)
            for purpose in self.policy.of(Purpose)
            for basis in purpose.bases
            for use in basis.uses
            if use.data == data.name and not use.reads
        ]
        if not found:
            raise Unfit(f"no purpose of the document may collect '{data.name}'")
        return min(found, key=lambda one: one[0])[1]

    @property
    def settings(self) -> Data:
        return self.category("room", "domain", "prefix")


@dataclass(frozen=True, slots=True)
class Instance:
    """One company's room: under which number its settings lie, and what they say."""

    subject: int
    rid: int
    number: str
    company: str
    domain: str
    proof: str
    prefix: str = ""
    greeting: str = ""
    colour: str = ""
    topics: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    declared: datetime | None = None
    proven: datetime | None = None
    checked: datetime | None = None
    failed: datetime | None = None

    def standing(self, now: datetime) -> str:
        """Say how its domain stands now (``domains.standing``)."""
        again = self.failed is not None and (self.checked is None or self.failed > self.checked)
        return standing(self.proven, self.failed if again else None, now)

    @property
    def host(self) -> str:
        """Where the proof is looked for."""
        return f"{HOST}.{self.domain}"

    @property
    def record(self) -> str:
        """What the TXT record has to say."""
        return challenge(self.domain, self.proof)


def known(policy: Policy) -> bool:
    """Say whether the document knows instances."""
    return having(policy, "room", "domain", "prefix") is not None


def by_domain(rooms: Rooms, domain: str) -> Instance | None:
    """Return whose proven domain this is."""
    return _first(rooms, f"domain:{domain}")


def by_prefix(rooms: Rooms, prefix: str) -> Instance | None:
    """Return which instance answers under this prefix."""
    return _first(rooms, f"prefix:{prefix.lower()}") if prefix else None


def of(rooms: Rooms, person: int) -> Instance | None:
    """Return the instance a person belongs to."""
    own = rooms.gate.group(person=person)
    return _first(rooms, f"number:{own.number}") if own else None


def every(rooms: Rooms) -> Iterator[Instance]:
    """Yield each instance whose domain was proven."""
    for subject in rooms.gate.bearers(data=rooms.settings.name, value="open"):
        yield from _read(rooms, subject)


def claim(rooms: Rooms, person: int, company: str, domain: str) -> Instance:
    """Claim a domain for a company; the claim says what to put into DNS and grants nothing.

    Raises ``Unfit`` for a public mail service's domain or a nameless company, ``Taken`` for a proven one.
    """
    if not domain or public(domain):
        raise Unfit("a public mail service is nobody's company; use your work address")
    if not 0 < len(company.strip()) <= 80:
        raise Unfit("the company's name has between 1 and 80 characters")
    if by_domain(rooms, domain):
        raise Taken("domain")
    own = rooms.gate.group(person=person) or rooms.gate.found_group(person=person, title=company)
    subject, data = rooms.gate.new_person(), rooms.settings
    body = {"room": own.number, "company": company.strip(), "domain": domain}
    rooms.gate.collect(
        person=subject,
        data=data.name,
        body={**body, "proof": secrets.token_hex(16)},
        purpose=rooms.purpose(data),
        source="person",
    )
    rooms.gate.tie(person=subject, data=data.name, value=f"number:{own.number}")
    return next(_read(rooms, subject))


def prove(rooms: Rooms, instance: Instance, txt: Txt) -> bool:
    """Look the proof up in DNS: the first to show it has the domain; say whether it was there.

    A proof that is gone lets nobody new in, and after thirty days nobody at all; one that is back mends both.
    """
    holder, now = by_domain(rooms, instance.domain), rooms.clock()
    if holder is not None and holder.subject != instance.subject:
        raise Taken("domain")
    found = answered(txt(instance.host), instance.record)
    if not found:
        if instance.standing(now) == "proven":
            _write(rooms, instance, failed=now.isoformat())
        return False
    first = {} if instance.proven else {"proven": now.isoformat()}
    _write(rooms, instance, checked=now.isoformat(), **first)
    if instance.proven is None:
        _open(rooms, instance)
    return True


def prove_again(rooms: Rooms, txt: Txt) -> int:
    """Look again at every proof that is a month old, and at every one that failed; return how many failed."""
    failed, now = 0, rooms.clock()
    for instance in list(every(rooms)):
        if now >= (instance.checked or now) + AGAIN or instance.standing(now) != "proven":
            failed += not prove(rooms, instance, txt)
    return failed


def configure(rooms: Rooms, instance: Instance, **asked: str) -> Instance:
    """Change settings of an instance; raise ``Unfit``, or ``Taken`` for a prefix somebody else has."""
    prefix = asked.get("prefix", instance.prefix).strip().lower()
    if prefix and (wrong := wrong_prefix(prefix)):
        raise Unfit(wrong)
    for name in ("topics", "channels", "details"):
        for word in listed(asked.get(name, "")):
            if delicate(word) or SPECIAL.search(word):
                raise Unfit(f"'{word}' asks for what GDPR Art. 9 or 10 keeps out of here")
    other = by_prefix(rooms, prefix)
    if other is not None and other.subject != instance.subject:
        raise Taken("prefix")
    _write(rooms, instance, **{**asked, "prefix": prefix})
    if prefix != instance.prefix:
        _retie(rooms, instance, prefix)
    return next(_read(rooms, instance.subject))


def insist_open(rooms: Rooms, instance: Instance) -> None:
    """Raise ``Unfit`` for an instance that takes nobody new."""
    if instance.standing(rooms.clock()) != "proven":
        raise Unfit("this instance takes nobody new now; ask your Admin to look at the domain's proof")


def enter(rooms: Rooms, person: int, instance: Instance) -> None:
    """Let a person of a proven domain in; raise ``Unfit`` while the domain is not proven."""
    insist_open(rooms, instance)
    if rooms.gate.people_in(number=instance.number):
        rooms.gate.join_group(person=person, number=instance.number)
    else:
        _found_anew(rooms, person, instance)
    rooms.gate.event(person=person, name=JOINED)


def leave(rooms: Rooms, person: int) -> None:
    """Take a person out: from this moment they see nothing and are seen by nobody; their periods run."""
    if rooms.gate.group(person=person):
        rooms.gate.leave_group(person=person)
    rooms.gate.close_account(person=person)


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a list as people write it: by commas or by lines, each once.

    >>> listed("design, Sales\\n travel,design")
    ('design', 'sales', 'travel')
    """
    words = (" ".join(w.split()).lower().replace(" ", "-") for w in text.replace("\n", ",").split(","))
    return tuple(dict.fromkeys(w[:40] for w in words if w))


def _found_anew(rooms: Rooms, person: int, instance: Instance) -> None:
    """Begin the room again whose last member had left; it has a new number."""
    founded, data = rooms.gate.found_group(person=person, title=instance.company), rooms.settings.name
    rooms.gate.untie(person=instance.subject, data=data, value=f"number:{instance.number}")
    rooms.gate.tie(person=instance.subject, data=data, value=f"number:{founded.number}")
    _write(rooms, instance, room=founded.number)


def _open(rooms: Rooms, instance: Instance) -> None:
    """Open a proven instance: its contract runs, and who claimed it is a member, and its Admin."""
    data = rooms.settings.name
    rooms.gate.event(person=instance.subject, name=OPENED)
    for value in (f"domain:{instance.domain}", "open"):
        rooms.gate.tie(person=instance.subject, data=data, value=value)
    for person in rooms.gate.people_in(number=instance.number):
        rooms.gate.event(person=person, name=JOINED)
        rooms.gate.raise_fact(person=person, name=ADMIN, by="claim")


def _retie(rooms: Rooms, instance: Instance, prefix: str) -> None:
    data = rooms.settings.name
    if instance.prefix:
        rooms.gate.untie(person=instance.subject, data=data, value=f"prefix:{instance.prefix}")
    if prefix:
        rooms.gate.tie(person=instance.subject, data=data, value=f"prefix:{prefix}")


def _write(rooms: Rooms, instance: Instance, **said: str) -> None:
    """Put new values in place of old ones; what is empty goes."""
    body = {name: value.strip() or None for name, value in said.items()}
    rooms.gate.correct(person=instance.subject, rid=instance.rid, body=body)


def _first(rooms: Rooms, value: str) -> Instance | None:
    found = rooms.gate.bearers(data=rooms.settings.name, value=value)
    return next((one for subject in found for one in _read(rooms, subject)), None)


def _read(rooms: Rooms, subject: int) -> Iterator[Instance]:
    data = rooms.settings
    for held in rooms.gate.read(person=subject, data=data.name, purpose=rooms.purpose(data)):
        said = {name: str(value).strip() for name, value in held.body.items()}
        yield Instance(
            subject,
            held.rid,
            said["room"],
            said["company"],
            said["domain"],
            said.get("proof", ""),
            said.get("prefix", ""),
            said.get("greeting", ""),
            said.get("colour", ""),
            listed(said.get("topics", "")),
            listed(said.get("channels", "")),
            listed(said.get("details", "")),
            listed(said.get("platforms", "")),
            *(_moment(said.get(name, "")) for name in ("declared", "proven", "checked", "failed")),
        )


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
