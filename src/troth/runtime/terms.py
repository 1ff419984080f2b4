"""Terms: the terms of use beside the notice, ``terms.md`` in the folder, with a version of their own.

A line ``Version 2024-03-03`` under the title names it.  Who comes in is noted under the version they saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from troth.services.sitepages import MARKDOWN
from troth.terms import Place, Problem

FILE = "terms.md"
VERSION = re.compile(r"(?m)^Version (\S{1,40})\s*$")
TITLE = re.compile(r"(?m)^# (.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of use: which version, what they are called, and their text as safe HTML."""

    version: str
    title: str
    html: str = field(repr=False)


def read_terms(root: Path, notice: str) -> tuple[Terms | None, tuple[Problem, ...]]:
    """Read the terms; a problem where they have no version, or the notice leads to none that are there."""
    file, link = root / FILE, f"/{root.resolve().name}/terms"
    if not file.is_file():
        if f"({link})" not in notice:
            return None, ()
        place = Place(str(root / "policy.md"), notice[: notice.index(f"({link})")].count("\n") + 1)
        return None, (Problem(place, f"leads to {link}, which is not there", f"write {FILE}"),)
    text = file.read_text("utf-8")
    version, title = VERSION.search(text), TITLE.search(text)
    if version is None or title is None:
        what = "has no version" if title else "has no title"
        hint = "a line 'Version 2024-03-03' under '# Terms of use'"
        return None, (Problem(Place(str(file), 1), what, hint),)
    body = TITLE.sub("", VERSION.sub("", text, count=1), count=1)
    return Terms(version[1], title[1], MARKDOWN.render(body)), ()
