"""Ad lint: what ad servers ask of an HTML5 advertisement, and that it reaches nobody before it is pressed.

The rules are those of the IAB's fixed sizes, of Google's and of Yahoo's ad servers, and our own: no outside
host, no storage, no way out of the frame but a pressed link.  A text is searched, not run: what could reach
out is refused, whether or not some path through the script gets there.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

FILES, HEAVIEST, REQUESTS = 100, 9_500_000, 10
WEIGHTS: Mapping[tuple[int, int], int] = {  # kB of the initial load (IAB, fixed sizes)
    (300, 250): 150, (728, 90): 150, (160, 600): 150, (970, 250): 250, (300, 1050): 250, (970, 90): 200,
    (320, 50): 50, (300, 50): 50, (120, 60): 50, (320, 480): 300, (480, 320): 300,
}  # fmt: skip
SIZE = re.compile(r'<meta\s+name="ad\.size"\s+content="width=(\d+),\s*height=(\d+)"', re.IGNORECASE)
TAG = re.compile(r"\bvar\s+(clickTag\d*)\s*=\s*\"([^\"]*)\"\s*;")
ADDRESS = re.compile(
    r"(?:(?:https?|wss?|ftp):)?//([a-z0-9][a-z0-9.-]*(?::\d+)?)[^\s\"'<>\\)]*", re.IGNORECASE
)
NOT_TEXT = re.compile(r"\.(png|jpe?g|gif|webp|woff2?|mp4|webm)$", re.IGNORECASE)
LOADS = re.compile(
    r"<(?:iframe|frame|object|embed|portal)\b|@import|\bimport\s*\(|XMLHttpRequest|WebSocket|EventSource"
    r"|sendBeacon|RTCPeerConnection|importScripts|http-equiv=[\"']?refresh"
    r"|createElement\(\s*[\"'](?:script|img|iframe|link|video|audio)|new\s+Image\b",
    re.IGNORECASE,
)
STORES = re.compile(
    r"document\s*\.\s*cookie|localStorage|sessionStorage|indexedDB|\bcaches\s*\.|serviceWorker|cookieStore"
    r"|window\s*\.\s*name\b|navigator\s*\.\s*(?:userAgent|plugins|languages?|geolocation|credentials)",
)
LEAVES = re.compile(
    r"\b(?:top|parent|opener)\s*\.\s*\w|\blocation\s*(?:=|\.\s*(?:href|assign|replace|reload))"
    r"|postMessage|resizeTo|resizeBy|moveTo|requestFullscreen|\balert\s*\(|\bconfirm\s*\(|\bprompt\s*\("
    r"|target=[\"']_(?:top|parent)",
)
WRITES = re.compile(
    r"\beval\s*\(|new\s+Function\b|document\s*\.\s*write|innerHTML|outerHTML|insertAdjacentHTML"
)
DRAWN = re.compile(
    r"(?:\bsrc(?:set)?\s*=\s*|\burl\(\s*|<link\b[^>]*\bhref\s*=\s*)[\"']?\s*((?:https?:)?//[^\s\"'>)]+)",
    re.IGNORECASE,
)
FETCH = re.compile(r"\bfetch\s*\(")


@dataclass(frozen=True, slots=True)
class Checked:
    """One rule and what was found: ``wrong`` is empty where it holds."""

    rule: str
    says: str
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pack:
    """An ad as its rules read it; ``counters`` are hosts that it may reach once it is pressed."""

    files: Mapping[str, bytes]
    packed: Mapping[str, int]
    counters: frozenset[str]

    @property
    def page(self) -> str:
        roots = [n for n in self.files if "/" not in n and n.lower().endswith((".html", ".htm"))]
        return self.text(roots[0]) if roots else ""

    def text(self, name: str) -> str:
        return self.files[name].decode("utf-8", "replace")

    def texts(self) -> Iterator[tuple[str, str]]:
        return ((n, self.text(n)) for n in self.files if not NOT_TEXT.search(n))

    @property
    def size(self) -> tuple[int, int] | None:
        found = SIZE.search(self.page)
        return (int(found[1]), int(found[2])) if found else None

    @property
    def loaded(self) -> list[str]:
        """Name the files of the initial load: all but the backup image."""
        return [n for n in self.files if not _backup(n)]


def lint(raw: bytes, *, counters: frozenset[str] = frozenset()) -> tuple[Checked, ...]:
    """Hold a zip against every rule; ``counters`` are the hosts of the deployment's own counter.

    >>> lint(b"no zip")[0].wrong
    ('is no zip',)
    """
    try:
        pack = _read(raw, counters)
    except zipfile.BadZipFile:
        return (Checked("zip", "one zip, no zip in it, at most 100 files and 9.5 MB", ("is no zip",)),)
    return tuple(Checked(rule, says, tuple(dict.fromkeys(check(pack)))) for rule, says, check in RULES)


def wrong(raw: bytes, *, counters: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return what is wrong with a zip, each with its rule; nothing when an ad server would take it."""
    return tuple(
        f"{checked.rule}: {one}" for checked in lint(raw, counters=counters) for one in checked.wrong
    )


