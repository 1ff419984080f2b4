"""What a PostgreSQL server adds: walls between companies, roles, several workers, months that are dropped."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgresql import Cluster
from psycopg import errors

from troth.store import Meta, Store, StoreError, backup, open, place_of, read_ring, restore
from troth.store.sealed import SealedStore

pytestmark = pytest.mark.slow  # each founds a server's databases
ROOT = bytes(range(32))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SRC = Path(__file__).parents[2] / "src"


def opened(address: str, company: str, **more: Any) -> SealedStore:
    store = open(address, root_key=ROOT, now=lambda: NOON, company=company, **more)
    assert isinstance(store, SealedStore)
    return store


@pytest.fixture
def address(server: Cluster) -> str:
    return server.founded()


def planted(store: Store, due: str | None = None) -> int:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        deed.put(data="contact", body={"email": "kari@example.org"}, meta=Meta(due=due))
        deed.index(namespace="email", value="kari@example.org")
        deed.log(kind="collected")
    store.count(name="visits")
    return pid


def test_two_companies_in_one_database_see_nothing_of_one_another(address: str) -> None:
    club, shop = opened(address, "club"), opened(address, "shop")
    kari = planted(club)

    assert shop.records(person=kari) == []
    assert shop.find(namespace="email", value="kari@example.org") is None
    assert (list(shop.persons()), list(shop.leaves()), shop.counts(name="visits")) == ([], [], [])
    with pytest.raises(StoreError, match="no such person"), shop.deed(person=kari) as deed:
        deed.log(kind="collected")

    planted(shop)

    assert [len(list(s.persons())) for s in (club, shop)] == [1, 1]
    assert club.public_key != shop.public_key
    for store in (club, shop):
        store.close()


DATA = {f"troth.{name}" for name in ("rows", "counters", "state")}
EVIDENCE = {f"troth_keys.{name}" for name in ("leaves", "nodes", "heads")}
KEYS = EVIDENCE | {
    f"troth_keys.{name}"
    for name in ("state", "persons", "blind", "dropped", "trail", "epochs", "buckets", "copies")
}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("troth_gate", DATA),
        ("troth_keys", KEYS),
        ("troth_console", EVIDENCE | {"troth.counters"}),
        ("troth_metrics", {"troth.counters"}),
    ],
)
def test_each_role_reaches_its_own_tables_and_of_them_one_company(
    address: str, role: str, may: set[str]
) -> None:
    club = opened(address, "club")
    planted(club)
    club.close()
    reached: set[str] = set()
    with psycopg.connect(address, autocommit=True) as login:
        login.execute(f"SET ROLE {role}".encode())
        for table in DATA | KEYS:
            counted = f"SELECT count(*) FROM {table}".encode()
            try:
                login.execute("SET troth.company = 'club'")
                mine = login.execute(counted).fetchone()
                login.execute("SET troth.company = 'shop'")
                theirs = login.execute(counted).fetchone()
            except errors.InsufficientPrivilege:
                continue
            reached.add(table)

            assert theirs == (0,)
            assert mine != (0,) or table.endswith(("dropped", "copies"))

    assert reached == may


def test_nobody_who_says_no_company_sees_a_row(address: str) -> None:
    club = opened(address, "club")
    planted(club)
    club.close()
    with psycopg.connect(address, autocommit=True) as login:
        login.execute("SET ROLE troth_gate")

        assert login.execute("SELECT count(*) FROM troth.rows").fetchone() == (0,)
        with pytest.raises(errors.InsufficientPrivilege):
            login.execute("INSERT INTO troth.counters(name, dims, n, company) VALUES('a', '{}', 1, 'club')")


def test_keys_may_lie_on_another_database_than_the_data(server: Cluster, address: str) -> None:
    apart = server.fresh()
    store = opened(address, "club", keys=apart)
    pid = planted(store)
    store.close()
    with psycopg.connect(address) as login:
        assert login.execute("SELECT count(*) FROM troth_keys.persons").fetchone() == (0,)

    again = opened(address, "club", keys=apart)

    assert [r.body for r in again.records(person=pid)] == [{"email": "kari@example.org"}]
    again.close()


WORKER = """
import sys
from datetime import datetime, UTC
sys.path.insert(0, sys.argv[1])
from troth.store import Fenced, Meta, open
store = open(sys.argv[2], root_key=bytes(range(32)), now=lambda: datetime(2026, 11, 24, 12, tzinfo=UTC),
             company="club")
