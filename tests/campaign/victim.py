"""Victim: the process that a campaign of faults ends: it does what a plan says, and acknowledges each deed.

Run as ``python -m tests.campaign.victim PLAN ACKS``.  An acknowledgement is written only after the deed, and
what was not acknowledged may have happened or not; it stops at the first refusal.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from troth import store as stores
from troth.store import Meta, StoreError, rotating, steps

ROOT = bytes(range(32))
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
REFUSED = 3


def main(plan: Path, acks: Path) -> int:
    """Do the deeds of a plan; return ``REFUSED`` when the store refused one."""
    told = json.loads(plan.read_text())
    rotating.GROUP = 3
    _limit(told["room"], told["address"])
    _end_at(told["step"])
    with acks.open("w") as file:

        def ack(**said: Any) -> None:
            file.write(json.dumps(said) + "\n")
            file.flush()

        try:
            return _live(told, ack)
        except StoreError as error:
            ack(refused=str(error))
            return REFUSED


def _live(told: dict[str, Any], ack: Callable[..., None]) -> int:
    now = NOON + timedelta(days=told["days"])
    hand = Hand(told["address"], Path(told["folder"]), now)
    ack(opened=True)
    for n, (verb, *words) in enumerate(told["deeds"]):
        if os.getppid() == 1:
            return 0  # the campaign is gone
        ack(done=n, told=getattr(hand, verb)(*words))
    hand.store.close()
    return 0


class Hand:
    """The deeds of a plan, by name; a person is known by a number, as an e-mail address would be."""

    def __init__(self, address: str, folder: Path, now: datetime) -> None:
        self.address, self.folder, self.now = address, folder, now
        self.store = self._open()

    def _open(self) -> stores.Store:
        return stores.open(self.address, root_key=ROOT, now=lambda: self.now, company="club")

    def _who(self, n: int) -> int:
        person = self.store.find(namespace="email", value=str(n))
        assert person is not None, f"person {n} is lost"
        return person

    def collect(self, n: int, value: int) -> int:
        pid = self.store.new_person()
        due = (self.now + timedelta(days=20 + value % 60)).isoformat()
        with self.store.deed(person=pid) as deed:
            deed.put(data="contact", body={"n": value}, meta=Meta(due=due))
            deed.index(namespace="email", value=str(n))
            deed.log(kind="collected")
        return pid

    def change(self, n: int, value: int) -> None:
        pid = self._who(n)
        with self.store.deed(person=pid) as deed:
            (record,) = self.store.records(person=pid)
            deed.replace(rid=record.rid, body={"n": value})
            deed.log(kind="corrected")

    def drop(self, n: int) -> None:
        pid = self._who(n)
        with self.store.deed(person=pid) as deed:
            (record,) = self.store.records(person=pid)
            deed.drop(rid=record.rid)
            deed.log(kind="gone")

    def erase(self, n: int) -> int:
        with self.store.deed(person=self._who(n)) as deed:
            return deed.erase_person().leaf

    def sweep(self) -> None:
        self.store.sweep_files(thorough=True)

    def rotate(self) -> None:
        stores.rotate(self.store)

    def copy(self, name: str) -> None:
        with closing(stores.place_of(self.address, company="club")) as place:
            ring = stores.read_ring(self.folder / "ring")
            stores.backup(self.store, place, target=self.folder / name, ring=ring)

    def restore(self, name: str) -> None:
        self.store.close()
        with closing(stores.place_of(self.address, company="club")) as place:
            ring = stores.read_ring(self.folder / "ring")
            stores.restore(place, source=self.folder / name, ring=ring, root_key=ROOT)
        self.store = self._open()


def _limit(room: int, address: str) -> None:
    """Let no file of ours grow past so many bytes, as a full disk does; 0 sets no limit."""
    if room and not stores.on_server(address):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))


def _end_at(step: int) -> None:
    """End the process by ``kill -9`` at its so-manieth step between two writes; 0 lets it be."""
    seen = [0]

    def count(name: str) -> None:
        seen[0] += 1
        if seen[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    if step:
        steps.listen(count)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
