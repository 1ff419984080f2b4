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
from troth.scrub.measured import Kind, labelled, measured
from troth.scrub.measured import measure as measured_on
from troth.terms import Place


def app(root: App) -> None:
    """Add this command."""
    root.command(scrub)


def scrub(
    file: Annotated[Path | None, Parameter(help="the text; standard input when left out")] = None,
    *,
    operator: Annotated[str, Parameter(help="label, mask, pseudonym, hash or fake")] = "label",
    key: Annotated[str, Parameter(help="the secret of pseudonym, hash and fake")] = "",
    measure: Annotated[bool, Parameter(negative=(), help="measure the scrubber on its labelled set")] = False,
    json: Json = False,
) -> int:
    """Find personal data in a text and replace it, or say how much of a labelled set is found.

    JSON lines ``{"text": …, "lang": …}`` come out as ``{"spans": [[start, end, "LABEL"] …], "text": …}``,
    with positions in code points of the original; any other text comes out scrubbed.  Nothing passes when
    it fails.

    Example: `echo 'write to ola@firma.no' | troth scrub`, or `troth scrub --measure`
    """
    if measure:
        return _measured(file, json)
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


def _measured(file: Path | None, json: bool) -> int:
    """Print recall and precision, kind by kind, on the set of our own or on one of the same form."""
    kinds = measured_on(labelled(file.read_text("utf-8"))) if file else measured()
    if json:
        say.as_json([_row(kind) for kind in kinds])
        return 0
    for kind in kinds:
        print(f"{kind.name:<16}{kind.found:>4} of {kind.there:<4} recall {_part(kind.recall)}", end="")
        print(f"  precision {_part(kind.precision)}")
    return 0


def _row(kind: Kind) -> dict[str, object]:
    counts = {"kind": kind.name, "there": kind.there, "found": kind.found, "wrong": kind.wrong}
    return {**counts, "recall": kind.recall, "precision": kind.precision}


def _part(part: float | None) -> str:
    return "   –" if part is None else f"{round(100 * part):>3}%"
