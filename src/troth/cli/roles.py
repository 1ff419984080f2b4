"""Roles: the command that says of each category of data in which role the company holds it."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json
from troth.policy import model as m
from troth.runtime import insist, load
from troth.terms import TrothError

ARTICLES = {"controller": "Art. 4(7)", "processor": "Art. 4(8)", "joint controller": "Art. 26"}


class NoCategory(TrothError):
    """The document declares no category of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the document declares no data '{name}'; troth role FOLDER lists them all")


def app(root: App) -> None:
    """Add this command."""
    root.command(role)


def role(
    directory: Folder,
    data: Annotated[str, Parameter(help="one category; all of them when left out")] = "",
    /,
    *,
    json: Json = False,
) -> int:
    """Say in which role the company holds each category of data, for whom, and by which article.

    Example: `troth role companies/club contact`
    """
    loaded = load(directory)
    insist(loaded)
    rows = [_row(loaded.policy, d) for d in loaded.policy.of(m.Data) if data in ("", d.name)]
    if not rows:
        raise NoCategory(data)
    if json:
        say.as_json(rows)
    else:
        print("\n".join(f"{r['data']}: {r['role']}{r['for']} ({r['article']}, {r['clause']})" for r in rows))
    return 0


def _row(policy: m.Policy, data: m.Data) -> dict[str, str]:
    """Return the role for one category; a document without areas answers for all it holds."""
    area = next((a for a in policy.of(m.Area) if a.name == data.area), None)
    law = "UK GDPR" if any(law.name == "uk-gdpr" for law in policy.of(m.Law)) else "GDPR"
    named = area.role if area else "controller"
    kind = next((k for k in ARTICLES if named.startswith(k.split()[0])), "controller")
    party = (
        ""
        if area is None or not area.party
        else (" with " if kind.startswith("joint") else " for ") + area.party
    )
    said = {"role": kind, "for": party, "article": f"{law} {ARTICLES[kind]}"}
    return {"data": data.name, **said, "clause": f"§{(area or data).clause.ref}"}
