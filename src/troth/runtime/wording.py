"""Wording: picks, for one person and now, the wording of a message that a rule names.

Choosing is a use of what was counted for the purpose that the message names, asked of the gate at the moment
of sending: who objected gets everybody's wording, and no message that has none for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.policy.model import Purpose
from troth.runtime.liking import likes_for
from troth.services import Message, Variant, variant_for
from troth.services.choosing import best

if TYPE_CHECKING:
    from troth.runtime.company import Company

STOP_PROFILING = "stop profiling"


def way_out(company: Company, person: int) -> str:
    """Return the line by which a reader stops profiling with one press; '' where none is done."""
    if not company.base_url or not any("profiling" in p.marks for p in company.policy.of(Purpose)):
        return ""
    ticket = company.gate.ticket(person=person, deed=STOP_PROFILING)
    return f"Stop choosing by what you like: {company.base_url}/{company.name}/stop-profiling/{ticket}\n"


def word(company: Company, message: Message, person: int, member: str) -> Variant | None:
    """Return the wording for a person, or None when none is theirs; what was picked is written down."""
    ruled = any(v.rule for v in message.variants)
    likes = likes_for(company, person, message.words, member) if ruled else ()
    variant = variant_for(message, likes)
    if variant is None:
        return None
    by = best([variant.rule], likes) if variant.rule else None
    company.gate.worded(
        person=person,
        message=message.name,
        wording=variant.name,
        purpose=(message.words if by else "") or message.purpose,
        member=member,
        question=by.question if by else "",
        answer=by.answer if by else "",
    )
    return variant
