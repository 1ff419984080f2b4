"""A server that has no room left does no deed by halves, whichever table it is that finds no room.

Files on a full disk are tried by ``./run campaign faults``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from postgresql import Cluster

from troth.store import Meta, Store, StoreError, StoreFull

pytestmark = pytest.mark.postgresql
FULL = (
    "CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
)
TABLES = (
    "troth.rows",
    "troth_keys.leaves",
    "troth_keys.nodes",
    "troth_keys.heads",
    "troth_keys.dropped",
    "troth_keys.state",
)
DUE = "2027-02-01T00:00:00+01:00"


@pytest.fixture
def home(home: Any, server: Cluster) -> Any:
    """A database of its own: the disk is every company's."""
    home.address = server.founded()
    with psycopg.connect(home.address) as login:
        login.execute(FULL)
        login.execute("GRANT EXECUTE ON FUNCTION public.full_disk() TO PUBLIC")
    return home


@contextmanager
def no_room(home: Any, table: str) -> Iterator[None]:
    """Let the disk be full whenever this table would grow or change."""
    with psycopg.connect(home.address, autocommit=True) as login:
        login.execute(
            f"CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION public.full_disk()".encode()
        )
    try:
        yield
    finally:
        with psycopg.connect(home.address, autocommit=True) as login:
            login.execute(f"DROP TRIGGER full_disk ON {table}".encode())


def planted(store: Store) -> tuple[int, list[int]]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rids = [deed.put(data="chat", body={"n": n}, meta=Meta(due=DUE)) for n in range(2)]
        deed.log(kind="collected")
    return pid, rids


@pytest.mark.parametrize("table", TABLES)
def test_a_deed_without_room_is_refused_and_has_changed_nothing(
    home: Any, store: Store, reopen: Callable[[], Store], table: str
) -> None:
    pid, rids = planted(store)
    before, head = store.records(person=pid), store.checkpoint()

    def change() -> None:
        with store.deed(person=pid) as deed:
            deed.replace(rid=rids[0], body={"n": 7})
            deed.put(data="chat", body={"n": 8}, meta=Meta(due=DUE))
            deed.log(kind="corrected")

    with no_room(home, table), pytest.raises(StoreFull):
        change()

    assert store.records(person=pid) == before
    assert store.checkpoint() == head

    again = reopen()
    with again.deed(person=pid) as deed:
        deed.replace(rid=rids[0], body={"n": 9})

    assert [r.body for r in again.records(person=pid)] == [{"n": 9}, {"n": 1}]
    assert again.verify() == []


@pytest.mark.parametrize(
    "table", ["troth_keys.leaves", "troth_keys.persons", "troth_keys.state", "troth.state"]
)
def test_an_erasure_without_room_is_refused_or_done_and_never_between(
    home: Any, store: Store, reopen: Callable[[], Store], table: str
) -> None:
    pid, _ = planted(store)
    before, refused = store.records(person=pid), False
    with no_room(home, table):
        try:
            with store.deed(person=pid) as deed:
                deed.erase_person()
        except StoreError:
            refused = True
    again = reopen()
    bodies = [r.body for r in again.records(person=pid)]

    assert bodies == ([r.body for r in before] if refused else [None] * len(bodies))
    assert refused is (table != "troth.state")  # the data's own note of the keys is made good on opening
    assert again.verify() == []
