"""Words: where a rule stands, what is done, and in which form data travels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a file: path, line and column, both counted from 1.

    >>> str(Place("policy.md", 12, 6))
    'policy.md:12:6'
    """

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Clause:
    """The section of a document in which a rule stands, with the rule's own line.

    >>> str(Clause("4.1", line=88))
    '§4.1 (line 88)'
    """

    ref: str
    line: int
    title: str = ""
    sentence: str = ""
    path: str = ""

    def __str__(self) -> str:
        return f"§{self.ref} (line {self.line})"

    @property
    def anchor(self) -> str:
        """The fragment under which the published notice carries this section."""
        return "s" + self.ref.replace(":", "-").replace(".", "-")


class Action(StrEnum):
    """What may be done with personal data (LANGUAGE.md, 'Meaning of a decision').

    It hashes as the word it equals, so that either finds the other in a table.
    """

    __hash__ = str.__hash__

    COLLECT = "collect"
    USE = "use"
    SHARE = "share"
    SHOW = "show"
    KEEP = "keep"


class Form(StrEnum):
    """In which form data travel; each later one tells less (reading 12 of the language)."""

    __hash__ = str.__hash__

    IDENTIFIED = "identified"
    TRUNCATED = "truncated"
    PSEUDONYMOUS = "pseudonymous"
    ANONYMOUS = "anonymous"

    def tells_at_most(self, other: Form) -> bool:
        """Say whether data in this form may pass where ``other`` is granted.

        >>> Form.ANONYMOUS.tells_at_most(Form.TRUNCATED)
        True
        >>> Form.TRUNCATED.tells_at_most(Form.PSEUDONYMOUS)
        False
        """
        return other is Form.IDENTIFIED or self is other or self is Form.ANONYMOUS
