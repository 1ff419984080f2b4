"""Choosing: the rules by which content is picked for a person, such as ``taste.drink tea``.

An offer and a message's wording are chosen alike: by a published rule that names a closed answer, held
against what was counted or concluded of a person's choices, or against a fact that the purpose reads as it
stands (what somebody owns).  Its one rule: *what the purpose does not read, or what is delicate, picks
nothing* (GDPR Art. 4(4), 9); such a rule is a problem before anything is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from troth.gate import Answer, Held
from troth.policy.model import Data, Policy
from troth.services.coverage import Coverage
from troth.terms import Form

RULE = re.compile(r"(?P<question>[a-z][\w-]*\.[a-z][\w-]*) (?P<answer>[\w-]+)")
CLOSED = frozenset({"choice", "yes-no"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: whoever answered ``question`` with ``answer``."""

    question: str
    answer: str

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"


@dataclass(frozen=True, slots=True)
class Liked:
    """What a person likes, with how often they said so and the answers behind it."""

    question: str
    answer: str
    times: int
    behind: tuple[Answer, ...] = ()
    source: str = ""  # the business it was brought from, '' for an answer of the person's own


def rule_of(text: str) -> Rule | None:
    """Read a rule; None when it cannot be read.

    >>> print(rule_of("taste.drink tea"), rule_of("whoever likes tea"))
    taste.drink tea None
    """
    found = RULE.fullmatch(text.strip())
    return Rule(found["question"], found["answer"]) if found else None


def fault(rule: Rule, coverage: Coverage, purpose: str) -> tuple[str, str]:
    """Say what keeps a rule from choosing for a purpose, and a hint; ('', '') when nothing does."""
    data, _, name = rule.question.partition(".")
    datum = coverage.data(data)
    field = next((f for f in datum.fields if f.name == name), None) if datum else None
    if datum is None or field is None:
        return f"chooses by {rule.question}, which the policy does not have", ""
    if datum.special or field.special:
        return f"chooses by {rule.question}, a special category", "GDPR Art. 9: let everybody see it instead"
    closed = field.type in CLOSED
    stands = closed and any(
        data == d.name and part in ("", name) for d, part in sources(coverage.policy, purpose)
    )
    if not stands and "person" not in datum.sources:
        return f"chooses by {rule.question}, which the person did not supply", ""
    if not closed:
        return f"chooses by {rule.question}, which is no closed answer", "free words choose nothing"
    if field.choices and rule.answer not in field.choices:
        return f"{rule.question} is never '{rule.answer}'", f"the choices are {', '.join(field.choices)}"
    if not stands and not any(data in d.inputs for d in counted_for(coverage.policy, purpose)):
        return f"chooses by {rule.question}, but '{purpose}' reads nothing that is counted from {data}", ""
    return "", ""


def fault_of_brought(rule: Rule, coverage: Coverage) -> tuple[str, str]:
    """Say what keeps a rule from choosing by what a person brings along: it comes on a yes, or not at all."""
    data, _, name = rule.question.partition(".")
    datum = coverage.data(data)
    field = next((f for f in datum.fields if f.name == name), None) if datum else None
    if datum is None or field is None:
        return f"chooses by {rule.question}, which the policy does not have", ""
    if datum.special or field.special:
        return f"chooses by {rule.question}, a special category", "GDPR Art. 9: let everybody see it instead"
    near = coverage.nearest(data)
    if {"person", "device"} & set(datum.sources) or near is None or not coverage.grounds(data, name, near[1]):
        return f"chooses by {rule.question}, which nobody brings along on a yes", ""
    return "", ""


def counted_for(policy: Policy, purpose: str) -> Iterator[Data]:
    """Yield the counted categories that a purpose uses or reads."""
    used = {u.data for p in Coverage(policy).purposes(purpose) for b in p.bases for u in b.uses}
    return (d for d in policy.of(Data) if d.counted and d.name in used)


def sources(policy: Policy, purpose: str) -> Iterator[tuple[Data, str]]:
    """Yield the categories, and the field, by which a purpose may choose.

    What was counted or concluded; where the purpose does not profile, also what it reads as it stands.
    What a device alone noted, such as the features somebody used, is its own reason and stands as well.
    """
    known = {d.name: d for d in policy.of(Data)}
    for said in Coverage(policy).purposes(purpose):
        for use in (u for b in said.bases for u in b.uses if u.data in known):
            datum = known[use.data]
            noted = "profiling" not in said.marks or datum.sources == ("device",)
            plain = noted and use.form is Form.IDENTIFIED
            if datum.counted or datum.conclusions or plain:
                yield datum, use.field


def liked(policy: Policy, held: Iterable[Held]) -> tuple[Liked, ...]:
    """Read what was counted, or stands as a closed answer, out of a person's records, the most said first."""
    known = {d.name: d for d in policy.of(Data)}
    here = [h for h in held if h.data in known]
    found = [_liked(known[h.data], h) for h in here if known[h.data].counted]
    plain = [h for h in here if not known[h.data].counted and not known[h.data].records]
    return tuple(sorted([*found, *_stand(known, plain)], key=lambda o: (-o.times, o.question, o.answer)))


def best(rules: Iterable[Rule], likes: Iterable[Liked]) -> Liked | None:
    """Return the like, the most often said, that some rule names; None when none does."""
    wanted = {(r.question, r.answer) for r in rules}
    return next((one for one in likes if (one.question, one.answer) in wanted), None)


def _liked(datum: Data, held: Held) -> Liked:
    texts = [str(held.body.get(f.name, "")) for f in datum.fields if f.type == "text"]
    whole = [f.name for f in datum.fields if f.type == "number" and not (f.low == 0 and f.high == 1)]
    times = int(float(str(held.body.get(whole[0], 1)))) if whole else 1
    return Liked(texts[0], texts[1], times, held.behind)


def _stand(known: Mapping[str, Data], held: Iterable[Held]) -> Iterator[Liked]:
    """Yield each closed answer that stands, with how many records hold it and what is behind them."""
    found: dict[tuple[str, str], list[Answer]] = {}
    for one in held:
        for field in (f for f in known[one.data].fields if f.type in CLOSED and one.body.get(f.name)):
            name, said = f"{one.data}.{field.name}", str(one.body[field.name])
            behind = one.behind or (Answer(name, said, one.collected, one.data, field.name),)
            found.setdefault((name, said), []).extend(behind)
    for (name, said), behind_all in found.items():
        yield Liked(name, said, len(behind_all), tuple(behind_all))
