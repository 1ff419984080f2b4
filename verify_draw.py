#!/usr/bin/env python3
"""Check a prize draw without trusting, or installing, anything of ours.

    python3 verify_draw.py draw.json [NUMBER] [before.json]

draw.json is what the draw's page gives after the drawing.  Before its first entry the house published a
commitment to a seed; at the close, the numbers of all entries; at the drawing, the seed, and the beacon where
one was announced (a value from elsewhere that nobody knew before the close).  Recomputed here:

    commitment = SHA-256("troth draw 1\n" name "\n" last-day "\n" beacon-announced "\n" seed)
    digest     = SHA-256(entry numbers, sorted, one a line)
    rank of an entry = SHA-256(seed "\n" beacon "\n" digest "\n" number), the smallest first

The winners are the first in rank whose entry still stood.  NUMBER is your own entry: is it on the list, and
where in rank.  before.json is the same page as you, or somebody else, saved it before the close: it shows
that the seed was not chosen later.  Exit code 0: all of it holds; 1: something does not; 2: wrong use.
"""

import hashlib
import json
import sys
from pathlib import Path


def sha(*lines):
    """Return the digest of lines, in hex."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def commitment(name, closes, announced, seed):
    """Return what is published before the first entry."""
    return sha("troth draw 1", name, closes, announced, seed)


def ranked(numbers, seed, beacon):
    """Return the numbers in the order in which they are drawn."""
    digest = sha(*sorted(numbers))
    return sorted(numbers, key=lambda number: sha(seed, beacon, digest, number))


def wrong(draw, before=None):
    """Yield all that does not hold of a draw."""
    if not draw.get("seed"):
        yield "the seed is not published yet; come back after the drawing"
        return
    numbers, order = draw["entries"], []
    if commitment(draw["name"], draw["closes"], draw["announced"], draw["seed"]) != draw["commitment"]:
        yield "the seed is not the one that was committed to"
    if bool(draw["announced"]) != bool(draw["beacon"]):
        yield "a beacon was announced and not used, or used and not announced"
    if len(set(numbers)) != len(numbers):
        yield "an entry stands on the list twice"
    if sha(*sorted(numbers)) != draw["digest"]:
        yield "the list of entries is not the one that was closed"
    order = ranked(numbers, draw["seed"], draw["beacon"])
    gone = set(draw["withdrawn"])
    if [n for n in order if n not in gone][: len(draw["winners"])] != draw["winners"]:
        yield "the winners are not the first in rank whose entry stood"
    for key in ("commitment", "announced", "closes", "name"):
        if before is not None and before.get(key) != draw[key]:
            yield f"{key} was another before the close"


def main(words):
    """Say what holds."""
    files = [w for w in words if w.endswith(".json")]
    mine = [w for w in words if not w.endswith(".json")]
    if not files or len(files) > 2 or len(mine) > 1:
        print(__doc__)
        return 2
    draw, *before = (json.loads(Path(name).read_text("utf-8")) for name in files)
    problems = list(wrong(draw, *before))
    for problem in problems:
        print(f"no: {problem}")
    if not problems:
        print(f"yes: {len(draw['entries'])} entries, drawn as committed; won by {', '.join(draw['winners'])}")
    if mine and draw.get("seed"):
        order = ranked(draw["entries"], draw["seed"], draw["beacon"])
        where = f"number {order.index(mine[0]) + 1} in rank" if mine[0] in order else "not on the list"
        print(f"{mine[0]}: {where}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
