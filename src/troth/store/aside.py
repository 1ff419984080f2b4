"""Aside: what only waits: somebody's stay, a code on its way, a letter that has not left yet.

Each is sealed, found by a keyed digest of its name and gone at its end; it stands in no copy and leaves no
evidence.  What is a person's dies with them.  INVARIANT (taken once): of all who lift one, in whatever
process, one is told that it was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from troth.store.buckets import moment
from troth.store.errors import StoreError
from troth.store.seal import blind, derive, seal, unseal
from troth.store.seam import Laid

if TYPE_CHECKING:
    from troth.store.sealed import SealedStore

PUT = (
    "INSERT INTO aside(name, kind, pid, till, sealed) VALUES(?, ?, ?, ?, ?) ON CONFLICT(name) DO UPDATE"
    " SET pid = excluded.pid, till = excluded.till, sealed = excluded.sealed, version = aside.version + 1"
)
INSTEAD = (
    "UPDATE aside SET pid = ?, till = ?, sealed = ?, version = version + 1"
    " WHERE name = ? AND version = ? RETURNING version"
)
LAID = "SELECT name, sealed, version, pid FROM aside"


def lay(
    store: SealedStore,
    *,
    kind: str,
    name: str,
    value: bytes,
    until: datetime,
    person: int | None = None,
    version: int | None = None,
) -> int:
    """Lay a value aside under a name, in the place of what is there; return its version.

    ``version``: only in the place of that one; 0 when another has changed or lifted it meanwhile.
    """
    digest, till = _digest(store, kind, name), moment(until).isoformat()
    sealed = _sealed(store, digest, name, value)
    with _writing(store):
        if version is None:
            found = store.keys.rows(f"{PUT} RETURNING version", (digest, kind, person, till, sealed))
        else:
            found = store.keys.rows(INSTEAD, (person, till, sealed, digest, version))
    return int(found[0][0]) if found else 0


def lay_all(store: SealedStore, *, kind: str, names: Iterable[tuple[str, int]], until: datetime) -> None:
    """Lay aside many names with nothing but their persons, all or none."""
    till = moment(until).isoformat()
    each = [
        (digest, kind, person, till, _sealed(store, digest, name, b""))
        for name, person in names
        for digest in (_digest(store, kind, name),)
    ]
    with _writing(store):
        store.keys.run_each(PUT, each)


def laid(store: SealedStore, *, kind: str, name: str) -> Laid | None:
    """Return what waits under a name; None when nothing does any more."""
    with store.lock:
        found = store.keys.rows(
            f"{LAID} WHERE name = ? AND till > ?", (_digest(store, kind, name), _now(store))
        )
    return _opened(store, found[0]) if found else None


def version(store: SealedStore, *, kind: str, name: str) -> int:
    """Return the version of what waits under a name, 0 when nothing does."""
    asked = (_digest(store, kind, name), _now(store))
    with store.lock:
        found = store.keys.rows("SELECT version FROM aside WHERE name = ? AND till > ?", asked)
    return int(found[0][0]) if found else 0


def laid_all(store: SealedStore, *, kind: str, person: int | None = None) -> list[Laid]:
    """Return all of one kind that wait, or those of one person, in no order."""
    whose, values = ("", ()) if person is None else (" AND pid = ?", (person,))
    with store.lock:
        found = store.keys.rows(f"{LAID} WHERE kind = ? AND till > ?{whose}", (kind, _now(store), *values))
    return [_opened(store, row) for row in found]


def lift(store: SealedStore, *, kind: str, name: str) -> bool:
    """Take one away; say whether it was there to be taken."""
    with _writing(store):
        return (
            store.keys.run(
                "DELETE FROM aside WHERE name = ? AND till > ?", (_digest(store, kind, name), _now(store))
            )
            == 1
        )


def lift_ended(store: SealedStore) -> int:
    """Take away whatever has come to its end; return how many that were."""
    with _writing(store):
        return store.keys.run("DELETE FROM aside WHERE till <= ?", (_now(store),))


@contextmanager
def _writing(store: SealedStore) -> Iterator[None]:
    """Hold the keys for one change; inside a deed it is part of that."""
    with store.lock:
        if store.act is not None:
            yield
            return
        with store.keys.transaction():
            yield


def _now(store: SealedStore) -> str:
    return moment(store.now()).isoformat()


def _digest(store: SealedStore, kind: str, name: str) -> bytes:
    return blind(store.vault.index_key, f"aside:{kind}", name)


def _key(store: SealedStore) -> bytes:
    return derive(store.vault.lasting, "aside")


def _sealed(store: SealedStore, digest: bytes, name: str, value: bytes) -> bytes:
    return seal(_key(store), name.encode() + b"\0" + value, f"{store.id}|aside|{digest.hex()}")


def _opened(store: SealedStore, row: tuple[Any, ...]) -> Laid:
    digest, sealed, number, pid = row
    plain = unseal(_key(store), sealed, f"{store.id}|aside|{bytes(digest).hex()}")
    if plain is None:
        raise StoreError("what was laid aside was changed beside the data")
    name, _, value = plain.partition(b"\0")
    return Laid(name.decode(), value, int(number), pid)
