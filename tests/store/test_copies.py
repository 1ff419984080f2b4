"""Copies of any age bring back nobody who was erased; keys are turned over without locking anybody out."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from troth.store import (
    Copied,
    Lost,
    Meta,
    Ring,
    Store,
    StoreBehind,
    StoreError,
    backup,
    beyond,
    expire,
    place_of,
    read_ring,
    restore,
    rotate,
    rotating,
    status,
    steps,
)
from troth.store.place import Place
from troth.store.sealed import SealedStore

ROOT = bytes(range(32))
MAIL = "kari@example.org"


class Ended(BaseException):
    """Stands for the end of the process."""


@contextmanager
def apart(home: Any) -> Iterator[Place]:
    place = place_of(home.address, company=home.company)
    try:
        yield place
    finally:
        place.close()


@contextmanager
def ending(at: str) -> Iterator[None]:
    """End the process, as far as the store can tell, at a step."""

    def end(name: str) -> None:
        if name == at:
            raise Ended

    steps.listen(end)
    try:
        with pytest.raises(Ended):
            yield
    finally:
        steps.listen(None)


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    return read_ring(tmp_path / "ring")


def planted(store: Store, mail: str = MAIL, due: str | None = None) -> tuple[int, int]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rid = deed.put(data="contact", body={"email": mail}, meta=Meta(due=due))
        deed.index(namespace="email", value=mail)
        deed.log(kind="collected")
    store.count(name="visits")
    return pid, rid


def erase(store: Store, pid: int) -> int:
    with store.deed(person=pid) as deed:
        return deed.erase_person().leaf


def copy(home: Any, store: Store, ring: Ring, target: Path) -> Copied:
    with apart(home) as place:
        return backup(store, place, target=target, ring=ring)


def bring_back(home: Any, ring: Ring, source: Path, *, keys: bool = False) -> tuple[Lost, ...]:
    """Restore a copy and return what it says is lost."""
    home.close()
    with apart(home) as place:
        return restore(place, source=source, ring=ring, root_key=ROOT, keys=keys)[1]


def lose(home: Any, *which: str) -> None:
    """Lose the data, the keys or both."""
    home.close()
    with apart(home) as place:
        for name in which:
            database = getattr(place, name)
            tables = {"data": "rows counters state", "keys": "state persons blind leaves nodes heads trail"}
            more = " epochs buckets dropped copies" if name == "keys" else ""
            for table in (tables[name] + more).split():
                database.run(f"DELETE FROM {table}")


def bodies(store: Store, pid: int) -> list[Any]:
    return [r.body for r in store.records(person=pid)]


def test_a_copy_brings_back_what_was_lost(home: Any, ring: Ring, tmp_path: Path) -> None:
    store = home.open()
    pid, _ = planted(store)
    copy(home, store, ring, tmp_path / "copy")
    head = store.checkpoint()
    lose(home, "data", "keys")
    bring_back(home, ring, tmp_path / "copy", keys=True)
    store = home.open(head="")

    assert bodies(store, pid) == [{"email": MAIL}]
    assert store.find(namespace="email", value=MAIL) == pid
    assert store.counts(name="visits") == [({}, 1)]
    assert store.verify() == []
    assert int(head.split("\n")[1]) == int(store.checkpoint().split("\n")[1]) + 1  # all but "copied" itself


def test_a_copy_of_the_data_of_any_age_brings_back_nobody_and_nothing_that_went(
    home: Any, ring: Ring, tmp_path: Path
) -> None:
    store = home.open()
    (gone, _), (other, rid), (living, _) = planted(store), planted(store), planted(store)
    copy(home, store, ring, tmp_path / "copy")
    erase(store, gone)
    with store.deed(person=other) as deed:
        deed.drop(rid=rid)
    late, _ = planted(store)
    store.sweep_files(thorough=True)
    rotate(store)
    bring_back(home, ring, tmp_path / "copy")
    store = home.open()
    store.sweep_files(thorough=True)

    assert (bodies(store, gone), bodies(store, other)) == ([], [])
    assert bodies(store, living) == [{"email": MAIL}]
    assert bodies(store, late) == []  # came after the copy; their keys are here, the data are lost
    assert isinstance(store, SealedStore)
    assert {p for (p,) in store.data.rows("SELECT pid FROM rows")} == {living}
    assert store.verify() == []


def test_what_expired_since_a_copy_does_not_come_back_to_be_read(
    home: Any, ring: Ring, tmp_path: Path, clock: Any
) -> None:
    store = home.open()
    pid, rid = planted(store, due="2026-11-30T00:00:00+00:00")
    copy(home, store, ring, tmp_path / "copy")
    clock.now = datetime(2026, 12, 2, tzinfo=UTC)
    with store.deed(person=pid) as deed:
        deed.drop(rid=rid)
    store.end_bucket(bucket="2026-11")
    bring_back(home, ring, tmp_path / "copy")
    store = home.open()

    assert bodies(store, pid) == []
    assert list(store.due_before(instant=clock.now)) == []


def test_older_keys_are_not_brought_back_over_newer_ones_or_after_a_newer_copy(
    home: Any, ring: Ring, tmp_path: Path
) -> None:
    store = home.open()
    pid, _ = planted(store)
    copy(home, store, ring, tmp_path / "old")
    erase(store, pid)

    with pytest.raises(StoreError, match="restore the data alone"):
        bring_back(home, ring, tmp_path / "old", keys=True)

    store = home.open()
    copy(home, store, ring, tmp_path / "new")
    lose(home, "data", "keys")

    with pytest.raises(StoreBehind, match="newer copy"):
        bring_back(home, ring, tmp_path / "old", keys=True)

    bring_back(home, ring, tmp_path / "new", keys=True)

    assert bodies(home.open(), pid) in ([], [None])


def test_a_copy_is_of_one_store_and_no_newer_than_its_keys(home: Any, ring: Ring, tmp_path: Path) -> None:
    store = home.open()
    planted(store)
    copy(home, store, ring, tmp_path / "copy")
    lose(home, "keys", "data")
    with pytest.raises(StoreError, match="restore them too"):
        bring_back(home, ring, tmp_path / "copy")
    planted(home.open())

    with pytest.raises(StoreError, match="another store"):
        bring_back(home, ring, tmp_path / "copy")


@pytest.mark.parametrize("name", ["data.troth", "keys.troth"])
@pytest.mark.parametrize("how", ["cut", "bent", "nothing", "gone"])
def test_a_copy_that_is_not_whole_is_refused_and_changes_nothing(
    home: Any, ring: Ring, tmp_path: Path, name: str, how: str
) -> None:
    store = home.open()
    pid, _ = planted(store)
    copy(home, store, ring, tmp_path / "copy")
    file = tmp_path / "copy" / name
    told = file.read_text().splitlines(keepends=True)
    if how == "gone":
        file.unlink()
    else:
        bent = "cut" if how == "cut" else "".join(told).replace(told[1], told[1][:-9] + "AAAA" + told[1][-5:])
        file.write_text({"cut": "".join(told[:-1]), "bent": bent, "nothing": ""}[how])
    keys = name == "keys.troth"
    if keys:
        lose(home, "keys")

    with pytest.raises((StoreError, ValueError)):
        bring_back(home, ring, tmp_path / "copy", keys=keys)

    if not keys:
        assert bodies(home.open(), pid) == [{"email": MAIL}]
    else:
        with apart(home) as place:
            assert place.keys.rows("SELECT * FROM state") == []


@pytest.mark.parametrize("step", ["restore.data", "restore.written"])
def test_a_restore_cut_off_is_done_again(home: Any, ring: Ring, tmp_path: Path, step: str) -> None:
    store = home.open()
    pid, _ = planted(store)
    copy(home, store, ring, tmp_path / "copy")
    erase(store, pid)
    living, _ = planted(store)
    copy(home, store, ring, tmp_path / "later")
    with ending(step):
        bring_back(home, ring, tmp_path / "copy")
    bring_back(home, ring, tmp_path / "later")
    store = home.open()

    assert bodies(store, living) == [{"email": MAIL}]
    assert bodies(store, pid) in ([], [None])
    assert store.verify() == []


def test_nothing_readable_stands_in_a_copy(home: Any, ring: Ring, tmp_path: Path) -> None:
    store = home.open()
    pid, _ = planted(store)
    assert isinstance(store, SealedStore)
    wrapped = store.keys.rows("SELECT wrapped FROM persons WHERE pid = ?", (pid,))[0][0]
    copy(home, store, ring, tmp_path / "copy")
    raw = b"".join(p.read_bytes() for p in (tmp_path / "copy").iterdir())

    assert MAIL.encode() not in raw
    assert wrapped.hex().encode() not in raw
    assert b"persons" not in raw
    assert ring.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(StoreError, match="not empty"):
        copy(home, store, ring, tmp_path / "copy")


def test_an_erasure_is_beyond_backups_once_no_older_copy_can_be_opened(
    home: Any, ring: Ring, tmp_path: Path, clock: Any
) -> None:
    store = home.open()
    pid, _ = planted(store)
    old = copy(home, store, ring, tmp_path / "old")
    leaf = erase(store, pid)

    assert (beyond(store), expire(store, ring, before=clock.now)) == (0, [])

    clock.now += timedelta(days=31)
    copy(home, store, ring, tmp_path / "new")

    assert beyond(store) == 0
    assert expire(store, ring, before=clock.now - timedelta(days=30)) == [old.name]
    assert beyond(store) == 1
    assert beyond(store) == 0
    told = list(store.leaves())

    assert [e.detail for e in told if e.kind == "beyond backups"] == [{"erasure": leaf}]
    assert old.name not in ring.path.read_text()
    lose(home, "data", "keys")
    with pytest.raises(StoreError, match="can no longer be opened"):
        bring_back(home, ring, tmp_path / "old", keys=True)


def test_a_destruction_cut_off_leaves_no_receipt_before_the_copy_is_shut(
    home: Any, ring: Ring, tmp_path: Path, clock: Any
) -> None:
    store = home.open()
    pid, _ = planted(store)
    copy(home, store, ring, tmp_path / "old")
    erase(store, pid)
    clock.now += timedelta(days=31)
    copy(home, store, ring, tmp_path / "new")
    with ending("expire.destroyed"):
        expire(store, ring, before=clock.now - timedelta(days=1))

    assert beyond(store) == 0
    assert len(expire(store, read_ring(ring.path), before=clock.now - timedelta(days=1))) == 1
    assert beyond(store) == 1


# -- rotation ----------------------------------------------------------------------------------------------


def test_a_rotation_moves_everybody_destroys_the_old_epochs_and_locks_nobody_out(
    store: Store, reopen: Callable[[], Store], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "GROUP", 2)
    people = [planted(store)[0] for _ in range(5)]
    clock.now += timedelta(days=40)
    people.append(planted(store)[0])
    erase(store, people.pop(0))
    tags = [store.tag(person=p) for p in people]
    done = rotate(store)
    keys = status(store)

    assert (done.epoch, done.persons, done.destroyed) == ("2027-01.0001", 5, 2)
    assert (keys.epochs, keys.erased) == ({"2027-01.0001": 5}, 1)
    assert [bodies(store, p) for p in people] == [[{"email": MAIL}]] * 5

    store = reopen()
    late, _ = planted(store)

    assert [store.tag(person=p) for p in people] == tags
    assert status(store).epochs == {"2027-01.0001": 6}
    assert rotate(store).epoch == "2027-01.0002"
    assert bodies(store, late) == [{"email": MAIL}]
    assert [e.kind for e in store.leaves() if "rotated" in e.kind] == ["keys rotated"] * 2
    assert store.verify() == []


@pytest.mark.parametrize(
    "step", ["rotate.begun", "rotate.group", "keys.staged", "keys.committed", "rotate.ended"]
)
def test_a_rotation_cut_off_at_any_step_locks_nobody_out_and_is_finished_by_the_next(
    home: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "GROUP", 2)
    store = home.open()
    people = [planted(store)[0] for _ in range(5)]
    with ending(step):
        rotate(store)
    store = home.open()

    assert [bodies(store, p) for p in people] == [[{"email": MAIL}]] * 5

    rotate(store)

    assert list(status(store).epochs.values()) == [5]
    assert [bodies(store, p) for p in people] == [[{"email": MAIL}]] * 5
    assert store.verify() == []


def test_a_stolen_older_key_no_longer_opens_what_is_wrapped_today(store: Store) -> None:
    assert isinstance(store, SealedStore)
    pid, _ = planted(store)
    before = store.keys.rows("SELECT epoch, wrapped FROM persons WHERE pid = ?", (pid,))[0]
    rotate(store)
    after = store.keys.rows("SELECT epoch, wrapped FROM persons WHERE pid = ?", (pid,))[0]

    assert before[0] != after[0]
    assert before[1] != after[1]
    assert store.keys.rows("SELECT name FROM epochs") == [(after[0],)]


@pytest.mark.parametrize("text", ["", "{}", '{"kind": "troth-ring 9"}', "æ", json.dumps([1])])
def test_a_file_that_is_no_ring_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ring").write_text(text, encoding="utf-8")

    with pytest.raises(StoreError, match="no ring of ours"):
        read_ring(tmp_path / "ring")


@pytest.mark.parametrize("what", ["data.troth", "keys.troth", "ring"])
def test_a_full_disk_leaves_no_copy_and_the_store_whole(
    home: Any, ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    store = home.open()
    pid, _ = planted(store)
    whole = os.replace

    def full(draft: Any, path: Any) -> None:
        if Path(path).name == what:
            raise OSError(28, "No space left on device")
        whole(draft, path)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(StoreError, match="No space left"):
        copy(home, store, ring, tmp_path / "copy")
    monkeypatch.undo()

    assert [p.name for p in tmp_path.rglob("*.part")] == []
    assert bodies(store, pid) == [{"email": MAIL}]
    copy(home, store, read_ring(ring.path), tmp_path / "next")
    bring_back(home, ring, tmp_path / "next")
    assert bodies(home.open(), pid) == [{"email": MAIL}]


@pytest.mark.parametrize("data_left", [True, False])
def test_what_was_made_or_rewritten_since_the_copy_is_named(
    home: Any, ring: Ring, tmp_path: Path, data_left: bool
) -> None:
    store = home.open()
    kari, rid = planted(store, "kari@example.org")
    ola, gone = planted(store, "ola@example.org")
    same, _ = planted(store, "same@example.org")
    copy(home, store, ring, tmp_path / "copy")
    with store.deed(person=kari) as deed:
        deed.replace(rid=rid, body={"email": "ny@example.org"})
        made = deed.put(data="contact", body={"email": "to"}, meta=Meta())
    with store.deed(person=ola) as deed:
        deed.drop(rid=gone)
    late, first = planted(store, "late@example.org")
    if not data_left:
        lose(home, "data")
    lost = {(one.person, one.record): one.how for one in bring_back(home, ring, tmp_path / "copy")}
    wanted = {(kari, made): "made", (late, first): "made"}

    if data_left:
        assert lost == {**wanted, (kari, rid): "rewritten"}
    else:
        either = "rewritten or taken away"
        assert lost == {**wanted, (kari, rid): either, (ola, gone): either}
    assert bodies(home.open(), kari) == []
    assert len(bodies(home.open(), same)) == 1
