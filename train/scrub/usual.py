"""Usual: gather the usual words of six languages into ``usual.txt``, from a package that is needed only here.

    pip install wordfreq==3.1.1
    python train/scrub/usual.py

How often a word is written says how likely a capital makes it a name: "Hacker Can Be Extradited" is no one.
A word stands under how common it is where it is most common; names that are written often stand here too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from textwrap import fill

from wordfreq import get_frequency_list

DATA = Path(__file__).parents[2] / "src" / "troth" / "scrub" / "data"
WORD = re.compile(r"[^\W\d_]{2,}(?:'[^\W\d_]+)?")
LANGS = ("en", "nb", "sv", "da", "fi", "de")
STEPS = (3.8, 4.2, 4.7, 5.3)  # powers of ten, how often a word is met in a thousand million
HEAD = """\
# The usual words of English, Norwegian, Swedish, Danish, Finnish and German, the rarer first, from wordfreq
# 3.1.1 by Robyn Speer (data CC BY-SA 4.0, sources: github.com/rspeer/wordfreq). Made by train/scrub/usual.py.
"""


def often() -> dict[str, float]:
    """Return how often each word is met in the language where it is met most."""
    found: dict[str, float] = defaultdict(float)
    for lang in LANGS:
        for hundredths, words in enumerate(get_frequency_list(lang, "small")):
            for word in filter(WORD.fullmatch, words):
                found[word] = max(found[word], 9 - hundredths / 100)
    return found


def main() -> None:
    """Gather and write."""
    levels: dict[int, list[str]] = defaultdict(list)
    for word, zipf in sorted(often().items()):
        levels[sum(zipf >= step for step in STEPS)].append(word)
    parts = [f"[{level}]\n{fill(' '.join(levels[level]), 120)}\n" for level in range(1, len(STEPS) + 1)]
    (DATA / "usual.txt").write_text(HEAD + "".join(parts), "utf-8")
    print({level: len(words) for level, words in levels.items()})


if __name__ == "__main__":
    main()
