"""Body: what a request carries, read strictly: media type, encoding, size, depth and parameters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email.message import Message
from typing import Any

import msgspec
from starlette.requests import Request

from troth.web.api.door import MOST, Query
from troth.web.api.fault import Fault, of_body

PATH = {"": re.compile(r"[A-Za-z0-9][\w.:@()-]{0,119}"), "rid": re.compile(r"[0-9]{1,18}")}


def accepted(request: Request) -> None:
    """Refuse a caller who takes no JSON."""
    takes = request.headers.get("accept", "*/*")
    if not any(word in takes for word in ("json", "*/*", "application/*")):
        raise Fault(406, "not-offered", "this answers in application/json")


async def body_of(request: Request, most: int = MOST) -> bytes:
    """Return the bytes of the body; 413 for too many."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > most:
            raise Fault(413, "too-large", f"a body has at most {most} bytes")
    return raw


def media(request: Request, *, wanted: bool, sent: bool) -> None:
    """Refuse with 415 another kind of body than JSON in utf-8, not compressed."""
    if not (wanted or sent):
        return
    said = Message()
    said["content-type"] = request.headers.get("content-type", "") or "none/none"
    if said.get_content_type() != "application/json":
        raise Fault(
            415, "media-type", "this takes application/json", headers={"Accept-Post": "application/json"}
        )
    if str(said.get_param("charset", "utf-8")).lower() not in ("utf-8", "utf8"):
        raise Fault(415, "media-type", "this takes JSON in utf-8")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Fault(415, "media-type", "this takes bodies that are not compressed")


def read(raw: bytes, kind: Any) -> Any:
    """Read a body as the type that the operation takes.

    >>> from troth.web.api.wire.choices import AgeIn
    >>> read(b'{"years": 34}', AgeIn).years
    34
    >>> read(b'{"years": 34, "ssn": 1}', AgeIn)
    Traceback (most recent call last):
    troth.web.api.fault.Fault: ssn: is not declared here
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        raise of_body(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Fault(400, "unreadable", "the body is not JSON in utf-8") from None
    except RecursionError:
        raise Fault(400, "unreadable", "the body is nested too deep") from None


def shape(raw: bytes, kind: Any) -> bool:
    """Say whether a body reads at all, for a no that would name its clause."""
    try:
        return kind is not None and read(raw, kind) is not None
    except Fault:
        return False


def query_of(request: Request, known: Sequence[Query]) -> dict[str, str]:
    """Read the parameters of the address; one that is not declared is refused by its name."""
    by_name, told = {q.name: q for q in known}, {}
    for name, value in request.query_params.multi_items():
        query = by_name.get(name)
        if query is None:
            said = name if re.fullmatch(r"[\w-]{1,40}", name) else "a parameter"
            raise Fault(422, "invalid", f"{said}: is not declared here", fields=(said,))
        if name in told or len(value) > query.many or not value.isprintable():
            raise Fault(422, "invalid", f"{name}: does not fit", fields=(name,))
        told[name] = value
    for query in known:
        if query.needed and not told.get(query.name):
            raise Fault(422, "invalid", f"{query.name}: is missing", fields=(query.name,))
    return told
