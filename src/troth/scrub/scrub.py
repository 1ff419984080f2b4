"""Scrub: a text with its personal data replaced, and the way back for its author.

What is found is ``find``'s work and what replaces it an operator's.  The one rule: the text that comes
out was read
whole, or none comes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from troth.scrub.find import find
from troth.scrub.operators import operator as named
from troth.scrub.span import DIRECT, LABELS, LIMIT, Span, asked
from troth.scrub.vault import Vault


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A scrubbed text, and all that was found in the text as it was: also what was left standing."""

    text: str
    spans: tuple[Span, ...]


def scrub(
    text: str,
    *,
    lang: str = "",
    vault: Vault | None = None,
    operator: str = "label",
    kinds: Collection[str] = DIRECT,
    key: bytes = b"",
    recognisers: Iterable[Any] = (),
    allow: Collection[str] = (),
    limit: int = LIMIT,
) -> Scrubbed:
    """Replace the kinds asked for, by default all that identify somebody directly.

    With a ``vault`` the tokens are the same over a whole conversation, and values it knows are found again.

    >>> scrub("I am Kari Nordmann, +47 912 34 567").text
    'I am [PERSON_1], [PHONE_1]'
    """
    vault = Vault() if vault is None else vault
    vault.reserve(text)
    replace = named(operator, vault, key)
    found = find(
        text,
        lang=lang,
        kinds=LABELS | set(kinds),
        recognisers=recognisers,
        known=vault.values(),
        allow=allow,
        limit=limit,
    )
    out: list[str] = []
    at = 0
    for span in found:
        if asked(span, kinds):
            out += [text[at : span.start], replace(span.label, span.of(text))]
            at = span.end
    return Scrubbed("".join([*out, text[at:]]), tuple(found))


def restore(text: str, vault: Vault, *, author: str = "") -> str:
    """Put the values back where their tokens stand; raise ``NotTheAuthor`` for anybody else than the
    vault's author.

    >>> vault = Vault("ada")
    >>> hidden = scrub("I am Kari Nordmann", vault=vault).text
    >>> restore(f"Hello {hidden[5:]}!", vault, author="ada")
    'Hello Kari Nordmann!'
    """
    return vault.opened(text, author)
