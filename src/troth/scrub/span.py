"""Span: one find, the labels it may bear, and the errors of this room.

A span counts Python code points of the original text.  Nothing here searches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter

from troth.terms import TrothError

DIRECT = frozenset(
    "PERSON EMAIL PHONE ADDRESS DOB NATIONAL_ID PASSPORT DRIVER_LICENSE IBAN BANK_ACCOUNT CARD IP URL "
    "USERNAME DEVICE_ID PLATE SECRET".split()
)
INDIRECT = frozenset("LOCATION ORG ORG_ID DATE AGE".split())
LABELS = DIRECT | INDIRECT

POINT = "coordinates"  # the reason of a find that is a point on the map

LIMIT = 1_000_000  # code points a text; above it nothing passes


class ScrubError(TrothError):
    """A text could not be scrubbed, so nothing of it passes."""


class TooLong(ScrubError):
    """A text is longer than the limit; a part that nobody read would pass unseen."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"the text has {length:,} characters and the limit is {limit:,}; scrub it in parts")


class UnknownLabel(ScrubError):
    """A kind was asked for that the scrubber does not know."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"unknown kind {', '.join(sorted(names))}; the kinds are {', '.join(sorted(LABELS))}"
        )


class RecogniserFailed(ScrubError):
    """A recogniser that was added raised; its own message may quote the text, so it is not repeated."""

    def __init__(self, name: str, cause: str) -> None:
        super().__init__(f"the recogniser {name} failed with {cause}; nothing of the text passes")


@dataclass(frozen=True, slots=True)
class Span:
    """A find: where, what, how sure (0 to 1) and by which rule.

    >>> Span(3, 9, "IBAN", 1.0, "check digits").of("my GB00XX here")
    'GB00XX'
    """

    start: int
    end: int
    label: str
    score: float
    reason: str

    def of(self, text: str) -> str:
        """Return the part of ``text`` that the span marks."""
        return text[self.start : self.end]


def asked(span: Span, kinds: Collection[str]) -> bool:
    """Say whether a find is of the kinds asked for, or of a kind of somebody's own, which always counts.

    A point on the map is a place by name, and as good as an address: who asks for addresses gets it too.

    >>> asked(Span(0, 18, "LOCATION", 1.0, POINT), DIRECT), asked(Span(0, 4, "LOCATION", 1.0, ""), DIRECT)
    (True, False)
    """
    if span.label in kinds or span.label not in LABELS:
        return True
    return span.reason == POINT and "ADDRESS" in kinds


START = attrgetter("start")


def settle(spans: Iterable[Span]) -> list[Span]:
    """Return spans that do not overlap, in order: of those that do, the surer and then the longer stays.

    >>> settle([Span(0, 4, "DATE", 0.6, ""), Span(2, 9, "PHONE", 0.9, "")])
    [Span(start=2, end=9, label='PHONE', score=0.9, reason='')]
    """
    spans = list(spans)
    if len(spans) < 2:
        return spans
    kept: list[Span] = []
    cluster: list[Span] = []
    reach = -1
    for span in sorted(spans, key=START):
        if span.start >= reach:
            kept += _best(cluster)
            cluster = []
        cluster.append(span)
        reach = max(reach, span.end)
    return kept + _best(cluster)


def _best(cluster: list[Span]) -> list[Span]:
    if len(cluster) < 2:
        return cluster
    won: list[Span] = []
    for span in sorted(cluster, key=lambda s: (-s.score, s.start - s.end)):
        if all(span.end <= w.start or span.start >= w.end for w in won):
            won.append(span)
    return sorted(won, key=lambda s: s.start)
