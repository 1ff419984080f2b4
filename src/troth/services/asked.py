"""Asked: a consent's question as it is put to one person, with the member's own name in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.policy.model import Consent, Data, Policy, Purpose

Parties = Mapping[str, Mapping[str, Mapping[str, object]]]
BLANK = re.compile(r"\{([a-z][\w-]*)\}")


def question(policy: Policy, parties: Parties, name: str) -> str:
    """Return the question of a consent; ``news(bryggen)`` names the member that fills its blank.

    >>> p = Policy((Consent(name="news", question="May {client} write?", per=("client",)),))
    >>> question(p, {"client": {"bryggen": {"title": "Bryggen Kaffe"}}}, "news(bryggen)")
    'May Bryggen Kaffe write?'
    """
    bare, _, rest = name.partition("(")
    found = next((c for c in policy.of(Consent) if c.name == bare), None)
    if found is None:
        return ""
    members = [m.strip() for m in rest.rstrip(")").split(",") if m.strip()]
    named = dict(zip(found.per, members, strict=False))

    def fill(blank: re.Match[str]) -> str:
        kind = blank[1]
        member = named.get(kind, "")
        return str(parties.get(kind, {}).get(member, {}).get("title", member or f"this {kind}"))

    every = fields_of(policy, found) if "field" in found.per and len(members) < 2 else ()
    return BLANK.sub(fill, found.question) + (f" ({', '.join(every)})" if every else "")


def fields_of(policy: Policy, consent: Consent) -> tuple[str, ...]:
    """Return every field that a consent opens, so that a yes to all of them names each.

    >>> from troth.policy.model import Basis, Field, Ground, Use
    >>> shared = Data(name="shared", fields=(Field(name="plan"), Field(name="usage")))
    >>> basis = Basis((Ground("consent", "bring"),), (Use("shared"),))
    >>> bring = Consent(name="bring", question="May we?", per=("operator", "field"))
    >>> fields_of(Policy((shared, Purpose(name="better", bases=(basis,)))), bring)
    ('plan', 'usage')
    """
    used = {
        use.data
        for purpose in policy.of(Purpose)
        for basis in purpose.bases
        if any((g.kind, g.name) == ("consent", consent.name) for g in basis.grounds)
        for use in basis.uses
    }
    return tuple(f.name for d in policy.of(Data) if d.name in used for f in d.fields)
