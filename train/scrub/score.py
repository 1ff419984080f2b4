"""Score: how well people are found in real text that the table was not taught on.

    python train/scrub/train.py FOLDER --out names.bin      # keeps every tenth text back
    python train/scrub/score.py FOLDER names.bin

The whole scrubber reads each text; a person counts as found when any of its characters is.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from zlib import decompress

from train import HELD, REAL

from troth.scrub import find, names
from troth.scrub.model import spread

Pieces = list[tuple[int, int]]


def judge_by(path: Path) -> None:
    """Let the scrubber judge by another table than the one it comes with."""
    table = spread(decompress(path.read_bytes()))
    names.weights = lambda: table


def touched(these: Pieces, others: Pieces) -> int:
    """Return how many of the pieces overlap one of the others."""
    return sum(any(a < d and c < b for c, d in others) for a, b in these)


def score(path: Path) -> str:
    """Return the shares of people found and of finds that are people, over the texts kept back."""
    found = right = wanted = got = 0
    for n, line in enumerate(path.read_text("utf-8").splitlines()):
        if n % 10 not in HELD:
            continue
        record = json.loads(line)
        marked = [(a, b) for a, b, label in record["spans"] if label == "PERSON"]
        ours = [(s.start, s.end) for s in find(record["text"], lang=record["lang"]) if s.label == "PERSON"]
        found, right = found + touched(marked, ours), right + touched(ours, marked)
        wanted, got = wanted + len(marked), got + len(ours)
    recall, precision = found / max(wanted, 1), right / max(got, 1)
    return f"{path.stem}: {recall:.2f} of {wanted} people found, {precision:.2f} of {got} finds right"


if __name__ == "__main__":
    folder, table = map(Path, sys.argv[1:])
    judge_by(table)
    for name in REAL:
        print(score(folder / name))
