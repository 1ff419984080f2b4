"""Credits: what is sent to credit a person, and the six things that a credit is."""

from __future__ import annotations

from datetime import datetime

from troth.web.api.wire.base import In, Out, Word
from troth.web.api.wire.rewards import Amount


class CreditIn(In, frozen=True):
    amount: Amount
    operator: Word
    rule: Word


class CreditOut(Out, frozen=True):
    """A credit: whose, by which of their contacts, how much, from whom, by which rule, when."""

    person: str
    contact: str
    amount: int
    operator: str
    rule: str
    time: datetime


class CreditsOut(Out, frozen=True):
    credits: tuple[CreditOut, ...]
