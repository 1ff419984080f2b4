"""Packs: the law's own rules laid beside the document's, under names of their own (reading 20).

``merged`` writes a pack's names as ``gdpr:x`` and appends its statements.  A name the pack does not declare
is the document's, so that a pack may speak of it.  Its one rule: a pack adds rules, it never changes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath

from troth.policy.model import (
    Area,
    Basis,
    Claim,
    Consent,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Hold,
    Keep,
    Law,
    Policy,
    Purpose,
    Recipient,
    Role,
    Safeguard,
    Statement,
    Use,
    Whereabouts,
)

Naming = Callable[[type[Statement], str], str]


def merged(policy: Policy) -> Policy:
    """Return the policy with its packs' statements appended under their own names.

    >>> pack = Policy((Purpose(name="proof"),), path="gdpr.md")
    >>> [p.name for p in merged(Policy((Law(name="gdpr"),), packs=(pack,))).of(Purpose)]
    ['gdpr:proof']
    """
    if not policy.packs:
        return policy
    added: list[Statement] = []
    for i, pack in enumerate(policy.packs):
        inner = merged(pack)
        prefix = pack_name(policy, i)
        named = _naming(inner, prefix)
        added += [_placed(_renamed(s, named), prefix) for s in inner.statements]
    return replace(policy, statements=(*policy.statements, *added), packs=())


def pack_name(policy: Policy, i: int) -> str:
    """Return the word before the colon for the i-th pack: the law that is named, else the pack's file."""
    laws = policy.of(Law)
    stem = PurePosixPath(policy.packs[i].path).stem
    if stem in {law.name for law in laws} or len(laws) != len(policy.packs):
        return stem or f"pack{i + 1}"
    return laws[i].name


def _naming(pack: Policy, prefix: str) -> Naming:
    named = (Data, Purpose, Consent, Fact, Role, Recipient, Area, Safeguard)
    own = {(kind, s.name) for kind in named for s in pack.of(kind)}  # type: ignore[attr-defined]

    def name(kind: type[Statement], word: str) -> str:
        head, dot, field = word.partition(".")
        return f"{prefix}:{head}{dot}{field}" if (kind, head) in own and ":" not in head else word

    return name


def _placed(s: Statement, prefix: str) -> Statement:
    """Return a statement with the law before its section, so that it is not taken for the document's."""
    ref = s.clause.ref
    return replace(s, clause=replace(s.clause, ref=f"{prefix}:{ref}")) if ":" not in ref else s


def _renamed(s: Statement, name: Naming) -> Statement:
    guard = getattr(s, "guard", None)
    if isinstance(guard, Guard):
        s = replace(s, guard=_guard(guard, name))  # type: ignore[call-arg]
    match s:
        case Data():
            inputs = _all(Data, s.inputs, name)
            return replace(s, name=name(Data, s.name), inputs=inputs, area=name(Area, s.area))
        case Purpose():
            return replace(s, name=name(Purpose, s.name), bases=tuple(_basis(b, name) for b in s.bases))
        case Consent() | Fact() | Role() | Recipient() | Area():
            return _titled(s, name)
        case Door():
            party = name(Recipient if s.verb == "share" else Role, s.party)
            consent, purposes = name(Consent, s.consent), _all(Purpose, s.purposes, name)
            return replace(s, data=_all(Data, s.data, name), party=party, purposes=purposes, consent=consent)
        case Keep():
            because = name(Purpose, s.because)
            return replace(
                s, data=_all(Data, s.data, name), while_fact=name(Fact, s.while_fact), because=because
            )
        case Hold():
            fact, purpose = name(Fact, s.while_fact), name(Purpose, s.purpose)
            return replace(s, data=_all(Data, s.data, name), while_fact=fact, purpose=purpose)
        case Whereabouts():
            return replace(s, data=_all(Data, s.data, name), safeguard=name(Safeguard, s.safeguard))
        case Safeguard():
            return replace(s, name=name(Safeguard, s.name), rests_on=_all(Safeguard, s.rests_on, name))
        case Claim():
            data, purposes = _all(Data, s.data, name), _all(Purpose, s.purposes, name)
            return replace(s, data=data, purposes=purposes, while_fact=name(Fact, s.while_fact))
    return s


def _titled(s: Consent | Fact | Role | Recipient | Area, name: Naming) -> Statement:
    if isinstance(s, Fact):
        return replace(s, name=name(Fact, s.name), within=name(Fact, s.within))
    return replace(s, name=name(type(s), s.name))


def _basis(basis: Basis, name: Naming) -> Basis:
    grounds = tuple(
        Ground(g.kind, name(Consent if g.kind == "consent" else Fact, g.name)) for g in basis.grounds
    )
    uses = tuple(_use(u, name) for u in basis.uses)
    return replace(basis, grounds=grounds, uses=uses, guard=_guard(basis.guard, name))


def _use(use: Use, name: Naming) -> Use:
    return replace(use, data=name(Data, use.data), guard=_guard(use.guard, name))


def _guard(guard: Guard, name: Naming) -> Guard:
    when = tuple(_all(Fact, group, name) for group in guard.when)
    return replace(guard, when=when, unless=_all(Fact, guard.unless, name))


def _all(kind: type[Statement], words: tuple[str, ...], name: Naming) -> tuple[str, ...]:
    return tuple(name(kind, word) for word in words)
