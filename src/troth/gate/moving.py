"""Moving: which categories an event can give another date, so that the others are not looked at again.

A request moves the end of the visit it belongs to and nothing else that is held of a person; most of what
happens is a request.  INVARIANT (all unless shown): an event that starts or ends a fact, that closes an
account or is a use of it, or of which nothing is known, may move everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from troth.policy.model import Event, Fact, Keep, Policy

WIDE = frozenset({"last-use", "account-closed", "consent-withdrawn"})


def moves(policy: Policy, keeps: Mapping[str, tuple[Keep, ...]]) -> Mapping[str, frozenset[str]]:
    """Return the events that move some categories only, each with these.

    >>> from troth.policy.model import Span
    >>> half = Event(name="visit-end", alternatives=(("without", Span(30, "minute"), "request"),))
    >>> thirty = Keep(data=("visit",), span=Span(30, "day"), after="visit-end")
    >>> moves(Policy((half, thirty)), {"visit": (thirty,), "taste": ()})["request"]
    frozenset({'visit'})
    """
    feeds = {e.name: frozenset(_inputs(e)) for e in policy.of(Event)}
    wide = WIDE | _behind(feeds, {n for f in policy.of(Fact) for n in _of(f)})
    counted = {data: _behind(feeds, {n for k in found for n in _after(k)}) for data, found in keeps.items()}
    names = {n for found in counted.values() for n in found} - wide
    return {name: frozenset(d for d, found in counted.items() if name in found) for name in names}


def _inputs(event: Event) -> Iterator[str]:
    """Yield what a computed event is worked out from."""
    yield from (name for _, _, name in event.alternatives)
    yield from (*event.restarts_at, *(name for pair in event.paused for name in pair))
    yield f"{event.name} extended"


def _of(fact: Fact) -> Iterator[str]:
    """Yield what starts or ends a fact."""
    yield from (fact.name, f"{fact.name} ended", *fact.starts, *(name for _, _, name in fact.ends))


def _after(keep: Keep) -> Iterator[str]:
    """Yield the events that a rule counts from."""
    yield from (name for name in (keep.after, keep.at_latest_after, keep.end_of) if name)


def _behind(feeds: Mapping[str, frozenset[str]], names: Iterable[str]) -> frozenset[str]:
    """Return the names with all that they are worked out from."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += feeds.get(name, ())
    return frozenset(found)
