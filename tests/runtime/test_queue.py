"""Letters to many wait in the store: what a killed process leaves another sends, and none twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from troth.runtime.campaigns import Campaign, Sender
from troth.runtime.mailing import Mailing
from troth.runtime.queue import LATE, TOLD, NoCampaign, Queue
from troth.store import Store, open
from troth.terms import Clause

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NEWS = Campaign(
    number="1",
    sender=Sender("client", "news", "news"),
    member="bryggen",
    subject="Offers",
    text="New this week",
    at=NOON,
    version=2,
    clauses=(Clause("4.1", 88, "News"),),
)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with closing(opened(tmp_path, clock)) as made:
        yield made


def opened(folder: Path, clock: Clock) -> Store:
    return open(folder / "s.db", root_key=bytes(32), now=clock)


def noting(reached: list[int]) -> Callable[[Campaign, int], str]:
    """Return what sends a letter by writing down to whom."""

    def send(_: Campaign, person: int) -> str:
        reached.append(person)
        return ""

    return send


def people(store: Store, many: int = 4) -> list[int]:
    return [store.new_person() for _ in range(many)]


def test_a_batch_comes_back_as_it_was_put(store: Store, clock: Clock) -> None:
    letter = Mailing(number="2", purpose="service", kind="service", at=NOON, subject="Hi", text="x")
    put = Queue(store, Campaign, clock).put(NEWS, [1, 1, 2])
    Queue(store, Mailing, clock).put(letter, [])

    assert put.queued == 2
    assert Queue(store, Campaign, clock).all() == [put]
    assert Queue(store, Mailing, clock).all() == [letter]


def test_what_a_killed_process_has_queued_another_sends_once(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    everybody = people(store)
    Queue(store, Campaign, clock).put(NEWS, everybody)
    reached: list[int] = []

    def killed(_: Campaign, person: int) -> str:
        if len(reached) == 2:
            raise KeyboardInterrupt
        reached.append(person)
        return ""

    with pytest.raises(KeyboardInterrupt):
        Queue(store, Campaign, clock).hand_over("1", killed)
    with closing(opened(tmp_path, clock)) as other:
        done = Queue(other, Campaign, clock).hand_over("1", noting(reached))
        again = Queue(other, Campaign, clock).hand_over("1", noting(reached))

    assert len(reached) == len(set(reached)) == 3  # the letter it was ended at is not sent again
    assert done == again
    assert done.done == NOON


def test_two_that_hand_over_at_once_send_each_letter_once_and_count_together(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    everybody = people(store, 20)
    Queue(store, Campaign, clock).put(NEWS, everybody)
    reached: list[int] = []

    def send(_: Campaign, person: int) -> str:
        reached.append(person)
        return "no" if person == everybody[0] else ""

    with closing(opened(tmp_path, clock)) as other, ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda at: Queue(at, Campaign, clock).hand_over("1", send), (store, other)))
    told = Queue(store, Campaign, clock).get("1")

    assert sorted(reached) == sorted(everybody)
    assert told is not None
    assert (told.sent, told.held) == (19, (("no", 1),))


def test_an_erased_person_gets_nothing_that_waited(store: Store, clock: Clock) -> None:
    kari, ola = people(store, 2)
    Queue(store, Campaign, clock).put(NEWS, [kari, ola])
    with store.deed(person=kari) as deed:
        deed.erase_person()
    reached: list[int] = []
    Queue(store, Campaign, clock).hand_over("1", noting(reached))

    assert reached == [ola]


def test_nothing_leaves_late_and_what_became_of_it_is_told_for_a_month(store: Store, clock: Clock) -> None:
    queue = Queue(store, Campaign, clock)
    queue.put(NEWS, people(store))
    clock.now = NOON + LATE
    done = queue.hand_over("1", lambda *_: "")
    clock.now += TOLD - timedelta(seconds=1)

    assert done.sent == 0
    assert queue.get("1") == done

    clock.now += timedelta(seconds=1)

    assert queue.get("1") is None
    with pytest.raises(NoCampaign):
        queue.hand_over("1", lambda *_: "")
