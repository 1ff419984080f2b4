"""Preview: fetches the beginning of a page outside, for the title beside a link.

Whoever posts a link chooses where this machine knocks, so it knocks at public addresses only.  A name is
looked up once, every address it has must be public, and the connection goes to the very address that was
looked at: no second look-up can lead it elsewhere.  Each redirect is a new page and is looked at anew.
INVARIANT (nothing of the asker): no cookie, no referrer, no word of the person goes out.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from urllib.parse import urljoin, urlsplit

PATIENCE = 5.0  # seconds for all of it
STEP = 2.0  # seconds for one wait on the network
LONGEST = 256 * 1024
HOPS = 3
PORTS = {"http": 80, "https": 443}
ASKED = {
    "User-Agent": "troth-preview/1",
    "Accept": "text/html",
    "Accept-Encoding": "identity",
    "Connection": "close",
}

Look = Callable[[str], Sequence[str]]  # a host's addresses
Dial = Callable[[str, int, float], socket.socket]  # a connection to an address


def lookup(host: str) -> Sequence[str]:
    """Return the addresses of a host; none when it has none."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def dial(address: str, port: int, patience: float) -> socket.socket:
    """Open a connection to an address."""
    return socket.create_connection((address, port), patience)


def fetch_page(url: str, *, look: Look = lookup, connect: Dial = dial) -> str:
    """Return the beginning of a page, '' when it cannot, or may not, be fetched."""
    until = time.monotonic() + PATIENCE
    for _ in range(HOPS + 1):
        target = _target(url, look)
        if target is None or time.monotonic() > until:
            return ""
        try:
            status, moved, text = _get(url, target, connect, until)
        except (OSError, http.client.HTTPException, ValueError):
            return ""
        if status not in (301, 302, 303, 307, 308):
            return text if status == 200 else ""
        url = urljoin(url, moved)
    return ""


def public_address(address: str) -> bool:
    """Say whether an address is of the public network.

    >>> public_address("93.184.216.34"), public_address("10.0.0.1"), public_address("::ffff:127.0.0.1")
    (True, False, False)
    >>> public_address("169.254.169.254"), public_address("2001:db8::1"), public_address("fd00::1")
    (False, False, False)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def _target(url: str, look: Look) -> tuple[str, str, int] | None:
    """Return host, address and port to knock at; None where nobody may be knocked at."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    usual = PORTS.get(parts.scheme)
    if usual is None or port not in (None, usual) or not host or parts.username:
        return None
    addresses = look(host)
    if not addresses or not all(map(public_address, addresses)):
        return None
    return host, addresses[0], usual


def _get(url: str, target: tuple[str, str, int], connect: Dial, until: float) -> tuple[int, str, str]:
    """Ask for one page; return its status, where it moved to, and the beginning of its text."""
    host, address, port = target
    parts = urlsplit(url)
    line = connect(address, port, STEP)
    try:
        if parts.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        asked = http.client.HTTPConnection(host, port, timeout=STEP)
        asked.sock = line
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        asked.request("GET", path.encode("ascii", "ignore").decode(), headers=ASKED)
        answer = asked.getresponse()
        html = answer.headers.get_content_type() in ("text/html", "application/xhtml+xml")
        raw = _begin(answer, until) if answer.status == 200 and html else b""
        charset = answer.headers.get_content_charset() or "utf-8"
        return answer.status, answer.headers.get("Location") or "", _text(raw, charset)
    finally:
        line.close()


def _begin(answer: http.client.HTTPResponse, until: float) -> bytes:
    """Read at most so much, and no longer than there is time: a page may drip for ever."""
    raw = b""
    while len(raw) < LONGEST and time.monotonic() < until:
        part = answer.read1(min(16 * 1024, LONGEST - len(raw)))
        if not part:
            break
        raw += part
    return raw


def _text(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
