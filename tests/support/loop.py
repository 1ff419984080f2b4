"""Loop: one event loop, in a thread of its own, on which every client of the tests asks.

A client that starts one for each request spends as long on that as on the answer.
"""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache

from anyio.from_thread import BlockingPortal, start_blocking_portal


@cache
def portal() -> BlockingPortal:
    """Return the way onto the loop, which ends with the process."""
    running = ExitStack()
    atexit.register(running.close)
    return running.enter_context(start_blocking_portal())
