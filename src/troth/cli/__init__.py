"""Cli: the terminal's way in.  Each command reads its words, asks the runtime, and says the answer.

Exit codes: 0 fine, 1 found something, 2 wrong use.
"""

from troth.cli.root import app, main, page

__all__ = ["app", "main", "page"]
