"""Store: sealed records, their keys apart, blind indexes, and evidence written with the deed or not at all.

Only the gate and the runtime come here.  Erased is an answer, never an exception that stops a scan.
"""

from troth.store.errors import Fenced, NoRecord, StoreBehind, StoreError, StoreFull
from troth.store.opening import on_server, open, stands
from troth.store.root import RootMissing, root_file, root_passphrase
from troth.store.seam import Body, Deed, Erased, Leaf, Meta, Record, Store, Swept

__all__ = [
    "Body",
    "Deed",
    "Erased",
    "Fenced",
    "Leaf",
    "Meta",
    "NoRecord",
    "Record",
    "RootMissing",
    "Store",
    "StoreBehind",
    "StoreError",
    "StoreFull",
    "Swept",
    "on_server",
    "open",
    "root_file",
    "root_passphrase",
    "stands",
]
