"""SQLite: the store on two files, one deed at a time.

A deed goes: keys transaction opened → its sealed rows committed in the data file under the deed's number →
keys transaction committed with that number, the drops and the evidence → drops carried out in the data file,
with the signed head.  INVARIANT (keys are the truth): opening removes rows of deeds never committed and
carries out again every drop and erasure the data file has not seen, be it after a crash or after an older
data file was restored.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from troth.store import files
from troth.store.buckets import OPEN, bucket_of, ended, moment
from troth.store.deed import Act, SqliteDeed, salted
from troth.store.errors import NoRecord, StoreBehind, StoreError
from troth.store.ledger import Ledger, canonical
from troth.store.reads import BOUND, Read, Reads
from troth.store.seal import blind, derive, pseudonym, seal, tag, unseal
from troth.store.seam import Leaf, Record, Store, Swept
from troth.store.steps import step
from troth.store.vault import Row, Vault


def open(
    path: str | Path,
    *,
    root_key: bytes,
    now: Callable[[], datetime],
    head: str = "",
    bound: timedelta = BOUND,
) -> Store:
    """Open or make the store at ``path`` and ``path.keys``; ``head`` is a checkpoint kept elsewhere.

    ``bound``: how long evidence of a read may wait for company before the next call writes it.
    Raises ``StoreBehind`` when the keys file lacks what was signed, ``StoreError`` for another root key.
    """
    if len(root_key) != 32:
        raise StoreError(f"the root key has {len(root_key)} bytes, it needs 32")
    return SqliteStore(str(path), root_key, now, head, bound)


class SqliteStore:
    """See ``seam.Store`` for its words."""

    def __init__(
        self, path: str, root_key: bytes, now: Callable[[], datetime], head: str, bound: timedelta
    ) -> None:
        self._root, self._now, self._lock = root_key, now, threading.RLock()
        self._reads, self._slow = Reads(time.monotonic, bound), False
        self._act: Act | None = None
        self.data = files.connect(path, files.DATA)
        try:
            self.keys = files.connect(f"{path}.keys", files.KEYS)
        except BaseException:
            self.data.close()
            raise
        try:
            with files.transaction(self.keys):
                self.id, seed = self._identity()
            step("open.named")
            with files.transaction(self.keys):
                self.data.execute("INSERT OR IGNORE INTO state(one, store) VALUES(1, ?)", (self.id,))
                self.vault = Vault(self.data, self.keys, name=self.id, root=root_key, now=now)
                self.ledger = Ledger(self.keys, origin=f"troth/{self.id}", seed=seed)
                self._not_behind(head)
                self._recover()
        except BaseException:
            self._shut()
            raise

    def close(self) -> None:
        """Write what is held back and close both files."""
        try:
            if self._reads.held:
                self.flush_reads()
        finally:
            self._shut()

    def _shut(self) -> None:
        self.data.close()
        self.keys.close()

    # -- persons -----------------------------------------------------------------------------------

    def new_person(self, *, area: str = "") -> int:
        with self._acting():
            pid = secrets.randbits(63) or 1
            epoch = self.vault.epoch()
            self.keys.execute(
                "INSERT INTO persons(pid, area, epoch, wrapped) VALUES(?, ?, ?, ?)", (pid, area, epoch, b"")
            )
            self.keys.execute(
                "UPDATE persons SET wrapped = ? WHERE pid = ?", (self.vault.wrap(pid, os.urandom(64)), pid)
            )
        return pid

    def persons(self, *, area: str | None = None) -> Iterator[int]:
        with self._lock, files.said():
            found = self.keys.execute(
                "SELECT pid FROM persons WHERE state != 'erased' AND (? IS NULL OR area = ?) ORDER BY rowid",
                (area, area),
            ).fetchall()
        return (int(row[0]) for row in found)

    def find(self, *, namespace: str, value: str) -> int | None:
        digest = blind(self.vault.index_key, namespace, value)
        with self._lock, files.said():
            row = self.keys.execute(
                "SELECT pid FROM blind WHERE namespace = ? AND digest = ? ORDER BY rowid LIMIT 1",
                (namespace, digest),
            ).fetchone()
        return int(row[0]) if row else None

    def find_all(self, *, namespace: str, value: str) -> list[int]:
        digest = blind(self.vault.index_key, namespace, value)
        with self._lock, files.said():
            found = self.keys.execute(
                "SELECT pid FROM blind WHERE namespace = ? AND digest = ? ORDER BY rowid", (namespace, digest)
            ).fetchall()
        return [int(pid) for (pid,) in found]

    def tag(self, *, person: int, label: str = "") -> str:
        with self._lock, files.said():
            salt = self.vault.person(person)[2]
        return pseudonym(salt, label) if salt else ""

    # -- records -----------------------------------------------------------------------------------

    def records(self, *, person: int, data: str | None = None) -> list[Record]:
        with self._lock, files.said():
            try:
                key = self.vault.person(person)[1]
            except NoRecord:
                return []
            open_ = self.vault.opener(key)
            return [open_(r) for r in self.vault.rows(person) if data is None or r[4] == data]

    def due_counts(self, *, zone: str = "UTC") -> list[tuple[date, str, int]]:
        there, days = ZoneInfo(zone), Counter[tuple[date, str]]()
        with self._lock, files.said():
            found = self.data.execute(
                "SELECT due, data, COUNT(*) FROM rows WHERE due IS NOT NULL GROUP BY due, data"
            ).fetchall()
            swept = self.data.execute("SELECT swept FROM state").fetchone()[0]
            for pid, erased, _ in self._erased_since(swept):
                found += self.data.execute(
                    "SELECT due, data, -COUNT(*) FROM rows WHERE pid = ? AND seq < ? AND due IS NOT NULL"
                    " GROUP BY due, data",
                    (pid, erased),
                ).fetchall()
        for due, data, count in found:
            days[moment(due).astimezone(there).date(), data] += count
        return [(day, data, n) for (day, data), n in sorted(days.items()) if n]

    def due_before(self, *, instant: datetime) -> Iterator[Record]:
        until = moment(instant).isoformat()
        with self._lock, files.said():
            # Named, for SQLite would read every row in order of person to save itself the sorting.
            found = self.data.execute("SELECT pid FROM rows INDEXED BY rows_due WHERE due <= ?", (until,))
            pids = dict.fromkeys(pid for (pid,) in found)
        for pid in pids:
            with self._lock, files.said():
                state, key, _, erased = self.vault.person(pid)
                rows = [r for r in self.vault.rows(pid) if r[5] is not None and r[5] <= until]
                open_ = self.vault.opener(key)
                standing = [open_(r) for r in rows if state == "live" or r[2] >= erased]
            yield from standing

    # -- deeds -------------------------------------------------------------------------------------

    @contextmanager
    def deed(self, *, person: int) -> Iterator[SqliteDeed]:
        with self._lock:
            if self._act is not None:
                raise StoreError("a deed is open already; one deed is about one person")
            with self._acting() as act:
                deed = SqliteDeed(self, person, act)
                yield deed
                deed.finish()

    def log(self, *, kind: str, clause: str = "", detail: Mapping[str, Any] | None = None) -> int:
        with self._acting():
            return self.note(kind=kind, clause=clause, detail=detail)

    def note_reads(
        self,
        *,
        person: int | None = None,
        kind: str = "read",
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        canonical(detail or {})  # what cannot be written is refused now, not when others wait behind it
        with self._lock, files.said():
            if person is not None:
                self.vault.known(person)
            self._reads.add(Read(self._now(), person, kind, clause, dict(detail or {})))
            if self._reads.full():
                self.flush_reads()

    def flush_reads(self) -> int:
        with self._lock:
            count = len(self._reads.held)
            if count:
                with self._acting():  # which writes them before anything else
                    pass
            return count

    def note(
        self,
        *,
        kind: str,
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
        digests: Sequence[str] = (),
        person: int | None = None,
        at: datetime | None = None,
    ) -> int:
        """Append a leaf within the open transaction, tagged for ``person`` while their salt lives."""
        when = self._forward(moment(at or self._now()))
        leaf = self.ledger.size
        salt = self.vault.person(person)[2] if person is not None else b""
        fields = {
            "at": when.isoformat(),
            "kind": kind,
            "clause": clause,
            "tag": tag(salt, leaf) if salt else "",
            "detail": dict(detail or {}),
            "digests": salted(salt, leaf, digests),
        }
        with files.said():
            self.ledger.append(fields)
            if salt:
                self.keys.execute("INSERT INTO trail VALUES(?, ?)", (person, leaf))
        return leaf

    def _forward(self, at: datetime) -> datetime:
        """Return a moment no earlier than the last leaf's; note once when the clock fell behind it."""
        last = self.ledger.last()
        if last is None or at >= last:
            self._slow = False
            return at
        behind = last - at
        if behind >= timedelta(seconds=1) and not self._slow:
            self._slow = True
            detail = {"behind": int(behind.total_seconds())}
            fields = {"at": last.isoformat(), "kind": "clock", "clause": "", "tag": "", "digests": []}
            self.ledger.append({**fields, "detail": detail})
        return last

    @contextmanager
    def _acting(self) -> Iterator[Act]:
        """Hold one transaction over both files; inside another one, join it."""
        with self._lock:
            if self._act is not None:
                yield self._act
                return
            try:
                with files.transaction(self.keys):
                    committed, size = self.vault.committed(), self.ledger.size
                    self._act = act = Act(committed + 1)
                    self._unwrite(committed)
                    step("deed.open")
                    reads = self._reads.held[:]
                    for read in reads:
                        self.note(
                            kind=read.kind,
                            clause=read.clause,
                            detail=read.detail,
                            person=read.person,
                            at=read.at,
                        )
                    yield act
                    self._write(act)
                    self.keys.execute("UPDATE state SET committed = ?", (act.seq,))
                    if self.ledger.size > size:
                        self.ledger.sign()
                    step("keys.staged")
                self._reads.written(len(reads))
                step("keys.committed")
            finally:
                self._act = None
            self._apply()

    def _write(self, act: Act) -> None:
        if act.rows:
            with files.transaction(self.data):
                self.data.executemany("INSERT INTO rows VALUES(?, ?, ?, ?, ?, ?, ?)", list(act.rows.values()))
                step("data.staged")
            step("data.written")

    def _unwrite(self, committed: int) -> None:
        """Remove what a deed wrote that was never committed, lest its number be used again."""
        if self.data.execute("SELECT 1 FROM rows WHERE seq > ? LIMIT 1", (committed,)).fetchone():
            with files.transaction(self.data):
                self.data.execute("DELETE FROM rows WHERE seq > ?", (committed,))

    def _apply(self) -> None:
        """Carry committed drops out; a failure here is made good by the next deed, or on opening."""
        try:
            with files.transaction(self.data):
                applied, committed = (
                    self.data.execute("SELECT applied FROM state").fetchone()[0],
                    self.vault.committed(),
                )
                drops = self.keys.execute(
                    "SELECT pid, rid, bucket, seq FROM dropped WHERE at > ?", (applied,)
                ).fetchall()
                self.data.executemany(
                    "DELETE FROM rows WHERE pid = ? AND rid = ? AND bucket = ? AND seq <= ?", drops
                )
                self.data.execute("UPDATE state SET applied = ?, head = ?", (committed, self.ledger.head()))
                step("data.dropped")
        except StoreError:
            return
        step("data.applied")

    # -- going -------------------------------------------------------------------------------------

    def sweep_files(self) -> Swept:
        with self._lock:
            if self._act is not None:
                raise StoreError("a deed is open; files are swept between deeds")
            swept = self.data.execute("SELECT swept FROM state").fetchone()[0]
            erased = self._erased_since(swept)
            rows = self._remove(erased)
            step("sweep.rows")
            blocked = self._truncate()
            step("sweep.truncated")
            if blocked:
                return Swept(len(erased), rows, blocked)
            if erased:
                with self._acting():
                    for _, _, leaf in erased:
                        self.note(kind="absent", detail={"erasure": leaf})
                with files.transaction(self.data):
                    self.data.execute("UPDATE state SET swept = ?", (max(e[1] for e in erased),))
                step("sweep.logged")
            return Swept(len(erased), rows)

    def ended_buckets(self) -> list[str]:
        with self._lock, files.said():
            names = self.keys.execute(
                "SELECT name FROM buckets WHERE salt IS NOT NULL ORDER BY name"
            ).fetchall()
        return [str(n) for (n,) in names if ended(n, self._now())]

    def end_bucket(self, *, bucket: str) -> int:
        """Destroy a past month's salt and return the leaf; refuse while records stand in it."""
        with self._acting():
            if bucket not in self.ended_buckets():
                raise StoreError(f"bucket {bucket} has not ended, or its salt is gone already")
            pids = self.data.execute("SELECT DISTINCT pid FROM rows WHERE bucket = ?", (bucket,)).fetchall()
            left = sum(r[3] == bucket and self._stands(r) for (p,) in pids for r in self.vault.rows(p))
            if left:
                raise StoreError(f"bucket {bucket} still holds {left} records: drop or move them first")
            self.keys.execute("UPDATE buckets SET salt = NULL WHERE name = ?", (bucket,))
            applied = self.data.execute("SELECT applied FROM state").fetchone()[0]
            self.keys.execute("DELETE FROM dropped WHERE bucket = ? AND at <= ?", (bucket, applied))
            return self.note(kind="bucket ended", detail={"bucket": bucket})

    def rebucket(self) -> int:
        """Seal records whose month has come near under that month's salt; return how many moved."""
        with self._lock, files.said():
            due = self.data.execute(
                "SELECT pid, rid, due FROM rows WHERE bucket = ? AND due IS NOT NULL", (OPEN,)
            )
            near = [r for r in due.fetchall() if bucket_of(r[2], self._now()) != OPEN]
        moved = 0
        for pid, rid, _ in near:
            with self.deed(person=pid) as deed:
                for row in self.vault.rows(pid, rid=rid):
                    if row[3] == OPEN and self._stands(row):
                        deed.move(rid=rid, due=row[5])
                        moved += 1
        return moved

    def _stands(self, row: Row) -> bool:
        state, _, _, erased = self.vault.person(row[0])
        return state == "live" or row[2] >= erased

    def _erased_since(self, seq: int) -> list[tuple[int, int, int]]:
        return self.keys.execute(
            "SELECT pid, erased, leaf FROM persons WHERE erased > 0 AND erased > ?", (seq,)
        ).fetchall()

    def _remove(self, erased: Sequence[tuple[int, int, int]]) -> int:
        with files.transaction(self.data):
            done = self.data.executemany(
                "DELETE FROM rows WHERE pid = ? AND seq < ?", [e[:2] for e in erased]
            )
            return max(done.rowcount, 0)

    def _truncate(self) -> str:
        with files.said():
            for name, db in (("data", self.data), ("keys", self.keys)):
                if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                    return f"a reader still holds a snapshot of the {name} file"
        return ""

    # -- counters and evidence ---------------------------------------------------------------------

    def count(self, *, name: str, dims: Mapping[str, str] | None = None, n: int = 1) -> None:
        with self._lock, files.transaction(self.data):
            self.data.execute(
                "INSERT INTO counters VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
                (name, json.dumps(dict(dims or {}), sort_keys=True), n),
            )

    def counts(self, *, name: str) -> list[tuple[dict[str, str], int]]:
        with self._lock, files.said():
            found = self.data.execute(
                "SELECT dims, n FROM counters WHERE name = ? ORDER BY dims", (name,)
            ).fetchall()
        return [(json.loads(dims), int(n)) for dims, n in found]

    def latest(self) -> datetime | None:
        with self._settled():
            return self.ledger.last()

    def trail(self, *, person: int) -> list[Leaf]:
        with self._settled():
            return self.ledger.trail(person)

    def leaves(self, *, start: int = 0) -> Iterator[Leaf]:
        with self._settled():
            return iter(list(self.ledger.leaves(start)))

    def checkpoint(self) -> str:
        with self._settled():
            return self.ledger.head()

    def export_proof(self, *, leaf: int) -> dict[str, Any]:
        with self._settled():
            return self.ledger.proof(leaf)

    def consistency(self, *, first: int) -> dict[str, Any]:
        with self._settled():
            return self.ledger.consistency(first)

    def receipt(self, *, leaf: int, salt: str = "") -> dict[str, Any]:
        with self._settled():
            proof = self.ledger.proof(leaf)
            head = {"checkpoint": self.ledger.head(), "public_key": self.public_key}
        mine = {"salt": salt, "tag": json.loads(proof["leaf"])["tag"]} if salt else {}
        return {**proof, **head, **mine}

    def verify(self) -> list[str]:
        with self._settled():
            return self.ledger.verify()

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Hold the store while its evidence is looked at, with no read held back."""
        with self._lock:
            if self._act is None:
                self.flush_reads()
            with files.said():
                yield

    @property
    def public_key(self) -> str:
        """The Ed25519 key, in hex, with which outsiders check heads."""
        return self.ledger.public.hex()

    # -- opening -----------------------------------------------------------------------------------

    def _identity(self) -> tuple[str, bytes]:
        ours = self.keys.execute("SELECT store, signer FROM state").fetchone()
        theirs = self.data.execute("SELECT store FROM state").fetchone()
        if ours is None:
            if theirs is not None:
                raise StoreBehind("the data file is there but its keys file is new or empty")
            ours = self._begin()
        if theirs is not None and theirs[0] != ours[0]:
            raise StoreError("the keys file belongs to another store")
        seed = unseal(derive(self._root, "signer"), ours[1], f"{ours[0]}|signer")
        if seed is None:
            raise StoreError("the root key is not the one this store was made with")
        return str(ours[0]), seed

    def _begin(self) -> tuple[str, bytes]:
        name = secrets.token_hex(8)
        signer = seal(derive(self._root, "signer"), os.urandom(32), f"{name}|signer")
        self.keys.execute("INSERT INTO state(one, store, signer) VALUES(1, ?, ?)", (name, signer))
        return name, signer

    def _not_behind(self, elsewhere: str) -> None:
        for head in (
            self.data.execute("SELECT head FROM state").fetchone()[0],
            self.ledger.head(),
            elsewhere,
        ):
            if not self.ledger.extends(head):
                raise StoreBehind("the keys file does not hold what was signed; restore its newest copy")

    def _recover(self) -> None:
        self._unwrite(self.vault.committed())
        self._apply()
        self._remove(self._erased_since(self.data.execute("SELECT swept FROM state").fetchone()[0]))
        with files.transaction(self.data):
            for (bucket,) in self.keys.execute("SELECT name FROM buckets WHERE salt IS NULL").fetchall():
                self.data.execute("DELETE FROM rows WHERE bucket = ?", (bucket,))
