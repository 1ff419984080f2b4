"""Offers: what a company has for people, chosen by rules over their own choices (``offers.toml``).

Offers without a rule are everybody's, and all that somebody sees who stopped profiling.  Which offers a
person sees is worked out anew each time and kept nowhere, so that an objection counts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troth.services.choosing import Liked, Rule, best, fault, fault_of_brought, rule_of
from troth.services.coverage import Coverage
from troth.terms import Place, Problem


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer; ``rule`` None means that everybody sees it.  ``client`` names whose it is."""

    name: str
    text: str
    client: str = ""
    link: str = ""
    rule: Rule | None = None
    brought: bool = False  # the rule speaks of what the person brings along from another business
    texts: Mapping[str, str] | None = None  # the text in other languages

    def spoken(self, language: str) -> str:
        """Return the text in a language, as it was written where there is no translation."""
        return (self.texts or {}).get(language, self.text)


@dataclass(frozen=True, slots=True)
class Offers:
    """All offers, in the order written, and the purpose for which one is chosen for a person."""

    purpose: str = ""
    each: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """One offer as a person sees it; ``why`` is the like that picked it, None when everybody sees it."""

    offer: Offer
    why: Liked | None = None


def read_offers(table: Mapping[str, Any], path: str) -> tuple[Offers, tuple[Problem, ...]]:
    """Read ``offers.toml``; the problems are empty when it may be checked and served.

    >>> tea = {"name": "t", "text": "Tea", "for": "d.x tea"}
    >>> offers, _ = read_offers({"purpose": "fit", "offer": [tea]}, "")
    >>> offers.each[0].rule
    Rule(question='d.x', answer='tea')
    """
    problems: list[Problem] = []
    found = [offer for row in table.get("offer", []) if (offer := _offer(row, path, problems))]
    if any(o.rule for o in found) and not table.get("purpose"):
        problems.append(Problem(Place(path, 1), "offers are chosen and no purpose says why", 'purpose = "…"'))
    return Offers(str(table.get("purpose", "")), tuple(found)), tuple(problems)


def check_offers(offers: Offers, coverage: Coverage, path: str) -> tuple[Problem, ...]:
    """Return what the policy does not let these offers do; empty when they may be served."""
    return tuple(_faults(offers, coverage, path))


def choose(
    offers: Offers, likes: Callable[[str], tuple[Liked, ...]], *, client: str = ""
) -> tuple[Chosen, ...]:
    """Return what a person sees: the best liked first, then what everybody sees.

    ``likes`` gives what may be used for one client's offers now; nothing for who objected to that client.
    """
    mine = [o for o in offers.each if client in ("", o.client)]
    picked = [Chosen(o, why) for o in mine if o.rule and (why := best([o.rule], likes(o.client)))]
    ranked = sorted(picked, key=lambda c: -c.why.times if c.why else 0)
    return (*ranked, *(Chosen(o) for o in mine if o.rule is None))


def _faults(offers: Offers, coverage: Coverage, path: str) -> Iterator[Problem]:
    if offers.purpose and coverage.purpose(offers.purpose) is None:
        yield Problem(
            Place(path, 1), f"offers are chosen for '{offers.purpose}', which the policy does not have"
        )
        return
    for offer in offers.each:
        message, hint = _fault(offer, coverage, offers.purpose)
        if message:
            yield Problem(Place(path, 1), f"the offer '{offer.name}' {message}", hint)


def _fault(offer: Offer, coverage: Coverage, purpose: str) -> tuple[str, str]:
    if offer.rule is None:
        return "", ""
    return fault_of_brought(offer.rule, coverage) if offer.brought else fault(offer.rule, coverage, purpose)


def _offer(row: Mapping[str, Any], path: str, problems: list[Problem]) -> Offer | None:
    name, text = str(row.get("name", "")), str(row.get("text", ""))
    said, brought = row.get("for", row.get("brought")), "brought" in row
    rule = rule_of(str(said)) if said is not None else None
    if not name or not text:
        problems.append(Problem(Place(path, 1), f"the offer '{name}' has no name or no text"))
        return None
    if said is not None and rule is None:
        problems.append(
            Problem(Place(path, 1), f"the rule of offer '{name}' cannot be read", 'for = "taste.drink tea"')
        )
        return None
    texts: Sequence[tuple[str, Any]] = [(k[5:], v) for k, v in row.items() if k.startswith("text-")]
    return Offer(name, text, str(row.get("client", "")), str(row.get("link", "")), rule, brought, dict(texts))
