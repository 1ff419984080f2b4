"""Facts: from what a person did and what happened to them, to the state that the kernel judges.

The latest act of a name counts, and a consent ends with its period.  Facts are read off the event log by the
kernel.  Its one rule: what was not written down is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from troth.gate.ages import Told, ages_of, births_of, years
from troth.gate.house import MARKETING, House, base
from troth.gate.values import Act
from troth.kernel.calendar import after_close, ends_at
from troth.kernel.events import Log, holds, in_utc, intervals
from troth.policy.model import Change
from troth.store import Record
from troth.terms import State

ENDED = " ended"
COVERED = "covered"  # the mark that names the records a fact holds of, where it was raised of some only
RESTS = 4_096  # names of acts whose categories are remembered; they hold no person


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a person: acts oldest first, the event log, ages with their day, the birth."""

    acts: tuple[Act, ...] = ()
    log: Log = field(default_factory=dict)
    ages: tuple[Told, ...] = ()
    born: date | None = None
    covered: Mapping[str, frozenset[int]] = field(default_factory=dict)  # fact → the records it holds of
    untold: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # records to be told of (``told``)

    def latest(self, kind: str) -> dict[str, Act]:
        """Return the last act of a kind under each name."""
        return {a.name: a for a in self.acts if a.kind == kind}


def known(house: House, records: Iterable[Record]) -> Known:
    """Read what is remembered out of a person's records."""
    acts: list[Act] = []
    ages: list[Told] = []
    births: list[tuple[datetime, date]] = []
    log: dict[str, tuple[datetime, ...]] = {}
    untold: dict[int, Mapping[str, str]] = {}
    covered: dict[str, frozenset[int]] = {}
    for record in records:
        body = record.body
        if not isinstance(body, dict):
            continue
        if record.data == house.kinds["consents"] and "kind" in body:
            acts.append(act_of(body))
        elif record.data == house.kinds["events"]:
            log = {n: tuple(map(datetime.fromisoformat, ts)) for n, ts in body.get("log", {}).items()}
            acts += map(act_of, body.get("acts", ()))  # of whoever lies apart (``converse_link``)
            covered = {fact: frozenset(rids) for fact, rids in body.get(COVERED, {}).items()}
            untold = {int(rid): said for rid, said in body.get("untold", {}).items()}
        elif record.data in house.data:
            ages += ages_of(house, record, body)
            births += births_of(house, record, body)
    acts.sort(key=lambda a: a.at)
    ages += [(a.at, int(a.name)) for a in acts if a.kind == "age"]
    born = max(births)[1] if births else None
    return Known(tuple(acts), in_utc(log), tuple(sorted(ages)), born, covered, untold)


def state_of(house: House, person: Known | None, now: datetime) -> State:
    """Fold what is known into a state; nobody is an empty one."""
    person = person or Known()
    consents = {n for n, a in person.latest("consent").items() if a.given and not expired(house, a, now)}
    filed = {n for n, a in person.latest("objection").items() if a.given}
    objections = filed - undecided(house, person)
    restricted = {n for n, a in person.latest("restriction").items() if a.given}
    left = house.left if closed_at(house, person) else frozenset[str]()
    standing = [
        f"{a.kind} {a.name}"
        for a in person.acts
        if a.given and a.name in {"consent": consents, "objection": objections}.get(a.kind, restricted)
    ]
    return State(
        frozenset(consents),
        frozenset(objections),
        frozenset(restricted) | left,
        frozenset(_facts(house, person, now)) | instructed(house),
        _age(person, now),
        _accepted(house, person),
        (*standing, *(f"restriction {name}" for name in sorted(left))),
    )


def undecided(house: House, person: Known) -> frozenset[str]:
    """Name the objections that stop nothing while they are weighed (``without pause``) and wait for it."""
    waiting = (n for n, a in person.latest("objection").items() if a.given and a.channel != "decided")
    return frozenset(n for n in waiting if (said := house.purposes.get(base(n))) and said.without_pause)


def instructed(house: House) -> frozenset[str]:
    """Return the facts that hold of everybody because a party instructed them."""
    return frozenset(w for said in house.instructed.values() for w in said.words)


