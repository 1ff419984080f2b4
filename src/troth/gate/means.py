"""Means: the document's words for paying, and the book in which payments stand.

The category with a field of type ``card`` that passes is the means, the one with a direction and an amount
the book; the door that shares the card names the firm and the purpose.  Amounts are compared in whole cents,
in one currency; a line that says nothing of an order is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from troth.gate.body import checked
from troth.gate.errors import BadBody, GateError, NoRecord
from troth.gate.folder import Folder
from troth.gate.house import House
from troth.kernel.calendar import local_day
from troth.policy.model import Data, Door, Policy, Purpose
from troth.store import Record
from troth.terms import Action, Clause

OPEN, PAID, FAILED, REFUNDED = "open", "paid", "failed", "refunded"
IN, OUT = "from-you", "to-you"
OWED = "owed"  # the index of who has an open invoice
BOOK = frozenset({"direction", "amount", "on", "order", "state"})


class NoProvider(GateError):
    """Nobody takes payments here now."""

    def __init__(self) -> None:
        super().__init__("no firm takes payments here now; give one a 'payments' address in parties.toml")


class PaidBefore(GateError):
    """The order is paid, or not paid, so that this cannot be done with it."""


@dataclass(frozen=True, slots=True)
class Means:
    """The document's words for paying: two categories, the firm, the purpose, and one consent."""

    data: str
    card: str
    account: str
    book: str
    party: str
    purpose: str
    saving: str  # the consent on which a token is kept
    clause: Clause


def means_of(policy: Policy) -> Means | None:
    """Read the words out of a document; None when it takes no payments."""
    for data in policy.of(Data):
        types = {f.type: f.name for f in data.fields if f.passing}
        card = types.get("card", "")
        door = next((d for d in policy.of(Door) if card and f"{data.name}.{card}" in d.data), None)
        book = next((d.name for d in policy.of(Data) if {f.name for f in d.fields} >= BOOK), "")
        if door is not None and book:
            words = (data.name, card, types.get("iban", ""), book, door.party, door.purposes[0])
            return Means(*words, _saving(policy, data.name), door.clause)
    return None


def means(house: House) -> Means:
    """Return the document's words; raise ``GateError`` where it takes no payments."""
    found = means_of(house.policy)
    if found is None:
        raise GateError("the document takes no payments: no field of type card is shared with anybody")
    return found


def member_of(house: House) -> str:
    """Return the member that takes payments, which is the one with an address for them."""
    members = house.parties.get(means(house).party, {})
    found = next((name for name, about in members.items() if about.get("payments")), "")
    if not found:
        raise NoProvider
    return found


# -- the book --------------------------------------------------------------------------------------


def lines_of(folder: Folder, words: Means, order: str, direction: str) -> list[Record]:
    """Return the lines of an order in one direction."""
    wanted = {"order": order, "direction": direction}
    mine = (r for r in folder.records.values() if r.data == words.book)
    return [r for r in mine if {n: body_of(r).get(n) for n in wanted} == wanted]


def line_of(folder: Folder, words: Means, order: str, states: Sequence[str]) -> Record:
    """Return the line of an order that the person pays; raise when there is none in such a state."""
    line = next(iter(lines_of(folder, words, order, IN)), None)
    if line is None:
        raise NoRecord(order)
    state = str(body_of(line).get("state", ""))
    if state not in states:
        raise PaidBefore(f"the order is {state or 'not open'}, so this cannot be done with it")
    return line


def move_line(folder: Folder, line: Record, state: str, reference: str = "") -> None:
    """Let a line become paid or failed today, under the firm's own reference where the book has room."""
    fields = {f.name for f in folder.house.datum(line.data).fields}
    more = {"reference": reference} if reference and "reference" in fields else {}
    folder.rewrite(line.rid, {**body_of(line), "state": state, "on": today(folder), **more})


def write(
    folder: Folder, data: str, body: Mapping[str, object], purpose: str, source: str = "company"
) -> int:
    """Write a record of the house's own once the kernel allowed each field; return its number."""
    datum = folder.house.datum(data)
    said = checked(datum, body)
    clause = folder.insist_each(Action.COLLECT, data, purpose, said, source=source).clauses[0]
    rid = folder.put(data, said, purposes=(purpose,), source=source, clause=clause, place=datum.area)
    folder.note("collected", clause, data=data, purpose=purpose, source=source)
    return rid


def money(text: object) -> tuple[Decimal, str]:
    """Read an amount with its currency; raise ``BadBody``.

    >>> money("12,50 GBP")
    (Decimal('12.50'), 'GBP')
    """
    value, _, unit = str(text).partition(" ")
    try:
        return Decimal(value.replace(",", ".")).quantize(Decimal("0.01")), unit
    except InvalidOperation:
        raise BadBody("amount", "", "an amount, as 12.50 GBP") from None


def today(folder: Folder) -> str:
    """Return the local day, in ISO 8601."""
    return local_day(folder.now, folder.house.policy.zone).isoformat()


def body_of(record: Record) -> dict[str, Any]:
    """Return a record's fields."""
    return dict(record.body) if isinstance(record.body, dict) else {}


def _saving(policy: Policy, data: str) -> str:
    for basis in (b for p in policy.of(Purpose) for b in p.bases):
        if any((u.data, u.field) == (data, "token") for u in basis.uses):
            return next((g.name for g in basis.grounds if g.kind == "consent"), "")
    return ""
