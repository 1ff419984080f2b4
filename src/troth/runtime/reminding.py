"""Reminding: who has not come by is written to before what was handed in about them would go untold.

The message says what the page would have said (GDPR Art. 14): from whom, what, why, how long, and which
rights there are.  It goes to an address its owner has confirmed, in the last week, and to no other.
"""

from __future__ import annotations

from datetime import timedelta

from troth.gate.told import Untold
from troth.policy.model import Controller, Data, Keep, Purpose, Recipient
from troth.runtime.company import Company
from troth.runtime.leaving import leave_link
from troth.terms import TrothError

BEFORE = timedelta(days=7)


def remind(company: Company) -> int:
    """Write to everybody whose week has begun; return how many messages went."""
    return sum(_write(company, person) for person in company.gate.waiting(before=company.clock() + BEFORE))


def tell(company: Company, person: int) -> bool:
    """Write to one person now of what was handed in about them; say whether a message went."""
    return _write(company, person)


def first(company: Company, person: int, address: str, purpose: str) -> bool:
    """Write to somebody who was brought in, at the address that came along, with the way to say no.

    They have no account here and were asked nothing, so nothing but this goes there (GDPR Art. 14(3), 21(4)).
    """
    found = company.gate.untold(person=person)
    if not found:
        return False
    text = "\n\n".join(_said(company, one) for one in found)
    stop = leave_link(company, person, purpose)
    way = f"Say no to this, with one press: {stop}\nSee, correct, erase: {company.base_url}/{company.name}/me"
    subject = f"What others handed to {company.title} about you"
    try:
        company.send(address, subject, f"{text}\n\n{way}{_authority(company)}")
    except TrothError:
        return False
    company.gate.told(person=person, rids=[u.held.rid for u in found], channel="email")
    return True


def _write(company: Company, person: int) -> bool:
    where, found = company.contact, company.gate.untold(person=person)
    if where is None or not found or not company.gate.proved(person=person, kind="email"):
        return False
    try:
        held = company.gate.read(person=person, data=where.data, purpose=where.purpose, field=where.field)
        if not held:
            return False
        text = "\n\n".join(_said(company, one) for one in found)
        way = f"See, correct, erase, object: {company.base_url}/{company.name}/me{_authority(company)}"
        subject = f"What others handed to {company.title} about you"
        company.send(str(held[-1].body[where.field]), subject, f"{text}\n\n{way}", person=person)
    except TrothError:
        return False
    company.gate.told(person=person, rids=[u.held.rid for u in found], channel="email")
    return True


def _said(company: Company, one: Untold) -> str:
    """Say of one record who handed it in, what it is, for what, on which ground, and how long it stays."""
    held, policy = one.held, company.policy
    party, _, member = held.source.partition(":")
    named = next((r.text for r in policy.of(Recipient) if r.name == party), "") or party
    source = str(company.parties.get(party, {}).get(member, {}).get("title", member)) or named
    title = next((d.text for d in policy.of(Data) if d.name == held.data), "") or held.data
    purposes = [p for p in policy.of(Purpose) if p.name in held.purposes]
    grounds = [g.kind for p in purposes for b in p.bases for g in b.grounds]
    keep = next((k.clause.ref for k in policy.of(Keep) if held.data in k.data), "")
    public = "a public source" if _public(company, party, member) else "not from a public source"
    word = f" ({one.said['source']})" if one.said.get("source") else ""
    return (
        f"From: {source}{word}, on {held.collected.date()}, {public}.\n"
        f"What: {title} ({', '.join(held.body)}).\n"
        f"Why: {', '.join(p.text or p.name for p in purposes)}, on {', '.join(dict.fromkeys(grounds))}.\n"
        f"How long: section {keep} of {company.base_url}/{company.name}/privacy"
    )


def _public(company: Company, party: str, member: str) -> bool:
    """Say whether a source is open to the public: ``public = true`` in ``parties.toml`` (Art. 14(2)(f))."""
    return company.parties.get(party, {}).get(member, {}).get("public") is True


def _authority(company: Company) -> str:
    named = next((c.authority for c in company.policy.of(Controller) if c.authority), "")
    return f"\nComplaints also to {named}." if named else ""