def edges(house: House, person: Known, now: datetime) -> Iterator[datetime]:
    """Yield the moments ahead at which a consent or a fact of the person changes by time alone."""
    yield from (end for a in person.latest("consent").values() if (end := expiry(house, a)) and end > now)
    for name in _asked(house, person):
        for run in intervals(house.calendar, name, person.log, now):
            yield from (after_close(t, house.policy.zone) for t in run if t is not None and t > now)


def closed_at(house: House, person: Known) -> datetime | None:
    """Return when the account was closed; where no fact of the document ends by it, use since reopens it."""
    last = max(person.log.get("account-closed", ()), default=None)
    if last is None or house.left:
        return last
    return last if max(person.log.get("last-use", ()), default=last) <= last else None


def expiry(house: House, act: Act) -> datetime | None:
    """Return when a consent runs out by itself; None when it has no period."""
    said = house.consents.get(base(act.name))
    return ends_at(act.at, said.lasts, house.policy.zone) if said and said.lasts else None


def expired(house: House, act: Act, now: datetime) -> bool:
    """Say whether a consent has run out."""
    end = expiry(house, act)
    return end is not None and end <= now


def resting(house: House, kind: str, name: str) -> frozenset[str]:
    """Return the categories whose lawful use rests on an act of this kind and name."""
    if (kind, name) not in house.rests:
        if len(house.rests) >= RESTS:
            house.rests.clear()
        house.rests[kind, name] = _resting(house, kind, name)
    return house.rests[kind, name]


def _resting(house: House, kind: str, name: str) -> frozenset[str]:
    everything = frozenset(house.data) - frozenset(house.kinds.values())
    if kind == "restriction":
        return everything if name == "*" else frozenset({name.partition(".")[0]})
    found: set[str] = set()
    for purpose in house.purposes.values():
        objected = kind == "objection" and (
            purpose.name == base(name) or (name == MARKETING and MARKETING in purpose.marks)
        )
        for basis in purpose.bases:
            asked = {g.name for g in basis.grounds if g.kind == "consent"}
            agreed = kind == "consent" and base(name) in asked
            if objected or agreed or (kind == "age" and asked):
                found |= {u.data for u in basis.uses}
    return everything & found


def members(state: State) -> frozenset[str]:
    """Return every member that some consent or fact of the person names."""
    words = state.consents | state.facts
    return frozenset(w.partition("(")[2].rstrip(")").partition(",")[0] for w in words if "(" in w)


def act_of(body: Mapping[str, Any]) -> Act:
    """Read an act as it was written."""
    said = {k: str(body.get(k, "")) for k in ("text", "version", "language", "channel")}
    at = datetime.fromisoformat(body["at"])
    return Act(body["kind"], body["name"], bool(body["given"]), at, **said)


def act_body(act: Act) -> dict[str, Any]:
    """Write an act down."""
    return {
        "kind": act.kind,
        "name": act.name,
        "given": act.given,
        "at": act.at.astimezone(UTC).isoformat(),
        "text": act.text,
        "version": act.version,
        "language": act.language,
        "channel": act.channel,
    }


def _facts(house: House, person: Known, now: datetime) -> Iterable[str]:
    """Yield the facts that hold of the person; one of some records only is the records' own."""
    asked = (n for n in _asked(house, person) if n not in person.covered)
    return (n for n in asked if holds(house.calendar, n, person.log, now))


def _asked(house: House, person: Known) -> Iterator[str]:
    """Yield the facts that may hold; one of whose starts nothing was logged cannot, and is not asked."""
    own = {n.removesuffix(ENDED) for n in person.log if "(" in n}
    plain = [n for n, starts in house.starts.items() if starts is None or starts & person.log.keys()]
    return (n for n in (*plain, *sorted(own)) if base(n) in house.facts)


def _age(person: Known, now: datetime) -> int | None:
    """Return the years a person has: by their birth, else those last declared and the full years since."""
    if person.born is not None:
        return years(person.born, now.date())
    if not person.ages:
        return None
    at, declared = person.ages[-1]
    return declared + max(years(at.date(), now.date()), 0)


def _accepted(house: House, person: Known) -> bool:
    if not any(c.accept_before for c in house.policy.of(Change)):
        return True
    said = person.latest("notice")
    counting = (said.get(version) for version in (house.policy.version, *house.same))
    return any(last is not None and last.given for last in counting)


def assuming(state: State, facts: frozenset[str]) -> State:
    """Return the state with these facts assumed to hold as well."""
    return replace(state, facts=state.facts | facts)
