"""Contests: what is announced, an entry, and a result that anybody can check, on the wire."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from troth.gate.contest import Contest as Held
from troth.services.contests import Contest
from troth.web.api.wire.base import In, Line, Out

Said = Annotated[str, Meta(max_length=200)]


class ContestOut(Out, frozen=True):
    """A contest as everybody may see it; it is what ``verify_draw.py`` reads.

    ``seed`` is empty until it was drawn, ``entries`` until it was closed.
    """

    name: str
    kind: str
    title: str
    prize: str
    text: str
    task: str
    closes: str
    commitment: str
    announced: str
    opened: str
    entries: tuple[str, ...]
    digest: str
    seed: str
    beacon: str
    winners: tuple[str, ...]
    withdrawn: tuple[str, ...]
    done: str


class ContestsOut(Out, frozen=True):
    contests: tuple[ContestOut, ...]


class OpenIn(In, frozen=True):
    """The seed that is committed to; left out, it is drawn from the system's randomness."""

    seed: Said = ""


class EntryIn(In, frozen=True):
    """An entry; ``work`` where the contest is a competition.  Another field is refused by its name."""

    contest: Line
    work: Annotated[str, Meta(max_length=8000)] = ""


class EntryOut(Out, frozen=True):
    contest: str
    number: str


class EntriesOut(Out, frozen=True):
    entries: tuple[EntryOut, ...]


class DrawIn(In, frozen=True):
    """The beacon, where one was announced."""

    beacon: Said = ""


class JudgeIn(In, frozen=True):
    winners: Annotated[tuple[Said, ...], Meta(min_length=1, max_length=100)]
    reason: Line


class WorkOut(Out, frozen=True):
    number: str
    work: str


class WorksOut(Out, frozen=True):
    works: tuple[WorkOut, ...]


class WinnerOut(Out, frozen=True):
    number: str
    tag: str


class WinnersOut(Out, frozen=True):
    winners: tuple[WinnerOut, ...]


def contest_out(rules: Contest, held: Held) -> ContestOut:
    """Write a contest out as everybody may see it."""
    said: dict[str, Any] = {
        n: getattr(held, n)
        for n in ("commitment", "announced", "opened", "entries", "digest", "seed", "beacon", "winners")
    }
    return ContestOut(
        name=rules.name,
        kind=rules.kind,
        title=rules.title,
        prize=rules.prize,
        text=rules.text,
        task=rules.task,
        closes=held.closes.isoformat(),
        withdrawn=held.withdrawn,
        done=held.done,
        **said,
    )
