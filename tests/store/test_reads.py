"""Evidence of reads shares commits; what a crash may lose of it is bounded, and a person's trail is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from troth.store import NoRecord, Store
from troth.store.reads import GROUP, Read, Reads
from troth.store.sealed import SealedStore

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def patient(home: Any) -> SealedStore:
    """A store whose reads wait for an hour rather than for 50 milliseconds."""
    store = home.open(bound=timedelta(hours=1))
    assert isinstance(store, SealedStore)
    return store


def written(store: SealedStore) -> int:
    return int(store.keys.rows("SELECT COUNT(*) FROM leaves")[0][0])


def test_a_group_is_written_in_one_commit_when_it_is_full(patient: SealedStore) -> None:
    pid = patient.new_person()
    for n in range(GROUP):
        assert written(patient) == 0
        patient.note_reads(person=pid, clause="4.1", detail={"n": n})

    assert written(patient) == GROUP
    assert patient.keys.rows("SELECT COUNT(*) FROM heads")[0][0] == 1
    assert [leaf.detail["n"] for leaf in patient.trail(person=pid)] == list(range(GROUP))
    assert patient.verify() == []


def test_a_group_is_written_once_its_first_entry_has_waited_for_the_bound() -> None:
    seconds = [0.0]
    reads = Reads(lambda: seconds[0])
    reads.add(Read(NOON, None, "read", "", {}))

    assert not reads.full()
    seconds[0] = 0.049
    assert not reads.full()
    seconds[0] = 0.05
    assert reads.full()
    reads.written(1)
    assert not reads.full()


@pytest.mark.parametrize("look", ["checkpoint", "trail", "leaves", "close", "deed", "erase"])
def test_whatever_looks_at_the_evidence_or_adds_to_it_writes_what_is_held_back_first(
    patient: SealedStore, home: Any, look: str
) -> None:
    pid = patient.new_person()
    patient.note_reads(person=pid, kind="shown")
    match look:
        case "checkpoint":
            patient.checkpoint()
        case "trail":
            assert [leaf.kind for leaf in patient.trail(person=pid)] == ["shown"]
        case "leaves":
            assert [leaf.kind for leaf in patient.leaves()] == ["shown"]
        case "close":
            patient = home.open()
        case "deed":
            with patient.deed(person=pid) as deed:
                deed.log(kind="collected")
        case "erase":
            with patient.deed(person=pid) as deed:
                deed.erase_person()
    kinds = [leaf.kind for leaf in patient.leaves()]

    assert kinds[0] == "shown"


def test_a_read_written_with_a_deed_that_fails_is_written_with_the_next(patient: SealedStore) -> None:
    pid = patient.new_person()
    patient.note_reads(person=pid)

    def fail() -> None:
        with patient.deed(person=pid) as deed:
            deed.log(kind="collected")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        fail()
    assert written(patient) == 0
    assert [leaf.kind for leaf in patient.leaves()] == ["read"]


def test_a_crash_loses_what_was_held_back_and_nothing_else(
    patient: SealedStore, home: Any, reopen: Callable[[], Store]
) -> None:
    pid = patient.new_person()
    for _ in range(GROUP + 10):
        patient.note_reads(person=pid)
    patient.reads.held.clear()  # what the end of the process leaves: the buffer is gone, the rest is as it is
    store = reopen()

    assert len(store.trail(person=pid)) == GROUP
    assert store.verify() == []


def test_what_cannot_be_written_is_refused_when_it_is_noted(patient: SealedStore) -> None:
    with pytest.raises(NoRecord):
        patient.note_reads(person=1)
    with pytest.raises(TypeError):
        patient.note_reads(detail={"at": NOON})
    patient.note_reads(detail={"count": 3})

    assert [leaf.detail for leaf in patient.leaves()] == [{"count": 3}]
