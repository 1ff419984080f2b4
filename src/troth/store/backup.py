"""Backup: copies of a store's data and keys, brought back so that nobody erased and nothing expired is.

A copy of the data is sealed as the data are, and is opened by today's keys alone, whatever its age.  A copy
of the keys is sealed under a key of its own on the ring; once that is destroyed, it is shown of every
erasure since the copy that no backup holds anything of it ("beyond backups").
"""

from __future__ import annotations

import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from troth.store import acting, copying, going
from troth.store.buckets import moment
from troth.store.errors import StoreBehind, StoreError, StoreFull
from troth.store.ledger import Ledger
from troth.store.opening import identity
from troth.store.place import Place
from troth.store.ring import Ring
from troth.store.sealed import SealedStore
from troth.store.seam import Store
from troth.store.steps import step

KIND, DATA, KEYS = "troth-copy 1", "data.troth", "keys.troth"


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy: its name, when it was made, after which deed, of which store."""

    name: str
    made: str
    committed: int
    store: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A record of a living person that today's keys know of and a copy does not hold: how it came to that."""

    person: int
    record: int
    how: str


def backup(store: Store, place: Place, *, target: Path, ring: Ring) -> Copied:
    """Copy a store into a new folder while others work with it; ``place`` is where it lies, opened apart."""
    assert isinstance(store, SealedStore)
    if target.exists() and any(target.iterdir()):
        raise StoreError(f"{target} is not empty; name a new folder for each copy")
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{target} could not be made ({error.strerror})") from error
    with ExitStack() as held:
        copied = _begin(store, place, held)
        key = ring.cut(copied.name)
        about = {"kind": KIND, **{name: getattr(copied, name) for name in Copied.__slots__}}
        _write(target / DATA, copying.lines(place.data, copying.DATA, about))
        step("backup.data")
        told = copying.lines(place.keys, copying.KEYS, about)
        _write(target / KEYS, _headed(told, key, copied.name))
        ring.head = _head(place)
    step("backup.keys")
    ring.save()
    return copied


def restore(
    place: Place, *, source: Path, ring: Ring, root_key: bytes, keys: bool = False
) -> tuple[Copied, tuple[Lost, ...]]:
    """Put a copy's data in the place of what is there, to be opened by today's keys.

    Return which copy it was, and every record that was made, rewritten or taken away since: what was
    rewritten is lost, not brought back in its older form.

    ``keys``: bring back the copy's keys as well, only where none are.  Nobody else may have the store open.
    Raises ``StoreBehind`` where that would bring back what was erased or signed since.
    """
    told = _read(source / DATA)
    copied = _about(next(told, ""), DATA)
    with place.lock, place.keys.transaction():
        place.serial()
        if keys:
            _restore_keys(place, source, ring, root_key)
        _fitting(place, copied)
        stood = _stood(place, copied.committed)
        with place.data.transaction():
            copying.fill(place.data, copying.DATA, told, lambda bucket: place.room({bucket}))
            step("restore.data")
        step("restore.written")
        return copied, tuple(_lost(place, copied.committed, stood))


def _stood(place: Place, since: int) -> frozenset[tuple[int, int]] | None:
    """Return which records were written since a deed, by the data here; None where there are none."""
    if not place.data.one("SELECT 1 FROM state"):
        return None
    return frozenset(
        (pid, rid) for pid, rid in place.data.rows("SELECT pid, rid FROM rows WHERE seq > ?", (since,))
    )


def _lost(place: Place, since: int, stood: frozenset[tuple[int, int]] | None) -> Iterator[Lost]:
    """Yield the records of the living that today's keys know of and the data, now an older copy's, lack.

    ``stood``: what had been written since in the data before, None where none were left to look at; what was
    taken away then cannot be told from what was rewritten.
    """
    held, gone = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for pid, rid in place.data.rows("SELECT DISTINCT pid, rid FROM rows"):
        held[pid].add(rid)
    for pid, rid in place.keys.rows("SELECT DISTINCT pid, rid FROM dropped WHERE at > ?", (since,)):
        gone[pid].add(rid)
    latest = dict(place.keys.rows("SELECT pid, MAX(rid) FROM dropped GROUP BY pid"))
    how = "rewritten or taken away" if stood is None else "rewritten"
    for pid, following in place.keys.rows("SELECT pid, next FROM persons WHERE state = 'live' ORDER BY pid"):
        changed = (rid for rid in sorted(gone[pid]) if stood is None or (pid, rid) in stood)
        yield from (Lost(pid, rid, how) for rid in changed)
        newest = max([latest.get(pid, 0), *held[pid]])
        yield from (Lost(pid, rid, "made") for rid in range(newest + 1, following))


