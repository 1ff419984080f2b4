"""Company: what the web needs of a company that is open, and of its gate.  ``runtime`` gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from troth.policy.model import Policy
from troth.services import Flow
from troth.terms import Clause, Decision, Problem, Request


@dataclass(frozen=True, slots=True)
class Held:
    """One record as its person may see it."""

    rid: int
    data: str
    body: Mapping[str, object]
    purposes: tuple[str, ...]
    due: date | None = None
    waits: str = ""
    clause: Clause | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class ConsentAct:
    """One yes or no, with the text that was shown."""

    name: str
    given: bool
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """All that is held about one person."""

    held: tuple[Held, ...] = ()
    consents: tuple[ConsentAct, ...] = ()
    objections: frozenset[str] = frozenset()
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, for the console: no personal data."""

    number: int
    when: str
    what: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a person, by tag."""

    tag: str
    right: str
    made: date
    due: date
    answered: date | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the console shows of the people behind the gate: tags and numbers."""

    people: tuple[tuple[str, int], ...] = ()
    requests: tuple[Asked, ...] = ()
    entries: tuple[Entry, ...] = ()
    forecast: tuple[tuple[date, int], ...] = field(default=())  # day, records that go on it


class Gate(Protocol):
    """The one door, as far as the web goes through it.  A verb raises ``Refused`` for a no."""

    def new_person(self) -> int: ...
    def find(self, *, kind: str, value: str) -> int | None: ...
    def identify(self, *, person: int, kind: str, value: str) -> None: ...
    def may(self, *, person: int | None, request: Request) -> Decision: ...
    def collect(
        self, *, person: int, data: str, body: Mapping[str, object], purpose: str, source: str
    ) -> int: ...
    def correct(self, *, person: int, rid: int, body: Mapping[str, object]) -> None: ...
    def consent(self, *, person: int, name: str, given: bool, text: str) -> None: ...
    def object(self, *, person: int, purpose: str) -> None: ...
    def restrict(self, *, person: int, on: bool) -> None: ...
    def close_account(self, *, person: int) -> None: ...
    def erase(self, *, person: int) -> Mapping[str, Any]: ...
    def access(self, *, person: int) -> Access: ...
    def export(self, *, person: int) -> Mapping[str, Any]: ...
    def overview(self) -> Overview: ...


class Company(Protocol):
    """An open company.  ``notice`` is safe HTML; ``problems`` keeps a flow from being served, by its name."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def gate(self) -> Gate: ...
    @property
    def flows(self) -> Mapping[str, Flow]: ...
    @property
    def problems(self) -> Mapping[str, Sequence[Problem]]: ...
    @property
    def site(self) -> Mapping[str, Any]: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def notice(self) -> str: ...
    @property
    def send(self) -> Callable[[str, str, str], None]: ...  # address, subject, text
