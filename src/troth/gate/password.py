"""Password: whether somebody knows the one that an account has, and a new one in its place.

What is kept is a digest (``secret``), read for the purpose that the document uses it for.  Its one rule: *the
answer is yes or no*, and takes as long where nobody is.
"""

from __future__ import annotations

from troth.gate import secret
from troth.gate.correct import correct
from troth.gate.errors import NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.read import may
from troth.store import Record
from troth.terms import Action, Allowed, Request


def knows(house: House, *, person: int | None, password: str) -> bool:
    """Say whether this is the person's password; for nobody, and for who has none, the answer is no."""
    found = _kept(house, person) if person is not None else None
    if found is None or person is None:
        secret.same(secret.nobodys(), password)
        return False
    record, field = found
    body = record.body if isinstance(record.body, dict) else {}
    right = secret.same(str(body[field]), password)
    return right and _allowed(house, person, record.data, field)


def has_password(house: House, *, person: int) -> bool:
    """Say whether a person's account has a password."""
    return _kept(house, person) is not None


def change_password(house: House, *, person: int, password: str) -> None:
    """Put a new password in place of the old, or the first one; raise ``BadBody`` for one that will not do.

    Raises ``NoRecord`` for somebody who has no account.
    """
    found = _account(house, person)
    if found is None:
        raise NoRecord(0)
    record, field = found
    correct(house, person=person, rid=record.rid, body={field: password})
    with opened(house, person) as folder:
        folder.trail("password changed")


def _allowed(house: House, person: int, data: str, field: str) -> bool:
    """Say whether a purpose of the document may use the password now; an account that is over has none."""
    purposes = dict.fromkeys(p for p, f in house.candidates.get(data, ()) if f in ("", field))
    asked = (Request(Action.USE, data, purpose, field=field) for purpose in purposes)
    return any(isinstance(may(house, person=person, request=one), Allowed) for one in asked)


def _kept(house: House, person: int) -> tuple[Record, str] | None:
    found = _account(house, person)
    return found if found and isinstance(found[0].body, dict) and found[0].body.get(found[1]) else None


def _account(house: House, person: int) -> tuple[Record, str] | None:
    """Return the newest record of a category that has a password, and that field; None where none is."""
    records = [r for r in standing(house, person, frozenset(house.secrets)) if r.data in house.secrets]
    newest = max(records, key=lambda r: (r.meta.collected, r.rid), default=None)
    return (newest, house.secrets[newest.data][0]) if newest else None
