"""Incoming: the webhook by which a mail provider hands letters in; they are treated as those by SMTP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from troth.policy.model import Scope
from troth.runtime import handed
from troth.terms import Clause
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of
from troth.web.api.wire.incoming import LetterIn, LetterOut


def letter(call: Call) -> LetterOut:
    """Take a letter in; 409 with the reason for one that is refused, so that its provider sends it back."""
    sent = call.read(LetterIn)
    try:
        raw = base64.b64decode(sent.raw, validate=True)
    except (binascii.Error, ValueError):
        raise Fault(422, "invalid", "raw: not base64", fields=("raw",)) from None
    became = handed(
        call.company, raw=raw, mailbox=sent.mailbox, returns=sent.returns, result=sent.dmarc or ""
    )
    return LetterOut(became=became)


def scope_clauses(call: Call) -> Sequence[Clause]:
    """Name the clause by which the document covers mailboxes."""
    return clauses_of(call.company.policy, Scope)
