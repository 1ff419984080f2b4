"""Count: numbers that belong to nobody: only counters the document declares, only their declared dimensions.

A dimension's value is a short plain word, so that nothing personal can be counted by.  What is under the
number from which the document shows counts is not told; where people are parted, by an answer (``option``)
or the way they came (``way``), the few are told together, so that the sum still stands and no single answer
follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from troth.gate.errors import BadBody, Unknown
from troth.gate.folder import opened
from troth.gate.house import House
from troth.policy.model import Counter

WORD = re.compile(r"[A-Za-z0-9_.:/+-]{0,64}")
MONTHS = "counted-in"  # counter → the last month in which a person was counted
OPTION, WAY, SPOT = "option", "way", "spot"
PARTS = OPTION, WAY, SPOT  # what people were parted by: an answer, the way they came, where they saw a thing
LONG = re.compile(r"[0-9]{11,}|[0-9a-fA-F]{24,}")


def count(house: House, *, counter: str, dims: Mapping[str, str]) -> None:
    """Add one to a counter; raise ``Unknown`` or ``BadBody``."""
    said = _declared(house, counter)
    if set(dims) != set(said.of):
        raise BadBody(counter, "", f"is counted by {', '.join(said.of)}, and by nothing else")
    for name, value in dims.items():
        if not WORD.fullmatch(value) or LONG.search(value):
            raise BadBody(counter, name, "a plain short word, not something of a person")
    house.store.count(name=counter, dims=dims)


def count_person(house: House, *, person: int, counter: str, dims: Mapping[str, str], month: str) -> bool:
    """Count a person once in a month; say whether they were counted now.

    What is counted stays nobody's: the person bears the month in which they were counted, and no value.
    """
    with opened(house, person) as folder:
        before = folder.marks.get(MONTHS, {})
        if before.get(counter) == month:
            return False
        count(house, counter=counter, dims=dims)
        folder.mark(**{MONTHS: {**before, counter: month}})
    return True


def counts(house: House, *, counter: str) -> tuple[tuple[dict[str, str], int], ...]:
    """Return the counts as far as the document shows them: ``shown from N``."""
    said, rows = _declared(house, counter), house.store.counts(name=counter)
    least = said.shown_from or 0
    part = next((d for d in PARTS if d in said.of), "")
    if least and part:
        return tuple(together(rows, least, part))
    return tuple((dims, n) for dims, n in rows if n >= least)


def together(
    rows: Iterable[tuple[Mapping[str, str], int]], least: int, part: str = OPTION
) -> Iterator[tuple[dict[str, str], int]]:
    """Tell each answer from ``least`` on, and those under it as one row without its answer.

    Were the rest fewer than that, it would tell how many gave the one answer left out; so the smallest
    answer that could be shown goes into it as well.

    >>> def row(option, n):
    ...     return {"step": "hello", "option": option}, n
    >>> list(together([row("tea", 12), row("cocoa", 11), row("juice", 3)], 10))
    [({'step': 'hello', 'option': 'tea'}, 12), ({'step': 'hello', 'option': ''}, 14)]
    >>> list(together([row("tea", 2), row("cocoa", 3)], 10))
    [({'step': 'hello', 'option': ''}, 5)]
    """
    steps: dict[tuple[tuple[str, str], ...], dict[str, int]] = {}
    for dims, n in rows:
        step = tuple((name, value) for name, value in dims.items() if name != part)
        steps.setdefault(step, {})[dims[part]] = n
    for step, counted in steps.items():
        shown = {option: n for option, n in counted.items() if option and n >= least}
        rest = sum(counted.values()) - sum(shown.values())
        while shown and 0 < rest < least:
            rest += shown.pop(min(shown, key=lambda option: shown[option]))
        for option, n in [*shown.items(), *([("", rest)] if rest else [])]:
            yield {**dict(step), part: option}, n


def _declared(house: House, name: str) -> Counter:
    for counter in house.policy.of(Counter):
        if counter.name == name:
            return counter
    raise Unknown("counter", name)
