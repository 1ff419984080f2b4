"""A store of any earlier revision, with people in it, is brought forward whole or left as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from postgresql import Cluster

from troth.store import Meta, Store, StoreError, migrations
from troth.store.files import File
from troth.store.migrations import wording
from troth.store.sealed import SealedStore

BACK = (  # what undoes r0002 and r0003
    "DROP TABLE aside",
    "ALTER TABLE state DROP COLUMN first",
    "DROP TABLE copies",
    "ALTER TABLE state DROP COLUMN beyond",
)


@pytest.fixture
def home(home: Any, server: Cluster, kind: str) -> Any:
    """A database of its own: a revision is the whole database's, not one company's."""
    if kind == "postgresql":
        home.address = server.founded()
    return home


def planted(store: Store) -> int:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"email": "kari@example.org"}, meta=Meta())
        deed.index(namespace="email", value="kari@example.org")
        deed.log(kind="collected")
    return pid


def told(home: Any, *statements: str) -> None:
    """Run statements on the keys as their owner."""
    home.close()
    if home.kind == "sqlite":
        file = File(f"{home.address}.keys", "keys")
        for statement in statements:
            file.run(statement)
        file.close()
        return
    with psycopg.connect(home.address, options="-c search_path=troth_keys") as login:
        for statement in statements:
            login.execute(statement.encode())


def earlier(home: Any, mark: str = f"UPDATE {migrations.VERSION} SET version_num = 'keys_0001'") -> None:
    told(home, *BACK, mark)


def version(store: Store) -> str:
    assert isinstance(store, SealedStore)
    return str(store.keys.rows(f"SELECT version_num FROM {migrations.VERSION}")[0][0])


def test_people_of_the_first_revision_are_whole_after_it(home: Any, reopen: Callable[[], Store]) -> None:
    pid = planted(reopen())
    earlier(home)
    store = reopen()

    assert version(store) == migrations.head("keys")
    assert [r.body for r in store.records(person=pid)] == [{"email": "kari@example.org"}]
    assert store.find(namespace="email", value="kari@example.org") == pid
    assert store.verify() == []
    with store.deed(person=pid) as deed:
        deed.erase_person()
    assert store.sweep_files(thorough=True).persons == 1


@pytest.mark.sqlite
def test_a_file_from_before_revisions_were_marked_is_taken_for_the_first(
    home: Any, reopen: Callable[[], Store]
) -> None:
    pid = planted(reopen())
    earlier(home, f"DROP TABLE {migrations.VERSION}")
    store = reopen()

    assert version(store) == migrations.head("keys")
    assert len(store.records(person=pid)) == 1


def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(
    home: Any, reopen: Callable[[], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = planted(reopen())
    earlier(home)
    whole = wording.run
    monkeypatch.setattr(wording, "run", lambda *told: whole(*((*t, "SELECT nonsense") for t in told)))

    with pytest.raises(StoreError, match="nothing was done"):
        reopen()

    monkeypatch.undo()
    store = reopen()

    assert version(store) == migrations.head("keys")
    assert len(store.records(person=pid)) == 1


def test_a_store_of_a_newer_revision_is_refused(home: Any, reopen: Callable[[], Store]) -> None:
    planted(reopen())
    told(home, f"UPDATE {migrations.VERSION} SET version_num = 'keys_9999'")

    with pytest.raises(StoreError, match=r"newer Troth \(keys_9999\)"):
        reopen()


@pytest.mark.parametrize("what", ["data", "keys"])
def test_revisions_follow_one_another_and_the_later_ones_take_no_column_away(what: str) -> None:
    before = None
    for revision in migrations.REVISIONS[what]:
        later: tuple[str, ...] = (*revision.SQLITE, *revision.POSTGRESQL) if before else ()

        assert revision.down_revision == before
        assert [s for s in later if re.search(r"\bDROP (TABLE|COLUMN)\b", s)] == []
        before = revision.revision
