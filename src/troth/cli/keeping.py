"""Keeping: the commands that copy a store, bring it back, and turn its keys over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json, SettingsFile, Store
from troth.runtime import keeping, read_settings

Days = Annotated[int, Parameter(help="destroy the keys of copies older than this; the newest one's stays")]


def app(root: App) -> None:
    """Add these commands."""
    root.command(backup)
    root.command(restore)
    group = App(name="keys", help="Turn the keys over, or say how they stand.")
    group.command(rotate)
    group.command(status)
    root.command(group)


def backup(
    directory: Folder,
    target: Annotated[Path, Parameter(help="a new folder for the copy")],
    /,
    *,
    store: Store = "",
    keep: Days = 30,
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Copy a company's people and keys while it is served; let old copies of the keys die.

    Example: `troth backup companies/club copies/2026-11-24 --store people.db`
    """
    made = keeping.backup(
        directory, target, store=store, told=read_settings(settings or None), keep=timedelta(days=keep)
    )
    if json:
        say.as_json(made)
    else:
        print(f"copy {made.copy} stands in {target}")
        print(f"{len(made.destroyed)} older copies of the keys can no longer be opened")
        print(f"{made.beyond} erasures are now beyond all backups")
    return 0


def restore(
    directory: Folder,
    source: Annotated[Path, Parameter(help="the folder of a copy")],
    /,
    *,
    store: Store = "",
    keys: Annotated[
        bool, Parameter(negative="", help="bring the keys back too, where none are left")
    ] = False,
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Bring a copy back, without anybody who was erased and anything that was due since. Stop serving first.

    Example: `troth restore companies/club copies/2026-11-24 --store people.db`
    """
    done = keeping.restore(directory, source, store=store, told=read_settings(settings or None), keys=keys)
    if json:
        say.as_json(done)
    else:
        print(f"copy {done.copy} of {done.made} is back; {done.gone} records in it were due, and are gone")
    return 0


def rotate(
    directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False
) -> int:
    """Wrap every person's key anew and destroy the keys it was wrapped in; may be cut off and run again.

    Example: `troth keys rotate companies/club --store people.db`
    """
    done = keeping.rotate(directory, store=store, told=read_settings(settings or None))
    if json:
        say.as_json(done)
    else:
        print(f"{done.persons} persons' keys lie under epoch {done.epoch}")
        print(f"older epochs destroyed: {done.destroyed}")
    return 0


def status(
    directory: Folder, /, *, store: Store = "", settings: SettingsFile = "", json: Json = False
) -> int:
    """Say how the keys stand: persons by epoch, months, and copies that can still be opened.

    Example: `troth keys status companies/club --store people.db`
    """
    keys = keeping.status(directory, store=store, told=read_settings(settings or None))
    if json:
        say.as_json(keys)
        return 0
    for epoch, people in keys.epochs.items():
        print(f"epoch {epoch}: {people} persons")
    print(f"{keys.erased} persons' keys are destroyed")
    print(f"{keys.salts} months can be read, {keys.salts_destroyed} no longer")
    for name, made in keys.copies.items():
        print(f"copy {name} of {made} can be opened")
    return 0
