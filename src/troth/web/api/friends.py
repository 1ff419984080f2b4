"""Friends: a person's link for friends and what it tells, invitations, contacts who accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from troth.policy.model import Controller, Data, Keep, Purpose
from troth.services import befriending, referring
from troth.services.flows import EMAIL
from troth.terms import Clause, TrothError
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut, clause_out
from troth.web.api.wire.rewards import (
    AcceptIn,
    FriendsOut,
    InvitedOut,
    InviteIn,
    NamedIn,
    ReferralOut,
    friend_out,
)
from troth.web.crediting import shop_of

SENT = SaidOut(said="if this address may be written to, an invitation is on its way; of it nothing is kept")
RIGHTS = "see, correct, erase, restrict, take along and object, on your page and by mail"


def referral(call: Call) -> ReferralOut:
    """Return the person's link and since when each friend is here; who opened it is noted nowhere."""
    return _referral(call, "")


def name_referral(call: Call) -> ReferralOut:
    """Return the link, after noting the name that it shows."""
    return _referral(call, call.read(NamedIn).name.strip())


def _referral(call: Call, name: str) -> ReferralOut:
    shop, person, company = shop_of(call.company), call.person(), call.company
    ticket = referring.link(shop, person, name)
    passed = referring.forms(f"{company.base_url}/{company.name}/i/{ticket}", company.title)
    return ReferralOut(
        link=passed.url,
        mail=passed.mail,
        sms=passed.sms,
        name=referring.shown(shop, person),
        friends=referring.friends(shop, person),
        invited_by=referring.invited_by(shop, person),
    )


def invited(call: Call) -> InvitedOut:
    """Tell who opens a link what it means, before anything is typed (GDPR Art. 14)."""
    shop, policy = shop_of(call.company), call.company.policy
    person, data = referring.inviter(shop, call.path["ticket"]), shop.category("side", "acted")
    if person is None or data is None:
        raise Fault(404, "not-here", "this link leads nowhere")
    name = shop.collecting(data.name)
    purpose = next((p for p in policy.of(Purpose) if p.name == name), None)
    keep = next((k for k in policy.of(Keep) if data.name in k.data), None)
    authority = next((c.authority for c in policy.of(Controller) if c.authority), "")
    return InvitedOut(
        source=referring.shown(shop, person) or "a friend",
        notes=data.text or data.name,
        purpose=purpose.text if purpose else "",
        basis=tuple(g.kind for b in purpose.bases for g in b.grounds) if purpose else (),
        kept=f"{keep.then_span or keep.span} after {keep.while_fact or keep.after} ends" if keep else "",
        rights=RIGHTS,
        authority=authority,
        clause=clause_out(purpose.clause, call.company.name) if purpose else None,
    )


def invite(call: Call) -> SaidOut:
    """Write to somebody whom the person wants as a contact; a count is kept, and never the address."""
    company, person = call.company, call.person()
    address = call.read(InviteIn).email.strip().lower()
    if not EMAIL.fullmatch(address):
        raise Fault(422, "invalid", "email: not a mail address", fields=("email",))
    send_invitation(call, person, address)
    if counter := shop_of(company).counter("invitation", "hour"):
        hour = f"{call.now.astimezone(UTC):%Y-%m-%dT%H}"
        company.gate.count(counter=counter, dims={"invitation": "friend", "hour": hour})
    return SENT


def send_invitation(call: Call, person: int, address: str) -> None:
    """Send the link; an address that asked to be left alone gets nothing, and nobody learns it."""
    company, shop = call.company, shop_of(call.company)
    if company.gate.silenced(kind="email", value=address):
        return
    name = referring.shown(shop, person) or "A friend"
    link = f"{company.base_url}/{company.name}/friend/{befriending.invitation(shop, person)}"
    text = (
        f"{name} would like to see you at {company.title}, and asked us to send you this one message.\n\n"
        f"{link}\n\n"
        "You are linked only if you accept and both of you agree. If you do nothing, we keep nothing of you."
    )
    try:
        company.send(address, f"{name} invites you", text)
    except TrothError:
        return


def friends(call: Call) -> FriendsOut:
    """List the contacts who accepted; nobody while either one's yes is missing."""
    found = befriending.contacts(shop_of(call.company), call.person())
    return FriendsOut(friends=tuple(map(friend_out, found)))


def accept(call: Call) -> FriendsOut:
    """Accept an invitation; both must have agreed to be seen."""
    sent, person = call.read(AcceptIn), call.person()
    became = befriending.accept(shop_of(call.company), person, sent.ticket, sent.name.strip())
    if became == "unknown":
        raise Fault(404, "not-here", "this invitation leads nowhere")
    if became == "self":
        raise Fault(409, "conflict", "nobody invites themself")
    return friends(call)


def unfriend(call: Call) -> FriendsOut:
    """End a link, for both."""
    befriending.unfriend(shop_of(call.company), call.person(), call.path["number"])
    return friends(call)


def friend_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of what is of two people."""
    data = shop_of(call.company).category("friend", "name")
    return clauses_of(call.company.policy, Data, data.name if data else "")