def _read(raw: bytes, counters: frozenset[str]) -> _Pack:
    with zipfile.ZipFile(io.BytesIO(raw)) as zipped:
        infos = [i for i in zipped.infolist() if not i.is_dir()]
        if len(infos) > FILES or sum(i.file_size for i in infos) > 5 * HEAVIEST:
            raise zipfile.BadZipFile
        files = {i.filename: zipped.read(i) for i in infos}
        return _Pack(files, {i.filename: i.compress_size for i in infos}, counters)


def _zip(pack: _Pack) -> Iterator[str]:
    if sum(pack.packed.values()) > HEAVIEST:
        yield f"{sum(pack.packed.values()) / 1e6:.1f} MB"
    for name in pack.files:
        if name.lower().endswith((".zip", ".gz", ".tar", ".rar", ".7z")):
            yield f"{name} is packed again"
        if name.startswith("/") or ".." in name.split("/"):
            yield f"{name} leads out of the zip"


def _html(pack: _Pack) -> Iterator[str]:
    pages = [n for n in pack.files if n.lower().endswith((".html", ".htm"))]
    if len(pages) != 1 or "/" in pages[0]:
        yield f"{len(pages)} pages: {', '.join(sorted(pages)) or 'none'}"


def _meta(pack: _Pack) -> Iterator[str]:
    if pack.size is None:
        yield 'no <meta name="ad.size" content="width=…,height=…">'
    elif pack.size not in WEIGHTS:
        yield f"{pack.size[0]}x{pack.size[1]} is no size of the list"


def _weight(pack: _Pack) -> Iterator[str]:
    weight, most = sum(pack.packed[n] for n in pack.loaded) / 1000, WEIGHTS.get(pack.size or (0, 0), 150)
    if weight > most:
        yield f"{weight:.0f} kB, at most {most} kB"


def _requests(pack: _Pack) -> Iterator[str]:
    if len(pack.loaded) > REQUESTS:
        yield f"{len(pack.loaded)} files, at most {REQUESTS}"
    text = "".join(t for _, t in pack.texts())
    for name in pack.loaded:
        if not name.lower().endswith((".html", ".htm")) and name.rsplit("/", 1)[-1] not in text:
            yield f"{name} is in the zip and nothing uses it"


def _click(pack: _Pack) -> Iterator[str]:
    head = pack.page.partition("</head>")[0]
    tags = dict(TAG.findall(head))
    if "clickTag" not in tags:
        yield "no 'var clickTag = \"https://…\";' in the head"
    for name, url in tags.items():
        if urlsplit(url).scheme != "https":
            yield f"{name} leads to '{url}', not over https"
    body = pack.page.partition("</head>")[2] + "".join(t for n, t in pack.texts() if n.endswith(".js"))
    if "clickTag" in tags and "clickTag" not in body:
        yield "nothing leads out through clickTag"


def _polite(pack: _Pack) -> Iterator[str]:
    return _found(pack, LOADS)


