#!/usr/bin/env python3
"""Verify a piece of evidence without trusting, or installing, anything of ours.

    python3 verify_evidence.py checkpoint.json proof.json

checkpoint.json holds {"checkpoint": TEXT, "public_key": HEX}; get both from more than one place.
proof.json holds {"index", "size", "leaf", "path"} for one entry, and may hold "salt" (from your receipt)
to show that the entry is about you; or {"first", "size", "path", "old_checkpoint"} to show that the
ledger only grew.
Exit code 0: verified; 1: not; 2: wrong use.  Read it: it is RFC 6962 (tree) and RFC 8032 (signature).
"""

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path

# Ed25519 (RFC 8032, section 5.1): points of -x² + y² = 1 + d·x²·y² over integers modulo P; L is the order.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1


def add(a, b):
    """Add two points in extended coordinates (x, y, z, x·y/z)."""
    m, n = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(k, point):
    """Multiply a point by a number."""
    total = (0, 1, 1, 0)
    while k:
        if k & 1:
            total = add(total, point)
        point, k = add(point, point), k >> 1
    return total


def point(raw):
    """Read a point from 32 bytes; None when they are none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def signed(public, message, signature):
    """Say whether ``signature`` (64 bytes) is the key's own over ``message``."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, nonce, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or nonce is None or s >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    left, right = times(s, base), add(nonce, times(challenge, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def read_checkpoint(text, public):
    """Return (size, root) of a signed checkpoint; raise ValueError when it is not signed by ``public``."""
    body, mark = text.split("\n\n")
    origin, size, root = body.split("\n")
    dash, name, raw = mark.rstrip("\n").split(" ")
    raw = base64.b64decode(raw, validate=True)
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    if (dash, name, raw[:4]) != ("—", origin, key_id) or not signed(public, (body + "\n").encode(), raw[4:]):
        raise ValueError("the checkpoint is not signed by this key")
    return int(size), base64.b64decode(root, validate=True)


def node(left, right):
    """Hash two subtrees into one (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(index, size, leaf, path, root):
    """Say whether ``leaf`` stands at ``index`` under ``root`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, value = index, size - 1, hashlib.sha256(b"\x00" + leaf).digest()
    for sibling in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            value = node(sibling, value)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node(value, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root


def extends(first, size, path, old, new):
    """Say whether the tree ``new`` of ``size`` only added to ``old`` of ``first`` (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= size:
        return False
    if first == size:
        return not path and old == new
    path = ([old] if first & (first - 1) == 0 else []) + path
    if not path:
        return False
    at, last = first - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    a = b = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            a, b = node(sibling, a), node(sibling, b)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            b = node(b, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and a == old and b == new


def judge(checkpoint, proof):
    """Return a sentence when everything holds; raise ValueError with what does not."""
    public = bytes.fromhex(checkpoint["public_key"])
    size, root = read_checkpoint(checkpoint["checkpoint"], public)
    path = [bytes.fromhex(h) for h in proof["path"]]
    if "old_checkpoint" in proof:
        first, old = read_checkpoint(proof["old_checkpoint"], public)
        if not extends(first, size, path, old, root):
            raise ValueError(
                f"the ledger of {size} entries is not the one of {first} entries with more added"
            )
        return f"the ledger grew from {first} to {size} entries and changed none"
    index, leaf = proof["index"], proof["leaf"].encode()
    if proof["size"] != size or not included(index, size, leaf, path, root):
        raise ValueError(f"the ledger of {size} entries does not hold this entry at {index}")
    entry = json.loads(leaf)
    whose = ""
    if proof.get("salt"):
        salt = bytes.fromhex(proof["salt"])
        tag = hmac.new(salt, f"{index}:person".encode(), hashlib.sha256).digest()[:16].hex()
        if tag != entry["tag"]:
            raise ValueError("the entry is there, but it is not about the holder of this receipt")
        whose = ", about the holder of this receipt"
    return f"entry {index} of {size} is in the ledger: {entry['kind']} at {entry['at']}{whose}"


def main(arguments):
    """Judge two files and say so."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        checkpoint, proof = (json.loads(Path(name).read_text(encoding="utf-8")) for name in arguments)
    except (OSError, ValueError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    try:
        print("verified:", judge(checkpoint, proof))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        print(f"NOT verified: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
