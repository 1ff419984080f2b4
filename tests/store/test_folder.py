"""A person is read by one question to each database, and a deed in between is seen whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from troth.store import Meta, Record, Store, open
from troth.store.sealed import SealedStore

DUE = "2027-02-01T00:00:00+01:00"


@pytest.fixture
def other(home: Any, store: Store) -> Iterator[Store]:
    """The same store once more, as another process has it."""
    opened = open(home.address, root_key=bytes(range(32)), now=home.clock, company=home.company)
    yield opened
    opened.close()


def planted(store: Store) -> tuple[int, list[int]]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        return pid, [deed.put(data="chat", body={"n": n}, meta=Meta(due=DUE)) for n in range(2)]


def change(store: Store, pid: int, rids: list[int], how: str) -> None:
    with store.deed(person=pid) as deed:
        match how:
            case "replace":
                deed.replace(rid=rids[0], body={"n": 7})
                deed.drop(rid=rids[1])
            case "add":
                deed.put(data="chat", body={"n": 8}, meta=Meta(due=DUE))
                deed.put(data="chat", body={"n": 9}, meta=Meta(due=DUE))
            case "erase":
                deed.erase_person()
            case "keep one":
                deed.erase_person(keep=rids[:1])


def said(records: list[Record]) -> list[object]:
    return [record.body for record in records]


@pytest.mark.parametrize("how", ["replace", "add", "erase", "keep one"])
@pytest.mark.parametrize("known", [True, False])
def test_a_deed_between_the_two_questions_is_seen_whole_or_not_at_all(
    store: Store, other: Store, how: str, known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(store, SealedStore)
    pid, rids = planted(store if known else other)
    before = said(other.records(person=pid))
    ask, waiting = store.keys.together, [how]

    def interrupted(*asked: Any) -> Any:
        if waiting:
            change(other, pid, rids, waiting.pop())
        return ask(*asked)

    monkeypatch.setattr(store.keys, "together", interrupted)
    found = said(store.records(person=pid))

    assert not waiting
    assert found in (before, said(other.records(person=pid)))
    assert said(store.records(person=pid)) == said(other.records(person=pid))


def test_what_another_process_has_done_is_read_at_once(store: Store, other: Store) -> None:
    pid, rids = planted(store)
    for how in ("replace", "add", "keep one"):
        change(other, pid, rids, how)

        assert said(store.records(person=pid)) == said(other.records(person=pid)), how


def test_a_person_is_read_by_one_question_to_each_database(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(store, SealedStore)
    pid, _ = planted(store)
    asked: list[str] = []

    def counted(name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def told(*words: Any) -> Any:
            asked.append(name)
            return ask(*words)

        return told

    monkeypatch.setattr(store.data, "rows", counted("data", store.data.rows))
    monkeypatch.setattr(store.keys, "together", counted("keys", store.keys.together))
    monkeypatch.setattr(store.keys, "one", counted("keys, for less", store.keys.one))
    store.records(person=pid)

    assert [name for name in asked if name != "keys"][:1] == ["data"]
    assert len([name for name in asked if name.startswith("keys")]) == 1
