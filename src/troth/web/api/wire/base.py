"""Base: the words of the wire that all others share: names, lines, a clause, a problem, a person's name.

A body with a field that stands in no struct is refused, by its name.  Instants are RFC 3339 in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from troth.terms import Clause

Word = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[A-Za-z][\w:.@()-]*$")]
Tag = Annotated[str, Meta(min_length=1, max_length=80, pattern=r"^[\w-]+$")]
Line = Annotated[str, Meta(min_length=1, max_length=400)]
Text = Annotated[str, Meta(min_length=1, max_length=8000)]
Moment = Annotated[datetime, Meta(tz=True)]  # an instant without a time zone is refused
Value = str | int | float | bool | None
Fields = dict[str, Value]


class In(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is sent to the API."""


class Out(Struct, frozen=True, kw_only=True):
    """What the API answers."""


class ClauseOut(Out, frozen=True):
    """A section of the document, and where the published notice carries it."""

    ref: str
    link: str
    title: str = ""
    sentence: str = ""
    line: int = 0


class ProblemOut(Out, omit_defaults=True, frozen=True):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    clause: str | None = None
    clauses: tuple[ClauseOut, ...] = ()
    missing: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    accept: str = ""  # where the version in force is read and accepted, when that is what is missing
    authority: str = ""  # of a refusal: who hears complaints, and where
    complaints: str = ""


class Who(In, frozen=True):
    """A person by a name that a party or a job knows: ``email``, ``phone``, ``customer@member``."""

    kind: Word
    value: Line


class SaidOut(Out, frozen=True):
    """A sentence, where nothing else is to be told."""

    said: str


def clause_out(clause: Clause, company: str) -> ClauseOut:
    """Write a clause with the link under which the notice carries it; a law's own (``gdpr:5``) has none."""
    link = "" if ":" in clause.ref else f"/{company}/privacy#{clause.anchor}"
    return ClauseOut(
        ref=clause.ref, link=link, title=clause.title, sentence=clause.sentence, line=clause.line
    )


def plain(value: object) -> Any:
    """Turn a mapping of the gate into what JSON knows."""
    return msgspec.to_builtins(value, enc_hook=str, str_keys=True)
