"""Profiling: one act of a person ends all profiling of them, for everybody or for one client.

It counts at once: what was counted goes in the same deed, and every choice made after it asks anew.  No
reason is asked for (GDPR Art. 21(2)-(3)); the answer and a mail confirm it.
"""

from __future__ import annotations

from collections.abc import Sequence

from troth.policy.model import OptOut, Purpose
from troth.runtime import Company
from troth.services import Coverage
from troth.terms import TrothError
from troth.web import tongue
from troth.web.deriving import refresh


def profiling(company: Company) -> tuple[str, ...]:
    """Name the purposes that one *stop profiling me* ends: those the document lists together, else all that
    are labelled so."""
    marked = {p.name for p in company.policy.of(Purpose) if "profiling" in p.marks}
    listed = [n for door in company.policy.of(OptOut) if marked & set(door.purposes) for n in door.purposes]
    known: Sequence[str] = listed or sorted(marked)
    return tuple(n for n in dict.fromkeys(known) if _may_object(company, n))


def stop_profiling_of(
    company: Company, person: int, *, given: bool = True, member: str = "", channel: str = ""
) -> tuple[str, ...]:
    """Object to every purpose that profiles, or lift that; return the purposes, with the client's name."""
    names = tuple(f"{name}({member})" if member else name for name in profiling(company))
    standing = company.gate.access(person=person).objections
    changed = [name for name in names if (name in standing) != given]
    for name in changed:
        company.gate.object(person=person, purpose=name, given=given, channel=channel)
    if changed:
        refresh(company, person)
        confirm(company, person, given=given)
    return names


def confirm(company: Company, person: int, *, given: bool) -> bool:
    """Write to the person that it is done; say whether a mail went.  The page says it to everybody."""
    say = tongue.speaker(company.policy.language)
    at = tongue.clock(company.clock(), company.policy.language, company.policy.zone)
    if given:
        text = say("Profiling of you is stopped since {at}. What we had worked out is deleted.", at=at)
    else:
        text = say("You allowed profiling again at {at}.", at=at)
    subject = say("Profiling is stopped.") if given else say("Profiling is allowed again.")
    try:
        return company.inform(subject, text, person=person) is not None
    except TrothError:
        return False


def _may_object(company: Company, name: str) -> bool:
    """Say whether an objection to a purpose means anything: it rests on an interest, or is marketing."""
    purpose = Coverage(company.policy).purpose(name)
    return purpose is not None and purpose.may_object
