"""Devices: the second factor that a member of staff carries, as an authenticator would show it."""

from __future__ import annotations

from datetime import datetime

from troth.web.second import STEP, digits

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def shown(now: datetime, secret: str = SECRET) -> str:
    """Return the six digits that the device shows now."""
    return digits(secret, int(now.timestamp()) // STEP)
