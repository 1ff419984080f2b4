"""Check: whether a document may be served.  All its problems at once, in the order of their lines.

``check`` gathers the checks of one idea each: names, rules, collisions, law, places, words outside the rules,
prose bound to rules, seals.  A document with an ``error`` does not load.  Claims are proved by the
kernel, not here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from troth.document import Document
from troth.policy.bind import check_prose, check_translation
from troth.policy.check_collisions import check_collisions
from troth.policy.check_conclusions import check_conclusions
from troth.policy.check_edges import check_edges
from troth.policy.check_law import check_law
from troth.policy.check_names import check_names
from troth.policy.check_places import check_places
from troth.policy.check_profiling import check_profiling
from troth.policy.check_rules import check_rules
from troth.policy.check_words import (
    Members,
    check_inert,
    check_members,
    check_sections,
    check_settings,
)
from troth.policy.model import Policy
from troth.policy.seal import Lock, check_seals
from troth.terms import Problem


def check(
    policy: Policy,
    document: Document,
    *,
    translations: Sequence[Document] = (),
    lock: Lock | None = None,
    parties: Members | None = None,
    site: Mapping[str, object] | None = None,
) -> tuple[Problem, ...]:
    """Return every problem of a policy and its document, by place; what was not given is not checked.

    >>> from troth.document import read
    >>> print(*check(Policy(), read("# Club", "policy.md")))
    policy.md:1:1  holds no rules
      write them in blocks that open with ```troth
    """
    found = dict.fromkeys(_all(policy, document, translations, lock, parties, site))
    return tuple(sorted(found, key=lambda p: (p.place, p.level, p.message)))


def errors(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the problems that keep a document from loading."""
    return tuple(p for p in problems if p.level == "error")


def _all(
    policy: Policy,
    document: Document,
    translations: Sequence[Document],
    lock: Lock | None,
    parties: Members | None,
    site: Mapping[str, object] | None,
) -> Iterator[Problem]:
    yield from check_names(policy)
    yield from check_rules(policy)
    yield from check_profiling(policy)
    yield from check_conclusions(policy)
    yield from check_edges(policy)
    yield from check_collisions(policy)
    yield from check_law(policy)
    yield from check_places(policy)
    yield from check_sections(policy, document)
    yield from check_inert(policy)
    yield from check_prose(policy, document)
    for translation in translations:
        yield from check_translation(policy, document, translation)
    if lock is not None:
        yield from check_seals(lock, policy, document)
    if parties is not None:
        yield from check_members(policy, parties)
    if site is not None:
        yield from check_settings(policy, site)
