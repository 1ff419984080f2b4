"""Accounts: opening one, coming in by its password, and the places where one is signed in, on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from troth.web.api.wire.base import In, Line, Out, Word

Secret = Annotated[str, Meta(min_length=1, max_length=400)]


class AccountIn(In, frozen=True):
    """Who wants an account: the fields that the document asks, which marketing is refused or agreed to."""

    email: Line
    password: Secret
    fields: dict[str, str]
    refuse: tuple[Word, ...] = ()
    agree: tuple[Word, ...] = ()


class PasswordIn(In, frozen=True):
    email: Line
    password: Secret


class ChangeIn(In, frozen=True):
    """``current`` is left out by who came in by a code."""

    new: Secret
    current: Annotated[str, Meta(max_length=400)] = ""


class GivenIn(In, frozen=True):
    """To which address of theirs a first password is sent."""

    email: Line


class StayOut(Out, frozen=True):
    """One place: by which name to end it, what it is, since when; ``stays``: signed in until then."""

    name: str
    browser: str
    since: datetime
    seen: datetime | None = None
    here: bool = False
    stays: datetime | None = None


class StaysOut(Out, frozen=True):
    sessions: tuple[StayOut, ...]
