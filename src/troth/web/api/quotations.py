"""Quotations: words that people let us print, for the role that puts them on the page."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Data
from troth.services import quoting
from troth.services.quoting import OtherWords, Quotation
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.people import role
from troth.web.api.wire.base import In, Line, Out


class QuotationOut(Out, frozen=True):
    """One quotation, exactly as it may be printed."""

    number: str
    text: str
    name: str
    shown: bool


class QuotationsOut(Out, frozen=True):
    """Those that wait."""

    quotations: tuple[QuotationOut, ...]


class UpIn(In, frozen=True):
    """The words that are put up, to be the very ones that were agreed to."""

    text: Line


def listed(call: Call) -> QuotationsOut:
    """List those that wait."""
    _known(call)
    found = quoting.waiting(call.company.gate, call.company.policy, role=role(call), staff=call.asker.name)
    return QuotationsOut(quotations=tuple(map(_out, found)))


def put_up(call: Call) -> QuotationOut:
    """Put one on the page."""
    _known(call)
    text, gate, policy = call.read(UpIn).text, call.company.gate, call.company.policy
    try:
        done = quoting.put_up(gate, policy, call.path["number"], text, role=role(call), staff=call.asker.name)
    except OtherWords as other:
        raise Fault(422, "invalid", f"text: {other}", fields=("text",)) from other
    return _out(done)


def quoting_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause of quotations."""
    data = quoting.known(call.company.policy)
    return clauses_of(call.company.policy, Data, data.name if data else "")


def _known(call: Call) -> None:
    if quoting.known(call.company.policy) is None:
        raise Fault(404, "not-here", "nobody is quoted here")


def _out(one: Quotation) -> QuotationOut:
    return QuotationOut(number=one.number, text=one.text, name=one.name, shown=one.shown)
