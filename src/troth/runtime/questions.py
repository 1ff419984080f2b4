"""Questions: whoever writes to the company gets a number, a day, and one receipt, whether known here or not.

A question makes its writer known by the address it came from and by nothing more.  The receipt goes to that
address alone, so that typing another's address tells the typist nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from troth.gate.values import Asked
from troth.policy.model import Span
from troth.runtime.tongue import said_to

if TYPE_CHECKING:
    from troth.runtime.company import Company

AGAIN = timedelta(minutes=10)  # within which the same words from the same address are one case
NUMBER = "Your question: case {number}"
TEXT = (
    "We have your question. It is case {number}, and you have our answer by {day}. It is free.\n\n"
    "What you wrote and your address are kept with the case, and go with it: {notice}\n"
)


def question(
    company: Company,
    *,
    address: str,
    text: str,
    channel: str,
    door: str = "question",
    within: Span | None = None,
    hint: str = "",
    answers: str = "",
) -> Asked:
    """Open a case for a question, or for what else the document opens a door for, and send the receipt.

    ``hint`` is said in it as well; ``answers`` is the id of the letter that it answers.
    """
    plain = address.strip().lower()
    person = company.gate.find(kind="email", value=plain)
    if person is None:
        person = company.gate.new_person()
        company.gate.identify(person=person, kind="email", value=plain)
    twice = _again(company, person, door, text)
    if twice is not None:
        return twice
    asked = company.gate.question(
        person=person, text=text, address=plain, channel=channel, door=door, within=within
    )
    company.gate.match_letter(person=person, text=text)
    last = (asked.due - timedelta(microseconds=1)).astimezone(ZoneInfo(company.policy.zone)).date()
    notice = f"{company.base_url}/{company.name}/privacy"
    say = said_to(company, person)
    text = say(TEXT, number=asked.number, day=last.isoformat(), notice=notice) + (hint and f"\n{hint}")
    company.send(plain, say(NUMBER, number=asked.number), text, answers=answers)
    return asked


def _again(company: Company, person: int, door: str, text: str) -> Asked | None:
    """Return the open case that says the same and was made a moment ago: a second press makes no second."""
    edge = company.clock() - AGAIN
    for case in company.gate.cases(person=person):
        same = case.asked.right == door and case.text == text.strip()
        if same and case.asked.answered is None and case.asked.made > edge:
            return case.asked
    return None
