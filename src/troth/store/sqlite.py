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
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from troth.store import files, going, opening
from troth.store.buckets import moment
from troth.store.deed import Act, SqliteDeed, salted
from troth.store.errors import NoRecord, StoreError
from troth.store.ledger import Ledger, canonical
from troth.store.reads import BOUND, Read, Reads
from troth.store.seal import blind, pseudonym, tag
from troth.store.seam import Leaf, Record, Store, Swept
from troth.store.steps import step
from troth.store.vault import Vault


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
        self.now, self.lock = now, threading.RLock()
        self._reads, self._slow = Reads(time.monotonic, bound), False
        self.act: Act | None = None
        self.data = files.connect(path, files.DATA)
        try:
            self.keys = files.connect(f"{path}.keys", files.KEYS)
        except BaseException:
            self.data.close()
            raise
        try:
            with files.transaction(self.keys):
                self.id, seed = opening.identity(self, root_key)
            step("open.named")
            with files.transaction(self.keys):
                self.data.execute("INSERT OR IGNORE INTO state(one, store) VALUES(1, ?)", (self.id,))
                self.vault = Vault(self.data, self.keys, name=self.id, root=root_key, now=now)
                self.ledger = Ledger(self.keys, origin=f"troth/{self.id}", seed=seed)
                opening.refuse_behind(self, head)
                opening.recover(self)
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
        with self.acting():
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
        with self.lock, files.said():
            found = self.keys.execute(
                "SELECT pid FROM persons WHERE state != 'erased' AND (? IS NULL OR area = ?) ORDER BY rowid",
                (area, area),
            ).fetchall()
        return (int(row[0]) for row in found)

    def find(self, *, namespace: str, value: str) -> int | None:
        digest = blind(self.vault.index_key, namespace, value)
        with self.lock, files.said():
            row = self.keys.execute(
                "SELECT pid FROM blind WHERE namespace = ? AND digest = ? ORDER BY rowid LIMIT 1",
                (namespace, digest),
            ).fetchone()
        return int(row[0]) if row else None

    def find_all(self, *, namespace: str, value: str) -> list[int]:
        digest = blind(self.vault.index_key, namespace, value)
        with self.lock, files.said():
            found = self.keys.execute(
                "SELECT pid FROM blind WHERE namespace = ? AND digest = ? ORDER BY rowid", (namespace, digest)
            ).fetchall()
        return [int(pid) for (pid,) in found]

    def tag(self, *, person: int, label: str = "") -> str:
        with self.lock, files.said():
            salt = self.vault.person(person)[2]
        return pseudonym(salt, label) if salt else ""

    # -- records -----------------------------------------------------------------------------------

    def records(self, *, person: int, data: str | Collection[str] | None = None) -> list[Record]:
        wanted = {data} if isinstance(data, str) else data
        with self.lock, files.said():
            try:
                key = self.vault.person(person)[1]
            except NoRecord:
                return []
            open_ = self.vault.opener(key)
            return [open_(r) for r in self.vault.rows(person) if wanted is None or r[4] in wanted]

    def mark(self, *, person: int) -> tuple[int, ...] | None:
        with self.lock, files.said():
            return None if self.act is not None else self.vault.mark(person)

    def due_counts(self, *, zone: str = "UTC") -> list[tuple[date, str, int]]:
        there, days = ZoneInfo(zone), Counter[tuple[date, str]]()
        with self.lock, files.said():
            found = self.data.execute(
                "SELECT due, data, COUNT(*) FROM rows WHERE due IS NOT NULL GROUP BY due, data"
            ).fetchall()
            swept = self.data.execute("SELECT swept FROM state").fetchone()[0]
            for pid, erased, _ in going.erased_since(self, swept):
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
        with self.lock, files.said():
            # Named, for SQLite would read every row in order of person to save itself the sorting.
            found = self.data.execute("SELECT pid FROM rows INDEXED BY rows_due WHERE due <= ?", (until,))
            pids = dict.fromkeys(pid for (pid,) in found)
        for pid in pids:
            with self.lock, files.said():
                state, key, _, erased = self.vault.person(pid)
                rows = [r for r in self.vault.rows(pid) if r[5] is not None and r[5] <= until]
                open_ = self.vault.opener(key)
                standing = [open_(r) for r in rows if state == "live" or r[2] >= erased]
            yield from standing

    # -- deeds -------------------------------------------------------------------------------------

    @contextmanager
    def deed(self, *, person: int) -> Iterator[SqliteDeed]:
        with self.lock:
            if self.act is not None:
                raise StoreError("a deed is open already; one deed is about one person")
            with self.acting() as act:
                deed = SqliteDeed(self, person, act)
                yield deed
                deed.finish()

    def log(self, *, kind: str, clause: str = "", detail: Mapping[str, Any] | None = None) -> int:
        with self.acting():
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
        with self.lock, files.said():
            if person is not None:
                self.vault.known(person)
            self._reads.add(Read(self.now(), person, kind, clause, dict(detail or {})))
            if self._reads.full():
                self.flush_reads()

    def flush_reads(self) -> int:
        with self.lock:
            count = len(self._reads.held)
            if count:
                with self.acting():  # which writes them before anything else
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
        when = self._forward(moment(at or self.now()))
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
    def acting(self) -> Iterator[Act]:
        """Hold one transaction over both files; inside another one, join it."""
        with self.lock:
            if self.act is not None:
                yield self.act
                return
            try:
                with files.transaction(self.keys):
                    committed, size = self.vault.committed(), self.ledger.size
                    self.act = act = Act(committed + 1)
                    self.unwrite(committed)
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
                self.act = None
            self.apply()

    def _write(self, act: Act) -> None:
        if act.rows:
            with files.transaction(self.data):
                self.data.executemany("INSERT INTO rows VALUES(?, ?, ?, ?, ?, ?, ?)", list(act.rows.values()))
                step("data.staged")
            step("data.written")

    def unwrite(self, committed: int) -> None:
        """Remove what a deed wrote that was never committed, lest its number be used again."""
        if self.data.execute("SELECT 1 FROM rows WHERE seq > ? LIMIT 1", (committed,)).fetchone():
            with files.transaction(self.data):
                self.data.execute("DELETE FROM rows WHERE seq > ?", (committed,))

    def apply(self) -> None:
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
        return going.sweep_files(self)

    def ended_buckets(self) -> list[str]:
        return going.ended_buckets(self)

    def end_bucket(self, *, bucket: str) -> int:
        return going.end_bucket(self, bucket)

    def rebucket(self) -> int:
        return going.rebucket(self)

    # -- counters and evidence ---------------------------------------------------------------------

    def count(self, *, name: str, dims: Mapping[str, str] | None = None, n: int = 1) -> None:
        with self.lock, files.transaction(self.data):
            self.data.execute(
                "INSERT INTO counters VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
                (name, json.dumps(dict(dims or {}), sort_keys=True), n),
            )

    def counts(self, *, name: str) -> list[tuple[dict[str, str], int]]:
        with self.lock, files.said():
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
        with self.lock:
            if self.act is None:
                self.flush_reads()
            with files.said():
                yield

    @property
    def public_key(self) -> str:
        """The Ed25519 key, in hex, with which outsiders check heads."""
        return self.ledger.public.hex()
