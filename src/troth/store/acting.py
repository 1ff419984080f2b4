"""Acting: the order in which one transaction goes over two databases, and the evidence written inside it.

A deed goes: keys transaction opened → at its first write it becomes the one writer and gets its number → its
sealed rows committed in the data under that number → keys transaction committed with the number, the drops
and the evidence → drops carried out in the data, with the signed head.
INVARIANT (keys are the truth): a deed has happened when the keys say so, and only then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from troth.store.buckets import moment
from troth.store.errors import StoreError
from troth.store.seal import tag
from troth.store.steps import step
from troth.store.vault import Row

if TYPE_CHECKING:
    from troth.store.sealed import SealedStore


@dataclass(slots=True)
class Act:
    """An open transaction: its number, 0 until it writes, and the rows it will add, by person and record."""

    seq: int = 0
    size: int = 0  # of the ledger, when the number was given
    reads: int = 0  # held back before, written with this
    writing: bool = False
    rows: dict[tuple[int, int], Row] = field(default_factory=dict)


@contextmanager
def acting(store: SealedStore, person: int | None = None) -> Iterator[Act]:
    """Hold one transaction over both databases; inside another one, join it.

    About one ``person``, others wait only from its first write on; else from the start.
    """
    with store.lock:
        if store.act is not None:
            yield store.act
            return
        store.act = act = Act()
        try:
            with store.keys.transaction():
                begin(store, act) if person is None else store.place.alone(person)
                yield act
                if act.seq:
                    _close(store, act)
            if act.seq:
                store.reads.written(act.reads)
                store.vault.note(act.seq)
                step("keys.committed")
                apply(store)
        finally:
            store.act = None
            if act.writing:
                store.writing.release()


def begin(store: SealedStore, act: Act) -> None:
    """Become the one writer, if this transaction is not yet: take a number, write the reads held back."""
    if act.seq:
        return
    if not act.writing:
        act.writing = store.writing.acquire()
    store.place.serial()
    committed, act.size = store.vault.committed(), store.ledger.size
    unwrite(store, committed)
    act.seq = committed + 1
    step("deed.open")
    held = store.reads.held[:]
    act.reads = len(held)
    for read in held:
        note(store, kind=read.kind, clause=read.clause, detail=read.detail, person=read.person, at=read.at)


def _close(store: SealedStore, act: Act) -> None:
    if act.rows:
        store.place.room({row[3] for row in act.rows.values()})
        with store.data.transaction():
            store.data.run_each("INSERT INTO rows VALUES(?, ?, ?, ?, ?, ?, ?)", act.rows.values())
            step("data.staged")
        step("data.written")
    store.keys.run("UPDATE state SET committed = ?", (act.seq,))
    if store.ledger.size > act.size:
        store.ledger.sign()
    step("keys.staged")


def unwrite(store: SealedStore, committed: int) -> None:
    """Remove what a deed wrote that was never committed, lest its number be used again."""
    if store.data.one("SELECT 1 FROM rows WHERE seq > ? LIMIT 1", (committed,)):
        with store.data.transaction():
            store.data.run("DELETE FROM rows WHERE seq > ?", (committed,))


def apply(store: SealedStore) -> None:
    """Carry committed drops out; a failure here is made good by the next deed, or on opening."""
    try:
        with store.keys.session(), store.data.transaction():
            applied, committed = store.vault.applied(), store.vault.committed()
            store.data.run_each(
                "DELETE FROM rows WHERE pid = ? AND rid = ? AND bucket = ? AND seq <= ?",
                store.vault.drops(applied),
            )
            store.data.run(
                "UPDATE state SET applied = ?, head = ? WHERE applied <= ?",
                (committed, store.ledger.head(), committed),
            )
            step("data.dropped")
    except StoreError:
        return
    step("data.applied")


def note(
    store: SealedStore,
    *,
    kind: str,
    clause: str = "",
    detail: Mapping[str, Any] | None = None,
    digests: Sequence[str] = (),
    person: int | None = None,
    at: datetime | None = None,
) -> int:
    """Append a leaf within the open transaction, tagged for ``person`` while their salt lives."""
    when = _forward(store, moment(at or store.now()))
    leaf = store.ledger.size
    salt = store.vault.person(person)[2] if person is not None else b""
    fields = {
        "at": when.isoformat(),
        "kind": kind,
        "clause": clause,
        "tag": tag(salt, leaf) if salt else "",
        "detail": dict(detail or {}),
        "digests": salted(salt, leaf, digests),
    }
    store.ledger.append(fields)
    if salt:
        store.keys.run("INSERT INTO trail VALUES(?, ?)", (person, leaf))
    return leaf


def salted(salt: bytes | None, leaf: int, digests: Sequence[str]) -> list[str]:
    """Commit to digests under the person's salt, so that a guess at the content proves nothing later."""
    return [tag(salt, leaf, f"digest:{d}") if salt else "" for d in digests]


def _forward(store: SealedStore, at: datetime) -> datetime:
    """Return a moment no earlier than the last leaf's; note once when the clock fell behind it."""
    last = store.ledger.last()
    if last is None or at >= last:
        store.slow = False
        return at
    behind = last - at
    if behind >= timedelta(seconds=1) and not store.slow:
        store.slow = True
        detail = {"behind": int(behind.total_seconds())}
        fields = {"at": last.isoformat(), "kind": "clock", "clause": "", "tag": "", "digests": []}
        store.ledger.append({**fields, "detail": detail})
    return last
