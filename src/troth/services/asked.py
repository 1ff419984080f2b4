"""Asked: a consent's question as it is put to one person, with the member's own name in it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from troth.policy.model import Consent, Policy

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

    return BLANK.sub(fill, found.question)