people = [int(p) for p in sys.argv[3:]]
for n in range(30):
    pid = people[n % len(people)]
    with store.deed(person=pid) as deed:
        mine = store.records(person=pid)[0]
        deed.replace(rid=mine.rid, body={"n": mine.body["n"] + 1})
        deed.log(kind="corrected")
store.close()
"""


def test_workers_that_read_change_and_write_the_same_people_lose_no_change(address: str) -> None:
    store = opened(address, "club")
    people = [store.new_person() for _ in range(3)]
    for pid in people:
        with store.deed(person=pid) as deed:
            deed.put(data="chat", body={"n": 0}, meta=Meta())
    words = [sys.executable, "-c", WORKER, str(SRC), address, *map(str, people)]
    workers = [subprocess.Popen(words) for _ in range(3)]

    assert [w.wait(timeout=120) for w in workers] == [0, 0, 0]
    assert [r.body for p in people for r in store.records(person=p)] == [{"n": 30}] * 3
    assert len(list(store.leaves())) == 90
    assert store.verify() == []
    store.close()


def test_deeds_about_two_people_are_open_at_the_same_time_and_about_one_are_not(address: str) -> None:
    store = opened(address, "club")
    kari, ola = planted(store), planted(store)
    both, order = threading.Barrier(2, timeout=20), []

    def look(pid: int) -> None:
        with store.deed(person=pid) as deed:
            both.wait()  # reached only where the other's deed is open as well
            deed.log(kind="seen")

    threads = [threading.Thread(target=look, args=(p,)) for p in (kari, ola)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [leaf.kind for leaf in store.leaves()] == ["collected", "collected", "seen", "seen"]

    def wait() -> None:
        with store.deed(person=kari) as deed:
            order.append("second")
            deed.log(kind="seen")

    with store.deed(person=kari) as deed:
        second = threading.Thread(target=wait)
        second.start()
        second.join(0.3)
        order.append("first")
        deed.log(kind="seen")
    second.join(20)

    assert order == ["first", "second"]
    assert store.verify() == []
    store.close()


def test_a_month_that_is_over_is_a_table_dropped_and_gives_its_disk_back(address: str) -> None:
    now = [datetime(2026, 11, 20, tzinfo=UTC)]
    store = open(address, root_key=ROOT, now=lambda: now[0], company="club")
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rids = [
            deed.put(data="photo", body=b"x" * 20_000, meta=Meta(due="2026-11-30T00:00:00+00:00"))
            for _ in range(20)
        ]
    parts = (
        "SELECT count(*), coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class"
        " WHERE relname LIKE 'rows!_%2026!_11' ESCAPE '!' AND relkind = 'r'"
    )
    with psycopg.connect(address, autocommit=True) as login:
        many, size = login.execute(parts.encode()).fetchone() or (0, 0)

        assert (many, size > 400_000) == (1, True)

        now[0] = datetime(2026, 12, 2, tzinfo=UTC)
        with store.deed(person=pid) as deed:
            for rid in rids:
                deed.drop(rid=rid)
        store.end_bucket(bucket="2026-11")

        assert login.execute(parts.encode()).fetchone() == (0, 0)
    assert store.ended_buckets() == []
    store.close()


def test_a_connection_the_server_has_cut_off_is_replaced(server: Cluster, address: str) -> None:
    store = opened(address, "club")
    pid = planted(store)
    with psycopg.connect(server.url("postgres"), autocommit=True) as login:
        login.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
        )

    assert len(store.records(person=pid)) == 1
    with store.deed(person=pid) as deed:
        deed.log(kind="seen")
    assert store.verify() == []
    store.close()


def test_a_deed_whose_statement_failed_is_not_taken_for_done(address: str) -> None:
    store = opened(address, "club")
    pid = planted(store)

    def careless() -> None:
        with store.deed(person=pid) as deed:
            deed.log(kind="seen")
            with pytest.raises(StoreError):
                store.keys.run("SELECT nonsense")

    with pytest.raises(StoreError, match="nothing was done"):
        careless()

    assert [leaf.kind for leaf in store.leaves()] == ["collected"]
    store.close()


def test_a_sweep_says_what_keeps_old_bytes_and_claims_nothing_until_it_is_gone(
    server: Cluster, address: str
) -> None:
    store = opened(address, "club")
    pid = planted(store)
    with psycopg.connect(address) as reader:
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT * FROM troth_keys.persons")
        with store.deed(person=pid) as deed:
            deed.erase_person()

        assert "nightly" in store.sweep_files().blocked
        assert "snapshot" in store.sweep_files(thorough=True).blocked
        assert [leaf.kind for leaf in store.leaves()] == ["collected", "erased"]

    assert store.sweep_files(thorough=True).blocked == ""
    assert [leaf.kind for leaf in store.leaves()] == ["collected", "erased", "absent"]
    store.close()


@pytest.mark.parametrize(
    "address", ["postgresql://nobody:hush-hush@127.0.0.1:9/people", "postgresql:///x?host=/nowhere"]
)
def test_a_server_that_does_not_answer_is_said_without_its_password(address: str) -> None:
    with pytest.raises(StoreError, match="connection") as refused:
        opened(address, "club")

    assert "hush" not in str(refused.value)


def test_a_login_without_the_roles_is_told_what_to_ask_for(server: Cluster) -> None:
    address = server.fresh()
    with psycopg.connect(server.url("postgres"), autocommit=True) as login:
        login.execute("DROP ROLE IF EXISTS plain")
        login.execute("CREATE ROLE plain LOGIN")

    with pytest.raises(StoreError, match="grant them to it"):
        opened(address.replace("user=postgres", "user=plain"), "club")


def login(server: Cluster, address: str, name: str, *rights: str) -> str:
    """Make a login that is no superuser, with these rights, and return the address in its name."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone():
            admin.execute(f"CREATE ROLE {name} LOGIN".encode())
        for right in rights:
            admin.execute(right.encode())
    return address.replace("user=postgres", f"user={name}")


