"""Seal consent: what a yes unlocks, and which yeses a new document must ask for again.

A consent's meaning is the set of what it opens: action, data, purpose, party, form, under which
conditions and for how long.  A new version asks again only where it opens something that the old yes
was not within; a narrower one asks nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from troth.policy.check_terms import base, canonical, days, keeps, uses
from troth.policy.model import (
    Basis,
    Consent,
    Cookie,
    Door,
    Guard,
    Join,
    Policy,
    Purpose,
    Recipient,
    Span,
    Use,
)
from troth.terms import Action, Form

ClassMembers = Mapping[str, Collection[str]]


@dataclass(frozen=True, slots=True)
class Limit:
    """One bound on keeping: until ``span`` after ``event``; None for what has no bound."""

    event: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One thing a consent opens; ``guards`` are conditions that must hold besides."""

    action: str
    data: str
    purpose: str
    party: str = ""
    field: str = ""
    form: Form = Form.IDENTIFIED
    guards: tuple[Guard, ...] = ()
    kept: frozenset[Limit] = frozenset()

    def within(self, other: Opened) -> bool:
        """Say whether whoever agreed to ``other`` agreed to this."""
        same = (self.action, self.data, self.purpose, self.party) == (
            other.action,
            other.data,
            other.purpose,
            other.party,
        )
        return (
            same
            and other.field in ("", self.field)
            and self.form.tells_at_most(other.form)
            and all(any(_stricter(mine, old) for mine in (*self.guards, Guard())) for old in other.guards)
            and all(any(_shorter(mine, old) for old in other.kept) for mine in self.kept)
        )


def unlocked(policy: Policy, name: str, members: ClassMembers | None = None) -> frozenset[Opened]:
    """Return what the consent of this name opens; ``members`` are those of open classes.

    A consent that is asked per member names one party each time; any other opens to all members of a class.
    """
    found: set[Opened] = set()
    for purpose, basis, use in uses(policy):
        mine = any(g.kind == "consent" and g.name == name for g in basis.grounds)
        found |= set(_used(policy, purpose, basis, use)) if mine else set()
        found |= set(_passed(policy, name, mine, purpose, basis, use, members or {}))
    for cookie in policy.of(Cookie):
        if name in (cookie.consent, cookie.after):
            found.add(Opened("cookie", cookie.name, cookie.purpose, cookie.by))
    for join in policy.of(Join):
        if join.consent == name:
            found.add(Opened("join", join.left, join.purpose, join.right))
    return frozenset(found)


def widens(
    old: Policy,
    new: Policy,
    *,
    old_members: ClassMembers | None = None,
    new_members: ClassMembers | None = None,
) -> tuple[str, ...]:
    """Return the consents of ``old`` that ``new`` must ask for again, in the order of the new document."""
    known = {c.name for c in old.of(Consent)}
    return tuple(
        consent.name
        for consent in new.of(Consent)
        if consent.name in known
        and not _inside(unlocked(new, consent.name, new_members), unlocked(old, consent.name, old_members))
    )


def _inside(new: frozenset[Opened], old: frozenset[Opened]) -> bool:
    return all(any(one.within(other) for other in old) for one in new)


def _used(policy: Policy, purpose: Purpose, basis: Basis, use: Use) -> Iterator[Opened]:
    guards = _guards(purpose.guard, basis.guard, use.guard)
    kept = _limits(policy, use.data)
    for action in (Action.USE,) if use.reads else (Action.USE, Action.COLLECT):
        yield Opened(action, use.data, purpose.name, "", use.field, use.form, guards, kept)


def _passed(
    policy: Policy, name: str, mine: bool, purpose: Purpose, basis: Basis, use: Use, members: ClassMembers
) -> Iterator[Opened]:
    for door in policy.of(Door):
        if purpose.name not in door.purposes or not (door.consent == name or (mine and not door.consent)):
            continue
        for data in (d for d in door.data if base(d) == use.data):
            field = data.partition(".")[2] or use.field
            form = door.form if use.form is Form.IDENTIFIED else use.form
            guards = _guards(purpose.guard, basis.guard, use.guard, door.guard)
            for party in _parties(policy, name, door.party, members):
                yield Opened(door.verb, use.data, purpose.name, party, field, form, guards)


def _parties(policy: Policy, name: str, party: str, members: ClassMembers) -> tuple[str, ...]:
    consent = next((c for c in policy.of(Consent) if c.name == name), None)
    open_class = any(r.name == party and r.each for r in policy.of(Recipient))
    asked_each = consent is not None and consent.per_member
    if not open_class or asked_each or not members.get(party):
        return (party,)
    return tuple(f"{party}({member})" for member in sorted(members[party]))


def _guards(*guards: Guard) -> tuple[Guard, ...]:
    return tuple(g for g in guards if g != Guard())


def _limits(policy: Policy, data: str) -> frozenset[Limit]:
    """Return the bounds on keeping, apart from those the law sets."""
    found = set()
    for keep in keeps(policy, data):
        if keep.because:
            continue
        if keep.while_fact:
            found.add(
                Limit(
                    f"{keep.while_fact} ends", canonical(keep.then_span) if keep.then_span else Span(0, "day")
                )
            )
        else:
            found.add(Limit(keep.end_of or keep.after, canonical(keep.span) if keep.span else None))
    return frozenset(found)


def _shorter(mine: Limit, old: Limit) -> bool:
    if mine.event != old.event:
        return False
    return old.span is None or (mine.span is not None and days(mine.span)[1] <= days(old.span)[1])


def _stricter(mine: Guard, old: Guard) -> bool:
    """Say whether ``mine`` never holds where ``old`` does not."""
    groups = all(any(set(was) <= set(group) for was in old.when) for group in mine.when) if old.when else True
    return (
        groups
        and (bool(mine.when) or not old.when)
        and set(old.unless) <= set(mine.unless)
        and (old.from_age or 0) <= (mine.from_age or 0)
        and (old.under_age or 0) <= (mine.under_age or 0)
        and old.place in ("", mine.place)
        and (old.since is None or (mine.since is not None and mine.since >= old.since))
        and (old.until is None or (mine.until is not None and mine.until <= old.until))
    )
