"""Bulk: what a job outside the store did, written into the evidence, as its receipts add it up.

The rows were never the store's, so nothing of them is written here: how many, and a digest over the receipts,
which whoever keeps them can be asked to show.
"""

from __future__ import annotations

from troth.gate.house import House

SCRUBBED, FORGOTTEN = "corpus scrubbed", "rows forgotten elsewhere"


def witness(house: House, *, kind: str, segments: int, read: int, changed: int, digest: str) -> int:
    """Write one job's sum into the evidence and return the entry's number; the counts are of rows.

    ``kind``: ``SCRUBBED`` or ``FORGOTTEN``; ``digest``: SHA-256 over the job's receipts, in hex.
    """
    if kind not in (SCRUBBED, FORGOTTEN):
        raise ValueError(f"'{kind}' is no kind of job")
    detail = {"segments": segments, "read": read, "changed": changed, "receipts": digest}
    return house.store.log(kind=kind, detail=detail)
