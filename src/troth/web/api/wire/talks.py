"""Talks: a conversation on the wire; an answer once given is not repeated by what became of it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import ClauseOut, In, Out, Word


class FlowOut(Out, frozen=True):
    name: str
    title: str
    languages: tuple[str, ...]
    draft: bool
    client: str = ""


class FlowsOut(Out, frozen=True):
    flows: tuple[FlowOut, ...]


class StartIn(In, frozen=True):
    language: str = ""


class TurnIn(In, forbid_unknown_fields=False, frozen=True):
    """One answer.  What else is sent is dropped and reported, never kept."""

    step: Word
    answer: Annotated[str, Meta(max_length=4000)] = ""
    consent: bool | None = None
    years: Annotated[int, Meta(ge=0, le=130)] | None = None


class BackIn(In, frozen=True):
    step: Word


class ChoiceOut(Out, frozen=True):
    value: str
    label: str


class QuestionOut(Out, frozen=True):
    """What the step asks for: which field, for which purpose, and the consent whose text stands beside it."""

    kind: str
    data: str
    field: str
    purpose: str
    clause: ClauseOut | None
    choices: tuple[ChoiceOut, ...] = ()
    optional: bool = False
    low: float | None = None
    high: float | None = None


class AskedConsentOut(Out, frozen=True):
    """A consent as it is put.  A yes sends ``years`` too, one of ``ages``, where these are not empty."""

    name: str
    question: str
    clause: ClauseOut
    optional: bool
    ages: tuple[int, ...] = ()


class OutcomeOut(Out, frozen=True):
    """What became of one answer of the talk; the answer itself is not repeated."""

    stored: bool
    why: str = ""
    clause: ClauseOut | None = None


class TalkOut(Out, frozen=True):
    """A conversation as it stands.  ``token`` is what the next call sends as its bearer."""

    flow: str
    step: str
    says: str
    token: str
    end: bool = False
    question: QuestionOut | None = None
    consent: AskedConsentOut | None = None
    answer: str = ""
    reward: str = ""
    rewards: tuple[str, ...] = ()
    outcomes: tuple[OutcomeOut, ...] = ()
    dropped: tuple[str, ...] = ()
