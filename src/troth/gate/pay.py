"""Pay: money in and out through the firm that takes payments; what is kept of a card is four digits.

Card and account pass through to that firm and are kept nowhere.  INVARIANT (paid is written): a charge and
its line in the book are one deed, and its key is the order's, so that a deed undone and tried again pays
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from troth.gate.body import checked
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import Folder, number, opened
from troth.gate.house import House
from troth.gate.means import (
    FAILED,
    OPEN,
    OUT,
    OWED,
    PAID,
    REFUNDED,
    Means,
    body_of,
    line_of,
    lines_of,
    means,
    means_of,
    member_of,
    money,
    move_line,
    today,
    write,
)
from troth.gate.read import readable
from troth.gate.values import Charge, Delivery
from troth.policy.model import Door
from troth.store import Record
from troth.terms import Action, Permit, Request, TrothError

DIGITS, TOKEN = 4, "token"


class Declined(GateError):
    """The firm did not take this payment; that stands in the book, and nothing is delivered."""

    def __init__(self) -> None:
        super().__init__("the payment was declined; nothing was taken, and nothing is delivered")


class NotTaken(GateError):
    """The firm that takes payments gave no answer, or may not be asked; nothing was paid or written."""


def takes_payments(house: House) -> bool:
    """Say whether the document takes payments and a firm is there to take them."""
    try:
        return bool(member_of(house))
    except GateError:
        return False


def owe(house: House, *, person: int, body: Mapping[str, object], orders: Sequence[str] = ()) -> int:
    """Write an order's open line into the book; ``orders``: what has happened with it."""
    words = means(house)
    with opened(house, person) as folder:
        for name in orders:
            folder.happen(name)
        if body.get("due"):
            folder.deed.index(namespace=OWED, value=OPEN)
        return write(folder, words.book, {"on": today(folder), **body}, words.purpose)


def pay(
    house: House,
    *,
    person: int,
    order: str,
    given: Mapping[str, object],
    save: bool = False,
    settles: Sequence[str] = (),
) -> str:
    """Pay an open order by ``card``, ``account`` or saved ``token``; return what is kept: four digits.

    Raises ``Declined`` (which stands in the book), ``NoProvider``, ``NoRecord`` for an order that is not the
    person's, ``PaidBefore``, ``Refused``, and what the carrier raises.  ``settles``: what has happened then.
    """
    words, member = means(house), member_of(house)
    with opened(house, person) as folder:
        line = line_of(folder, words, order, (OPEN, FAILED))
        kind, charge = _charge(folder, words, member, line, given)
        told = _ask(house, charge)
        paid = told.get("state") == PAID
        if paid and kind != TOKEN:
            token = str(told.get(TOKEN, "")) if save else ""
            write(folder, words.data, {"last4": _last(given[kind])}, words.purpose)
            if token:
                write(folder, words.data, {TOKEN: token}, words.purpose)
        move_line(folder, line, PAID if paid else FAILED, str(told.get("reference", "")))
        folder.note(PAID if paid else FAILED, words.clause, data=words.book)
        if paid and not _owes(folder, words):
            folder.deed.unindex(namespace=OWED, value=OPEN)
        for name in settles if paid else ():
            folder.happen(name)
    if not paid:
        raise Declined
    return _last(given[kind])


def refund(
    house: House, *, person: int, order: str, amount: str, reopens: Sequence[str], settles: Sequence[str]
) -> int:
    """Give back some or all of a paid order through the firm that took it; return the new line's number."""
    words, member = means(house), member_of(house)
    with opened(house, person) as folder:
        for name in reopens:
            folder.happen(name)
        line = line_of(folder, words, order, (PAID,))
        _enough(folder, words, line, amount)
        permit = _shares(folder, words, member, [(words.book, "amount")])
        body = {"charge": str(body_of(line).get("reference", "")), "amount": amount}
        _ask(house, Charge(permit, words.party, member, "refund", f"refund {order} {number()}", body))
        back = {"direction": OUT, "amount": amount, "order": order, "state": REFUNDED, "on": today(folder)}
        rid = write(folder, words.book, back, words.purpose)
        folder.note(REFUNDED, words.clause, data=words.book)
        for name in settles:
            folder.happen(name)
    return rid


