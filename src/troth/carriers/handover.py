"""Handover: a person's own file goes to the address that they named, once, over TLS.

Whoever names an address chooses where this machine knocks, so it is held to what ``preview`` holds a link
to: public addresses only, looked at once and then dialled; no redirect is followed, since the next address is
none that the person named.  Nothing but the file goes out.
"""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from troth.carriers.preview import Dial, Look, dial, lookup, public_address
from troth.terms import TrothError

PATIENCE = 20.0  # seconds for one wait on the network
PORT = 443


class NotHandedOver(TrothError):
    """The address did not take the file, or may not be sent to; nothing of the file is told."""

    def __init__(self, why: str) -> None:
        super().__init__(f"it was not sent: {why}; the file stays yours to take along")


def host_of(url: str) -> str:
    """Return the host of an address that may be sent to; raise ``NotHandedOver`` for any other.

    >>> host_of("https://import.example.org/in")
    'import.example.org'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotHandedOver("that is no address") from None
    if parts.scheme != "https" or not host or parts.username or port not in (None, PORT):
        raise NotHandedOver("an address begins with https:// and names a host, no user and no port")
    return host


def hand_over(url: str, file: bytes, kind: str, *, look: Look = lookup, connect: Dial = dial) -> int:
    """Post a file and return the status of a 2xx answer; raise ``NotHandedOver`` for anything else."""
    host = host_of(url)
    addresses = look(host)
    if not addresses or not all(map(public_address, addresses)):
        raise NotHandedOver("the host has no public address")
    try:
        status = _post(url, host, addresses[0], file, kind, connect)
    except (OSError, http.client.HTTPException) as error:
        raise NotHandedOver(type(error).__name__) from None
    if not 200 <= status < 300:
        raise NotHandedOver(f"the address answered {status}")
    return status


def _post(url: str, host: str, address: str, file: bytes, kind: str, connect: Dial) -> int:
    parts = urlsplit(url)
    line = connect(address, PORT, PATIENCE)
    try:
        line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        asked = http.client.HTTPConnection(host, PORT, timeout=PATIENCE)
        asked.sock = line
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": kind, "User-Agent": "troth-handover/1", "Connection": "close"}
        asked.request("POST", path.encode("ascii", "ignore").decode(), file, headers)
        return asked.getresponse().status
    finally:
        line.close()
