"""Grant: what opens one look, or one disclosure, to whoever asked for it: why, of whom, what, until when.

A fact ``of grant`` holds under a grant of it and nowhere else.  One person asks; where the document says
``approved by``, another agrees; it ends by itself.  Each grant lies in the sealed register with every look
and every release under it.  Its one rule: *nobody agrees to what they asked for themself*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from troth.gate import register
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import number as new_number
from troth.gate.house import House
from troth.kernel.calendar import ends_at
from troth.kernel.places import inside
from troth.policy.model import Controller, Door, Fact, Policy, Recipient, Tell
from troth.terms import Action, Clause, Refused, RefusedBy, Request

KIND, SILENT = "grant", "silent"
FOREIGN = ("country", "treaty")  # what an order from another country may name beside what its fact asks
MOST = 20  # people whom one disclosure may concern; more is a list, and no case


class BadGrant(BadBody):
    """A grant that lacks a word, or asks for what its fact does not open; ``field`` names it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(KIND, field, why)


@dataclass(frozen=True, slots=True)
class Reach:
    """What a grant opens: of these people or of one group, these data, and only what is of this time.

    ``people`` are tags.  ``party`` and ``member`` say to whom outside; without them it is a look.
    """

    data: tuple[str, ...]
    people: tuple[str, ...] = ()
    group: str = ""
    party: str = ""
    member: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done about a grant, when, by whom and in which role."""

    at: datetime
    what: str  # asked | approved | declined | ended | reviewed | silenced | told
    by: str = ""
    role: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One look or release under a grant: whose and which data, and how many records they were."""

    at: datetime
    by: str
    tag: str
    data: tuple[str, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as the register has it.  ``begins`` None: it waits for a second person."""

    number: str
    fact: str
    names: Mapping[str, str]
    reach: Reach
    begins: datetime | None = None
    until: datetime | None = None
    silent: datetime | None = None  # until when the law forbids to tell of it
    bar: str = ""  # the fact by which it does
    steps: tuple[Step, ...] = ()
    looks: tuple[Look, ...] = ()
    clause: Clause | None = field(default=None, compare=False)
    review: datetime | None = None  # by when somebody else looks at it

    @property
    def by(self) -> str:
        """Return who asked for it."""
        return self.steps[0].by

    def done(self, what: str) -> Step | None:
        """Return the last step of a name."""
        return next((s for s in reversed(self.steps) if s.what == what), None)

    def state(self, now: datetime) -> str:
        """Say how it stands: asked, open, overdue (its review is), declined or ended."""
        if self.done("declined"):
            return "declined"
        if self.done("ended") or (self.until is not None and self.until <= now):
            return "overdue" if self._unreviewed(now) else "ended"
        if self.begins is None:
            return "asked"
        return "overdue" if self._unreviewed(now) else "open"

    def _unreviewed(self, now: datetime) -> bool:
        return self.review is not None and self.review <= now and self.done("reviewed") is None


# -- the deeds -------------------------------------------------------------------------------------


def ask_grant(
    house: House,
    *,
    fact: str,
    names: Mapping[str, str],
    reach: Reach,
    by: str,
    role: str,
    until: datetime | None = None,
) -> Grant:
    """Ask for a grant; it opens at once unless somebody else must agree.

    Raises ``BadGrant`` for a missing word, for data that the fact opens to nobody and for an end that is
    past, and ``Refused`` for a role that may not ask and for a foreign order without a treaty.
    """
    said = _fact(house, fact)
    _insist_role(said, said.raised_by, role, reach)
    _worded(said, names)
    _reachable(house, said, reach)
    _at_home(house, said, names, reach)
    now = house.clock()
    if until is not None and until <= now:
        raise BadGrant("until", "a grant ends on a day to come")
    kept = {name: text.strip() for name, text in names.items()}
    made = Grant(new_number("g-"), fact, kept, reach, until=until, steps=(Step(now, "asked", by, role),))
    made = made if said.approved_by else _begun(house, said, made, now)
    with house.lock:
        register.enter(house, kind=KIND, number=made.number, body=_body(made))
    return grant(house, number=made.number)


def approve_grant(house: House, *, number: str, by: str, role: str) -> Grant:
    """Agree to what another person asked; raise ``Refused`` for oneself and for the wrong role."""
    found = _waiting(house, number)
    said = _fact(house, found.fact)
    _insist_role(said, said.approved_by, role, found.reach)
    if by == found.by:
        raise Refused(_no(said, found.reach, f"the approval of another {said.approved_by}"))
    return _step(house, _begun(house, said, found, house.clock()), "approved", by, role)


def decline_grant(house: House, *, number: str, by: str, role: str, reason: str) -> Grant:
    """Say no to what was asked, with the reasons."""
    found = _waiting(house, number)
    said = _fact(house, found.fact)
    _insist_role(said, said.approved_by, role, found.reach)
    return _step(house, found, "declined", by, role, _reason(reason), over=True)


def end_grant(house: House, *, number: str, by: str, role: str, reason: str = "") -> Grant:
    """End a grant before its time."""
    found = grant(house, number=number)
    if found.state(house.clock()) in ("declined", "ended"):
        raise GateError("this grant is over already")
    return _step(house, found, "ended", by, role, reason, over=True)


def review_grant(house: House, *, number: str, by: str, role: str, reason: str) -> Grant:
    """Look at a grant afterwards, as the role that the document names, and say whether it was right."""
    found = grant(house, number=number)
    said = _fact(house, found.fact)
    if said.review is None:
        raise GateError(f"nobody reviews a grant of '{said.name}'")
    _insist_role(said, said.review[0], role, found.reach)
    if by == found.by:
        raise Refused(_no(said, found.reach, f"the review of another {said.review[0]}"))
    return _step(house, found, "reviewed", by, role, _reason(reason))


def silence_grant(
    house: House, *, number: str, fact: str, names: Mapping[str, str], by: str, role: str, until: datetime
) -> Grant:
    """Keep a grant from being told of until a moment, by a fact that the document's duty to tell names."""
    found, said = grant(house, number=number), _fact(house, fact)
    if fact not in bars(house):
        raise BadGrant("fact", "no duty to tell waits for it")
    _insist_role(said, said.raised_by, role, found.reach)
    _worded(said, {**names, "day": until.date().isoformat()})
    if until <= house.clock():
        raise BadGrant("until", "a ban ends on a day to come")
    kept = replace(found, silent=until, bar=fact)
    return _step(house, kept, "silenced", by, role, "; ".join(names.values()), under=SILENT)


def noted(house: House, *, number: str, what: str, note: str = "") -> Grant:
    """Write down what those above did for a grant: whom they told."""
    return _step(house, grant(house, number=number), what, "", "", note)


def looked(house: House, *, number: str, look: Look) -> None:
    """Write a look or a release down."""
    found = grant(house, number=number)
    with house.lock:
        body = _body(replace(found, looks=(*found.looks, look)))
        register.amend(house, kind=KIND, number=number, body=body, step="used")


# -- what is asked ---------------------------------------------------------------------------------


def grant(house: House, *, number: str) -> Grant:
    """Return one grant; raise ``GateError`` when there is none."""
    body = register.found(house, kind=KIND, number=number)
    if body is None:
        raise GateError("there is no such grant")
    return _read(house, body)


def grants(house: House) -> tuple[Grant, ...]:
    """Return the register of grants, the newest first."""
    found = [_read(house, body) for body in register.every(house, kind=KIND)]
    return tuple(sorted(found, key=lambda g: g.steps[0].at, reverse=True))


def silenced_grants(house: House) -> frozenset[str]:
    """Return the numbers of the grants that must not be told of now."""
    now = house.clock()
    bodies = register.every(house, kind=KIND, under=SILENT) if bars(house) else iter(())
    return frozenset(g.number for b in bodies if (g := _read(house, b)).silent and g.silent > now)


def bars(house: House) -> frozenset[str]:
    """Return the facts while which a duty to tell waits."""
    return frozenset(name for t in house.policy.of(Tell) for name in t.unless)


def grantable(house: House) -> tuple[Fact, ...]:
    """Return the facts for which a grant can be asked: those that open some door."""
    return tuple(f for f in house.facts.values() if f.of == "grant" and any(doors(house.policy, f)))


def doors(policy: Policy, fact: Fact) -> Iterator[Door]:
    """Yield the doors that a fact opens."""
    for door in policy.of(Door):
        if any(fact.name in group for group in door.guard.when):
            yield door


def within(name: str, opened: tuple[str, ...]) -> bool:
    """Say whether a category or ``category.field`` lies in what is opened.

    >>> within("post.text", ("post",)), within("post", ("post.text",))
    (True, False)
    """
    return name in opened or name.partition(".")[0] in opened


# -- one step, and how it is written ---------------------------------------------------------------


def _fact(house: House, name: str) -> Fact:
    found = house.facts.get(name)
    if found is None or found.of != "grant":
        raise BadGrant("fact", "is no ground that this document lets anybody be granted")
    return found


def _insist_role(fact: Fact, wanted: str, role: str, reach: Reach) -> None:
    if role != wanted:
        raise Refused(_no(fact, reach, f"the role {wanted}"))


def _worded(fact: Fact, names: Mapping[str, str]) -> None:
    """See to it that every word the fact asks for is said, and no other."""
    for name in fact.names:
        if not names.get(name, "").strip():
            raise BadGrant(name, f"'{fact.name}' names its {name}")
    for name in names:
        if name not in (*fact.names, *FOREIGN):
            raise BadGrant("names", f"'{fact.name}' names {', '.join(fact.names)} and nothing else")


def _reachable(house: House, fact: Fact, reach: Reach) -> None:
    verb = "share" if reach.party else "show"
    opened = [
        d for d in doors(house.policy, fact) if d.verb == verb and (not reach.party or d.party == reach.party)
    ]
    if reach.party and not opened:
        raise BadGrant("party", f"'{fact.name}' opens nothing to it")
    known = {d.name: d for d in house.policy.of(Recipient)}
    if reach.party and known[reach.party].each and reach.member not in house.parties.get(reach.party, {}):
        raise BadGrant("member", "is nobody in this class of parties")
    if not reach.data:
        raise BadGrant("data", "say which data it is about")
    for name in reach.data:
        house.part(name)
        if not any(within(name, d.data) for d in opened):
            raise BadGrant("data", f"'{fact.name}' does not open {name} so")
    if bool(reach.people) == bool(reach.group):
        raise BadGrant("people", "say whose: some people, or one group")
    processor = bool(reach.party) and known[reach.party].role == "processor"
    if reach.party and not processor and (reach.group or len(reach.people) > MOST):
        raise BadGrant("people", f"a disclosure concerns named people, {MOST} at most, and no whole group")


def _at_home(house: House, fact: Fact, names: Mapping[str, str], reach: Reach) -> None:
    """Refuse an order of another country that rests on no treaty (GDPR Art. 48)."""
    country = names.get("country", "").strip()
    if not country or not reach.party or names.get("treaty", "").strip():
        return
    known = next(r for r in house.policy.of(Recipient) if r.name == reach.party)
    home = (known.country,) if known.country else tuple(c.country for c in house.policy.of(Controller))
    if not inside(country, home):
        raise Refused(_no(fact, reach, "a treaty on which the foreign order rests (GDPR Art. 48)"))


def _no(fact: Fact, reach: Reach, lacks: str) -> RefusedBy:
    action = Action.SHARE if reach.party else Action.SHOW
    data = reach.data[0].partition(".")[0] if reach.data else ""
    return RefusedBy(Request(action, data, "", reach.party), (fact.clause,), (lacks,))


def _reason(text: str) -> str:
    if not text.strip():
        raise BadGrant("reason", "say why")
    return text.strip()


def _begun(house: House, fact: Fact, found: Grant, now: datetime) -> Grant:
    """Return a grant that runs from now on, no longer than its fact lasts."""
    last = ends_at(now, fact.lasts, house.policy.zone) if fact.lasts else None
    ends = [t for t in (last, found.until) if t is not None]
    return replace(found, begins=now, until=min(ends, default=None))


def _waiting(house: House, number: str) -> Grant:
    found = grant(house, number=number)
    if found.state(house.clock()) != "asked":
        raise GateError("this grant does not wait for anybody")
    return found


def _step(
    house: House,
    found: Grant,
    what: str,
    by: str,
    role: str,
    note: str = "",
    *,
    over: bool = False,
    under: str = "",
) -> Grant:
    with house.lock:
        body = _body(replace(found, steps=(*found.steps, Step(house.clock(), what, by, role, note))))
        register.amend(house, kind=KIND, number=found.number, body=body, step=what, over=over, under=under)
    return grant(house, number=found.number)


def _body(found: Grant) -> dict[str, Any]:
    told = {k: v for k, v in asdict(found).items() if k not in ("clause", "review")}
    plain: dict[str, Any] = register.plain(told)
    return plain


def _read(house: House, body: Mapping[str, Any]) -> Grant:
    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    told = body["reach"]
    reach = {**told, "data": tuple(told["data"]), "people": tuple(told["people"])}
    reach |= {name: moment(told[name]) for name in ("since", "until")}
    steps = tuple(Step(**{**s, "at": datetime.fromisoformat(s["at"])}) for s in body["steps"])
    looks = tuple(
        Look(**{**one, "at": datetime.fromisoformat(one["at"]), "data": tuple(one["data"])})
        for one in body["looks"]
    )
    times = {name: moment(body[name]) for name in ("begins", "until", "silent")}
    made = Grant(**{**body, **times, "reach": Reach(**reach), "steps": steps, "looks": looks})
    said = house.facts.get(made.fact)
    if said is None:
        return made
    within_ = said.review[1] if said.review else None
    due = ends_at(made.begins, within_, house.policy.zone) if within_ and made.begins else None
    return replace(made, clause=said.clause, review=due)
