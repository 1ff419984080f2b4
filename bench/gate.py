"""Gate: what the verbs cost for one person of whom much is held, under the first company's document.

CPU time of the process, so that a busy machine and the disk's own waiting stay out of it; the wall time, with
the disk, stands beside it.  Everything runs on a real store in a folder of its own.
"""

from __future__ import annotations

import tempfile
import time
import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from troth.terms import Action, Request

if TYPE_CHECKING:
    from troth.gate import Gate

COMPANY = Path(__file__).parents[1] / "companies" / "smoc"
START = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Europe/Oslo"))
CONSENTS = ("location", "gender", "frequency", "pace", "bring(lysverk)", "letter", "analytics")
ASKED = (
    Request(Action.USE, "taste", "learn"),
    Request(Action.USE, "location", "suit"),
    Request(Action.KEEP, "contact", "account"),
    Request(Action.COLLECT, "visit", "serve", source="device"),
)


def gate(people: int = 3, rounds: int = 40) -> int:
    """Print what each verb costs with some fifty records of a person; 0, as nothing is compared."""
    with tempfile.TemporaryDirectory() as place:
        clock = [START]
        door, close = _opened(Path(place) / "s.db", clock)
        crowd = [_filled(door, n) for n in range(people)]
        held = len(door.access(person=crowd[0]).held)
        print(f"{people} people, {held} records told of each; median of {rounds} calls, in ms")
        print(f"\n{'verb':<34}{'cpu':>9}{'wall':>9}")
        for name, deed in _deeds(door, crowd).items():
            cpu, wall = _timed(deed, rounds, clock)
            print(f"{name:<34}{cpu:>9.3f}{wall:>9.3f}")
        close()
    return 0


def _opened(path: Path, clock: list[datetime]) -> tuple[Gate, Callable[[], None]]:
    from troth.gate import Gate  # deferred, so that the peers can be timed without our rooms
    from troth.kernel import compile
    from troth.laws import packs
    from troth.policy import parse
    from troth.store import open as open_store

    policy = parse((COMPANY / "policy.md").read_text(encoding="utf-8"), "policy.md", packs=packs())
    classes = tomllib.loads((COMPANY / "parties.toml").read_text(encoding="utf-8"))
    parties = {k: {m["name"]: m for m in members} for k, members in classes.items()}
    store = open_store(path, root_key=bytes(32), now=lambda: clock[0])
    kernel = compile(policy, parties)
    kernel.fill()
    door = Gate(policy=policy, kernel=kernel, store=store, clock=lambda: clock[0], parties=parties)
    return door, store.close


def _filled(door: Gate, n: int) -> int:
    """Let one person come, agree and leave what people leave over a while."""
    who = door.new_person()
    door.declare_age(person=who, years=34)
    door.identify(person=who, kind="email", value=f"p{n}@example.no", verified=True)
    for name in CONSENTS:
        door.consent(person=who, name=name, given=True)
    _leave(door, who, "contact", "account", "person", email=f"p{n}@example.no")
    _leave(door, who, "location", "suit", "person", postcode="0264")
    _leave(door, who, "gender", "suit", "person", value="woman")
    for turn in range(12):
        _leave(door, who, "visit", "serve", "device", page=f"/f{turn}")
        _leave(door, who, "taste", "learn", "person", drink="tea")
        _leave(door, who, "chat", "help", "person", text="hello")
        _leave(door, who, "reward", "credit", "device", entitlement="coffee", amount=1)
    return who


def _leave(door: Gate, who: int, data: str, purpose: str, source: str, **body: object) -> None:
    door.collect(person=who, data=data, body=body, purpose=purpose, source=source)


def _deeds(door: Gate, crowd: list[int]) -> dict[str, Callable[[int], object]]:
    """Return what is timed; the deeds that write come last, for they add to what is held."""

    def who(n: int) -> int:
        return crowd[n % len(crowd)]

    def taste(n: int) -> None:
        _leave(door, who(n), "taste", "learn", "person", drink="tea")

    def visit_then_may(n: int) -> None:
        _leave(door, who(n), "visit", "serve", "device", page="/f")
        door.may(person=who(n), request=ASKED[0])

    return {
        "may, the same person again": lambda n: door.may(person=who(n), request=ASKED[n % len(ASKED)]),
        "read taste": lambda n: door.read(person=who(n), data="taste", purpose="learn"),
        "access": lambda n: door.access(person=who(n)),
        "export": lambda n: door.export(person=who(n)),
        "consent given": lambda n: door.consent(person=who(n), name="gender", given=True),
        "consent taken back": lambda n: door.consent(person=who(n), name="pace", given=False),
        "collect a visit": lambda n: _leave(door, who(n), "visit", "serve", "device", page="/f"),
        "collect a taste": taste,
        "collect a visit, then may": visit_then_may,
    }


def _timed(deed: Callable[[int], object], rounds: int, clock: list[datetime]) -> tuple[float, float]:
    """Return the median CPU and wall milliseconds of a deed; a second passes between two of them."""
    cpu, wall = [], []
    for n in range(rounds):
        clock[0] += timedelta(seconds=1)
        busy, real = time.process_time_ns(), time.perf_counter_ns()
        deed(n)
        cpu.append((time.process_time_ns() - busy) / 1e6)
        wall.append((time.perf_counter_ns() - real) / 1e6)
    return median(cpu), median(wall)
