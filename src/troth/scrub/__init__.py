"""Scrub: finds personal data in text and replaces it, so that it can be restored for its author only.

Pure: no file but the room's own lists, no clock, no network, no randomness; keys are arguments.
"""

from troth.scrub.adopt import Recogniser
from troth.scrub.find import find
from troth.scrub.lines import BadLine, lines
from troth.scrub.operators import KeyNeeded, UnknownOperator
from troth.scrub.scrub import Scrubbed, restore, scrub
from troth.scrub.span import (
    DIRECT,
    INDIRECT,
    LABELS,
    LIMIT,
    RecogniserFailed,
    ScrubError,
    Span,
    TooLong,
    UnknownLabel,
    settle,
)
from troth.scrub.vault import NotTheAuthor, Restorer, Vault

__all__ = [
    "DIRECT",
    "INDIRECT",
    "LABELS",
    "LIMIT",
    "BadLine",
    "KeyNeeded",
    "NotTheAuthor",
    "Recogniser",
    "RecogniserFailed",
    "Restorer",
    "ScrubError",
    "Scrubbed",
    "Span",
    "TooLong",
    "UnknownLabel",
    "UnknownOperator",
    "Vault",
    "find",
    "lines",
    "restore",
    "scrub",
    "settle",
]
