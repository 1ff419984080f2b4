"""What the store promises about records, erasure and restored files."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from troth.store import Fenced, Meta, NoRecord, Record, Store, StoreBehind, StoreError, StoreFull, open
from troth.store.sealed import SealedStore

CANARY = "kanari-fugl-9731@example.org"
META = Meta(
    clause="2.1", purposes=("rewards",), source=CANARY, place="NO", collected="2026-11-24T12:00:00+00:00"
)


def planted(store: Store, email: str = CANARY) -> tuple[int, int]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rid = deed.put(data="contact", body={"email": email}, meta=META)
        deed.index(namespace="email", value=email)
        deed.log(kind="collected", clause="2.1", digests=["sha256:1"])
    return pid, rid


def test_what_is_put_is_read_back_whole(store: Store) -> None:
    pid, rid = planted(store)
    with store.deed(person=pid) as deed:
        blob = deed.put(
            data="photo", body=b"\x00\xff", meta=Meta(due="2026-12-01T00:00:00+01:00", restricted=True)
        )

    assert store.records(person=pid, data="contact") == [Record(pid, rid, "contact", {"email": CANARY}, META)]
    assert store.records(person=pid, data="photo")[0].rid == blob
    assert store.records(person=pid, data="photo")[0].body == b"\x00\xff"
    assert store.records(person=pid, data="photo")[0].meta.restricted


def test_a_deed_that_fails_leaves_neither_record_nor_evidence(store: Store) -> None:
    pid = store.new_person()

    def failing() -> None:
        with store.deed(person=pid) as deed:
            deed.put(data="contact", body={"email": CANARY}, meta=META)
            deed.index(namespace="email", value=CANARY)
            deed.log(kind="collected")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        failing()

    assert store.records(person=pid) == []
    assert store.find(namespace="email", value=CANARY) is None
    assert list(store.leaves()) == []


def test_a_record_is_replaced_moved_restricted_and_dropped(store: Store, reopen: Callable[[], Store]) -> None:
    pid, rid = planted(store)
    with store.deed(person=pid) as deed:
        deed.replace(rid=rid, body={"email": "ny@example.org"})
        deed.move(rid=rid, due="2027-01-05T00:00:00+00:00")
    with store.deed(person=pid) as deed:
        deed.restrict(rid=rid, restricted=True)
    store = reopen()
    (record,) = store.records(person=pid)

    assert record.body == {"email": "ny@example.org"}
    assert (record.meta.due, record.meta.restricted) == ("2027-01-05T00:00:00+00:00", True)
    assert [r.rid for r in store.due_before(instant=datetime(2027, 1, 6, tzinfo=UTC))] == [rid]
    assert not list(store.due_before(instant=datetime(2027, 1, 4, tzinfo=UTC)))

    with store.deed(person=pid) as deed:
        deed.drop(rid=rid)

    assert store.records(person=pid) == []
    with store.deed(person=pid) as deed, pytest.raises(NoRecord):
        deed.drop(rid=rid)


def test_a_blind_index_finds_the_person_and_keeps_no_value(
    store: Store, found: Callable[[str], list[str]]
) -> None:
    pid, _ = planted(store)

    assert store.find(namespace="email", value=CANARY) == pid
    assert store.find(namespace="phone", value=CANARY) is None
    assert found(CANARY) == []


def test_nothing_of_a_person_is_in_any_file_after_erasing(
    store: Store, found: Callable[[str], list[str]], home: Any
) -> None:
    email = f"{home.company}-{CANARY}"  # a digest that no other test leaves on the server
    pid, _ = planted(store, email)
    planted(store, "annen@example.org")  # others share pages with what goes
    assert isinstance(store, SealedStore)
    wrapped = store.keys.rows("SELECT wrapped FROM persons WHERE pid = ?", (pid,))[0][0]
    digest = store.keys.rows("SELECT digest FROM blind WHERE pid = ?", (pid,))[0][0]
    sealed = store.data.rows("SELECT sealed FROM rows WHERE pid = ?", (pid,))[0][0]
    with store.deed(person=pid) as deed:
        receipt = deed.erase_person(clause="9.1")

    assert store.records(person=pid)[0].body is None
    assert store.find(namespace="email", value=email) is None

    swept = store.sweep_files(thorough=True)
    raw = b"".join(home.raw().values())

    assert (swept.persons, swept.rows, swept.blocked) == (1, 1, "")
    assert store.records(person=pid) == []
    assert found(email) == []
    assert [m in raw for m in (wrapped, digest, sealed)] == [False, False, False]
    assert store.verify() == []
    assert [leaf.kind for leaf in store.leaves()] == ["collected", "collected", "erased", "absent"]
    assert list(store.leaves())[3].detail == {"erasure": receipt.leaf}
    assert store.trail(person=pid) == []


def test_nothing_new_is_written_about_an_erased_person(store: Store) -> None:
    pid, _ = planted(store)
    with store.deed(person=pid) as deed:
        deed.erase_person()

    with store.deed(person=pid) as deed, pytest.raises(Fenced):
        deed.put(data="contact", body={}, meta=META)
    with store.deed(person=pid) as deed, pytest.raises(Fenced):
        deed.index(namespace="email", value=CANARY)


@pytest.mark.sqlite
def test_an_older_data_file_under_todays_keys_brings_nobody_back(
    store: Store, reopen: Callable[[], Store], tmp_path: Path, found: Callable[[str], list[str]]
) -> None:
    pid, _ = planted(store)
    other, rid = planted(store)
    living, kept = planted(store)
    store.close()
    shutil.copy(tmp_path / "s.db", tmp_path / "backup")
    store = reopen()
    with store.deed(person=pid) as deed:
        deed.erase_person()
    with store.deed(person=other) as deed:
        deed.drop(rid=rid)
    store.sweep_files()
    store.close()
    shutil.copy(tmp_path / "backup", tmp_path / "s.db")
    store = reopen()

    assert store.records(person=pid) == []
    assert store.records(person=other) == []
    assert [r.rid for r in store.records(person=living)] == [kept]
    assert found(CANARY) == []


@pytest.mark.sqlite
def test_keys_older_than_the_last_signed_head_do_not_open(
    store: Store, reopen: Callable[[], Store], tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    pid, _ = planted(store)
    store.close()
    shutil.copy(tmp_path / "s.db.keys", tmp_path / "backup")
    store = reopen()
    with store.deed(person=pid) as deed:
        deed.erase_person()
    head = store.checkpoint()
    store.close()
    shutil.copy(tmp_path / "backup", tmp_path / "s.db.keys")

    with pytest.raises(StoreBehind):
        reopen()

    (tmp_path / "s.db").unlink()
    with pytest.raises(StoreBehind):
        open(tmp_path / "s.db", root_key=bytes(range(32)), now=clock, head=head)


@pytest.mark.sqlite
def test_keys_that_are_gone_are_not_quietly_made_anew(
    store: Store, reopen: Callable[[], Store], tmp_path: Path
) -> None:
    planted(store)
    store.close()
    (tmp_path / "s.db.keys").unlink()

    with pytest.raises(StoreBehind):
        reopen()


@pytest.mark.sqlite
def test_another_root_key_does_not_open(store: Store, tmp_path: Path, clock: Callable[[], datetime]) -> None:
    planted(store)
    store.close()

    with pytest.raises(StoreError, match="root key"):
        open(tmp_path / "s.db", root_key=bytes(32), now=clock)


def test_records_kept_by_law_stay_under_a_fresh_key_and_the_rest_goes(
    store: Store, reopen: Callable[[], Store]
) -> None:
    pid, _ = planted(store)
    with store.deed(person=pid) as deed:
        invoice = deed.put(
            data="invoice", body={"sum": 12}, meta=Meta(clause="7", due="2027-02-01T00:00:00+00:00")
        )
    assert isinstance(store, SealedStore)
    before = store.vault.person(pid)[1]
    with store.deed(person=pid) as deed:
        assert deed.erase_person(keep=[invoice]).kept == (invoice,)
    assert store.vault.person(pid)[1] not in (None, before)
    store.sweep_files()
    store = reopen()

    assert [(r.rid, r.body) for r in store.records(person=pid)] == [(invoice, {"sum": 12})]

    with store.deed(person=pid) as deed:
        deed.drop(rid=invoice)

    assert isinstance(store, SealedStore)
    assert store.vault.person(pid)[1] is None


def test_a_past_month_loses_its_salt_and_old_backups_their_records(
    store: Store, reopen: Callable[[], Store], tmp_path: Path, clock: object
) -> None:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rid = deed.put(data="chat", body={"text": CANARY}, meta=Meta(due="2026-11-30T00:00:00+00:00"))
    assert isinstance(store, SealedStore)
    stolen: Any = store.data.one("SELECT pid, rid, seq, bucket, data, due, sealed FROM rows")
    assert store.ended_buckets() == []
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)  # type: ignore[attr-defined]

    assert store.ended_buckets() == ["2026-11"]
    with pytest.raises(StoreError, match="still holds 1"):
        store.end_bucket(bucket="2026-11")

    with store.deed(person=pid) as deed:
        deed.drop(rid=rid)
    store.end_bucket(bucket="2026-11")

    assert store.vault.unsealed(stolen, store.vault.person(pid)[1]).body is None
    assert store.ended_buckets() == []


def test_a_far_record_comes_under_its_months_salt_when_the_month_is_near(store: Store, clock: object) -> None:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.put(data="invoice", body={"sum": 12}, meta=Meta(due="2029-05-01T00:00:00+00:00"))
    assert isinstance(store, SealedStore)
    assert store.rebucket() == 0
    clock.now = datetime(2029, 1, 1, tzinfo=UTC)  # type: ignore[attr-defined]

    assert store.rebucket() == 1
    assert store.data.rows("SELECT bucket FROM rows") == [("2029-05",)]
    assert [r.body for r in store.records(person=pid)] == [{"sum": 12}]


@pytest.mark.sqlite
def test_older_copies_of_both_files_do_not_open_under_a_head_kept_elsewhere(
    store: Store, reopen: Callable[[], Store], tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    pid, _ = planted(store)
    store.close()
    for name in ("s.db", "s.db.keys"):
        shutil.copy(tmp_path / name, tmp_path / f"old-{name}")
    store = reopen()
    with store.deed(person=pid) as deed:
        deed.erase_person()
    head = store.checkpoint()
    store.close()
    for name in ("s.db", "s.db.keys"):
        shutil.copy(tmp_path / f"old-{name}", tmp_path / name)

    with pytest.raises(StoreBehind):
        open(tmp_path / "s.db", root_key=bytes(range(32)), now=clock, head=head)


def test_counters_belong_to_nobody_and_add_up(store: Store) -> None:
    store.count(name="visits", dims={"page": "home"})
    store.count(name="visits", dims={"page": "home"}, n=2)
    store.count(name="visits")

    assert sorted(store.counts(name="visits"), key=lambda c: c[1]) == [({}, 1), ({"page": "home"}, 3)]


@pytest.mark.sqlite
def test_both_files_are_synced_and_overwrite_what_they_delete(store: Store) -> None:
    assert isinstance(store, SealedStore)
    for db in (store.data, store.keys):
        values = [
            db.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "secure_delete")
        ]

        assert values == ["wal", 2, 1]


@pytest.mark.sqlite
def test_a_full_disk_is_said_and_leaves_nothing_half_done(store: Store) -> None:
    pid, _ = planted(store)
    assert isinstance(store, SealedStore)
    pages = store.data.rows("PRAGMA page_count")[0][0]
    store.data.run(f"PRAGMA max_page_count={pages}")

    def filling() -> None:
        with store.deed(person=pid) as deed:
            deed.put(data="photo", body=b"x" * 100_000, meta=META)
            deed.log(kind="collected")

    with pytest.raises(StoreFull, match="disk is full"):
        filling()

    assert len(store.records(person=pid)) == 1
    assert len(list(store.leaves())) == 1


def test_a_sealed_row_moved_to_another_record_does_not_open(store: Store) -> None:
    pid, _ = planted(store)
    assert isinstance(store, SealedStore)
    store.data.run("UPDATE rows SET rid = 77")

    assert [r.body for r in store.records(person=pid)] == [None]


@pytest.mark.sqlite
def test_a_sweep_behind_a_reader_says_so_and_claims_nothing(store: Store, tmp_path: Path) -> None:
    pid, _ = planted(store)
    assert isinstance(store, SealedStore)
    store.keys.run("PRAGMA busy_timeout=20")
    reader = sqlite3.connect(tmp_path / "s.db.keys", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM persons").fetchall()
    with store.deed(person=pid) as deed:
        deed.erase_person()

    assert "reader" in store.sweep_files().blocked
    assert [leaf.kind for leaf in store.leaves()] == ["collected", "erased"]

    reader.close()

    assert store.sweep_files().blocked == ""
    assert [leaf.kind for leaf in store.leaves()] == ["collected", "erased", "absent"]
