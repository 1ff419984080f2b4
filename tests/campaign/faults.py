"""Faults: a store under processes ended at any instant, on full disks and under clocks that jump.

Round after round a process (``victim``) collects, changes, drops, erases, sweeps, rotates, copies and
restores until a fault ends it; then the store is opened as anybody would and held against a plain dictionary.
Acknowledged deeds stand; the one under way stands whole or not at all; nobody erased is back, nobody living
is lost, every effect has its evidence and every receipt its effect.
The dictionary is saved after each round, so a campaign that is itself ended goes on where it was.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from tests.campaign.victim import NOON, REFUSED, ROOT

from troth import store as stores
from troth.store.sealed import SealedStore

REPOSITORY = Path(__file__).parents[2]
VERBS = ["collect"] * 5 + ["change"] * 4 + ["drop", "erase", "erase", "sweep", "rotate", "copy", "restore"]
DEEDS = 24  # planned for a round; few of them are reached
JUMPS = (0, 0, 0, 1, -1, 31, -31, 3650, -3650)  # days by which a process's clock is wrong
ERASED, NOTHING, LOST = "erased", "nothing", "lost "

State = int | str  # the value of a person's record, LOST and it where no data hold it; or NOTHING, or ERASED


@dataclass(slots=True)
class World:
    """What must be true of the store, and how far the campaign has come."""

    address: str
    seed: int
    round: int = 0
    people: dict[str, State] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    leaves: dict[str, int] = field(default_factory=dict)  # the erased → the leaf of their receipt
    copies: dict[str, dict[str, State]] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)  # how processes ended, counted
    reached: dict[str, int] = field(default_factory=dict)  # which deeds were under way then, counted
    wrong: list[str] = field(default_factory=list)


def faults(address: str, folder: Path, *, rounds: int, seed: int, seconds: float = 3600) -> World:
    """Run up to so many rounds on a store, or for so many seconds, and return what was found."""
    world, until = _load(folder, address, seed), time.monotonic() + seconds
    chosen = ("step", "instant", "backend" if stores.on_server(address) else "full")
    while world.round < rounds and time.monotonic() < until and not world.wrong:
        dice = random.Random(f"{seed}/{world.round}")
        deeds = _plan(world, dice)
        acks = folder / f"acks.{world.round}"
        if not acks.exists():  # else a campaign was ended here, and the round only waits to be judged
            how = dice.choice(chosen)
            plan = _written(world, folder, deeds, dice, how)
            world.ended[_ended(plan, acks, dice, how, address)] += 1
        _judge(world, folder, deeds, acks)
        world.round += 1
        _save(world, folder)
        acks.unlink()
    return world


def _plan(world: World, dice: random.Random) -> list[list[Any]]:
    """Return deeds that make sense one after the other, each on what those before it leave."""
    people, copies = dict(world.people), dict(world.copies)
    deeds: list[list[Any]] = []
    for n in range(DEEDS):
        verb = dice.choice(VERBS)
        name, value = f"{world.round}.{n}", dice.randrange(10**6)
        living = [p for p, state in people.items() if isinstance(state, int)]
        if verb == "collect" or (verb in ("change", "drop", "erase") and not living):
            deed: list[Any] = ["collect", name, value]
        elif verb == "change":
            deed = [verb, dice.choice(living), value]
        elif verb in ("drop", "erase"):
            deed = [verb, dice.choice(living)]
        elif verb == "copy":
            deed = [verb, f"copy.{name}"]
        elif verb == "restore" and copies:
            deed = [verb, dice.choice(list(copies))]
        else:
            deed = ["rotate" if verb == "rotate" else "sweep"]
        deeds.append(deed)
        people, copies = _after(people, copies, deed)
    return deeds


def _after(
    people: dict[str, State], copies: dict[str, dict[str, State]], deed: list[Any]
) -> tuple[dict[str, State], dict[str, dict[str, State]]]:
    """Return what is true once a deed is done."""
    match deed:
        case ["collect" | "change", name, value]:
            return people | {name: value}, copies
        case ["drop", name]:
            return people | {name: NOTHING}, copies
        case ["erase", name]:
            return people | {name: ERASED}, copies
        case ["copy", name]:
            return people, copies | {name: dict(people)}
        case ["restore", name]:
            return {p: _restored(state, copies[name].get(p)) for p, state in people.items()}, copies
    return people, copies


def _restored(state: State, copied: State | None) -> State:
    """Return a person's state under today's keys and an older copy of the data.

    What the copy does not hold is lost, until another copy brings it; what the keys dropped is not brought.
    """
    if state in (ERASED, NOTHING):
        return state
    value = int(str(state).removeprefix(LOST))
    return value if copied == value else f"{LOST}{value}"


def _visible(state: State) -> State:
    return NOTHING if str(state).startswith(LOST) else state


def _written(world: World, folder: Path, deeds: list[list[Any]], dice: random.Random, how: str) -> Path:
    plan = folder / "plan.json"
    said = {"address": world.address, "folder": str(folder), "deeds": deeds, "days": dice.choice(JUMPS)}
    size = max((p.stat().st_size for p in folder.glob("s.db*")), default=0)
    full = max(size, 1) + dice.randrange(4096, 200_000) if how == "full" else 0
    step = dice.randrange(1, 120) if how == "step" else 0
    plan.write_text(json.dumps(said | {"room": full, "step": step}))
    return plan


def _ended(plan: Path, acks: Path, dice: random.Random, how: str, address: str) -> str:
    """Let a process live by a plan until a fault ends it, and say how it ended."""
    words = [sys.executable, "-m", "tests.campaign.victim", str(plan), str(acks)]
    paths = os.pathsep.join(map(str, (REPOSITORY / "src", REPOSITORY, REPOSITORY / "tests/support")))
    with subprocess.Popen(words, cwd=REPOSITORY, env=os.environ | {"PYTHONPATH": paths}) as victim:
        if how in ("instant", "backend"):
            _until(lambda: (acks.exists() and acks.stat().st_size > 0) or victim.poll() is not None)
            time.sleep(dice.uniform(0, 0.4))
            _cut_off(address) if how == "backend" else victim.send_signal(signal.SIGKILL)
        code = victim.wait(120)
    told = {-signal.SIGKILL: "killed", 0: "finished", REFUSED: "refused"}
    if code not in told:
        raise RuntimeError(f"the victim broke with {code}; {plan} is its plan")
    acks.touch()
    return f"{how}: {told[code]}"


def _cut_off(address: str) -> None:
    """End a process of the server itself that works for the victim; the server then recovers from its log."""
    with psycopg.connect(address, autocommit=True) as login:
        found = login.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid != pg_backend_pid()"
        ).fetchall()
    for (pid,) in found[:1]:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.005)


# -- judging -----------------------------------------------------------------------------------------------


def _judge(world: World, folder: Path, deeds: list[list[Any]], acks: Path) -> None:
    """Fold in what was acknowledged, find out about what was under way, and hold the store against it."""
    done = [json.loads(line) for line in acks.read_text().splitlines() if line.endswith("}")]
    finished = [said for said in done if "done" in said]
    for said in finished:
        deed = deeds[said["done"]]
        world.people, world.copies = _after(world.people, world.copies, deed)
        if deed[0] == "collect":
            world.pids[deed[1]] = said["told"]
        if deed[0] == "erase":
            world.leaves[deed[1]] = said["told"]
    under_way = deeds[len(finished)] if len(finished) < len(deeds) else ["nothing"]
    world.reached[under_way[0]] += 1
    store = _opened(world)
    try:
        _resolve(world, store, under_way)
        world.wrong += [f"round {world.round}, {under_way}: {why}" for why in _wrong(world, store)]
    finally:
        store.close()


def _opened(world: World) -> SealedStore:
    for tries in range(50):
        try:
            store = stores.open(world.address, root_key=ROOT, now=lambda: NOON, company="club")
            assert isinstance(store, SealedStore)
            return store
        except stores.StoreError as error:  # a server that recovers takes a moment
            if tries == 49 or ("connection" not in str(error) and "recovery" not in str(error)):
                raise
            time.sleep(0.2)
    raise AssertionError("unreachable")


def _resolve(world: World, store: SealedStore, deed: list[Any]) -> None:
    """Take the deed that was under way for done where the store shows it done, and only as a whole."""
    if deed[0] in ("nothing", "sweep", "rotate", "copy"):
        return
    people, _ = _after(world.people, world.copies, deed)
    changed = [p for p in people if people[p] != world.people.get(p, "nobody")]
    seen = {p: _seen(world, store, p) for p in changed}
    if deed[0] == "collect" and seen[deed[1]] != "nobody":
        world.pids[deed[1]] = store.find(namespace="email", value=deed[1]) or 0
    if changed and all(seen[p] == _visible(people[p]) for p in changed):
        world.people = people


def _seen(world: World, store: SealedStore, name: str) -> State:
    """Return what the store holds of somebody, as whoever asks it finds out."""
    pid = store.find(namespace="email", value=name)
    known = world.pids.get(name)
    if pid is None and known is None:
        return "nobody"
    held = [r.body for r in store.records(person=known or pid or 0)]
    if pid is None:
        return ERASED if all(body is None for body in held) else f"erased, but {held} can be read"
    match held:
        case []:
            return NOTHING
        case [{"n": int(value)}]:
            return value
    return f"holds {held}"


def _wrong(world: World, store: SealedStore) -> list[str]:
    """Return everything in which the store is not as it must be."""
    wrong = list(store.verify())
    for name, state in world.people.items():
        if (seen := _seen(world, store, name)) != _visible(state):
            wrong.append(f"{name} should be {state}, is {seen}")
    told = list(store.leaves())
    kinds = Counter(leaf.kind for leaf in told)
    for kind, count in (
        ("collected", len(world.people)),
        ("erased", sum(s == ERASED for s in world.people.values())),
    ):
        if kinds[kind] != count:
            wrong.append(f"{kinds[kind]} entries say '{kind}', {count} were")
    absent = {leaf.detail["erasure"] for leaf in told if leaf.kind == "absent"}
    rows = {pid for (pid,) in store.data.rows("SELECT DISTINCT pid FROM rows")}
    wrong += [
        f"{n} is absent by its receipt only"
        for n, leaf in world.leaves.items()
        if leaf in absent and world.pids[n] in rows
    ]
    if [leaf.at for leaf in told] != sorted(leaf.at for leaf in told):
        wrong.append("the entries are not in order of time")
    return wrong


# -- going on ----------------------------------------------------------------------------------------------


def _load(folder: Path, address: str, seed: int) -> World:
    file = folder / "world.json"
    world = World(**json.loads(file.read_text())) if file.exists() else World(address, seed)
    if world.seed != seed:
        raise ValueError(f"{folder} holds a campaign of seed {world.seed}")
    world.address = address
    world.ended, world.reached = Counter(world.ended), Counter(world.reached)
    return world


def _save(world: World, folder: Path) -> None:
    draft = folder / "world.part"
    draft.write_text(json.dumps({name: getattr(world, name) for name in World.__slots__}))
    draft.replace(folder / "world.json")
