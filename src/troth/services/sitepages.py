"""Site pages: the company's own pages, written in Markdown; nothing in them is loaded from elsewhere.

A file is ``NAME.md``, or ``NAME.nb.md`` in another language.  Its first heading is its title; a paragraph
``film: NAME VIDEO Title`` is a film behind a still image, played under the cookie statement of that name, and
``share: CLASS`` a row of plain links by which a reader passes the page on to the networks of that class, and
``ad: here`` a slot for one of our own advertisements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from troth.terms import Place, Problem

NAME = re.compile(r"[a-z0-9-]{1,40}(\.[a-z]{2})?")
FILM = re.compile(r"film: ([a-z0-9-]{1,40}) ([A-Za-z0-9_-]{4,40}) (.{1,120})")
SLOT = "ad: here"
SHARE = re.compile(r"share: ([a-z0-9-]{1,40})")
MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Film:
    """A film of a page: the cookie statement it plays under, its number at the host, and its title."""

    tracker: str
    video: str
    title: str


@dataclass(frozen=True, slots=True)
class Share:
    """A row of links to the networks of a class of parties; nothing goes to any of them before a press."""

    party: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one advertisement of our own."""


@dataclass(frozen=True, slots=True)
class Button:
    """One network's link: where a press leads, and the network's own policy, which holds from then on."""

    title: str
    link: str
    policy: str


@dataclass(frozen=True, slots=True)
class SitePage:
    """One page; ``parts`` are safe HTML, films and rows of share buttons, in their order."""

    name: str
    title: str
    parts: tuple[str | Film | Share | Slot, ...]
    path: str = ""


def read_page(text: str, name: str, path: str = "") -> tuple[SitePage, tuple[Problem, ...]]:
    """Read one page and what keeps it from being shown.

    >>> page, problems = read_page("# Flows\\n\\nTalk.\\n\\nfilm: film dQw4w9 How it works", "flows")
    >>> page.title, page.parts[1], problems
    ('Flows', Film(tracker='film', video='dQw4w9', title='How it works'), ())
    """
    tokens = MARKDOWN.parse(text)
    problems = tuple(_problems(tokens, name, path))
    parts: list[str | Film | Share | Slot] = []
    run: list[Token] = []
    for block in _blocks(tokens):
        part = _part(block[1].content.strip()) if block[0].type == "paragraph_open" else None
        if part is None:
            run += block
            continue
        parts, run = [*parts, _html(run), part], []
    parts = [p for p in (*parts, _html(run)) if p]
    title = next((t.content for k, t in pairwise(tokens) if k.type == "heading_open"), name)
    return SitePage(name, title, tuple(parts), path), problems


def pages_in(pages: Mapping[str, SitePage], language: str) -> Mapping[str, SitePage]:
    """Return each page by its plain name, in this language as far as it is written in it."""
    plain = {n: p for n, p in pages.items() if "." not in n}
    return {n: pages.get(f"{n}.{language}", p) for n, p in plain.items()}


def buttons(members: Mapping[str, Mapping[str, object]], address: str) -> tuple[Button, ...]:
    """Return the links by which a page is passed on: each member's ``button``, with the page put into it.

    >>> net = {"title": "Net", "button": "https://net.example/?u={page}"}
    >>> buttons({"net": net}, "https://club.example/a b")[0].link
    'https://net.example/?u=https%3A%2F%2Fclub.example%2Fa%20b'
    """
    shown = ((name, about) for name, about in members.items() if about.get("button"))
    return tuple(
        Button(
            str(about.get("title", name)),
            str(about["button"]).replace("{page}", quote(address, safe="")),
            str(about.get("policy", "")),
        )
        for name, about in shown
    )


def _part(line: str) -> Film | Share | Slot | None:
    if line == SLOT:
        return Slot()
    if film := FILM.fullmatch(line):
        return Film(*film.groups())
    share = SHARE.fullmatch(line)
    return Share(share[1]) if share else None


def _blocks(tokens: list[Token]) -> Iterator[list[Token]]:
    block: list[Token] = []
    for token in tokens:
        block.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield block
            block = []


def _html(tokens: list[Token]) -> str:
    return str(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})) if tokens else ""


def _problems(tokens: list[Token], name: str, path: str) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        yield Problem(Place(path, 1), f"'{name}' is no name for a page", "small letters, digits and -")
    for token in tokens:
        line = token.map[0] + 1 if token.map else 1
        if re.search(r"<\s*[/!?a-zA-Z]", token.content) and token.type not in ("fence", "code_block"):
            yield Problem(
                Place(path, line), "holds markup", "write Markdown; pages load nothing from elsewhere"
            )
        for child in token.children or ():
            if child.type == "image" and "//" in str(child.attrs.get("src", "")):
                yield Problem(Place(path, line), "loads a picture from elsewhere", "link to it instead")
        if token.content.startswith("film:") and token.type == "inline" and not FILM.fullmatch(token.content):
            yield Problem(Place(path, line), "is no film", "write 'film: STATEMENT VIDEO Title'")
