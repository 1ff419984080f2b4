"""Check names: every name used is declared, every name declared is used, and no name is declared twice.

Each kind of statement has a name space of its own (reading 23).  ``_references`` is the one list of
where a statement names another; a new statement adds its line there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from troth.policy.check_references import Reference, references
from troth.policy.check_terms import error, line
from troth.policy.model import (
    Area,
    Consent,
    Counter,
    Data,
    Event,
    Fact,
    Guard,
    Policy,
    Purpose,
    Recipient,
    Role,
    Safeguard,
    Setting,
    Statement,
)
from troth.policy.problems import near
from troth.terms import Problem

_KINDS: dict[str, type[Statement]] = {
    "data": Data,
    "purpose": Purpose,
    "consent": Consent,
    "party": Recipient,
    "role": Role,
    "area": Area,
    "event": Event,
    "fact": Fact,
    "safeguard": Safeguard,
    "counter": Counter,
    "setting": Setting,
}
_MUST_BE_USED = ("data", "purpose", "consent", "party", "role", "event", "fact", "safeguard")
_SPOKEN = {"party": "recipient or source"}


@dataclass(frozen=True, slots=True)
class Names:
    """What a document declares: name spaces, each a mapping from a name to its statement."""

    spaces: dict[str, dict[str, Statement]]
    fields: dict[str, frozenset[str]]

    def knows(self, kind: str, name: str) -> bool:
        return name in self.spaces.get(kind, {})


def check_names(policy: Policy) -> Iterator[Problem]:
    """Yield what is undeclared, unused or declared twice."""
    names = declared(policy)
    used: set[tuple[str, str]] = set()
    for statement in policy.statements:
        for reference in references(statement):
            yield from _look_up(names, statement, reference, used)
    yield from _unused(names, used)
    yield from _doubled(policy)


def declared(policy: Policy) -> Names:
    """Return the names that a document declares, and those of its law packs as ``gdpr:consents``."""
    spaces: dict[str, dict[str, Statement]] = {kind: {} for kind in _KINDS}
    fields: dict[str, frozenset[str]] = {}
    for prefix, house in _houses(policy):
        for kind, cls in _KINDS.items():
            spaces[kind] |= {prefix + _name(s): s for s in house.of(cls)}
        fields |= {prefix + d.name: frozenset(f.name for f in d.fields) for d in house.of(Data)}
    return Names(spaces, fields)


def _houses(policy: Policy) -> Iterator[tuple[str, Policy]]:
    yield "", policy
    for pack in policy.packs:
        yield f"{PurePosixPath(pack.path).stem}:", pack


def _name(statement: Statement) -> str:
    return str(getattr(statement, "name", ""))


def _look_up(
    names: Names, statement: Statement, reference: Reference, used: set[tuple[str, str]]
) -> Iterator[Problem]:
    name, field = reference.name, ""
    if "data" in reference.kinds:
        name, _, field = name.partition(".")
    if name in reference.known or not name:
        return
    kinds = [k for k in reference.kinds if names.knows(k, name)]
    used |= {(k, name) for k in kinds}
    if not kinds:
        what = " or ".join(_SPOKEN.get(k, k) for k in reference.kinds)
        others = {n for k in reference.kinds for n in names.spaces.get(k, {})} | reference.known
        yield error(
            statement.place,
            f"no {what} is called '{name}'",
            near(name, others) or f"declare '{name}' as {what}, or use a name that is declared",
        )
    elif field and field not in names.fields[name]:
        yield error(statement.place, f"'{name}' has no field '{field}'", near(field, names.fields[name]))


def _unused(names: Names, used: set[tuple[str, str]]) -> Iterator[Problem]:
    for kind in _MUST_BE_USED:
        for name, statement in names.spaces[kind].items():
            if (kind, name) in used or ":" in name or _stands_alone(kind, statement):
                continue
            yield error(
                statement.place,
                f"{_SPOKEN.get(kind, kind)} '{name}' is declared and never used",
                "name it in a rule, or take it out",
            )


def _stands_alone(kind: str, statement: Statement) -> bool:
    """Say whether a statement needs nobody to name it: a purpose acts, and records are the gate's own."""
    records = isinstance(statement, Data) and statement.records
    return kind == "purpose" or bool(records)


def _doubled(policy: Policy) -> Iterator[Problem]:
    for kind, cls in _KINDS.items():
        seen: dict[tuple[object, ...], Statement] = {}
        for statement in policy.of(cls):
            first = seen.setdefault((_name(statement), *_era(statement)), statement)
            if first is not statement and not _plain(statement):
                yield error(
                    statement.place,
                    f"{_SPOKEN.get(kind, kind)} '{_name(statement)}' is declared on {line(first)} already",
                    "keep one of the two, or give one another name",
                )
    for datum in policy.of(Data):
        fields = [f.name for f in datum.fields]
        for name in sorted({n for n in fields if fields.count(n) > 1}):
            yield error(datum.place, f"'{datum.name}' has the field '{name}' twice", "keep one of the two")


def _era(statement: Statement) -> tuple[object, ...]:
    """Return from when until when a statement holds: one name may have another meaning in another era."""
    guard = getattr(statement, "guard", Guard())
    return (guard.since, guard.until)


def _plain(statement: Statement) -> bool:
    """Say whether a statement only names a moment, which a document may do twice."""
    return isinstance(statement, Event) and not statement.alternatives
