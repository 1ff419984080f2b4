"""Ads: commands that make an advertisement of a flow, publish it as a publisher's unit, and check a zip."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Folder, Json, SettingsFile
from troth.publish.ad import bundle, frame
from troth.publish.ad_lint import lint as checks
from troth.publish.ad_lint import wrong
from troth.runtime import Loaded, insist, load, read_settings
from troth.services.ads import Unit, check_unit, creative, units
from troth.terms import Problem, TrothError

Size = Annotated[str, Parameter(help="width and height in dots, one of the IAB's fixed sizes")]
Campaign = Annotated[str, Parameter(help="the code that links carry; it names a campaign, never a person")]
Language = Annotated[str, Parameter(help="the language it speaks; else the flow's own")]
FlowName = Annotated[str, Parameter(help="the flow, by its file's name")]


class Taken(TrothError):
    """There is a unit of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"site.toml has an ad '{name}' already; give another --unit")


class NoAddress(TrothError):
    """Nobody said how the server is reached, so no tag can name it."""

    def __init__(self) -> None:
        super().__init__("a tag needs the server's address; set base_url (docs/settings.md)")


def app(root: App) -> None:
    """Add these commands."""
    group = App(name="ad", help="Make an HTML5 advertisement of a flow, publish it, and check a zip.")
    for command in (build, publish, lint):
        group.command(command)
    root.command(group)


def build(
    directory: Folder,
    flow: FlowName,
    /,
    *,
    out: Annotated[Path, Parameter(help="the zip to write")] = Path("ad.zip"),
    size: Size = "300x250",
    campaign: Campaign = "",
    language: Language = "",
    count: Annotated[
        str, Parameter(help="the unit's own counter, https://…/count; else nothing is counted")
    ] = "",
    json: Json = False,
) -> int:
    """Make a zip for ad servers of a flow that needs nothing of anybody.

    It makes no request at all, or with `--count` one to that address per press and none before.
    Exit code 1, with every step in the way, when the flow cannot be an ad; then nothing is written.

    Example: `troth ad build companies/club iced --out ad.zip --campaign spring`
    """
    loaded = insist(load(directory))
    unit = Unit("ad", flow, size=size, campaign=campaign, language=language)
    if problems := _problems(loaded, unit):
        return _refused(problems, json)
    raw = bundle(creative(unit, loaded.folder.site, loaded.flows[flow], count))
    counters = frozenset({urlsplit(count).netloc}) if count else frozenset[str]()
    if found := wrong(raw, counters=counters):
        print("\n".join(found))
        return 1
    out.write_bytes(raw)
    if json:
        say.as_json({"written": str(out), "bytes": len(raw), "size": size})
    else:
        print(f"{out}: {len(raw) / 1000:.1f} kB, {size}")
    return 0


def publish(
    directory: Folder,
    flow: FlowName,
    /,
    *,
    publisher: Annotated[str, Parameter(help="a publisher of site.toml, which registered its origins")],
    unit: Annotated[str, Parameter(help="the unit's name; else FLOW-PUBLISHER")] = "",
    size: Size = "300x250",
    campaign: Campaign = "",
    language: Language = "",
    settings: SettingsFile = "",
    json: Json = False,
) -> int:
    """Publish a flow as an ad unit in one publisher's channel: write it to site.toml, and print its tag.

    It answers from the next start on, inside that publisher's registered origins and nowhere else.
    Exit code 1, with every step in the way, when the flow cannot be an ad; then nothing is written.

    Example: `troth ad publish companies/club iced --publisher paper --campaign spring`
    """
    loaded, base = insist(load(directory)), read_settings(settings or None).base_url.rstrip("/")
    made = Unit(unit or f"{flow}-{publisher}", flow, publisher, size, campaign, language)
    if made.name in units(loaded.folder.site):
        raise Taken(made.name)
    if problems := _problems(loaded, made):
        return _refused(problems, json)
    if not base:
        raise NoAddress
    with (directory / "site.toml").open("a", encoding="utf-8", newline="\n") as file:
        file.write(written(made))
    tag = frame(f"{base}/{loaded.folder.name}/ad/{made.name}", loaded.flows[flow].title, made.dots)
    if json:
        say.as_json({"unit": made.name, "tag": tag})
    else:
        print(tag)
    return 0


def written(unit: Unit) -> str:
    """Write a checked unit as its lines of ``site.toml``; its values are words and need no escape.

    >>> print(written(Unit("u", "iced", "paper")), end="")
    <BLANKLINE>
    [ads.u]
    flow = "iced"
    publisher = "paper"
    size = "300x250"
    """
    rows = {k: getattr(unit, k) for k in ("flow", "publisher", "size", "campaign", "language")}
    return f"\n[ads.{unit.name}]\n" + "".join(f'{k} = "{v}"\n' for k, v in rows.items() if v)


def lint(
    file: Annotated[Path, Parameter(help="the zip, ours or anybody's")],
    /,
    *,
    count: Annotated[str, Parameter(help="a host it may reach once it is pressed: its own counter's")] = "",
    json: Json = False,
) -> int:
    """Check a zip against what ad servers ask, and that it reaches nobody before it is pressed.

    Exit code 1 when a rule does not hold.

    Example: `troth ad lint ad.zip`
    """
    found = checks(file.read_bytes(), counters=frozenset({count}) if count else frozenset())
    if json:
        say.as_json([{"rule": c.rule, "says": c.says, "wrong": list(c.wrong)} for c in found])
    else:
        for checked in found:
            print(f"{'wrong' if checked.wrong else 'ok':5} {checked.rule}: {checked.says}")
            print("".join(f"      {one}\n" for one in checked.wrong), end="")
    return int(any(checked.wrong for checked in found))


def _problems(loaded: Loaded, unit: Unit) -> Sequence[Problem]:
    """Return what keeps the flow from being served at all, and what keeps it from being an ad."""
    unserved = loaded.unserved.get(unit.flow, ())
    where = str(loaded.folder.path / "site.toml")
    return (*unserved, *check_unit(unit, loaded.folder.site, loaded.flows, loaded.policy, where))


def _refused(problems: Sequence[Problem], json: bool) -> int:
    if json:
        say.as_json({"problems": [say.problem(p) for p in problems]})
    else:
        print("\n".join(str(p) for p in problems))
    return 1
