"""Many people: one person's deeds cost the same among them; neither threads nor a wrong clock lose any."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from troth.store import Meta, Store, StoreError
from troth.store.sealed import SealedStore


def planted(store: Store, due: str | None = None, email: str = "", data: str = "contact") -> tuple[int, int]:
    pid = store.new_person()
    with store.deed(person=pid) as deed:
        rid = deed.put(data=data, body={"email": email}, meta=Meta(due=due))
        deed.log(kind="collected")
        if email:
            deed.index(namespace="email", value=email)
    return pid, rid


def test_everybody_who_shares_a_value_is_found_until_erased(store: Store) -> None:
    first, second = planted(store, email="post@huset.no")[0], planted(store, email="post@huset.no")[0]

    assert store.find_all(namespace="email", value="post@huset.no") == [first, second]
    assert store.find_all(namespace="phone", value="post@huset.no") == []

    with store.deed(person=first) as deed:
        deed.erase_person()

    assert store.find_all(namespace="email", value="post@huset.no") == [second]


def test_a_pseudonym_is_stable_differs_by_label_and_dies_with_the_person(
    store: Store, reopen: Callable[[], Store]
) -> None:
    pid, _ = planted(store)
    other, _ = planted(store)
    tag, study = store.tag(person=pid), store.tag(person=pid, label="study")

    assert len({tag, study, store.tag(person=other)}) == 3
    assert reopen().tag(person=pid, label="study") == study

    store = reopen()
    with store.deed(person=pid) as deed:
        deed.erase_person()

    assert store.tag(person=pid) == ""


def test_a_forecast_counts_what_stands_by_local_day_without_opening_it(store: Store) -> None:
    assert isinstance(store, SealedStore)
    gone, _ = planted(store, "2027-01-31T23:00:00+00:00")
    planted(store, "2027-02-01T00:00:00+01:00")
    moved, rid = planted(store, "2027-03-01T00:00:00+01:00", data="chat")
    planted(store, None)
    with store.deed(person=gone) as deed:
        deed.erase_person()
    with store.deed(person=moved) as deed:
        deed.move(rid=rid, due="2027-04-01T00:00:00+02:00")
    store.vault.opener = None  # type: ignore[assignment,method-assign]

    days = [(date(2027, 2, 1), "contact", 1), (date(2027, 4, 1), "chat", 1)]
    assert store.due_counts(zone="Europe/Oslo") == days
    assert store.due_counts()[0][0] == date(2027, 1, 31)


def test_a_record_is_due_at_its_very_instant(store: Store) -> None:
    _, rid = planted(store, "2027-02-01T00:00:00+01:00")
    at = datetime(2027, 1, 31, 23, tzinfo=UTC)

    assert [r.rid for r in store.due_before(instant=at)] == [rid]
    assert list(store.due_before(instant=at - timedelta(microseconds=1))) == []


def test_a_record_rewritten_often_leaves_one_line_behind(store: Store, reopen: Callable[[], Store]) -> None:
    pid, rid = planted(store)
    for n in range(30):
        with store.deed(person=pid) as deed:
            deed.replace(rid=rid, body={"n": n})
    store = reopen()
    assert isinstance(store, SealedStore)

    assert store.keys.one("SELECT COUNT(*) FROM dropped") == (1,)
    assert store.data.one("SELECT COUNT(*) FROM rows") == (1,)
    assert [r.body for r in store.records(person=pid)] == [{"n": 29}]


def plans(store: SealedStore, do: Callable[[], Any]) -> list[str]:
    """Return how SQLite would run each statement that ``do`` runs, where that reads a whole table."""
    said: list[tuple[Any, str]] = []
    files: list[Any] = [store.data, store.keys]
    for file in files:
        file.db.set_trace_callback(lambda text, db=file.db: said.append((db, text)))
    do()
    for file in files:
        file.db.set_trace_callback(None)
    wide = []
    for db, text in said:
        if text.split(" ", 1)[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {text}")]
            wide += [f"{step}: {text}" for step in steps if step.startswith("SCAN") and "state" not in step]
    assert said
    return [w for w in wide if "SCAN CONSTANT ROW" not in w]


@pytest.mark.sqlite
@pytest.mark.parametrize("what", ["collect", "find", "read", "change", "erase", "trail", "due", "sweep"])
def test_no_deed_about_one_person_reads_through_the_others(store: Store, what: str) -> None:
    assert isinstance(store, SealedStore)
    pid, rid = planted(store, "2027-02-01T00:00:00+01:00", email="kari@example.org")
    planted(store, "2027-03-01T00:00:00+01:00")

    def do() -> None:
        match what:
            case "collect":
                with store.deed(person=pid) as deed:
                    deed.put(data="contact", body={"email": "a"}, meta=Meta())
                    deed.index(namespace="email", value="a")
                    deed.log(kind="collected")
            case "find":
                store.find(namespace="email", value="kari@example.org")
                store.find_all(namespace="email", value="kari@example.org")
            case "read":
                store.records(person=pid)
                store.note_reads(person=pid)
                store.tag(person=pid)
            case "change":
                with store.deed(person=pid) as deed:
                    deed.replace(rid=rid, body={"email": "b"})
                    deed.move(rid=rid, due=None)
                    deed.drop(rid=rid)
            case "erase":
                with store.deed(person=pid) as deed:
                    deed.erase_person(keep=[rid])
                with store.deed(person=pid) as deed:
                    deed.drop(rid=rid)
            case "trail":
                store.trail(person=pid)
                store.export_proof(leaf=0)
            case "due":
                list(store.due_before(instant=datetime(2027, 2, 2, tzinfo=UTC)))
            case "sweep":
                with store.deed(person=pid) as deed:
                    deed.erase_person()
                store.sweep_files()

    assert plans(store, do) == []


def test_eight_threads_on_many_people_lose_no_write_and_wait_for_nobody_for_ever(store: Store) -> None:
    people = [planted(store, email=f"{n}@example.org")[0] for n in range(24)]
    wanted: Counter[int] = Counter(dict.fromkeys(people, 1))
    erased = set(people[::6])

    def work(seed: int) -> Counter[int]:
        dice, mine = random.Random(seed), Counter[int]()
        for pid in people[seed::8] * 6:
            match dice.randrange(4):
                case 0 | 1 if pid not in erased:
                    with store.deed(person=pid) as deed:
                        deed.put(data="chat", body={"n": seed}, meta=Meta(due="2027-02-01T00:00:00+01:00"))
                        deed.log(kind="collected")
                    mine[pid] += 1
                case 2:
                    other = dice.choice(people)
                    assert all(r.person == other for r in store.records(person=other))
                    store.note_reads(person=other)
                case _:
                    store.find(namespace="email", value="3@example.org")
                    store.due_counts()
                    store.trail(person=dice.choice(people))
        for pid in erased & set(people[seed::8]):
            with store.deed(person=pid) as deed:
                deed.erase_person()
        store.count(name="rounds")
        store.sweep_files()
        return mine

    with ThreadPoolExecutor(8) as pool:
        for mine in pool.map(work, range(8), timeout=120):
            wanted.update(mine)

    assert {p: len(store.records(person=p)) for p in people} == {
        p: 0 if p in erased else wanted[p] for p in people
    }
    assert store.counts(name="rounds") == [({}, 8)]
    assert store.verify() == []


@pytest.mark.parametrize("back", [timedelta(hours=3), timedelta(days=400), timedelta(days=20 * 365)])
def test_a_clock_set_back_lengthens_no_life_and_breaks_no_ledger(
    store: Store, clock: Any, back: timedelta, reopen: Callable[[], Store]
) -> None:
    due = "2026-11-30T00:00:00+01:00"
    pid, rid = planted(store, due)
    old, _ = planted(store, "2026-10-01T00:00:00+00:00", data="chat")
    clock.now = datetime(2026, 12, 2, 12, tzinfo=UTC)
    with store.deed(person=old) as deed:
        deed.erase_person()
    with store.deed(person=pid) as deed:
        deed.move(rid=rid, due="2026-12-05T00:00:00+01:00")
    store.end_bucket(bucket="2026-11")
    before = store.latest()
    clock.now -= back
    with store.deed(person=pid) as deed:
        deed.replace(rid=rid, body={"email": "ny"})
        late = deed.put(data="chat", body={"text": "sent"}, meta=Meta(due=due))
        deed.log(kind="collected")
    store = reopen()
    with store.deed(person=pid) as deed:
        deed.log(kind="collected")
    times = [leaf.at for leaf in store.leaves()]
    clocks = [leaf.detail for leaf in store.leaves() if leaf.kind == "clock"]

    assert times == sorted(times)
    assert store.latest() == before
    assert clocks[0] == {"behind": int(back.total_seconds())}
    assert store.verify() == []
    assert {r.rid: r.meta.due for r in store.records(person=pid)} == {
        rid: "2026-12-05T00:00:00+01:00",
        late: due,
    }
    assert store.records(person=old) == []
    assert store.ended_buckets() == []
    with pytest.raises(StoreError):
        store.end_bucket(bucket="2026-11")


def test_a_clock_that_runs_again_is_noted_no_more(store: Store, clock: Any) -> None:
    pid, _ = planted(store)
    for step in (-3600, -1800, 3600):
        clock.now += timedelta(seconds=step)
        with store.deed(person=pid) as deed:
            deed.log(kind="read")
            deed.log(kind="read")
    kinds = [leaf.kind for leaf in store.leaves()]

    assert kinds == ["collected", "clock", *["read"] * 6]
