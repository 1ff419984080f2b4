"""Model: the statements of a policy document as frozen values, one class a statement of the language.

The parser fills it, the formatter prints it, the checks read it, the kernel compiles it.  Every statement
knows its clause (section) and its place (line, column).  Names refer to one another as plain strings; the
checks see to it that they are declared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from troth.terms import Clause, Form, Place

S = TypeVar("S", bound="Statement")

NOWHERE = Place("", 0, 0)
NO_CLAUSE = Clause("", 0)


@dataclass(frozen=True, slots=True)
class Guard:
    """Conditions on a rule.  ``when``: one of these groups must hold whole; ``unless``: any of these stops.

    ``from_age`` demands a known or declared age of at least that many years; ``under_age`` stops for a known
    younger age (``unless under 18``).  ``place``: ISO 3166 code or EEA.  ``since`` is inclusive, ``until``
    exclusive.
    """

    when: tuple[tuple[str, ...], ...] = ()
    unless: tuple[str, ...] = ()
    from_age: int | None = None
    under_age: int | None = None
    place: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: an amount of ``unit`` (minute, hour, day, week, month, year)."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}" + ("" if self.amount == 1 else "s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What every statement has: where it stands and, when the author gave one, its label."""

    clause: Clause = NO_CLAUSE
    place: Place = NOWHERE
    label: str = ""
    added: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Statement):
    """Who answers.  ``role``: controller, joint controller, processor; ``party``: with or for whom."""

    name: str
    country: str = ""
    role: str = "controller"
    party: str = ""
    area: str = ""
    address: str = ""
    contact: str = ""
    registered: str = ""
    officer: str = ""
    authority: str = ""
    complaints: str = ""  # where the authority takes complaints: an https address
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySplit(Statement):
    """``ours``/``theirs NAME "…" covers PURPOSES`` under a joint area (GDPR Art. 26)."""

    side: str
    name: str
    text: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Statement):
    """A part of the service with its own answerability.  ``apart``: own person keys; ``apart_by`` a kind:
    each record belongs to one of that kind, and who looks must be of the same one (``same-KIND``)."""

    name: str
    text: str = ""
    role: str = "controller"
    party: str = ""
    no_personal_data: bool = False
    apart: bool = False
    apart_by: str = ""
    stay_in: tuple[str, ...] = ()
    requests_to: str = ""
    duties: tuple[DutySplit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Law(Statement):
    """``under LAW``: takes in a law pack, itself a document in this language."""

    name: str
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Statement):
    """One field of a category.  ``type``: email, phone, text, number, date, moment, choice, ip, money …"""

    name: str
    type: str = "text"
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    identifies: bool = False
    optional: bool = False
    special: bool = False
    passing: bool = False
    truncated: bool = False
    pseudonymous: bool = False