def forget_tokens(folder: Folder, name: str) -> None:
    """Have the firm forget the tokens that rest on a consent which is being taken back; they go here too.

    A firm that cannot be reached stops nobody from taking a yes back: the word waits in its mailbox.
    """
    words = means_of(folder.house.policy)
    if words is None or name != words.saving:
        return
    tokens = [body_of(r).get(TOKEN) for r in folder.records.values() if r.data == words.data]
    for token in filter(None, tokens):
        member = member_of(folder.house)
        try:
            folder.house.charge(
                Charge(None, words.party, member, "release", f"release {token}", {TOKEN: token})
            )
        except TrothError:
            folder.house.post(Delivery(None, words.party, member, {TOKEN: token}, "erasure"))
        folder.note("erasure told", words.clause, data=[words.data], party=words.party, member=member)


def _owes(folder: Folder, words: Means) -> bool:
    """Say whether an invoice of the person is still open."""
    mine = (body_of(r) for r in folder.records.values() if r.data == words.book)
    return any(b.get("due") and b.get("state") in (OPEN, FAILED) for b in mine)


def _ask(house: House, charge: Charge) -> Mapping[str, object]:
    try:
        return house.charge(charge)
    except TrothError as error:
        raise NotTaken(str(error)) from error


def _charge(
    folder: Folder, words: Means, member: str, line: Record, given: Mapping[str, object]
) -> tuple[str, Charge]:
    """Return by what is paid, and what goes to the firm for it: name, amount, means; each field decided."""
    kind = next((k for k in (words.card, words.account, TOKEN) if k and k in given), "")
    if not kind:
        raise BadBody(words.data, words.card, "a payment needs a card or an account")
    if kind != TOKEN:
        checked(folder.house.datum(words.data), {kind: given[kind]})
        folder.insist(Request(Action.COLLECT, words.data, words.purpose, field=kind, source="person"))
    named = list(_named(folder, words, member))
    asked = [(words.data, kind), (words.book, "amount"), *((d, f) for d, f, _ in named)]
    permit = _shares(folder, words, member, asked)
    how = _saved(folder, words) if kind == TOKEN else _how(kind, given)
    said = {"name": " ".join(value for _, _, value in named), "amount": str(body_of(line)["amount"])}
    order = str(body_of(line)["order"])
    tries = sum(1 for leaf in folder.house.store.trail(person=folder.person) if leaf.kind == FAILED)
    return kind, Charge(permit, words.party, member, "charge", f"{order} {tries}", {**said, kind: how})


def _shares(folder: Folder, words: Means, member: str, asked: Sequence[tuple[str, str]]) -> Permit:
    """Return the permit under which these fields go to the firm, with its line in the evidence."""
    permits = [
        folder.insist(Request(Action.SHARE, d, words.purpose, words.party, f, member)) for d, f in asked
    ]
    data = sorted(f"{d}.{f}" for d, f in asked)
    said = {"party": words.party, "member": member, "purpose": words.purpose, "form": "identified"}
    folder.note("share", permits[0].clauses[0], data=data, **said)
    return permits[0]


def _named(folder: Folder, words: Means, member: str) -> Iterator[tuple[str, str, str]]:
    """Yield (category, field, value) of what the firm may know of who pays, beside means and book."""
    doors = (d for d in folder.house.policy.of(Door) if d.verb == "share" and d.party == words.party)
    for door in (d for d in doors if words.purpose in d.purposes):
        for data, _, field in (name.partition(".") for name in door.data):
            if field and data not in (words.data, words.book):
                found = readable(folder.reckoning, folder.records.values(), data, words.purpose, field)
                values = [str(h.body[field]) for h in found]
                yield from [(data, field, values[-1])] if values else []


def _how(kind: str, given: Mapping[str, object]) -> object:
    """Return a card with what stands beside its number, an account as it is."""
    more = {n: v for n, v in given.items() if n in ("expires", "code") and v}
    return {"number": _plain(given[kind]), **more} if more else _plain(given[kind])


def _saved(folder: Folder, words: Means) -> str:
    held = readable(folder.reckoning, folder.records.values(), words.data, words.purpose, TOKEN)
    tokens = [str(h.body[TOKEN]) for h in held]
    if not tokens:
        raise BadBody(words.data, TOKEN, "no card is saved")
    return tokens[-1]


def _enough(folder: Folder, words: Means, line: Record, amount: str) -> None:
    """Refuse to give back more than was paid, with what was given back before."""
    order = str(body_of(line)["order"])
    before = sum(money(body_of(r)["amount"])[0] for r in lines_of(folder, words, order, OUT))
    (value, unit), (paid, currency) = money(amount), money(body_of(line)["amount"])
    if unit != currency or value <= 0 or value + before > paid:
        raise BadBody(words.book, "amount", "no more can be given back than was paid, in its currency")


def _last(given: object) -> str:
    return _plain(given)[-DIGITS:]


def _plain(given: object) -> str:
    return "".join(c for c in str(given) if c.isalnum())
