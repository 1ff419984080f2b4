"""Tongue: sentences of our own in a reader's language.  English stands in the code and is the key.

The sentences stand beside the pages (``web/tongues``), which have most of them.  Its one rule: a sentence
without a translation is said in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from babel.dates import format_date

from troth.policy.model import Data
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the sentences of a language by their English; empty for English and for one we do not speak."""
    found = resources.files("troth.web") / "tongues" / f"{language}.toml"
    return tomllib.loads(found.read_text(encoding="utf-8")) if language.isalpha() and found.is_file() else {}


def speaker(language: str) -> Callable[..., str]:
    """Return the function that says a sentence in a language; names in braces are filled in.

    >>> speaker("en")("Good for {n} minutes", n=10)
    'Good for 10 minutes'
    >>> speaker("nb")("Sign in")
    'Logg inn'
    """
    known = words(language)

    def say(sentence: str, **values: object) -> str:
        told = known.get(sentence, sentence)
        return told.format(**values) if values else told

    return say


def tongue_of(company: Company, person: int | None, default: str) -> str:
    """Return the language a person chose, as far as the document keeps one and lets it be read."""
    where = company.contact
    kept = next((d for d in company.policy.of(Data) if d.dpv.endswith(":Language") and d.fields), None)
    if person is None or where is None or kept is None:
        return default
    try:
        held = company.gate.read(person=person, data=kept.name, purpose=where.purpose)
    except TrothError:
        return default
    newest = max(held, key=lambda h: h.collected, default=None)
    return str(newest.body.get(kept.fields[0].name, default)) if newest else default


def said_to(company: Company, person: int | None) -> Callable[..., str]:
    """Return the function that speaks to one person: in their language, else in the document's own."""
    return speaker(tongue_of(company, person, company.policy.language))


def written_day(day: date, language: str) -> str:
    """Write a day out in words.

    >>> written_day(date(2026, 11, 4), "en"), written_day(date(2026, 11, 4), "nb")
    ('4 November 2026', '4. november 2026')
    """
    return str(format_date(day, "d MMMM y" if language == "en" else "d. MMMM y", locale=language))
