"""Decision: a request, the person's state it is judged against, and the three answers."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as slot
from sys import intern
from typing import TypeAlias

from troth.terms.words import Action, Clause, Form


@dataclass(frozen=True, slots=True)
class Request:
    """One touch of one category of data for one purpose.

    ``party`` is a recipient for ``share`` and a role for ``show``; ``member`` names the member of an open
    class (``operator`` → ``lysverk``); ``source`` says where collected data come from, and of data that
    are shared, which member of an open class they came from.  ``key`` is all of it in one interned
    string, equal exactly when two requests are: a question asked often is found by its address.
    """

    action: Action
    data: str
    purpose: str
    party: str = ""
    field: str = ""
    member: str = ""
    source: str = ""
    form: Form = Form.IDENTIFIED
    key: str = slot(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name = self.data, self.purpose, self.party, self.field, self.member, self.source
        said = self.action, *name, self.form
        key = "\0".join(said)
        object.__setattr__(self, "key", intern(key if key.count("\0") < len(said) else repr(said)))


@dataclass(frozen=True, slots=True)
class State:
    """What is known about the person now.  Names are the document's; ``news(bryggen)`` is one member's bit.

    ``age`` is known or declared years, None when unknown.  ``restricted`` holds data names, or ``*``.
    ``objections`` holds purposes, ``news(bryggen)`` for one member, or ``direct marketing`` for all of it;
    filed and undecided or upheld.  ``notice`` says the notice in force was accepted.  ``order`` lists acts
    that stand, oldest first, as ``consent news``, ``objection fit``, ``restriction *``: a consent reopens
    what an earlier objection to marketing or an earlier restriction closed (readings 11 and 17); one that
    is not listed came before. ``unknown`` holds facts nobody could settle: they refuse under ``when`` and
    under ``unless`` (reading 4).
    """

    consents: frozenset[str] = frozenset()
    objections: frozenset[str] = frozenset()
    restricted: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    age: int | None = None
    notice: bool = True
    order: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Duty:
    """What the door itself must do with a permitted touch: ``truncate``, ``pseudonymise``, ``record`` …"""

    name: str
    detail: str = ""
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """The right to make one touch; only the kernel makes it, and the gate will do nothing without it."""

    request: Request
    clauses: tuple[Clause, ...]
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, by these clauses, with these duties.  True, as every object is that does not say otherwise."""

    permit: Permit

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.permit.clauses

    @property
    def duties(self) -> tuple[Duty, ...]:
        return self.permit.duties

    def __str__(self) -> str:
        return f"{self.permit.request.action} allowed by {', '.join(map(str, self.clauses))}"


@dataclass(frozen=True, slots=True)
class RefusedBy:
    """No: some rule speaks of this, but something is missing.  ``missing``: the smallest change to a yes."""

    request: Request
    clauses: tuple[Clause, ...]
    missing: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        wants = f": needs {', '.join(self.missing)}" if self.missing else ""
        return f"{self.request.action} refused by {', '.join(map(str, self.clauses))}{wants}"


@dataclass(frozen=True, slots=True)
class Unsaid:
    """No: no rule speaks of this touch at all.  Silence is kept apart from refusal, and refuses too."""

    request: Request
    nearest: tuple[Clause, ...] = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        r = self.request
        whom = f" with {r.party}" if r.party else ""
        near = f"; nearest is {self.nearest[0]}" if self.nearest else ""
        return f"{r.action} of {r.data}{whom} for {r.purpose} is refused: no rule speaks of it{near}"


Decision: TypeAlias = Allowed | RefusedBy | Unsaid
