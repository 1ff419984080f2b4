"""Senders: everybody who may write to a person or show them offers, with a switch each and for each channel.

Messages rest on a yes to the sender.  Offers on a page rest on an interest, so their switch is an objection
for that sender alone.  INVARIANT (at once): nothing is remembered of what was chosen before, so a switch
counts with the very next message and the very next page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from troth.gate.values import Access
from troth.runtime import Company, senders
from troth.services import question
from troth.web.asking import Form
from troth.web.sessions import Session

if TYPE_CHECKING:
    from troth.web.me.choices import Switch


@dataclass(frozen=True, slots=True)
class SenderRow:
    """One sender: the yes to its messages, and whether its offers are shown (None where it has none)."""

    name: str
    title: str
    messages: Switch | None
    shown: bool | None


def rows(company: Company, access: Access, switches: Sequence[Switch]) -> tuple[SenderRow, ...]:
    """Return one row for each party that may write or show offers."""
    asked = {s.member: s for s in switches if s.member and s.name in set(_words(company))}
    names = list(dict.fromkeys([*asked, *_offering(company)]))
    off = silenced(company, access.objections)
    showing = set(_offering(company))
    return tuple(
        SenderRow(n, _title(company, n), asked.get(n), n not in off if n in showing else None) for n in names
    )


def silenced(company: Company, objections: Iterable[str]) -> frozenset[str]:
    """Return the senders whose offers a person switched off."""
    start = f"{company.offers.purpose}("
    return frozenset(o[len(start) : -1] for o in objections if company.offers.purpose and o.startswith(start))


def switch(company: Company, session: Session, person: int, form: Form) -> str:
    """Switch one sender's offers on or off, or stop all that it may send or show."""
    name, channel, on = form.get("sender", ""), form.get("channel", ""), form.get("on") == "yes"
    access = company.gate.access(person=person)
    words = [w for w in _words(company) if w.endswith(f"({name})")]
    if (
        channel not in ("page", "all")
        or (channel == "all" and on)
        or not (words or name in _offering(company))
    ):
        raise HTTPException(400)
    if company.offers.purpose and name in _offering(company):
        word = f"{company.offers.purpose}({name})"
        if (word in access.objections) == on:
            company.gate.object(person=person, purpose=word, given=not on, channel="centre")
    for word in words if channel == "all" else ():
        if access.consents().get(word):
            text = question(company.policy, company.parties, word)
            company.gate.consent(person=person, name=word, given=False, text=text, channel="centre")
    return "Noted. It counts from now on." if on else "Stopped, from now on."


def _words(company: Company) -> list[str]:
    """Return each yes by which somebody may write, by its member."""
    return [s.word(m) for s in senders(company.policy) for m in company.parties.get(s.party, {})]


def _offering(company: Company) -> list[str]:
    return list(dict.fromkeys(o.client for o in company.offers.each if o.client))


def _title(company: Company, member: str) -> str:
    titles = (
        members[member].get("title", member) for members in company.parties.values() if member in members
    )
    return str(next(titles, member))