@dataclass(frozen=True, slots=True)
class Conclusion:
    """``concludes ANSWER from QUESTION ANSWER, …``: any of these answers in the inputs leads to this one."""

    answer: str
    of: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Data(Statement):
    """A category of personal data.

    ``sources``: person, device, the name of a recipient or source; ``inputs``: data it derives from.
    """

    name: str
    text: str = ""
    sources: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    area: str = ""
    dpv: str = ""
    special: bool = False
    optional: bool = False
    form: Form = Form.IDENTIFIED
    of_two: bool = False
    percent: int | None = None
    counted: bool = False  # made by counting the person's own closed answers in the inputs
    conclusions: tuple[Conclusion, ...] = ()  # made by these rules out of closed answers in the inputs
    records: str = ""  # consents | requests | events | silence | trail | …: what the gate writes here itself
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True)
class Ground:
    """A lawful ground.  ``kind``: consent, contract, legal obligation, legitimate interest, vital interest,
    public task, instruction.  ``name``: the consent, the contract's fact, the law or the interest in words.
    """

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One datum under a ground: ``uses`` may collect and use, ``reads`` may only use what is held."""

    data: str
    field: str = ""
    form: Form = Form.IDENTIFIED
    reads: bool = False
    guard: Guard = Guard()
    clause: Clause = NO_CLAUSE
    at_least: int | None = None  # ``as totals of N``


@dataclass(frozen=True, slots=True)
class Basis:
    """Alternative grounds above one block, and what they carry.

    ``assessed``/``again_by``: when a legitimate interest was weighed, and must be again; ``outweighed``: the
    person would lose more, so it is no ground.
    """

    grounds: tuple[Ground, ...]
    uses: tuple[Use, ...]
    guard: Guard = Guard()
    assessed: date | None = None
    again_by: date | None = None
    outweighed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose(Statement):
    """Why.  ``marks`` ⊆ {profiling, direct marketing, decides automatically}.

    ``objection``: '' (the default of its ground and marks), 'honoured' or 'weighed', in ``objection_within``.
    """

    name: str
    text: str = ""
    marks: frozenset[str] = frozenset()
    bases: tuple[Basis, ...] = ()
    guard: Guard = Guard()
    dpv: str = ""
    logic: str = ""
    effects: str = ""
    review_by: str = ""
    objection: str = ""
    objection_within: Span | None = None
    without_pause: bool = False
    silence_upholds: bool = False
    objection_per: tuple[str, ...] = ()

    def opposable(self, kind: str) -> bool:
        """Say whether one may object to what rests on a ground of this kind (GDPR Art. 21(1)).

        An instruction stands for somebody else's ground, so the document says whether one may: by an
        ``objection`` of its own.
        """
        return kind in ("legitimate interest", "public task") or (
            kind == "instruction" and bool(self.objection)
        )

    @property
    def may_object(self) -> bool:
        """Whether an objection means anything: by a ground, or because it is direct marketing."""
        grounds = {g.kind for b in self.bases for g in b.grounds}
        return "direct marketing" in self.marks or any(map(self.opposable, grounds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Statement):
    """A question put to the person; off until given.

    ``per``: as written, the names of open parties (or ``party`` for any), ``purpose``, ``field``, ``area``;
    ``per_member`` says whether a member's name belongs to the bit.
    """

    name: str
    question: str
    age: int | None = None
    per: tuple[str, ...] = ()
    lasts: Span | None = None
    confirmed: bool = False
    of_both: bool = False
    without: str = ""  # what ends with it, told before it is taken back
    guard: Guard = Guard()

    @property
    def per_member(self) -> bool:
        """Whether the consent is given to one member of an open class of parties."""
        return bool(set(self.per) - {"purpose", "field", "area"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient(Statement):
    """An outside party, or with ``each`` an open class of them whose members stand in parties.toml."""

    name: str
    text: str = ""
    role: str = ""  # controller | processor | joint controller
    country: str = ""
    each: bool = False
    needs: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()  # the only ones that a member's entry may name
    is_source: bool = False
    safeguards: tuple[str, ...] = ()
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Statement):
    """A kind of member or staff inside the house.

    ``at_most``: so many keys of staff bear it; ``reviewed``: each one's lapses so long after its last review.
    """

    name: str
    text: str = ""
    at_most: int | None = None
    reviewed: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door(Statement):
    """``share`` or ``show``: opens data to a party or role for purposes; the purpose gives the ground.

    ``one_of``: the door passes exactly one of the data fields named.  ``consent`` is *and*, never instead.
    """

    verb: str  # share | show
    data: tuple[str, ...]  # 'contact' or 'contact.email'
    party: str
    purposes: tuple[str, ...]
    form: Form = Form.IDENTIFIED
    consent: str = ""
    one_of: bool = False
    at_least: int | None = None  # ``as totals of N``
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Statement):
    """A storage limit: ``span`` after ``after`` (an event), or while ``while_fact`` then ``then_span``.

    ``end_of``: 'financial-year' counts from the last day of the year of the event.  ``outcome``: erase or
    anonymise.  ``because``: the purpose whose law makes it stay.  ``at_latest``: a minimum over the others.
    """

    data: tuple[str, ...]
    span: Span | None = None
    after: str = ""
    end_of: str = ""
    while_fact: str = ""
    then_span: Span | None = None
    then_restricted: bool = True
    outcome: str = "erase"
    because: str = ""
    at_latest: Span | None = None
    at_latest_after: str = ""
    without_end: bool = False
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Statement):
    """A named moment.  ``alternatives``: earliest of (event | span without event | span after event)."""

    name: str
    alternatives: tuple[tuple[str, Span | None, str], ...] = ()  # (kind: is|without|after, span, event)
    law: str = ""
    restarts_at: tuple[str, ...] = ()
    paused: tuple[tuple[str, str], ...] = ()
    extended_by: str = ""
    at_most: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact(Statement):
    """A condition that holds over intervals.

    ``of``: person, viewer, staff, record, party, company, or grant: what is asked for one look or disclosure,
    with its scope.  ``review``: the role that looks at a grant afterwards, and within which time.
    """

    name: str
    text: str = ""
    of: str = "person"
    starts: tuple[str, ...] = ()
    ends: tuple[tuple[str, Span | None, str], ...] = ()
    lasts: Span | None = None
    per: tuple[str, ...] = ()
    raised_by: str = ""
    approved_by: str = ""
    within: str = ""
    covers_records: bool = False
    by_other: bool = False
    names: tuple[str, ...] = ()
    review: tuple[str, Span] | None = None
    reasons: tuple[str, ...] = ()  # the reasons for looking under which it holds for whoever looks
    by: tuple[str, ...] = ()  # the field whose value viewer and record share, and the one that names it

    @property
    def per_member(self) -> bool:
        """Whether the fact holds for one member of an open class of parties."""
        return bool(set(self.per) - {"purpose", "field", "area"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie(Statement):
    """What is put on a device or loaded in a page (``pixel`` when ``kind`` says so)."""

    name: str
    text: str = ""
    kind: str = "cookie"
    areas: tuple[str, ...] = ()
    purpose: str = ""
    consent: str = ""
    necessary: bool = False
    lasts: str = ""
    by: str = ""
    hosts: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    after: str = ""
    same_for_everyone: bool = False
    see: str = ""
    clear: str = ""
    counts: str = ""
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts(Statement):
    """``store in``, ``stay in`` and ``transfer``: where data live and may go; ``data`` empty means all."""

    verb: str
    places: tuple[str, ...]
    data: tuple[str, ...] = ()
    safeguard: str = ""
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguard(Statement):
    """A Chapter V tool that counts while it and all it rests on live."""

    name: str
    text: str = ""
    since: date | None = None
    until: date | None = None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Statement):
    """``never``/``always``: a promise over all states.  Selectors are the document's words, kept whole.

    ``data``/``purposes``/``parties``: names or 'any', 'any but X', 'special', 'any in AREA', 'any from
    SOURCE', 'on GROUND', 'profiling', 'direct marketing'.  ``without_consent``: None, '' (any) or a name.
    'any but a, b' is one selector and leaves out both; ``never transfer any outside EEA`` has the party
    'outside EEA'.  ``except_data`` for ``except_purposes`` (none: for any) is what the claim leaves out.
    ``guard.unless`` holds what excuses (any one); ``guard.under_age`` narrows the claim to younger persons.
    """

    kind: str  # never | always
    verb: str  # collect | use | share | show | keep | touch | load | transfer | join
    data: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sources_but: tuple[str, ...] = ()
    except_form: Form | None = None
    except_at_least: int | None = None
    except_data: tuple[str, ...] = ()
    except_purposes: tuple[str, ...] = ()
    without_consent: str | None = None
    after_objection: bool = False
    after_withdrawal: bool = False
    while_fact: str = ""
    guard: Guard = Guard()
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Statement):
    """``hold DATA while FACT``: the clock stops; every use but keeping and the fact's purpose is refused."""

    data: tuple[str, ...]
    while_fact: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormMeaning(Statement):
    """``anonymous totals at least 10 people …``, ``truncated to /24``: what a form means here.

    ``noise``: how far a number that is told may lie from the one counted, 19 times of 20; ``times``: how
    often in a year a table may be told anew.
    """

    form: Form
    shape: str = ""
    at_least: int | None = None
    noise: int | None = None
    times: int | None = None
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Statement):
    """Counts that belong to nobody; a dimension is never a data field."""

    name: str
    of: tuple[str, ...]
    shown_from: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut(Statement):
    """Another door for objecting: e-mail with an exact subject, a link, a browser signal, a page."""

    purposes: tuple[str, ...]
    ways: tuple[tuple[str, str], ...] = ()
    within: Span | None = None
    per: tuple[str, ...] = ()
    says: str = ""
    reason_needed: bool = False  # understood, so that the check can say why no law allows it
    erases: tuple[str, ...] = ()
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Right(Statement):
    """A right of the person: access, correct, erase, restrict, carry, object, withdraw, complain, review."""

    name: str
    within: Span | None = None
    extended: Span | None = None
    ways: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    article: str = ""
    cases: tuple[str, ...] = ()  # the situations of which a request must name one
    covers: tuple[str, ...] = ()  # the grounds whose data it reaches; all of them where none is named
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDoor(Statement):
    """``request NAME "…" by WHO does VERB within D``: a further door for a right.

    ``working``: its days are counted from Monday to Friday, without the controller's public holidays.
    """

    name: str
    text: str = ""
    by: str = ""
    does: str = ""
    within: Span | None = None
    working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(Statement):
    """A duty to tell: ``tell WHO by CHANNEL before|within D [else erase|restrict]`` on ``about``.

    ``unless``: the facts while which it waits.  ``every``: it is told again and again, that far apart.
    """

    who: str
    about: str = ""
    channels: tuple[str, ...] = ()
    before: bool = False
    within: Span | None = None
    otherwise: str = ""
    unless: tuple[str, ...] = ()
    every: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(Statement):
    """What a person corrects of ``data`` stays unverified until ``by`` has checked it: ``link`` or a role.

    ``asking`` names what a check may ask to see beside the usual; nothing more where it names nothing.
    """

    data: tuple[str, ...]
    by: str
    asking: tuple[str, ...] = ()
    guard: Guard = Guard()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Statement):
    """What happens when the document changes; ``reviewed``: how far apart it is read over at the most."""

    channels: tuple[str, ...] = ()
    accept_before: bool = False
    days_before: Span | None = None
    reviewed: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach(Statement):
    """What happens when data leak: the authority's clock and who is told how."""

    authority_within: Span | None = None
    channels: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Children(Statement):
    """Below ``under`` years the person is refused and what is found is erased."""

    under: int
    refuse: bool = True
    erase: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Statement):
    """``join A with B for P on consent C``: a read that links records under two person keys."""

    left: str
    right: str
    purpose: str
    consent: str = ""
    from_then_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment(Statement):
    """``scrub``, ``truncate``, ``pseudonymise``: what is done to data before they are stored."""

    verb: str
    data: tuple[str, ...]
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Statement):
    """A value that comes from site.toml; empty or a placeholder does not load."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope(Statement):
    """The hosts and mailboxes that the document covers: at another address nothing is taken under it."""

    places: tuple[str, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names, in small letters."""
        return tuple(p.lower() for p in self.places if "@" not in p)

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The mail addresses, in small letters."""
        return tuple(p.lower() for p in self.places if "@" in p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Required(Statement):
    """In a law pack: a disclosure that a document must make (``require authority "Art. 13(2)(d)"``)."""

    what: str
    article: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole document's rules, in order of writing; ``of(Kind)`` gives one kind of statement."""

    statements: tuple[Statement, ...] = ()
    path: str = ""
    title: str = ""
    version: str = "1"
    since: date | None = None
    zone: str = "UTC"
    language: str = "en"
    financial_year_end: tuple[int, int] = (12, 31)
    packs: tuple[Policy, ...] = field(default=())
    _sorted: dict[type, tuple[Any, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of(self, kind: type[S]) -> tuple[S, ...]:
        """Return the statements of one kind, in the order they are written; sorted out once for each kind."""
        found = self._sorted.get(kind)
        if found is None:
            found = self._sorted[kind] = tuple(s for s in self.statements if isinstance(s, kind))
        return found
