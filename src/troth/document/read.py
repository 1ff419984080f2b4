"""Read: a Markdown text as sections of prose and rule blocks, each knowing its line.

A section begins at a heading; its reference is the heading's number (``4.1``), else a slug of its words.
The one rule: no text is dropped; what is neither heading nor rule block is prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from troth.terms import TrothError

_NUMBER = re.compile(r"(\d+[a-z]?(?:\.\d+[a-z]?)*)\.?(?:\s+|$)")
_PHRASE = re.compile(r"\[([^\]\[]+)\]\(([a-z][a-z-]*):([^()\s]+)\)")
_WEB = frozenset({"http", "https", "mailto", "tel"})


class WrongEncoding(TrothError):
    """The bytes of a document are not UTF-8."""

    def __init__(self, path: str, offset: int) -> None:
        self.offset = offset
        super().__init__(f"{path}: not UTF-8 at byte {offset}; save the file as UTF-8")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of prose as it stands in the file, from ``line`` on."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Block:
    """The inside of one ``troth`` block; ``line`` is the file line of its first line of content."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, up to the next heading of any level."""

    ref: str
    title: str
    line: int
    level: int
    prose: tuple[Paragraph, ...] = ()
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole text.  Prose before the first heading stands in a section with the reference ``start``."""

    path: str
    title: str
    sections: tuple[Section, ...]

    def section(self, ref: str) -> Section | None:
        """Return the section with this reference, if there is one."""
        return next((s for s in self.sections if s.ref == ref), None)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of the prose bound to a rule: ``[30 days](keep:visit)``."""

    text: str
    kind: str
    name: str
    line: int
    column: int


def read(text: str | bytes, path: str) -> Document:
    """Return the document of a text; bytes that are not UTF-8 raise ``WrongEncoding``.

    >>> found = read("# Club\\n\\n## 4.1 News\\nWe write.\\n", "policy.md").sections[1]
    >>> found.ref, found.title, found.line, found.prose[0].text
    ('4.1', 'News', 3, 'We write.')
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            raise WrongEncoding(path, wrong.start) from None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    tokens = MarkdownIt("commonmark", {"html": False}).parse("\n".join(lines))
    sections = _sections(tokens, lines)
    title = next((s.title for s in sections if s.level), "")
    return Document(path, title, tuple(sections))


def phrases(paragraph: Paragraph) -> tuple[Phrase, ...]:
    """Return the bound phrases of a paragraph; links to the web are not among them.

    >>> phrases(Paragraph("We keep it\\n[30 days](keep:visit).", 7))
    (Phrase(text='30 days', kind='keep', name='visit', line=8, column=1),)
    """
    found = []
    for hit in _PHRASE.finditer(paragraph.text):
        if hit[2] in _WEB:
            continue
        before = paragraph.text[: hit.start()]
        line = paragraph.line + before.count("\n")
        column = hit.start() - (before.rfind("\n") + 1) + 1
        found.append(Phrase(" ".join(hit[1].split()), hit[2], hit[3], line, column))
    return tuple(found)


def _sections(tokens: list[Token], lines: list[str]) -> list[Section]:
    found: list[Section] = []
    seen: dict[str, int] = {}
    ref, title, line, level = "start", "", 1, 0
    prose: list[Paragraph] = []
    blocks: list[Block] = []

    def close() -> None:
        if level or prose or blocks:
            found.append(Section(ref, title, line, level, tuple(prose), tuple(blocks)))
        prose.clear()
        blocks.clear()

    for i, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        start, end = token.map
        if token.type == "heading_open":
            close()
            ref, title = _heading(tokens[i + 1].content)
            seen[ref] = seen.get(ref, 0) + 1
            if seen[ref] > 1:
                ref = f"{ref}:{seen[ref]}"
            line, level = start + 1, int(token.tag[1:])
        elif token.type == "fence" and token.info.strip() == "troth":
            blocks.append(Block(token.content, start + 2))
        else:
            prose.append(Paragraph("\n".join(lines[start:end]).rstrip(), start + 1))
    close()
    return found


def _heading(text: str) -> tuple[str, str]:
    """Split a heading into its reference and its title."""
    number = _NUMBER.match(text)
    if number:
        return number[1], text[number.end() :].strip()
    slug = re.sub(r"\W+", "-", text.lower()).strip("-")
    return slug or "section", text.strip()
