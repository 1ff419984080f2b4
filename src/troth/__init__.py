"""Troth runs a privacy policy: the document says, the kernel decides, the gate does, the ledger shows.

>>> import troth
>>> callable(troth.open)
True
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from troth.runtime import Company, Loaded

__all__ = ["open"]


def open(
    path: str | Path | Loaded,
    *,
    store: str = "",
    clock: Callable[[], datetime] | None = None,
    root_key: bytes | None = None,
    settings: Any = None,
) -> Company:
    """Open a company's folder: ``company.decide(…)``, ``company.gate.collect(…)``, ``company.app``.

    ``clock`` returns an aware moment; the machine's own when left out.  Raises ``DocumentBroken`` with all
    that keeps the document from being served.  The rooms are brought in here and not above, so that a room
    can be used without the ones over it.
    """
    from troth import runtime
    from troth.web import app

    return runtime.open(
        path, store=store, clock=clock or runtime.now, root_key=root_key, settings=settings, make=app
    )
