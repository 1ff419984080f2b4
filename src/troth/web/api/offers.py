"""Offers: what a person sees and why, what is counted of them, and how far people come in a conversation."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Counter, Purpose
from troth.services import dropped
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.house import clauses_of
from troth.web.api.talks import flows_of, served
from troth.web.api.wire.offers import (
    DerivedOut,
    DeriveIn,
    DropOffOut,
    MessageOut,
    MessagesOut,
    OffersOut,
    StepOut,
    offer_out,
)
from troth.web.offering import explained, offers_for


def offers(call: Call) -> OffersOut:
    """Return the offers of a person; a job that may not choose for them is refused."""
    company, person, job = call.company, call.person(), call.asker.kind == "job"
    if job:
        call.purpose(company.offers.purpose)
    found = offers_for(company, person, client=call.ask("client"), insist=job)
    told = found if job else explained(company, person, found)
    return OffersOut(
        offers=tuple(offer_out(one) for one in told), profiled=any(one.why is not None for one in told)
    )


def offer_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which offers are chosen for their own person."""
    return clauses_of(call.company.policy, Purpose, call.company.offers.purpose)


def messages(call: Call) -> MessagesOut:
    """Return the messages to the person that a rule, or none, has worded."""
    found = call.company.gate.wordings(person=call.person())
    names = MessageOut.__struct_fields__
    return MessagesOut(messages=tuple(MessageOut(**{n: getattr(w, n) for n in names}) for w in found))


def derive(call: Call) -> DerivedOut:
    """Count what a person said, for a purpose of the job."""
    sent, person = call.read(DeriveIn), call.person()
    purpose = call.purpose(sent.purpose)
    return DerivedOut(results=call.company.gate.derive(person=person, data=sent.data, purpose=purpose))


def drop_off(call: Call) -> DropOffOut:
    """Return how many came to each step of a flow, from counts that belong to nobody."""
    flow = served(call, call.path["flow"])
    if flow.name not in {f.name for f in flows_of(call)}:
        return DropOffOut(flow=flow.name, steps=())
    came: dict[str, int] = {}
    for counter in call.company.policy.of(Counter):
        if set(counter.of) == {"flow", "step"}:
            for dims, n in call.company.gate.counts(counter=counter.name):
                if dims["flow"] == flow.name:
                    came[dims["step"]] = came.get(dims["step"], 0) + n
    told = (StepOut(step=name, came=n, left=left) for name, n, left in dropped(flow, came))
    return DropOffOut(flow=flow.name, steps=tuple(told))
