#!/usr/bin/env python3
"""Verify a piece of evidence without trusting, or installing, anything of ours.

    python3 verify_evidence.py receipt.json [checkpoint.json [growth.json]]
    python3 verify_evidence.py erased.json absent.json [beyond.json]
    python3 verify_evidence.py older.json newer.json [growth.json]

receipt.json is what you downloaded: {"leaf", "index", "size", "path", "checkpoint", "public_key"} and, where
the entry is about you, "salt" and "tag".  The checkpoint and the key in it come from the same house as the
rest: for a judgement that does not rest on its word, name a checkpoint.json {"checkpoint", "public_key"} that
you got elsewhere or earlier; older.json and newer.json are two such files.  growth.json {"first", "size",
"path"} shows that the larger ledger is the smaller one with entries added; without it, two checkpoints of
different size show nothing about one another.
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
        return grown(read_checkpoint(proof["old_checkpoint"], public), (size, root), path)
    index, leaf = proof["index"], proof["leaf"].encode()
    if proof["size"] != size or not included(index, size, leaf, path, root):
        raise ValueError(f"the ledger of {size} entries does not hold this entry at {index}")
    entry = json.loads(leaf)
    if "tag" in proof and proof["tag"] != entry["tag"]:
        raise ValueError("the receipt's tag is not the one that stands in the entry")
    whose = ""
    if proof.get("salt"):
        salt = bytes.fromhex(proof["salt"])
        tag = hmac.new(salt, f"{index}:person".encode(), hashlib.sha256).digest()[:16].hex()
        if tag != entry["tag"]:
            raise ValueError("the entry is there, but it is not about the holder of this receipt")
        whose = ", about the holder of this receipt"
    return f"entry {index} of {size} is in the ledger: {entry['kind']} at {entry['at']}{whose}"


def grown(older, newer, path):
    """Return a sentence when the newer (size, root) is the older with entries added, else raise."""
    first, size = older[0], newer[0]
    if not extends(first, size, path, older[1], newer[1]):
        raise ValueError(f"the ledger of {size} entries is not the one of {first} entries with more added")
    return f"the ledger grew from {first} to {size} entries and changed none"


def compare(older, newer, growth=None):
    """Judge two checkpoints of one ledger, with a proof of growth or by themselves."""
    if older["public_key"] != newer["public_key"]:
        raise ValueError("the two checkpoints are signed by different keys")
    public = bytes.fromhex(older["public_key"])
    old, new = read_checkpoint(older["checkpoint"], public), read_checkpoint(newer["checkpoint"], public)
    if older["checkpoint"].split("\n")[0] != newer["checkpoint"].split("\n")[0]:
        raise ValueError("the two checkpoints are of different ledgers")
    if old[0] > new[0]:
        raise ValueError(f"the ledger had {old[0]} entries and later {new[0]}: its tail was cut off")
    if old[0] == new[0]:
        if old[1] != new[1]:
            raise ValueError(f"two different ledgers of {old[0]} entries were signed: the ledger was forked")
        return f"both checkpoints are of the same {old[0]} entries"
    if growth is None:
        raise ValueError(
            f"both are signed; that the {new[0]} entries hold the first {old[0]} needs growth.json"
        )
    return grown(old, new, [bytes.fromhex(h) for h in growth["path"]])


SAID = {
    "collected": "data about you were taken in",
    "corrected": "data about you were corrected",
    "consent given": "you agreed to what you were asked",
    "consent taken back": "you took an agreement back",
    "objected": "you objected to a use of your data",
    "restricted": "you had the use of your data stopped",
    "read": "data about you were read for a declared purpose",
    "show": "data about you were shown to a member of staff",
    "share": "data about you were passed on to somebody outside",
    "request made": "you asked for one of your rights",
    "request answered": "your request was answered",
    "gone": "data about you whose time had come were removed",
    "erased": "data about you were erased: the keys that made them readable were destroyed at that moment",
    "absent": "after an erasure the bytes were removed from the files too",
    "beyond backups": "after an erasure the last copy that held keys of the erased could no longer be opened",
}


def explain(receipt):
    """Say in plain words what a receipt that holds shows, and what it does not."""
    entry = json.loads(receipt["leaf"])
    lines = [f"  {receipt['checkpoint'].splitlines()[0]} signed a list of {receipt['size']} entries."]
    lines += [f"  Entry {receipt['index']} of it, written at {entry['at']}, says '{entry['kind']}'."]
    if receipt.get("salt"):
        lines += [f"  In words: {SAID[entry['kind']]}."] if entry["kind"] in SAID else []
        lines += ["  It is about the holder of this receipt; nobody without the receipt can tell."]
    else:
        lines += ["  The receipt holds no salt: it shows that the entry stands, not whom it is about."]
    lines += [f"  It was done under clause {entry['clause']}."] if entry["clause"] else []
    if entry["detail"]:
        lines += ["  Noted beside it: " + json.dumps(entry["detail"], ensure_ascii=False) + "."]
    lines += [
        "  Whoever signed cannot take the entry back or change it unseen, as long as others keep checkpoints."
    ]
    return "\n".join(lines)


def main(arguments):
    """Judge the files named and say so."""
    if not 1 <= len(arguments) <= 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        files = [json.loads(Path(name).read_text(encoding="utf-8")) for name in arguments]
        if not all(isinstance(file, dict) for file in files):
            raise ValueError("each file holds one JSON object")
    except (OSError, ValueError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    try:
        print("verified:", "\n".join(answer(files)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else error
        print(f"NOT verified: {missing}")
        return 1
    return 0


def answer(files):
    """Return the lines that the files show; raise ValueError, KeyError or TypeError where they do not."""
    receipts = [file for file in files if "leaf" in file]
    growths = [file for file in files if "path" in file and "leaf" not in file]
    heads = [file for file in files if "path" not in file]
    counted = len(receipts), len(heads), len(growths)
    if counted in ((0, 2, 0), (0, 2, 1)):
        return [compare(*heads, *growths)]
    if counted in ((0, 1, 1), (0, 0, 1)):
        return [judge((heads or growths)[0], growths[0])]
    if counted == (1, 0, 0):
        return [judge(receipts[0], receipts[0]), explain(receipts[0])]
    if counted in ((1, 1, 0), (1, 1, 1)):
        return [elsewhere(receipts[0], heads[0], *growths), explain({**heads[0], **receipts[0]})]
    if counted in ((2, 0, 0), (3, 0, 0)):
        return followed(*receipts)
    raise ValueError("name one receipt, or one proof of growth, with the checkpoints that it needs")


def followed(erasure, *later):
    """Judge the receipt of an erasure together with what the ledger says followed it."""
    lines = [judge(erasure, erasure)]
    if json.loads(erasure["leaf"])["kind"] != "erased":
        raise ValueError("the first of several receipts is the one of an erasure")
    for receipt in later:
        if receipt["public_key"] != erasure["public_key"]:
            raise ValueError("the receipts are signed by different keys")
        entry = json.loads(receipt["leaf"])
        if entry["detail"].get("erasure") != erasure["index"] or entry["kind"] not in (
            "absent",
            "beyond backups",
        ):
            raise ValueError(f"entry {receipt['index']} did not follow this erasure")
        lines += [f"{judge(receipt, receipt)}", f"  In words: {SAID[entry['kind']]}."]
    return lines


def elsewhere(receipt, head, growth=None):
    """Judge a receipt by a checkpoint from elsewhere: directly, or through the receipt's own checkpoint."""
    own = {"public_key": head["public_key"], **receipt}
    if own["public_key"] != head["public_key"]:
        raise ValueError("the receipt carries another key than the checkpoint from elsewhere")
    size = read_checkpoint(head["checkpoint"], bytes.fromhex(head["public_key"]))[0]
    if "checkpoint" not in receipt:
        return judge(head, receipt)
    said = judge(own, receipt)
    pair = sorted([own, head], key=lambda h: int(h["checkpoint"].split("\n")[1]))
    if size == receipt["size"] or growth is not None:
        return f"{said}; {compare(*pair, growth)}"
    return f"{said}; the checkpoint from elsewhere is of {size} entries: growth.json would join the two"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
