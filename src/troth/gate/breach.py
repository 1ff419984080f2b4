"""Breach: a suspected breach of personal data, from becoming aware of it to the register (GDPR Art. 33, 34).

Who is affected is worked out: of whom the evidence or the security log shows that this actor saw or got data
in this time or, where it names no actor, of whom such data lay here.  The authority's clock runs from
awareness.  Each step stands in the sealed register and, without a word of it, in the evidence.  It tells
nobody by itself: those above write the messages and say here that they went.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from troth.gate import register
from troth.gate.affected import Scope, affected, concerned
from troth.gate.errors import BadBody, GateError
from troth.gate.folder import number as new_number
from troth.gate.house import House
from troth.gate.identify import tagged
from troth.gate.values import Delivery
from troth.kernel.calendar import ends_at
from troth.policy.model import Breach as Rule
from troth.terms import Clause

KIND, TOLD, POSTED, HELD = "breach", "told", "posted", "held"
RISKS = ("unlikely", "likely", "high")
EXCEPTIONS = ("unreadable", "averted", "effort")  # Art. 34(3)(a) to (c)


class BadBreach(BadBody):
    """A step that the law does not let a breach take so; ``field`` names what is missing."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(KIND, field, why)


class NotYet(GateError):
    """A step that another must go before."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done about a breach, when and by whom of the staff."""

    at: datetime
    what: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach as the register has it.  ``affected``: tags, each with the categories that were open.

    ``due``: by when the authority must hear, None when it need not; ``exception``: why the people need not.
    """

    number: str
    what: str
    aware: datetime
    scope: Scope
    affected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    risk: str = ""
    reason: str = ""
    effects: str = ""
    measures: str = ""
    advice: str = ""
    exception: str = ""
    posted: bool = False
    held: datetime | None = None  # until when the law asks that the people are not told
    due: datetime | None = None
    steps: tuple[Step, ...] = ()
    closed: datetime | None = None
    clause: Clause | None = None

    def done(self, what: str) -> Step | None:
        """Return the first step of a name."""
        return next((s for s in self.steps if s.what == what), None)

    @property
    def data(self) -> tuple[str, ...]:
        """Return every category that was open of somebody."""
        return tuple(sorted({d for _, data in self.affected for d in data}))


# -- the deeds -------------------------------------------------------------------------------------


def report_breach(house: House, *, what: str, aware: datetime, scope: Scope, by: str) -> Breach:
    """Open a case of which we became aware at ``aware``, and find out whom it affects."""
    _possible(house, aware, scope)
    with house.lock:
        made = Breach(new_number("b-"), what, aware, scope, tuple(affected(house, scope)))
        made = replace(made, steps=(Step(house.clock(), "opened", by),))
        register.enter(house, kind=KIND, number=made.number, body=_body(made))
    return breach(house, number=made.number)


def look_again(house: House, *, number: str, scope: Scope, by: str) -> Breach:
    """Find out anew whom a breach affects, once more is known of it (Art. 33(4))."""
    case = _open(house, number)
    _possible(house, case.aware, scope)
    return _step(
        house, replace(case, scope=scope, affected=tuple(affected(house, scope))), "looked again", by
    )


def assess(
    house: House,
    *,
    number: str,
    risk: str,
    reason: str,
    by: str,
    effects: str = "",
    measures: str = "",
    advice: str = "",
    exception: str = "",
) -> Breach:
    """Rate the risk to people and say why; what is left empty stays as it was."""
    case = _open(house, number)
    if risk not in RISKS:
        raise BadBreach("risk", f"one of {', '.join(RISKS)}")
    if not reason.strip():
        raise BadBreach("reason", "say why the risk is rated so")
    if exception and exception not in EXCEPTIONS:
        raise BadBreach("exception", f"one of {', '.join(EXCEPTIONS)}")
    case = replace(
        case,
        risk=risk,
        reason=reason,
        exception=exception,
        effects=effects or case.effects,
        measures=measures or case.measures,
        advice=advice or case.advice,
    )
    return _step(house, case, "assessed", by, risk)


def notified(house: House, *, number: str, by: str, reference: str = "", late: str = "") -> Breach:
    """Note that the authority was told; after the last hour it needs the reasons for the delay."""
    case = _open(house, number)
    if not case.risk:
        raise NotYet("the risk is not rated yet; rate it, then tell the authority")
    if case.due is not None and house.clock() > case.due and not late.strip() and not case.done("notified"):
        raise BadBreach("late", "the time is over; a late notice gives the reasons for the delay")
    return _step(house, case, "notified", by, "; ".join(filter(None, (reference, late))))


def hold_back(house: House, *, number: str, by: str, reference: str, until: datetime) -> Breach:
    """Keep the message to the people back, at the written request of a law enforcement body, until a moment.

    The authority's clock runs on.  Raises ``BadBreach`` without a reference, and for a moment that is past.
    """
    case = _open(house, number)
    if not reference.strip():
        raise BadBreach("reference", "a delay names the request of the law enforcement body")
    if until <= house.clock():
        raise BadBreach("until", "a delay ends on a day to come")
    return _step(house, replace(case, held=until), "held back", by, reference, under=HELD)


def held_over(house: House) -> tuple[str, ...]:
    """Return the cases whose delay is over and whose people are owed their message now."""
    cases = [_read(house, body) for body in register.every(house, kind=KIND, under=HELD)]
    ended = [c for c in cases if c.held and c.held <= house.clock() and not c.closed]
    return tuple(
        c.number for c in ended if c.risk == "high" and not c.exception and not c.done("people told")
    )


def people_to_tell(house: House, *, number: str) -> tuple[int, ...]:
    """Return whom a breach of high risk must be told to and who are still here; raise ``NotYet`` if none."""
    case = _open(house, number)
    if case.risk != "high":
        raise NotYet("the risk is not rated high, so nobody is owed a notice")
    if not (case.effects and case.measures):
        raise BadBreach("effects", "a notice says the likely effects and the measures taken")
    if case.held is not None and house.clock() < case.held:
        raise NotYet(f"the message is held back until {case.held.isoformat()}; it leaves by itself then")
    if case.exception:
        raise NotYet(f"an exception stands ({case.exception}); post it publicly, or take the exception back")
    tags = (tagged(house, tag=tag) for tag, _ in case.affected)
    return tuple(person for person in tags if person is not None)


def people_told(house: House, *, number: str, by: str, many: int) -> Breach:
    """Note how many people were told."""
    return _step(house, _open(house, number), "people told", by, str(many), under=TOLD)


def tell_parties(house: House, *, number: str, by: str) -> Breach:
    """Tell every business that the document names and whose customers' data were open (Art. 33(2))."""
    case = _open(house, number)
    named = [name for rule in _rules(house) for name in rule.tells]
    before = {member for s in case.steps if s.what == "parties told" for member in s.note.split(", ")}
    members = {m: None for m in concerned(house, case.affected, named) if m[1] not in before}
    if not members:
        return case
    said = {"breach": number, "aware": case.aware.isoformat(), "what": case.what, "data": list(case.data)}
    with house.lock:
        told = _step(house, case, "parties told", by, ", ".join(member for _, member in members))
        for party, member in members:
            house.post(Delivery(None, party, member, said, "breach"))
    return told


