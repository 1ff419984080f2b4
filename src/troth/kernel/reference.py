"""Reference: the slow, obvious evaluator, straight from the page; the judge of the fast kernel.

It answers yes or no for collect, use, share and show; not for keep, places of parties, holds or members.
"""

from __future__ import annotations

from datetime import date

from troth.policy.model import Area, Basis, Children, Consent, Data, Door, Ground, Guard, Policy, Purpose
from troth.terms import Action, Request, State


def evaluate(policy: Policy, request: Request, state: State, day: date) -> bool:
    """Say whether the request is allowed; ``ValueError`` for an action that it does not judge."""
    if request.action is Action.KEEP:
        raise ValueError("the reference does not judge keeping")
    for child in policy.of(Children):
        if child.refuse and state.age is not None and state.age < child.under:
            return False
    for purpose in policy.of(Purpose):
        if purpose.name != request.purpose or not _guard(purpose.guard, state, day):
            continue
        for basis in purpose.bases:
            for ground in basis.grounds:
                holds = _ground(policy, purpose, basis, ground, request, state, day)
                if holds and _carried(policy, basis, request, state, day):
                    return True
    return False


def _ground(
    policy: Policy, purpose: Purpose, basis: Basis, ground: Ground, request: Request, state: State, day: date
) -> bool:
    if not _guard(basis.guard, state, day):
        return False
    if ground.kind == "consent":
        return _consent(policy, ground.name, state) and not (
            "direct marketing" in purpose.marks and purpose.name in state.objections
        )
    if state.restricted & {"*", request.data}:
        return False
    if "direct marketing" in purpose.marks and purpose.name in state.objections:
        return False
    if ground.kind == "legitimate interest":
        early = basis.assessed is not None and day < basis.assessed
        late = basis.again_by is not None and day >= basis.again_by
        return not early and not late and purpose.name not in state.objections
    return ground.kind != "contract" or not ground.name or ground.name in state.facts


def _carried(policy: Policy, basis: Basis, request: Request, state: State, day: date) -> bool:
    for use in basis.uses:
        if use.data != request.data or not request.form.tells_at_most(use.form):
            continue
        if use.field not in ("", request.field) or not _guard(use.guard, state, day):
            continue
        if request.action is Action.USE:
            return True
        if request.action is Action.COLLECT:
            bare = {a.name for a in policy.of(Area) if a.no_personal_data}
            for datum in policy.of(Data):
                named = datum.name == request.data and request.source in datum.sources
                if named and not use.reads and datum.area not in bare and _guard(datum.guard, state, day):
                    return True
        elif any(_door(policy, door, request, state, day) for door in policy.of(Door)):
            return True
    return False


def _door(policy: Policy, door: Door, request: Request, state: State, day: date) -> bool:
    names = {request.data, f"{request.data}.{request.field}"}
    return (
        door.verb == request.action
        and door.party == request.party
        and request.purpose in door.purposes
        and bool(names & set(door.data))
        and request.form.tells_at_most(door.form)
        and (not door.consent or _consent(policy, door.consent, state))
        and _guard(door.guard, state, day)
    )


def _consent(policy: Policy, name: str, state: State) -> bool:
    ages = [c.age or 0 for c in policy.of(Consent) if c.name == name]
    limit = max(ages, default=0)
    return name in state.consents and (not limit or (state.age is not None and state.age >= limit))


def _guard(guard: Guard, state: State, day: date) -> bool:
    if guard.when and not any(all(f in state.facts for f in group) for group in guard.when):
        return False
    if any(f in state.facts for f in guard.unless):
        return False
    if guard.from_age and (state.age is None or state.age < guard.from_age):
        return False
    if guard.under_age and state.age is not None and state.age < guard.under_age:
        return False
    if guard.place and f"in {guard.place}" not in state.facts:
        return False
    return (guard.since is None or guard.since <= day) and (guard.until is None or day < guard.until)
