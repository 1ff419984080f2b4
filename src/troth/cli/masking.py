"""Masking: the command that scrubs a text, for those who want only this."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from troth.cli import say
from troth.cli.options import Json
from troth.policy.problems import Fault
from troth.scrub import find, lines
from troth.terms import Place


def app(root: App) -> None:
    """Add this command."""
    root.command(scrub)


def scrub(
    file: Annotated[Path | None, Parameter(help="the text; standard input when left out")] = None,
    *,
    operator: Annotated[str, Parameter(help="label, mask, pseudonym, hash or fake")] = "label",
    key: Annotated[str, Parameter(help="the secret of pseudonym, hash and fake")] = "",
    json: Json = False,
) -> int:
    """Find personal data in a text and replace it.

    JSON lines ``{"text": …, "lang": …}`` come out as ``{"spans": [[start, end, "LABEL"] …], "text": …}``,
    with positions in code points of the original; any other text comes out scrubbed.  Nothing passes when
    it fails.

    Example: `echo 'write to ola@firma.no' | troth scrub`
    """
    name = str(file) if file else "standard input"
    raw = file.read_bytes() if file else sys.stdin.buffer.read()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Fault(
            Place(name, raw[: wrong.start].count(b"\n") + 1), "is not UTF-8", "save it as UTF-8"
        ) from None
    done = list(lines(text.splitlines(keepends=True), operator=operator, key=key.encode()))
    if json and not text.lstrip("\ufeff \t").startswith("{"):
        spans = [(s.start, s.end, s.label) for s in find(text)]
        say.as_json({"spans": spans, "text": "\n".join(done)}, lines=True)
        return 0
    for line in done:
        print(line)
    return 0
