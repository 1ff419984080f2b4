"""Campaigns: long runs that hold a promise over years, crowds and faults; ``./run campaign NAME``."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from postgresql import cluster
from tests.campaign.decade import decade
from tests.campaign.faults import World, faults
from tests.campaign.guided import hunt
from tests.campaign.hostile import attacked
from tests.campaign.readers import COMPANIES, READERS
from tests.campaign.residue import SEEDED, residue
from tests.campaign.soak import drawn, soak


def main() -> int:
    """Run what is asked for; 0 when nothing was wrong."""
    asked = argparse.ArgumentParser(prog="./run campaign")
    asked.add_argument("name", choices=["calendar", "faults", "fuzz", "residue", "soak"])
    asked.add_argument("--people", type=int, default=10_000, help="calendar: how many live ten years")
    asked.add_argument("--rounds", type=int, default=1_000, help="faults: how many processes are ended")
    asked.add_argument("--seconds", type=float, default=3_600, help="faults, residue: stop after so long")
    asked.add_argument("--server", action="store_true", help="faults: on PostgreSQL rather than in files")
    asked.add_argument("--canaries", type=int, default=10_000, help="residue: how many are planted")
    asked.add_argument("--minutes", type=float, default=20, help="fuzz, soak: how long")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--place", default=None, help="the folder of the store; faults and residue go on where they were"
    )
    said = asked.parse_args()
    return {"faults": _faults, "fuzz": _fuzz, "residue": _residue, "soak": _soak}.get(said.name, _calendar)(
        said
    )


def _faults(said: argparse.Namespace) -> int:
    with ExitStack() as stack:
        folder = Path(said.place or stack.enter_context(tempfile.TemporaryDirectory(prefix="troth-faults-")))
        folder.mkdir(parents=True, exist_ok=True)
        address = str(folder / "s.db")
        if said.server:
            where = folder.resolve() / "server" if said.place else None
            running = stack.enter_context(cluster(durable=True, keep=where))
            address = running.standing("campaign")
        world = faults(address, folder, rounds=said.rounds, seed=said.seed, seconds=said.seconds)
    print(_told(world))
    return int(bool(world.wrong))


def _told(world: World) -> str:
    lines = [f"{world.round} rounds, {len(world.people)} people: {len(world.wrong)} wrong", *world.wrong]
    lines += [f"  process {how}: {n}" for how, n in sorted(world.ended.items())]
    lines += [f"  under way at the end: {deed}: {n}" for deed, n in sorted(world.reached.items())]
    return "\n".join(lines)


def _residue(said: argparse.Namespace) -> int:
    with ExitStack() as stack:
        made = stack.enter_context(tempfile.TemporaryDirectory(prefix="troth-residue-"))
        world = residue(
            Path(said.place or made), canaries=said.canaries, seed=said.seed, seconds=said.seconds
        )
    lines = [
        f"{len(world.canaries)} canaries of {sum(world.lived.values())} people: {len(world.wrong)} wrong"
    ]
    lines += [*world.wrong, *(f"  {how}: {n}" for how, n in world.erasures.items())]
    lines += [f"  {door}: {world.canaries.count(door)} planted, {n} held" for door, n in world.held.items()]
    lines += [] if len(world.ended) == len(SEEDED) else ["  not finished; the same --place goes on"]
    print("\n".join(lines))
    return int(bool(world.wrong))


def _fuzz(said: argparse.Namespace) -> int:
    """Attack every company's API and every reader in turns, each with a share of the time."""
    wrong: list[str] = []
    share = said.minutes * 60 / (len(SEEDED) + len(READERS))
    for reader in READERS:
        found = hunt(reader, random.Random(said.seed), rounds=10**9, seconds=share)
        print(
            f"{reader.name}: {found.tried} texts, {found.reached} lines, {len(found.wrong)} wrong", flush=True
        )
        wrong += [f"{reader.name}: {why}: {text!r}" for why, text in found.wrong.items()]
    for company in SEEDED:
        with tempfile.TemporaryDirectory(prefix="troth-fuzz-") as place:
            attacker, told = attacked(company, Path(place), said.seed, share)
        print(f"{company}: {attacker.calls} calls, {len(told)} wrong", flush=True)
        wrong += [f"{company}: {why}" for why in told]
    print("\n".join(wrong))
    return int(bool(wrong))


def _soak(said: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="troth-soak-") as made:
        told = soak(COMPANIES / "smoc", Path(said.place or made), minutes=said.minutes, seed=said.seed)
    drawing = Path(said.place or ".") / "soak.svg"
    drawing.write_text(drawn(told), "utf-8")
    end, memory, handles, sent = told.seen[-1]
    print(f"{sent} requests in {end / 60:.0f} minutes, {told.broken} broken; drawn in {drawing}")
    print(f"memory {memory / 2**20:.0f} MiB, {told.slope(1) / 2**20:+.1f} an hour")
    print(f"handles {handles}, {told.slope(2):+.1f} an hour")
    return int(bool(told.broken))


def _calendar(said: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory(prefix="troth-campaign-", dir=said.place) as place:
        told = decade(said.people, Path(place), seed=said.seed)
    print(
        f"{told.people} people, {told.acts} acts, {told.records} records, {told.nights} nights, "
        f"{told.looks} looks in {told.seconds:.0f} s: {len(told.wrong)} wrong"
    )
    print("\n".join(told.wrong))
    return int(bool(told.wrong))


if __name__ == "__main__":
    sys.exit(main())
