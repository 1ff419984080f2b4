"""Once: a company's folder is read, checked, proved and published once for all tests that leave it alike.

Folders are told apart by their bytes, so a test that edits its copy gets a reading of its own.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from troth.runtime import Loaded, insist, load

MOST = 6  # readings held by one process
_known: dict[bytes, Loaded] = {}


def read(home: Path) -> Loaded:
    """Return what ``load`` makes of a folder; raise ``DocumentBroken`` with every error in it."""
    key = digest(home)
    if key not in _known:
        if len(_known) == MOST:
            del _known[next(iter(_known))]
        _known[key] = insist(load(home))
    return _known[key]


def digest(home: Path) -> bytes:
    """Return a digest of a folder's name and of every file in it."""
    told = sha256(home.name.encode())
    for path in sorted(p for p in home.rglob("*") if p.is_file()):
        told.update(f"\0{path.relative_to(home)}\0".encode() + sha256(path.read_bytes()).digest())
    return told.digest()
