"""Check staff: a role that only so many may bear has no more bearers in ``staff.toml``.

The one over the number is named; who bears it is for the company to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from troth.policy.check_terms import error
from troth.policy.model import Policy, Role
from troth.terms import Problem


def check_staff(policy: Policy, bearers: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """Yield the roles that more members of staff bear than the document lets; ``bearers``: name → roles.

    >>> few = Policy((Role(name="dpo", at_most=1),))
    >>> [p.message for p in check_staff(few, {"dana": ("dpo",), "eva": ("dpo",)})]
    ["2 people bear the role 'dpo', and the document lets 1"]
    """
    for role in policy.of(Role):
        many = sum(role.name in roles for roles in bearers.values())
        if role.at_most is not None and many > role.at_most:
            said = f"{many} people bear the role '{role.name}', and the document lets {role.at_most}"
            yield error(role.place, said, "take it from somebody in staff.toml")
