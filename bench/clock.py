"""Clock: time several engines in interleaved rounds, so that a busy machine hurts all of them alike."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from time import perf_counter_ns

from bench.peers import Ask
from bench.workload import World


@dataclass(frozen=True, slots=True)
class Timing:
    """One engine's times: ``p50`` and ``p99`` of a call in microseconds, its ratio to the first engine."""

    name: str
    calls: int
    p50: float
    p99: float
    ratio: float


def rounds(engines: dict[str, tuple[World, Ask]], calls: dict[str, int], times: int = 5) -> list[Timing]:
    """Time each engine ``times`` times; the first engine is what the others are compared with.

    A round asks every engine through its own number of calls, each round from another part of the
    requests.  The ratio is the median over rounds of the medians' ratios.
    """
    each: dict[str, list[list[int]]] = {name: [] for name in engines}
    for turn in range(times):
        for name, (world, ask) in engines.items():
            each[name].append(_timed(ask, world, turn * calls[name], calls[name]))
    first = [median(took) for took in next(iter(each.values()))]
    return [_summed(name, took, first) for name, took in each.items()]


def _timed(ask: Ask, world: World, start: int, count: int) -> list[int]:
    took = []
    for i in range(start, start + count):
        person, request = world.requests[i % len(world.requests)]
        before = perf_counter_ns()
        ask(person, request)
        took.append(perf_counter_ns() - before)
    return took


def _summed(name: str, took: list[list[int]], first: list[float]) -> Timing:
    every = sorted(t for turn in took for t in turn)
    ratio = median(median(turn) / base for turn, base in zip(took, first, strict=True))
    p99 = every[min(len(every) - 1, len(every) * 99 // 100)]
    return Timing(name, len(every), median(every) / 1000, p99 / 1000, ratio)
