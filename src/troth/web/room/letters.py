"""Letters: what the room writes to people: an invitation, and word of what was entered about somebody.

Both carry what GDPR Art. 14 wants told: from whom, what, why, how long, and where one's rights are.
INVARIANT (that one letter): an invited address serves its invitation and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from troth.gate import BadBody
from troth.runtime import Company, rooms_of
from troth.services import instances, members
from troth.services.domains import domain_of
from troth.services.flows import EMAIL
from troth.services.instances import Instance, Unfit
from troth.terms import Refused, TrothError

ASKED = "asked-in"  # the event from which an invitation is open


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody to be entered; ``born`` is the year, which only tells that they are old enough."""

    address: str
    name: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row of a list of people: '' when they are in."""

    line: int
    wrong: str = ""


def invite(company: Company, instance: Instance, person: int, address: str) -> None:
    """Write to a colleague of the same domain; raise ``Unfit`` for any other address."""
    rooms, address = rooms_of(company), address.strip().lower()
    if not EMAIL.fullmatch(address) or domain_of(address) != instance.domain:
        raise Unfit(f"only an address at {instance.domain} can be invited")
    data = rooms.category("email", "by")
    if company.gate.bearers(data=data.name, value=address) or company.gate.find(kind="email", value=address):
        return  # somebody has written already, or they are here; nobody learns which
    invited = company.gate.new_person()
    company.gate.event(person=invited, name=ASKED)  # first: the address is kept while one is open
    body = {"email": address, "by": company.gate.tag(person=person)}
    company.gate.collect(
        person=invited,
        data=data.name,
        body=body,
        purpose=rooms.purpose(data),
        source=data.sources[0],
    )
    company.gate.tie(person=invited, data=data.name, value=address)
    name = members.own(rooms, person).name
    greeting = instance.greeting or f"Come in and read what we share at {instance.company}."
    _send(
        company,
        address,
        f"{name} invites you to {instance.company} on {company.title}",
        f"{greeting}\n\n{name}\n\nCome in: {company.base_url}/{company.name}/room/join\n\n"
        f"You get this because {name} gave us your work address, for this one message. We use it for nothing "
        f"else, and it goes after thirty days if you do not come in.\n{_rights(company)}",
    )


def spend_invitation(company: Company, address: str) -> None:
    """Let an invitation go whose person came in."""
    data = rooms_of(company).category("email", "by")
    for person in company.gate.bearers(data=data.name, value=address):
        company.gate.event(person=person, name=instances.JOINED)


def load(company: Company, instance: Instance, rows: Iterable[Entry], source: str) -> list[Row]:
    """Enter people whom their company hands over, row by row, and write to each at once.

    ``source`` says by whom they were entered; a row of another domain, and one that is no address, stays out.
    """
    found = []
    for line, entry in enumerate(rows, 1):
        try:
            _old_enough(company, entry.born.strip())
            _enter(company, instance, entry.address.strip().lower(), entry.name.strip(), source)
            found.append(Row(line))
        except (Unfit, BadBody, Refused) as no:
            found.append(Row(line, str(no)))
    return found


def _old_enough(company: Company, born: str) -> None:
    """Raise ``Unfit`` for a year of birth by which somebody may be younger than the document takes people."""
    if not born:
        return
    if not re.fullmatch(r"(19|20)\d\d", born):
        raise Unfit("a year of birth has four digits")
    least = members.least_age(rooms_of(company))
    if company.clock().year - int(born) <= least:
        raise Unfit(f"nobody who may be under {least} is entered")


def _enter(company: Company, instance: Instance, address: str, name: str, source: str) -> None:
    rooms, gate = rooms_of(company), company.gate
    if not EMAIL.fullmatch(address):
        raise Unfit("that is no mail address")
    if domain_of(address) != instance.domain:
        raise Unfit(f"only people at {instance.domain} can be entered")
    if gate.find(kind="email", value=address) is not None:
        raise Unfit("somebody is here already by this address")
    instances.insist_open(rooms, instance)
    data = members.profile_data(rooms)
    person = gate.new_person()
    gate.identify(person=person, kind="email", value=address)
    body = {"email": address, **({"name": name[:80]} if name else {})}
    rid = gate.collect(person=person, data=data.name, body=body, purpose=rooms.purpose(data), source=source)
    instances.enter(rooms, person, instance)
    sent = _send(
        company,
        address,
        f"{instance.company} entered you on {company.title}",
        f"{instance.company} has entered your name and work address on {company.title}, where its people "
        f"share posts.\n\nWhat: your name and address. From: {instance.company}. "
        "Why: so that you can come in.\n"
        f"Come in: {company.base_url}/{company.name}/room/join\n{_rights(company)}",
    )
    if sent:
        gate.told(person=person, rids=[rid], channel="email")


def _rights(company: Company) -> str:
    address = f"{company.base_url}/{company.name}"
    return f"How we treat your data, and your rights: {address}/privacy"


def _send(company: Company, address: str, subject: str, text: str) -> bool:
    if company.gate.silenced(kind="email", value=address):
        return False
    try:
        company.send(address, subject, text)
    except TrothError:
        return False
    return True
