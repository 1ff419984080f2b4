"""House: what every verb of the gate works with: the document, its kernel, the store and the clock.

It looks names up and decides nothing.  The law packs' statements stand in ``policy`` under their own names
(``gdpr:consents``).  ``kinds`` says in which category the gate keeps what it must remember of a person.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from troth.gate.errors import GateError, Unknown
from troth.gate.moving import moves
from troth.gate.values import Charge, Delivery, Inquiry, Instruction
from troth.kernel import Kernel
from troth.kernel.calendar import start_of
from troth.kernel.count import Meaning, nothing
from troth.kernel.packs import merged
from troth.policy.model import Area, Claim, Consent, Data, Event, Fact, Hold, Keep, Policy, Purpose
from troth.scrub.residual import NOTHING, Published
from troth.store import Store
from troth.terms import Clause, State

KINDS = ("consents", "requests", "events", "silence", "trail", "register", "reviews", "links", "former")
PLAIN = re.compile(r"[A-Za-z0-9_.-]{1,64}")
DATED = (Keep, Hold, Purpose, Fact, Event)
MARKETING = "direct marketing"
CLOSED = "account-closed"
BUILT_IN = frozenset({"collected", "last-use", "account-closed", "case-closed", "consent-withdrawn"})
Entries = Mapping[str, Mapping[str, object]]
Parties = Mapping[str, Entries]


def no_connector(asked: Inquiry) -> Mapping[str, object]:
    """Say that nobody outside can be asked."""
    raise GateError(f"there is no connector to '{asked.member}'; give its 'connector' in parties.toml")


def nobody_charges(asked: Charge) -> Mapping[str, object]:
    """Say that nobody takes payments."""
    raise GateError(f"there is no way to '{asked.member}'; give its 'payments' address in parties.toml")


def nobody_speaks(prompt: Any) -> Iterator[str]:
    """Say that no model outside can be asked."""
    raise GateError(f"there is no model '{prompt.model}'; name it under [models] in site.toml")


def no_subject(text: str) -> tuple[str, ...]:
    """Look for nothing delicate."""
    return ()


def nobody_follows(house: House, person: int) -> None:
    """Tell nobody that a person's state has changed."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A person's state as it was read: under which mark, from when until when it counts (``memory``)."""

    mark: tuple[int, ...]
    made: datetime
    until: datetime
    words: frozenset[str]
    state: State


@dataclass(frozen=True, slots=True)
class Grouping:
    """Whom the document puts together: while ``fact`` holds, two people bear one value in ``data.key``.

    ``title`` is the field that tells people what their group is called, '' where none does.
    """

    fact: str
    data: str
    key: str
    title: str = ""

    def space(self, data: str) -> str:
        """Return the index by which whoever has a record of a category in a group is found."""
        return f"{data}@{self.key}"


@dataclass(frozen=True, slots=True)
class House:
    """An opened gate's rooms; ``post`` takes a delivery out, and what it raises undoes the deed."""

    policy: Policy
    kernel: Kernel
    store: Store
    clock: Callable[[], datetime]
    parties: Parties
    post: Callable[[Delivery], None]
    data: Mapping[str, Data]
    purposes: Mapping[str, Purpose]
    consents: Mapping[str, Consent]
    facts: Mapping[str, Fact]
    keeps: Mapping[str, tuple[Keep, ...]]
    events: frozenset[str]
    kinds: Mapping[str, str]
    calendar: Policy  # the statements that dates are reckoned from, and no others
    eras: tuple[datetime, ...]  # the days on which some rule begins or ends
    starts: Mapping[str, frozenset[str] | None]  # fact → the logged names that start it, None when computed
    visits: Mapping[str, tuple[str, ...]]  # data → the names whose silence ends the visit it is kept after
    dates: Mapping[str, tuple[str, ...]]  # data → its date fields that bear an event's name
    moves: Mapping[str, frozenset[str]]  # event → the only categories whose dates it can move (``moving``)
    left: frozenset[str]  # the categories that are kept while a fact lasts which closing the account ends
    telling: frozenset[str]  # the categories a person's state is read from
    candidates: Mapping[str, tuple[tuple[str, str], ...]]  # data → (purpose, field) of its uses
    by_field: frozenset[str]  # the categories whose fields are each agreed to by themselves
    secrets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # data → its password fields
    filed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # data → its fields of type file
    grouping: Grouping | None = None  # how people belong together (``groups``)
    meanings: tuple[Meaning, ...] = ()  # what authors of conversations say that free words answer
    delicate: Callable[[str], bool] = nothing  # whether a free text is too delicate to mean anything
    instructed: dict[tuple[str, str], Instruction] = field(default_factory=dict)  # (party, member) → the last
    rests: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # act → what rests on it
    memory: dict[int, Remembered] = field(default_factory=dict, repr=False)  # person → their state
    editions: dict[str, Any] = field(default_factory=dict, repr=False)  # what was told last (``insight``)
    signed: dict[str, Any] = field(default_factory=dict, repr=False)  # what parties signed and set: joint
    weighed: dict[str, Any] = field(default_factory=dict, repr=False)  # which sources are lawful: sources
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    fetch: Callable[[Inquiry], Mapping[str, object]] = no_connector
    charge: Callable[[Charge], Mapping[str, object]] = nobody_charges  # what asks who takes payments
    follow: Callable[[House, int], None] = nobody_follows  # called when a person's state or log has changed
    speak: Callable[[Any], Iterator[str]] = nobody_speaks  # what asks a model outside (``converse.Prompt``)
    subjects: Callable[[str], tuple[str, ...]] = no_subject  # the special categories a text seems to speak of
    same: frozenset[str] = frozenset()  # former versions whose acceptance counts for the one in force
    staff: dict[str, Mapping[str, object]] = field(default_factory=dict)  # what stands of each of the staff
    published: Published = NOTHING  # what the company's own public texts say

    def datum(self, name: str) -> Data:
        """Return a declared category; raise ``Unknown``."""
        if name not in self.data:
            raise Unknown("data", name)
        return self.data[name]

    def part(self, name: str) -> None:
        """See to it that a category, or ``category.field``, is declared; raise ``Unknown``."""
        data, dot, field = name.partition(".")
        if dot and field not in {f.name for f in self.datum(data).fields}:
            raise Unknown("field", name)
        self.datum(data)

    def members(self, name: str) -> None:
        """See to it that what stands in brackets behind a name is somebody or something declared.

        Such names stand in the evidence, so that no other word may come in through them.
        """
        fields = [f.name for d in self.data.values() for f in d.fields] if "(" in name else []
        declared = (*self.purposes, *(a.name for a in self.policy.of(Area)), *fields)
        for word in name.partition("(")[2].rstrip(")").split(","):
            plain = word.strip()
            known = any(plain in members for members in self.parties.values()) or not self.parties
            if plain and not (known and PLAIN.fullmatch(plain)) and plain not in declared:
                raise Unknown("party", plain)

    def remembers(self, kind: str) -> bool:
        """Say whether the document or a law pack gives the gate's own records of this kind a place."""
        return self.kinds[kind] in self.data

    def home(self, kind: str) -> tuple[tuple[str, ...], Clause]:
        """Return for which purposes, by which clause, the gate keeps records of a kind."""
        name = self.kinds[kind]
        purposes = tuple(dict.fromkeys(p for p, _ in self.candidates.get(name, ())))
        found = self.data.get(name)
        return purposes, found.clause if found else Clause("", 0)


