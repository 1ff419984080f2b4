"""Reference: the slow, obvious evaluator, straight from the page; the judge of the fast kernel.

It reads statements, never rules, and answers yes or no for one request.  It shares two things with the
kernel: the packs' names (``packs``) and the words for places (``places.inside``).  Its one rule: every
sentence of LANGUAGE.md is a line that can be pointed at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from troth.kernel.packs import merged
from troth.kernel.places import Parties, inside
from troth.policy.model import (
    Area,
    Basis,
    Change,
    Children,
    Consent,
    Controller,
    Data,
    Door,
    Fact,
    Ground,
    Guard,
    Hold,
    Keep,
    Policy,
    Purpose,
    Recipient,
    Safeguard,
    Use,
    Whereabouts,
)
from troth.terms import Action, Form, Request, State


def evaluate(
    policy: Policy, request: Request, state: State, day: date, parties: Parties | None = None
) -> bool:
    """Say whether the request is allowed on a day.

    >>> evaluate(Policy(), Request(Action.USE, "contact", "news"), State(), date(2026, 4, 12))
    False
    """
    asked = _Asked(merged(policy), request, state, day, parties)
    return not asked.refused_child() and asked.known_field() and asked.allowed()


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request about one person on one day."""

    policy: Policy
    request: Request
    state: State
    day: date
    parties: Parties | None

    def refused_child(self) -> bool:
        refusing = (c for c in self.policy.of(Children) if c.refuse)
        return any(self.state.age is not None and self.state.age < c.under for c in refusing)

    def known_field(self) -> bool:
        fields = [d.fields for d in self.policy.of(Data) if d.name == self.request.data and d.fields]
        return not self.request.field or not fields or any(f.name == self.request.field for f in fields[-1])

    def allowed(self) -> bool:
        for purpose in self.policy.of(Purpose):
            if purpose.name != self.request.purpose or not self.guard(purpose.guard):
                continue
            for basis in purpose.bases:
                for use in basis.uses:
                    for ground in basis.grounds:
                        if self.carried(purpose, basis, use, ground):
                            return True
        return False

    def carried(self, purpose: Purpose, basis: Basis, use: Use, ground: Ground) -> bool:
        r = self.request
        if use.data != r.data or use.field not in ("", r.field) or not self.guard(use.guard):
            return False
        if not self.ground(purpose, basis, ground, r.data) or not self.guard(basis.guard):
            return False
        if r.action is Action.KEEP:
            return any(self.names(k.data) and self.guard(k.guard) for k in self.policy.of(Keep))
        own = r.action is Action.SHOW and r.party == "person"
        if not r.form.tells_at_most(use.form) or self.stopped(purpose, ground, r.data, r.field, own):
            return False
        if r.action is Action.USE:
            return True
        if r.action is Action.COLLECT:
            return not use.reads and any(self.collected(purpose, d) for d in self.policy.of(Data))
        return any(self.opened(door) for door in self.policy.of(Door))

    def collected(self, purpose: Purpose, datum: Data) -> bool:
        bare = {a.name for a in self.policy.of(Area) if a.no_personal_data}
        if datum.name != self.request.data or datum.area in bare or not self.guard(datum.guard):
            return False
        if self.request.source in datum.sources:
            return True
        if self.request.source != "derived" or not datum.inputs:
            return False
        return all(self.may_use(purpose, name) for name in datum.inputs)

    def may_use(self, purpose: Purpose, name: str) -> bool:
        """Say whether the purpose may use an input now, whole."""
        return any(
            use.data == name
            and self.guard(basis.guard)
            and self.guard(use.guard)
            and self.ground(purpose, basis, ground, name)
            and not self.stopped(purpose, ground, name, "", False)
            for basis in purpose.bases
            for use in basis.uses
            for ground in basis.grounds
        )

    def opened(self, door: Door) -> bool:
        r = self.request
        return (
            door.verb == r.action
            and door.party == r.party
            and r.purpose in door.purposes
            and self.names(door.data)
            and r.form.tells_at_most(door.form)
            and (not door.consent or self.agreed(door.consent))
            and self.guard(door.guard)
            and (r.action is Action.SHOW or door.form is Form.ANONYMOUS or self.may_go(door))
        )

    def ground(self, purpose: Purpose, basis: Basis, ground: Ground, data: str) -> bool:
        """Condition 2 of a decision, with the notice of condition 6."""
        keeping = self.request.action is Action.KEEP
        asked = ground.kind in ("consent", "contract") and not keeping and not self.exempt(purpose, data)
        if asked and any(c.accept_before for c in self.policy.of(Change)) and not self.state.notice:
            return False
        match ground.kind:
            case "consent":
                return self.agreed(ground.name, self.came_from(ground.name))
            case "contract":
                return not ground.name or self.fact(ground.name)
            case "legitimate interest":
                if basis.outweighed or basis.assessed is None or self.day < basis.assessed:
                    return False
                return basis.again_by is None or self.day < basis.again_by
        return True

    def stopped(self, purpose: Purpose, ground: Ground, data: str, field: str, own: bool) -> bool:
        """Say whether an objection (reading 11), a restriction (17) or a hold stands in the way."""
        name = ground.name if ground.kind == "consent" else ""
        marketing = "direct marketing" in purpose.marks
        said = ground.kind == "instruction" and purpose.objection
        if marketing or said or ground.kind in ("legitimate interest", "public task"):
            words = {purpose.name, f"{purpose.name}({self.request.member})"}
            words |= {"direct marketing"} if marketing else set()
            if any(self.in_force("objection", w, name) for w in words & self.state.objections):
                return True
        if not own and not self.exempt(purpose, data):
            named = [w for w in self.state.restricted if w in ("*", data) or w == f"{data}.{field}"]
            named += [w for w in self.state.restricted if not field and w.startswith(f"{data}.")]
            if any(self.in_force("restriction", w, name) for w in named):
                return True
        held = (h for h in self.policy.of(Hold) if h.purpose != purpose.name)
        return any(self.possible(h.while_fact) for h in held if "any" in h.data or self.touches(h.data, data))

    def in_force(self, kind: str, word: str, consent: str) -> bool:
        """Say whether no consent to this came after the act."""
        order = list(reversed(self.state.order))
        words = self.spellings(Consent, consent, self.came_from(consent))
        given = [f"consent {w}" for w in words if w in self.state.consents]
        given = [g for g in given if g in order]
        act = f"{kind} {word}"
        if not consent or not given or act not in order:
            return True
        return min(map(order.index, given)) > order.index(act)

    def exempt(self, purpose: Purpose, data: str = "") -> bool:
        kept = any(d.records for d in self.policy.of(Data) if d.name == (data or self.request.data))
        claims = any(h.purpose == purpose.name for h in self.policy.of(Hold))
        terms = (
            "dpv:EnforceSecurity",
            "dpv:DisputeManagement",
            "dpv:RightsFulfilment",
            "dpv:RightsFulfillment",
        )
        return (
            kept or claims or bool(purpose.marks & {"security", "claims", "rights"}) or purpose.dpv in terms
        )

    def may_go(self, door: Door) -> bool:
        """Condition 5 of a decision, readings 12 and 13."""
        party = next((p for p in self.policy.of(Recipient) if p.name == door.party), None)
        if party is None:
            return False
        country: object = party.country
        if party.each and self.parties is not None:
            member = self.parties.get(party.name, {}).get(self.request.member)
            if member is None or any(not member.get(need) for need in party.needs):
                return False
            country = member.get("country")
            if party.country and not inside(str(country), (party.country,)):
                return False
        if not isinstance(country, str) or not country:
            return False
        lines = [w for w in self.policy.of(Whereabouts) if not w.data or self.request.data in w.data]
        stay = [w.places for w in lines if w.verb == "stay in"]
        area = next((d.area for d in self.policy.of(Data) if d.name == self.request.data), "")
        stay += [a.stay_in for a in self.policy.of(Area) if a.name == area and a.stay_in]
        if party.role == "processor" and stay:
            return all(inside(country, places) for places in stay)
        seats = [c.country for c in self.policy.of(Controller) if c.country]
        if all(inside(seat, ("EEA",)) for seat in seats):
            seats = ["EEA"]
        if inside(country, tuple(seats)):
            return True
        out = [w for w in lines if w.verb == "transfer"]
        out = [w for w in out if party.name in w.places or inside(country, w.places)]
        return any(not w.safeguard or self.lives(w.safeguard) for w in out)

    def lives(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        tools = [s for s in self.policy.of(Safeguard) if s.name == name]
        if not tools or name in seen:
            return False
        since, until = tools[0].since, tools[0].until
        now = (since is None or since <= self.day) and (until is None or self.day < until)
        return now and all(self.lives(rest, seen | {name}) for rest in tools[0].rests_on)

    def names(self, data: Iterable[str]) -> bool:
        """Say whether a list of data names covers what is asked: its whole category, or its field."""
        words = {self.request.data} | (
            {f"{self.request.data}.{self.request.field}"} if self.request.field else set()
        )
        return bool(words & set(data))

    def touches(self, names: Iterable[str], data: str) -> bool:
        """Say whether a list of data names hits the category or a field that is asked of it."""
        asked = self.request.field if data == self.request.data else ""
        for name in names:
            head, _, field = name.partition(".")
            if head == data and (not field or not asked or field == asked):
                return True
        return False

    def came_from(self, consent: str) -> bool:
        """Say whether a ground's consent is asked of the member the datum came from: it goes to another."""
        per = next((c.per for c in self.policy.of(Consent) if c.name == consent), ())
        brought = any(set(per) & set(d.sources) for d in self.policy.of(Data) if d.name == self.request.data)
        return self.request.action is Action.SHARE and brought

    def agreed(self, name: str, came_from: bool = False) -> bool:
        given = any(w in self.state.consents for w in self.spellings(Consent, name, came_from))
        limit = max((c.age or 0 for c in self.policy.of(Consent) if c.name == name), default=0)
        return given and (not limit or (self.state.age is not None and self.state.age >= limit))

    def fact(self, name: str) -> bool:
        return any(w in self.state.facts for w in self.spellings(Fact, name))

    def possible(self, name: str) -> bool:
        return any(w in self.state.facts | self.state.unknown for w in self.spellings(Fact, name))

    def spellings(self, kind: type[Consent] | type[Fact], name: str, came_from: bool = False) -> list[str]:
        member = self.request.source if came_from else self.request.member
        per = next((s.per for s in self.policy.of(kind) if s.name == name), ())
        keys = [""]
        if any(k not in ("purpose", "field") for k in per):
            keys = [member] if member else []
        if "purpose" in per:
            keys += [f"{k}, {self.request.purpose}" for k in keys]
        if "field" in per and self.request.field:
            keys += [f"{k}, {self.request.field}" for k in keys]
        return [f"{name}({k.removeprefix(', ')})" if k else name for k in keys]

    def guard(self, guard: Guard) -> bool:
        age = self.state.age
        return (
            (not guard.when or any(all(map(self.fact, group)) for group in guard.when))
            and not any(map(self.possible, guard.unless))
            and (not guard.from_age or (age is not None and age >= guard.from_age))
            and (not guard.under_age or age is None or age >= guard.under_age)
            and (not guard.place or f"in {guard.place}" in self.state.facts)
            and (guard.since is None or guard.since <= self.day)
            and (guard.until is None or self.day < guard.until)
        )
