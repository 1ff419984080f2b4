"""Classes: of which kind a message is, read off the purpose it is written for and never ticked by its sender.

*marketing* can be refused, and each carries its way out.  *service* belongs to what somebody has with us, and
*legal* to what a law has us say; neither can be refused, so neither may carry an offer.  *survey* is all
else: it asks something, and an objection ends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.model import Consent, Data, Field, Policy, Purpose

MARKETING, SERVICE, LEGAL, SURVEY = "marketing", "service", "legal", "survey"
REFUSABLE = frozenset({MARKETING, SURVEY})
OFFER = "offer:"  # how a paragraph begins that offers something


def class_of(purpose: Purpose) -> str:
    """Return the class of the messages that a purpose sends.

    >>> from troth.policy.model import Basis, Ground
    >>> class_of(Purpose(name="news", marks=frozenset({"direct marketing"})))
    'marketing'
    >>> class_of(Purpose(name="bills", bases=(Basis((Ground("contract"), Ground("legal obligation")), ()),)))
    'service'
    """
    kinds = {g.kind for b in purpose.bases for g in b.grounds}
    if "direct marketing" in purpose.marks:
        return MARKETING
    if kinds <= {"legal obligation", "vital interest", "public task"}:
        return LEGAL
    return SERVICE if kinds <= {"contract", "instruction", "legal obligation"} else SURVEY


def marketing(policy: Policy, data: str) -> tuple[Purpose, ...]:
    """Return the kinds of marketing by mail in the company's own name, whosever address they write to."""
    per = {c.name for c in policy.of(Consent) if c.per}
    return tuple(
        p
        for p in policy.of(Purpose)
        if class_of(p) == MARKETING
        and (address_of(policy, p) or any(u.data == data for b in p.bases for u in b.uses))
        and not any(g.name in per for b in p.bases for g in b.grounds if g.kind == "consent")
    )


def topics(policy: Policy, data: str) -> tuple[Data, Field] | None:
    """Return the closed question by which people pick their topics of marketing; None where there is none."""
    read = {u.data for p in marketing(policy, data) for b in p.bases for u in b.uses} - {data}
    for datum in policy.of(Data):
        field = next((f for f in datum.fields if f.type == "choice"), None)
        if datum.name in read and "person" in datum.sources and field is not None and len(datum.fields) == 1:
            return datum, field
    return None


def consents_of(purpose: Purpose) -> Iterator[str]:
    """Yield the consents that a purpose may rest on."""
    yield from dict.fromkeys(g.name for b in purpose.bases for g in b.grounds if g.kind == "consent")


def address_of(policy: Policy, purpose: Purpose) -> tuple[str, str] | None:
    """Return category and field of the first mail address from people themselves that a purpose may use."""
    held = {datum.name: datum.fields for datum in policy.of(Data) if "person" in datum.sources}
    for use in (u for basis in purpose.bases for u in basis.uses):
        for field in held.get(use.data, ()):
            if field.type == "email" and use.field in ("", field.name):
                return use.data, field.name
    return None


def needs_yes(purpose: Purpose) -> bool:
    """Say whether a purpose rests on a yes alone."""
    return all(g.kind == "consent" for b in purpose.bases for g in b.grounds)


def offers(text: str) -> bool:
    """Say whether a text has a paragraph that offers something.

    >>> offers("Your bill.\\n\\noffer: Half off this week"), offers("Your bill.")
    (True, False)
    """
    return any(line.strip().lower().startswith(OFFER) for line in text.splitlines())


def plain(text: str) -> str:
    """Return a text as it is read, without the words that mark its offers."""
    kept = (line if not line.strip().lower().startswith(OFFER) else _bare(line) for line in text.splitlines())
    return "\n".join(kept)


def _bare(line: str) -> str:
    return line.strip()[len(OFFER) :].strip()
