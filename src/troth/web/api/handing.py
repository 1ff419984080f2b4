"""Handing: a person names a service that their file is sent to, and confirms it in a second step."""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import Right
from troth.runtime import handing
from troth.runtime.handing import NotHandedOver
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.base import In, Line
from troth.web.api.wire.rights import AskedOut, asked_out


class ToIn(In, frozen=True):
    """Where the file is sent to: an https address that takes a POST."""

    to: Line


class ConfirmIn(In, frozen=True):
    """Whether the person is sure of the address."""

    sure: bool = False


def ask(call: Call) -> AskedOut:
    """Take the address; the file goes when the person confirms."""
    try:
        asked = handing.ask(call.company, person=call.person(), url=call.read(ToIn).to)
    except NotHandedOver as error:
        raise Fault(422, "invalid", str(error), fields=("to",), clauses=_carry(call)) from None
    return asked_out(asked, call.company.name)


def send(call: Call) -> AskedOut:
    """Send the file, once."""
    if not call.read(ConfirmIn).sure:
        raise Fault(403, "refused", "nothing is sent before you confirm where to", clauses=_carry(call))
    try:
        asked = handing.send(call.company, person=call.person(), number=call.path["number"])
    except NotHandedOver as error:
        raise Fault(502, "not-taken", str(error), clauses=_carry(call)) from None
    return asked_out(asked, call.company.name)


def _carry(call: Call) -> Sequence[Clause]:
    return clauses_of(call.company.policy, Right, "carry")
