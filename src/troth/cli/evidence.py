"""Evidence: the commands about the ledger, which holds nothing personal."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json, SettingsFile, Store, opened
from troth.terms import TrothError

FOLLOWING = ("absent", "beyond backups")


class NoEntry(TrothError):
    """The ledger has no entry of this number."""

    def __init__(self, leaf: int) -> None:
        super().__init__(f"the evidence has no entry {leaf}; 'troth evidence verify' counts them")


def app(root: App) -> None:
    """Add these commands."""
    group = App(
        name="evidence", help="Check the evidence, or take a part of it away to be checked elsewhere."
    )
    for command in (verify, prove, followed, checkpoint):
        group.command(command)
    root.command(group)


def verify(
    directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False
) -> int:
    """Recompute the whole ledger; exit code 1 when something is wrong with it.

    Example: `troth evidence verify companies/club --store people.db`
    """
    with opened(directory, store, settings) as company:
        wrong = company.gate.verify()
        entries = sum(1 for _ in company.gate.entries())
    if json:
        say.as_json({"entries": entries, "wrong": wrong})
    else:
        print("\n".join(wrong) or f"{entries} entries, and every one of them holds")
    return int(bool(wrong))


def prove(
    directory: Folder,
    leaf: Annotated[int, Parameter(help="the number of the entry")],
    /,
    *,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = True,
) -> int:
    """Write the proof of one entry, as verify_evidence.py takes it.

    Example: `troth evidence prove companies/club 12 --store people.db > proof.json`
    """
    with opened(directory, store, settings) as company:
        if leaf < 0 or next(company.gate.entries(start=leaf), None) is None:
            raise NoEntry(leaf)
        say.as_json(company.gate.proof(leaf=leaf))
    return 0


def followed(
    directory: Folder,
    leaf: Annotated[int, Parameter(help="the number of the entry of an erasure, from its receipt")],
    /,
    *,
    store: Store = "",
    settings: SettingsFile = "",
    json: Json = True,
) -> int:
    """Write the receipts of what followed an erasure: absent from files, beyond backups. 1 when nothing did.

    Example: `troth evidence followed companies/club 12 --store people.db`
    """
    with opened(directory, store, settings) as company:
        later = [e for e in company.gate.entries(start=leaf + 1) if e.detail.get("erasure") == leaf]
        said = [company.gate.proof(leaf=e.number) for e in later if e.kind in FOLLOWING]
    say.as_json(said)
    return int(not said)


def checkpoint(
    directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False
) -> int:
    """Write the last signed head; keep it elsewhere, and nobody can rewrite what was before it.

    Example: `troth evidence checkpoint companies/club --store people.db > head.txt`
    """
    with opened(directory, store, settings) as company:
        head, key = company.gate.checkpoint(), company.gate.public_key
    if json:
        say.as_json({"checkpoint": head, "public_key": key})
    else:
        print(head)
    return 0
