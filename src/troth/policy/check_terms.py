"""Check terms: the look-ups that every static check shares, and the three levels of a problem.

``error`` stops a document from loading, ``missing`` is a disclosure that the law demands and the
document lacks, ``advice`` is worth the author's eye.  Nothing here judges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from troth.policy.model import Area, Basis, Consent, Data, Fact, Keep, Policy, Purpose, Span, Statement, Use
from troth.terms import Place, Problem

MEMBER_KINDS = ("party", "purpose", "field", "area", "instance")
_UNIT = {"year": ("month", 12), "week": ("day", 7), "hour": ("minute", 60)}
_DAYS = {"minute": (1 / 1440, 1 / 1440), "day": (1.0, 1.0)}


def error(place: Place, message: str, hint: str = "") -> Problem:
    """Return a problem that keeps the document from loading."""
    return Problem(place, message, hint)


def missing(place: Place, message: str, hint: str = "") -> Problem:
    """Return a disclosure that a law demands and the document does not make."""
    return Problem(place, message, hint, "missing")


def advice(place: Place, message: str, hint: str = "") -> Problem:
    """Return a remark."""
    return Problem(place, message, hint, "advice")


def start(policy: Policy) -> Place:
    """Return where a problem of the whole document is shown."""
    return Place(policy.path, 1, 1)


def line(statement: Statement, path: str = "") -> str:
    """Say where the other statement of two stands: ``line 88``, with its file when that is another one."""
    other = f" of {statement.place.path}" if path and statement.place.path != path else ""
    return f"line {statement.place.line}{other}"


def canonical(span: Span) -> Span:
    """Return the span in months, days or minutes, so that equal lengths are equal values.

    >>> canonical(Span(2, "year")), canonical(Span(24, "hour"))
    (Span(amount=24, unit='month'), Span(amount=1440, unit='minute'))
    """
    unit, times = _UNIT.get(span.unit, (span.unit, 1))
    return Span(span.amount * times, unit)


def days(span: Span) -> tuple[float, float]:
    """Return the shortest and the longest that a span can be, in days.

    >>> days(Span(1, "month"))
    (28.0, 31.0)
    """
    span = canonical(span)
    if span.unit == "month":
        years, months = divmod(span.amount, 12)
        short = min(_run(start, months) for start in range(12))
        long = max(_run(start, months) for start in range(12))
        return years * 365.0 + short, years * 365.0 + (years + 3) // 4 + long
    low, high = _DAYS[span.unit]
    return span.amount * low, span.amount * high


def base(name: str) -> str:
    """Return the category of a data name: ``contact`` of ``contact.email``."""
    return name.partition(".")[0]


def uses(policy: Policy) -> Iterator[tuple[Purpose, Basis, Use]]:
    """Yield every use that some purpose makes of some data."""
    for purpose in policy.of(Purpose):
        for basis in purpose.bases:
            for use in basis.uses:
                yield purpose, basis, use


def keeps(policy: Policy, data: str) -> tuple[Keep, ...]:
    """Return the keep rules that speak of a category or of one of its fields."""
    return tuple(k for k in policy.of(Keep) if any(base(d) in (data, "any") for d in k.data))


def closed(policy: Policy) -> frozenset[str]:
    """Return the areas in which no personal data may arise."""
    return frozenset(a.name for a in policy.of(Area) if a.no_personal_data)


def special(datum: Data) -> bool:
    """Say whether a category holds data of the special kinds (Art. 9)."""
    return datum.special or any(f.special for f in datum.fields)


def consents(policy: Policy) -> dict[str, Consent]:
    """Return the consents by name."""
    return {c.name: c for c in policy.of(Consent)}


def facts(policy: Policy) -> dict[str, Fact]:
    """Return the facts by name."""
    return {f.name: f for f in policy.of(Fact)}


def spoken(words: Iterable[str]) -> str:
    """Join words for a sentence.

    >>> spoken(["a", "b", "c"])
    "'a', 'b' and 'c'"
    """
    quoted = [f"'{w}'" for w in words]
    return " and ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _run(start: int, months: int) -> float:
    return float(sum(_LENGTHS[(start + i) % 12] for i in range(months)))
