"""Demo: every company with made-up people and a history, lived through on a clock that is handed in.

A company's ``demo.toml`` says who did what and how many days ago; each act goes through the gate like any
other, at its own moment, so that every date, receipt and line of evidence is a true one.  Nothing is put into
a store beside the gate.
"""

from __future__ import annotations

import hashlib
import random
import secrets
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from troth.carriers import Carrier, Mail
from troth.policy import DocumentBroken
from troth.policy.model import Consent, Fact, Role
from troth.runtime.company import Company, Key
from troth.runtime.demo_rooms import Rooming, pretended
from troth.runtime.open import open
from troth.runtime.settings import Settings
from troth.services import instances
from troth.terms import TrothError

VERBS = frozenset(
    {
        *("collect", "identify", "consent", "declare_age", "accept_notice", "event", "raise_fact"),
        *("lower_fact", "disclose", "receive", "object", "restrict", "ask", "answer", "correct"),
        *("close_account", "erase", "count", "derive", "question"),
    }
)
SEED = 7  # the crowd is the same each time
SAY: Callable[[str], None] = partial(print, flush=True)  # at once, also where lines wait for one another


class BadStory(TrothError):
    """An act of a demo that cannot be done."""

    def __init__(self, path: Path, number: int, reason: str) -> None:
        super().__init__(f"{path}: act {number}: {reason}; mend it there")


@dataclass(slots=True)
class Turning:
    """A clock that stands where it is set, and runs with the machine's once it is let go."""

    at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """One company of the demo: what to open, who is in it, with which codes staff come in."""

    company: Company
    paths: tuple[str, ...]
    people: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """One act of a story: by whom, when, which verb of the gate with what."""

    who: str
    at: datetime
    verb: str
    said: Mapping[str, Any]
    number: int


def demo(
    companies: str | Path,
    store: str,
    *,
    settings: Settings,
    make: Callable[[Sequence[Company]], Any],
    tell: Callable[[str], None] = SAY,
) -> list[Shown]:
    """Open every company in a folder and let its demo's people live; a company that cannot open is told.

    A store that holds people already is opened as it is.
    """
    shown = []
    for path in sorted(p.parent for p in Path(companies).glob("*/policy.md")):
        clock = Turning()
        try:
            company = open(
                path, store=store, clock=clock, settings=settings, make=make, carrier=_speak(tell, settings)
            )
        except DocumentBroken as broken:
            tell(f"{path.name} is not served:\n{broken}")
            continue
        people = _live(company, path / "demo.toml", clock)
        codes = {role.name: secrets.token_hex(4) for role in company.policy.of(Role)}
        keys = tuple(
            Key(role, "staff", digest(code), (role,), about=_bound(company)) for role, code in codes.items()
        )
        company.gate.employ(staff={key.name: key.about for key in keys})
        site = {**company.site, "staff": {}}  # the demo's staff are made up, and hold no device
        company = replace(company, outside=pretended(company), staff=(*company.staff, *keys), site=site)
        shown.append(Shown(company, _paths(company), people, codes, _left_out(company)))
    return shown


def _bound(company: Company) -> dict[str, object]:
    """Return what the demo's staff have signed, from today on: whatever the document reads off an entry."""
    today = company.clock().date().isoformat()
    read = (f.name for f in company.policy.of(Fact) if f.of == "staff" and not f.raised_by)
    return {**dict.fromkeys(read, today), "reviewed": today}


