"""Ledger: the history of what one person earned, which is only ever added to; its sum is the balance.

A line is a record of the document's category with the fields ``entitlement`` and ``amount``.  A line that
takes something back or uses it names the one it is about, and nothing that was written changes.  It adds up
and says what is open; writing lines is for ``giving`` and ``redeeming``.

>>> at = datetime(2025, 3, 1)
>>> used, back = Line("b", -20, at, "redeemed"), Line("c", 10, at, "reversed", about="b")
>>> lines = [Line("a", 50, at, "earned"), used, back]
>>> balance(lines), lots(lines)
(40, {'a': 40})
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from troth.gate.values import Held
from troth.policy.model import Data, Policy

TURNS = ("earned", "credited", "redeemed", "expired", "reversed")
NEVER = date.max


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``amount`` is added to the balance; ``expires`` is the last day on which it is good."""

    entitlement: str
    amount: int
    at: datetime
    turn: str = "earned"
    rule: str = ""
    operator: str = ""
    expires: date | None = None
    about: str = ""
    coupon: str = ""
    key: str = ""
    rid: int = 0


def reward_data(policy: Policy) -> Data | None:
    """Return the category in which the document keeps what people earn; it is known by its fields."""
    return having(policy, "entitlement", "amount")


def having(policy: Policy, *fields: str) -> Data | None:
    """Return the first category that has all these fields.

    >>> from troth.policy.model import Field
    >>> having(Policy((Data(name="taste", fields=(Field(name="drink"),)),)), "drink").name
    'taste'
    """
    return next((d for d in policy.of(Data) if set(fields) <= {f.name for f in d.fields}), None)


def lines(records: Iterable[Held]) -> tuple[Line, ...]:
    """Read the lines among a person's records, oldest first."""
    found = [_line(h) for h in records if {"entitlement", "amount"} <= set(h.body)]
    return tuple(sorted(found, key=lambda line: (line.at, line.rid)))


def balance(history: Iterable[Line]) -> int:
    """Add a history up."""
    return sum(line.amount for line in history)


def balances(history: Iterable[Line]) -> Mapping[str, int]:
    """Add a history up by the business that grants."""
    found: dict[str, int] = {}
    for line in history:
        found[line.operator] = found.get(line.operator, 0) + line.amount
    return found


def lots(history: Sequence[Line]) -> dict[str, int]:
    """Return what is left of each thing earned, nothing of it left out.

    What is used without saying of what takes from that which ends first; what comes back goes to that which
    ends last.
    """
    left: dict[str, int] = {}
    by_name = {line.entitlement: line for line in history}
    for line in history:
        if line.turn == "earned":
            left[line.entitlement] = left.get(line.entitlement, 0) + line.amount
        elif (thing := _thing(line, by_name)) in left:
            left[thing] += line.amount
        elif line.amount:
            _spread(left, line, by_name)
    return left


def open_now(history: Sequence[Line], today: date) -> tuple[tuple[Line, int], ...]:
    """Return each thing earned of which something good is left, with how much; what ends first is first."""
    left = lots(history)
    found = [(line, left[line.entitlement]) for line in history if left.get(line.entitlement, 0) > 0]
    good = [(line, n) for line, n in found if line.turn == "earned" and _ends(line) >= today]
    return tuple(sorted(good, key=lambda pair: _ends(pair[0])))


def over(history: Sequence[Line], today: date) -> tuple[tuple[Line, int], ...]:
    """Return each thing earned whose last day is past, with how much of it was left unused."""
    left = lots(history)
    return tuple(
        (line, left[line.entitlement])
        for line in history
        if line.turn == "earned" and left[line.entitlement] > 0 and _ends(line) < today
    )


def _thing(line: Line, by_name: Mapping[str, Line]) -> str:
    """Return what was earned that a line is about, by way of the use that it takes back."""
    about = by_name.get(line.about)
    return about.about or line.about if about is not None and about.turn == "redeemed" else line.about


def _spread(left: dict[str, int], line: Line, by_name: Mapping[str, Line]) -> None:
    mine = [n for n in left if by_name[n].operator == line.operator and not by_name[n].coupon]
    mine.sort(key=lambda n: _ends(by_name[n]))
    if line.amount > 0 and mine:
        left[mine[-1]] += line.amount
        return
    wanted = -line.amount
    for name in mine:
        taken = min(left[name], wanted)
        left[name], wanted = left[name] - taken, wanted - taken


def _ends(line: Line) -> date:
    return line.expires or NEVER


def _line(held: Held) -> Line:
    said = {name: str(held.body.get(name, "")) for name in ("rule", "operator", "about", "coupon", "key")}
    ends = str(held.body.get("expires", ""))
    return Line(
        str(held.body["entitlement"]),
        int(float(str(held.body["amount"]).replace(",", "."))),
        held.collected,
        str(held.body.get("turn", "")) or "earned",
        expires=date.fromisoformat(ends) if ends else None,
        rid=held.rid,
        **said,
    )
