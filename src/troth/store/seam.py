"""Seam: what the gate may ask of a store; SQLite and PostgreSQL fill it alike.

A deed is one atomic transaction: all it puts, drops, indexes and logs stands together, or none of it.
Instants are ISO 8601 with offset; ``due`` is when a record must go, None when no clock runs yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

Body = bytes | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Meta:
    """Why a record is here: its clause, purposes, source, place, when collected and when it must go."""

    clause: str = ""
    purposes: tuple[str, ...] = ()
    source: str = ""
    place: str = ""
    collected: str = ""
    due: str | None = None
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record of one person.  ``body`` None means erased: its key is gone, its meta knows only ``due``."""

    person: int
    rid: int
    data: str
    body: Body | None = field(repr=False)
    meta: Meta = Meta()


@dataclass(frozen=True, slots=True)
class Erased:
    """The receipt of an erasure: its leaf, and the salt with which only its holder can show whose it was."""

    leaf: int
    salt: str = field(repr=False)
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep of the files did.  ``blocked`` says why write-ahead logs still stand, '' when gone."""

    persons: int
    rows: int
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of the ledger: when, what, by which clause; ``tag`` names a person only with their salt."""

    index: int
    at: str
    kind: str
    clause: str
    tag: str
    detail: Mapping[str, Any]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """One thing laid aside that waits; ``version`` counts how often it was changed."""

    name: str
    value: bytes = field(repr=False)
    version: int
    person: int | None = None


class Deed(Protocol):
    """One transaction about one person; used as ``with store.deed(person=pid) as deed``."""

    def put(self, *, data: str, body: Body, meta: Meta) -> int:
        """Seal a new record and return its number; raise ``Fenced`` for an erased person."""
        ...

    def replace(self, *, rid: int, body: Body) -> None:
        """Put a new body in place of the old one, which goes."""
        ...

    def move(self, *, rid: int, due: str | None) -> None:
        """Give a record another due time."""
        ...

    def restrict(self, *, rid: int, restricted: bool) -> None:
        """Mark or unmark a record as restricted."""
        ...

    def drop(self, *, rid: int) -> None:
        """Delete a record, in every later restore too."""
        ...

    def index(self, *, namespace: str, value: str) -> None:
        """Let ``find`` find the person by this value, which is kept as a keyed digest only."""
        ...

    def unindex(self, *, namespace: str, value: str) -> None:
        """Take that back."""
        ...

    def log(
        self,
        *,
        kind: str,
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
        digests: Sequence[str] = (),
        tag_of: int | None = None,
    ) -> int:
        """Append evidence (nothing personal in ``detail``), return its leaf; ``digests`` get salted."""
        ...

    def erase_person(self, *, keep: Sequence[int] = (), clause: str = "") -> Erased:
        """Fence the person, destroy keys and indexes, log it; ``keep`` gets a fresh statutory key."""
        ...


class Store(Protocol):
    """A store of sealed records with its keys apart, blind indexes and a ledger."""

    @property
    def public_key(self) -> str: ...
    @property
    def lasting(self) -> bytes:
        """The first root key, on which hangs what others were handed; it outlasts a change of the root."""
        ...

    def deed(self, *, person: int) -> AbstractContextManager[Deed]: ...
    def new_person(self, *, area: str = "") -> int: ...
    def persons(self, *, area: str | None = None) -> Iterator[int]: ...
    def find(self, *, namespace: str, value: str) -> int | None: ...
    def find_all(self, *, namespace: str, value: str) -> list[int]:
        """Return every living person indexed under this value, the first indexed first."""
        ...

    def tag(self, *, person: int, label: str = "") -> str:
        """Return the person's pseudonym under ``label``; it dies with the person and is '' from then on."""
        ...

    def records(self, *, person: int, data: str | Collection[str] | None = None) -> list[Record]:
        """Return the person's records, of one category or of several where they are named."""
        ...

    def mark(self, *, person: int) -> tuple[int, ...] | None:
        """Return what every deed about the person's records changes; None while a deed is open."""
        ...

    def due_before(self, *, instant: datetime) -> Iterator[Record]:
        """Yield the records that must be gone at ``instant``, that very instant included."""
        ...

    def due_counts(self, *, zone: str = "UTC") -> list[tuple[date, str, int]]:
        """Return how many records of which data go on which local day, without opening one of them."""
        ...

    def sweep_files(self, *, thorough: bool = False) -> Swept:
        """Take the bytes of the erased out of the files; ``thorough`` also where others must wait for it."""
        ...

    def ended_buckets(self) -> list[str]: ...
    def end_bucket(self, *, bucket: str) -> int: ...
    def rebucket(self) -> int: ...
    def count(self, *, name: str, dims: Mapping[str, str] | None = None, n: int = 1) -> None: ...
    def counts(self, *, name: str) -> list[tuple[dict[str, str], int]]: ...
    def log(self, *, kind: str, clause: str = "", detail: Mapping[str, Any] | None = None) -> int: ...
    def note_reads(
        self,
        *,
        person: int | None = None,
        kind: str = "read",
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """Buffer evidence of one read; it is written with others, at the latest with the next deed."""
        ...

    def flush_reads(self) -> int:
        """Write what is buffered and return how many entries that was."""
        ...

    def lay(
        self,
        *,
        kind: str,
        name: str,
        value: bytes,
        until: datetime,
        person: int | None = None,
        version: int | None = None,
    ) -> int:
        """Lay aside what only waits, until then; see ``aside``."""
        ...

    def lay_all(self, *, kind: str, names: Iterable[tuple[str, int]], until: datetime) -> None: ...
    def laid(self, *, kind: str, name: str) -> Laid | None: ...
    def laid_version(self, *, kind: str, name: str) -> int: ...
    def laid_all(self, *, kind: str, person: int | None = None) -> list[Laid]: ...
    def lift(self, *, kind: str, name: str) -> bool: ...
    def lift_ended(self) -> int: ...
    def secret(self, label: str) -> bytes:
        """Return 32 bytes for one use, the same in every process and under every root key."""
        ...

    def latest(self) -> datetime | None:
        """Return the last moment the evidence proves to be past; a clock that says less is wrong."""
        ...

    def trail(self, *, person: int) -> list[Leaf]: ...
    def leaves(self, *, start: int = 0) -> Iterator[Leaf]: ...
    def checkpoint(self) -> str: ...
    def export_proof(self, *, leaf: int) -> dict[str, Any]: ...
    def consistency(self, *, first: int) -> dict[str, Any]: ...
    def receipt(self, *, leaf: int, salt: str = "") -> dict[str, Any]:
        """Return all that ``verify_evidence.py`` needs about one leaf, in one value."""
        ...

    def verify(self) -> list[str]: ...
    def close(self) -> None: ...
