"""Main: the command line with the web beside it; ``python -m troth`` and ``troth`` both come in here."""

from __future__ import annotations

import sys

from troth.cli import main
from troth.web import app


def run() -> int:
    """Run the words of the command line and return the exit code."""
    return main(make=app)


if __name__ == "__main__":
    sys.exit(run())
