"""Store: sealed records, their keys apart, blind indexes, and evidence written with the deed or not at all.

Only the gate and the runtime come here.  Erased is an answer, never an exception that stops a scan.
"""

from troth.store.backup import Copied, Lost, backup, beyond, expire, restore
from troth.store.errors import Fenced, NoRecord, StoreBehind, StoreError, StoreFull
from troth.store.opening import fits, on_server, open, place_of, stands
from troth.store.place import Place
from troth.store.ring import Ring, read_ring
from troth.store.root import RootMissing, promote, root_file, root_next, root_passphrase, root_waits
from troth.store.rotating import Keys, Rotated, rotate, rotate_root, status
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
    "Lost",
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
    "fits",
    "on_server",
    "open",
    "place_of",
    "promote",
    "read_ring",
    "restore",
    "root_file",
    "root_next",
    "root_passphrase",
    "root_waits",
    "rotate",
    "rotate_root",
    "stands",
    "status",
]
