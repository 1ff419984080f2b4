"""Folder: a person's standing records, opened by one question to each of the two databases.

The rows are asked for before the keys.  INVARIANT (nothing came in between): as long as no number stands
there that is later than the last deed known before asking, nobody changed this person's folder meanwhile;
else it is read again in the slower order of ``Vault.rows``, which a deed in between cannot mislead.
"""

from __future__ import annotations

from collections.abc import Collection

from troth.store.errors import NoRecord
from troth.store.place import Asked
from troth.store.seam import Record
from troth.store.vault import PERSON, ROW, Row, Vault

APPLIED = f"SELECT applied, {ROW} FROM state LEFT JOIN rows r ON r.pid = ? ORDER BY r.rid, r.seq"
DROPS = "SELECT rid, bucket, seq, at FROM dropped WHERE pid = ? AND at > ?"
MARK = (
    "SELECT committed, (SELECT erased FROM persons WHERE pid = ?),"
    " (SELECT max(at) FROM dropped WHERE pid = ?) FROM state"
)


def held(vault: Vault, pid: int, wanted: Collection[str] | None = None) -> list[Record]:
    """Return the person's records of some categories, or of all; raise ``NoRecord`` for nobody's number."""
    seen = vault.seen
    found = vault.data.rows(APPLIED, (pid,))
    rows: list[Row] = [r[1:] for r in found if r[1] is not None]
    person, drops, salts, committed = vault.keys.together(
        (PERSON, (pid,)),
        (DROPS, (pid, found[0][0])),
        _salts({row[3] for row in rows}),
        ("SELECT committed FROM state", ()),
    )
    vault.note(int(committed[0][0]))
    if not person:
        raise NoRecord("no such person")
    _, key, _, erased = vault.person_of(pid, person[0])
    if max([erased, *(r[2] for r in rows), *(d[3] for d in drops)]) > seen:
        return slowly(vault, pid, wanted)
    gone = {(rid, bucket): seq for rid, bucket, seq, _ in drops}
    standing = {r[1]: r for r in rows if r[2] > gone.get((r[1], r[3]), 0)}
    open_ = vault.opener(key, {name: bytes(salt) for name, salt in salts if salt is not None})
    return [open_(r) for r in standing.values() if wanted is None or r[4] in wanted]


def slowly(vault: Vault, pid: int, wanted: Collection[str] | None = None) -> list[Record]:
    """Do the same, question by question; inside a deed it sees what that has done to the keys."""
    open_ = vault.opener(vault.person(pid)[1])
    return [open_(r) for r in vault.rows(pid) if wanted is None or r[4] in wanted]


def mark(vault: Vault, pid: int) -> tuple[int, ...]:
    """Return numbers that no two states of a person's records share.

    Whatever is written or moved is a row of a later deed; whatever goes is a later line in ``dropped``,
    and one row less where such lines were cleared away.
    """
    committed, erased, gone = vault.keys.rows(MARK, (pid, pid))[0]
    last, rows = vault.data.rows(
        "SELECT max(seq), count(*) FROM rows WHERE pid = ? AND seq <= ?", (pid, committed)
    )[0]
    return (erased or 0, gone or 0, last or 0, rows)


def _salts(buckets: Collection[str]) -> Asked:
    names = ", ".join("?" * len(buckets)) or "''"
    return f"SELECT name, salt FROM buckets WHERE name IN ({names})", sorted(buckets)
