"""Opening: whose files these are, whether the keys are the newest, and what a crash or a restore left to do.

A store that is behind what it signed stays shut; one that is merely unfinished finishes itself.
"""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from troth.store import files, going
from troth.store.errors import StoreBehind, StoreError
from troth.store.seal import derive, seal, unseal

if TYPE_CHECKING:
    from troth.store.sqlite import SqliteStore


def identity(store: SqliteStore, root: bytes) -> tuple[str, bytes]:
    """Return the store's name and signing seed, made on first use; raise for files that do not fit."""
    ours = store.keys.execute("SELECT store, signer FROM state").fetchone()
    theirs = store.data.execute("SELECT store FROM state").fetchone()
    if ours is None:
        if theirs is not None:
            raise StoreBehind("the data file is there but its keys file is new or empty")
        ours = _begin(store, root)
    if theirs is not None and theirs[0] != ours[0]:
        raise StoreError("the keys file belongs to another store")
    seed = unseal(derive(root, "signer"), ours[1], f"{ours[0]}|signer")
    if seed is None:
        raise StoreError("the root key is not the one this store was made with")
    return str(ours[0]), seed


def _begin(store: SqliteStore, root: bytes) -> tuple[str, bytes]:
    name = secrets.token_hex(8)
    signer = seal(derive(root, "signer"), os.urandom(32), f"{name}|signer")
    store.keys.execute("INSERT INTO state(one, store, signer) VALUES(1, ?, ?)", (name, signer))
    return name, signer


def refuse_behind(store: SqliteStore, elsewhere: str) -> None:
    """Raise ``StoreBehind`` when the ledger lacks what was signed, here or in a head kept elsewhere."""
    for head in (
        store.data.execute("SELECT head FROM state").fetchone()[0],
        store.ledger.head(),
        elsewhere,
    ):
        if not store.ledger.extends(head):
            raise StoreBehind("the keys file does not hold what was signed; restore its newest copy")


def recover(store: SqliteStore) -> None:
    """Undo what was never committed and carry out again what was."""
    store.unwrite(store.vault.committed())
    store.apply()
    going.remove(
        store, going.erased_since(store, store.data.execute("SELECT swept FROM state").fetchone()[0])
    )
    with files.transaction(store.data):
        for (bucket,) in store.keys.execute("SELECT name FROM buckets WHERE salt IS NULL").fetchall():
            store.data.execute("DELETE FROM rows WHERE bucket = ?", (bucket,))
