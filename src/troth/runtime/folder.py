"""Folder: a company's folder read into values, and every fault of it told at once.

Reading is all that happens here: what the texts mean is for the rooms below.  A file that is not there is an
empty one, except ``policy.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from troth.document import Document, WrongEncoding, read
from troth.policy.problems import DocumentBroken, Fault
from troth.policy.seal import Lock, read_lock
from troth.runtime.agents import Read, read_agents
from troth.runtime.company import Key, Parties
from troth.services import Flow, Message, Offers, read_flow, read_message, read_offers
from troth.services.networks import UNKNOWN, Networks, read_networks
from troth.services.orders import Orders, read_orders
from troth.services.sitepages import SitePage, read_page
from troth.terms import Place, Problem, TrothError

KEY_WORDS = frozenset({"name", "kind", "digest", "role", "roles", "member", "purposes", "second"})
TABLES = ("site", "parties", "rewards", "staff", "offers", "orders")
BIGGEST = 4_000_000  # bytes of one text; a document is for people


class NoFolder(TrothError):
    """There is no company in this folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: no policy.md there; 'troth init {path}' makes a company")


@dataclass(frozen=True, slots=True)
class Folder:
    """What stands in a company's folder.  ``problems`` are those of single files, flows excepted."""

    path: Path
    name: str
    text: str
    document: Document
    translations: Mapping[str, Document] = field(default_factory=dict)
    site: Mapping[str, Any] = field(default_factory=dict)
    parties: Parties = field(default_factory=dict)
    rewards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    offers: Offers = field(default_factory=Offers)
    orders: Orders = field(default_factory=Orders)
    messages: Mapping[str, tuple[Message, tuple[Problem, ...]]] = field(default_factory=dict)
    staff: tuple[Key, ...] = ()
    flows: Mapping[str, tuple[Flow, tuple[Problem, ...]]] = field(default_factory=dict)
    agents: Read = field(default_factory=dict)
    downloads: Mapping[str, bytes] = field(default_factory=dict)
    pages: Mapping[str, tuple[SitePage, tuple[Problem, ...]]] = field(default_factory=dict)
    examples: str = ""
    lock: Lock | None = None
    networks: Networks = UNKNOWN
    problems: tuple[Problem, ...] = ()


def read_folder(path: str | Path) -> Folder:
    """Read a company's folder; raise ``NoFolder`` or, when its policy is no text, ``DocumentBroken``."""
    root = Path(path)
    if not (root / "policy.md").is_file():
        raise NoFolder(root)
    problems: list[Problem] = []
    text = _text(root / "policy.md", problems)
    if problems:
        raise DocumentBroken(problems)
    tables = {name: _table(root / name, problems) for name in TABLES}
    offers, wrong = read_offers(tables["offers"], str(root / "offers.toml"))
    problems += wrong
    orders, wrong = read_orders(tables["orders"], str(root / "orders.toml"))
    problems += wrong
    translations = {
        file.name.split(".")[1]: read(_text(file, problems), str(file))
        for file in sorted(root.glob("policy.*.md"))
    }
    return Folder(
        path=root,
        name=root.resolve().name,
        text=text,
        document=read(text, str(root / "policy.md")),
        translations=translations,
        site=tables["site"],
        parties={kind: _named(rows) for kind, rows in tables["parties"].items() if isinstance(rows, list)},
        rewards=_rewards(tables["rewards"]),
        offers=offers,
        orders=orders,
        messages={
            file.stem: read_message(_text(file, problems), str(file))
            for file in sorted(root.glob("messages/*.md"))
        },
        staff=tuple(_keys(root / "staff.toml", tables["staff"], problems)),
        flows={
            file.stem: read_flow(_text(file, problems), str(file)) for file in sorted(root.glob("flows/*.md"))
        },
        agents=read_agents(root, lambda file: _text(file, problems)),
        downloads={
            file.name: file.read_bytes() for file in sorted(root.glob("site/files/*")) if file.is_file()
        },
        pages={
            file.stem: read_page(_text(file, problems), file.stem, str(file))
            for file in sorted(root.glob("site/*.md"))
        },
        examples=_text(root / "examples.md", problems) if (root / "examples.md").is_file() else "",
        lock=_lock(root / "policy.lock", problems),
        networks=_networks(root / "networks.csv", problems),
        problems=tuple(problems),
    )


def _networks(path: Path, problems: list[Problem]) -> Networks:
    """Read the table of networks; a line that is none is a problem."""
    if not path.is_file():
        return UNKNOWN
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        found, wrong = read_networks(file)
    hint = "a line says network, country, carrier: 203.0.113.0/24, NO, Telekom X"
    problems += [Problem(Place(str(path), line), "is no network of a country", hint) for line in wrong[:10]]
    return found


def _text(path: Path, problems: list[Problem]) -> str:
    """Return a file's text, '' with a problem noted when it is too big or not UTF-8."""
    if path.stat().st_size > BIGGEST:
        problems.append(Problem(Place(str(path), 1), f"is larger than {BIGGEST // 1_000_000} MB", "split it"))
        return ""
    try:
        read(data := path.read_bytes(), str(path))
        return data.decode("utf-8-sig")
    except WrongEncoding as wrong:
        problems.append(
            Problem(Place(str(path), 1), f"is not UTF-8 at byte {wrong.offset}", "save it as UTF-8")
        )
        return ""


def _table(stem: Path, problems: list[Problem]) -> dict[str, Any]:
    path = stem.with_suffix(".toml")
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(_text(path, problems))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(Place(str(path), 1), f"is no TOML: {error}"))
        return {}


def _named(rows: object) -> dict[str, dict[str, Any]]:
    """Return rows by their name, without it."""
    found = (
        [row for row in rows if isinstance(row, dict) and row.get("name")] if isinstance(rows, list) else []
    )
    return {str(row["name"]): {k: v for k, v in row.items() if k != "name"} for row in found}


def _rewards(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return rewards and bonuses by name; ``kind`` says which a row is."""
    return {name: {"kind": kind, **row} for kind, rows in table.items() for name, row in _named(rows).items()}


def _keys(path: Path, table: Mapping[str, Any], problems: list[Problem]) -> list[Key]:
    keys = []
    for row in table.get("key", []):
        digest = str(row.get("digest", ""))
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef") or not row.get("name"):
            hint = "digest is the SHA-256 of the secret, in 64 small hex digits"
            problems.append(
                Problem(Place(str(path), 1), f"the key '{row.get('name', '')}' is not whole", hint)
            )
            continue
        roles = row.get("roles", [row["role"]] if "role" in row else [])
        kind, member = str(row.get("kind", "staff")), str(row.get("member", ""))
        purposes, second = tuple(row.get("purposes", ())), str(row.get("second", ""))
        about = {name: value for name, value in row.items() if name not in KEY_WORDS}
        keys.append(Key(str(row["name"]), kind, digest, tuple(roles), member, purposes, second, about))
    return keys


def _lock(path: Path, problems: list[Problem]) -> Lock | None:
    if not path.is_file():
        return None
    try:
        return read_lock(_text(path, problems), str(path))
    except Fault as fault:
        problems.append(fault.problem)
        return None
