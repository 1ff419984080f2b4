"""Duties: what must be done or has happened, as sentences: telling, joining, requests, moments, forms.

A moment says each way it can come about, and what stops, renews or bounds its period.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from troth.policy import model as m
from troth.policy.format import write_statement
from troth.publish.listing import joined, listed
from troth.publish.words import Words, plain


def tell(s: m.Tell, words: Words) -> Iterator[str]:
    """Say that the person is told of something, how and by when."""
    if s.who != "person" or not s.about:
        yield " ".join(line.strip() for line in write_statement(s))
        return
    ways = ", ".join(map(words.way, s.channels))
    said = words.say("says tell", data=words.data(s.about), ways=ways)
    within = words.say("within", x=words.span(s.within)) if s.within else ""
    before = words.say("says before") if s.before else ""
    otherwise = words.known("else", s.otherwise) if s.otherwise else ""
    yield joined(said, within, before, otherwise, words.guard(m.Guard(unless=s.unless)))


def join(s: m.Join, words: Words) -> Iterator[str]:
    """Say which data are linked with which, for what, and from when on."""
    said = words.say(
        "says join", data=words.data(s.left), other=words.data(s.right), purpose=words.purpose(s.purpose)
    )
    asked = words.say("says only with", x=words.consent(s.consent)) if s.consent else ""
    yield joined(said, asked, words.say("from then on") if s.from_then_on else "")


def form(s: m.FormMeaning, words: Words) -> Iterator[str]:
    """Say what a form of data means here."""
    shape = words.known("shape", s.shape) if s.shape else ""
    least = words.say("at least people", n=s.at_least) if s.at_least is not None else ""
    noise = words.say("give or take", n=s.noise) if s.noise is not None else ""
    times = words.say("times a year", n=s.times) if s.times is not None else ""
    parts = [shape, least, noise, times, *(words.known("detail", d) for d in s.detail)]
    yield words.say("says form", form=words.form(s.form), x=", ".join(part for part in parts if part))


def hold(s: m.Hold, words: Words) -> Iterator[str]:
    """Say what is kept and rests while something is settled."""
    data = listed(s.data, words.data, "", words)
    said = words.say("says hold", data=data, x=words.fact(s.while_fact))
    yield joined(said, words.say("claim except", x=words.purpose(s.purpose)) if s.purpose else "")


def treat(s: m.Treatment, words: Words) -> Iterator[str]:
    """Say what is done to data before they are stored."""
    data = listed(s.data, words.data, "", words)
    how = ", ".join(words.known("detail", d) for d in s.detail)
    yield words.say("says treat", data=data, how=words.known("treat", s.verb)) + (f": {how}" if how else "")


def request(s: m.RequestDoor, words: Words) -> Iterator[str]:
    """Say through which further door a right may be asked for."""
    said = words.say("says request", text=s.text or plain(s.name), right=words.known("right", s.does))
    by = words.say("says by", x=words.party(s.by)) if s.by not in ("", "person") else ""
    within = words.say("within", x=words.span(s.within)) if s.within else ""
    within = words.say("within working", n=s.within.amount) if s.working and s.within else within
    yield joined(said, by, within)


def event(s: m.Event, words: Words) -> Iterator[str]:
    """Say when a moment has come."""
    name = words.event(s.name)
    if not s.alternatives:
        yield words.say("says moment", x=name)
        return
    ways = words.say(" or ").join(map(partial(_way, words), s.alternatives))
    said = words.say("says event", x=name, ways=ways)
    yield joined(said, *_bounds(s, words)) + (f" ({s.law})" if s.law else "")


def _way(words: Words, way: tuple[str, m.Span | None, str]) -> str:
    kind, span, name = way
    n = words.span(span) if span else ""
    return words.say(f"way {kind}", n=n, x=words.event(name)) if span else words.event(name)


def _bounds(s: m.Event, words: Words) -> Iterator[str]:
    """Yield what renews, stops, lengthens or bounds the period."""
    yield from (words.say("begins anew", x=words.event(name)) for name in s.restarts_at)
    yield from (words.say("stands", x=words.event(a), y=words.event(b)) for a, b in s.paused)
    if s.extended_by:
        yield words.say("lengthened", x=words.known("who", s.extended_by))
    if s.at_most:
        yield words.say("at most", n=words.span(s.at_most))
