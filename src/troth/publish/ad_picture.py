"""Ad picture: the still image that an ad server shows where no script runs, drawn without any library.

A PNG of four colours: a band with the advertiser's name, and the title below it, in letters of 5 by 7 dots.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib

GLYPHS = (
    "0000000000 00005F0000 0007000700 147F147F14 242A7F2A12 2313086462 3649562050 0008070300 001C224100 "
    "0041221C00 2A1C7F1C2A 08083E0808 0080703000 0808080808 0000606000 2010080402 3E5149453E 00427F4000 "
    "7249494946 2141494D33 1814127F10 2745454539 3C4A494931 4121110907 3649494936 464949291E 0000140000 "
    "0040340000 0008142241 1414141414 0041221408 0201590906 3E415D594E 7C1211127C 7F49494936 3E41414122 "
    "7F4141413E 7F49494941 7F09090901 3E41415173 7F0808087F 00417F4100 2040413F01 7F08142241 7F40404040 "
    "7F021C027F 7F0408107F 3E4141413E 7F09090906 3E4151215E 7F09192946 2649494932 03017F0103 3F4040403F "
    "1F2040201F 3F4038403F 6314081463 0304780403 6159494D43 007F414141 0204081020 004141417F 0402010204 "
    "4040404040 0003070800 2054547840 7F28444438 3844444428 384444287F 3854545418 00087E0902 18A4A49C78 "
    "7F08040478 00447D4000 2040403D00 7F10284400 00417F4000 7C04780478 7C08040478 3844444438 FC18242418 "
    "18242418FC 7C08040408 4854545424 04043F4424 3C4040207C 1C2040201C 3C4030403C 4428102844 4C9090907C "
    "4464544C44"
).split()
MORE = {"æ": "2054785458", "ø": "38645C4C38", "å": "2055557840", "Æ": "7E097F4949", "Ø": "5E2151423D",
        "Å": "7814151478", "é": "3854565518", "–": "0808080808", "’": "0008070300"}  # fmt: skip
WIDE, HIGH = 6, 9  # dots of a letter with its gap


def picture(size: tuple[int, int], colour: str, name: str, title: str) -> bytes:
    """Draw the still image of an ad as a PNG.

    >>> picture((300, 250), "#5B3A29", "Kaffe", "A summer")[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    width, height = size
    dots = [bytearray(width) for _ in range(height)]
    band = min(height // 3, 44)
    for row in dots[:band]:
        row[:] = b"\x01" * width
    _write(dots, name, (10, (band - HIGH * 2) // 2), 2, 2, width - 20, 1)
    scale = 2 if height < 120 or width < 200 else 3
    _write(dots, title, (10, band + 10), scale, 3, width - 20, max(1, (height - band - 20) // (HIGH * scale)))
    _border(dots)
    palette = bytes.fromhex("FFFFFF" + colour.lstrip("#") + _on(colour) + "1B211F")
    return _png(width, height, palette, dots)


def _on(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "000000" if 0.3 * red + 0.59 * green + 0.11 * blue > 128 else "FFFFFF"


def _write(
    dots: list[bytearray], text: str, at: tuple[int, int], scale: int, shade: int, room: int, lines: int
) -> None:
    """Write a text from a corner on, broken at spaces, as far as there is room."""
    for number, line in enumerate(_broken(text, room // (WIDE * scale))[:lines]):
        for place, letter in enumerate(line):
            corner = (at[0] + place * WIDE * scale, at[1] + number * HIGH * scale)
            _letter(dots, _glyph(letter), corner, scale, shade)


def _broken(text: str, most: int) -> list[str]:
    """Break a text into lines.

    >>> _broken("A summer with coffee", 8)
    ['A summer', 'with', 'coffee']
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if len(longer) <= most or not lines[-1] else [*lines, word]
    return [line[: max(most, 1)] for line in lines]


def _glyph(letter: str) -> bytes:
    plain = unicodedata.normalize("NFKD", letter)[:1]
    at = ord(plain) - 32 if plain else 0
    return bytes.fromhex(MORE.get(letter) or (GLYPHS[at] if 0 <= at < len(GLYPHS) else GLYPHS[0]))


def _letter(dots: list[bytearray], glyph: bytes, corner: tuple[int, int], scale: int, shade: int) -> None:
    for x, column in enumerate(glyph):
        for y in range(8):
            if column >> y & 1:
                left = corner[0] + x * scale
                for row in range(corner[1] + y * scale, corner[1] + (y + 1) * scale):
                    if 0 <= row < len(dots) and left + scale <= len(dots[row]):
                        dots[row][left : left + scale] = bytes([shade]) * scale


def _border(dots: list[bytearray]) -> None:
    dots[0][:] = dots[-1][:] = b"\x03" * len(dots[0])
    for row in dots:
        row[0] = row[-1] = 3


def _png(width: int, height: int, palette: bytes, dots: list[bytearray]) -> bytes:
    def chunk(kind: bytes, raw: bytes) -> bytes:
        return struct.pack(">I", len(raw)) + kind + raw + struct.pack(">I", zlib.crc32(kind + raw))

    lines = b"".join(b"\x00" + bytes(row) for row in dots)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (
        chunk(b"IHDR", head),
        chunk(b"PLTE", palette),
        chunk(b"IDAT", zlib.compress(lines, 9)),
        chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
