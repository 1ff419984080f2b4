"""Incoming: a letter as a mail provider hands it in, on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Out


class LetterIn(In, frozen=True):
    """A whole message (RFC 5322) in base64, for which mailbox, and what its provider found of DMARC."""

    raw: Annotated[str, Meta(min_length=1, max_length=60_000)]
    mailbox: Line
    returns: Annotated[str, Meta(max_length=400)] = "?"  # the envelope's sender; '' is a machine's
    dmarc: Literal["pass", "fail", "none"] | None = None  # left out: the house looks itself


class LetterOut(Out, frozen=True):
    """What became of it: dropped, silenced, asked, who, or the name of the door it went through."""

    became: str
