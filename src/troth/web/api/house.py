"""House: where the document speaks of a thing, found by name, so that a no can name its clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from troth.policy.model import Data, Door, Policy, Recipient, Statement
from troth.terms import Clause

S = TypeVar("S", bound=Statement)


def documents(policy: Policy) -> tuple[Policy, ...]:
    """Return the company's own document, then its law packs."""
    return (policy, *policy.packs)


def named(policy: Policy, kind: type[S], name: str) -> S | None:
    """Find a statement by its name; a member in brackets and a pack's prefix are left aside.

    >>> from troth.policy.model import Consent
    >>> named(Policy((Consent(name="news", question="?"),)), Consent, "news(bryggen)").name
    'news'
    """
    bare = name.split("(")[0].split(":")[-1]
    for document in documents(policy):
        for statement in document.of(kind):
            if getattr(statement, "name", "") == bare:
                return statement
    return None


def clauses_of(policy: Policy, kind: type[Statement], name: str = "") -> tuple[Clause, ...]:
    """Return the clause of the statement so named, else of the first of its kind, else none."""
    found: Statement | None = named(policy, kind, name) if name else None
    if found is None:
        found = next((s for d in documents(policy) for s in d.of(kind)), None)
    return (found.clause,) if found is not None else ()


def spoken(policy: Policy, data: str) -> tuple[Clause, ...]:
    """Return the clauses that speak of a category: what it is, then to whom it is shown; none for another.

    >>> from troth.policy.model import Data
    >>> spoken(Policy((Data(name="taste"),)), "tax")
    ()
    """
    own = tuple(d.clause for d in policy.of(Data) if d.name == data)
    doors = (d.clause for d in policy.of(Door) if d.verb == "show" and data in d.data)
    return tuple(dict.fromkeys((*own, *doors))) if own else ()


def party_of(policy: Policy, kind: str) -> Recipient | None:
    """Return the recipient or source that keys of this kind speak for."""
    return next((r for r in policy.of(Recipient) if r.name == kind), None)


def words(policy: Policy, parties: Mapping[str, Mapping[str, object]]) -> frozenset[str]:
    """Return every name that the document, its law packs and its lists of parties know.

    >>> from troth.policy.model import Data, Field
    >>> sorted(words(Policy((Data(name="taste", fields=(Field(name="drink"),)),)), {"client": {}}))
    ['any', 'client', 'drink', 'taste']
    """
    found = {"any", *parties, *(member for members in parties.values() for member in members)}
    for document in documents(policy):
        for statement in document.statements:
            found.add(getattr(statement, "name", ""))
            found.update(getattr(statement, "sources", ()))
            found.update(field.name for field in getattr(statement, "fields", ()))
    return frozenset(found - {""})
