"""Storing: where a company's people lie, by the words of the settings, and the root key that opens them.

A store is a file, a folder of files, or a PostgreSQL server that several companies may share.  Nothing here
opens a document.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from troth import store as stores
from troth.runtime.settings import Settings
from troth.terms import TrothError


class NoStore(TrothError):
    """The store's address is of a kind that is not there."""

    def __init__(self, url: str) -> None:
        kind = url.partition("://")[0]
        super().__init__(
            f"there is no store of the kind '{kind}'; give a file, sqlite:///FILE or postgresql://SERVER/NAME"
        )


@dataclass(frozen=True, slots=True)
class Lying:
    """Where one company's store lies: its address, another server's for the keys, a root key's default."""

    address: str
    company: str
    keys: str
    beside: Path

    def open(self, root_key: bytes, clock: Callable[[], datetime], *, head: str = "") -> stores.Store:
        """Open the store; ``head`` is a checkpoint kept elsewhere."""
        return stores.open(
            self.address, root_key=root_key, now=clock, head=head, company=self.company, keys=self.keys
        )

    def apart(self) -> stores.Place:
        """Open the place beside a store that is open there."""
        return stores.place_of(self.address, company=self.company, keys=self.keys)

    def ring(self, told: Settings) -> Path:
        """Return where the keys of copies are kept: beside the root key."""
        return Path(f"{told.root_key_file or self.beside}.ring")

    def root_place(self, told: Settings) -> Path:
        """Return the file of the root key, or of the salt that makes it from a passphrase."""
        usual = f"{self.beside}.salt" if told.passphrase else f"{self.beside}.root"
        return Path(told.root_key_file or usual)

    def root_key(self, told: Settings) -> bytes:
        """Return the root key that the settings name, made on first use.

        Where a change of it was cut off between the store and the file, the file is brought after.
        """
        place = self.root_place(told)
        if stores.root_waits(place) and self.fits(self.next_root(told)):
            stores.promote(place)
        if told.passphrase:
            return stores.root_passphrase(self.beside, told.passphrase, place, stands=self.stands)
        return stores.root_file(self.beside, place, stands=self.stands)

    def next_root(self, told: Settings) -> bytes:
        """Return the root key that is to follow, made where none waits yet."""
        return stores.root_next(self.root_place(told), self.beside, told.passphrase)

    def fits(self, root_key: bytes) -> bool:
        """Say whether this is the root key of what lies here."""
        with closing(self.apart()) as place:
            return stores.fits(place, root_key)

    def stands(self) -> bool:
        """Say whether a store is there already."""
        return stores.stands(self.address, company=self.company, keys=self.keys)


def lying(store: str, name: str, told: Settings) -> Lying:
    """Return where the company of this name lies by an address, or by the settings' where it is ''."""
    address = store or told.store
    if stores.on_server(address):
        return Lying(address, name, told.key_store, Path(name))
    file = store_file(address, name)
    return Lying(str(file), name, "", file)


def store_file(store: str, name: str) -> Path:
    """Return the file of a store's address, for the company of this name.

    >>> str(store_file("sqlite:///people.db", "club")), str(store_file("", "club"))
    ('people.db', 'club.db')
    """
    if "://" in store and not store.startswith("sqlite:///"):
        raise NoStore(store)
    path = Path(store.removeprefix("sqlite:///") or ".")
    return path / f"{name}.db" if path.is_dir() or store.endswith("/") else path
