"""Check law: what the packs taken in by ``under`` ask of the document.

A pack is a document in the same language.  Its ``right``, ``breach`` and ``children`` are limits that a
document may better and never weaken; its ``require`` lines are disclosures, listed with their article
where they are missing. Its claims are proved by the kernel like the document's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.check_disclosures import BARS, DISCLOSURES
from troth.policy.check_terms import advice, canonical, days, error, missing
from troth.policy.model import (
    Breach,
    Children,
    Consent,
    Data,
    Ground,
    Keep,
    Policy,
    Purpose,
    RequestDoor,
    Required,
    Right,
    Span,
    Statement,
)
from troth.terms import Problem


def check_law(policy: Policy) -> Iterator[Problem]:
    """Yield where the document is weaker than its laws, and which disclosures it lacks."""
    for pack in policy.packs:
        yield from _rights(policy, pack)
        yield from _breach(policy, pack)
        yield from _ages(policy, pack)
        yield from _floors(policy, pack)
        for required in pack.of(Required):
            yield from _required(policy, pack, required)


def _required(policy: Policy, pack: Policy, required: Required) -> Iterator[Problem]:
    level = error if required.what in BARS else missing
    find = BARS.get(required.what) or DISCLOSURES.get(required.what)
    if find is None:
        known = ", ".join(sorted({*DISCLOSURES, *BARS}))
        yield error(required.place, f"no check is called '{required.what}'", f"known are {known}")
        return
    for place, message, hint in find(policy):
        yield level(place, f"{message} ({_cited(pack, required.article)})", hint)


def _cited(pack: Policy, article: str) -> str:
    return f"{pack.title}, {article}" if pack.title else article


def _rights(policy: Policy, pack: Policy) -> Iterator[Problem]:
    limits = {r.name: r for r in pack.of(Right)}
    for right in policy.of(Right):
        law = limits.get(right.name)
        if law is None:
            continue
        for said, most, what in (
            (right.within, law.within, "is answered within"),
            (right.extended, law.extended, "may take"),
        ):
            yield from _weaker(right, f"right '{right.name}' {what}", said, most, _cited(pack, law.article))
    for request in policy.of(RequestDoor):
        law = limits.get(request.does)
        if law is not None:
            what = f"request '{request.name}' is answered within"
            yield from _weaker(request, what, request.within, law.within, _cited(pack, law.article))


def _weaker(
    by: Statement, what: str, said: Span | None, most: Span | None, article: str
) -> Iterator[Problem]:
    if said is None or most is None or canonical(said) == canonical(most):
        return
    (shortest, longest), (least, limit) = days(said), days(most)
    if shortest > limit:
        yield error(
            by.place, f"{what} {said}, but the law allows {most} ({article})", f"write {most} or less"
        )
    elif longest > least:
        yield advice(
            by.place,
            f"{what} {said}, which can run past {most} ({article})",
            "the earlier of the two days is kept; the law's own words would say so",
        )


def _breach(policy: Policy, pack: Policy) -> Iterator[Problem]:
    for law in pack.of(Breach):
        for breach in policy.of(Breach):
            what = "breach: the authority hears within"
            yield from _weaker(
                breach, what, breach.authority_within, law.authority_within, _article(law, pack)
            )


def _article(law: Statement, pack: Policy) -> str:
    """Name the article of a pack's statement that has no field for it: its heading up to the colon."""
    return _cited(pack, law.clause.title.partition(":")[0] or f"§{law.clause.ref}")


def _floors(policy: Policy, pack: Policy) -> Iterator[Problem]:
    """What a document keeps because of a law stays as long as that law's own keep rules say.

    What the gate itself writes down (``records``) has a period of the pack's making, which binds nobody.
    """
    own = {d.name for d in pack.of(Data) if d.records}
    for law in pack.of(Keep):
        if not law.because or set(law.data) <= own or law.span is None:
            continue
        rests = {p.name for p in policy.of(Purpose) if any(_reaches(pack, law, g.name) for g in _duties(p))}
        for keep in (k for k in policy.of(Keep) if k.because in rests):
            since = keep.end_of == law.end_of and (keep.after == law.after or _dated(policy, keep))
            if keep.span is None or not since or days(keep.span)[1] < days(law.span)[1]:
                yield error(
                    keep.place,
                    f"keep: the law asks for {law.span} {_from(law)} ({_article(law, pack)})",
                    f"keep {', '.join(keep.data)} as long as the law says, or name another reason",
                )


def _dated(policy: Policy, keep: Keep) -> bool:
    """Say whether a year is counted from a date that every one of the kept records itself carries.

    The law speaks of the year that a record belongs to; its own posting date says which one that is.
    """
    kept = [d for d in policy.of(Data) if d.name in keep.data]
    dates = [{f.name for f in d.fields if f.type == "date" and not f.optional} for d in kept]
    return bool(keep.end_of) and len(kept) == len(keep.data) and all(keep.after in own for own in dates)


def _duties(purpose: Purpose) -> Iterator[Ground]:
    yield from (g for b in purpose.bases for g in b.grounds if g.kind == "legal obligation")


def _reaches(pack: Policy, law: Keep, duty: str) -> bool:
    """Say whether a law's period is that of a duty: its nearest paragraph's, else that of the whole law."""
    if not pack.title or not duty.startswith(pack.title):
        return False
    paragraphs = {g.name: p.name for p in pack.of(Purpose) for g in _duties(p) if duty.startswith(g.name)}
    return not paragraphs or paragraphs[max(paragraphs, key=len)] == law.because


def _from(keep: Keep) -> str:
    return f"after {keep.after or 'end of ' + keep.end_of}"


def _ages(policy: Policy, pack: Policy) -> Iterator[Problem]:
    """A child's yes counts from the pack's age on: each consent, or ``children``, must say at least that."""
    refused = max((c.under for c in policy.of(Children) if c.refuse), default=0)
    for law in pack.of(Children):
        for children in policy.of(Children):
            if children.under < law.under:
                yield error(
                    children.place,
                    f"children under {children.under} are refused, the law asks for {law.under} at least "
                    f"({_article(law, pack)})",
                    f"write {law.under} or more",
                )
        for consent in policy.of(Consent):
            if max(consent.age or 0, refused) >= law.under:
                continue
            said = f"from age {consent.age}" if consent.age else "without an age"
            yield error(
                consent.place,
                f"consent '{consent.name}' counts {said}, the law asks for {law.under} at least "
                f"({_article(law, pack)})",
                f"write 'age {law.under}', or 'children under {law.under} refuse'",
            )
