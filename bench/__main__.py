"""The bench on the command line: ``python -m bench [kernel]`` prints a table, and stops at a wrong answer."""

from __future__ import annotations

import argparse
import sys
import time

from bench.clock import Timing, rounds
from bench.ours import troth
from bench.peers import PEERS, Ask
from bench.workload import World, judge, world

SAMPLE = {"troth": 20_000, "cedar": 400, "casbin": 200, "vakt": 500}
CHECKED = {"cedar": 2_000, "casbin": 2_000, "vakt": 5_000, "1,500 rules": 20_000}


def main() -> int:
    """Run the bench; 0 when every engine agreed, 1 when one did not."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["kernel"], default="kernel")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    return kernel(args.people, args.requests, args.rounds)


def kernel(people: int, requests: int, times: int) -> int:
    """Compare the engines on 150 rules, then ours on 1,500 with ours on 150."""
    small = world(150, people, requests)
    print(f"150 rules, {people:,} people, {requests:,} requests, seed fixed")
    engines = {name: (small, make(small)) for name, make in ({"troth": troth} | PEERS).items()}
    if not all([agrees(name, ask, of) for name, (of, ask) in engines.items()]):
        return 1
    show(rounds(engines, SAMPLE, times))
    large = world(1_500, people, requests)
    sizes = {"150 rules": engines["troth"], "1,500 rules": (large, troth(large))}
    if not agrees("1,500 rules", sizes["1,500 rules"][1], large):
        return 1
    show(rounds(sizes, dict.fromkeys(sizes, SAMPLE["troth"]), times))
    return 0


def agrees(name: str, ask: Ask, of: World) -> bool:
    """Compare an engine with the judge on as many requests as its speed allows, and say on how many."""
    asked = of.requests[: CHECKED.get(name, len(of.requests))]
    wrong = sum(ask(who, request) != judge(of, of.people[who], request) for who, request in asked)
    part = "all" if len(asked) == len(of.requests) else "a part"
    print(f"  {name}: {len(asked):,} requests checked ({part}), {wrong:,} wrong answers")
    return wrong == 0


def show(timings: list[Timing]) -> None:
    """Print a table; the last column is the ratio to its first line."""
    print(f"\n{'engine':<14}{'calls':>8}{'median us':>12}{'p99 us':>12}{'ratio':>10}")
    for t in timings:
        print(f"{t.name:<14}{t.calls:>8,}{t.p50:>12.2f}{t.p99:>12.1f}{t.ratio:>10.2f}")
    print()


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"\n{time.perf_counter() - began:.0f} s")
    sys.exit(code)
