"""QR: reads a QR code (ISO/IEC 18004) back from its drawing, so that no library checks its own work.

It reads a clean drawing of versions 1 to 7 in byte mode and takes the data as they stand: nothing on a
drawing made by a program needs the error correction.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator

Grid = list[list[bool]]
# Per version and level: the data codewords of each block, in the order in which they are interleaved.
BLOCKS = {
    1: {"L": [19], "M": [16], "Q": [13], "H": [9]},
    2: {"L": [34], "M": [28], "Q": [22], "H": [16]},
    3: {"L": [55], "M": [44], "Q": [17] * 2, "H": [13] * 2},
    4: {"L": [80], "M": [32] * 2, "Q": [24] * 2, "H": [9] * 4},
    5: {"L": [108], "M": [43] * 2, "Q": [15] * 2 + [16] * 2, "H": [11] * 2 + [12] * 2},
    6: {"L": [68] * 2, "M": [27] * 4, "Q": [19] * 4, "H": [15] * 4},
    7: {"L": [78] * 2, "M": [31] * 4, "Q": [14] * 2 + [15] * 4, "H": [13] * 4 + [14]},
}
LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
ALIGNED = {1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38]}
MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read(grid: Grid) -> str:
    """Return the text of a code whose modules are given without their quiet zone."""
    size = len(grid)
    version = (size - 17) // 4
    told = sum(grid[8][c] << (4 - i) for i, c in enumerate((0, 1, 2, 3, 4))) ^ 0b10101
    level, mask = LEVELS[told >> 3], MASKS[told & 7]
    bits = [grid[r][c] ^ (mask(r, c) == 0) for r, c in _path(size, version)]
    words = [int("".join("01"[b] for b in bits[i : i + 8]), 2) for i in range(0, len(bits) - 7, 8)]
    data = _joined(words, BLOCKS[version][level])
    stream = "".join(f"{word:08b}" for word in data)
    assert stream[:4] == "0100", "only byte mode is read"
    length = int(stream[4:12], 2)
    return bytes(int(stream[12 + 8 * i : 20 + 8 * i], 2) for i in range(length)).decode()


def of_png(raw: bytes) -> Grid:
    """Return the modules of a PNG in shades of grey or in a palette, of at most eight bits a pixel."""
    assert raw[:8] == b"\x89PNG\r\n\x1a\n"
    chunks = list(_chunks(raw))
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    lines = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    palette = next((body for name, body in chunks if name == b"PLTE"), b"")
    stride = (width * depth + 7) // 8
    before, rows = bytes(stride), []
    for y in range(height):
        line = lines[y * (stride + 1) : (y + 1) * (stride + 1)]
        before = _unfiltered(line[0], line[1:], before)
        pixels = [
            before[x * depth // 8] >> (8 - depth - x * depth % 8) & (2**depth - 1) for x in range(width)
        ]
        rows.append([(palette[3 * p] if colour == 3 else p * 255 // (2**depth - 1)) < 128 for p in pixels])
    return _trimmed(rows)


def of_svg(text: str) -> Grid:
    """Return the modules of an SVG whose dark ones are horizontal strokes of one path."""
    found = re.search(r'<path[^>]* d="([^"]+)"', text)
    assert found is not None
    dark, x, y = set(), 0.0, 0.0
    for word, numbers in re.findall(r"([Mmh])([-\d. ]+)", found[1]):
        given = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
        if word == "M":
            x, y = given
        elif word == "m":
            x, y = x + given[0], y + given[1]
        else:
            dark |= {(int(x) + i, int(y)) for i in range(int(given[0]))}
            x += given[0]
    size = max(c for at in dark for c in at) + 1
    return _trimmed([[(c, r) in dark for c in range(size)] for r in range(size)])


def _joined(words: list[int], blocks: list[int]) -> list[int]:
    told: list[list[int]] = [[] for _ in blocks]
    taken = iter(words)
    for place in range(max(blocks)):
        for block, size in zip(told, blocks, strict=True):
            if place < size:
                block.append(next(taken))
    return [word for block in told for word in block]


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the data in the order in which they are read: columns in pairs, up and down."""
    column, upwards = size - 1, True
    while column > 0:
        column -= column == 6
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield from ((row, c) for c in (column, column - 1) if not _fixed(size, version, row, c))
        column, upwards = column - 2, not upwards


def _fixed(size: int, version: int, row: int, column: int) -> bool:
    corner = (row < 9 and (column < 9 or column >= size - 8)) or (row >= size - 8 and column < 9)
    told = version >= 7 and ((row < 6 and column >= size - 11) or (column < 6 and row >= size - 11))
    centres = [
        (r, c)
        for r in ALIGNED[version]
        for c in ALIGNED[version]
        if (r, c) not in ((6, 6), (6, size - 7), (size - 7, 6))
    ]
    aligned = any(abs(row - r) <= 2 and abs(column - c) <= 2 for r, c in centres)
    return corner or told or row == 6 or column == 6 or aligned


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(raw):
        (length,) = struct.unpack(">I", raw[at : at + 4])
        yield raw[at + 4 : at + 8], raw[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(kind: int, line: bytes, before: bytes) -> bytes:
    assert kind in (0, 2), "this reader knows the filters none and up"
    return line if kind == 0 else bytes((a + b) & 255 for a, b in zip(line, before, strict=True))


def _trimmed(rows: Grid) -> Grid:
    """Cut the quiet zone off and take one pixel a module; the finder pattern's edge says how wide one is."""
    top = next(y for y, row in enumerate(rows) if any(row))
    left = min(row.index(True) for row in rows if any(row))
    right = max(len(row) - row[::-1].index(True) for row in rows if any(row))
    edge = rows[top][left:right]
    scale = (edge.index(False) if False in edge else len(edge)) // 7
    return [row[left:right:scale] for row in rows[top : top + (right - left) : scale]]