def digest(secret: str) -> str:
    """Return the digest under which ``staff.toml`` keeps a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def stories(path: Path, now: datetime) -> Iterator[Deed]:
    """Yield the acts of a ``demo.toml``, oldest first."""
    told = tomllib.loads(path.read_text("utf-8"))
    draw, deeds = random.Random(SEED), []
    for person in told.get("person", []):
        deeds += [
            _deed(str(person["name"]), act, now, 0, n) for n, act in enumerate(person.get("acts", []), 1)
        ]
    for crowd in told.get("crowd", []):
        for one in range(1, int(crowd["count"]) + 1):
            back = draw.uniform(0, float(crowd.get("over", 0)))
            who = f"{crowd.get('name', 'somebody')}-{one}"
            acts = [
                _drawn(act, one, draw)
                for act in crowd.get("acts", [])
                if draw.random() < act.get("chance", 1)
            ]
            deeds += [_deed(who, act, now, back, n) for n, act in enumerate(acts, 1)]
    yield from sorted(deeds, key=lambda deed: (deed.at, deed.number))


def _deed(who: str, act: Mapping[str, Any], now: datetime, back: float, number: int) -> Deed:
    said = {k: v for k, v in act.items() if k not in ("ago", "do", "chance")}
    at = now - timedelta(days=float(act.get("ago", 0)) + back) + timedelta(seconds=number)
    return Deed(who, min(at, now), str(act["do"]), said, number)


def _drawn(act: Mapping[str, Any], one: int, draw: random.Random) -> dict[str, Any]:
    """Return an act with each list drawn from and each ``{n}`` numbered; ``data`` stays the list it is."""

    def value(key: str, said: Any) -> Any:
        if isinstance(said, dict):
            return {k: value(k, v) for k, v in said.items()}
        if isinstance(said, list) and key != "data":
            return draw.choice(said)
        return said.replace("{n}", str(one)) if isinstance(said, str) else said

    return {key: value(key, said) for key, said in act.items()}


def _live(company: Company, path: Path, clock: Turning) -> dict[str, str]:
    """Let the people of a story live, unless somebody does already; return whom one can sign in as."""
    if not path.is_file() or company.gate.overview().people:
        return {}
    gate, now = company.gate, clock()
    numbers: dict[str, int] = {}
    people: dict[str, str] = {}
    questions = {c.name: c.question for c in company.policy.of(Consent)}
    rooming = Rooming(company).verbs
    try:
        for deed in stories(path, now):
            clock.at = deed.at
            if deed.verb not in VERBS and deed.verb not in rooming:
                raise BadStory(path, deed.number, f"'{deed.verb}' is no verb of a story")
            if deed.who not in numbers:
                numbers[deed.who] = gate.new_person()
            said = dict(deed.said)
            if deed.verb == "consent":
                said.setdefault("text", questions.get(str(said.get("name")), ""))
            if deed.verb in ("identify", "open_room", "come_in") and "-" not in deed.who:
                people[deed.who] = f"sign in as {said.get('value', said.get('email'))}"
            whom = {} if deed.verb == "count" else {"person": numbers[deed.who]}
            try:
                (rooming.get(deed.verb) or getattr(gate, deed.verb))(**whom, **said)
            except (TypeError, TrothError) as error:
                raise BadStory(path, deed.number, f"{deed.who}: {deed.verb}: {error}") from None
        clock.at = now
        gate.sweep()
        people = {who: told for who, told in people.items() if gate.exists(person=numbers[who])}
    finally:
        clock.at = None
    return people


def _paths(company: Company) -> tuple[str, ...]:
    today = company.clock().date()
    open_ = (f for f in company.flows.values() if not f.draft and not f.over(today))
    served = [f.name for f in open_ if not company.problems.get(f.name)]
    room = ["room/join"] if instances.known(company.policy) else []
    pages = ["", *(f"f/{name}" for name in served), *room, "privacy", "me", "console/"]
    return tuple(f"/{company.name}/{page}" for page in pages)


def _left_out(company: Company) -> tuple[str, ...]:
    return tuple(f"flow {name}: {problems[0]}" for name, problems in company.problems.items() if problems)


def _speak(tell: Callable[[str], None], settings: Settings) -> Carrier | None:
    """Return a carrier that says each message aloud; None when there is a mail server."""
    if settings.smtp_host:
        return None

    def aloud(mail: Mail) -> None:
        tell(f"mail to {mail.to}: {mail.subject}\n  " + mail.text.replace("\n", "\n  "))

    return aloud
