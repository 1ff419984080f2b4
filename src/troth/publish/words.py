"""Words: how a published page says what a rule says, in the page's language.

Labels of data, purposes and parties are the document's own and are never translated here.  Everything a
rule can mean has a phrase; the one rule: *a sentence leaves no condition out*.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from troth.policy.model import (
    Consent,
    Cookie,
    Data,
    Fact,
    Guard,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Role,
    Span,
)
from troth.publish.tongues import TONGUES, UNITS
from troth.terms import Form


@dataclass(frozen=True)
class Words:
    """A document's labels and a language's phrases; ``packs`` are searched where the document is silent."""

    policy: Policy
    language: str = "en"

    def say(self, key: str, **parts: object) -> str:
        """Return a phrase of the page's language; a language without phrases of its own gets English."""
        return TONGUES.get(self.language[:2], TONGUES["en"])[key].format(**parts)

    def known(self, kind: str, name: str) -> str:
        """Return the language's own word for a name of a kind; where it has none, the name in plain words."""
        return TONGUES.get(self.language[:2], TONGUES["en"]).get(f"{kind} {name}") or plain(name)

    def way(self, kind: str, text: str = "") -> str:
        """Return how a way of telling or asking is called: ``link`` with its text, ``email``, ``screen``."""
        return " ".join(
            part for part in (self.known("way", kind), text and self.say("quoted", x=text)) if part
        )

    def data(self, name: str) -> str:
        """Return how data are called: ``contact.email`` becomes “Your mail address and phone: email”."""
        category, _, field = name.partition(".")
        label = self._labels["data"].get(category) or plain(category)
        return f"{label}: {plain(field)}" if field else label

    def purpose(self, name: str) -> str:
        return self._labels["purpose"].get(name) or plain(name)

    def party(self, name: str) -> str:
        return self._labels["party"].get(name) or plain(name)

    def role(self, name: str) -> str:
        return self._labels["role"].get(name) or plain(name)

    def consent(self, name: str) -> str:
        """Return the question of a consent; a member in brackets stays visible."""
        bare, _, member = name.partition("(")
        question = self._asked.get(bare, "")
        said = self.say("quoted", x=question) if question else plain(bare)
        return f"{said} ({member.rstrip(')')})" if member else said

    def fact(self, name: str) -> str:
        """Return what a fact says, fit to stand after *when*."""
        bare, _, member = name.partition("(")
        text = self._labels["fact"].get(bare) or plain(bare)
        return self.say("quoted", x=text) + (f" ({member.rstrip(')')})" if member else "")

    def span(self, span: Span) -> str:
        """Return a length of time in the page's language.

        >>> Words(Policy()).span(Span(30, "day")), Words(Policy(), "nb").span(Span(1, "month"))
        ('30 days', '1 måned')
        """
        one, many = UNITS.get(self.language[:2], UNITS["en"]).get(span.unit, (span.unit, f"{span.unit}s"))
        return f"{span.amount} {one if span.amount == 1 else many}"

    def form(self, form: Form) -> str:
        return self.say(f"form {form.value}")

    def ground(self, kind: str, name: str) -> str:
        """Return a lawful ground with what it rests on."""
        if kind == "consent":
            return self.say("ground consent", name=self.consent(name))
        if kind == "contract":
            return self.say("ground contract") + (f" ({self.fact(name)})" if name else "")
        return self.say(f"ground {kind}") + (f": {name}" if name else "")

    def guard(self, guard: Guard) -> str:
        """Return the conditions of a rule as one clause, '' when there are none.

        >>> Words(Policy()).guard(Guard(when=(("order-placed",),), unless=("under 18",), from_age=16))
        'when “order placed”, from age 16, unless under 18'
        """
        alternatives = [self.say(" and ").join(map(self.condition, group)) for group in guard.when if group]
        stops = [self.condition(name) for name in guard.unless]
        if guard.under_age is not None:
            stops.append(self.say("under", n=guard.under_age))
        said = [
            self.say("when", x=self.say(" or ").join(alternatives)) if alternatives else "",
            self.say("from age", n=guard.from_age) if guard.from_age is not None else "",
            self.say("in place", x=guard.place) if guard.place else "",
            self.say("since", x=guard.since.isoformat()) if guard.since else "",
            self.say("until", x=guard.until.isoformat()) if guard.until else "",
            self.say("unless", x=self.say(" or ").join(dict.fromkeys(stops))) if stops else "",
        ]
        return ", ".join(part for part in said if part)

    def condition(self, name: str) -> str:
        """Return one condition: an age, a consent or a fact."""
        word, _, rest = name.partition(" ")
        if word == "under" and rest.isdigit():
            return self.say("under", n=rest)
        if word == "consent" and rest:
            return self.consent(rest)
        return self.fact(name)

    def keep(self, keep: Keep) -> str:
        """Return how long, in one phrase.

        >>> Words(Policy()).keep(Keep(data=("visit",), span=Span(30, "day"), after="visit-end"))
        '30 days after visit end'
        """
        parts = [self._period(keep)]
        if keep.then_span:
            tail = "then restricted" if keep.then_restricted else "then"
            parts.append(self.say(tail, x=self.span(keep.then_span)))
        if keep.at_latest:
            parts.append(self.say("at latest", x=self.span(keep.at_latest)))
        if keep.outcome == "anonymise":
            parts.append(self.say("then anonymous"))
        if keep.because:
            parts.append(self.say("because", x=self.purpose(keep.because)))
        parts.append(self.guard(keep.guard))
        return ", ".join(part for part in parts if part)

    def cookie_life(self, cookie: Cookie) -> str:
        """Return how long a cookie stays: as long as the browser is open, or a length of time."""
        if cookie.lasts in ("", "session"):
            return self.say("session")
        amount, _, unit = cookie.lasts.partition(" ")
        return self.span(Span(int(amount), unit.rstrip("s"))) if amount.isdigit() else cookie.lasts

    def _period(self, keep: Keep) -> str:
        if keep.without_end:
            return self.say("without end")
        if keep.while_fact:
            return self.say("while", x=self.fact(keep.while_fact))
        if keep.span is None:
            return ""
        if keep.end_of:
            return self.say("after end", n=self.span(keep.span), x=self.say(f"end {keep.end_of}"))
        return self.say("after", n=self.span(keep.span), x=self.event(keep.after))

    def event(self, name: str) -> str:
        """Return how a moment is called; a fact's start and end are moments too."""
        bare, _, edge = name.partition(" ")
        if edge in ("starts", "ends", "ended"):
            return self.say(f"fact {edge}", x=self.fact(bare))
        return self.known("event", name)

    @cached_property
    def _asked(self) -> dict[str, str]:
        """Return each consent's question, a class of parties in it by its label: ``{operator}``."""
        asked = dict(self._labels["consent"])
        for recipient in (r for r in self.policy.of(Recipient) if r.each):
            label = recipient.text[:1].lower() + recipient.text[1:] or plain(recipient.name)
            asked = {name: text.replace(f"{{{recipient.name}}}", label) for name, text in asked.items()}
        return asked

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        every = [s for pack in (*self.policy.packs, self.policy) for s in pack.statements]
        return {
            "data": {s.name: s.text for s in every if isinstance(s, Data)},
            "purpose": {s.name: s.text for s in every if isinstance(s, Purpose)},
            "party": {s.name: s.text for s in every if isinstance(s, Recipient)},
            "role": {s.name: s.text for s in every if isinstance(s, Role)},
            "consent": {s.name: s.question for s in every if isinstance(s, Consent)},
            "fact": {s.name: s.text for s in every if isinstance(s, Fact)},
        }


def plain(name: str) -> str:
    """Return a name as words, without the pack it comes from.

    >>> plain("gdpr:visit-end")
    'visit end'
    """
    return name.rpartition(":")[2].replace("-", " ")
