"""Sealed: the store, whatever kind of place it lies in (``files.py``, ``server.py``).

Who is there, what is held about them, counters and evidence; ``acting.py`` writes, ``going.py`` takes away.
"""

from __future__ import annotations

import json
import os
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from troth.store import acting, aside, folder, going
from troth.store.acting import Act
from troth.store.buckets import moment
from troth.store.deed import SealedDeed
from troth.store.errors import NoRecord, StoreError
from troth.store.ledger import Ledger, canonical
from troth.store.place import Place
from troth.store.reads import Read, Reads
from troth.store.seal import blind, derive, pseudonym
from troth.store.seam import Laid, Leaf, Record, Swept
from troth.store.vault import Vault


class SealedStore:
    """See ``seam.Store`` for its words."""

    vault: Vault  # these two are set by ``opening``, once it is known whose place it is
    ledger: Ledger

    def __init__(self, place: Place, now: Callable[[], datetime], bound: timedelta) -> None:
        self.place, self.data, self.keys, self.lock = place, place.data, place.keys, place.lock
        self.now, self.id = now, ""
        self.reads, self.slow = Reads(time.monotonic, bound), False
        self.writing = threading.RLock()  # between threads, what ``Place.serial`` is between processes
        self._thread = threading.local()

    @property
    def act(self) -> Act | None:
        """The transaction that is open on this thread."""
        return getattr(self._thread, "act", None)

    @act.setter
    def act(self, act: Act | None) -> None:
        self._thread.act = act

    def close(self) -> None:
        """Write what is held back and close the place."""
        try:
            if self.reads.held:
                self.flush_reads()
        finally:
            self.place.close()

    def reading(self) -> AbstractContextManager[Any]:
        """Hold the place for some reads that belong together."""
        return self.place.reading()

    # -- persons -----------------------------------------------------------------------------------

    def new_person(self, *, area: str = "") -> int:
        with acting.acting(self):
            pid = secrets.randbits(63) or 1
            epoch = self.vault.epoch()
            self.keys.run(
                "INSERT INTO persons(pid, area, epoch, wrapped) VALUES(?, ?, ?, ?)", (pid, area, epoch, b"")
            )
            self.keys.run(
                "UPDATE persons SET wrapped = ? WHERE pid = ?", (self.vault.wrap(pid, os.urandom(64)), pid)
            )
        return pid

    def persons(self, *, area: str | None = None) -> Iterator[int]:
        only, values = ("", ()) if area is None else (" AND area = ?", (area,))
        with self.lock:
            found = self.keys.rows(
                f"SELECT pid FROM persons WHERE state != 'erased'{only} ORDER BY pid", values
            )
        return (int(row[0]) for row in found)

    def find(self, *, namespace: str, value: str) -> int | None:
        return next(iter(self._indexed(namespace, value, " LIMIT 1")), None)

    def find_all(self, *, namespace: str, value: str) -> list[int]:
        return self._indexed(namespace, value)

    def _indexed(self, namespace: str, value: str, most: str = "") -> list[int]:
        digest = blind(self.vault.index_key, namespace, value)
        with self.lock:
            found = self.keys.rows(
                f"SELECT pid FROM blind WHERE namespace = ? AND digest = ? ORDER BY rowid{most}",
                (namespace, digest),
            )
        return [int(pid) for (pid,) in found]

    def tag(self, *, person: int, label: str = "") -> str:
        with self.lock:
            salt = self.vault.person(person)[2]
        return pseudonym(salt, label) if salt else ""

    # -- records -----------------------------------------------------------------------------------

    def records(self, *, person: int, data: str | Collection[str] | None = None) -> list[Record]:
        wanted = {data} if isinstance(data, str) else data
        try:
            if self.act is None:
                with self.lock:
                    return folder.held(self.vault, person, wanted)
            with self.reading():
                return folder.slowly(self.vault, person, wanted)
        except NoRecord:
            return []

    def mark(self, *, person: int) -> tuple[int, ...] | None:
        with self.lock:
            return None if self.act is not None else folder.mark(self.vault, person)

    def due_counts(self, *, zone: str = "UTC") -> list[tuple[date, str, int]]:
        there, days = ZoneInfo(zone), Counter[tuple[date, str]]()
        with self.reading():
            found = self.data.rows(
                "SELECT due, data, COUNT(*) FROM rows WHERE due IS NOT NULL GROUP BY due, data"
            )
            for pid, erased, _ in going.erased_since(self, self.vault.swept()):
                found += self.data.rows(
                    "SELECT due, data, -COUNT(*) FROM rows WHERE pid = ? AND seq < ? AND due IS NOT NULL"
                    " GROUP BY due, data",
                    (pid, erased),
                )
        for due, data, count in found:
            days[moment(due).astimezone(there).date(), data] += count
        return [(day, data, n) for (day, data), n in sorted(days.items()) if n]

    def due_before(self, *, instant: datetime) -> Iterator[Record]:
        until = moment(instant).isoformat()
        with self.reading():
            found = self.data.rows("SELECT pid FROM rows WHERE due IS NOT NULL AND due <= ?", (until,))
        for pid in dict.fromkeys(pid for (pid,) in found):
            with self.reading():
                state, key, _, erased = self.vault.person(pid)
                rows = [r for r in self.vault.rows(pid) if r[5] is not None and r[5] <= until]
                open_ = self.vault.opener(key)
                standing = [open_(r) for r in rows if state == "live" or r[2] >= erased]
            yield from standing

    # -- deeds -------------------------------------------------------------------------------------

    @contextmanager
    def deed(self, *, person: int) -> Iterator[SealedDeed]:
        with self.lock:
            if self.act is not None:
                raise StoreError("a deed is open already; one deed is about one person")
            with acting.acting(self, person) as act:
                deed = SealedDeed(self, person, act)
                yield deed
                deed.finish()

    def log(self, *, kind: str, clause: str = "", detail: Mapping[str, Any] | None = None) -> int:
        with acting.acting(self) as act:
            acting.begin(self, act)
            return acting.note(self, kind=kind, clause=clause, detail=detail)

    def note_reads(
        self,
        *,
        person: int | None = None,
        kind: str = "read",
        clause: str = "",
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        canonical(detail or {})  # what cannot be written is refused now, not when others wait behind it
        with self.lock:
            if person is not None:
                self.vault.known(person)
            with self.writing:
                self.reads.add(Read(self.now(), person, kind, clause, dict(detail or {})))
            if self.reads.full():
                self.flush_reads()

    def flush_reads(self) -> int:
        with self.lock:
            count = len(self.reads.held)
            if count:
                with acting.acting(self) as act:
                    acting.begin(self, act)  # which writes them before anything else
            return count

    # -- what only waits ---------------------------------------------------------------------------

    def lay(
        self,
        *,
        kind: str,
        name: str,
        value: bytes,
        until: datetime,
        person: int | None = None,
        version: int | None = None,
    ) -> int:
        return aside.lay(self, kind=kind, name=name, value=value, until=until, person=person, version=version)

    def lay_all(self, *, kind: str, names: Iterable[tuple[str, int]], until: datetime) -> None:
        aside.lay_all(self, kind=kind, names=names, until=until)

    def laid(self, *, kind: str, name: str) -> Laid | None:
        return aside.laid(self, kind=kind, name=name)

    def laid_version(self, *, kind: str, name: str) -> int:
        return aside.version(self, kind=kind, name=name)

    def laid_all(self, *, kind: str, person: int | None = None) -> list[Laid]:
        return aside.laid_all(self, kind=kind, person=person)

    def lift(self, *, kind: str, name: str) -> bool:
        return aside.lift(self, kind=kind, name=name)

    def lift_ended(self) -> int:
        return aside.lift_ended(self)

    def secret(self, label: str) -> bytes:
        return derive(self.vault.lasting, f"secret:{label}")

    # -- going -------------------------------------------------------------------------------------

    def sweep_files(self, *, thorough: bool = False) -> Swept:
        return going.sweep_files(self, thorough)

    def ended_buckets(self) -> list[str]:
        return going.ended_buckets(self)

    def end_bucket(self, *, bucket: str) -> int:
        return going.end_bucket(self, bucket)

    def rebucket(self) -> int:
        return going.rebucket(self)

    # -- counters and evidence ---------------------------------------------------------------------

    def count(self, *, name: str, dims: Mapping[str, str] | None = None, n: int = 1) -> None:
        which = (name, json.dumps(dict(dims or {}), sort_keys=True))
        with self.lock, self.data.transaction():
            if self._counted(which, n):
                return
            if not self.data.run(
                "INSERT INTO counters(name, dims, n) VALUES(?, ?, ?) ON CONFLICT DO NOTHING", (*which, n)
            ):
                self._counted(which, n)  # another made it in between

    def _counted(self, which: tuple[str, str], n: int) -> int:
        return self.data.run("UPDATE counters SET n = n + ? WHERE name = ? AND dims = ?", (n, *which))

    def counts(self, *, name: str) -> list[tuple[dict[str, str], int]]:
        with self.lock:
            found = self.data.rows("SELECT dims, n FROM counters WHERE name = ? ORDER BY dims", (name,))
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
            return self.ledger.proof(leaf, self.ledger.head())

    def consistency(self, *, first: int) -> dict[str, Any]:
        with self._settled():
            return self.ledger.consistency(first)

    def receipt(self, *, leaf: int, salt: str = "") -> dict[str, Any]:
        with self._settled():
            head = self.ledger.head()
            proof = self.ledger.proof(leaf, head)
        whose = {"checkpoint": head, "public_key": self.public_key}
        mine = {"salt": salt, "tag": json.loads(proof["leaf"])["tag"]} if salt else {}
        return {**proof, **whose, **mine}

    def verify(self) -> list[str]:
        with self.lock:
            if self.act is None:
                self.flush_reads()
            with self.keys.session(steady=True):
                return self.ledger.verify()

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Hold the store while its evidence is looked at, with no read held back."""
        with self.lock:
            if self.act is None:
                self.flush_reads()
            with self.reading():
                yield

    def acting(self) -> AbstractContextManager[Act]:
        """Hold one transaction over both databases."""
        return acting.acting(self)

    @property
    def lasting(self) -> bytes:
        """The first root key; see ``rotating.rotate_root``."""
        return self.vault.lasting

    @property
    def public_key(self) -> str:
        """The Ed25519 key, in hex, with which outsiders check heads."""
        return self.ledger.public.hex()
