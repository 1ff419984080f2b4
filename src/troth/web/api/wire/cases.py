"""Cases: what a person wrote, and what became of it, on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from troth.gate.cases import Case
from troth.web.api.wire.base import In, Out, Text, Word
from troth.web.api.wire.rights import AskedOut, asked_out


class CaseIn(In, frozen=True):
    """What is asked, through which of the document's doors, and about what: an order or an earlier case."""

    text: Text
    door: Word = "question"
    about: Annotated[str, Meta(max_length=80, pattern=r"^[\w-]*$")] = ""


class StatementIn(In, frozen=True):
    text: Text


class CaseOut(Out, frozen=True):
    """One case: what was written, what stands beside it, the answer, and how it stands."""

    asked: AskedOut
    text: str
    state: str
    statements: tuple[str, ...] = ()
    answer: str = ""


class CasesOut(Out, frozen=True):
    cases: tuple[CaseOut, ...]


def case_out(case: Case, company: str) -> CaseOut:
    """Write a case out."""
    return CaseOut(
        asked=asked_out(case.asked, company),
        text=case.text,
        state=(case.asked.outcome or "answered") if case.asked.answered else "open",
        statements=case.statements,
        answer=case.answer,
    )
