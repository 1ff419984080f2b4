"""Papers: the commands that make, lay out, seal, compare and publish a company's documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json
from troth.kernel import Changed
from troth.kernel import compare as differences
from troth.policy.format import format_document
from troth.policy.seal import Moved, compare, seal, write_lock
from troth.policy.seal_consent import widens
from troth.runtime import Loaded, found, insist, load


def app(root: App) -> None:
    """Add these commands."""
    for command in (init, fmt, sealed, diff, publish):
        root.command(command, name={"sealed": "seal"}.get(command.__name__))


def init(
    directory: Annotated[Path, Parameter(help="a new folder, named as the company is in addresses")],
    /,
    *,
    title: Annotated[str, Parameter(help="how the company is called; else the folder's name")] = "",
    json: Json = False,
) -> int:
    """Make a new company: a short document that loads, and one conversation under it.

    Example: `troth init companies/club --title 'The Club'`
    """
    root = found(directory, title=title)
    files = sorted(str(p) for p in root.rglob("*") if p.is_file())
    if json:
        say.as_json({"made": files})
    else:
        print("\n".join(files))
        print(f"read {root}/policy.md, then: troth check {root}")
    return 0


def fmt(
    directory: Folder,
    /,
    *,
    write: Annotated[bool, Parameter(negative="", help="write it; else say what would change")] = False,
    json: Json = False,
) -> int:
    """Lay the rule blocks of a document out in one way; prose and comments stay as they are.

    Exit code 1 when the layout differs and `--write` was not given.

    Example: `troth fmt companies/club --write`
    """
    path = directory / "policy.md"
    text = load(directory).folder.text
    laid = format_document(text, str(path))
    if write and laid != text:
        path.write_text(laid, "utf-8", newline="")
    lines = [n for n, (a, b) in enumerate(zip(text.split("\n"), laid.split("\n"), strict=False), 1) if a != b]
    if json:
        say.as_json({"path": str(path), "same": laid == text, "written": write, "first": lines[:1]})
    elif laid != text:
        print(f"{path}: {'laid out' if write else f'line {lines[0] if lines else 1} would be laid out anew'}")
    return int(laid != text and not write)


def sealed(
    directory: Folder,
    /,
    *,
    editorial: Annotated[
        bool, Parameter(negative="", help="only words changed; refused if a rule did")
    ] = False,
    meaning: Annotated[bool, Parameter(negative="", help="the rules changed on purpose")] = False,
    json: Json = False,
) -> int:
    """Seal a document: each section's rules beside its prose, in policy.lock.

    When one half of a section changed, say which it is. Exit code 1 when it cannot be sealed as said.

    Example: `troth seal companies/club --editorial`
    """
    loaded = load(directory)
    moved = compare(loaded.folder.lock, loaded.policy, loaded.folder.document) if loaded.folder.lock else ()
    meant = [m.ref for m in moved if m.meaning or m.new or m.gone]
    refused = bool(moved) and not meaning and (not editorial or bool(meant))
    if not refused:
        lock = write_lock(seal(loaded.policy, loaded.folder.document))
        (directory / "policy.lock").write_text(lock, "utf-8")
    if json:
        say.as_json({"sealed": not refused, "moved": list(moved)})
    else:
        for one in moved:
            print(f"§{one.ref}: {_half(one)}")
        said = "not sealed; say --editorial or --meaning" if not meant or not editorial else "not editorial"
        print(said if refused else f"sealed {directory}/policy.lock")
    return int(refused)


def _half(moved: Moved) -> str:
    if moved.new or moved.gone:
        return "is new" if moved.new else "is gone"
    both = moved.meaning and moved.prose
    return (
        "rules and prose changed" if both else "the rules changed" if moved.meaning else "the prose changed"
    )


def diff(
    old: Annotated[Path, Parameter(help="the folder as it was")],
    new: Annotated[Path, Parameter(help="the folder as it is to be")],
    /,
    *,
    json: Json = False,
) -> int:
    """Say what changes between two versions of a company, for whom, and whose consent is asked again.

    Every situation is compared, not samples. Exit code 1 when the meaning differs.

    Example: `troth diff club-2025 club-2026`
    """
    before, after = load(old), load(new)
    lock = seal(before.policy, before.folder.document)
    moved = compare(lock, after.policy, after.folder.document)
    meant = [m for m in moved if m.meaning or m.new or m.gone]
    again = _asked_again(before, after)
    changes = differences(before.kernel, after.kernel)
    if json:
        say.as_json(
            {
                "moved": list(moved),
                "wider": [_change(one) for one in changes.wider],
                "narrower": [_change(one) for one in changes.narrower],
                "unreachable": [str(clause) for clause in changes.unreachable],
                "asked again": again,
            }
        )
    else:
        for one in (*changes.wider, *changes.narrower):
            print(one)
        for part in moved:
            print(f"§{part.ref}: {_half(part)}")
        for name in again:
            print(f"consent '{name}' opens more than before: those who gave it are asked again")
        print(f"{len(meant)} sections mean something else, {len(moved) - len(meant)} are worded anew")
    return int(bool(meant or changes))


def _change(changed: Changed) -> dict[str, object]:
    return {"request": changed.request, "share": changed.share, "said": str(changed)}


def _asked_again(before: Loaded, after: Loaded) -> list[str]:
    members = {"old_members": before.folder.parties, "new_members": after.folder.parties}
    return list(widens(before.policy, after.policy, **members))


def publish(
    directory: Folder,
    /,
    *,
    out: Annotated[Path, Parameter(help="the folder to write to")] = Path("published"),
    json: Json = False,
) -> int:
    """Write what a company publishes: notice, record of processing, vocabulary, cookie list, gpc.json.

    Example: `troth publish companies/club --out public`
    """
    texts = insist(load(directory)).published
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, "utf-8", newline="")
    if json:
        say.as_json({"written": [str(out / name) for name in texts]})
    else:
        print("\n".join(str(out / name) for name in texts))
    return 0
