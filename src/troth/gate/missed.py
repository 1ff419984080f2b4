"""Missed: a detail that the scrubber left standing goes when its author points at it, wherever it stands.

It goes out of the conversation, and a sample in which it stands goes whole.  INVARIANT (pointed at is a
doubt): a conversation in which something was missed is never sampled, and its words never outlive it.
"""

from __future__ import annotations

import re

from troth.gate import pool
from troth.gate.anonymity import REMOVED, scheme
from troth.gate.converse_link import talker_of
from troth.gate.errors import BadBody, NoRecord
from troth.gate.folder import opened
from troth.gate.house import House

SHORT, LONG = 2, 200  # characters of a detail
WORDS = ("input", "output")


def missed(house: House, *, person: int, data: str, number: str, text: str) -> int:
    """Take a detail out of one conversation of a person; return in how many turns it stood.

    Raises ``BadBody`` for a text too short to point at anything, ``NoRecord`` where it does not stand.
    """
    detail = text.strip()
    if not SHORT <= len(detail) <= LONG or detail.startswith("["):
        raise BadBody(
            data, "text", f"a detail has {SHORT} to {LONG} characters, as they stand in the message"
        )
    other, clause = talker_of(house, person), house.datum(data).clause
    found = re.compile(rf"(?<!\w){re.escape(detail)}(?!\w)", re.IGNORECASE)
    if other is None:
        raise NoRecord(number)
    turns = 0
    with opened(house, other) as folder:
        for rid, record in list(folder.records.items()):
            body = record.body
            if record.data != data or not isinstance(body, dict) or body.get("conversation") != number:
                continue
            clean = {n: found.sub(REMOVED, v) if n in WORDS else v for n, v in body.items()}
            if clean != body:
                folder.rewrite(rid, clean)
                turns += 1
        if not turns:
            raise NoRecord(number)
        folder.note("detail removed", clause, data=data, turns=turns)
    _out_of_the_pool(house, data, found)
    return turns


def _out_of_the_pool(house: House, data: str, found: re.Pattern[str]) -> None:
    """Drop every sample in which the detail stands, with what was said of it."""
    plan = scheme(house, data)
    for one in list(pool.samples(house, plan.sample.name)) if plan else ():
        if found.search(one.text):
            with opened(house, one.nobody) as folder:
                for rid in [r for r in folder.records if folder.records[r].data != house.kinds["events"]]:
                    folder.drop(rid)
                folder.note("sample withdrawn", plan.sample.clause if plan else "")
