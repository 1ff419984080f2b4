"""Thief: who holds every byte that a system wrote, and looks for canaries in all of them.

Looked for as they are and as programs write text: UTF-16 and -32, base 64 at its three offsets, base 32, hex,
percent, quoted-printable, JSON and HTML escapes; and inside of every compressed stream that begins anywhere,
and of what is base 64 of one.
"""

from __future__ import annotations

import base64
import bz2
import lzma
import quopri
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.campaign.canary import MARK, NORDIC

ROOM = 1 << 20  # of a stream, how much is unpacked
STREAMS: dict[bytes, tuple[str, Callable[[], Any]]] = {
    rb"\x78[\x01\x5e\x9c\xda]": ("zlib", zlib.decompressobj),
    rb"\x1f\x8b\x08": ("gzip", lambda: zlib.decompressobj(31)),
    rb"BZh[1-9]1AY": ("bzip2", bz2.BZ2Decompressor),
    rb"\xfd7zXZ\x00": ("xz", lzma.LZMADecompressor),
}
ZIPPED = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}")


def forms() -> dict[bytes, str]:
    """Return every way in which the marks may be written, with its name."""
    found: dict[bytes, str] = {}
    for mark in (MARK, MARK.upper(), MARK.title(), NORDIC, NORDIC.upper()):
        for name, raw in _written(mark):
            found.setdefault(raw, name)
    return found


def _written(mark: str) -> Iterator[tuple[str, bytes]]:
    """Yield a mark in each encoding: first as bytes, then each of those in what carries bytes as text."""
    plain = {"plain": mark.encode(), "utf-16": mark.encode("utf-16-le"), "utf-16be": mark.encode("utf-16-be")}
    plain["utf-32"] = mark.encode("utf-32-le")
    if not mark.isascii():
        plain["json"] = mark.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
        plain["latin-1"] = mark.encode("latin-1")
    for name, raw in plain.items():
        yield name, raw
        yield f"{name} in hex", raw.hex().encode()
        yield f"{name} in HEX", raw.hex().upper().encode()
        yield f"{name} in base 32", base64.b32encode(raw[: len(raw) // 5 * 5])
        yield from ((f"{name} in base 64", told) for told in _base64(raw))
    whole = mark.encode()
    yield "percent", quote(mark).encode()
    yield "percent", re.sub("%..", lambda told: told[0].lower(), quote(mark)).encode()
    yield "quoted-printable", quopri.encodestring(whole)
    yield "percent", "".join(f"%{b:02X}" for b in whole).encode()
    yield "quoted-printable", "".join(f"={b:02X}" for b in whole).encode()
    yield "json", "".join(f"\\u{ord(c):04x}" for c in mark).encode()
    yield "html", "".join(f"&#{ord(c)};" for c in mark).encode()
    yield "html in hex", "".join(f"&#x{ord(c):x};" for c in mark).encode()


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield what stays the same of some bytes in base 64, wherever among others they stand."""
    for before in range(3):
        told = base64.b64encode(bytes(before) + raw)
        sure = told[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


FORMS = forms()


def found(raw: bytes, depth: int = 2) -> Iterator[str]:
    """Yield how and where canaries stand in some bytes: ``base 64 at 4711``."""
    for form, name in FORMS.items():
        at = raw.find(form)
        if at >= 0:
            yield f"{name} at {at}"
    if depth:
        for at, kind, inner in _inside(raw):
            yield from (f"{how}, in {kind} at {at}" for how in found(inner, depth - 1))


def _inside(raw: bytes) -> Iterator[tuple[int, str, bytes]]:
    for head, (kind, opened) in STREAMS.items():
        for match in re.finditer(head, raw):
            if inner := _unpacked(opened(), raw[match.start() : match.start() + ROOM]):
                yield match.start(), kind, inner
    for match in ZIPPED.finditer(raw):
        at = match.end() + int.from_bytes(match[1], "little") + int.from_bytes(match[2], "little")
        if inner := _unpacked(zlib.decompressobj(-15), raw[at : at + ROOM]):
            yield at, "zip", inner
    for match in BASE64.finditer(raw):
        told = match[0][: len(match[0]) // 4 * 4].translate(bytes.maketrans(b"-_", b"+/"))
        inner = base64.b64decode(told)
        if any(re.match(head, inner) for head in STREAMS):
            yield match.start(), "base 64", inner


def _unpacked(stream: Any, raw: bytes) -> bytes:
    """Return what can be unpacked, '' where nothing was packed."""
    told = bytearray()
    try:
        for at in range(0, len(raw), 4096):
            told += stream.decompress(raw[at : at + 4096])
            if len(told) > ROOM or stream.eof:
                break
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        pass  # a torn stream tells what it told before
    return bytes(told[:ROOM]) if len(told) >= len(MARK) else b""


def stolen(folder: Path, *, but: Path | None = None) -> list[str]:
    """Return what a thief of a folder finds: file, form and place; ``but`` is looked past."""
    told: list[str] = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if but is None or but not in path.parents:
            told += [f"{path.relative_to(folder)}: {how}" for how in found(path.read_bytes())]
            told += [f"name of {path.relative_to(folder)}"] if any(found(path.name.encode())) else []
    return told
