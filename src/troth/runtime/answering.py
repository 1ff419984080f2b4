"""Answering: a request or an objection is decided, and its person reads what, why, and where to complain.

Its one rule: *no answer without its reason, and none that does not name the authority* (GDPR Art. 12(4)).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from troth.gate.values import Asked
from troth.policy.model import Purpose
from troth.runtime.requests import authority
from troth.runtime.tongue import said_to
from troth.terms import TrothError

if TYPE_CHECKING:
    from troth.runtime.company import Company

ANSWER = "Our answer to your request {number}: {outcome}.\n\n{text}{authority}"
LONGER = "We need longer for your request {number}, until {day} at the latest. Why:\n\n{reason}{authority}"
UPHELD = "Your objection to “{purpose}” is upheld. We stop this for you.\n\n{reason}\n\n{way}{authority}"
REFUSED = "Your objection to “{purpose}” is not upheld, as of {day}. Our grounds:\n\n{reason}{authority}"
WAY = "You may have what was used for it erased as well, on your page: {link}"


class NoReason(TrothError):
    """An answer that is not a plain yes says why, and one to a question says something."""

    def __init__(self) -> None:
        super().__init__("text: a refusal, whole or in part, says its reason to the person (GDPR Art. 12(4))")


def answer(company: Company, *, person: int, number: str, outcome: str, text: str = "") -> Asked:
    """Close a request and write to its person; raise ``NoReason`` for a no, or a half, without one."""
    due = outcome in ("refused", "partly", "not upheld") or _asked(company, person, number)
    if due and not text.strip():
        raise NoReason
    writer = company.gate.writer(person=person, number=number)
    asked: Asked = company.gate.answer(person=person, number=number, outcome=outcome, text=text)
    say, hears = said_to(company, person), authority(company, person)
    said = say(ANSWER, number=number, outcome=say(outcome), text=text, authority=hears)
    if writer:  # a question is answered where it came from, whoever is known there
        company.send(writer, say("Re: Your question: case {number}", number=number), said)
    else:
        _write(company, say("Your request {number}", number=number), said, person)
    return asked


def _asked(company: Company, person: int, number: str) -> bool:
    """Say whether somebody waits for words: a question or a complaint is answered by them alone."""
    return any(case.asked.number == number for case in company.gate.cases(person=person))


def lengthen(company: Company, *, person: int, number: str, reason: str) -> None:
    """Take longer over a request, and write the reason and the new day to its person (GDPR Art. 12(3))."""
    company.gate.extend(person=person, number=number, reason=reason)
    found = next((a for a in company.gate.access(person=person).requests if a.number == number), None)
    zone = ZoneInfo(company.policy.zone)
    day = (found.due.astimezone(zone) - timedelta(microseconds=1)).date().isoformat() if found else ""
    say, hears = said_to(company, person), authority(company, person)
    said = say(LONGER, number=number, day=day, reason=reason, authority=hears)
    _write(company, say("Your request {number} takes longer", number=number), said, person)


def judge(company: Company, *, person: int, purpose: str, upheld: bool, reason: str, by: str) -> None:
    """Decide an objection and write the grounds to its person (GDPR Art. 21(1))."""
    company.gate.decide_objection(person=person, purpose=purpose, upheld=upheld, reason=reason, by=by)
    name = purpose.partition("(")[0]
    title = next((p.text for p in company.policy.of(Purpose) if p.name == name), "") or purpose
    link = f"{company.base_url}/{company.name}/me/rights"
    say = said_to(company, person)
    said = say(
        UPHELD if upheld else REFUSED,
        purpose=title,
        reason=reason,
        day=company.clock().date().isoformat(),
        way=say(WAY, link=link),
        authority=authority(company, person),
    )
    _write(company, say("Your objection is decided"), said, person)


def _write(company: Company, subject: str, text: str, person: int) -> None:
    """Write to the person; where no address is held or proved, they read it on their page."""
    try:
        company.inform(subject, text, person=person)
    except TrothError:
        return
