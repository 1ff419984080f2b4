"""Bench on the command line: ``python -m bench [kernel | gate]`` prints a table, stops at a wrong answer."""

from __future__ import annotations

import argparse
import sys
import time

from bench.clock import Timing, rounds
from bench.ours import troth
from bench.peers import PEERS, Ask
from bench.workload import World, grown, judge, world

ENGINES = {"troth": troth} | PEERS
SAMPLE = {"troth": 20_000, "cedar": 400, "casbin": 200, "vakt": 500}
CHECKED = {"troth": 20_000, "cedar": 1_000, "casbin": 500, "vakt": 2_000}
FIRST_CHECKED = {"cedar": 5_000, "casbin": 2_000, "vakt": 10_000}  # the slow ones; ours on all


def main() -> int:
    """Run the bench; 0 when every engine agreed, 1 when one did not."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["kernel", "gate"], default="kernel")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--engines", nargs="+", choices=list(ENGINES), default=list(ENGINES), help="the first is the measure"
    )
    args = parser.parse_args()
    if args.what == "gate":
        from bench.gate import gate  # deferred, so that the peers can be timed without our rooms

        return gate()
    return kernel(args.people, args.requests, args.rounds, args.engines)


def kernel(people: int, requests: int, times: int, names: list[str]) -> int:
    """Compare all engines in three worlds in the same rounds, once their answers are right.

    150 rules; 1,500 of which 1,350 are about other data, asked the same; 1,500 asked about all of them.
    """
    engines: dict[str, tuple[World, Ask]] = {}
    calls: dict[str, int] = {}
    small = world(150, people, requests)
    worlds = {
        "150 rules": small,
        "the same of 1,500": grown(small),
        "1,500 rules": world(1_500, people, requests),
    }
    for title, of in worlds.items():
        print(f"{title}: {people:,} people, {requests:,} requests, seed fixed")
        for name in names:
            ask = ENGINES[name](of)
            if not agrees(name, ask, of, FIRST_CHECKED.get(name) if of is small else CHECKED[name]):
                return 1
            engines[f"{name}, {title}"] = of, ENGINES[name](of)  # anew: the check filled its memory
            calls[f"{name}, {title}"] = SAMPLE[name]
    show(rounds(engines, calls, times))
    if "troth" in names:
        from bench.tables import tables  # deferred, so that the peers can be timed without our kernel

        for rules in (150, 1_500):
            print(tables(world(rules, people, requests)))
    return 0


def agrees(name: str, ask: Ask, of: World, part: int | None) -> bool:
    """Compare an engine with the judge on the first ``part`` requests (None: on all) and say on how many."""
    asked = of.requests[:part]
    wrong = sum(ask(who, request) != judge(of, of.people[who], request) for who, request in asked)
    print(f"  {name}: {len(asked):,} of {len(of.requests):,} requests checked, {wrong:,} wrong answers")
    return wrong == 0


def show(timings: list[Timing]) -> None:
    """Print a table; the last column is the ratio to its first line."""
    print(f"\n{'engine':<28}{'calls':>8}{'median us':>12}{'p99 us':>12}{'ratio':>10}")
    for t in timings:
        print(f"{t.name:<28}{t.calls:>8,}{t.p50:>12.2f}{t.p99:>12.1f}{t.ratio:>10.2f}")
    print()


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"\n{time.perf_counter() - began:.0f} s")
    sys.exit(code)
