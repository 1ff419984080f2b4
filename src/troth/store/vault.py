"""Vault: records sealed and unsealed, and the keys they are sealed under.

It reads both databases and writes keys only; ``acting.py`` holds the transactions and writes rows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from troth.store.buckets import OPEN, bucket_of, moment
from troth.store.errors import NoRecord, StoreError
from troth.store.place import Database
from troth.store.seal import SCHEMA, derive, opener, seal, unseal
from troth.store.seam import Meta, Record

Row = tuple[int, int, int, str, str, str | None, bytes]
Unseal = Callable[[bytes, str], bytes | None]
ROW = "r.pid, r.rid, r.seq, r.bucket, r.data, r.due, r.sealed"
# In one statement, so that no rotation comes between a person's key and the epoch's.
PERSON = (
    "SELECT p.state, p.epoch, p.wrapped, p.erased, e.wrapped FROM persons p"
    " LEFT JOIN epochs e ON e.name = p.epoch WHERE p.pid = ?"
)


class Vault:
    """The keys and rows of one store, person by person."""

    def __init__(
        self,
        data: Database,
        keys: Database,
        *,
        name: str,
        root: bytes,
        now: Callable[[], datetime],
        lasting: bytes = b"",
    ) -> None:
        self.data, self.keys, self.id, self._root, self._now = data, keys, name, root, now
        self.lasting = lasting or root  # the first root key: what others hold or look for hangs on it
        self.index_key = derive(self.lasting, "indexes")
        self.seen = 0  # the last deed known to have happened; later ones may have, in other processes
        self._epochs: dict[
            str, tuple[bytes, bytes]
        ] = {}  # name → wrapped as read, key: a changed row is opened anew

    def person(self, pid: int) -> tuple[str, bytes | None, bytes, int]:
        """Return state, key, ledger salt and the deed that erased them; key None when it is gone."""
        row = self.keys.one(PERSON, (pid,))
        if row is None:
            raise NoRecord("no such person")
        return self.person_of(pid, row)

    def person_of(self, pid: int, row: Sequence[Any]) -> tuple[str, bytes | None, bytes, int]:
        """Return the same from a row that ``PERSON`` gave."""
        if row[2] is None:
            return str(row[0]), None, b"", int(row[3])
        secret = self.unwrapped(pid, row[2], row[1], row[4])
        return str(row[0]), secret[:32], secret[32:], int(row[3])

    def unwrapped(self, pid: int, wrapped: bytes, epoch: str, epoch_wrapped: bytes | None) -> bytes:
        """Open a person's key and salt."""
        secret = unseal(self._opened(epoch, epoch_wrapped), wrapped, self._person(pid))
        if secret is None:
            raise StoreError("a person's key beside the data was changed")
        return secret

    def _person(self, pid: int) -> str:
        return f"{self.id}|person|{pid}"

    def known(self, pid: int) -> None:
        """Raise ``NoRecord`` for a number that is nobody's."""
        if self.keys.one("SELECT 1 FROM persons WHERE pid = ?", (pid,)) is None:
            raise NoRecord("no such person")

    def wrap(self, pid: int, secret: bytes) -> bytes:
        """Wrap a person's key and salt under their epoch's key."""
        row = self.keys.one(
            "SELECT p.epoch, e.wrapped FROM persons p LEFT JOIN epochs e ON e.name = p.epoch WHERE p.pid = ?",
            (pid,),
        )
        if row is None:
            raise NoRecord("no such person")
        return seal(self._opened(*row), secret, self._person(pid))

    def wrapped(self, pid: int, secret: bytes, epoch: str) -> bytes:
        """Wrap a person's key and salt under an epoch's key."""
        row = self.keys.one("SELECT wrapped FROM epochs WHERE name = ?", (epoch,))
        return seal(self._opened(epoch, row[0] if row else None), secret, self._person(pid))

    def rows(self, pid: int, *, rid: int | None = None) -> list[Row]:
        """Return the person's standing rows, the newest of each record, in order of record."""
        one, values = ("", (pid,)) if rid is None else (" AND r.rid = ?", (pid, rid))
        while True:
            before = self.committed()
            found = self.data.rows(
                f"SELECT applied, {ROW} FROM state"
                f" LEFT JOIN rows r ON r.pid = ?{one} AND r.seq <= ? ORDER BY r.rid, r.seq",
                (*values, before),
            )
            # Drops that the data have seen are carried out in them, so only later ones can hide a row.
            drops = self.keys.rows(
                "SELECT committed, d.rid, d.bucket, d.seq FROM state"
                " LEFT JOIN dropped d ON d.pid = ? AND d.at > ?",
                (pid, found[0][0]),
            )
            if drops[0][0] == before:
                gone = {(rid, bucket): seq for _, rid, bucket, seq in drops}
                standing = (r[1:] for r in found if r[1] is not None and r[3] > gone.get((r[2], r[4]), 0))
                return list({r[1]: r for r in standing}.values())

    def drops(self, applied: int) -> list[tuple[int, int, str, int]]:
        """Return the (person, record, bucket, deed) of all that went after a deed."""
        found = self.keys.rows("SELECT pid, rid, bucket, seq FROM dropped WHERE at > ?", (applied,))
        return [(p, r, b, s) for p, r, b, s in found]

    def sealed(self, record: Record, key: bytes, seq: int) -> Row:
        """Seal a record as the row of deed ``seq``."""
        due = record.meta.due and moment(record.meta.due).isoformat()
        bucket = bucket_of(due, self._now())
        if self._ended(bucket):  # a clock set back would lead into a month whose salt is gone
            bucket = OPEN
        plain = json.dumps(
            {
                "meta": asdict(record.meta),
                "bytes": isinstance(record.body, bytes),
                "body": _text(record.body),
            },
            ensure_ascii=False,
        ).encode()
        name = self._name(record.person, record.rid, seq, record.data)
        salt = self._salt(bucket, make=True)
        if salt is None:
            raise StoreError(f"bucket {bucket} has ended")
        return (
            record.person,
            record.rid,
            seq,
            bucket,
            record.data,
            due,
            seal(derive(key, record.data, salt), plain, name),
        )

    def opener(self, key: bytes | None, salts: Mapping[str, bytes] | None = None) -> Callable[[Row], Record]:
        """Return what reads one person's rows, deriving each key once; it lives no longer than the call.

        ``salts``: the months', where they were read already.
        """
        ready: dict[tuple[str, str], Unseal | None] = {}

        def opened(row: Row) -> Record:
            kind = (row[3], row[4])
            if kind not in ready:
                salt = self._salt(row[3]) if salts is None else salts.get(row[3])
                ready[kind] = opener(derive(key, row[4], salt)) if key and salt is not None else None
            return self._read(row, ready[kind])

        return opened

    def unsealed(self, row: Row, key: bytes | None) -> Record:
        """Read a row; its body is None when the key or the bucket's salt is gone."""
        return self.opener(key)(row)

    def _read(self, row: Row, unsealed: Unseal | None) -> Record:
        pid, rid, seq, _, data, due, blob = row
        plain = None if unsealed is None else unsealed(blob, self._name(pid, rid, seq, data))
        if plain is None:
            return Record(pid, rid, data, None, Meta(due=due))
        said = json.loads(plain.decode())
        said["meta"]["purposes"] = tuple(said["meta"]["purposes"])
        body = bytes.fromhex(said["body"]) if said["bytes"] else said["body"]
        return Record(pid, rid, data, body, Meta(**said["meta"]))

    def turn(self, root: bytes) -> None:
        """Go on under another root key, which has just been put in the place of this one."""
        self._root, self._epochs = root, {}

    def note(self, committed: int) -> None:
        """Remember that a deed has happened."""
        self.seen = max(self.seen, committed)

    def committed(self) -> int:
        """Return the number of the last deed that happened."""
        return int(self.keys.rows("SELECT committed FROM state")[0][0])

    def applied(self) -> int:
        """Return the last deed whose drops the data have seen."""
        return int(self.data.rows("SELECT applied FROM state")[0][0])

    def swept(self) -> int:
        """Return the last deed whose erasure is shown to have left the files."""
        return int(self.data.rows("SELECT swept FROM state")[0][0])

    def _name(self, pid: int, rid: int, seq: int, data: str) -> str:
        return f"{self.id}|{pid}|{rid}|{seq}|{data}|{SCHEMA}"

    def epoch(self) -> str:
        """Return the newest epoch, made anew where that is an earlier month's."""
        newest = str(self.keys.rows("SELECT MAX(name) FROM epochs")[0][0] or "")
        month = f"{moment(self._now()):%Y-%m}"
        return newest if newest >= month else self.begin(month)

    def begin(self, epoch: str) -> str:
        """Make an epoch's key, where there is none yet."""
        wrapped = seal(derive(self._root, "epochs"), os.urandom(32), f"{self.id}|epoch|{epoch}")
        self.keys.run("INSERT INTO epochs VALUES(?, ?) ON CONFLICT DO NOTHING", (epoch, wrapped))
        return epoch

    def _opened(self, epoch: str, wrapped: bytes | None) -> bytes:
        """Return an epoch's key from what it is wrapped in."""
        if wrapped is not None and self._epochs.get(epoch, (b"", b""))[0] != wrapped:
            key = unseal(derive(self._root, "epochs"), wrapped, f"{self.id}|epoch|{epoch}")
            if key is not None:
                self._epochs[epoch] = (wrapped, key)
        if wrapped is None or self._epochs.get(epoch, (b"", b""))[0] != wrapped:
            raise StoreError(f"the key of epoch {epoch} is missing or was changed")
        return self._epochs[epoch][1]

    def _ended(self, bucket: str) -> bool:
        row = self.keys.one("SELECT salt FROM buckets WHERE name = ?", (bucket,))
        return row is not None and row[0] is None

    def _salt(self, bucket: str, *, make: bool = False) -> bytes | None:
        if make:
            self.keys.run("INSERT INTO buckets VALUES(?, ?) ON CONFLICT DO NOTHING", (bucket, os.urandom(32)))
        row = self.keys.one("SELECT salt FROM buckets WHERE name = ?", (bucket,))
        return bytes(row[0]) if row and row[0] is not None else None


def _text(body: Any) -> Any:
    return body.hex() if isinstance(body, bytes) else body
