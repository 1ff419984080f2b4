"""Going: how erased rows leave the files, and months that are over lose their salt.

The order is the rule: rows first, then the write-ahead logs, and only then the evidence that they are absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from troth.store import files
from troth.store.buckets import OPEN, bucket_of, ended
from troth.store.errors import StoreError
from troth.store.seam import Swept
from troth.store.steps import step
from troth.store.vault import Row

if TYPE_CHECKING:
    from troth.store.sqlite import SqliteStore


def sweep_files(store: SqliteStore) -> Swept:
    """Remove the rows of the erased and empty the logs; write that they are absent once they are."""
    with store.lock:
        if store.act is not None:
            raise StoreError("a deed is open; files are swept between deeds")
        swept = store.data.execute("SELECT swept FROM state").fetchone()[0]
        erased = erased_since(store, swept)
        rows = remove(store, erased)
        step("sweep.rows")
        blocked = _truncate(store)
        step("sweep.truncated")
        if blocked:
            return Swept(len(erased), rows, blocked)
        if erased:
            with store.acting():
                for _, _, leaf in erased:
                    store.note(kind="absent", detail={"erasure": leaf})
            with files.transaction(store.data):
                store.data.execute("UPDATE state SET swept = ?", (max(e[1] for e in erased),))
            step("sweep.logged")
        return Swept(len(erased), rows)


def ended_buckets(store: SqliteStore) -> list[str]:
    """Return the months that are over and still have their salt."""
    with store.lock, files.said():
        names = store.keys.execute("SELECT name FROM buckets WHERE salt IS NOT NULL ORDER BY name").fetchall()
    return [str(n) for (n,) in names if ended(n, store.now())]


def end_bucket(store: SqliteStore, bucket: str) -> int:
    """Destroy a past month's salt and return the leaf; refuse while records stand in it."""
    with store.acting():
        if bucket not in ended_buckets(store):
            raise StoreError(f"bucket {bucket} has not ended, or its salt is gone already")
        pids = store.data.execute("SELECT DISTINCT pid FROM rows WHERE bucket = ?", (bucket,)).fetchall()
        left = sum(r[3] == bucket and _stands(store, r) for (p,) in pids for r in store.vault.rows(p))
        if left:
            raise StoreError(f"bucket {bucket} still holds {left} records: drop or move them first")
        store.keys.execute("UPDATE buckets SET salt = NULL WHERE name = ?", (bucket,))
        applied = store.data.execute("SELECT applied FROM state").fetchone()[0]
        store.keys.execute("DELETE FROM dropped WHERE bucket = ? AND at <= ?", (bucket, applied))
        return store.note(kind="bucket ended", detail={"bucket": bucket})


def rebucket(store: SqliteStore) -> int:
    """Seal records whose month has come near under that month's salt; return how many moved."""
    with store.lock, files.said():
        due = store.data.execute(
            "SELECT pid, rid, due FROM rows WHERE bucket = ? AND due IS NOT NULL", (OPEN,)
        )
        near = [r for r in due.fetchall() if bucket_of(r[2], store.now()) != OPEN]
    moved = 0
    for pid, rid, _ in near:
        with store.deed(person=pid) as deed:
            for row in store.vault.rows(pid, rid=rid):
                if row[3] == OPEN and _stands(store, row):
                    deed.move(rid=rid, due=row[5])
                    moved += 1
    return moved


def _stands(store: SqliteStore, row: Row) -> bool:
    state, _, _, erased = store.vault.person(row[0])
    return state == "live" or row[2] >= erased


def erased_since(store: SqliteStore, seq: int) -> list[tuple[int, int, int]]:
    """Return (person, deed, leaf) of each erasure after a deed."""
    return store.keys.execute(
        "SELECT pid, erased, leaf FROM persons WHERE erased > 0 AND erased > ?", (seq,)
    ).fetchall()


def remove(store: SqliteStore, erased: Sequence[tuple[int, int, int]]) -> int:
    """Delete the rows that each erasure left behind and return how many went."""
    with files.transaction(store.data):
        done = store.data.executemany("DELETE FROM rows WHERE pid = ? AND seq < ?", [e[:2] for e in erased])
        return max(done.rowcount, 0)


def _truncate(store: SqliteStore) -> str:
    with files.said():
        for name, db in (("data", store.data), ("keys", store.keys)):
            if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return f"a reader still holds a snapshot of the {name} file"
    return ""
