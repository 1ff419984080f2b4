"""Root: the command line as a whole, and the one place where an error becomes words and an exit code.

Each module of commands registers itself with ``app``; here they are brought together.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from troth.cli import (
    ads,
    breach,
    bulk,
    evidence,
    judge,
    keeping,
    masking,
    papers,
    people,
    roles,
    serve,
    staff,
)
from troth.cli.options import Make
from troth.policy import DocumentBroken
from troth.terms import TrothError

FINE, FOUND, WRONG = 0, 1, 2

app = App(
    name="troth",
    help="The document says, the kernel decides, the gate does, the ledger shows.",
    version_flags=(),
)
for commands in (
    papers.app,
    judge.app,
    serve.app,
    people.app,
    evidence.app,
    staff.app,
    ads.app,
    masking.app,
    breach.app,
    keeping.app,
    roles.app,
    bulk.app,
):
    commands(app)


def main(words: Sequence[str] | None = None, *, make: Make | None = None) -> int:
    """Run one command and return its exit code: 0 fine, 1 found something, 2 wrong use.

    ``make`` builds the web application for the commands that listen.
    """
    try:
        command, bound, left = app.parse_args(
            list(sys.argv[1:] if words is None else words), exit_on_error=False, print_error=False
        )
        more = {"make": make} if "make" in left else {}
        return int(command(*bound.args, **bound.kwargs, **more) or FINE)
    except CycloptsError as error:
        return _wrong(f"{error}".strip(), "troth --help lists the commands")
    except DocumentBroken as broken:
        for problem in broken.problems:
            print(problem, file=sys.stderr)
        return FOUND
    except TrothError as error:
        return _wrong(str(error))
    except BrokenPipeError:
        return FINE
    except KeyboardInterrupt:
        return FINE
    except OSError as error:
        return _wrong(f"{error.filename or 'this machine'}: {error.strerror}")


def _wrong(said: str, hint: str = "") -> int:
    print(said + (f"\n  {hint}" if hint else ""), file=sys.stderr)
    return WRONG


def page() -> str:
    """Return the page of all commands, made from their help."""
    head = (
        "# The command line\n\n"
        "Every command has `--help` and `--json`. Exit codes: 0 fine, 1 found something, 2 wrong use.\n"
        "This page is made from the help (`troth.cli.page`); a test compares it.\n\n"
    )
    text = str(app.generate_docs(heading_level=2, usage_name="troth")).strip() + "\n"
    # Under ``python -m pytest`` cyclopts takes the runner's words for part of the program's name.
    return head + re.sub(r"^(troth[a-z ]*) -m \S+", r"\1", text, flags=re.MULTILINE)