def keepers_told(house: House, *, number: str, by: str, many: int) -> Breach:
    """Note how many of those who look after a group were told that its people are affected."""
    return _step(house, _open(house, number), "keepers told", by, str(many))


def post_breach(house: House, *, number: str, by: str, shown: bool = True) -> Breach:
    """Post a breach on the site for everybody, or take it down again."""
    case = _open(house, number)
    if shown and not (case.effects and case.measures):
        raise BadBreach("effects", "a notice says the likely effects and the measures taken")
    where = {"under": POSTED} if shown else {"taken_from": POSTED}
    return _step(house, replace(case, posted=shown), "posted" if shown else "taken down", by, **where)


def close_breach(house: House, *, number: str, by: str) -> Breach:
    """Close a breach once it is rated, described, and whoever was owed a notice has one."""
    case = _open(house, number)
    for field, said in (("risk", case.risk), ("effects", case.effects), ("measures", case.measures)):
        if not said.strip():
            raise BadBreach(field, "the register needs it before the case is closed (Art. 33(5))")
    if case.due is not None and not case.done("notified"):
        raise NotYet("the authority was not told yet")
    owed = case.risk == "high" and case.exception in ("", "effort")
    if owed and not (case.done("posted") if case.exception else case.done("people told")):
        raise NotYet("the people affected were not told yet")
    return _step(house, replace(case, closed=house.clock()), "closed", by)


