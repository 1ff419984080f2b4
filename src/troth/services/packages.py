"""Packages: what an archive holds, told without putting any of it anywhere, and which archives are not taken.

An archive is read through once, a piece at a time, and what comes out is counted and let go.  Its one rule:
*sizes are counted and never believed*, because an archive may say anything of itself.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

MOST_ENTRIES = 2_000
MOST_BYTES = 64 * 1024 * 1024  # of everything in it, unpacked
PIECE = 64 * 1024
LOCKED = 0x1  # the flag of an entry that only its password opens


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in an archive: its name as it stands there, and how many bytes it unpacks to."""

    name: str
    size: int


def entries(content: bytes) -> tuple[Entry, ...]:
    """Return what an archive (ZIP) holds; raise ``ValueError``, which says why, for one that is not taken.

    >>> made = io.BytesIO()
    >>> with zipfile.ZipFile(made, "w") as archive:
    ...     archive.writestr("templates/letter.xml", "<letter/>")
    >>> entries(made.getvalue())
    (Entry(name='templates/letter.xml', size=9),)
    >>> entries(b"PK")
    Traceback (most recent call last):
    ValueError: this is no archive that can be read
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise ValueError("this is no archive that can be read") from error


def _read(archive: zipfile.ZipFile) -> tuple[Entry, ...]:
    listed = archive.infolist()
    if len(listed) > MOST_ENTRIES:
        raise ValueError(f"an archive holds at most {MOST_ENTRIES} files")
    left, found = MOST_BYTES, []
    for info in listed:
        if info.flag_bits & LOCKED:
            raise ValueError("an archive that only a password opens is not taken")
        if not _stays_inside(info.filename):
            raise ValueError("a file in this archive names a place outside of it")
        size = _measured(archive, info, left)
        left -= size
        if not info.is_dir():
            found.append(Entry(info.filename, size))
    return tuple(found)


def _measured(archive: zipfile.ZipFile, info: zipfile.ZipInfo, left: int) -> int:
    """Count what an entry unpacks to, and stop at the first byte too many."""
    size = 0
    with archive.open(info) as file:
        while piece := file.read(PIECE):
            size += len(piece)
            if size > left:
                raise ValueError(f"an archive unpacks to at most {MOST_BYTES // 1024 // 1024} MiB")
    return size


def _stays_inside(name: str) -> bool:
    """Say whether a name leads nowhere but into the archive.

    >>> [_stays_inside(n) for n in ("a/b.xml", "../b", "/etc/b", "c:\\\\b")]
    [True, False, False, False]
    """
    parts = name.replace("\\", "/").split("/")
    return ".." not in parts and bool(parts[0]) and ":" not in parts[0]
