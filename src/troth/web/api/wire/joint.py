"""Joint: the parted duties, arrangements and settings on the wire."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, field

from troth.web.api.wire.base import ClauseOut, In, Out, Word

Names = Annotated[tuple[Word, ...], Meta(max_length=40)]
Lists = Annotated[dict[Word, Names], Meta(max_length=40)]


class DutyOut(Out, frozen=True):
    """One duty; ``side`` is ours or theirs, ``responsible`` the name of who answers for it."""

    area: str
    name: str
    text: str
    side: str
    responsible: str
    purposes: tuple[str, ...]
    clause: ClauseOut


class DutiesOut(Out, frozen=True):
    duties: tuple[DutyOut, ...]


class SignIn(In, frozen=True):
    """The version that is signed; staff say with whom, a party signs its own."""

    version: Annotated[int, Meta(ge=1, le=10_000)]
    member: str = ""
    party: str = ""


class ArrangementOut(Out, frozen=True):
    """A version and when each side signed it, in ISO 8601; nothing joint runs before both did."""

    party: str
    member: str
    version: int
    ours: str | None
    theirs: str | None
    in_force: bool


class SettingsIn(In, frozen=True):
    """The whole of the settings: ``share`` by who receives which field, ``barred`` by data and purposes.

    ``paused``: rewards of the member's own that it does not grant at present.
    """

    share: Lists = field(default_factory=dict)
    barred: Lists = field(default_factory=dict)
    paused: Names = ()


class SettingsOut(Out, frozen=True):
    member: str
    version: int
    share: dict[str, tuple[str, ...]]
    barred: dict[str, tuple[str, ...]]
    paused: tuple[str, ...] = ()
