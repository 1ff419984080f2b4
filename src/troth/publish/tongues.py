"""Tongues: the phrases of the published pages, one table a language.  One more language is one more module.

Every language has the same phrases, which a test holds; words for names that a document made up are few, and
stand under their kind (``event request``).
"""

from __future__ import annotations

from troth.publish import english, norwegian

UNITS = {"en": english.UNITS, "nb": norwegian.UNITS}
TONGUES = {"en": english.PHRASES, "nb": norwegian.PHRASES}
