"""Verify: what a receipt proves, how anybody checks it without us, and a check here for who trusts us so far.

The check here recomputes the tree's path (RFC 6962) and the receipt's own tag; the signature and the
comparison of checkpoints from several places are the work of ``verify_evidence.py``, which anybody can run.
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from troth.web.asking import form_of
from troth.web.pages import page, static


async def explain(request: Request) -> Response:
    """Show what a receipt is and take one to check."""
    return page(
        request, "verify.html", title="Check a receipt", here="verify", verdict="", good=False, typed=""
    )


async def check(request: Request) -> Response:
    """Judge a receipt that was pasted."""
    text = (await form_of(request)).get("receipt", "")
    verdict, good = await run_in_threadpool(lambda: judge(text, request.state.company.gate))
    return page(
        request,
        "verify.html",
        200 if good else 422,
        title="Check a receipt",
        here="verify",
        verdict=verdict,
        good=good,
        typed=text[:20000],
    )


async def checkpoint(request: Request) -> Response:
    """Publish the ledger's signed head, for who compares heads from more than one place."""
    gate = request.state.company.gate
    head = await run_in_threadpool(lambda: {"checkpoint": gate.checkpoint(), "public_key": gate.public_key})
    return JSONResponse(head, headers={"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"})


async def script(request: Request) -> Response:
    """Give the verifier, one file of standard-library Python."""
    return Response(static("verify_evidence.txt"), media_type="text/x-python")


def judge(text: str, gate: Any) -> tuple[str, bool]:
    """Say what a receipt proves; never raises for what somebody typed."""
    try:
        receipt = json.loads(text)
        proof: Mapping[str, Any] = receipt.get("proof", receipt)
        index, size, leaf = int(proof["index"]), int(proof["size"]), str(proof["leaf"])
        path = [bytes.fromhex(h) for h in proof["path"]]
        salt = bytes.fromhex(str(proof.get("salt") or ""))
        entry = json.loads(leaf)
        tag = str(entry["tag"])
        head = str(receipt.get("checkpoint") or proof.get("checkpoint") or gate.checkpoint())
        root = head.split("\n")[2]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        return "This is not a receipt of ours: paste the whole file.", False
    if climbed(index, size, leaf.encode(), path) != root:
        return "No: this entry does not stand in the ledger that the receipt names.", False
    now = gate.proof(leaf=index) if callable(getattr(gate, "proof", None)) else {}
    if now and str(now.get("leaf", leaf)) != leaf:
        return "No: our ledger holds another entry at this place.", False
    whose = hmac.new(salt, f"{index}:person".encode(), sha256).digest()[:16].hex() == tag if salt else False
    if salt and not whose:
        return "The entry is there, but it is not about the holder of this receipt.", False
    about = " It is about the holder of this receipt." if whose else ""
    return (
        f"Yes: entry {index} of {size} says “{entry.get('kind', '')}” at {entry.get('at', '')}.{about}",
        True,
    )


def climbed(index: int, size: int, leaf: bytes, path: list[bytes]) -> str:
    """Return the root that a path leads to (RFC 9162, 2.1.3.2), in base64; '' when the path does not fit."""
    if not 0 <= index < size:
        return ""
    at, last, value = index, size - 1, sha256(b"\x00" + leaf).digest()
    for sibling in path:
        if last == 0:
            return ""
        if at & 1 or at == last:
            value = sha256(b"\x01" + sibling + value).digest()
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = sha256(b"\x01" + value + sibling).digest()
        at, last = at >> 1, last >> 1
    return base64.b64encode(value).decode() if last == 0 else ""
