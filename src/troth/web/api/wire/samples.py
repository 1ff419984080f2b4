"""Samples: what reviewers see and say, draws, and what the marks add up to, on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta

from troth.gate.draw import Drawn
from troth.gate.review import Reviewed
from troth.web.api.wire.base import In, Line, Out, Text, Word

Seed = Annotated[int, Meta(ge=0, lt=1 << 53)]


class DrawIn(In, frozen=True):
    """By which seed and at which rate in a hundred a sample is drawn; the house chooses what is left out."""

    seed: Seed | None = None
    rate: Annotated[int, Meta(ge=1, le=100)] | None = None


class DrawOut(Out, frozen=True):
    """A draw; ``fingerprint`` is the same for two draws of the same conversations."""

    number: int
    seed: int
    rate: int
    since: str
    until: str
    frame: int
    drawn: int
    kept: int
    withheld: Mapping[str, int]
    fingerprint: str


class DrawsOut(Out, frozen=True):
    draws: tuple[DrawOut, ...]


class MarkOut(Out, frozen=True):
    """What one reviewer said; who it was is told to nobody."""

    verdict: str = ""
    note: str = ""
    task: str = ""


class SampleOut(Out, frozen=True):
    """One sample; ``marks`` are there once you gave your own, so that nobody judges after another."""

    sample: str
    made: str
    month: str
    agent: str
    text: str
    marked: int
    mine: MarkOut | None = None
    marks: tuple[MarkOut, ...] = ()


class SamplesOut(Out, frozen=True):
    samples: tuple[SampleOut, ...]


class MarkIn(In, frozen=True):
    verdict: Word
    note: Annotated[str, Meta(max_length=2000)] = ""


class TaskIn(In, frozen=True):
    text: Text


class MadeIn(In, frozen=True):
    """What is made up: conversations with an agent of ours; there is no place for a real one."""

    agent: Line
    many: Annotated[int, Meta(ge=1, le=100)] = 10
    seed: Seed = 0


class MadeOut(Out, frozen=True):
    samples: tuple[str, ...]


class QualityOut(Out, frozen=True):
    """What the marks add up to; ``agreement`` is Fleiss' kappa, none while nothing was marked twice."""

    made: str
    samples: int
    verdicts: Mapping[str, int]
    agreement: float | None


class QualitiesOut(Out, frozen=True):
    quality: tuple[QualityOut, ...]


def draw_out(drawn: Drawn) -> DrawOut:
    """Write a draw out."""
    return DrawOut(
        number=drawn.number,
        seed=drawn.seed,
        rate=drawn.rate,
        since=drawn.since,
        until=drawn.until,
        frame=drawn.frame,
        drawn=drawn.drawn,
        kept=drawn.kept,
        withheld=drawn.withheld,
        fingerprint=drawn.print_,
    )


def sample_out(found: Reviewed) -> SampleOut:
    """Write a sample out; others' marks only beside the reader's own."""
    one = found.sample
    return SampleOut(
        sample=one.number,
        made=one.made,
        month=one.month,
        agent=one.agent,
        text=one.text,
        marked=sum(1 for mark in found.marks if mark.get("verdict")),
        mine=_mark(found.mine) if found.mine else None,
        marks=tuple(map(_mark, found.marks)) if found.mine else (),
    )


def _mark(said: Mapping[str, str]) -> MarkOut:
    return MarkOut(**{name: said.get(name, "") for name in ("verdict", "note", "task")})
