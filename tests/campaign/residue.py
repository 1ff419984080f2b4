"""Residue: thousands of canaries go in through every door, and are looked for wherever a byte was written.

While people live, nothing of them stands readable in any file: data, keys, write-ahead logs, copies, logs,
temporary files.  After everybody was erased, and what a law keeps has come to its end, nothing stands there
either, and nothing is left that even the keys of the house could open: neither in their own records nor in
anybody else's.  One person a step; the steps done are saved, so that a campaign goes on where it was ended.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from deployment import COMPANIES, Deployment
from tests.campaign.canary import Mint
from tests.campaign.planting import DOORS, JOB, STAFF, Life, askers, live, named
from tests.campaign.thief import stolen

from troth.policy.model import Event, Fact

BEGAN = datetime(2025, 3, 1, 9, tzinfo=UTC)
YEARS = 14  # after which nothing is kept by any law of the five documents
SEEDED = tuple(sorted(p.name for p in COMPANIES.iterdir() if (p / "policy.md").exists()))


@dataclass(slots=True)
class World:
    """How far the campaign has come, and what it found."""

    seed: int
    canaries: list[str] = field(default_factory=list)  # the door of each
    lived: dict[str, int] = field(default_factory=dict)  # company → people who came
    mails: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)  # door → canaries that could be read with the keys
    answers: dict[str, int] = field(default_factory=dict)  # the API's and pages' answers, by status
    erasures: dict[str, int] = field(default_factory=dict)  # what was answered to who asked to be erased
    ended: list[str] = field(default_factory=list)  # companies where everybody was erased
    wrong: list[str] = field(default_factory=list)


def residue(
    place: Path, *, canaries: int, seed: int, seconds: float = 3600, companies: tuple[str, ...] = SEEDED
) -> World:
    """Plant at least so many canaries, look, end everything, look again; return what was found.

    Stops after so many seconds; called again with the same place it goes on.
    """
    world, until = _load(place, seed), time.monotonic() + seconds
    share = -(-canaries // len(companies))
    for company in companies:
        if company in world.ended or time.monotonic() > until:
            continue
        with _logged(place / company), _served(place / company, company) as house:
            _plant(world, house, share, place, until)
            if time.monotonic() > until:
                break
            _copied(world, house)
            _judge_living(world, house)
            _end(world, house)
            _judge_gone(world, house)
            _restored(world, house)
        _look(world, place / company, house.home, "closed")
        world.ended.append(company)
        _save(world, place)
    return world


# -- while they live ---------------------------------------------------------------------------------------


def _plant(world: World, house: Deployment, share: int, place: Path, until: float) -> None:
    name = house.company_name
    mint = Mint(world.canaries)
    while _planted(world, name) < share and time.monotonic() < until:
        n = world.lived.get(name, 0)
        life = live(house, mint, random.Random(f"{world.seed}/{name}/{n}"), _doors(n))
        world.mails.setdefault(name, []).append(life.mail)
        _note(world, life)
        world.lived[name] = n + 1
        house.later(minutes=7)
        _save(world, place)


def _doors(n: int) -> tuple[str, ...]:
    """Return the doors of somebody: every third is who calls operations at random, which may end anything."""
    wild = ("coming", "operations")
    return wild if n % 3 == 2 else tuple(door for door in DOORS if door != "operations")


def _planted(world: World, name: str) -> int:
    return sum(door.startswith(f"{name}: ") for door in world.canaries)


def _note(world: World, life: Life) -> None:
    """Count what was answered; an answer that says the system broke is wrong by itself."""
    for status in (str(status) for told in life.told.values() for status in told):
        world.answers[status] = world.answers.get(status, 0) + 1
    world.wrong += life.broken


def _judge_living(world: World, house: Deployment) -> None:
    """Nothing stands in clear; and it is there: the keys of the house open what came through the doors."""
    _look(world, house.folder, house.home, "living")
    counted = Counter(world.canaries[n] for n in readable(house, Mint(world.canaries)))
    world.held |= counted


def _look(world: World, folder: Path, home: Path, when: str) -> None:
    world.wrong += [f"{folder.name}, {when}: {told}" for told in stolen(folder, but=home)]


def readable(house: Deployment, mint: Mint) -> dict[int, str]:
    """Return the canaries that disk and keys together open, with the category that holds each."""
    store = house.company.gate._house.store
    found: dict[int, str] = {}
    for (pid,) in store.data.rows("SELECT DISTINCT pid FROM rows"):
        for record in store.records(person=pid):
            body = record.body
            text = body.decode("latin-1") if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False)
            found |= dict.fromkeys(mint.of(text), record.data)
    return found


# -- and when they are gone --------------------------------------------------------------------------------


def _end(world: World, house: Deployment) -> None:
    """Let the house finish what is open, everybody who can come in be erased, and every period run out."""
    house.later(days=1)
    _finish(house)
    for mail in world.mails.get(house.company_name, []):
        answered = _erased(house, mail)
        world.erasures[answered] = world.erasures.get(answered, 0) + 1
    _finish(house)
    for _ in range(YEARS):
        house.later(days=366)
        house.sweep()
    house.company.gate.sweep()


def _erased(house: Deployment, mail: str) -> str:
    """Come in by a code and ask for erasure; say what was answered, "unknown" to whom no code was sent."""
    life = Life(house, Mint(), random.Random(0), mail)
    life.post("", "/session", {"email": mail})
    codes = [c for m in house.mails(mail) for c in re.findall(r"\b\d{6}\b", m.text)]
    if not codes:
        return "unknown"
    come = life.post("", "/session/code", {"email": mail, "code": codes[-1]})
    if come.status_code != 200:
        return f"no way in: {come.status_code}"
    answer = life.post(come.json()["token"], "/people/me/erasure", {"sure": True})
    return f"{answer.status_code} {answer.json().get('detail', '')}".strip()


def _finish(house: Deployment) -> None:
    """Let no hold and no event that never comes keep anything: staff end what they can about everybody."""
    life = Life(house, Mint(), random.Random(0), "")
    gate, store, policy = house.company.gate, house.company.gate._house.store, house.company.policy
    for asked in life.call(STAFF, "GET", "/requests").json().get("requests", []):
        path = f"/people/{asked['tag']}/requests/{asked['number']}/answer"
        life.post(STAFF, path, {"outcome": "answered", "text": "done"})
    for person in list(store.persons()):
        tag = gate.tag(person=person)
        for fact in (f for f in policy.of(Fact) if f.of == "person"):
            for name in named(life, fact):
                member = name.partition("(")[2].rstrip(")")
                life.post(
                    STAFF, f"/people/{tag}/facts", {"name": fact.name, "holds": False, "member": member}
                )
        for event in policy.of(Event):
            life.post(JOB, f"/people/{tag}/events", {"name": event.name})


def _judge_gone(world: World, house: Deployment) -> None:
    mint = Mint(world.canaries)
    for n, data in readable(house, mint).items():
        world.wrong.append(f"{house.company_name}, gone: {data} still tells what came by {mint.doors[n]}")
    _look(world, house.folder, house.home, "gone")
    world.wrong += [f"{house.company_name}, gone: {why}" for why in house.company.gate.verify()]


def _copied(world: World, house: Deployment) -> None:
    """Make a copy as ``troth backup`` does; on a server the address says where people lie."""
    code, _, told = house.cli("backup", str(house.home), str(_copy(house)), "--store", house.address)
    world.wrong += [f"{house.company_name}: no copy was made: {told}"] if code else []


def _restored(world: World, house: Deployment) -> None:
    """Bring back the data from when everybody lived, and find that today's keys open nothing of it."""
    now = house.now
    house.close()
    words = ("restore", str(house.home), str(_copy(house)), "--store", house.address)
    code, _, told = house.cli(*words)
    world.wrong += [f"{house.company_name}: the copy does not come back: {told}"] if code else []
    house.now = now
    house.open()
    _judge_gone(world, house)


