"""Space: every situation that a few rules can tell apart, one bit of a Python integer each.

A situation fixes each mentioned consent, fact, objection, restriction, the notice, a band of ages and an
era.  A rule is the integer whose bits are the situations in which it holds, so *and*, *or* and *not* of
rules are exact.  Its one rule: what the document declares impossible (``within``) is left out, and nothing
else is. A fact is either true or false here; one that nobody could settle is refused like the worse of the
two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from troth.kernel.atoms import Atom
from troth.kernel.rules import Rule

LARGEST = 1 << 20  # situations in one integer; a larger space is cut into several
AGE, ERA = Atom("age"), Atom("era")
_MONTHS = "January February March April May June July August September October November December"
MONTHS = tuple(_MONTHS.split())
_BASE = date(2026, 3, 3)


@dataclass(frozen=True, slots=True)
class Axes:
    """What a space is made of: its questions with their numbers of answers, age limits, days of change."""

    atoms: tuple[Atom, ...]
    sizes: tuple[int, ...]
    limits: tuple[int, ...]
    days: tuple[date, ...]
    within: tuple[tuple[Atom, Atom], ...]


def axes(
    rules: Iterable[Rule], more: Iterable[Atom], days: Iterable[date], within: Mapping[Atom, Atom]
) -> Axes:
    """Return the axes that some rules and further questions mention, with what implies what among them."""
    rules = tuple(rules)
    mentioned = {_plain(a) for r in rules for a in r.needs | r.stops} | set(more)
    limits = sorted({int(a.name) for a in mentioned if a.kind in ("from", "under")}, reverse=True)
    atoms = {_plain(a) for a in mentioned if a.kind not in ("from", "under")}
    atoms |= {Atom("fact", a.name, a.per, a.purpose) for a in atoms if a.kind == "possible"}
    for atom in tuple(atoms):
        while (wider := within.get(atom)) is not None and wider not in atoms:
            atoms.add(wider)
            atom = wider
    implied = [(a, within[a]) for a in atoms if a in within]
    implied += [(a, Atom("fact", a.name, a.per, a.purpose)) for a in atoms if a.kind == "possible"]
    implied += [(a, a._replace(rival=None)) for a in atoms if a.rival and a._replace(rival=None) in atoms]
    turns = sorted({d for r in rules for d in (r.since, r.until) if d} | set(days))
    order = (*sorted(atoms, key=str), AGE, ERA)
    sizes = (*(2 for _ in atoms), len(limits) + 2 if limits else 1, len(turns) + 1)
    return Axes(order, sizes, tuple(limits), tuple(turns), tuple(implied))


def spaces(of: Axes) -> Iterator[Space]:
    """Yield the space in pieces of at most ``LARGEST`` situations, the first questions settled in each."""
    total, cut = 1, 0
    for size in of.sizes:
        total *= size
    while total > LARGEST:
        total //= of.sizes[cut]
        cut += 1
    for settled in product(*(range(n) for n in of.sizes[:cut])):
        yield Space(of, settled)


class Space:
    """One piece: integers with a bit a situation.  Answer 0 of the age is the oldest, of the era the last."""

    def __init__(self, of: Axes, settled: tuple[int, ...] = ()) -> None:
        self.of, self.settled = of, settled
        self.place = {atom: i for i, atom in enumerate(of.atoms)}
        self.strides: list[int] = []
        total = 1
        for size in of.sizes[len(settled) :]:
            self.strides.append(total)
            total *= size
        self.total = total
        self.all = (1 << total) - 1
        self._made: dict[tuple[Atom, frozenset[int]], int] = {}
        self.possible = self.all
        for narrow, wide in of.within:
            self.possible &= self.no(narrow) | self.yes(wide)
        for atom in of.atoms:
            bare = atom._replace(rival=None)
            if atom.rival and bare in self.place and atom.rival in self.place:
                self.possible &= (
                    self.no(bare) | self.yes(atom) | self.yes(atom.rival)
                )  # only its consent lifts it

    def yes(self, atom: Atom) -> int:
        """Return the situations in which an atom is true."""
        if atom.kind == "from":
            return self._in(AGE, (i for i, n in enumerate(self.of.limits) if n >= int(atom.name)))
        if atom.kind == "under":
            younger = (i + 1 for i, n in enumerate(self.of.limits) if n <= int(atom.name))
            return self._in(AGE, younger)
        return self._in(_plain(atom), (1,))

    def no(self, atom: Atom) -> int:
        """Return the situations in which an atom is false."""
        return self.all ^ self.yes(atom)

    def holds(self, rule: Rule) -> int:
        """Return the possible situations in which a rule holds."""
        if not rule.possible():
            return 0
        found = self.possible & self.time(rule.since, rule.until)
        for atom in rule.needs:
            found &= self.yes(atom)
        for atom in rule.stops:
            found &= self.no(atom)
        return found

    def time(self, since: date | None, until: date | None) -> int:
        """Return the situations whose era lies from ``since`` until before ``until``."""
        starts = (date.min, *self.of.days)
        last = len(self.of.days)
        running = (
            last - i
            for i, start in enumerate(starts)
            if (since is None or since <= start) and (until is None or start < until)
        )
        return self._in(ERA, running)

    def digits(self, bits: int) -> dict[Atom, int]:
        """Return the plainest situation among ``bits``: which answer each question has."""
        at = (bits & -bits).bit_length() - 1
        digits = list(self.settled)
        for stride, size in zip(self.strides, self.of.sizes[len(self.settled) :], strict=True):
            digits.append(at // stride % size)
        return dict(zip(self.of.atoms, digits, strict=True))

    def _in(self, atom: Atom, answers: Iterable[int]) -> int:
        wanted = frozenset(answers)
        found = self._made.get((atom, wanted))
        if found is None:
            found = self._made[atom, wanted] = self._table(self.place[atom], wanted)
        return found

    def _table(self, axis: int, wanted: frozenset[int]) -> int:
        cut = len(self.settled)
        if axis < cut:
            return self.all if self.settled[axis] in wanted else 0
        stride, size = self.strides[axis - cut], self.of.sizes[axis]
        block = (1 << stride) - 1
        table = sum(block << (stride * answer) for answer in wanted if answer < size)
        width = stride * size
        while width < self.total:
            table |= table << width
            width *= 2
        return table & self.all


def told(of: Axes, digits: Mapping[Atom, int], since: date | None = None) -> str:
    """Tell a situation as a person and a day.

    >>> told(Axes((), (), (), (), ()), {Atom("consent", "tips"): 1, AGE: 0, ERA: 0})
    "Kari, 34, consent 'tips' given 3 March, at 12 April 2026"
    """
    begun, day = _when(of.days, digits[ERA], since)
    words = [_aged(of.limits, digits[AGE])]
    for atom, answer in digits.items():
        word = _said(atom, answer, f"{begun.day} {MONTHS[begun.month - 1]}")
        words += [word] if word else []
    return f"Kari, {', '.join(words)}, at {day.day} {MONTHS[day.month - 1]} {day.year}"


def _said(atom: Atom, answer: int, begun: str) -> str:
    each = "(of one member)" if {"member", "origin"} & set(atom.per) else ""
    match atom.kind, answer:
        case "consent", 1:
            return f"consent '{atom.name}'{each} given {begun}"
        case "fact", 1:
            return f"with '{atom.name}'{each}"
        case "objection", 1:
            return f"objecting to '{atom.name}' since {begun}"
        case "restriction", 1:
            return f"'{atom.name}' restricted since {begun}"
        case "notice", 0:
            return "the notice not accepted"
    return ""


def _aged(limits: tuple[int, ...], answer: int) -> str:
    if not limits:
        return "34"
    if answer > len(limits):
        return "of unknown age"
    if answer == 0:
        return str(max(34, limits[0]))
    return str(limits[answer - 1] - 1)


def _when(days: tuple[date, ...], answer: int, since: date | None) -> tuple[date, date]:
    """Return a day inside an era, and a day before it on which consents were given."""
    era = len(days) - answer
    start = days[era - 1] if era else None
    end = days[era] if era < len(days) else None
    base = start or since or _BASE
    day = base + timedelta(days=40)
    if end is not None and day >= end:
        day = end - timedelta(days=1)
    return (base if base <= day else day - timedelta(days=40)), day


def _plain(atom: Atom) -> Atom:
    """Return the question behind an atom: a fact that stops is the fact, unless it stops one field alone."""
    if atom.kind == "possible" and not atom.also:
        return Atom("fact", atom.name, atom.per, atom.purpose)
    return atom
