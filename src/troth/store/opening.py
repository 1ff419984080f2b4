"""Opening: where a store lies, whose it is, whether its keys are the newest, and what was left unfinished.

A store that is behind what it signed stays shut; one that is merely unfinished, after a crash or after
older data were restored, finishes itself: rows of deeds never committed go, and every drop and erasure that
the data have not seen is carried out again.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from troth.store import acting, going
from troth.store.errors import StoreBehind, StoreError
from troth.store.files import Files
from troth.store.ledger import Ledger
from troth.store.place import Place
from troth.store.reads import BOUND
from troth.store.root import files_stand
from troth.store.seal import derive, seal, unseal
from troth.store.sealed import SealedStore
from troth.store.seam import Store
from troth.store.steps import step
from troth.store.vault import Vault

SERVER = ("postgresql://", "postgres://")


def open(
    address: str | Path,
    *,
    root_key: bytes,
    now: Callable[[], datetime],
    head: str = "",
    bound: timedelta = BOUND,
    company: str = "",
    keys: str = "",
) -> Store:
    """Open or make the store at an address; ``head`` is a checkpoint kept elsewhere.

    ``address``: a file, beside which ``FILE.keys`` is made, or ``postgresql://…``, where ``company`` says
    whose store is meant and ``keys`` may name another server for the keys.
    ``bound``: how long evidence of a read may wait for company before the next call writes it.
    Raises ``StoreBehind`` when the keys lack what was signed, ``StoreError`` for another root key.
    """
    if len(root_key) != 32:
        raise StoreError(f"the root key has {len(root_key)} bytes, it needs 32")
    place = place_of(address, company=company, keys=keys)
    store = SealedStore(place, now, bound)
    try:
        with store.keys.transaction():
            store.place.serial()
            store.id, seed = identity(place, root_key)
        step("open.named")
        with store.lock, store.keys.transaction():
            store.place.serial()
            _prepare(store, root_key, seed)
            refuse_behind(store, head)
            recover(store)
    except BaseException:
        place.close()
        raise
    return store


def place_of(address: str | Path, *, company: str = "", keys: str = "") -> Place:
    """Return the place at an address, made or brought forward as needed."""
    if not on_server(address):
        return Files(str(address))
    from troth.store.server import Servers  # its driver is loaded by those who use it

    if not company:
        raise StoreError("on a server, a store is a company's; say whose")
    return Servers(str(address), company, keys)


def stands(address: str | Path, *, company: str = "", keys: str = "") -> bool:
    """Say whether a store is there already, without making one in a file."""
    if not on_server(address):
        return files_stand(address)()
    place = place_of(address, company=company, keys=keys)
    try:
        return any(base.one("SELECT 1 FROM state") for base in (place.keys, place.data))
    finally:
        place.close()


def fits(place: Place, root_key: bytes) -> bool:
    """Say whether this is the root key of the store that lies here."""
    row = place.keys.one("SELECT store, signer FROM state")
    return row is not None and unseal(derive(root_key, "signer"), row[1], f"{row[0]}|signer") is not None


def on_server(address: str | Path) -> bool:
    """Say whether an address is a server's.

    >>> on_server("postgresql:///people"), on_server("people.db")
    (True, False)
    """
    return str(address).startswith(SERVER)


def identity(place: Place, root: bytes, *, anew: bool = False) -> tuple[str, bytes]:
    """Return the store's name and signing seed, made on first use; raise for databases that do not fit.

    ``anew``: the data are about to be replaced, and need not fit yet.
    """
    ours = place.keys.one("SELECT store, signer FROM state")
    theirs = None if anew else place.data.one("SELECT store FROM state")
    if ours is None:
        if theirs is not None:
            raise StoreBehind("the data are there but their keys are new or empty")
        ours = _begin(place, root)
    if theirs is not None and theirs[0] != ours[0]:
        raise StoreError("the keys belong to another store")
    seed = unseal(derive(root, "signer"), ours[1], f"{ours[0]}|signer")
    if seed is None:
        raise StoreError("the root key is not the one this store was made with")
    return str(ours[0]), seed


def _begin(place: Place, root: bytes) -> tuple[str, bytes]:
    name = secrets.token_hex(8)
    signer = seal(derive(root, "signer"), os.urandom(32), f"{name}|signer")
    place.keys.run("INSERT INTO state(one, store, signer) VALUES(1, ?, ?)", (name, signer))
    return name, signer


def _prepare(store: SealedStore, root: bytes, seed: bytes) -> None:
    store.data.run("INSERT INTO state(one, store) VALUES(1, ?) ON CONFLICT DO NOTHING", (store.id,))
    first = store.keys.rows("SELECT first FROM state")[0][0]
    lasting = root if first is None else unseal(derive(root, "first"), first, f"{store.id}|first")
    if lasting is None:
        raise StoreError("the first root key beside the data was changed")
    store.vault = Vault(store.data, store.keys, name=store.id, root=root, now=store.now, lasting=lasting)
    store.ledger = Ledger(store.keys, origin=f"troth/{store.id}", seed=seed)


def refuse_behind(store: SealedStore, elsewhere: str) -> None:
    """Raise ``StoreBehind`` when the ledger lacks what was signed, here or in a head kept elsewhere."""
    seen = store.data.rows("SELECT head FROM state")[0][0]
    for head in (seen, store.ledger.head(), elsewhere):
        if not store.ledger.extends(head):
            raise StoreBehind("the keys do not hold what was signed; restore their newest copy")


def recover(store: SealedStore) -> None:
    """Undo what was never committed and carry out again what was."""
    acting.unwrite(store, store.vault.committed())
    acting.apply(store)
    going.remove(store, going.erased_since(store, store.vault.swept()))
    for (bucket,) in store.keys.rows("SELECT name FROM buckets WHERE salt IS NULL"):
        store.place.discard(bucket)
