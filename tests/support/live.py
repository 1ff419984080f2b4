"""Live: a deployment on a real port with a real browser before it, for what only a browser can show."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from deployment import Deployment
from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def live(house: Deployment, *more: str) -> Iterator[tuple[str, Any]]:
    """Serve a deployment and open a browser with these further switches; give its address and the browser."""
    house.client()  # makes the application that the port serves as well
    with serving(house._app) as base, browser(*more) as opened:
        yield base, opened


@contextmanager
def browser(*more: str) -> Iterator[Any]:
    """Open a browser and close it, whatever happens; say how to get one when there is none."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        raise FileNotFoundError("no Chromium here; ./run test installs it, or put 'chromium' on the PATH")
    with sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=path, args=[*ARGS, *more])
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def serving(application: Any) -> Iterator[str]:
    """Serve an application in a thread, on a port of its own; give its address."""
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", ws="none", lifespan="off"))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
