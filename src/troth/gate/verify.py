"""Verify: what a person corrects of a guarded field waits, unverified, until it was checked (GDPR Art. 16).

``verify contact.email by link`` has the new address prove itself; ``verify identity.last by officer`` has a
role look.  INVARIANT (the old stays): until then nothing that stands is touched, and only the person and who
checks see the new value, which lies with the request and is answered within the right's own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from troth.gate.ask import asked_of, close_about, opened_request, request_of
from troth.gate.body import checked
from troth.gate.converse_mask import cleaned
from troth.gate.correct import correct
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import Folder, opened
from troth.gate.house import House
from troth.gate.prove import link
from troth.gate.values import Asked, Receipt
from troth.policy.model import Verify

LINK, RIGHT, PROPOSED = "link", "correct", "proposed"
USUAL = ("link", "call", "letter", "invoice")  # what any check may ask for
MEANS = (*USUAL, "identity-document")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A correction that waits: its request, who checks it, which fields; ``token`` opens its link."""

    asked: Asked
    by: str
    fields: tuple[str, ...]
    address: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


class TooMuch(GateError):
    """A check asks to see more than the document lets it for this."""

    def __init__(self, means: str, what: str) -> None:
        super().__init__(
            f"a check of {what} may not ask for '{means}': the document names nothing that needs it"
        )


def propose(
    house: House, *, person: int, rid: int, body: Mapping[str, object]
) -> tuple[dict[str, object], tuple[Proposal, ...]]:
    """Part a correction into what may be written now, and proposals that wait; raise as ``correct`` does."""
    with opened(house, person) as folder:
        record = folder.get(rid)
        datum = house.datum(record.data)
        old = record.body if isinstance(record.body, dict) else {}
        said = cleaned(house, datum, checked(datum, body))
        guarded = {n: v for n in said if said[n] != old.get(n) and (v := _guard(folder, record.data, n))}
        waits = [
            _waiting(folder, rid, record.data, v, said, guarded) for v in dict.fromkeys(guarded.values())
        ]
    tokens = {a.number: link(house, person=person, number=a.number) for a, v, _ in waits if v.by == LINK}
    return {n: v for n, v in body.items() if n not in guarded}, tuple(
        Proposal(a, v.by, names, str(said[names[0]]), tokens.get(a.number, "")) for a, v, names in waits
    )


def insist_checked(house: House, *, person: int, rid: int, body: Mapping[str, object]) -> None:
    """Raise ``BadBody`` for a field that is checked before it changes."""
    with opened(house, person) as folder:
        record = folder.get(rid)
        old = record.body if isinstance(record.body, dict) else {}
        for name in (n for n in body if body[n] != old.get(n) and _guard(folder, record.data, n)):
            raise BadBody(record.data, name, "is checked before it changes; the old value stays until then")


def settle(house: House, *, person: int, number: str, holds: bool, by: str) -> Receipt | None:
    """Write a proposal that was checked, or drop it; the request is answered in either case."""
    with opened(house, person) as folder:
        _, body = request_of(folder, number)
        said: Mapping[str, Any] = body.get(PROPOSED) or {}
        if not said or body.get("answered"):
            raise GateError(f"request {number} proposes nothing that waits")
        if said["by"] != by:
            raise GateError(f"request {number} is checked by {said['by']}")
    gone = correct(house, person=person, rid=int(said["rid"]), body=said["fields"]) if holds else None
    if gone is not None:
        return gone
    with opened(house, person) as folder:
        rid, body = request_of(folder, number)
        folder.rewrite(rid, {n: v for n, v in body.items() if n != PROPOSED})
        outcome = "granted" if holds else "refused"
        close_about(
            folder, RIGHT, str(body["about"]), outcome, "checked" if holds else "it could not be confirmed"
        )
        folder.note("verified", str(body.get("clause", "")), number=number, outcome=outcome)
    return None


def proposal(house: House, *, person: int, number: str) -> Mapping[str, Any]:
    """Return what a request proposes and who checks it; empty where it proposes nothing."""
    with opened(house, person) as folder:
        _, body = request_of(folder, number)
        return dict(body.get(PROPOSED) or {})


def ask_proof(house: House, *, person: int, about: str, means: str) -> None:
    """Write down that a check of a field asks for something; raise ``TooMuch`` for more than it needs."""
    house.part(about)
    data, _, name = about.partition(".")
    if means not in MEANS:
        raise BadBody(data, name, f"a check asks for one of {', '.join(MEANS)}")
    with opened(house, person) as folder:
        found = _guard(folder, data, name)
        if means not in (*USUAL, *(found.asking if found else ())):
            raise TooMuch(means, about)
        folder.note("proof asked", found.clause if found else "", data=about, means=means)


def _waiting(
    folder: Folder,
    rid: int,
    data: str,
    guard: Verify,
    said: Mapping[str, object],
    guarded: Mapping[str, Verify],
) -> tuple[Asked, Verify, tuple[str, ...]]:
    """Open the request that holds the fields of one guard; an older one about the same record gives way."""
    names = tuple(n for n, v in guarded.items() if v == guard)
    about = f"{data}.{'+'.join(names)}"
    _superseded(folder, about)
    asked = opened_request(folder, RIGHT, "page", about=about)
    kept, body = request_of(folder, asked.number)
    fields = {n: said[n] for n in names}
    folder.rewrite(kept, {**body, PROPOSED: {"rid": rid, "by": guard.by, "fields": fields}})
    folder.note("unverified", guard.clause, data=[f"{data}.{n}" for n in names], number=asked.number)
    return asked_of(folder.house, folder.get(kept)), guard, names


def _superseded(folder: Folder, about: str) -> None:
    close_about(folder, RIGHT, about, "withdrawn", "a later correction took its place")


def _guard(folder: Folder, data: str, name: str) -> Verify | None:
    """Return what checks a field of this person now."""
    facts = folder.state.facts
    for found in folder.house.policy.of(Verify):
        held = not found.guard.when or any(facts.issuperset(group) for group in found.guard.when)
        if held and not facts.intersection(found.guard.unless) and _names(found.data, data, name):
            return found
    return None


def _names(said: Sequence[str], data: str, name: str) -> bool:
    return data in said or f"{data}.{name}" in said
