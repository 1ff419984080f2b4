"""Keeping: a store copied, brought back, and its keys turned over, by a company's name and settings alone.

A broken document keeps nobody from making a copy; only bringing one back opens the company, since what was
due meanwhile must go before anybody is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from troth import store as stores
from troth.runtime.load import load
from troth.runtime.open import contact_of, now
from troth.runtime.open import open as open_company
from troth.runtime.placing import Lies, insist_places, whereabouts
from troth.runtime.settings import Settings
from troth.runtime.storing import Lying, lying
from troth.store import Lost

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Backed:
    """A copy that was made, the older ones whose keys went, and how many erasures are now beyond them all."""

    copy: str
    destroyed: tuple[str, ...]
    beyond: int


@dataclass(frozen=True, slots=True)
class Restored:
    """Which copy was brought back, what of it was due meanwhile and went, and what it does not hold."""

    copy: str
    made: str
    gone: int
    lost: tuple[Lost, ...] = ()


def backup(
    folder: Path, target: Path, *, store: str, told: Settings, keep: timedelta, clock: Clock = now
) -> Backed:
    """Copy a company's store into a new folder; let copies older than ``keep`` lose their keys.

    Raise ``Misplaced`` when the copies are said to lie where some data may not stay.
    """
    _insist(folder, told)
    place = lying(store, folder.resolve().name, told)
    ring = stores.read_ring(place.ring(told))
    with _opened(place, told, clock) as opened:
        with closing(place.apart()) as apart:
            copied = stores.backup(opened, apart, target=target, ring=ring)
        destroyed = stores.expire(opened, ring, before=clock() - keep)
        return Backed(copied.name, tuple(destroyed), stores.beyond(opened))


def restore(
    folder: Path, source: Path, *, store: str, told: Settings, keys: bool = False, clock: Clock = now
) -> Restored:
    """Bring a copy back and let everything due go; nobody else may have the store open meanwhile.

    Raise ``Misplaced``, and bring nothing back, when the store is said to lie where some data may not stay.
    """
    _insist(folder, told)
    place = lying(store, folder.resolve().name, told)
    ring, root = stores.read_ring(place.ring(told)), place.root_key(told)
    with closing(place.apart()) as apart:
        copied, lost = stores.restore(apart, source=source, ring=ring, root_key=root, keys=keys)
    with closing(place.open(root, clock, head=ring.head)) as opened:
        opened.log(kind="restored", detail={"copy": copied.name, "keys": keys, "lost": len(lost)})
    company = open_company(folder, store=store, settings=told, clock=clock, root_key=root)
    try:
        gone = company.gate.sweep()
    finally:
        company.close()
    return Restored(copied.name, copied.made, gone.records, lost)


def rotate(folder: Path, *, store: str, told: Settings, clock: Clock = now) -> stores.Rotated:
    """Wrap every person's key anew, while the company is served."""
    with _opened(lying(store, folder.resolve().name, told), told, clock) as opened:
        return stores.rotate(opened)


def rotate_root(folder: Path, *, store: str, told: Settings, clock: Clock = now) -> stores.Rotated:
    """Put a new root key in the place of the one in force, and wrap every person's key anew under it.

    Nobody else may have the store open.  Ended at any instant, it is finished by whoever opens the store next
    or runs it again.
    """
    place = lying(store, folder.resolve().name, told)
    old = place.root_key(told)
    new = place.next_root(told)
    with closing(place.open(old, clock)) as opened:
        stores.rotate_root(opened, old, new)
        stores.promote(place.root_place(told))
        return stores.rotate(opened)


def status(folder: Path, *, store: str, told: Settings, clock: Clock = now) -> stores.Keys:
    """Return how a company's keys stand."""
    with _opened(lying(store, folder.resolve().name, told), told, clock) as opened:
        return stores.status(opened)


def places(folder: Path, *, told: Settings) -> tuple[Lies, ...]:
    """Return where each category of a company lies, by the settings, and where it may."""
    loaded = load(folder)
    contact = contact_of(loaded.policy, loaded.folder.site)
    return tuple(whereabouts(loaded.policy, told, contact.data if contact else ""))


def _insist(folder: Path, told: Settings) -> None:
    if told.store_place or told.copies_place:
        insist_places(load(folder).policy, told)


@contextmanager
def _opened(place: Lying, told: Settings, clock: Clock) -> Iterator[stores.Store]:
    with closing(place.open(place.root_key(told), clock)) as opened:
        yield opened
