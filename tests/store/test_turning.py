"""The root key is turned over whole or not at all, and nothing that hangs on the first is lost by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from troth.store import (
    Meta,
    Store,
    StoreError,
    promote,
    root_file,
    root_next,
    root_passphrase,
    root_waits,
    rotate,
    rotate_root,
    steps,
)
from troth.store.sealed import SealedStore

OLD, NEW, NEWER = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
MAIL = "kari@example.org"


def planted(store: Store) -> int:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"email": MAIL}, meta=Meta())
        deed.index(namespace="email", value=MAIL)
        deed.log(kind="collected")
    return pid


def whole(store: Store, pid: int) -> bool:
    return (
        [r.body for r in store.records(person=pid)] == [{"email": MAIL}]
        and store.find(namespace="email", value=MAIL) == pid
        and store.verify() == []
    )


def test_everybody_is_whole_under_a_new_root_key_and_the_old_one_opens_nothing(
    store: Store, home: Any
) -> None:
    pid, head, handed = planted(store), store.checkpoint(), store.lasting
    for old, new in ((OLD, NEW), (NEW, NEWER)):
        rotate_root(store, old, new)

        assert whole(store, pid)
        home.close()
        with pytest.raises(StoreError, match="not the one"):
            home.open(root_key=old)
        store = home.open(root_key=new, head=head)
        assert whole(store, pid)
        rotate(store)
        assert whole(store, pid)
    assert store.lasting == handed
    assert whole(store, pid)
    assert planted(store) != pid


def test_a_wrong_old_key_turns_nothing(store: Store) -> None:
    pid = planted(store)
    with pytest.raises(StoreError, match="root key"):
        rotate_root(store, NEW, NEWER)

    assert whole(store, pid)


@pytest.mark.parametrize(
    ("at", "turned"), [("deed.open", False), ("root.staged", False), ("root.turned", True)]
)
def test_ended_at_any_step_it_is_one_root_key_or_the_other(
    store: Store, home: Any, at: str, turned: bool
) -> None:
    pid = planted(store)

    def end(step: str) -> None:
        if step == at:
            raise KeyboardInterrupt

    steps.listen(end)
    try:
        with pytest.raises(KeyboardInterrupt):
            rotate_root(store, OLD, NEW)
    finally:
        steps.listen(None)
    home.close()
    with pytest.raises(StoreError):
        home.open(root_key=OLD if turned else NEW)

    assert whole(home.open(root_key=NEW if turned else OLD), pid)


def test_the_next_root_key_waits_beside_this_one_until_it_takes_its_place(tmp_path: Path) -> None:
    data, place = tmp_path / "s.db", tmp_path / "s.db.root"
    first = root_file(data)
    following = root_next(place, data)

    assert root_file(data) == first != following
    assert root_next(place, data) == following
    assert root_waits(place)

    promote(place)

    assert root_file(data) == following
    assert not root_waits(place)
    assert place.stat().st_mode & 0o777 == 0o600


def test_a_passphrase_gets_another_salt(tmp_path: Path) -> None:
    data, place, words = tmp_path / "s.db", tmp_path / "s.db.salt", "four words or more"
    first = root_passphrase(data, words)
    following = root_next(place, data, words)
    promote(place)

    assert root_passphrase(data, words) == following != first


def test_no_epoch_is_left_under_the_old_root_key(store: Store) -> None:
    assert isinstance(store, SealedStore)
    planted(store)
    before = dict(store.keys.rows("SELECT name, wrapped FROM epochs"))
    rotate_root(store, OLD, NEW)
    after = dict(store.keys.rows("SELECT name, wrapped FROM epochs"))

    assert after.keys() == before.keys()
    assert all(after[name] != before[name] for name in before)