def _outside(pack: _Pack) -> Iterator[str]:
    """Name each host but those that a press leads to and the counter's own, and what is loaded from any."""
    exits = {urlsplit(url).netloc.lower() for _, url in TAG.findall(pack.page)}
    for name, text in pack.texts():
        for found in ADDRESS.finditer(text):
            host = found[1].rstrip(".").lower()
            meant = ":" in found[0].split("//")[0] or "." in host  # else it is a comment
            if meant and host not in exits | pack.counters:
                yield f"{name} names {host}"
        for found in DRAWN.finditer(text):
            yield f"{name} loads {found[1]}"
        if FETCH.search(text) and not _bounded(pack):
            yield f"{name} says 'fetch', and no connect-src of the page bounds it"


def _bounded(pack: _Pack) -> bool:
    """Say whether the page's own policy lets a script reach nobody but the counter."""
    found = re.search(r"connect-src ([^;\"]+)", pack.page)
    reach = found[1].split() if found and "Content-Security-Policy" in pack.page else ["*"]
    return all(one == "'none'" or urlsplit(one).netloc in pack.counters for one in reach)


def _storage(pack: _Pack) -> Iterator[str]:
    return _found(pack, STORES)


def _frame(pack: _Pack) -> Iterator[str]:
    return _found(pack, LEAVES)


def _written(pack: _Pack) -> Iterator[str]:
    return _found(pack, WRITES)


def _links(pack: _Pack) -> Iterator[str]:
    text = "".join(t for _, t in pack.texts())
    for word in ("noopener", "no-referrer", "_blank"):
        if word not in text:
            yield f"no link says {word}"


def _quiet(pack: _Pack) -> Iterator[str]:
    yield from _found(pack, re.compile(r"<(?:audio|video)\b|autoplay|new\s+Audio\b", re.IGNORECASE))
    if not re.search(r"border(?:-width)?\s*:\s*[1-9]", "".join(t for _, t in pack.texts())):
        yield "no border sets it apart from the page"


def _picture(pack: _Pack) -> Iterator[str]:
    names = [n for n in pack.files if _backup(n)]
    if not names:
        yield "no backup.png, backup.jpg or backup.gif"
    for name in names:
        size = _dots(pack.files[name])
        if size and pack.size and size != pack.size:
            yield f"{name} is {size[0]}x{size[1]}"


def _found(pack: _Pack, what: re.Pattern[str]) -> Iterator[str]:
    for name, text in pack.texts():
        for found in what.finditer(text):
            yield f"{name} says '{found[0].strip()}'"


def _backup(name: str) -> bool:
    return bool(re.search(r"(^|/)backup\.(png|jpe?g|gif)$", name, re.IGNORECASE))


def _dots(raw: bytes) -> tuple[int, int] | None:
    """Return the size of a PNG or a GIF; None for what is neither."""
    if raw[:8] == b"\x89PNG\r\n\x1a\n" and len(raw) >= 24:
        width, height = struct.unpack(">II", raw[16:24])
        return int(width), int(height)
    if raw[:3] == b"GIF" and len(raw) >= 10:
        width, height = struct.unpack("<HH", raw[6:10])
        return int(width), int(height)
    return None


Check = Callable[[_Pack], Iterator[str]]
RULES: tuple[tuple[str, str, Check], ...] = (
    ("zip", "one zip, no zip in it, at most 100 files and 9.5 MB", _zip),
    ("single html", "one page, at the root of the zip", _html),
    ("ad.size", "the meta tag with a fixed size of the IAB", _meta),
    ("weight", "the initial load, packed, stays within the size's weight", _weight),
    ("requests", "at most 10 files in the initial load, and none unused", _requests),
    ("clickTag", "a clickTag in the head, over https, and the way out goes through it", _click),
    ("polite load", "nothing is loaded after the page", _polite),
    ("outside", "no host is named but where a press leads and the counter", _outside),
    ("storage", "no cookie, no storage, no look at the device", _storage),
    ("frame", "no way out of the frame, no word to the page around it", _frame),
    ("text", "no text becomes markup or script", _written),
    ("links", "a new window, noopener, no referrer", _links),
    ("quiet", "no sound, no film, a visible border", _quiet),
    ("backup image", "a still image of the ad's size", _picture),
)
