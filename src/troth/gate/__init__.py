"""Gate: the one door to people's data, one module a verb; what it refuses it refuses by a clause.

The document says, the kernel decides, the gate does, the ledger shows.
"""

from troth.gate.door import Gate
from troth.gate.errors import BadBody, GateError, Nobody, NoRecord, NotYours, Stays, Unknown
from troth.gate.values import (
    Access,
    Act,
    Asked,
    Cleared,
    Delivery,
    Disclosure,
    Entry,
    Held,
    Overview,
    Receipt,
    Stay,
)

__all__ = [
    "Access",
    "Act",
    "Asked",
    "BadBody",
    "Cleared",
    "Delivery",
    "Disclosure",
    "Entry",
    "Gate",
    "GateError",
    "Held",
    "NoRecord",
    "Nobody",
    "NotYours",
    "Overview",
    "Receipt",
    "Stay",
    "Stays",
    "Unknown",
]
