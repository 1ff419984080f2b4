"""Serve: the commands that listen.  The web stands beside this room and is handed in (``make``)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import uvicorn
from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Json, Make, SettingsFile, Store
from troth.policy import DocumentBroken
from troth.runtime import Company, mail_door, mailboxes, read_settings, receiving, sweeping
from troth.runtime import open as open_company
from troth.runtime.demo import Shown
from troth.runtime.demo import demo as make_demo
from troth.terms import TrothError


class NoMail(TrothError):
    """A document promises a mailbox that nothing reads."""

    def __init__(self, name: str, boxes: Sequence[str]) -> None:
        super().__init__(
            f"{name}: the document covers {', '.join(boxes)}, and no letter comes in: say --mail HOST:PORT, "
            'or intake = "webhook" under [mail] in site.toml when a provider hands letters in'
        )


Host = Annotated[str, Parameter(help="the address to listen on")]
Port = Annotated[int, Parameter(help="the port to listen on")]


def app(root: App) -> None:
    """Add these commands."""
    for command in (serve, demo):
        root.command(command)


def serve(
    *directories: Annotated[Path, Parameter(help="companies' folders")],
    store: Store = "",
    settings: SettingsFile = "",
    host: Host = "",
    port: Port = 0,
    mail: Annotated[str, Parameter(help="take letters in by SMTP here: HOST:PORT")] = "",
    stand_by: Annotated[
        bool,
        Parameter(negative="", help="answer 503 for a document that does not load, and serve the others"),
    ] = False,
    json: Json = False,
    make: Make,
) -> int:
    """Serve companies, each under its folder's name. A document with an error in it is not served.

    `/-/ready` answers 200 while all of them are served.

    Example: `troth serve companies/club --store data/ --port 8000`
    """
    told = read_settings(settings or None)
    with ExitStack() as stack:
        companies, unready = [], []
        for directory in directories:
            try:
                company = open_company(directory, store=store, settings=told, make=make)
            except DocumentBroken as broken:
                if not stand_by:
                    raise
                print(*broken.problems, sep="\n", file=sys.stderr, flush=True)
                unready.append(directory.resolve().name)
                continue
            stack.callback(company.close)
            companies.append(company)
        where = f"http://{host or told.host}:{port or told.port}/"
        lines = [f"{where}{c.name}/" for c in companies]
        letters = _letters(stack, companies, mail_door(replace(told, mail=mail or told.mail)))
        if json:
            say.as_json({"open": lines, "letters": letters})
        else:
            print(
                "\n".join([*lines, *(f"letters to {box} at {at}" for box, at in letters.items())]), flush=True
            )
        stack.enter_context(sweeping(companies))
        _listen(make(companies, unready), host or told.host, port or told.port)
    return 0


def _letters(stack: ExitStack, companies: Sequence[Company], door: tuple[str, int] | None) -> dict[str, str]:
    """Let letters come in; return where, for each mailbox. A document that promises one wants a way in."""
    promised = {box: company for company in companies for box in mailboxes(company)}
    if door is None:
        for company in promised.values():
            if company.site.get("mail", {}).get("intake") != "webhook":
                raise NoMail(company.name, mailboxes(company))
        return {}
    port = stack.enter_context(receiving(companies, *door))
    return dict.fromkeys(promised, f"{door[0]}:{port}")


def demo(
    *,
    companies: Annotated[Path, Parameter(help="the folder that holds the companies' folders")] = Path(
        "companies"
    ),
    store: Annotated[str, Parameter(help="keep the demo's people here; else they go when it stops")] = "",
    host: Host = "",
    port: Port = 0,
    json: Json = False,
    make: Make,
) -> int:
    """Serve every company with made-up people and their history, and say what to open.

    Example: `troth demo --port 8000`
    """
    told = read_settings()
    at = f"http://{host or told.host}:{port or told.port}"
    told = replace(told, base_url=told.base_url or at)  # a mail of the demo leads back to this very demo
    with tempfile.TemporaryDirectory(prefix="troth-demo-") as scratch, ExitStack() as stack:
        shown = make_demo(companies, store or f"{scratch}/", settings=told, make=make)
        for one in shown:
            stack.callback(one.company.close)
        say.as_json([_told(one, at) for one in shown]) if json else _introduce(shown, at)
        living = [one.company for one in shown]
        stack.enter_context(sweeping(living))
        _listen(make(living), host or told.host, port or told.port)
    return 0


def _told(shown: Shown, at: str) -> dict[str, object]:
    return {
        "company": shown.company.title,
        "open": [f"{at}{path}" for path in shown.paths],
        "people": shown.people,
        "staff": shown.staff,
        "not served": shown.left_out,
    }


def _introduce(shown: Sequence[Shown], at: str) -> None:
    for one in shown:
        print(f"\n{one.company.title}")
        for path in one.paths:
            print(f"  {at}{path}")
        for name, told in one.people.items():
            print(f"  {name}: {told}")
        for name, code in one.staff.items():
            print(f"  staff {name}: code {code}")
        for why in one.left_out:
            print(f"  not served: {why}")
    print(
        "\nSign-in codes are printed here as they are sent, and stand in the console's outbox.\n", flush=True
    )


def _listen(served: Any, host: str, port: int) -> None:
    uvicorn.run(served, host=host, port=port, log_level="warning", server_header=False)
