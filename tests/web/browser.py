"""Browser: finds the Chromium that stands on this machine and starts it so that it runs as root too."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def executable() -> str:
    """Return the browser's path; say how to get one when there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("no Chromium here; ./run test installs Debian's, or put 'chromium' on the PATH")


@contextmanager
def browser(*more: str) -> Iterator[Any]:
    """Open a browser and close it, whatever happens."""
    with sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=executable(), args=[*ARGS, *more])
        try:
            yield opened
        finally:
            opened.close()
