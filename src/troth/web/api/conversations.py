"""Conversations: a person's own talks with agents: read, and erased for good, one or all."""

from __future__ import annotations

from collections.abc import Sequence

from troth.gate.errors import NoRecord
from troth.gate.forget import Forgotten
from troth.gate.recall import LINKS
from troth.gate.values import Held
from troth.policy.model import Data, Right
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import SaidOut
from troth.web.api.wire.conversations import (
    DetailIn,
    ForgottenOut,
    LookIn,
    OwnerOut,
    TalkOut,
    TalksOut,
    WholeTalkOut,
)
from troth.web.api.wire.people import record_out
from troth.web.api.wire.rights import SureIn

GONE = "gone for good; nobody can restore it, not out of a backup either"
STRIPPED = "gone for good; of some the bare words stay, which are nobody's and lead to nobody"


def conversations(call: Call) -> TalksOut:
    """List the person's conversations, the newest first."""
    found = [_talk(number, turns) for number, turns in _held(call).items()]
    return TalksOut(conversations=tuple(sorted(found, key=lambda t: t.last, reverse=True)))


def conversation(call: Call) -> WholeTalkOut:
    """Return one of the person's conversations, turn by turn."""
    number, company = call.path["number"], call.company
    turns = _held(call).get(number)
    if not turns:
        raise Fault(404, "not-here", "there is no such conversation of yours")
    told = (record_out(turn, company.name, company.policy) for turn in turns)
    return WholeTalkOut(number=number, turns=tuple(told))


def erase(call: Call) -> ForgottenOut:
    """Erase one of the person's conversations for good."""
    return _erased(call, call.path["number"])


def erase_all(call: Call) -> ForgottenOut:
    """Erase all of the person's conversations for good; the account stays."""
    return _erased(call, "")


def missed(call: Call) -> SaidOut:
    """Take a detail out that the scrubber left standing."""
    text, person, number = call.read(DetailIn).text, call.person(), call.path["number"]
    turns = _held(call, number).get(number, [])
    if not turns:
        raise Fault(404, "not-here", "there is no such conversation of yours")
    try:
        many = call.company.gate.missed(person=person, data=turns[0].data, number=number, text=text)
    except NoRecord:
        raise Fault(422, "invalid", "text: does not stand there", fields=("text",)) from None
    return SaidOut(said=f"taken out of {many} turns, and out of every sample")


def restore(call: Call) -> ForgottenOut:
    """Say that there is no way back."""
    if call.path["number"] in _held(call):
        raise Fault(409, "conflict", "this conversation was not erased")
    raise Fault(410, "gone", GONE, clauses=erasing(call))


def owner(call: Call) -> OwnerOut:
    """Look up whose a conversation is, in a role to which the document shows it; its person sees that."""
    sent, asker = call.read(LookIn), call.asker
    if sent.role not in ("", *asker.roles) or not asker.roles:
        raise Fault(
            403, "wrong-asker", f"the key '{asker.name}' has not this role", clauses=link_clauses(call)
        )
    found = call.company.gate.owner(
        number=call.path["number"],
        purpose=sent.purpose,
        role=sent.role or asker.roles[0],
        reason=sent.reason,
        staff=asker.name,
    )
    return OwnerOut(tag=found.tag)


def link_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which links to people are looked up."""
    kept = (d.name for d in call.company.policy.of(Data) if d.records == LINKS)
    return clauses_of(call.company.policy, Data, next(kept, ""))


def erasing(call: Call) -> Sequence[Clause]:
    """Name the clause by which one's own data are erased, and nobody else's."""
    return clauses_of(call.company.policy, Right, "erase")


def _erased(call: Call, number: str) -> ForgottenOut:
    call.read(SureIn)
    person, gone = call.person(), Forgotten(0, 0)
    for data in sorted({h.data for turns in _held(call, number).values() for h in turns}):
        done = call.company.gate.forget_talk(person=person, data=data, number=number)
        gone = Forgotten(
            gone.turns + done.turns,
            gone.talks + done.talks,
            gone.stripped + done.stripped,
            {d: gone.doubts.get(d, 0) + done.doubts.get(d, 0) for d in {*gone.doubts, *done.doubts}},
        )
    if not gone.talks:
        raise Fault(404, "not-here", "there is no such conversation of yours")
    return ForgottenOut(
        conversations=gone.talks,
        turns=gone.turns,
        deleted=gone.talks - gone.stripped,
        stripped=gone.stripped,
        doubts=dict(sorted(gone.doubts.items())),
        said=STRIPPED if gone.stripped else GONE,
    )


def _held(call: Call, number: str = "") -> dict[str, list[Held]]:
    """Return the person's turns by conversation, oldest first; of one of them alone where it is named."""
    data = {agent.data for agent in call.company.agents.values()}
    found: dict[str, list[Held]] = {}
    for held in call.company.gate.access(person=call.person()).held:
        name = str(held.body.get("conversation", ""))
        if held.data in data and name and number in ("", name):
            found.setdefault(name, []).append(held)
    return {name: sorted(turns, key=lambda h: (h.collected, h.rid)) for name, turns in found.items()}


def _talk(number: str, turns: list[Held]) -> TalkOut:
    last = turns[-1]
    agent = str(last.body.get("agent", ""))
    return TalkOut(
        number=number,
        agent=agent,
        begun=turns[0].collected,
        last=last.collected,
        turns=len(turns),
        goes=last.due,
    )
