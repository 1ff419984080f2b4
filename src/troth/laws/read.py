"""Read: the texts of the law packs, from the package's own data."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType


def packs() -> Mapping[str, str]:
    """Return every pack's text by the name that ``under`` takes.

    >>> sorted(packs())
    ['accounting-no', 'gdpr', 'uk-gdpr']
    """
    found = (entry for entry in files("troth.laws").iterdir() if entry.name.endswith(".md"))
    return MappingProxyType({e.name.removesuffix(".md"): e.read_text(encoding="utf-8") for e in found})
