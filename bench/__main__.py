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
CHECKED = {"cedar": 2_000, "casbin": 2_000, "vakt": 5_000}


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
    engines: dict[str, Ask] = {"troth": troth(small)} | {name: make(small) for name, make in PEERS.items()}
    if not all([agrees(name, ask, small) for name, ask in engines.items()]):
        return 1
    print(f"\n{'engine':<12}{'calls':>8}{'median us':>12}{'p99 us':>12}{'x ours':>10}")
    for timing in rounds(engines, SAMPLE, small, times):
        show(timing)
    large = world(1_500, people, requests)
    sizes = {"150 rules": (small, engines["troth"]), "1,500 rules": (large, troth(large))}
    return 0 if all([grows(name, ask, of) for name, (of, ask) in sizes.items()]) else 1


def agrees(name: str, ask: Ask, of: World) -> bool:
    """Compare an engine with the judge on as many requests as its speed allows, and say on how many."""
    asked = of.requests[: CHECKED.get(name, len(of.requests))]
    wrong = sum(ask(who, request) != judge(of, of.people[who], request) for who, request in asked)
    part = "all" if len(asked) == len(of.requests) else "a part"
    print(f"  {name}: {len(asked):,} requests checked ({part}), {wrong:,} wrong answers")
    return wrong == 0


def grows(name: str, ask: Ask, of: World) -> bool:
    """Show what ours costs on a world of another size."""
    print()
    if not agrees(f"troth, {name}", ask, of):
        return False
    show(rounds({name: ask}, {name: SAMPLE["troth"]}, of)[0])
    return True


def show(timing: Timing) -> None:
    print(f"{timing.name:<12}{timing.calls:>8,}{timing.p50:>12.2f}{timing.p99:>12.1f}{timing.ratio:>10.1f}")


if __name__ == "__main__":
    began = time.perf_counter()
    code = main()
    print(f"\n{time.perf_counter() - began:.0f} s")
    sys.exit(code)