def test_a_plain_login_founds_what_it_may_and_another_only_serves(server: Cluster) -> None:
    address = server.fresh()
    base = address.removeprefix("postgresql:///").partition("?")[0]
    founder = login(
        server,
        address,
        "founder",
        "ALTER ROLE founder CREATEROLE",
        f"GRANT CREATE ON DATABASE {base} TO founder",
    )
    opened(founder, "club").close()
    serving = login(server, address, "serving", "GRANT troth_gate, troth_keys TO serving")
    store = opened(serving, "club")
    pid = planted(store)
    with store.deed(person=pid) as deed:
        deed.erase_person()
    blocked = store.sweep_files(thorough=True).blocked

    assert "may not" in blocked
    assert [leaf.kind for leaf in store.leaves()] == ["collected", "erased"]

    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute("GRANT troth_owner, pg_monitor, pg_checkpoint TO serving")
        admin.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO serving")

    assert store.sweep_files(thorough=True).blocked == ""
    assert store.verify() == []
    store.close()


def test_a_copy_of_files_is_brought_back_to_a_server_and_from_there_to_files(
    server: Cluster, tmp_path: Path
) -> None:
    first: Any = open(tmp_path / "s.db", root_key=ROOT, now=lambda: NOON)
    kari, gone = planted(first), planted(first)
    with first.deed(person=gone) as deed:
        deed.erase_person()
    places = [(str(tmp_path / "s.db"), ""), (server.founded(), "club"), (str(tmp_path / "t.db"), "")]
    ring = read_ring(tmp_path / "ring")
    store = first
    for n, ((here, whose), (there, who)) in enumerate(pairwise(places)):
        with closing(place_of(here, company=whose)) as place:
            backup(store, place, target=tmp_path / f"{n}", ring=ring)
        store.close()
        with closing(place_of(there, company=who)) as place:
            restore(place, source=tmp_path / f"{n}", ring=ring, root_key=ROOT, keys=True)
        store = open(there, root_key=ROOT, now=lambda: NOON, company=who, head=ring.head)

        assert [r.body for r in store.records(person=kari)] == [{"email": "kari@example.org"}]
        assert store.records(person=gone) == []
        assert store.find(namespace="email", value="kari@example.org") == kari
        assert store.counts(name="visits") == [({}, 2)]
        assert store.verify() == []
    store.close()
