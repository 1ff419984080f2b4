"""Keeping: the commands that copy a store, bring it back, and turn its keys over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import HERE, Folder, Where
from troth.runtime import keeping

Days = Annotated[int, Parameter(help="destroy the keys of copies older than this; the newest one's stays")]


def app(root: App) -> None:
    """Add these commands."""
    root.command(backup)
    root.command(restore)
    root.command(places)
    group = App(name="keys", help="Turn the keys over, or say how they stand.")
    group.command(rotate)
    group.command(status)
    root.command(group)


def backup(
    directory: Folder,
    target: Annotated[Path, Parameter(help="a new folder for the copy")],
    /,
    *,
    keep: Days = 30,
    where: Where = HERE,
) -> int:
    """Copy a company's people and keys while it is served; let old copies of the keys die.

    Example: `troth backup companies/club copies/2026-11-24 --store people.db`
    """
    made = keeping.backup(directory, target, store=where.store, told=where.told, keep=timedelta(days=keep))
    return _say(
        where,
        made,
        f"copy {made.copy} stands in {target}",
        f"{len(made.destroyed)} older copies of the keys can no longer be opened",
        f"{made.beyond} erasures are now beyond all backups",
    )


def restore(
    directory: Folder,
    source: Annotated[Path, Parameter(help="the folder of a copy")],
    /,
    *,
    keys: Annotated[
        bool, Parameter(negative="", help="bring the keys back too, where none are left")
    ] = False,
    where: Where = HERE,
) -> int:
    """Bring a copy back, without anybody who was erased and anything that was due since. Stop serving first.

    It says which records were made or rewritten since the copy, for those are not in it.

    Example: `troth restore companies/club copies/2026-11-24 --store people.db`
    """
    done = keeping.restore(directory, source, store=where.store, told=where.told, keys=keys)
    return _say(
        where,
        done,
        f"copy {done.copy} of {done.made} is back; {done.gone} records in it were due, and are gone",
        *(f"lost: person {one.person}, record {one.record}: {one.how} since the copy" for one in done.lost),
    )


def places(directory: Folder, /, *, where: Where = HERE) -> int:
    """Say in which country each category lies, copies included, and where the document lets it.

    Example: `troth places companies/club --settings club.toml`
    """
    found = keeping.places(directory, told=where.told)
    return _say(
        where,
        found,
        *(
            f"{one.data}, {one.kind}: {one.country or 'not said'}; may be in"
            f" {', '.join(one.allowed) or 'any'}{' - REFUSED' if one.astray else ''}"
            for one in found
        ),
    )


def rotate(
    directory: Folder,
    /,
    *,
    root: Annotated[
        bool, Parameter(negative="", help="a new root key as well (or a new salt). Stop serving first")
    ] = False,
    where: Where = HERE,
) -> int:
    """Wrap every person's key anew and destroy the keys it was wrapped in; may be cut off and run again.

    Example: `troth keys rotate companies/club --store people.db`
    """
    deed = keeping.rotate_root if root else keeping.rotate
    done = deed(directory, store=where.store, told=where.told)
    return _say(
        where,
        done,
        f"{done.persons} persons' keys lie under epoch {done.epoch}",
        f"older epochs destroyed: {done.destroyed}",
        *(["the root key is another one; make a copy now, for older ones open with the old"] if root else []),
    )


def status(directory: Folder, /, *, where: Where = HERE) -> int:
    """Say how the keys stand: persons by epoch, months, and copies that can still be opened.

    Example: `troth keys status companies/club --store people.db`
    """
    keys = keeping.status(directory, store=where.store, told=where.told)
    return _say(
        where,
        keys,
        *(f"epoch {epoch}: {people} persons" for epoch, people in keys.epochs.items()),
        f"{keys.erased} persons' keys are destroyed",
        f"{keys.salts} months can be read, {keys.salts_destroyed} no longer",
        *(f"copy {name} of {made} can be opened" for name, made in keys.copies.items()),
    )


def _say(where: Where, told: Any, *lines: str) -> int:
    """Write what was done, as lines or whole as JSON; 0."""
    say.as_json(told) if where.json else print("\n".join(lines))
    return 0
