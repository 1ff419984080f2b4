"""Find: every piece of personal data in a text, by all rules at once.

The text is folded once; each kind's rules read it; where finds overlap the surest stays.  Nothing is
replaced here.
INVARIANT (nothing unread): a text is read to its end or an error is raised; there is no cut and no fall-back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from troth.scrub.adopt import adopted
from troth.scrub.codes import codes
from troth.scrub.dates import dates
from troth.scrub.names import names
from troth.scrub.net import links, machines, mails, users
from troth.scrub.numbers import numbers
from troth.scrub.places import places
from troth.scrub.reading import Reading, read
from troth.scrub.recall import joined, recall, repeated
from troth.scrub.secrets import secrets
from troth.scrub.span import LABELS, LIMIT, Span, TooLong, UnknownLabel, asked, settle
from troth.scrub.spoken import spoken
from troth.scrub.vault import TOKEN


def find(
    text: str,
    *,
    lang: str = "",
    kinds: Collection[str] = LABELS,
    recognisers: Iterable[Any] = (),
    known: Iterable[tuple[str, str]] = (),
    allow: Collection[str] = (),
    limit: int = LIMIT,
) -> list[Span]:
    """Return what is personal in a text, in order and without overlaps, in code points of the text as given.

    ``lang`` is a hint and may be empty.  ``known`` are (label, value) pairs hidden earlier and looked
    for again;
    ``allow`` are values that are nobody's.  Raises ``TooLong`` above ``limit`` characters.

    >>> [(s.label, s.of("ring 22 33 44 55")) for s in find("ring 22 33 44 55")]
    [('PHONE', '22 33 44 55')]
    """
    if len(text) > limit:
        raise TooLong(len(text), limit)
    if unknown := set(kinds) - LABELS:
        raise UnknownLabel(unknown)
    reading = read(text, lang)
    found = settle(_structured(reading))
    people = settle([*found, *names(reading, found)])
    again = settle([*people, *repeated(reading, people), *recall(reading, known)])
    spans = reading.spans(joined(reading.text, again))
    for recogniser in recognisers:
        spans = settle([*spans, *adopted(recogniser, text, lang)])
    ours = {m.span() for m in TOKEN.finditer(text)} if "[" in text else set()
    return [s for s in spans if asked(s, kinds) and not _spared(s, text, allow, ours)]


def _structured(reading: Reading) -> Iterable[Span]:
    yield from mails(reading)
    yield from links(reading)
    yield from users(reading)
    yield from secrets(reading)
    yield from spoken(reading)
    if ":" in reading.text:
        yield from machines(reading)
    if reading.digits:
        if ":" not in reading.text:
            yield from machines(reading)
        yield from numbers(reading)
        yield from codes(reading)
        yield from dates(reading)
        yield from places(reading)


def _spared(span: Span, text: str, allow: Collection[str], ours: set[tuple[int, int]]) -> bool:
    """Say whether a find is allowed to stay, or lies within a token that hides something already."""
    if allow and span.of(text) in allow:
        return True
    return any(a <= span.start and span.end <= b for a, b in ours)
