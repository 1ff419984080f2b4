"""Publish: values in, texts out: notice, record of processing, vocabulary, cookie list, receipts.

It reads nothing and decides nothing.
"""

from troth.publish.about import about
from troth.publish.facts import Facts, facts
from troth.publish.portable import FORMAT, SCHEMA, schema
from troth.publish.publish import gpc, notices, publish
from troth.publish.receipt import receipt
from troth.publish.record import Activity, record
from troth.publish.sentences import sentences
from troth.publish.words import Words

__all__ = [
    "FORMAT",
    "SCHEMA",
    "Activity",
    "Facts",
    "Words",
    "about",
    "facts",
    "gpc",
    "notices",
    "publish",
    "receipt",
    "record",
    "schema",
    "sentences",
]