def _copy(house: Deployment) -> Path:
    return house.folder / "copies" / "living"


# -- the place ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _served(folder: Path, company: str) -> Iterator[Deployment]:
    """Serve a company whose whole writing lies under a folder; temporary files too."""
    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    before, tempfile.tempdir = tempfile.tempdir, str(scratch)
    os.environ["SQLITE_TMPDIR"] = str(scratch)
    shutil.rmtree(folder / company, ignore_errors=True)
    house = Deployment(folder, company, askers(company), BEGAN, root_key=None)
    try:
        yield house
    finally:
        house.close()
        tempfile.tempdir = before


@contextlib.contextmanager
def _logged(folder: Path) -> Iterator[None]:
    """Write what any library logs into a file of the place."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(folder / "all.log")
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    handler.addFilter(lambda said: not said.name.startswith("httpx"))  # what our own browser says of itself
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()


def _load(place: Path, seed: int) -> World:
    place.mkdir(parents=True, exist_ok=True)
    file = place / "world.json"
    world = World(**json.loads(file.read_text("utf-8"))) if file.exists() else World(seed)
    if world.seed != seed:
        raise ValueError(f"{place} holds a campaign of seed {world.seed}")
    return world


def _save(world: World, place: Path) -> None:
    (place / "world.new").write_text(json.dumps(asdict(world)), "utf-8")
    (place / "world.new").rename(place / "world.json")
