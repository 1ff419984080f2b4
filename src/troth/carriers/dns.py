"""DNS: asks for the TXT records of a name, and for nothing else.

No answer, a broken one and no such name are all no record: what cannot be shown is not proved.
"""

from __future__ import annotations

from collections.abc import Sequence

import dns.exception
import dns.resolver

PATIENCE = 4.0  # seconds for one name, all servers together


def txt(name: str) -> Sequence[str]:
    """Return the TXT records of a name, each joined from its parts; none when DNS does not give any."""
    try:
        found = dns.resolver.resolve(name, "TXT", lifetime=PATIENCE, search=False)
    except (dns.exception.DNSException, OSError):
        return ()
    return tuple(b"".join(r.strings).decode("utf-8", "replace") for r in found)
