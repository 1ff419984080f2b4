"""Queue: letters to many that wait in the store, so that any process may hand them over.

A batch is one message to many people, a letter is one of them.  INVARIANT (never twice): a letter is lifted
before it is sent, and of all processes that hand a batch over one lifts it.  What ends between the two is not
sent again.  Whether somebody may still get theirs is asked by whoever sends (``reaching``).
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import msgspec

from troth.store import Store
from troth.terms import Clause, TrothError

LATE = timedelta(days=7)  # after its moment a letter that did not leave does not leave any more
TOLD = timedelta(days=30)  # how long it is said what became of a batch


class NoCampaign(TrothError):
    """There is no such message to many, or none can be made of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One message to many.  ``held`` says why how many did not leave after all, ``sent`` is None before."""

    number: str
    member: str = ""
    subject: str = field(repr=False, default="")
    text: str = field(repr=False, default="")
    message: str = ""  # one of the folder's own, instead of the two
    at: datetime  # when it is to leave
    clauses: tuple[Clause, ...] = ()
    queued: int = 0
    sent: int | None = None
    held: tuple[tuple[str, int], ...] = ()
    done: datetime | None = None


B = TypeVar("B", bound=Batch)


class Queue(Generic[B]):
    """The batches of one kind that a company has, and the letters of each that wait."""

    def __init__(self, store: Store, kind: type[B], clock: Callable[[], datetime]) -> None:
        self._store, self._kind, self._clock = store, kind, clock
        self._name = kind.__name__.lower()

    def put(self, batch: B, people: Iterable[int]) -> B:
        """Queue a batch for these people, once each, and return it with their number."""
        each = tuple(dict.fromkeys(people))
        batch = replace(batch, queued=len(each))
        until = max(batch.at, self._clock())
        letters = ((f"{batch.number} {person}", person) for person in each)
        self._store.lay_all(kind=self._letters(batch.number), names=letters, until=until + LATE)
        self._keep(batch)
        return batch

    def get(self, number: str) -> B | None:
        """Return a batch; None when there is none of this number any more."""
        laid = self._store.laid(kind=self._name, name=number)
        return self._read(laid.value) if laid else None

    def all(self) -> list[B]:
        """Return all batches, by the moment at which they are to leave."""
        every = [self._read(laid.value) for laid in self._store.laid_all(kind=self._name)]
        return sorted(every, key=lambda batch: (batch.at, batch.number))

    def hand_over(self, number: str, send: Callable[[B, int], str]) -> B:
        """Send every letter that still waits; ``send`` says why one did not leave, '' where it did."""
        batch = self.get(number)
        if batch is None:
            raise NoCampaign("there is no such message")
        if batch.done is not None:
            return batch
        became: Counter[str] = Counter()
        for letter in self._store.laid_all(kind=self._letters(number)):
            if letter.person and self._store.lift(kind=self._letters(number), name=letter.name):
                became[send(batch, letter.person)] += 1
        return self._told(number, became)

    def _told(self, number: str, became: Mapping[str, int]) -> B:
        """Add what became of some letters to what other processes have said of theirs."""
        while laid := self._store.laid(kind=self._name, name=number):
            batch = self._read(laid.value)
            held = Counter(dict(batch.held)) + Counter(dict(became))
            gone = held.pop("", 0) + (batch.sent or 0)
            batch = replace(batch, sent=gone, held=tuple(sorted(held.items())), done=self._clock())
            if self._keep(batch, laid.version):
                return batch
        raise NoCampaign("there is no such message any more")

    def _keep(self, batch: B, version: int | None = None) -> int:
        value, until = msgspec.json.encode(batch), max(batch.at, self._clock()) + TOLD
        return self._store.lay(kind=self._name, name=batch.number, value=value, until=until, version=version)

    def _read(self, value: bytes) -> B:
        return msgspec.json.decode(value, type=self._kind)

    def _letters(self, number: str) -> str:
        return f"letter of {self._name} {number}"


def numbered(now: datetime) -> str:
    """Return a number for a new batch."""
    return f"{now:%y%m%d}-{secrets.token_hex(4)}"
