"""The process is killed (``kill -9``) between any two steps; what is opened next is a whole deed or none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from troth.store import Meta, Store
from troth.store.sealed import SealedStore

pytestmark = pytest.mark.slow

DEED = (
    "deed.open",
    "data.staged",
    "data.written",
    "keys.staged",
    "keys.committed",
    "data.dropped",
    "data.applied",
)
SWEEP = ("sweep.rows", "sweep.truncated", "sweep.logged")
SRC = Path(__file__).parents[2] / "src"

CHILD = """
import os, sys
from datetime import datetime, UTC
sys.path.insert(0, sys.argv[1])
from troth.store import Meta, open, steps
if sys.argv[6] == "open":
    steps.listen(lambda name: os.kill(os.getpid(), 9) if name == sys.argv[3] else None)
now = lambda: datetime(2026, 11, 24, 12, tzinfo=UTC)
store = open(sys.argv[2], root_key=bytes(range(32)), now=now, company=sys.argv[7])
pid, rid = int(sys.argv[4]), int(sys.argv[5])
steps.listen(lambda name: os.kill(os.getpid(), 9) if name == sys.argv[3] else None)
if sys.argv[6] == "collect":
    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"email": "new"}, meta=Meta())
        deed.replace(rid=rid, body={"email": "changed"})
        deed.index(namespace="email", value="new")
        deed.log(kind="collected")
else:
    with store.deed(person=pid) as deed:
        deed.erase_person(keep=[rid] if sys.argv[6] == "keep" else [])
    store.sweep_files(thorough=True)
"""


def crash(home: Any, step: str, pid: int, rid: int, what: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, SRC, home.address, step, str(pid), str(rid), what, home.company],
        capture_output=True,
        check=False,
    )

    assert done.returncode == -9, done.stderr.decode()


def prepared(store: Store) -> tuple[int, int]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rid = deed.put(data="contact", body={"email": "old"}, meta=Meta())
        deed.index(namespace="email", value="old")
        deed.log(kind="collected")
    store.close()
    return pid, rid


def whole(store: Store) -> None:
    assert isinstance(store, SealedStore)
    assert store.verify() == []
    assert store.checkpoint() == store.data.rows("SELECT head FROM state")[0][0]
    assert not store.data.rows("SELECT 1 FROM rows WHERE seq > ?", (store.vault.committed(),))


@pytest.mark.parametrize("step", DEED)
def test_a_collection_cut_off_at_any_step_stands_whole_or_not_at_all(
    step: str, store: Store, reopen: Callable[[], Store], home: Any
) -> None:
    pid, rid = prepared(store)
    crash(home, step, pid, rid, "collect")
    store = reopen()
    happened = DEED.index(step) >= DEED.index("keys.committed")
    bodies = [r.body for r in store.records(person=pid)]

    whole(store)
    assert bodies == ([{"email": "changed"}, {"email": "new"}] if happened else [{"email": "old"}])
    assert store.find(namespace="email", value="new") == (pid if happened else None)
    assert len(list(store.leaves())) == (2 if happened else 1)

    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"email": "later"}, meta=Meta())

    assert len(store.records(person=pid)) == len(bodies) + 1


@pytest.mark.parametrize("step", [s for s in DEED if s not in ("data.staged", "data.written")] + list(SWEEP))
def test_an_erasure_cut_off_at_any_step_is_done_or_not_begun(
    step: str, store: Store, reopen: Callable[[], Store], home: Any, found: Callable[[str], list[str]]
) -> None:
    pid, rid = prepared(store)
    crash(home, step, pid, rid, "erase")
    store = reopen()
    happened = step not in ("deed.open", "keys.staged")

    whole(store)
    assert [r.body for r in store.records(person=pid)] == ([] if happened else [{"email": "old"}])
    assert store.find(namespace="email", value="old") == (None if happened else pid)
    assert ("erased" in [leaf.kind for leaf in store.leaves()]) == happened

    store.sweep_files(thorough=True)

    assert ("absent" in [leaf.kind for leaf in store.leaves()]) == happened


@pytest.mark.parametrize("step", [*DEED, *SWEEP])
def test_a_record_the_law_keeps_survives_an_erasure_cut_off_at_any_step(
    step: str, store: Store, reopen: Callable[[], Store], home: Any
) -> None:
    pid, rid = prepared(store)
    crash(home, step, pid, rid, "keep")
    store = reopen()

    whole(store)
    assert [(r.rid, r.body) for r in store.records(person=pid)] == [(rid, {"email": "old"})]


def test_a_store_cut_off_while_it_is_made_can_still_be_made(reopen: Callable[[], Store], home: Any) -> None:
    crash(home, "open.named", 0, 0, "open")
    store = reopen()
    pid, _ = prepared(store)

    assert [r.body for r in reopen().records(person=pid)] == [{"email": "old"}]


def test_two_processes_and_many_threads_write_one_ledger(store: Store, home: Any) -> None:
    code = (
        CHILD.split("pid, rid")[0]
        + """
for n in range(20):
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"n": n}, meta=Meta())
        deed.log(kind="collected")
"""
    )
    other = subprocess.Popen([sys.executable, "-c", code, SRC, home.address, "", "0", "0", "", home.company])

    def write(n: int) -> int:
        pid = store.new_person()
        with store.deed(person=pid) as deed:
            deed.put(data="contact", body={"n": n}, meta=Meta())
            deed.log(kind="collected")
        return len(store.records(person=pid))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, range(20))) == [1] * 20
    assert other.wait() == 0
    whole(store)
    assert len(list(store.leaves())) == 40
    assert [len(store.records(person=p)) for p in store.persons()] == [1] * 40
