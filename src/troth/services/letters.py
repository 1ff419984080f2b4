"""Letters: which right the writer of a mail means, told from its words; where they name none, so does it."""

from __future__ import annotations

import re

MEANT = (  # the graver one first: who wants all gone, and says so beside a question, means it
    ("erase", r"\b(delete|erase|remove|forget|slett\w*|fjern\w*|glem\w*)\b"),
    ("restrict", r"\b(restrict|freeze|pause|begrens\w*|frys\w*)\b"),
    ("object", r"\b(object|unsubscribe|stop (?:using|profiling|sending)|protest\w*|motset\w*|reserver\w*)\b"),
    ("withdraw", r"\b(withdraw|take back|trekk\w*)\b"),
    ("correct", r"\b(correct|rectify|wrong|rett\w*|feil)\b"),
    ("carry", r"\b(portab\w*|transfer|take (?:it|them|my data) (?:along|with me)|overf\w*|ta med)\b"),
    ("complain", r"\b(complain\w*|klag\w*)\b"),
    ("access", r"\b(access|copy|see|know|what (?:do )?you (?:have|hold)|innsyn|kopi|se)\b"),
)


def meant(text: str) -> str:
    """Return the right that a text asks for; '' when it names none.

    >>> meant("Please delete my data"), meant("Jeg ber om innsyn"), meant("Hello!")
    ('erase', 'access', '')
    """
    plain = text.casefold()
    return next((right for right, pattern in MEANT if re.search(pattern, plain)), "")
