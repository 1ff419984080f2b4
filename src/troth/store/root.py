"""Root: the 32 bytes under which all other keys lie, from a file or from a passphrase.

The key stands beside the data and outside them (``PATH.root``, or wherever the operator keeps it), so that a
copy of the data files is unreadable by itself.  INVARIANT (no second root): a new key or salt is made only
while no data stand; a store whose root is gone says so and is not quietly given another.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from troth.store.errors import StoreError

Stands = Callable[[], bool]  # whether data stand; asked only where no key is found
BYTES = 32
COST = 2**17  # scrypt's N with r=8, p=1: what OWASP asks for; 128 MiB and some tenths of a second, once


class RootMissing(StoreError):
    """The root key (or a passphrase's salt) is not where it should be, and data stand that need it."""


def root_file(data: str | Path, place: str | Path | None = None, *, stands: Stands | None = None) -> bytes:
    """Return the root key of the store at ``data`` from ``place`` (default ``PATH.root``), made on first use.

    Raises ``RootMissing`` when the file is gone while data exist, ``StoreError`` when it holds no key.
    """
    path = Path(place) if place is not None else Path(f"{data}.root")
    text = _kept(path, stands or files_stand(data), f"troth-root 1\n{secrets.token_hex(BYTES)}\n")
    return _hex(text, "troth-root 1", path)


def root_passphrase(
    data: str | Path, passphrase: str, place: str | Path | None = None, *, stands: Stands | None = None
) -> bytes:
    """Return the root key that a passphrase gives with the salt at ``place`` (default ``PATH.salt``).

    The salt is no secret, but without it the passphrase opens nothing: keep a copy.
    Raises ``RootMissing`` when the salt is gone while data exist, ``StoreError`` for a passphrase of under
    twelve characters; a wrong one is found out by ``open``.
    """
    if len(passphrase) < 12:
        raise StoreError(
            "the passphrase is too short; take at least 12 characters, better four words or more"
        )
    path = Path(place) if place is not None else Path(f"{data}.salt")
    text = _kept(path, stands or files_stand(data), f"troth-scrypt {COST}\n{secrets.token_hex(BYTES)}\n")
    cost = text.partition("\n")[0].removeprefix("troth-scrypt ")
    if not cost.isdecimal() or int(cost) < 2**14 or int(cost) & (int(cost) - 1):
        raise StoreError(f"{path.name} is no salt of ours; restore the one this store was made with")
    salt = _hex(text, f"troth-scrypt {cost}", path)
    memory = int(cost) * 8 * 128 * 2
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=int(cost), r=8, p=1, maxmem=memory, dklen=BYTES)


def _kept(path: Path, stands: Stands, new: str) -> str:
    """Return what stands at ``path``, writing ``new`` there first when neither it nor any data exist."""
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path.name} cannot be read ({type(error).__name__})") from error
    if stands():
        raise RootMissing(f"{path.name} is missing while data exist; restore it, the data open with no other")
    _place(path, new)
    return path.read_text(encoding="ascii")


def _place(path: Path, text: str) -> None:
    """Put a whole file there for its owner alone; where another process was first, theirs stands."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        _sync(path.parent)
    finally:
        draft.unlink()


def root_next(path: str | Path, data: str | Path, passphrase: str = "") -> bytes:
    """Return the root key that is to follow the one at ``path``, made beside it on first use.

    It waits there as ``NAME.next`` until ``promote``, so that whoever is ended in between goes on with it.
    """
    follower = _next(path)
    if passphrase:
        return root_passphrase(data, passphrase, follower, stands=lambda: False)
    return root_file(data, follower, stands=lambda: False)


def root_waits(path: str | Path) -> bool:
    """Say whether a next root key waits beside the one at ``path``."""
    return _next(path).exists()


def promote(path: str | Path) -> None:
    """Put the next root key in the place of the one at ``path``, and overwrite what stood there."""
    follower = _next(path)
    try:
        with Path(path).open("r+b") as before:
            os.replace(follower, path)
            _sync(Path(path).parent)
            before.write(b"\0" * os.fstat(before.fileno()).st_size)
            before.flush()
            os.fsync(before.fileno())
    except OSError as error:
        raise StoreError(
            f"{follower.name} could not take its place ({error.strerror}); run it again"
        ) from error


def files_stand(data: str | Path) -> Stands:
    """Return what says whether one of a store's two files is there."""
    paths = (Path(data), Path(f"{data}.keys"))
    return lambda: any(path.exists() and path.stat().st_size > 0 for path in paths)


def _next(path: str | Path) -> Path:
    return Path(f"{path}.next")


def _sync(folder: Path) -> None:
    """Make sure that a folder's names outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hex(text: str, head: str, path: Path) -> bytes:
    try:
        title, line = text.split("\n", 1)
        raw = bytes.fromhex(line.strip())
    except ValueError:
        title, raw = "", b""
    if title != head or len(raw) != BYTES:
        raise StoreError(f"{path.name} holds no key of ours; restore the one this store was made with")
    return raw
