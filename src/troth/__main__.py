"""Main: ``python -m troth`` is the command line."""

import sys

from troth.cli import main

if __name__ == "__main__":
    sys.exit(main())
