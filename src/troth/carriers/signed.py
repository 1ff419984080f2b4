"""Signed: one POST to a business's own address, signed as a webhook is, and its answer as plain fields.

Who may be asked, over what, and under which permit is said by whoever asks.  No redirect is followed, and an
answer that is none is an error.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping

from troth.carriers.party import signature

LONGEST = 64 * 1024  # bytes of an answer


class Unanswered(Exception):
    """No answer came, or none that can be read; its text says why."""


def post(
    connection: http.client.HTTPConnection,
    path: str,
    body: bytes,
    *,
    secret: bytes,
    number: str,
    moment: int,
    more: Mapping[str, str] = {},
) -> Mapping[str, object]:
    """Send ``body`` under its ``number`` at a ``moment`` (seconds) and return the fields of the answer.

    ``more`` are further headers.  Raises ``Unanswered``; the connection is closed in any case.
    """
    headers = {
        "Content-Type": "application/json",
        "webhook-id": number,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, number, moment, body),
        **more,
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        raw = answer.read(LONGEST)
        told = json.loads(raw) if answer.status == 200 else None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unanswered(type(error).__name__) from None
    finally:
        connection.close()
    if not isinstance(told, dict):
        raise Unanswered(f"it answered {answer.status}")
    return {str(name): value for name, value in told.items()}
