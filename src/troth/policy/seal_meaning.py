"""Seal meaning: a section's rules as a set of elementary sayings, and their digest.

Lists are spread, so that one rule with two purposes and two rules with one are the same set; order,
layout, labels and the texts in quotes are left out; equal lengths of time are equal.  A field at its
default is not written, so that a new word of the language changes no seal.  Texts in quotes are
wording, and sealed with the prose.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from troth.policy.check_terms import canonical
from troth.policy.model import (
    Area,
    Basis,
    Data,
    Door,
    Guard,
    Hold,
    Keep,
    OptOut,
    Policy,
    Purpose,
    Scope,
    Span,
    Statement,
    Treatment,
)

WORDING = frozenset({"text", "question", "says", "see", "clear", "logic"})
_OUTSIDE = frozenset({"clause", "place", "label", "added", "dpv"}) | WORDING
_SPREAD: dict[type[Statement], tuple[str, ...]] = {
    Door: ("data", "purposes"),
    Keep: ("data",),
    Hold: ("data",),
    OptOut: ("purposes", "ways"),
    Treatment: ("data",),
    Scope: ("places",),
}


def meaning(policy: Policy, ref: str) -> str:
    """Return the digest of what the rules of one section mean.

    >>> from troth.terms import Clause
    >>> here = Clause("6", 1)
    >>> a, b = (Keep(clause=here, data=(d,), span=Span(1, "year"), after="collected") for d in ("a", "b"))
    >>> both = Keep(clause=Clause("6", 9), data=("b", "a"), span=Span(12, "month"), after="collected")
    >>> meaning(Policy((a, b)), "6") == meaning(Policy((both,)), "6")
    True
    """
    return digest(sorted(set(sayings(policy, ref))))


def sayings(policy: Policy, ref: str) -> Iterator[str]:
    """Yield the elementary sayings of one section, each as canonical JSON."""
    mine = [s for s in policy.statements if s.clause.ref == ref]
    for statement in mine:
        for part in _parts(statement):
            yield json.dumps(part, sort_keys=True, ensure_ascii=False)
    if mine and policy.statements[0] is mine[0]:
        house = {"zone": policy.zone, "financial-year": list(policy.financial_year_end)}
        yield json.dumps(["House", house], sort_keys=True)


def digest(parts: list[str]) -> str:
    """Return the first 128 bits of the SHA-256 of lines, in hexadecimal."""
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _parts(statement: Statement) -> Iterator[list[Any]]:
    kind = type(statement).__name__
    if isinstance(statement, Purpose):
        yield [kind, _plain(replace(statement, bases=()))]
        for basis in statement.bases:
            yield from ([kind, statement.name, *said] for said in _carried(basis))
    elif isinstance(statement, Data):
        yield [kind, _plain(replace(statement, fields=()))]
        yield from ([kind, statement.name, _plain(field)] for field in statement.fields)
    elif isinstance(statement, Area):
        yield [kind, _plain(replace(statement, duties=()))]
        for duty in statement.duties:
            yield from ([kind, statement.name, duty.side, purpose] for purpose in duty.covers or (duty.name,))
    else:
        yield from ([kind, said] for said in _spread(statement))


def _carried(basis: Basis) -> Iterator[list[Any]]:
    """Yield each use with the grounds it may rest on, which together are one alternative."""
    grounds = _sorted([_plain(g) for g in basis.grounds])
    rest = _plain(replace(basis, grounds=(), uses=()))
    for use in basis.uses:
        yield [grounds, rest, _plain(use)]


def _spread(statement: Statement) -> Iterator[dict[str, Any]]:
    names = _SPREAD.get(type(statement), ())
    if isinstance(statement, Door) and statement.one_of:
        names = ("purposes",)
    rows = [_plain(statement)]
    for name in names:
        rows = [{**row, name: [one]} for row in rows for one in row.get(name, [""])]
    yield from rows


def _plain(value: Any) -> dict[str, Any]:
    """Return a value's fields, but for those at their default and those that are not meaning."""
    found = {}
    for field in fields(value):
        said = getattr(value, field.name)
        if field.name not in _OUTSIDE and said != _default(field):
            found[field.name] = _value(said)
    return found


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _value(value: Any) -> Any:
    if isinstance(value, Span):
        return str(canonical(value))
    if isinstance(value, Guard):
        return _plain(replace(value, when=())) | {"when": _sorted([sorted(g) for g in value.when])}
    if is_dataclass(value):
        return _plain(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | frozenset):
        return _sorted([_row(item) for item in value])
    return value


def _row(item: Any) -> Any:
    """Return a member of a list; the order inside a member (a pair, an alternative) is kept."""
    return [_value(part) for part in item] if isinstance(item, tuple) else _value(item)


def _sorted(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, ensure_ascii=False))