def furnish(
    policy: Policy,
    kernel: Kernel,
    store: Store,
    clock: Callable[[], datetime],
    parties: Parties,
    post: Callable[[Delivery], None] | None,
    meanings: tuple[Meaning, ...] = (),
    delicate: Callable[[str], bool] = nothing,
) -> House:
    """Look all names up once."""
    whole = merged(policy)
    data = {d.name: d for d in whole.of(Data)}
    keeps = {name: tuple(_kept(whole, name)) for name in data}
    events = _events(whole)
    kinds = {k: _home(policy, data, k) for k in KINDS}
    return House(
        policy=whole,
        kernel=kernel,
        store=store,
        clock=clock,
        parties=parties,
        post=post or (lambda delivery: None),
        data=data,
        purposes={p.name: p for p in whole.of(Purpose)},
        consents={c.name: c for c in whole.of(Consent)},
        facts={f.name: f for f in whole.of(Fact)},
        keeps=keeps,
        events=events,
        kinds=kinds,
        calendar=replace(whole, statements=tuple(s for s in whole.statements if isinstance(s, DATED))),
        eras=_eras(whole, kernel),
        starts={f.name: _starts(whole, f) for f in whole.of(Fact)},
        visits={name: tuple(_silent(whole, found)) for name, found in keeps.items()},
        dates={d.name: tuple(_dates(d, events)) for d in data.values()},
        moves=moves(whole, keeps),
        left=frozenset(_left(whole, keeps)) - frozenset(kinds.values()),
        telling=frozenset({kinds["consents"], kinds["events"], *_aged(whole)}),
        candidates=_uses(whole),
        by_field=frozenset(_agreed_by_field(whole)),
        secrets={d.name: names for d in data.values() if (names := tuple(_typed(d, "password")))},
        filed={d.name: names for d in data.values() if (names := tuple(_typed(d, "file")))},
        grouping=next(_groupings(whole), None),
        meanings=meanings,
        delicate=delicate,
    )


