"""Lines: a rule block as statements, and a cursor over the words of one.

A statement is a line at the margin with the indented lines below it.  Words are parted by blanks, commas and
semicolons; ``"…"`` holds text; ``#`` after a blank begins a comment.  Every word knows its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from troth.document import Block
from troth.policy.model import Span
from troth.policy.problems import Fault, near
from troth.terms import Place

_TOKEN = re.compile(r'\s*(?:(#.*)|("(?:[^"\\]|\\.)*")|("[^"]*$)|([,;])|((?:[^\s,;"])+))')
UNITS = ("minute", "hour", "day", "week", "month", "year")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a text or a mark (``,`` ``;``), with its position in the file."""

    text: str
    kind: str  # word | text | mark
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one statement: the one at the margin, then the indented ones."""

    rows: tuple[tuple[Token, ...], ...]

    @property
    def first(self) -> Token:
        return self.rows[0][0]

    @property
    def words(self) -> tuple[Token, ...]:
        return tuple(t for row in self.rows for t in row if t.kind != "mark")


def statements(block: Block, path: str) -> Iterator[Lines | Fault]:
    """Yield the statements of a block; a line that cannot be read comes as the fault it is."""
    rows: list[tuple[Token, ...]] = []
    for number, text in enumerate(block.text.split("\n"), block.line):
        try:
            row = tuple(_tokens(text, number, path))
        except Fault as fault:
            yield fault
            continue
        if not row:
            continue
        if text[0].isspace() and rows:
            rows.append(row)
            continue
        if rows:
            yield Lines(tuple(rows))
        rows = [row]
    if rows:
        yield Lines(tuple(rows))


def comment(text: str) -> str:
    """Return the comment at the end of a line, with its ``#``; nothing when there is none.

    >>> comment('officer "none, # 1"   # asked  ')
    '# asked'
    """
    end = 0
    while hit := _TOKEN.match(text, end):
        end = hit.end()
        if hit.lastindex == 1:
            return hit[1].rstrip()
    return ""


def _tokens(text: str, line: int, path: str) -> Iterator[Token]:
    end = 0
    while hit := _TOKEN.match(text, end):
        end = hit.end()
        group = hit.lastindex or 0
        column = hit.start(group) + 1
        if group == 1:
            return
        if group == 3:
            raise Fault(Place(path, line, column), "text without an end", 'close it with "')
        if group == 2:
            yield Token(re.sub(r"\\(.)", r"\1", hit[2][1:-1]), "text", line, column)
        else:
            yield Token(hit[group], "mark" if group == 4 else "word", line, column)


class Cursor:
    """The words of a statement, read from left to right; what was looked for in vain becomes the hint.

    ``stops`` are the phrases that end a list after a comma.
    """

    def __init__(self, tokens: tuple[Token, ...], path: str) -> None:
        self.tokens = tokens
        self.path = path
        self.at = 0
        self.stops: tuple[str, ...] = ()

    @property
    def token(self) -> Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def place(self) -> Place:
        """Return where the next word stands, or where the last one ended."""
        if token := self.token:
            return Place(self.path, token.line, token.column)
        last = self.tokens[-1]
        return Place(self.path, last.line, last.column + len(last.text))

    def sees(self, *phrases: str) -> str:
        """Return the longest of the phrases that comes next, without taking it."""
        for phrase in sorted(phrases, key=len, reverse=True):
            words = phrase.split()
            ahead = self.tokens[self.at : self.at + len(words)]
            if [t.text for t in ahead] == words and all(t.kind == "word" for t in ahead):
                return phrase
        return ""

    def accept(self, *phrases: str) -> str:
        """Take the longest of the phrases that comes next; '' when none does."""
        found = self.sees(*phrases)
        self.at += len(found.split())
        return found

    def expect(self, *phrases: str) -> str:
        """Take one of the phrases, or fail naming them."""
        return self.accept(*phrases) or self.fail(phrases)

    def comma(self) -> bool:
        """Take a comma if one comes next."""
        token = self.token
        if token and token.kind == "mark" and token.text == ",":
            self.at += 1
            return True
        return False

    def word(self, what: str = "a name") -> str:
        """Take one word."""
        token = self.token
        if token is None or token.kind != "word":
            raise Fault(self.place(), f"{what} is missing here")
        self.at += 1
        return token.text

    def text(self) -> str:
        """Take a text in quotes."""
        token = self.token
        if token is None or token.kind != "text":
            raise Fault(self.place(), 'a text in quotes ("…") is missing here')
        self.at += 1
        return token.text

    def maybe_text(self) -> str:
        """Take a text in quotes if one comes next."""
        token = self.token
        return self.text() if token and token.kind == "text" else ""

    def said(self) -> str:
        """Take a text in quotes or one word."""
        return self.maybe_text() or self.word()

    def names(self, *ties: str) -> tuple[str, ...]:
        """Take names parted by commas or a tie (``and``), up to a comma that one of the stops follows."""
        ties = ties or ("and",)
        found = [self.word()]
        while True:
            start = self.at
            if not (self.comma() or self.accept(*ties)):
                break
            if self.token is None or self.token.kind != "word" or self.sees(*self.stops):
                self.at = start
                break
            found.append(self.word())
        return tuple(found)

    def number(self) -> int:
        """Take a whole number."""
        place, word = self.place(), self.word("a number")
        if not word.isdecimal():
            raise Fault(place, f"'{word}' is no whole number")
        return int(word)

    def day(self) -> date:
        """Take a date as YYYY-MM-DD."""
        place, word = self.place(), self.word("a date")
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise Fault(place, f"'{word}' is no date; write YYYY-MM-DD") from None

    def span(self) -> Span:
        """Take a length of time: ``30 days``."""
        amount = self.number()
        place, word = self.place(), self.word("a unit of time")
        unit = word.removesuffix("s")
        if unit not in UNITS:
            hint = near(word, [*UNITS, *(f"{u}s" for u in UNITS)]) or f"units: {', '.join(UNITS)}"
            raise Fault(place, f"'{word}' is no unit of time", hint)
        return Span(amount, unit)

    def fail(self, phrases: tuple[str, ...]) -> str:
        """Raise the fault of a word that does not belong here."""
        words = ", ".join(f"'{p}'" for p in phrases[:8])
        token = self.token
        if token is None:
            raise Fault(self.place(), f"the statement ends too early; expected {words}")
        firsts = [p.split()[0] for p in phrases]
        hint = near(token.text, [*phrases, *firsts]) if token.kind == "word" else ""
        raise Fault(self.place(), f"'{token.text}' is not understood here", hint or f"expected {words}")

    def done(self) -> None:
        """Fail unless everything was read."""
        if self.token:
            raise Fault(self.place(), f"'{self.token.text}' is not understood here")


def split(tokens: tuple[Token, ...], mark: str = ";") -> list[tuple[Token, ...]]:
    """Part words at each mark."""
    cuts = [i for i, t in enumerate(tokens) if t.kind == "mark" and t.text == mark]
    edges = [-1, *cuts, len(tokens)]
    return [part for a, b in pairwise(edges) if (part := tokens[a + 1 : b])]
