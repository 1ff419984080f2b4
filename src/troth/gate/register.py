"""Register: the house's own sealed notes, each under a key of its own: breaches, what a draw keeps closed.

A note concerns many people or nobody, so it lies in nobody's folder.  It is found by its kind and number, is
kept by the clause of the category that ``records register``, and its clock runs once it is closed.  People
stand in a note by their tags, which die with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from troth.gate.errors import GateError
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.policy.model import Data
from troth.terms import Clause

AREA, EVERY = "register", "every"


def enter(house: House, *, kind: str, number: str, body: Mapping[str, Any]) -> None:
    """Write a new note down; raise ``GateError`` for a number that stands."""
    if not house.remembers(AREA):
        raise GateError("the document and its law keep no register; declare data … records register")
    if found(house, kind=kind, number=number) is not None:
        raise GateError(f"there is a note '{number}' of this kind already")
    nobody = house.store.new_person(area=AREA)
    with opened(house, nobody) as folder:
        folder.deed.index(namespace=_space(kind), value=number)
        folder.deed.index(namespace=_space(kind), value=EVERY)
        folder.remember(AREA, dict(body), source="device")
        folder.note("register", clause_of(house), subject=kind, number=number)


def found(house: House, *, kind: str, number: str) -> Mapping[str, Any] | None:
    """Return a note, None when there is none."""
    nobody = house.store.find(namespace=_space(kind), value=number)
    body = None if nobody is None else _body(house, nobody)
    return body if body and body.get("number") == number else None


def every(house: House, *, kind: str, under: str = EVERY) -> Iterator[Mapping[str, Any]]:
    """Yield every note of a kind, or those filed under a word, the first filed first."""
    for nobody in house.store.find_all(namespace=_space(kind), value=under):
        body = _body(house, nobody)
        if body is not None:
            yield body


def amend(
    house: House,
    *,
    kind: str,
    number: str,
    body: Mapping[str, Any],
    step: str,
    over: bool = False,
    under: str = "",
    taken_from: str = "",
) -> None:
    """Put a new body in a note's place, with evidence of the step; ``over`` starts its clock.

    ``under`` files it under a word, by which ``every`` finds it; ``taken_from`` takes it from there.
    """
    nobody = house.store.find(namespace=_space(kind), value=number)
    if nobody is None:
        raise GateError(f"there is no note '{number}' of this kind")
    with opened(house, nobody) as folder:
        rid = next(i for i, r in folder.records.items() if r.data == house.kinds[AREA])
        folder.rewrite(rid, dict(body))
        if over:
            folder.happen("case-closed")
        if under:
            folder.deed.index(namespace=_space(kind), value=under)
        if taken_from:
            folder.deed.unindex(namespace=_space(kind), value=taken_from)
        folder.note("register", clause_of(house), subject=kind, number=number, step=step)


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: moments as text in UTC, tuples as lists.

    >>> plain({"at": datetime(2025, 3, 1, tzinfo=UTC), "data": ("post",)})
    {'at': '2025-03-01T00:00:00+00:00', 'data': ['post']}
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, tuple | list) else value


def clause_of(house: House) -> Clause:
    """Return the clause by which notes are kept."""
    datum: Data | None = house.data.get(house.kinds[AREA])
    return datum.clause if datum else Clause("", 0)


def _space(kind: str) -> str:
    return f"{AREA}:{kind}"


def _body(house: House, nobody: int) -> Mapping[str, Any] | None:
    bodies = (r.body for r in standing(house, nobody) if r.data == house.kinds[AREA])
    return next((b for b in bodies if isinstance(b, dict)), None)