def base(name: str) -> str:
    """Return a name without its member.

    >>> base("news(bryggen)"), base("news")
    ('news', 'news')
    """
    return name.partition("(")[0]


def named(name: str, member: str) -> str:
    """Return a name with its member, where there is one.

    >>> named("news", "bryggen"), named("news", "")
    ('news(bryggen)', 'news')
    """
    return f"{name}({member})" if member else name


def _groupings(policy: Policy) -> Iterator[Grouping]:
    for fact in policy.of(Fact):
        if fact.of == "viewer" and fact.by:
            data, _, key = fact.by[0].partition(".")
            yield Grouping(fact.name, data, key, "".join(f.partition(".")[2] for f in fact.by[1:2]))


def _home(policy: Policy, data: Mapping[str, Data], kind: str) -> str:
    own = (d.name for d in policy.of(Data) if d.records == kind)
    packed = (d.name for d in data.values() if d.records == kind)
    return next(own, next(packed, f"gdpr:{kind}"))


def _kept(policy: Policy, data: str) -> Iterator[Keep]:
    for keep in policy.of(Keep):
        if any(name.partition(".")[0] in (data, "any") for name in keep.data):
            yield keep


def _uses(policy: Policy) -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: dict[str, dict[tuple[str, str], None]] = {}
    for purpose in policy.of(Purpose):
        for use in (u for b in purpose.bases for u in b.uses):
            found.setdefault(use.data, {})[purpose.name, use.field] = None
    return {data: tuple(uses) for data, uses in found.items()}


def _agreed_by_field(policy: Policy) -> Iterator[str]:
    apart = {c.name for c in policy.of(Consent) if "field" in c.per}
    for basis in (b for p in policy.of(Purpose) for b in p.bases):
        agreed = {base(g.name) for g in basis.grounds if g.kind == "consent"}
        yield from (u.data for u in basis.uses if agreed & apart or (agreed and u.field and not u.reads))


def _eras(policy: Policy, kernel: Kernel) -> tuple[datetime, ...]:
    days = {d for rule in kernel.rules for d in (rule.since, rule.until) if d}
    return tuple(start_of(day, policy.zone) for day in sorted(days))


def _starts(policy: Policy, fact: Fact) -> frozenset[str] | None:
    """Return the names whose log starts a fact, None where a start is worked out from other things."""
    worked_out = {e.name for e in policy.of(Event) if e.alternatives}
    names = frozenset(fact.starts or (fact.name,))
    computed = names & worked_out or any(n.endswith((" starts", " ends")) for n in names)
    return None if computed else names


def _left(policy: Policy, keeps: Mapping[str, tuple[Keep, ...]]) -> Iterator[str]:
    ending = {f.name for f in policy.of(Fact) if any(name == "account-closed" for _, _, name in f.ends)}
    return (data for data, found in keeps.items() if any(k.while_fact in ending for k in found))


def _silent(policy: Policy, keeps: tuple[Keep, ...]) -> Iterator[str]:
    ends = {k.after for k in keeps}
    for event in (e for e in policy.of(Event) if e.name in ends):
        yield from (name for kind, _, name in event.alternatives if kind == "without")


def _dates(datum: Data, events: frozenset[str]) -> Iterator[str]:
    return (f.name for f in datum.fields if f.type in ("date", "moment") and f.name in events)


def _typed(datum: Data, kind: str) -> Iterator[str]:
    return (f.name for f in datum.fields if f.type == kind)


def _aged(policy: Policy) -> Iterator[str]:
    return (d.name for d in policy.of(Data) if any(f.type in ("age", "born") for f in d.fields))


def _events(policy: Policy) -> frozenset[str]:
    names = set(BUILT_IN)
    for event in policy.of(Event):
        names |= {event.name, *event.restarts_at, *(n for pair in event.paused for n in pair)}
        names |= {name for _, _, name in event.alternatives}
        names |= {f"{event.name} extended"} if event.extended_by else set()
    for fact in policy.of(Fact):
        names |= {fact.name, *fact.starts, *(name for _, _, name in fact.ends)}
    names |= {k.after for k in policy.of(Keep)} | {c.while_fact for c in policy.of(Claim)}
    return frozenset(names - {""})
