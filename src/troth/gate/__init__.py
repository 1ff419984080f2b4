"""Gate: the one door to people's data, one module a verb; what it refuses it refuses by a clause.

The document says, the kernel decides, the gate does, the ledger shows.
"""

from troth.gate.door import Gate
from troth.gate.errors import BadBody, GateError, Nobody, NoRecord, NotYours, OutOfReach, Stays, Unknown
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
from troth.kernel.count import Answer, Meaning, says

__all__ = [
    "Access",
    "Act",
    "Answer",
    "Asked",
    "BadBody",
    "Cleared",
    "Delivery",
    "Disclosure",
    "Entry",
    "Gate",
    "GateError",
    "Held",
    "Meaning",
    "NoRecord",
    "Nobody",
    "NotYours",
    "OutOfReach",
    "Overview",
    "Receipt",
    "Stay",
    "Stays",
    "Unknown",
    "says",
]
