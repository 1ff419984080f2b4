"""Errors: one family, each saying what, where in the document, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.terms.words import Place

if TYPE_CHECKING:
    from troth.terms.decision import Decision


class TrothError(Exception):
    """The root of everything Troth raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, missing or worth knowing in a document or a file served under it.

    >>> print(Problem(Place("policy.md", 3, 1), "unknown word 'kep'", hint="did you mean 'keep'?"))
    policy.md:3:1  unknown word 'kep'
      did you mean 'keep'?
    """

    place: Place
    message: str
    hint: str = ""
    level: str = "error"  # error | missing | advice

    def __str__(self) -> str:
        return f"{self.place}  {self.message}" + (f"\n  {self.hint}" if self.hint else "")


class Refused(TrothError):
    """The door stayed shut; ``decision`` says by which clause and what would open it."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        super().__init__(str(decision))
