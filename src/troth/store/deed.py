"""Deed: one transaction about one person.

Keys, drops and evidence are written into the open keys transaction; sealed rows wait in ``Act.rows`` until
they are written first (``acting.py`` says in which order, and why).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from troth.store import acting
from troth.store.acting import Act
from troth.store.errors import Fenced, NoRecord, StoreError
from troth.store.seal import blind
from troth.store.seam import Body, Erased, Meta, Record

if TYPE_CHECKING:
    from troth.store.sealed import SealedStore


class SealedDeed:
    """What ``Store.deed`` gives; see ``seam.Deed`` for its words."""

    def __init__(self, store: SealedStore, person: int, act: Act) -> None:
        self._store, self._pid, self._act, self._keys = store, person, act, store.keys
        self._open, self._vault = True, store.vault
        self._read()

    def put(self, *, data: str, body: Body, meta: Meta) -> int:
        self._writable()
        taken = "UPDATE persons SET next = next + 1 WHERE pid = ? RETURNING next - 1"
        rid = int(self._keys.rows(taken, (self._pid,))[0][0])
        self._stage(Record(self._pid, rid, data, body, meta))
        return rid

    def replace(self, *, rid: int, body: Body) -> None:
        self._rewrite(replace(self._current(rid), body=body))

    def move(self, *, rid: int, due: str | None) -> None:
        record = self._current(rid)
        self._rewrite(replace(record, meta=replace(record.meta, due=due)))

    def restrict(self, *, rid: int, restricted: bool) -> None:
        record = self._current(rid)
        self._rewrite(replace(record, meta=replace(record.meta, restricted=restricted)))

    def drop(self, *, rid: int) -> None:
        self._usable()
        if self._act.rows.pop((self._pid, rid), None) is None and not self._vault.rows(self._pid, rid=rid):
            raise NoRecord(f"person has no record {rid}")
        self._forget(rid)

    def index(self, *, namespace: str, value: str) -> None:
        self._writable()
        digest = blind(self._vault.index_key, namespace, value)
        self._keys.run(
            "INSERT INTO blind VALUES(?, ?, ?) ON CONFLICT DO NOTHING", (self._pid, namespace, digest)
        )

    def unindex(self, *, namespace: str, value: str) -> None:
        self._usable()
        digest = blind(self._vault.index_key, namespace, value)
        self._keys.run(
            "DELETE FROM blind WHERE pid = ? AND namespace = ? AND digest = ?",
            (self._pid, namespace, digest),
        )

    def log(
        self,
        *,
        kind: str,
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
        digests: Sequence[str] = (),
        tag_of: int | None = None,
    ) -> int:
        self._usable()
        pid = self._pid if tag_of is None else tag_of
        return acting.note(self._store, kind=kind, clause=clause, detail=detail, digests=digests, person=pid)

    def erase_person(self, *, keep: Sequence[int] = (), clause: str = "") -> Erased:
        self._usable()
        if self._state != "live":
            raise Fenced("the person was erased before")
        kept = [self._current(rid) for rid in dict.fromkeys(keep)]
        leaf = self.log(kind="erased", clause=clause, detail={"kept": len(kept)})
        receipt = Erased(leaf, self._salt.hex(), tuple(r.rid for r in kept))
        for key in [k for k in self._act.rows if k[0] == self._pid]:
            del self._act.rows[key]
        secret = os.urandom(64) if kept else None
        for table in ("blind", "dropped", "trail", "aside"):
            self._keys.run(f"DELETE FROM {table} WHERE pid = ?", (self._pid,))
        self._keys.run(
            "UPDATE persons SET state = ?, erased = ?, leaf = ?, wrapped = ? WHERE pid = ?",
            (
                "kept" if kept else "erased",
                self._act.seq,
                leaf,
                secret and self._vault.wrap(self._pid, secret),
                self._pid,
            ),
        )
        self._read()
        for record in kept:
            self._stage(record)
        return receipt

    def finish(self) -> None:
        """Close the deed; a person whose last kept record went loses the statutory key with it."""
        self._open = False
        if self._state == "kept" and not any(k[0] == self._pid for k in self._act.rows):
            left = [r for r in self._vault.rows(self._pid) if r[2] >= self._erased]
            if not left:
                acting.begin(self._store, self._act)
                self._keys.run(
                    "UPDATE persons SET state = 'erased', wrapped = NULL, erased = ? WHERE pid = ?",
                    (self._act.seq, self._pid),
                )
                self._keys.run("DELETE FROM trail WHERE pid = ?", (self._pid,))

    def _read(self) -> None:
        self._state, self._key, self._salt, self._erased = self._vault.person(self._pid)

    def _usable(self) -> None:
        if not self._open:
            raise StoreError("the deed is over")
        acting.begin(self._store, self._act)

    def _writable(self) -> None:
        self._usable()
        if self._state != "live":
            raise Fenced("the person was erased; nothing new is written about them")

    def _current(self, rid: int) -> Record:
        self._usable()
        staged = self._act.rows.get((self._pid, rid))
        rows = [staged] if staged else self._vault.rows(self._pid, rid=rid)
        record = self._vault.unsealed(rows[-1], self._key) if rows else None
        if record is None or record.body is None:
            raise NoRecord(f"person has no readable record {rid}")
        return record

    def _rewrite(self, record: Record) -> None:
        if (self._pid, record.rid) not in self._act.rows:
            self._forget(record.rid)
        self._stage(record)

    def _stage(self, record: Record) -> None:
        assert self._key is not None, "a fenced person without kept records has no key to seal under"
        row = self._vault.sealed(record, self._key, self._act.seq)
        self._act.rows[self._pid, record.rid] = row

    def _forget(self, rid: int) -> None:
        old = [(r[0], r[1], r[3], r[2], self._act.seq) for r in self._vault.rows(self._pid, rid=rid)]
        self._keys.run_each(
            "INSERT INTO dropped VALUES(?, ?, ?, ?, ?)"
            " ON CONFLICT(pid, rid, bucket) DO UPDATE SET at = excluded.at,"
            " seq = CASE WHEN excluded.seq > dropped.seq THEN excluded.seq ELSE dropped.seq END",
            old,
        )
