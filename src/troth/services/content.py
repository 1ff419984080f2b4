"""Content: blocks of a page that are picked by what a person declared, and everybody's block for all others.

``[content]`` in ``site.toml``:

    purpose = "content"           # for what a block is picked; without its ground everybody's is shown
    [[content.block]]
    name = "healthcare"
    title = "Letters that patients read"
    text = "…"
    for = "interest.topic healthcare"
    [[content.block]]             # without a rule: everybody's
    name = "all"
    …
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from troth.services.choosing import Liked, Rule, best, fault, rule_of
from troth.services.coverage import Coverage
from troth.terms import Place, Problem


@dataclass(frozen=True, slots=True)
class Block:
    """One block; ``rule`` None means that it is everybody's."""

    name: str
    title: str
    text: str
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The block of somebody's page; ``why`` is what picked it, None where everybody sees it."""

    block: Block
    why: Liked | None = None


def purpose_of(site: Mapping[str, Any]) -> str:
    """Name the purpose for which blocks are picked."""
    return str(site.get("content", {}).get("purpose", ""))


def blocks(site: Mapping[str, Any]) -> tuple[Block, ...]:
    """Read the blocks; one without a name, a title or a text is left out.

    >>> blocks({"content": {"block": [{"name": "all", "title": "Hello", "text": "…"}, {"name": "x"}]}})
    (Block(name='all', title='Hello', text='…', rule=None),)
    """
    return tuple(b for row in site.get("content", {}).get("block", ()) if (b := _block(row)))


def show(site: Mapping[str, Any], likes: Callable[[], tuple[Liked, ...]]) -> Shown | None:
    """Return the block for somebody: the best liked, else everybody's."""
    each = blocks(site)
    ruled = [b for b in each if b.rule]
    why = best([b.rule for b in ruled if b.rule], likes()) if ruled else None
    for block in ruled if why else ():
        if block.rule and why and (block.rule.question, block.rule.answer) == (why.question, why.answer):
            return Shown(block, why)
    return next((Shown(b) for b in each if b.rule is None), None)


def check_content(site: Mapping[str, Any], coverage: Coverage, path: str) -> Iterator[Problem]:
    """Yield what keeps the blocks from being picked under the policy."""
    if "content" not in site:
        return
    here, each = Place(path, 1), blocks(site)
    if len(each) < len(site["content"].get("block", ())):
        yield Problem(here, "a block has no name, title or text, or a rule that cannot be read")
    if not any(b.rule is None for b in each):
        yield Problem(here, "no block is everybody's", "leave 'for' out of one of them")
    for block in (b for b in each if b.rule):
        message, hint = fault(block.rule, coverage, purpose_of(site)) if block.rule else ("", "")
        if message:
            yield Problem(here, f"the block '{block.name}' {message}", hint)


def _block(row: Mapping[str, Any]) -> Block | None:
    name, title, text = (str(row.get(k, "")).strip() for k in ("name", "title", "text"))
    said = row.get("for")
    rule = rule_of(str(said)) if said is not None else None
    return Block(name, title, text, rule) if name and title and text and (rule or said is None) else None
