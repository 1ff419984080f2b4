"""Asker: who is calling.  It is read from the bearer token alone and decides nothing but who that is.

A person's token comes from a sign-in by mail code.  Everyone else holds a key whose SHA-256 digest stands in
the company's ``staff.toml``; the key itself is nowhere in the house.  One rule: *a token that is not known is
401, never a guess*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from troth.runtime import Key
from troth.web.sessions import Session, Sessions


@dataclass(frozen=True, slots=True)
class Asker:
    """Who calls.  ``kind``: nobody, person, job, staff or party.

    ``party`` and ``member`` say for whom a party's key speaks, ``roles`` as what a member of staff looks, and
    ``purposes`` to what a job is bound.  ``session`` is the stay of a person, or of a talk without one yet.
    """

    kind: str
    name: str = ""
    person: int | None = None
    party: str = ""
    member: str = ""
    roles: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    session: Session | None = field(default=None, repr=False, compare=False)

    @property
    def source(self) -> str:
        """How the document names where data come from that this asker hands in."""
        return "person" if self.kind == "person" else self.party or "device"

    @property
    def sign(self) -> str:
        """How the evidence knows this asker: the kind and a digest of the key's name, never the name.

        >>> Asker("job", "rewards").sign
        'job:55684e2c'
        """
        return (
            f"{self.party or self.kind}:{sha256(self.name.encode()).hexdigest()[:8]}"
            if self.name
            else self.kind
        )

    def __str__(self) -> str:
        return f"the {self.party or self.kind} '{self.name}'" if self.name else f"a {self.kind}"


NOBODY = Asker("nobody")


def by_digest(keys: Sequence[Key]) -> Mapping[str, Asker]:
    """Return who holds the key of each digest.

    >>> key = Key("rewards", "job", "sha256:" + "AB" * 32, purposes=("credit",))
    >>> by_digest([key])["ab" * 32].purposes
    ('credit',)
    """
    return {key.digest.removeprefix("sha256:").lower(): _holder(key) for key in keys}


def _holder(key: Key) -> Asker:
    if key.kind in ("job", "staff"):
        return Asker(key.kind, key.name, roles=key.roles, purposes=key.purposes)
    return Asker("party", key.name, party=key.kind, member=key.member, purposes=key.purposes)


def asker(
    company: str, keys: Mapping[str, Asker], sessions: Sessions, token: str, now: datetime
) -> Asker | None:
    """Return who holds this token, None when nobody does.

    Looking a digest up tells nothing by its time: who could choose digests would have to invert SHA-256.
    """
    session = sessions.find(company, token, now)
    if session is None:
        return keys.get(sha256(token.encode("utf-8", "replace")).hexdigest())
    if session.person is not None:
        return Asker("person", person=session.person, session=session)
    if session.staff:
        return Asker("staff", session.staff, roles=session.roles, session=session)
    return Asker("nobody", session=session)
