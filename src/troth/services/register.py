"""Register: every cookie that may be set here, each with its setter, class, purpose and lifetime.

It is read off the document's own lines, with the one cookie that holds a stay, which no service does without.
Its one rule: *a name that stands nowhere in the register is set by nobody*.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from troth.policy.model import Consent, Cookie, Policy, Purpose, Recipient
from troth.terms import Clause

NEEDED, PREFERENCES, ADVERTISING, COUNTING = "needed", "preferences", "advertising", "counting"
STAY = "session"  # what holds a stay, in a document that says no more of it
SHAPES = "dpv:UserInterfacePersonalisation"
SELLS = frozenset({"dpv:TargetedAdvertising", "dpv:PersonalisedAdvertising", "dpv:Advertising"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register; ``names`` are what others set under our host, by their patterns."""

    name: str
    text: str
    kind: str
    purpose: str
    setter: str = ""
    consent: str = ""
    question: str = ""
    lasts: str = STAY
    names: tuple[str, ...] = ()
    form: str = "cookie"
    clause: Clause | None = None

    @property
    def necessary(self) -> bool:
        """Say whether it is set without a question."""
        return self.kind == NEEDED

    def fits(self, name: str) -> bool:
        """Say whether a name that a browser holds is one that somebody else sets by this line."""
        return any(name == n or (n.endswith("*") and name.startswith(n[:-1])) for n in self.names)


def register(policy: Policy) -> tuple[Entry, ...]:
    """Return every line, those that are needed first.

    >>> [e.name for e in register(Policy((Cookie(name="likes", consent="likes", lasts="1 year"),)))]
    ['session', 'likes']
    """
    purposes = {p.name: p for p in policy.of(Purpose)}
    questions = {c.name: c.question for c in policy.of(Consent)}
    setters = {r.name: r.text or r.name for r in policy.of(Recipient)}
    found = [
        Entry(
            c.name,
            c.text,
            NEEDED if c.necessary or not c.consent else class_of(purposes.get(c.purpose)),
            purposes[c.purpose].text or c.purpose if c.purpose in purposes else c.purpose,
            setters.get(c.by, c.by),
            c.consent,
            questions.get(c.consent, ""),
            c.lasts,
            c.named,
            c.kind,
            c.clause,
        )
        for c in policy.of(Cookie)
    ]
    if all(entry.name != STAY for entry in found):
        found.append(Entry(STAY, "Holds your visit together while you do something here", NEEDED, ""))
    return tuple(sorted(found, key=lambda entry: not entry.necessary))


def class_of(purpose: Purpose | None) -> str:
    """Name the class of what a purpose sets on a yes.

    >>> class_of(Purpose(name="likes", dpv=SHAPES)), class_of(Purpose(name="study"))
    ('preferences', 'counting')
    """
    if purpose is None:
        return COUNTING
    if "direct marketing" in purpose.marks or purpose.dpv in SELLS:
        return ADVERTISING
    return PREFERENCES if purpose.dpv == SHAPES else COUNTING


def registered(entries: Iterable[Entry], company: str, name: str) -> bool:
    """Say whether a cookie of this name may be set in a company's answer.

    >>> lines = register(Policy())
    >>> registered(lines, "club", "__Host-session-club"), registered(lines, "club", "tracker")
    (True, False)
    """
    bare = name.removeprefix("__Host-")
    own = {f"{entry.name}-{company}" for entry in entries if entry.form == "cookie"}
    return bare in own or any(entry.fits(name) for entry in entries)


def of_class(policy: Policy, kind: str) -> Entry | None:
    """Return our own cookie of a class, if the document has one."""
    found = (e for e in register(policy) if e.form == "cookie" and not e.names and not e.setter)
    return next((e for e in found if e.kind == kind), None)


def asked(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one line for each question of the register."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.consent and entry.question:
            first.setdefault(entry.consent, entry)
    return tuple(first.values())
