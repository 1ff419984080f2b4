"""Train: weigh the features of names on real and made-up text, and write the table the scrubber reads.

    python train/scrub/train.py FOLDER [--out FILE] [--all]

FOLDER holds the real text as JSON lines (WNUT17 and the Broad Twitter Corpus, CC BY 4.0; TurkuNLP's corpus
and UNER Swedish-Talbanken, CC BY-SA 4.0); it is not part of the project.  Same folder, same seed, same table.

The weights are those of a softmax over the four tags, learnt in small batches with a step of its own for
each row (Adagrad).  A part of what is seen of a word is hidden at random, so that no sight is trusted alone.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from generate import cased, corpus  # noqa: E402 (the path is set above)

from troth.scrub.judge import SALTS, TAGS, Sentence, candidate, prepare, rows, tag  # noqa: E402
from troth.scrub.model import MASK, spread  # noqa: E402
from troth.scrub.reading import read  # noqa: E402

HELD = (9,)  # of every ten real texts these are kept back; 7 and 8 were for choosing between ways to learn
REAL = ("wnut17_train_en.jsonl", "btc_abg_en.jsonl", "turku_train_fi.jsonl", "talbanken_train_sv.jsonl")
REAL_TONGUES = ("en", "fi", "sv")  # of the others there is no real text, so that what is made up weighs more
MADE = (
    0.25,
    0.6,
)  # what a word of a made-up text weighs beside one of a real text, with and without real ones
HIDDEN = 0.15  # the part of what is seen of a word that is hidden in training
FEWEST = 2  # a row that is met less often than this is not learnt
BATCH, STEP, DECAY = 256, 0.15, 1e-6
SCALE = 40  # a weight of one in the bytes of the table
OWN_GUESS = 0.7  # how often the second lesson hears its own guess about the word before, and not the truth
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A text made ready, the tag of every word, and what its words weigh."""

    sentence: Sentence
    tags: list[int]
    weight: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is seen of each word that could be a name (a row of rows, -1 where hidden), and its tag."""

    seen: NDArray[np.int64]
    tags: NDArray[np.int64]
    weights: Floats


def example(record: dict[str, Any], weight: float = 1.0) -> Example | None:
    """Return a text made ready with the tag of every word, or nothing where folding moved its spans."""
    reading = read(record["text"], record["lang"])
    if reading.back is not None or not reading.words:
        return None
    tags = [0] * len(reading.words)
    for start, end, label in record["spans"]:
        if label in TAGS:
            for i, (a, b) in enumerate(reading.words):
                if a < end and b > start:
                    tags[i] = TAGS.index(label)
    return Example(prepare(reading), tags, weight)


def examples(folder: Path, seed: int, made: int, held: tuple[int, ...]) -> list[Example]:
    """Return what to train on: real texts without those kept back, some in lower case, and made-up ones."""
    rng = random.Random(seed)
    found: list[Example | None] = []
    for name in REAL:
        for n, line in enumerate((folder / name).read_text("utf-8").splitlines()):
            if n % 10 in held:
                continue
            record = json.loads(line)
            found.append(example(record))
            if rng.random() < 0.25:
                found.append(example(record | {"text": cased(record["text"], rng, 0.85, 0.15)}))
    found += [example(record, MADE[record["lang"] not in REAL_TONGUES]) for record in corpus(seed, made)]
    return [one for one in found if one]


def lesson(taught: list[Example], guesses: list[list[int]] | None, rng: random.Random) -> Lesson:
    """Return what is seen of each word that could be a name, those before it tagged truly or as guessed."""
    seen: list[list[int]] = []
    tags: list[int] = []
    weights: list[float] = []
    for k, one in enumerate(taught):
        before = earlier = 0
        for i, right in enumerate(one.tags):
            now = 0
            if candidate(one.sentence, i, before):
                seen.append(rows(one.sentence, i, before, earlier))
                tags.append(right)
                weights.append(one.weight)
                now = guesses[k][i] if guesses and rng.random() < OWN_GUESS else right
            before, earlier = now, before
    table = np.array(seen, np.int64)
    table[(np.bincount(table.ravel(), minlength=MASK + 1) < FEWEST)[table]] = -1
    return Lesson(table, np.array(tags), np.array(weights, np.float32))


def learn(taught: Lesson, epochs: int, seed: int) -> Floats:
    """Return the weights learnt in ``epochs`` passes, a row of the table each, a column a tag."""
    rng = np.random.default_rng(seed)
    weights = np.zeros((MASK + 1, len(TAGS)), np.float32)
    steps = np.full_like(weights, 1e-8)
    truth = np.eye(len(TAGS), dtype=np.float32)[taught.tags]
    for _ in range(epochs):
        order = rng.permutation(len(truth))
        for at in range(0, len(order), BATCH):
            batch = order[at : at + BATCH]
            seen = taught.seen[batch]
            seen[rng.random(seen.shape, np.float32) < HIDDEN] = -1
            there = seen >= 0
            scores = (weights[seen] * there[..., None]).sum(1)
            odds = np.exp(scores - scores.max(1, keepdims=True))
            wrong = (odds / odds.sum(1, keepdims=True) - truth[batch]) * taught.weights[batch, None]
            touched, place = np.unique(seen[there], return_inverse=True)
            slope = DECAY * weights[touched]
            np.add.at(slope, place, np.repeat(wrong, there.sum(1), axis=0))
            steps[touched] += slope * slope
            weights[touched] -= STEP * slope / np.sqrt(steps[touched])
    return weights


def table(weights: Floats) -> bytes:
    """Return weights as bytes, 128 added."""
    return bytes((np.clip(np.rint(weights * SCALE), -127, 127) + 128).astype(np.uint8).tobytes())


def teach(taught: list[Example], epochs: int, teachers: int, seed: int) -> bytes:
    """Return the mean of several tables: each learns twice, at last from its own guesses."""
    total = np.zeros((MASK + 1, len(TAGS)), np.float32)
    for turn in range(teachers):
        rng = random.Random(seed + turn)
        first = spread(table(learn(lesson(taught, None, rng), epochs, seed + turn)))
        guesses = [tag(one.sentence, first)[0] for one in taught]
        total += learn(lesson(taught, guesses, rng), epochs, seed + turn)
        print(f"table {turn + 1} of {teachers} learnt", flush=True)
    return table(total / np.float32(teachers))


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "src/troth/scrub/data/names.bin")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--teachers", type=int, default=3, help="so many tables, averaged")
    parser.add_argument("--made", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument(
        "--held", type=int, nargs="*", default=HELD, help="of every ten texts, those kept back"
    )
    parser.add_argument("--all", action="store_true", help="keep nothing back: for the table that is shipped")
    args = parser.parse_args()
    taught = examples(args.folder, args.seed, args.made, () if args.all else tuple(args.held))
    print(f"{len(taught):,} texts to train on, {len(SALTS)} sights of a word", flush=True)
    args.out.write_bytes(zlib.compress(teach(taught, args.epochs, args.teachers, args.seed), 9))
    print(f"{args.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
