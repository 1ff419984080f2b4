"""Helpers: the firms that help with a customer's data, as the customer's own page lists them.

It reads the document and the list of members and decides nothing (GDPR Art. 28(2)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troth.policy.model import Area, Data, Door, Policy, Recipient, Safeguard
from troth.terms import Clause

Parties = Mapping[str, Mapping[str, Mapping[str, object]]]


@dataclass(frozen=True, slots=True)
class Helper:
    """One firm: how it is called, where it is, what it gets, and on which safeguard that rests."""

    title: str
    country: str
    data: tuple[str, ...]
    detail: str
    safeguard: str
    clause: Clause


def helpers(policy: Policy, parties: Parties, party: str) -> tuple[Helper, ...]:
    """Return who gets data that members of a class of parties entrust to the company, by name."""
    ours = {a.name for a in policy.of(Area) if a.role == "processor" and a.party == party}
    words = {d.name: d.text or d.name for d in policy.of(Data) if d.area in ours}
    found = (h for r in policy.of(Recipient) if r.role == "processor" for h in _of(policy, parties, r, words))
    return tuple(sorted(found, key=lambda h: h.title))


def _of(policy: Policy, parties: Parties, recipient: Recipient, words: Mapping[str, str]) -> Iterator[Helper]:
    """Yield the firms of one class, where a door of the document lets it have any of these data."""
    doors = [d for d in policy.of(Door) if d.verb == "share" and d.party == recipient.name]
    named = (n.partition(".")[0] for d in doors for n in d.data)
    data = tuple(dict.fromkeys(words[n] for n in named if n in words))
    tools = {s.name: s.text for s in policy.of(Safeguard)}
    alone = {recipient.name: {"title": recipient.text, "country": recipient.country}}
    members = parties.get(recipient.name, {}) if recipient.each else alone
    for name, said in members.items() if data else ():
        yield Helper(
            title=str(said.get("title", name)),
            country=str(said.get("country", "")),
            data=data,
            detail=str(said.get("data", "")),
            safeguard=tools.get(str(said.get("safeguard", "")), ""),
            clause=recipient.clause,
        )
