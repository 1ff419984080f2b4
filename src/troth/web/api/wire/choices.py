"""Choices: what a person decides, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.gate.values import Act
from troth.web.api.wire.base import ClauseOut, In, Line, Moment, Out, Text, Word

Asked = Annotated[
    str, Meta(min_length=1, max_length=120, pattern=r"^[A-Za-z][\w:.-]*(\([\w.@-]+(, [\w.@-]+)*\))?$")
]
Reason = Annotated[str, Meta(max_length=2000)]


class ConsentIn(In, frozen=True):
    """``name`` may carry what it is given for: ``news(bryggen)``, ``bring(kraft, plan)``."""

    name: Asked
    given: bool
    language: str = ""


class ActOut(Out, frozen=True):
    kind: str
    name: str
    given: bool
    at: datetime
    text: str = ""
    version: str = ""
    language: str = ""
    channel: str = ""


class ConsentOut(Out, frozen=True):
    name: str
    question: str
    given: bool
    clause: ClauseOut
    age: int | None = None
    without: str = ""  # what ends when it is taken back


class ConsentsOut(Out, frozen=True):
    consents: tuple[ConsentOut, ...]
    history: tuple[ActOut, ...]


class ObjectionIn(In, frozen=True):
    purpose: Word
    given: bool = True
    reason: Reason = ""


class ObjectionsOut(Out, frozen=True):
    at: datetime
    objections: tuple[str, ...]


class JudgedIn(In, frozen=True):
    upheld: bool
    reason: Text


class RestrictionIn(In, frozen=True):
    data: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^(\*|[A-Za-z][\w.-]*)$")] = "*"
    on: bool = True
    case: Annotated[str, Meta(max_length=40, pattern=r"^[a-z-]*$")] = ""  # a situation the right names
    records: Annotated[tuple[int, ...], Meta(max_length=500)] = ()  # to be kept for a claim
    reason: Reason = ""


class LiftingIn(In, frozen=True):
    """Which restriction will be lifted, and why: the person reads it before it happens."""

    reason: Text
    data: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^(\*|[A-Za-z][\w.-]*)$")] = "*"


class LiftIn(In, frozen=True):
    data: Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^(\*|[A-Za-z][\w.-]*)$")] = "*"


class RestrictionsOut(Out, frozen=True):
    restricted: tuple[str, ...]


class AgeIn(In, frozen=True):
    years: Annotated[int, Meta(ge=0, le=130)]


class NoticeIn(In, frozen=True):
    version: Annotated[str, Meta(min_length=1, max_length=40)]


class EventIn(In, frozen=True):
    name: Line
    member: str = ""
    at: Moment | None = None


class FactIn(In, frozen=True):
    name: Word
    member: str = ""
    holds: bool = True
    approved_by: str = ""


def act_out(act: Act) -> ActOut:
    """Write an act of the person out."""
    return ActOut(**{name: getattr(act, name) for name in ActOut.__struct_fields__})
