"""Ring: the keys that open copies of the key store, one each, in a file that lies with the root key.

A copy whose key is off the ring is beyond anybody's reach, wherever it is kept.  The ring also remembers the
last head that was signed when a copy was made, so that an older copy is found out.
INVARIANT (never half): the file is replaced whole, and then what it held before is overwritten.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from troth.store.errors import StoreError

KIND = "troth-ring 1"


@dataclass(slots=True)
class Ring:
    """The ring at a path; ``save`` writes it."""

    path: Path
    keys: dict[str, str] = field(default_factory=dict, repr=False)  # copy → its key in hex
    head: str = ""

    def cut(self, name: str) -> bytes:
        """Make a copy's key and put it on the ring, written before it is used."""
        key = secrets.token_bytes(32)
        self.keys[name] = key.hex()
        self.save()
        return key

    def key(self, name: str) -> bytes:
        """Return a copy's key; raise ``StoreError`` when it is off the ring."""
        if name not in self.keys:
            raise StoreError(f"the key of copy {name} is not on {self.path.name}: it can no longer be opened")
        return bytes.fromhex(self.keys[name])

    def save(self) -> None:
        """Write the ring for its owner alone."""
        text = json.dumps({"kind": KIND, "keys": self.keys, "head": self.head}, indent=1)
        try:
            before = self.path.open("r+b") if self.path.exists() else None
            _replace(self.path, text)
            if before:
                with before:
                    before.write(b"\0" * os.fstat(before.fileno()).st_size)
                    before.flush()
                    os.fsync(before.fileno())
        except OSError as error:
            raise StoreError(f"{self.path.name} could not be written ({error.strerror})") from error


def read_ring(path: str | Path) -> Ring:
    """Read the ring at a path, an empty one where there is none."""
    try:
        said = json.loads(Path(path).read_text(encoding="ascii"))
        if said["kind"] != KIND:
            raise ValueError(said["kind"])
        return Ring(Path(path), dict(said["keys"]), str(said["head"]))
    except FileNotFoundError:
        return Ring(Path(path))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{Path(path).name} is no ring of ours; restore it with the root key") from error


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
