"""Imports: what somebody else said about a person, entered by staff, on the wire."""

from __future__ import annotations

from troth.web.api.wire.base import Fields, In, Line, Out, Word


class ImportIn(In, frozen=True):
    """Data from a source of the document, and in words which and when: ``carrier correction, 2024-03-01``."""

    data: Word
    fields: Fields
    purpose: Word
    source: Word
    said: Line


class ImportOut(Out, frozen=True):
    """The record's number, and whether its person was written to already."""

    rid: int
    told: bool
