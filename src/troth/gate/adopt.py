"""Adopt: a document is taken up over what is held; a ground is not swapped under what people agreed to.

What rests on consent alone is noted in the evidence each time that changes.  A document that lets the same
category be used on another ground, while something given under the consent is still held, is not taken up.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.errors import GateError
from troth.gate.house import House
from troth.terms import Clause

KIND = "grounds"


class Swapped(GateError):
    """The document puts another ground in the place of a consent on which data are held."""

    def __init__(self, data: str, consents: str, clause: Clause) -> None:
        super().__init__(
            f"'{data}' is held on consent '{consents}', and {clause} now uses it on another ground; leave the"
            " ground as it was agreed to, or let what was given under it go first"
        )


def adopt(house: House) -> None:
    """Take up the document; raise ``Swapped`` and write nothing when a ground was swapped."""
    before, now = _noted(house), _resting(house)
    for data, consents in before.items():
        swap = next((c for ground, c in _grounds(house, data) if ground != "consent"), None)
        if data in house.data and swap is not None and _held(house, data):
            raise Swapped(data, ", ".join(consents), swap)
    if now != before:
        house.store.log(kind=KIND, detail={"version": house.policy.version, "consent": now})


def _resting(house: House) -> dict[str, list[str]]:
    """Return each category that rests on consents alone, with their names."""
    found: dict[str, list[str]] = {}
    for data in house.data:
        grounds = [ground for ground, _ in _grounds(house, data)]
        if grounds and set(grounds) == {"consent"}:
            found[data] = sorted(_consents(house, data))
    return found


def _grounds(house: House, data: str) -> list[tuple[str, Clause]]:
    return [
        (ground.kind, purpose.clause)
        for purpose in house.purposes.values()
        for basis in purpose.bases
        if any(u.data == data for u in basis.uses)
        for ground in basis.grounds
    ]


def _consents(house: House, data: str) -> set[str]:
    bases = (b for p in house.purposes.values() for b in p.bases if any(u.data == data for u in b.uses))
    return {g.name.partition("(")[0] for b in bases for g in b.grounds if g.kind == "consent"}


def _noted(house: House) -> Mapping[str, list[str]]:
    noted: Mapping[str, list[str]] = {}
    for leaf in house.store.leaves():
        if leaf.kind == KIND:
            noted = leaf.detail.get("consent", {})
    return noted


def _held(house: House, data: str) -> bool:
    people = house.store.persons()
    return any(r.body is not None for p in people for r in house.store.records(person=p, data=data))
