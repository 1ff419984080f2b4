"""Check profiling: what is worked out about a person is labelled as such, with its logic (GDPR Art. 4(4)).

A purpose profiles when it uses what was counted together about a person, or weighs likes on an interest of
the company's own; numbers about groups are none.  Its one rule: *whoever evaluates a person says so*.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.check_terms import advice, error, spoken
from troth.policy.model import Data, OptOut, Policy, Purpose
from troth.terms import Form, Problem

LIKING = frozenset({"pd:Preference", "pd:Interest", "pd:Opinion"})
PROFILING = "profiling"


def check_profiling(policy: Policy) -> Iterator[Problem]:
    """Yield what is wrong with counted data, and each purpose that profiles and does not say so."""
    for datum in policy.of(Data):
        if datum.counted:
            yield from _counted(datum)
    for purpose in policy.of(Purpose):
        yield from _labelled(policy, purpose)
    for door in policy.of(OptOut):
        if door.reason_needed:
            yield error(
                door.place,
                f"an objection needs no reason, and the way out of {spoken(door.purposes)} asks for one",
                "leave 'reason needed' out (GDPR Art. 21(2))",
            )


def profiles(policy: Policy, purpose: Purpose) -> tuple[str, ...]:
    """Return the data by whose use a purpose evaluates a person; none when it does not.

    >>> from troth.policy.model import Basis, Ground, Use
    >>> likes = Data(name="likes", counted=True)
    >>> fit = Purpose(name="fit", bases=(Basis((Ground("contract"),), (Use("likes", reads=True),)),))
    >>> profiles(Policy((likes, fit)), fit)
    ('likes',)
    """
    known = {d.name: d for d in policy.of(Data)}
    found: dict[str, None] = {}
    for basis in purpose.bases:
        interest = any(g.kind == "legitimate interest" for g in basis.grounds)
        for use in basis.uses:
            datum = known.get(use.data)
            if (
                datum
                and use.form is not Form.ANONYMOUS
                and (datum.counted or (interest and datum.dpv in LIKING))
            ):
                found[use.data] = None
    return tuple(found)


def _counted(datum: Data) -> Iterator[Problem]:
    texts = [f for f in datum.fields if f.type == "text"]
    if not datum.inputs:
        yield error(datum.place, f"'{datum.name}' is counted from nothing", "name the data: from DATA, …")
    if len(texts) < 2:
        yield error(
            datum.place,
            f"'{datum.name}' is counted and has no room for what is counted",
            "give it two text fields: the question and the answer",
        )


def _labelled(policy: Policy, purpose: Purpose) -> Iterator[Problem]:
    used = profiles(policy, purpose)
    if used and PROFILING not in purpose.marks:
        yield error(
            purpose.place,
            f"purpose '{purpose.name}' evaluates {spoken(used)} and is not labelled as profiling",
            f'write: purpose {purpose.name} "…" profiling, or read {spoken(used)} as anonymous',
        )
    elif PROFILING in purpose.marks and not (purpose.logic and purpose.effects):
        lacks = "logic" if not purpose.logic else "effects"
        yield advice(
            purpose.place,
            f"purpose '{purpose.name}' profiles and does not say by which logic and with which effects",
            f'write below it: {lacks} "…" (GDPR Art. 13(2)(f))',
        )
