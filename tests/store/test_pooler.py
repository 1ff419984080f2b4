"""A store behind PgBouncer, which gives each transaction whichever of its connections is free."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from postgresql import Cluster, pooler

from troth.store import Meta, Store, StoreError, open

ROOT = bytes(range(32))
DUE = "2027-02-01T00:00:00+01:00"


@pytest.fixture
def stores(server: Cluster, clock: Any) -> Iterator[tuple[Store, Store]]:
    """Two companies in one database, both behind one pooler that has fewer connections than they."""
    address = server.founded()
    told: dict[str, Any] = {"root_key": ROOT, "now": clock}
    with (
        pooler(address, server.folder) as pooled,
        closing(open(pooled, company="one", **told)) as one,
        closing(open(pooled, company="other", **told)) as other,
    ):
        yield one, other


def test_deeds_of_two_companies_side_by_side_stay_each_its_own(stores: tuple[Store, Store]) -> None:
    people = {store: [store.new_person() for _ in range(4)] for store in stores}

    def work(task: tuple[Store, int, int]) -> None:
        store, pid, n = task
        with store.deed(person=pid) as deed:
            deed.put(data="chat", body={"n": n}, meta=Meta(due=DUE))
            deed.log(kind="collected")
        assert all(r.person == pid for r in store.records(person=pid))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, [(s, pid, n) for n in range(6) for s in stores for pid in people[s]]))
    for store in stores:
        assert sorted(store.persons()) == sorted(people[store])
        for pid in people[store]:
            assert sorted(r.body["n"] for r in store.records(person=pid) if isinstance(r.body, dict)) == [
                *range(6)
            ]
        with store.deed(person=people[store][0]) as deed:
            deed.erase_person()
        assert store.records(person=people[store][0])[0].body is None
        assert store.verify() == []


def test_what_needs_the_server_itself_says_so(
    stores: tuple[Store, Store], server: Cluster, clock: Any
) -> None:
    one, _ = stores
    pid = one.new_person()
    with one.deed(person=pid) as deed:
        deed.put(data="chat", body={"n": 1}, meta=Meta(due=DUE))
    with one.deed(person=pid) as deed:
        deed.erase_person()

    assert "pooler" in one.sweep_files(thorough=True).blocked
    with (
        pooler(server.fresh(), Path(server.folder)) as pooled,
        pytest.raises(StoreError, match="server's own address"),
    ):
        open(pooled, root_key=ROOT, now=clock, company="c")
