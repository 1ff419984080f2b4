"""Bulk: work on more than one machine's memory holds, in parts that may fail, be cut off and run again."""

from troth.runtime.bulk.corpus import Scrubbing
from troth.runtime.bulk.engines import ENGINES, NoEngine
from troth.runtime.bulk.job import Job, OtherWork, forget, scrub
from troth.runtime.bulk.lake import Forgetting, NoColumn, Versioned
from troth.runtime.bulk.segments import Moved, Receipt, Segment, Total, Unfinished, Work, run, total

__all__ = [
    "ENGINES",
    "Forgetting",
    "Job",
    "Moved",
    "NoColumn",
    "NoEngine",
    "OtherWork",
    "Receipt",
    "Scrubbing",
    "Segment",
    "Total",
    "Unfinished",
    "Versioned",
    "Work",
    "forget",
    "run",
    "scrub",
    "total",
]
