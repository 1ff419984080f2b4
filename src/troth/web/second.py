"""Second: the second factor of one of the staff, a code of six digits that changes twice a minute (RFC 6238).

``[staff] second-factor = true`` in ``site.toml`` demands it of everybody; a key that has a ``second`` secret
asks for it in any case.  Its one rule: *a code counts once*.
"""

from __future__ import annotations

import hmac
import struct
from base64 import b32decode
from binascii import Error
from datetime import datetime

from troth.runtime import Company, Key
from troth.web.sessions import Sessions

STEP, DRIFT = 30, 1  # seconds of one code, and by how many codes a clock may be off


def asked(company: Company, key: Key) -> bool:
    """Say whether this member of staff comes in by two factors only."""
    return bool(key.second) or bool(company.site.get("staff", {}).get("second-factor"))


def proved(company: Company, sessions: Sessions, key: Key, code: str, now: datetime) -> bool:
    """Say whether the code is the right one now and was not used before; never for a key without a secret."""
    counter = int(now.timestamp()) // STEP
    for step in range(counter - DRIFT, counter + DRIFT + 1):
        if key.second and hmac.compare_digest(digits(key.second, step).encode(), code.strip().encode()):
            return sessions.first_time(company.name, key.name, step, now)
    return False


def digits(secret: str, counter: int) -> str:
    """Return the code of a step (RFC 4226); a secret that is no base 32 gives none that could be typed.

    >>> digits("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59 // 30), digits("!", 1)
    ('287082', '-')
    """
    try:
        key = b32decode(secret.replace(" ", "").upper() + "=" * (-len(secret.replace(" ", "")) % 8))
    except Error:
        return "-"
    mac = hmac.digest(key, struct.pack(">Q", counter), "sha1")
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
