"""Questions on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from troth.web.api.wire.base import In, Line, Out, Text


class QuestionIn(In, frozen=True):
    """A question that came from outside: from which address, in which words."""

    address: Line
    text: Text
    channel: Literal["mail", "letter", "telephone"] = "mail"


class QuestionAsked(Out, frozen=True):
    number: str
    due: datetime
