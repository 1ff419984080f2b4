"""The scrubber's bench: ``python -m bench.scrub`` prints what is found, what leaks and how fast, beside
other engines.

Exact spans per label, share of personal characters covered, share of texts with anything personal left,
false alarms
on texts without any.  Peers that are not installed are left out and named.  Numbers hold for this corpus
only.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence

from bench.scrub_corpus import Case, cases
from bench.scrub_peers import PEERS
from troth.scrub import DIRECT, find

Found = list[tuple[int, int, str]]
Engine = Callable[[str, str], Found]


def troth(text: str, lang: str) -> Found:
    """Return what Troth finds and would replace by default."""
    return [(s.start, s.end, s.label) for s in find(text, lang=lang) if s.label in DIRECT]


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="bench.scrub", description=__doc__)
    parser.add_argument("--texts", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--blind", action="store_true", help="the second set of sentences")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--engines", nargs="+", default=["troth", *PEERS])
    parser.add_argument("--wrong", type=int, default=0, help="print so many mistakes of the first engine")
    args = parser.parse_args()
    corpus = list(cases(args.seed, args.texts, args.blind))
    print(f"{len(corpus):,} texts, {sum(len(c.spans) for c in corpus):,} spans, seed {args.seed}")
    for name in args.engines:
        engine = troth if name == "troth" else PEERS[name]()
        if engine is None:
            print(f"\n{name}: not installed, left out")
            continue
        print(f"\n{name}")
        print(table(corpus, engine))
        print(pace(corpus, engine, args.rounds))
        if args.wrong:
            mistakes(corpus, engine, args.wrong)
            return 0
    return 0


def table(corpus: Sequence[Case], engine: Engine) -> str:
    """Return precision, recall and F1 by label for exact spans, and what leaks."""
    hit, got, want = Counter[str](), Counter[str](), Counter[str]()
    covered = personal = marked = leaks = alarms = clean = 0
    for case in corpus:
        found = engine(case.text, case.lang)
        gold = set(case.spans)
        hit.update(label for a, b, label in set(found) & gold)
        got.update(label for _, _, label in found)
        want.update(label for _, _, label in gold)
        seen = {i for a, b, _ in found for i in range(a, b)}
        true = {i for a, b, _ in gold for i in range(a, b) if case.text[i].isalnum()}
        covered, personal = covered + len(seen & true), personal + len(true)
        marked += len({i for i in seen if case.text[i].isalnum()})
        leaks += any(
            sum(i not in seen for i in range(a, b) if case.text[i].isalnum()) > 1 for a, b, _ in gold
        )
        clean += not gold
        alarms += bool(found and not gold)
    rows = [f"  {'label':15} {'P':>6} {'R':>6} {'F1':>6} {'gold':>6}"]
    for label in sorted(want | got):
        p, r = hit[label] / max(got[label], 1), hit[label] / max(want[label], 1)
        rows.append(f"  {label:15} {p:6.3f} {r:6.3f} {2 * p * r / max(p + r, 1e-9):6.3f} {want[label]:6}")
    rows.append(
        f"  characters: recall {covered / max(personal, 1):.3f}, precision {covered / max(marked, 1):.3f}"
    )
    rows.append(
        f"  texts with anything left: {leaks / len(corpus):.3f}; alarms on {alarms} of {clean} clean texts"
    )
    return "\n".join(rows)


def pace(corpus: Sequence[Case], engine: Engine, rounds: int) -> str:
    """Return the median speed over some rounds, one text a call, in processor time."""
    part = corpus[:600]
    size = sum(len(c.text.encode()) for c in part)
    times = []
    for _ in range(rounds):
        start = time.process_time()
        for case in part:
            engine(case.text, case.lang)
        times.append(time.process_time() - start)
    took = statistics.median(times)
    return (
        f"  {size / took / 1e6:.3f} MB/s, {took / len(part) * 1e3:.3f} ms a text of {size // len(part)} bytes"
    )


def mistakes(corpus: Sequence[Case], engine: Engine, count: int) -> None:
    """Print texts where the engine and the gold differ."""
    for case in corpus:
        found, gold = set(engine(case.text, case.lang)), set(case.spans)
        if found != gold and count:
            count -= 1
            print(repr(case.text))
            print("   missed", [(case.text[a:b], x) for a, b, x in gold - found])
            print("   wrong ", [(case.text[a:b], x) for a, b, x in found - gold])


if __name__ == "__main__":
    raise SystemExit(main())
