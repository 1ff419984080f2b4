"""Judge: when each record of a life must be gone, worked out from the notice's words by plain dates.

It shares nothing with the kernel: no rule is read, no event is computed; each category's sentence of section
6 is a line here.  Where the two disagree, one of them is wrong.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.campaign.lives import OPTIONAL, OSLO, Act, Life

ACTIVE = frozenset(
    ["taste", "contact", "language", "progress", "reward", "invitation", "customer", "survey", *OPTIONAL]
)
NEVER = datetime.max.replace(tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Stay:
    """A record: its category, when it came, and the first instant at which it is gone."""

    data: str
    came: datetime
    gone: datetime


def stays(life: Life) -> list[Stay]:
    """Return every record of a life."""
    found = [Stay(act.data, act.at, _gone(life, act)) for act in life if act.data]
    return [s for s in (*found, *_made_by_closing(life)) if s.gone > s.came]


def _gone(life: Life, made: Act) -> datetime:
    own = _own(life, made)
    erased = _at(life, "erase")
    lawful = made.data in ("ledger", "claim")
    return own if erased is None or lawful else min(own, erased)


def _own(life: Life, made: Act) -> datetime:
    """Return when a record goes by its own sentence, were nobody to erase anything."""
    day = _day(made.at)
    match made.data:
        case "visit":
            return _after(_day(_visit_end(life, made.at)) + timedelta(days=30))
        case "ledger":
            posted = date.fromisoformat(made.said["body"]["posted"])
            return _after(date(posted.year + 5, 12, 31))
        case "claim":
            return _after(_months(_limit(life, made), 6))
        case "heard":
            return min(_after(day + timedelta(days=31)), _taken_back(life, "pace", made.at))
        case "application":
            return _after(_months(_day(_time(life, "decision")), 6))
        case "views":
            return _after(day + timedelta(days=30))
        case "cases":
            answered = _at(life, "answer")
            return _after(_months(_day(answered), 36)) if answered else NEVER
        case "trail":
            return _after(_months(day, 12))
    if not any(a.verb == "identify" for a in life):
        return _unknown(life, made)
    return _while_used(life, made)


def _unknown(life: Life, made: Act) -> datetime:
    """Answers of somebody who stayed unknown go after their visit, the proof of a yes after half a year."""
    if made.data == "consents":
        return _after(_months(_day(made.at), 6))
    return _after(_day(_visit_end(life, made.at)) + timedelta(days=30))


def _while_used(life: Life, made: Act) -> datetime:
    """Tastes and the like stay while the service is used and 30 days, history and proof six months."""
    back = _taken_back(life, made.data, made.at) if made.data in OPTIONAL else NEVER
    untold = _untold(life, made)
    closed = _at(life, "close")
    used = [t for t in _uses(life) if closed is None or t <= closed]
    for here, then in zip(used, [*used[1:], None], strict=True):
        if closed is not None and then is None:
            return min(_tail(made.data, _day(closed)), back, untold)
        gone = _tail(made.data, _months(_day(here), 6))
        if then is None or (then > made.at and then >= gone):
            return min(gone, back, untold)
    raise AssertionError(f"nobody used the service after {made}")


def _tail(data: str, stop: date) -> datetime:
    return _after(stop + timedelta(days=30) if data in ACTIVE else _months(stop, 6))


def _uses(life: Life) -> list[datetime]:
    """Return when the person used the service: what they send in themselves, and what the pages note."""
    known = next(a.at for a in life if a.verb == "identify")
    mine = [a.at for a in life if a.verb == "collect" and a.said.get("source", "person") == "person"]
    noted = [a.at for a in life if a.said.get("name") == "last-use"]
    return sorted({known, *(t for t in (*mine, *noted) if t >= known)})


def _visit_end(life: Life, came: datetime) -> datetime:
    """Return when a visit ended: sign-out, half an hour of silence, or a day after it began."""
    requests = sorted(a.at for a in life if a.said.get("name") == "request" and a.at >= came)
    last = came
    for at in requests:
        if at > last + HALF_HOUR:
            break
        last = at
    outs = [a.at for a in life if a.said.get("name") == "sign-out" and a.at >= came]
    return min(*outs, last + HALF_HOUR, came + timedelta(hours=24)) if outs else last + HALF_HOUR


def _limit(life: Life, made: Act) -> date:
    """Return the last day on which a claim can be brought: three years, anew from an acknowledgement, longer
    by the days a lawsuit took."""
    day = date.fromisoformat(made.said["body"]["demandable"])
    known, suit, over = (_time_or(life, name) for name in ("acknowledged", "lawsuit", "outcome"))
    last = _months(_day(known) if known else day, 36)
    return last + (_day(over) - _day(suit)) if suit and over else last


def _untold(life: Life, made: Act) -> datetime:
    """Return when something handed in goes because its person was not told within a month."""
    told = _at(life, "told")
    by = _after(_months(_day(made.at), 1))
    in_time = made.data != "customer" or (told is not None and told < by)
    return NEVER if in_time else by


def _taken_back(life: Life, name: str, since: datetime) -> datetime:
    found = (a.at for a in life if a.verb == "consent" and a.said == {"name": name, "given": False})
    return min((t for t in found if t > since), default=NEVER)


def _made_by_closing(life: Life) -> Iterator[Stay]:
    """Yield what closing and erasing write down: each yes ends, and a mark keeps us silent for five years."""
    closed, erased = _at(life, "close"), _at(life, "erase")
    if closed is not None:
        for name in sorted(_agreed(life, closed)):
            act = Act(closed, "consent", "consents", {"name": name, "given": False})
            yield Stay("consents", closed, _while_used(life, act))
    if erased is not None:
        yield Stay("nocontact", erased, _after(_months(_day(erased), 60)))


def _agreed(life: Life, at: datetime) -> set[str]:
    standing: set[str] = set()
    for act in life:
        if act.verb == "consent" and act.at < at:
            (standing.add if act.said["given"] else standing.discard)(act.said["name"])
    return standing


def _at(life: Life, verb: str) -> datetime | None:
    return next((a.at for a in life if a.verb == verb), None)


def _time_or(life: Life, name: str) -> datetime | None:
    return next((a.at for a in life if a.said.get("name") == name), None)


def _time(life: Life, name: str) -> datetime:
    found = _time_or(life, name)
    assert found is not None, name
    return found


def _day(at: datetime) -> date:
    return at.astimezone(OSLO).date()


def _after(last: date) -> datetime:
    """Return the first instant after a last day."""
    day = last + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=OSLO).astimezone(UTC)


def _months(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
