"""Random schedules of write, erase, back up, restore and crash: nobody comes back, nobody alive is lost."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from troth.store import Meta, Store, steps
from troth.store.sealed import SealedStore


class Ended(BaseException):
    """Stands for the end of the process."""


class World:
    """A store under a schedule, and a plain dictionary that says what must be true of it."""

    def __init__(self, reopen: Callable[[], Store], folder: Path, seed: int) -> None:
        self.reopen, self.folder, self.dice = reopen, folder, random.Random(seed)
        self.store = reopen()
        self.living: dict[int, dict[int, int]] = {}
        self.erased: set[int] = set()
        self.old: dict[int, dict[int, int]] | None = None

    def put(self) -> None:
        pid = self.dice.choice(list(self.living)) if self.living and self.dice.random() < 0.6 else None
        pid = self.store.new_person() if pid is None else pid
        with self.store.deed(person=pid) as deed:
            n = self.dice.randrange(10**9)
            rid = deed.put(data="contact", body={"n": n}, meta=Meta())
            deed.log(kind="collected")
        self.living.setdefault(pid, {})[rid] = n

    def change(self) -> None:
        for pid, rid in self._one():
            n = self.dice.randrange(10**9)
            with self.store.deed(person=pid) as deed:
                deed.replace(rid=rid, body={"n": n})
                deed.log(kind="corrected")
            self.living[pid][rid] = n

    def drop(self) -> None:
        for pid, rid in self._one():
            with self.store.deed(person=pid) as deed:
                deed.drop(rid=rid)
                deed.log(kind="dropped")
            del self.living[pid][rid]

    def erase(self) -> None:
        if self.living:
            pid = self.dice.choice(list(self.living))
            with self.store.deed(person=pid) as deed:
                deed.erase_person()
            del self.living[pid]
            self.erased.add(pid)

    def sweep(self) -> None:
        self.store.sweep_files()

    def crash(self) -> None:
        """End the process in the middle of a write that was not yet committed."""
        at = self.dice.choice(["deed.open", "data.staged", "data.written", "keys.staged"])

        def end(name: str) -> None:
            if name == at:
                raise Ended

        steps.listen(end)
        try:
            with pytest.raises(Ended):
                self.put()
        finally:
            steps.listen(None)
        self.store = self.reopen()

    def back_up(self) -> None:
        self.store.close()
        shutil.copy(self.folder / "s.db", self.folder / "backup")
        self.old = {pid: dict(records) for pid, records in self.living.items()}
        self.store = self.reopen()

    def restore(self) -> None:
        """Put the older data file under today's keys: what came later is lost, what went or was
        corrected stays gone."""
        if self.old is not None:
            self.store.close()
            shutil.copy(self.folder / "backup", self.folder / "s.db")
            self.store = self.reopen()
            for pid, records in self.living.items():
                before = self.old.get(pid, {})
                self.living[pid] = {r: n for r, n in records.items() if before.get(r) == n}

    def _one(self) -> list[tuple[int, int]]:
        every = [(pid, rid) for pid, records in self.living.items() for rid in records]
        return [self.dice.choice(every)] if every else []

    def judge(self) -> None:
        for pid, records in self.living.items():
            assert {r.rid: r.body for r in self.store.records(person=pid)} == {
                rid: {"n": n} for rid, n in records.items()
            }
        for pid in self.erased:
            assert all(r.body is None for r in self.store.records(person=pid))


@pytest.mark.slow
@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(25))
def test_no_schedule_brings_the_erased_back_or_loses_the_living(
    seed: int, reopen: Callable[[], Store], tmp_path: Path
) -> None:
    world = World(reopen, tmp_path, seed)
    deeds = [world.put] * 4 + [world.change, world.drop, world.erase, world.sweep]
    deeds += [world.crash, world.back_up, world.restore]
    for _ in range(40):
        world.dice.choice(deeds)()
        world.judge()

    assert world.store.verify() == []
    assert isinstance(world.store, SealedStore)
    world.sweep()
    pids = {pid for (pid,) in world.store.data.rows("SELECT pid FROM rows")}
    assert not pids & world.erased
