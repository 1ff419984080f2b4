"""Train: weigh the features of names on real and made-up text, and write the table the scrubber reads.

    python train/scrub/train.py FOLDER [--out FILE] [--all]

FOLDER holds the real text as JSON lines (WNUT17 and the Broad Twitter Corpus, CC BY 4.0; TurkuNLP's
corpus and
UNER Swedish-Talbanken, CC BY-SA 4.0); it is not part of the project.  Same folder, same seed, same table.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import zlib
from array import array
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "src"))

from generate import cased, corpus  # noqa: E402 (the path is set above)

from troth.scrub.judge import TAGS, Sentence, candidate, features, prepare  # noqa: E402
from troth.scrub.model import MASK  # noqa: E402
from troth.scrub.reading import read  # noqa: E402

ROWS = MASK + 1
BLIND = 0.25
HELD = 10  # every tenth real text is kept back
REAL = ("wnut17_train_en.jsonl", "btc_abg_en.jsonl", "turku_train_fi.jsonl", "talbanken_train_sv.jsonl")
Example = tuple[Sentence, list[int]]


def example(record: dict[str, Any]) -> Example | None:
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
    return prepare(reading), tags


def examples(folder: Path, seed: int, made: int, held: bool) -> tuple[list[Example], list[Example]]:
    """Return what to train on and what to test on; every tenth real text is kept out of training."""
    rng = random.Random(seed)
    train: list[Example] = []
    test: list[Example] = []
    for name in REAL:
        for n, line in enumerate((folder / name).read_text("utf-8").splitlines()):
            record = json.loads(line)
            ready = example(record)
            if ready is None:
                continue
            if held and n % HELD == HELD - 1:
                test.append(ready)
                continue
            train.append(ready)
            if rng.random() < 0.25 and (
                low := example(record | {"text": cased(record["text"], rng, 0.85, 0.15)})
            ):
                train.append(low)
    train += [e for r in corpus(seed, made) if (e := example(r))]
    return train, test


class Perceptron:
    """An averaged perceptron over hashed rows of four weights."""

    def __init__(self) -> None:
        self.weights = [[0] * ROWS for _ in TAGS]
        self.sums = [[0] * ROWS for _ in TAGS]
        self.time = 1

    def best(self, rows: list[int]) -> tuple[int, list[int]]:
        scores = [sum(w[r] for r in rows) for w in self.weights]
        return max(range(len(scores)), key=scores.__getitem__), scores

    def learn(self, rows: list[int], right: int, margin: int) -> int:
        """Judge a word, correct the weights where the right tag did not win clearly, and return the
        judgment."""
        guess, scores = self.best(rows)
        rival = max((t for t in range(len(TAGS)) if t != right), key=scores.__getitem__)
        if scores[right] - scores[rival] < margin:
            for tag, step in ((right, 1), (rival, -1)):
                weights, sums = self.weights[tag], self.sums[tag]
                for row in rows:
                    weights[row] += step
                    sums[row] += step * self.time
        self.time += 1
        return guess

    def averaged(self) -> list[list[float]]:
        """Return the weights averaged over all words seen, a column a tag."""
        return [
            [w - s / self.time for w, s in zip(ws, ss, strict=True)]
            for ws, ss in zip(self.weights, self.sums, strict=True)
        ]


def table(taught: list[Perceptron], top: int = 127) -> bytes:
    """Return the mean weights of several as bytes, 128 added, the largest scaled to ``top``."""
    flat = [
        [sum(weights) for weights in zip(*columns, strict=True)]
        for columns in zip(*(one.averaged() for one in taught), strict=True)
    ]
    sizes = sorted(abs(x) for column in flat for x in column if x)
    scale = top / sizes[int(len(sizes) * 0.9999)] if sizes else 1
    rows = bytearray()
    for row in zip(*flat, strict=True):
        rows += bytes(128 + max(-127, min(127, round(x * scale))) for x in row)
    return bytes(rows)


def train(examples: list[Example], epochs: int, seed: int) -> Perceptron:
    """Return weights learnt in ``epochs`` passes over shuffled examples."""
    from zlib import crc32

    rng = random.Random(seed)
    model = Perceptron()
    for epoch in range(epochs):
        rng.shuffle(examples)
        wrong = seen = 0
        for sentence, tags in examples:
            before = earlier = 0
            for i, right in enumerate(tags):
                guess = 0
                if candidate(sentence, i, before):
                    seen_of = features(sentence, i, before, earlier)
                    if (
                        rng.random() < BLIND
                    ):  # at times the word itself is hidden, so that its company must tell
                        seen_of = [f for f in seen_of if f[0] not in "wWpeE2mqk"]
                    elif rng.random() < BLIND:  # and at times its company
                        seen_of = [f for f in seen_of if f[0] not in "lLkrRq2u"]
                    rows = [crc32(f.encode()) & MASK for f in seen_of]
                    guess = model.learn(rows, right, margin=4)
                    wrong += guess != right
                    seen += 1
                before, earlier = (guess if rng.random() < 0.7 else right), before
        print(f"pass {epoch + 1}: {wrong:,} of {seen:,} words judged wrongly", flush=True)
    return model


def score(test: list[Example], table: bytes) -> None:
    """Print precision and recall of people on texts kept out of training, at several leanings."""
    from troth.scrub.judge import tag
    from troth.scrub.model import unpack

    wide = array("Q")
    wide.frombytes(unpack(zlib.compress(table, 1)))
    for lean in (0, 20, 40, 60, 90, 120):
        hit = got = want = 0
        for sentence, tags in test:
            found, _ = tag(sentence, wide, lean)
            hit += sum(a == b == 1 for a, b in zip(found, tags, strict=True))
            got += sum(a == 1 for a in found)
            want += sum(b == 1 for b in tags)
        print(
            f"lean {lean}: words of people, precision {hit / max(got, 1):.3f}, "
            f"recall {hit / max(want, 1):.3f}"
        )


def main() -> None:
    """Train, report, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "src/troth/scrub/data/names.bin")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument(
        "--teachers", type=int, default=4, help="so many tables, each from another order, averaged"
    )
    parser.add_argument("--made", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=20261124)
    parser.add_argument("--all", action="store_true", help="keep nothing back: for the table that is shipped")
    args = parser.parse_args()
    taught, test = examples(args.folder, args.seed, args.made, not args.all)
    print(f"{len(taught):,} texts to train on, {len(test):,} kept back", flush=True)
    made = table([train(taught, args.epochs, args.seed + turn) for turn in range(args.teachers)])
    args.out.write_bytes(zlib.compress(made, 9))
    print(f"{args.out.stat().st_size:,} bytes")
    if test:
        score(test, made)


if __name__ == "__main__":
    main()
