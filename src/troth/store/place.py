"""Place: what a kind of database gives the store: two databases, apart, and what it does in its own way.

One holds sealed rows, the other keys and evidence.  The store's statements are written once, in the SQL that
both kinds read, with ``?`` for a value.  INVARIANT (nothing foreign): whatever a driver raises comes out as
a ``StoreError``, and a transaction that raised has changed nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Values = Sequence[Any]
Asked = tuple[str, Values]  # a statement and its values


class Database(Protocol):
    """One database as one company sees it; outside a transaction each statement stands for itself."""

    def rows(self, text: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return all rows that a statement gives."""
        ...

    def one(self, text: str, values: Values = ()) -> tuple[Any, ...] | None:
        """Return the first row that a statement gives, None when there is none."""
        ...

    def together(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """Return the rows that each of these statements gives; all see one moment, and change nothing."""
        ...

    def run(self, text: str, values: Values = ()) -> int:
        """Run a statement and return how many rows it touched."""
        ...

    def run_each(self, text: str, each: Iterable[Values]) -> int:
        """Run a statement with each of these values and return how many rows were touched in all."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit what happens inside, or none of it; the thread's own until it ends."""
        ...

    def session(self, *, steady: bool = False) -> AbstractContextManager[None]:
        """Let the reads inside share what a connection costs to set up; ``steady``: all see one moment."""
        ...

    def close(self) -> None: ...


class Place(Protocol):
    """Where a store lies."""

    @property
    def data(self) -> Database: ...
    @property
    def keys(self) -> Database: ...
    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Return what is held around every call: what this kind needs between threads, if anything."""
        ...

    def reading(self) -> AbstractContextManager[Any]:
        """Hold both databases for some reads that belong together."""
        ...

    def alone(self, person: int) -> None:
        """Keep other deeds away from a person until the open transaction on the keys ends."""
        ...

    def serial(self) -> None:
        """Keep every other writer away until the open transaction on the keys ends."""
        ...

    def room(self, buckets: Collection[str]) -> None:
        """Make the data ready for rows of these buckets."""
        ...

    def discard(self, bucket: str) -> None:
        """Remove all rows of a bucket whose salt is gone, and give their disk back."""
        ...

    def emptied(self, erased: int, *, thorough: bool) -> str:
        """Take out of the files what the rows of the erased left in them; return '' when it is, else why not.

        ``thorough`` may cost a rewriting of tables, for which others wait.
        """
        ...

    def close(self) -> None: ...
