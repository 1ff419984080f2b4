"""Waiting: what a company's processes know in common while it lasts: stays, codes, what is fetched once.

It lies in the store, sealed, and ends by itself; ``troth.store.aside`` says how.  Here it is handed to those
above, who never see the store.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from troth.store import Laid, Store


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one company; each is found by its kind and name."""

    _store: Store

    def put(
        self,
        kind: str,
        name: str,
        value: bytes,
        until: datetime,
        *,
        person: int | None = None,
        version: int | None = None,
    ) -> int:
        """Keep a value until then and return its version; 0 where it is no longer at the one given."""
        return self._store.lay(kind=kind, name=name, value=value, until=until, person=person, version=version)

    def get(self, kind: str, name: str) -> Laid | None:
        """Return what is kept under a name; None when nothing is any more."""
        return self._store.laid(kind=kind, name=name)

    def version(self, kind: str, name: str) -> int:
        """Return only its version, 0 when nothing is kept."""
        return self._store.laid_version(kind=kind, name=name)

    def of(self, kind: str, person: int) -> Iterator[Laid]:
        """Yield what is kept for one person."""
        yield from self._store.laid_all(kind=kind, person=person)

    def end(self, kind: str, name: str) -> bool:
        """Keep one no longer; say whether it was there."""
        return self._store.lift(kind=kind, name=name)

    def secret(self, label: str) -> bytes:
        """Return 32 bytes that all processes of the company have in common."""
        return self._store.secret(label)
