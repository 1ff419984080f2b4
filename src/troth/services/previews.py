"""Previews: the title and the words by which a page outside shows itself beside a link, as plain text.

Fetching is a carrier's work (``carriers.preview``); this reads what came.  Its one rule: *text only*: no
picture, no address and no markup of the page goes on, so that a preview can neither look nor lead elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

TITLE, WORDS = 140, 280
SITE = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_NAMES = {"og:title": "title", "og:description": "words", "description": "words", "twitter:title": "title"}
BREAK = "\n"


@dataclass(frozen=True, slots=True)
class Preview:
    """What a page says of itself."""

    title: str
    words: str = ""

    @property
    def line(self) -> str:
        """Return it as it is kept.

        >>> Preview.read(Preview("A", "B").line)
        Preview(title='A', words='B')
        """
        return f"{self.title}{BREAK}{self.words}"

    @classmethod
    def read(cls, text: str) -> Preview | None:
        """Read what ``line`` wrote; None for nothing."""
        title, _, words = text.partition(BREAK)
        return cls(title, words) if title else None


def address(link: str) -> str:
    """Return a web address of a site by its name, '' for anything else.

    >>> address("https://news.example/a?b=1"), address("javascript:alert(1)"), address("http://127.0.0.1/")
    ('https://news.example/a?b=1', '', '')
    """
    try:
        parts = urlsplit(link.strip())
        name, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except (ValueError, UnicodeError):
        return ""
    named = SITE.fullmatch(name) and "." in name and not name.rpartition(".")[2].isdigit()
    plain = parts.scheme in ("http", "https") and port in (None, 80, 443) and not parts.username
    return link.strip() if named and plain and len(link) <= 2000 else ""


def read_preview(html: str) -> Preview | None:
    """Read a page's title and description; None when it has no title.

    >>> read_preview('<title>News &amp; more</title><meta name="description" content="<b>All</b>">')
    Preview(title='News & more', words='<b>All</b>')
    """
    reader = _Reader()
    reader.feed(html)
    title = _plain(reader.found.get("title", "") or reader.title, TITLE)
    return Preview(title, _plain(reader.found.get("words", ""), WORDS)) if title else None


class _Reader(HTMLParser):
    """Collects a page's title and what its head says of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self.title = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "title" and not self.title
        said = {name: value or "" for name, value in attrs}
        kind = _NAMES.get((said.get("property") or said.get("name") or "").lower())
        if tag == "meta" and kind:
            self.found.setdefault(kind, said.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.title += data


def _plain(text: str, most: int) -> str:
    """Return a text on one line, without what a terminal or a browser might obey, cut at ``most``."""
    clean = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"
