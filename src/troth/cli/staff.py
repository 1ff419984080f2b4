"""Staff: gives a role to a key of ``staff.toml`` or takes it back, with a line in the security log."""

from __future__ import annotations

import re
from pathlib import Path

from cyclopts import App

from troth.cli.options import Folder, SettingsFile, Store, opened
from troth.terms import TrothError

KEY = re.compile(r"(?m)^\[\[key\]\]\n(?:(?!^\[).*\n?)*")
ROLES = re.compile(r"(?m)^roles = \[(?P<roles>[^\]]*)\]$")


class NoKey(TrothError):
    """No member of staff has a key of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"staff.toml has no staff key '{name}'; 'name' and 'kind = \"staff\"' make one")


def app(root: App) -> None:
    """Add these commands."""
    group = App(name="staff", help="Give roles to staff, with a line in the security log.")
    group.command(grant)
    group.command(revoke)
    root.command(group)


def grant(
    directory: Folder, name: str, role: str, /, *, by: str, store: Store = "", settings: SettingsFile = ""
) -> int:
    """Give a member of staff a role.

    Example: `troth staff grant companies/club siri support --by anne --store people.db`
    """
    return _change(directory, name, role, by, store, settings, given=True)


def revoke(
    directory: Folder, name: str, role: str, /, *, by: str, store: Store = "", settings: SettingsFile = ""
) -> int:
    """Take a role back from a member of staff.

    Example: `troth staff revoke companies/club siri support --by anne --store people.db`
    """
    return _change(directory, name, role, by, store, settings, given=False)


def _change(directory: Path, name: str, role: str, by: str, store: str, settings: str, *, given: bool) -> int:
    file = directory / "staff.toml"
    text = file.read_text("utf-8") if file.is_file() else ""
    changed = written(text, name, role, given=given)
    for who in (name, by):
        if not _key(text, who):
            raise NoKey(who)
    with opened(directory, store, settings) as company:
        company.gate.permission(by=by, about=name, role=role, given=given)
    file.write_text(changed, "utf-8")
    print(f"'{name}' {'has' if given else 'has no longer'} the role '{role}', from the next start on")
    return 0


def written(text: str, name: str, role: str, *, given: bool) -> str:
    """Return ``staff.toml`` with a role added to a key or taken from it; the rest stays as it is written.

    >>> siri = '[[key]]\\nname = "siri"\\nkind = "staff"\\nroles = []\\n'
    >>> bo = '[[key]]\\nname = "bo"\\nroles = []\\n'
    >>> print(written(f"{siri}\\n{bo}", "siri", "support", given=True))
    [[key]]
    name = "siri"
    kind = "staff"
    roles = ["support"]
    <BLANKLINE>
    [[key]]
    name = "bo"
    roles = []
    <BLANKLINE>
    """
    row = _key(text, name)
    if not row:
        raise NoKey(name)
    found = ROLES.search(row)
    roles = re.findall(r"[\w-]+", found["roles"]) if found else []
    left = [r for r in roles if r != role] + ([role] if given else [])
    line = f"roles = [{', '.join(chr(34) + r + chr(34) for r in left)}]"
    new = ROLES.sub(line, row) if found else row.rstrip("\n") + f"\n{line}\n"
    return text.replace(row, new)


def _key(text: str, name: str) -> str:
    """Return the lines of a member of staff's key, '' when there is none."""
    rows = (m.group(0) for m in KEY.finditer(text))
    return next((r for r in rows if f'name = "{name}"' in r and 'kind = "staff"' in r), "")
