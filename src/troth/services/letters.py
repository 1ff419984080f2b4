"""Letters: which right the writer of a mail means, told from its words; where they name none, so does it."""

from __future__ import annotations

import re

from troth.policy.model import Policy, Purpose, RequestDoor

COMMON = frozenset({"your", "about", "with", "from", "what", "that", "this", "them", "products", "services"})

MEANT = (  # the graver one first: who wants all gone, and says so beside a question, means it
    ("erase", r"\b(delete|erase|remove|forget|slett\w*|fjern\w*|glem\w*)\b"),
    ("restrict", r"\b(restrict|freeze|pause|begrens\w*|frys\w*)\b"),
    ("object", r"\b(object|unsubscribe|stop (?:using|profiling|sending)|protest\w*|motset\w*|reserver\w*)\b"),
    ("withdraw", r"\b(withdraw|take back|trekk\w*)\b"),
    ("correct", r"\b(correct|rectify|wrong|rett\w*|feil)\b"),
    ("carry", r"\b(portab\w*|transfer|take (?:it|them|my data) (?:along|with me)|overf\w*|ta med)\b"),
    ("complain", r"\b(complain\w*|klag\w*)\b"),
    ("access", r"\b(access|copy|see|know|what (?:do )?you (?:have|hold)|(?:send|give) me|innsyn|kopi|se)\b"),
)


def meant(text: str) -> str:
    """Return the right that a text asks for; '' when it names none.

    >>> meant("Please delete my data"), meant("Jeg ber om innsyn"), meant("Hello!")
    ('erase', 'access', '')
    """
    plain = text.casefold()
    return next((right for right, pattern in MEANT if re.search(pattern, plain)), "")


PRIVACY = re.compile(r"privacy|personal data|gdpr|personvern\w*|personopplysning\w*", re.IGNORECASE)


def complaint(policy: Policy, text: str) -> str:
    """Name the document's door for a complaint of these words, '' where it has none."""
    doors = {d.name for d in policy.of(RequestDoor)}
    wanted = ("privacy-complaint", "complaint") if PRIVACY.search(text) else ("complaint",)
    return next((name for name in wanted if name in doors), "")


def meaning(policy: Policy, text: str) -> str:
    """Name the purpose that an objection speaks of, by its name or words; '' when it names none or several.

    >>> from troth.policy.model import Basis, Ground
    >>> improve = Purpose(name="improve", text="Study how things are used",
    ...                   bases=(Basis((Ground("legitimate interest", "x"),), ()),))
    >>> meaning(Policy((improve,)), "I object to your study of me"), meaning(Policy((improve,)), "I object")
    ('improve', '')
    """
    said = set(re.findall(r"\w{4,}", text.casefold()))
    found = []
    for purpose in policy.of(Purpose):
        if any(purpose.opposable(g.kind) for b in purpose.bases for g in b.grounds):
            words = set(re.findall(r"\w{4,}", f"{purpose.name} {purpose.text}".casefold())) - COMMON
            found += [purpose.name] if said & words else []
    return found[0] if len(found) == 1 else ""