def expire(store: Store, ring: Ring, *, before: datetime) -> list[str]:
    """Destroy the keys of copies made before a moment, never the newest's; return their names."""
    assert isinstance(store, SealedStore)
    with store.reading():
        living = store.keys.rows("SELECT name, made FROM copies WHERE gone IS NULL ORDER BY made")
    old = [name for name, made in living[:-1] if moment(made) < before]
    for name in old:
        ring.keys.pop(name, None)
    if old:
        ring.save()
        step("expire.destroyed")
        with store.acting():
            now = moment(store.now()).isoformat()
            store.keys.run_each("UPDATE copies SET gone = ? WHERE name = ?", [(now, name) for name in old])
            acting.note(store, kind="copies destroyed", detail={"copies": len(old)})
    return old


def beyond(store: Store) -> int:
    """Write of each erasure that no copy still holds anything of the erased; return of how many."""
    assert isinstance(store, SealedStore)
    with store.acting():
        since = store.keys.rows("SELECT beyond FROM state")[0][0]
        oldest = store.keys.rows("SELECT MIN(committed) FROM copies WHERE gone IS NULL")[0][0]
        found = [e for e in going.erased_since(store, since) if oldest is None or e[1] <= oldest]
        for _, _, leaf in found:
            acting.note(store, kind="beyond backups", detail={"erasure": leaf})
        if found:
            store.keys.run("UPDATE state SET beyond = ?", (max(seq for _, seq, _ in found),))
    return len(found)


def _begin(store: SealedStore, place: Place, held: ExitStack) -> Copied:
    """Hold both databases still at one moment at which no deed is under way, and note the copy."""
    now = moment(store.now())
    with store.acting() as act:
        for database in (place.data, place.keys):
            held.enter_context(database.session(steady=True))
            database.rows("SELECT store FROM state")
        name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        copied = Copied(name, now.isoformat(), act.seq - 1, store.id)
        store.keys.run(
            "INSERT INTO copies(name, made, committed) VALUES(?, ?, ?)",
            (copied.name, copied.made, copied.committed),
        )
        acting.note(store, kind="copied", detail={"copy": copied.name})
    return copied


def _restore_keys(place: Place, source: Path, ring: Ring, root_key: bytes) -> None:
    if place.keys.one("SELECT 1 FROM state"):
        raise StoreError("the keys are here, and newer than any copy: restore the data alone")
    told = _read(source / KEYS)
    copied = _about(next(told, ""), KEYS)
    lines = copying.opened(told, ring.key(copied.name), copied.name)
    next(lines)  # the same header, sealed
    copying.fill(place.keys, copying.KEYS, lines, lambda bucket: None)
    place.keys.run(
        "INSERT INTO copies(name, made, committed) VALUES(?, ?, ?)",  # which it could not hold itself
        (copied.name, copied.made, copied.committed),
    )
    name, seed = identity(place, root_key, anew=True)
    if not Ledger(place.keys, origin=f"troth/{name}", seed=seed).extends(ring.head):
        raise StoreBehind("a newer copy of the keys was made than this one; restore that")


def _fitting(place: Place, copied: Copied) -> None:
    """Raise for data that today's keys are not for."""
    ours = place.keys.one("SELECT store, committed FROM state")
    if ours is None:
        raise StoreError("the keys are not here; without them no copy can be read: restore them too")
    if ours[0] != copied.store:
        raise StoreError("the copy is of another store")
    if ours[1] < copied.committed:
        raise StoreBehind("the copy is newer than the keys that are here; bring back the newest keys first")


def _head(place: Place) -> str:
    """Return the last head that the copied keys hold."""
    row = place.keys.one("SELECT head FROM heads WHERE size = (SELECT MAX(size) FROM heads)")
    return str(row[0]) if row else ""


def _headed(told: Iterator[str], key: bytes, name: str) -> Iterator[str]:
    """Seal lines, the first of which also stands before them in the clear."""
    first = next(told)
    yield first
    yield from copying.sealed(_again(first, told), key, name)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _about(line: str, name: str) -> Copied:
    try:
        said: dict[str, Any] = json.loads(line)
        if said.pop("kind") != KIND:
            raise ValueError(name)
        return Copied(**said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{name} is no copy of ours") from error


def _write(path: Path, told: Iterator[str]) -> None:
    draft = path.with_name(f"{path.name}.part")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in told)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise StoreFull(f"{path.name} could not be written, there is no copy ({error.strerror})") from error


def _read(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield line.rstrip("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path.name} cannot be read ({type(error).__name__})") from error
