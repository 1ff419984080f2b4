"""Rotating: persons' keys wrapped anew under a fresh epoch, the older epochs' keys destroyed; a new root key.

What is sealed under a person's key stays as it is.  It may be cut off at any instant: each group of persons
is moved in one transaction, and whoever rotates again moves those that are left.
INVARIANT (nobody locked out): an epoch's key goes only when no person's key is wrapped in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from troth.store import acting
from troth.store.buckets import moment
from troth.store.errors import StoreError
from troth.store.opening import identity
from troth.store.root import BYTES
from troth.store.seal import derive, seal, unseal
from troth.store.sealed import SealedStore
from troth.store.seam import Store
from troth.store.steps import step

GROUP = 1000  # persons moved in one transaction, for whose length others wait to write


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the new epoch, how many persons' keys it wraps, how many epochs' keys went."""

    epoch: str
    persons: int
    destroyed: int


@dataclass(frozen=True, slots=True)
class Keys:
    """How the keys stand: persons by epoch, months by whether their salt lives, copies that can be opened."""

    epochs: dict[str, int]
    erased: int
    salts: int
    salts_destroyed: int
    copies: dict[str, str]


def rotate(store: Store) -> Rotated:
    """Move every person's key to a new epoch and destroy the others; others may work meanwhile."""
    assert isinstance(store, SealedStore)
    epoch = _begin(store)
    step("rotate.begun")
    moved = 0
    while group := _group(store, epoch):
        moved += group
        step("rotate.group")
    with store.acting():
        left = "SELECT 1 FROM persons WHERE persons.epoch = epochs.name AND wrapped IS NOT NULL"
        gone = store.keys.run(f"DELETE FROM epochs WHERE name != ? AND NOT EXISTS ({left})", (epoch,))
        acting.note(store, kind="keys rotated", detail={"epoch": epoch, "persons": moved, "destroyed": gone})
    step("rotate.ended")
    return Rotated(epoch, moved, gone)


def status(store: Store) -> Keys:
    """Return how the keys stand; nothing personal."""
    assert isinstance(store, SealedStore)
    with store.reading():
        people = store.keys.rows("SELECT epoch, COUNT(wrapped), COUNT(*) FROM persons GROUP BY epoch")
        names = [name for (name,) in store.keys.rows("SELECT name FROM epochs ORDER BY name")]
        salts = Counter(salt is not None for (salt,) in store.keys.rows("SELECT salt FROM buckets"))
        copies = dict(store.keys.rows("SELECT name, made FROM copies WHERE gone IS NULL ORDER BY made"))
    held = {name: int(n) for name, n, _ in people}
    erased = sum(int(every) - int(n) for _, n, every in people)
    return Keys({n: held.get(n, 0) for n in names}, erased, salts[True], salts[False], copies)


def _begin(store: SealedStore) -> str:
    with store.acting():
        month = f"{moment(store.now()):%Y-%m}"
        newest = max(month, *(n for (n,) in store.keys.rows("SELECT MAX(name) FROM epochs") if n))
        start, _, number = newest.partition(".")
        return store.vault.begin(f"{start}.{int(number or 0) + 1:04}")


def _group(store: SealedStore, epoch: str) -> int:
    """Move some persons and return how many."""
    with store.acting():
        found = store.keys.rows(
            "SELECT p.pid, p.wrapped, p.epoch, e.wrapped FROM persons p"
            " LEFT JOIN epochs e ON e.name = p.epoch WHERE p.epoch != ? AND p.wrapped IS NOT NULL LIMIT ?",
            (epoch, GROUP),
        )
        moved = []
        for pid, wrapped, old, key in found:
            secret = store.vault.unwrapped(pid, wrapped, old, key)
            moved.append((epoch, store.vault.wrapped(pid, secret, epoch), pid))
        store.keys.run_each("UPDATE persons SET epoch = ?, wrapped = ? WHERE pid = ?", moved)
    return len(found)


def rotate_root(store: Store, old: bytes, new: bytes) -> None:
    """Put all keys under a new root key, in one transaction; whoever has the store open must open it again.

    Blind indexes, and what was handed to others, hang on the first root key, which goes on lying under the
    one in force.  It opens nothing else.  Raises ``StoreError`` where ``old`` is not the one in force.
    """
    assert isinstance(store, SealedStore)
    if len(new) != BYTES:
        raise StoreError(f"the root key has {len(new)} bytes, it needs {BYTES}")
    with store.acting() as act:
        acting.begin(store, act)
        _, seed = identity(store.place, old)
        first = seal(derive(new, "first"), store.lasting, f"{store.id}|first")
        signer = seal(derive(new, "signer"), seed, f"{store.id}|signer")
        store.keys.run("UPDATE state SET signer = ?, first = ?", (signer, first))
        store.keys.run_each("UPDATE epochs SET wrapped = ? WHERE name = ?", list(_epochs(store, old, new)))
        step("root.staged")
        acting.note(store, kind="root key rotated")
    store.vault.turn(new)
    step("root.turned")


def _epochs(store: SealedStore, old: bytes, new: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield each epoch's key under the new root."""
    for name, wrapped in store.keys.rows("SELECT name, wrapped FROM epochs"):
        what = f"{store.id}|epoch|{name}"
        key = unseal(derive(old, "epochs"), wrapped, what)
        if key is None:
            raise StoreError(f"the key of epoch {name} was changed")
        yield seal(derive(new, "epochs"), key, what), name
