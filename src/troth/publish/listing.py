"""Listing: names of a rule as a list in a sentence, each by its label; a selector of the document as words.

Selectors (``any but X``, ``any in AREA``, ``on GROUND``) are the document's own, and each has its phrase.
"""

from __future__ import annotations

from collections.abc import Callable

from troth.publish.words import Words, plain

_SELECTORS = ("any but ", "any in ", "any from ", "outside ")
_BARE = {"any": "any of it", "special": "special", "profiling": "mark profiling"}
_BARE["direct marketing"] = "mark direct marketing"


def listed(names: tuple[str, ...], label: Callable[[str], str], empty: str, words: Words) -> str:
    """List names by their labels; nothing named gives ``empty``.

    >>> from troth.policy.model import Policy
    >>> listed(("any but play, work",), str.title, "", Words(Policy()))
    'any but Play, Work'
    """
    return ", ".join(_selected(name, label, words) for name in names) if names else empty


def joined(said: str, *conditions: str) -> str:
    """Return a sentence with its conditions, each said once."""
    return ", ".join([said, *(c for c in dict.fromkeys(conditions) if c)])


def _selected(name: str, label: Callable[[str], str], words: Words) -> str:
    if name in _BARE:
        return words.say(_BARE[name])
    for head in _SELECTORS:
        if name.startswith(head):
            rest = name.removeprefix(head).split(",")
            own = label if head == "any but " else str
            return words.say(head.strip(), x=", ".join(own(part.strip()) for part in rest))
    if name.startswith("on "):
        return words.say("on ground", x=words.ground(name.removeprefix("on "), ""))
    return plain(name) if " " in name else label(name)
