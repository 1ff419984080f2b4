"""Lines: a file or a pipe scrubbed, as text or as JSON lines.

A line ``{"text": …, "lang": …}`` becomes ``{"spans": [[start, end, "LABEL"], …], "text": …}``, the spans
in the
text as it came in.  Anything else is read whole as one plain text and comes out scrubbed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain

from troth.scrub.scrub import scrub
from troth.scrub.span import ScrubError


class BadLine(ScrubError):
    """A line of a JSON lines file is not an object with a text."""

    def __init__(self, number: int) -> None:
        super().__init__(f'line {number} is not a JSON object with a "text"; nothing of it passes')


def lines(stream: Iterable[str], *, operator: str = "label", key: bytes = b"") -> Iterator[str]:
    """Yield the scrubbed lines of a stream, without line ends; raise ``BadLine`` at one that cannot be read.

    >>> next(lines(['{"text": "write to ola@firma.no"}']))
    '{"spans": [[9, 21, "EMAIL"]], "text": "write to [EMAIL_1]"}'
    """
    rest = iter(stream)
    first = next(rest, "")
    if not _is_json(first):
        yield from scrub("".join(chain([first], rest)), operator=operator, key=key).text.splitlines()
        return
    for number, line in enumerate(chain([first], rest), 1):
        if line.strip():
            text, lang = _read(line, number)
            done = scrub(text, lang=lang, operator=operator, key=key)
            spans = [[s.start, s.end, s.label] for s in done.spans]
            yield json.dumps({"spans": spans, "text": done.text}, ensure_ascii=False)


def _is_json(line: str) -> bool:
    return line.lstrip("\ufeff \t").startswith("{") and '"text"' in line


def _read(line: str, number: int) -> tuple[str, str]:
    try:
        record = json.loads(line.lstrip("\ufeff"))
    except ValueError:
        raise BadLine(number) from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise BadLine(number)
    return record["text"], str(record.get("lang") or "")
