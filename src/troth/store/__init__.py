"""Store: sealed records, their keys apart, blind indexes, and evidence written with the deed or not at all.

Only the gate and the runtime come here.  Erased is an answer, never an exception that stops a scan.
"""

from troth.store.backup import Copied, backup, beyond, expire, restore
from troth.store.errors import Fenced, NoRecord, StoreBehind, StoreError, StoreFull
from troth.store.opening import on_server, open, place_of, stands
from troth.store.place import Place
from troth.store.ring import Ring, read_ring
from troth.store.root import RootMissing, root_file, root_passphrase
from troth.store.rotating import Keys, Rotated, rotate, status
from troth.store.seam import Body, Deed, Erased, Laid, Leaf, Meta, Record, Store, Swept

__all__ = [
    "Body",
    "Copied",
    "Deed",
    "Erased",
    "Fenced",
    "Keys",
    "Laid",
    "Leaf",
    "Meta",
    "NoRecord",
    "Place",
    "Record",
    "Ring",
    "RootMissing",
    "Rotated",
    "Store",
    "StoreBehind",
    "StoreError",
    "StoreFull",
    "Swept",
    "backup",
    "beyond",
    "expire",
    "on_server",
    "open",
    "place_of",
    "read_ring",
    "restore",
    "root_file",
    "root_passphrase",
    "rotate",
    "stands",
    "status",
]
