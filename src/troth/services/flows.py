"""Flows: a conversation as frozen steps, and the pure runner that says what comes next.

``read_flow`` (``script.py``) makes a ``Flow`` from Markdown; ``check_flow`` (``coverage.py``) holds it
against the policy.  The runner keeps nothing: answers go in and come out.  Its one rule: *what was
said on a way that was left again is not kept* (``kept``).

>>> from troth.services.script import read_flow
>>> flow, _ = read_flow('''---
... title: Coffee
... ---
... ## drink
... Tea or coffee?
... ask taste.drink choice for offers
... - tea: Tea -> bye
... - coffee: Coffee
...
... ## cups
... How many cups?
... ask taste.cups number 0..20 for offers
...
... ## bye
... Thanks!
... end
... ''', "coffee.md")
>>> now = advance(flow, {}, "drink", "coffee")
>>> now.step, now.answers
('cups', {'drink': 'coffee'})
>>> advance(flow, now.answers, "cups", "40").problem
'give a number from 0 to 20'
>>> back(flow, now.answers, "cups").step
'drink'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from troth.services.sitepages import Film

EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{5,24}")
MOMENT = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d")
LONGEST = 2000  # characters in a free answer


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; ``to`` names the step it leads to, '' the step written next."""

    value: str
    label: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """Words that, said freely, answer a closed question."""

    question: str
    answer: str
    words: tuple[str, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for one field of the policy.  ``consent`` names the consent the answer needs, or is ''.

    ``means`` ties words of a free answer to closed answers (``means taste.drink tea: chai, earl grey``).
    """

    data: str
    field: str
    kind: str  # text | choice | email | phone | number | moment
    purpose: str
    options: tuple[Option, ...] = ()
    low: float | None = None
    high: float | None = None
    optional: bool = False
    consent: str = ""
    about: str = ""  # the subject its author tagged it with
    means: tuple[Means, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit of ``amount`` units, given once to a person who comes this far."""

    name: str
    amount: int
    text: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of the conversation: what is said, and at most one of ask, consent, reward, film, end."""

    name: str
    say: str
    line: int
    ask: Ask | None = None
    consent: str = ""
    optional: bool = False
    reward: Credit | None = None
    end: bool = False
    to: str = ""
    act: int = 0  # the line of its ask, consent, reward, film or end
    film: Film | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole conversation; ``name`` is the last part of its address."""

    name: str
    title: str
    steps: tuple[Step, ...]
    intro: str = ""
    language: str = "en"
    draft: bool = False
    survey: bool = False  # its answers go to whoever asks as numbers about groups
    event: str = ""  # the moment of the document that it is when somebody finishes
    closes: date | None = None  # the last day on which it takes an answer
    opens: str = ""  # the door of the document by which it becomes a case when somebody finishes
    books: str = ""  # the door whose days say until when a request for a meeting is answered
    path: str = ""
    translations: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()

    def over(self, today: date) -> bool:
        """Say whether its last day is gone."""
        return self.closes is not None and today > self.closes

    def step(self, name: str) -> Step:
        """Return the step of this name; ``KeyError`` when there is none."""
        for step in self.steps:
            if step.name == name:
                return step
        raise KeyError(name)

    def after(self, step: Step) -> str:
        """Name the step that follows this one when nothing else is said; '' at the end."""
        if step.end:
            return ""
        if step.to:
            return step.to
        at = self.steps.index(step) + 1
        return self.steps[at].name if at < len(self.steps) else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the flow speaks, its own first."""
        return (self.language, *(tag for tag, _ in self.translations))

    def spoken(self, language: str) -> Flow:
        """Return the flow in another language; what has no translation stays as it was written."""
        texts = dict(dict(self.translations).get(language, ()))
        if not texts:
            return self
        return replace(
            self,
            title=texts.get("title", self.title),
            intro=texts.get("intro", self.intro),
            language=language,
            steps=tuple(_spoken(step, texts) for step in self.steps),
        )


def _spoken(step: Step, texts: Mapping[str, str]) -> Step:
    ask, reward = step.ask, step.reward
    if ask is not None:
        options = tuple(replace(o, label=texts.get(f"{step.name}.{o.value}", o.label)) for o in ask.options)
        ask = replace(ask, options=options)
    if reward is not None:
        reward = replace(reward, text=texts.get(f"{step.name}.reward", reward.text))
    return replace(step, say=texts.get(step.name, step.say), ask=ask, reward=reward)


@dataclass(frozen=True, slots=True)
class Next:
    """Where the conversation stands: the step to show, all answers so far, what was wrong with the last."""

    step: str
    answers: dict[str, str]
    problem: str = ""


def start(flow: Flow) -> Next:
    """Return the first step with no answers."""
    return Next(flow.steps[0].name, {})


def advance(flow: Flow, answers: Mapping[str, str], step: str, answer: str) -> Next:
    """Take one answer and say what comes next; with a ``problem`` the same step is shown again.

    Raises ``KeyError`` when the flow has no such step.
    """
    here = flow.step(step)
    answer = answer.strip()
    problem = wrong(here, answer)
    if problem:
        return Next(step, dict(answers), problem)
    said, after = {**answers, step: answer}, _following(flow, here, answer) or step
    if flow.opens and flow.step(after).end and not worded(flow, said):
        return Next(step, dict(answers), "write a few words, here or before")
    return Next(after, said)


def back(flow: Flow, answers: Mapping[str, str], step: str) -> Next:
    """Return to the step before this one on the way that was taken; every answer is kept."""
    way = path(flow, {name: a for name, a in answers.items() if name != step})
    at = way.index(step) if step in way else len(way) - 1
    return Next(way[max(at - 1, 0)], dict(answers))


def path(flow: Flow, answers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the steps these answers lead through, up to the first that has no answer."""
    way: list[str] = []
    name = flow.steps[0].name
    while name and name not in way:
        way.append(name)
        if name not in answers:
            break
        name = _following(flow, flow.step(name), answers[name])
    return tuple(way)


def kept(flow: Flow, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that lie on the way taken, and no others."""
    return {name: answers[name] for name in path(flow, answers) if name in answers}


def worded(flow: Flow, answers: Mapping[str, str]) -> str:
    """Return what somebody wrote on the way, as it was written: the words of the case that the flow opens."""
    asked = ((flow.step(name).ask, said) for name, said in kept(flow, answers).items())
    return "\n\n".join(said for ask, said in asked if ask is not None and ask.kind == "text" and said)


def open_question(step: Step) -> bool:
    """Say whether the step waits for words of the person rather than for a push of one button."""
    return step.ask is not None or bool(step.consent)


def wrong(step: Step, answer: str) -> str:
    """Say what is wrong with an answer, '' when it will do."""
    if step.consent:
        return "" if answer in ("yes", "no") else "choose yes or no"
    ask = step.ask
    if ask is None:
        return ""
    if not answer:
        return "" if ask.optional else "an answer is needed here"
    if len(answer) > LONGEST:
        return f"at most {LONGEST} characters, please"
    if ask.kind == "choice":
        return "" if answer in {o.value for o in ask.options} else "choose one of the answers shown"
    if ask.kind == "email":
        return "" if EMAIL.fullmatch(answer) else "that does not look like an e-mail address"
    if ask.kind == "phone":
        return "" if PHONE.fullmatch(answer) else "that does not look like a phone number"
    if ask.kind == "moment":
        return "" if MOMENT.fullmatch(answer) else "that is no day and hour"
    return _wrong_number(ask, answer) if ask.kind == "number" else ""


def _wrong_number(ask: Ask, answer: str) -> str:
    low, high = ask.low, ask.high
    told = f" from {low:g} to {high:g}" if low is not None and high is not None else ""
    if not re.fullmatch(r"-?[0-9]{1,9}([.,][0-9]{1,4})?", answer):
        return f"give a number{told}"
    value = float(answer.replace(",", "."))
    fits = (low is None or value >= low) and (high is None or value <= high)
    return "" if fits else f"give a number{told}"


def _following(flow: Flow, step: Step, answer: str) -> str:
    if step.ask is not None:
        for option in step.ask.options:
            if option.value == answer and option.to:
                return option.to
    return flow.after(step)