# -- what is asked ---------------------------------------------------------------------------------


def breach(house: House, *, number: str) -> Breach:
    """Return one case; raise ``GateError`` when there is none."""
    body = register.found(house, kind=KIND, number=number)
    if body is None:
        raise GateError("there is no such breach")
    return _read(house, body)


def breaches(house: House) -> tuple[Breach, ...]:
    """Return the register, the newest first."""
    cases = (_read(house, body) for body in register.every(house, kind=KIND))
    return tuple(sorted(cases, key=lambda c: c.aware, reverse=True))


def breaches_of(house: House, *, person: int) -> tuple[Breach, ...]:
    """Return the breaches of which the people affected were told, and this person is one."""
    told = [_read(house, body) for body in register.every(house, kind=KIND, under=TOLD)]
    tag = house.store.tag(person=person) if told else ""
    return tuple(case for case in told if tag in dict(case.affected))


def postings(house: House) -> tuple[Breach, ...]:
    """Return the breaches that are posted on the site for everybody."""
    return tuple(_read(house, body) for body in register.every(house, kind=KIND, under=POSTED))


# -- one step, and how it is written ---------------------------------------------------------------


def _possible(house: House, aware: datetime, scope: Scope) -> None:
    if aware > house.clock():
        raise BadBreach("aware", "nobody is aware of it before it is known")
    if scope.until < scope.since:
        raise BadBreach("until", "it ends before it begins")
    for name in scope.data:
        house.datum(name)


def _open(house: House, number: str) -> Breach:
    case = breach(house, number=number)
    if case.closed is not None:
        raise NotYet("this breach is closed")
    return case


def _step(house: House, case: Breach, what: str, by: str, note: str = "", **filed: str) -> Breach:
    with house.lock:
        made = replace(case, steps=(*case.steps, Step(house.clock(), what, by, note)))
        over = made.closed is not None
        body = _body(made)
        register.amend(house, kind=KIND, number=case.number, body=body, step=what, over=over, **filed)
    return breach(house, number=case.number)


def _body(case: Breach) -> dict[str, Any]:
    """Write a case as values that JSON knows; what is worked out is left out."""
    told = {k: v for k, v in asdict(case).items() if k not in ("due", "clause")}
    plain: dict[str, Any] = register.plain(told)
    return plain


def _read(house: House, body: Mapping[str, Any]) -> Breach:
    moment = datetime.fromisoformat
    scope = {**body["scope"], "data": tuple(body["scope"]["data"])}
    scope |= {name: moment(scope[name]) for name in ("since", "until")}
    steps = tuple(Step(moment(s["at"]), s["what"], s["by"], s["note"]) for s in body["steps"])
    affected_ = tuple((tag, tuple(data)) for tag, data in body["affected"])
    closed, held = (moment(body[n]) if body.get(n) else None for n in ("closed", "held"))
    rule = _rule(house)
    said = {**body, "aware": moment(body["aware"]), "scope": Scope(**scope)}
    case = Breach(**{**said, "steps": steps, "affected": affected_, "closed": closed, "held": held})
    within = rule.authority_within if rule and case.risk != "unlikely" else None
    due = ends_at(case.aware, within, house.policy.zone) if within else None
    return replace(case, due=due, clause=rule.clause if rule else None)


def _rule(house: House) -> Rule | None:
    """Return the document's own words on breaches, else the law's."""
    return next(iter(_rules(house)), None)


def _rules(house: House) -> tuple[Rule, ...]:
    return house.policy.of(Rule)
