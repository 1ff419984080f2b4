"""What only waits is sealed, ends, dies with its person, stands in no copy, and is taken once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from troth.store import Store, backup, open, place_of, read_ring

HOUR = timedelta(hours=1)


def test_what_is_laid_aside_is_known_after_a_restart_and_on_no_disk(
    store: Store, home: Any, reopen: Callable[[], Store], found: Callable[[str], list[str]]
) -> None:
    store.lay(kind="stay", name="a-secret-name", value=b"kari@example.org", until=home.clock.now + HOUR)
    again = reopen()
    laid = again.laid(kind="stay", name="a-secret-name")

    assert laid is not None
    assert (laid.name, laid.value, laid.version) == ("a-secret-name", b"kari@example.org", 1)
    assert again.laid(kind="code", name="a-secret-name") is None
    assert found("kari@example.org") == found("a-secret-name") == []


def test_it_ends_at_its_moment_and_is_then_cleared_away(store: Store, home: Any) -> None:
    store.lay(kind="code", name="a", value=b"1", until=home.clock.now + HOUR)
    assert store.lift_ended() == 0
    home.clock.now += HOUR

    assert store.laid(kind="code", name="a") is None
    assert store.laid_version(kind="code", name="a") == 0
    assert store.laid_all(kind="code") == []
    assert not store.lift(kind="code", name="a")
    assert store.lift_ended() == 1


def test_it_dies_with_its_person(store: Store, home: Any) -> None:
    kari, ola = store.new_person(), store.new_person()
    for pid in (kari, ola):
        store.lay(kind="stay", name=str(pid), value=b"", until=home.clock.now + HOUR, person=pid)
    with store.deed(person=kari) as deed:
        deed.erase_person()

    assert [laid.person for laid in store.laid_all(kind="stay")] == [ola]
    assert store.laid_all(kind="stay", person=kari) == []


def test_of_two_who_change_the_same_one_only_the_first_is_heard(store: Store, home: Any) -> None:
    until = home.clock.now + HOUR
    first = store.lay(kind="n", name="a", value=b"0", until=until)

    assert store.lay(kind="n", name="a", value=b"1", until=until, version=first) == first + 1
    assert store.lay(kind="n", name="a", value=b"2", until=until, version=first) == 0
    assert store.laid_version(kind="n", name="a") == first + 1


def test_each_is_taken_once_by_however_many_processes(store: Store, home: Any) -> None:
    store.lay_all(kind="letter", names=[(f"{n}", 1) for n in range(12)], until=home.clock.now + HOUR)
    told = {"root_key": bytes(range(32)), "now": home.clock, "company": home.company}
    with closing(open(home.address, **told)) as other, ThreadPoolExecutor(4) as pool:
        tasks = [(at, f"{n}") for n in range(12) for at in (store, other)]
        taken = list(pool.map(lambda t: t[0].lift(kind="letter", name=t[1]), tasks))

    assert sum(taken) == 12


def test_no_copy_holds_it(store: Store, home: Any, tmp_path: Path) -> None:
    store.lay(kind="stay", name="a", value=b"x", until=home.clock.now + HOUR)
    ring = read_ring(tmp_path / "ring")
    with closing(place_of(home.address, company=home.company)) as place:
        backup(store, place, target=tmp_path / "copy", ring=ring)

    assert all("aside" not in p.read_text("utf-8") for p in (tmp_path / "copy").iterdir())
