"""Provider: asks a service that says who somebody is, at the addresses it published (OpenID Connect).

No redirect is followed and no more is read than such an answer can hold.  What may be kept of it is not
decided here.
"""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from troth.terms import TrothError

MOST = 256 * 1024
PATIENCE = 10.0  # seconds for one wait on the network
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class NoProvider(TrothError):
    """The service did not say who somebody is; nothing of what it was asked is told."""

    def __init__(self, why: str) -> None:
        super().__init__(f"it did not say who you are: {why}; fill the form in yourself, or try again later")


def ask(url: str, fields: Mapping[str, str] | None = None, *, bearer: str = "") -> Mapping[str, Any]:
    """Return the JSON object at an address, or what a form posted to it is answered; raise ``NoProvider``."""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and parts.hostname not in _HERE):
        raise NoProvider("its address is no https address")
    body = urlencode(fields).encode() if fields is not None else None
    headers = {"Accept": "application/json"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    headers |= {"Authorization": f"Bearer {bearer}"} if bearer else {}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _line(parts.scheme, parts.netloc)
    try:
        line.request("GET" if body is None else "POST", path, body, headers)
        answer = line.getresponse()
        said = answer.read(MOST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoProvider(type(error).__name__) from None
    finally:
        line.close()
    return _object(answer.status, said)


def _object(status: int, said: bytes) -> Mapping[str, Any]:
    if status != 200 or len(said) > MOST:
        raise NoProvider(f"it answered {status}" if status != 200 else "it answered too much")
    try:
        found = json.loads(said)
    except ValueError:
        raise NoProvider("it answered no JSON") from None
    if not isinstance(found, dict):
        raise NoProvider("it answered no JSON object")
    return found


def _line(scheme: str, netloc: str) -> http.client.HTTPConnection:
    if scheme == "http":
        return http.client.HTTPConnection(netloc, timeout=PATIENCE)
    return http.client.HTTPSConnection(netloc, timeout=PATIENCE, context=ssl.create_default_context())
