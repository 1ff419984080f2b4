"""Going: how erased rows leave the files, and months that are over lose their salt.

The order is the rule: rows first, then the write-ahead logs, and only then the evidence that they are absent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from troth.store import acting
from troth.store.buckets import OPEN, bucket_of, ended
from troth.store.errors import StoreError
from troth.store.seam import Swept
from troth.store.steps import step
from troth.store.vault import Row

if TYPE_CHECKING:
    from troth.store.sealed import SealedStore


def sweep_files(store: SealedStore, thorough: bool) -> Swept:
    """Remove the rows of the erased and empty the files; write that they are absent once they are."""
    with store.lock:
        if store.act is not None:
            raise StoreError("a deed is open; files are swept between deeds")
        erased = erased_since(store, store.vault.swept())
        rows = remove(store, erased)
        step("sweep.rows")
        blocked = store.place.emptied(len(erased), thorough=thorough)
        step("sweep.truncated")
        if blocked:
            return Swept(len(erased), rows, blocked)
        if erased:
            with store.acting():
                for _, _, leaf in erased:
                    acting.note(store, kind="absent", detail={"erasure": leaf})
            with store.data.transaction():
                store.data.run("UPDATE state SET swept = ?", (max(e[1] for e in erased),))
            step("sweep.logged")
        return Swept(len(erased), rows)


def ended_buckets(store: SealedStore) -> list[str]:
    """Return the months that are over and still have their salt."""
    with store.lock:
        names = store.keys.rows("SELECT name FROM buckets WHERE salt IS NOT NULL ORDER BY name")
    return [str(n) for (n,) in names if ended(n, store.now())]


def end_bucket(store: SealedStore, bucket: str) -> int:
    """Destroy a past month's salt and return the leaf; refuse while records stand in it."""
    with store.lock:
        with store.acting():
            if bucket not in ended_buckets(store):
                raise StoreError(f"bucket {bucket} has not ended, or its salt is gone already")
            pids = store.data.rows("SELECT DISTINCT pid FROM rows WHERE bucket = ?", (bucket,))
            left = sum(r[3] == bucket and _stands(store, r) for (p,) in pids for r in store.vault.rows(p))
            if left:
                raise StoreError(f"bucket {bucket} still holds {left} records: drop or move them first")
            store.keys.run("UPDATE buckets SET salt = NULL WHERE name = ?", (bucket,))
            store.keys.run(
                "DELETE FROM dropped WHERE bucket = ? AND at <= ?", (bucket, store.vault.applied())
            )
            leaf = acting.note(store, kind="bucket ended", detail={"bucket": bucket})
        store.place.discard(bucket)
        return leaf


def rebucket(store: SealedStore) -> int:
    """Seal records whose month has come near under that month's salt; return how many moved."""
    with store.lock:
        due = store.data.rows("SELECT pid, rid, due FROM rows WHERE bucket = ? AND due IS NOT NULL", (OPEN,))
    near = [r for r in due if bucket_of(r[2], store.now()) != OPEN]
    moved = 0
    for pid, rid, _ in near:
        with store.deed(person=pid) as deed:
            for row in store.vault.rows(pid, rid=rid):
                if row[3] == OPEN and _stands(store, row):
                    deed.move(rid=rid, due=row[5])
                    moved += 1
    return moved


def _stands(store: SealedStore, row: Row) -> bool:
    state, _, _, erased = store.vault.person(row[0])
    return state == "live" or row[2] >= erased


def erased_since(store: SealedStore, seq: int) -> list[tuple[int, int, int]]:
    """Return (person, deed, leaf) of each erasure after a deed."""
    found = store.keys.rows("SELECT pid, erased, leaf FROM persons WHERE erased > 0 AND erased > ?", (seq,))
    return [(pid, erased, leaf) for pid, erased, leaf in found]


def remove(store: SealedStore, erased: Sequence[tuple[int, int, int]]) -> int:
    """Delete the rows that each erasure left behind and return how many went."""
    with store.data.transaction():
        return store.data.run_each("DELETE FROM rows WHERE pid = ? AND seq < ?", [e[:2] for e in erased])
