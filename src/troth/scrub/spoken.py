"""Spoken: numbers written out in words, digit by digit, as people do to slip past a filter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from troth.scrub import checks
from troth.scrub.cues import cues, nearest
from troth.scrub.reading import Reading
from troth.scrub.span import Span

WORDS = frozenset(
    "zero oh one two three four five six seven eight nine double triple null nul en ein ett "
    "to tre fire fem seks sju syv åtte ni "
    "noll två fyra sex åtta nio nolla yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan "
    "yhdeksän nol et fire seks otte "
    "eins zwei zwo drei vier fünf sechs sieben acht neun doppel plus pluss".split()
)
# Words for numbers that are seldom anything else: without one of them nothing here is looked for.
SIGNS = frozenset(
    "four five three six seven eight nine tre sju syv åtte fyra åtta kolme neljä viisi seitsemän kahdeksan "
    "otte drei vier sieben acht neun zwei fünf".split()
)
GAP = re.compile(r"[ \t]*[-,.]?[ \t]*(?:\d[ \t,.-]*){0,3}")
TELLING = ("PHONE", "CARD", "NATIONAL_ID", "BANK_ACCOUNT", "SECRET", "PASSPORT", "ORG_ID")
ENGLISH = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))


def spoken(reading: Reading) -> Iterator[Span]:
    """Yield runs of at least seven digits written as words, or of four after a word that tells their kind."""
    if SIGNS.isdisjoint(reading.known):
        return
    run: list[int] = []
    for i, form in enumerate(reading.forms):
        joined = run and GAP.fullmatch(reading.text, reading.words[i - 1][1], reading.words[i][0])
        if form in WORDS and (joined or not run):
            run.append(i)
            continue
        yield from _ended(reading, run)
        run = [i] if form in WORDS else []
    yield from _ended(reading, run)


def _ended(reading: Reading, run: list[int]) -> Iterator[Span]:
    if len(run) < 4:
        return
    start, end = reading.words[run[0]][0], reading.words[run[-1]][1]
    said = nearest(cues(reading, start, end))
    digits = "".join(ENGLISH.get(reading.forms[i], "") for i in run)
    if said in TELLING:
        yield Span(start, end, said, 0.85, "digits in words")
    elif len(run) >= 7:
        label = "CARD" if len(digits) >= 13 and checks.luhn(digits) else "PHONE"
        yield Span(start, end, label, 0.8, "digits in words")
