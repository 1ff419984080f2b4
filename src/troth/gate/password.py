"""Password: whether somebody knows the one that an account has, and a new one in its place.

What is kept is a digest (``secret``), read for the purpose that the document uses it for.  A category with a
password may have a moment ``given``: until then a password that we drew and sent is good, and no longer; its
person puts one of their own in its place.  Its one rule: *the answer is yes or no*, and takes as long where
nobody is.
"""

from __future__ import annotations

from base64 import b32encode
from datetime import UTC, datetime, timedelta
from secrets import token_bytes

from troth.gate import secret
from troth.gate.collect import collect
from troth.gate.correct import correct
from troth.gate.errors import BadBody, NoRecord
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.read import may
from troth.store import Record
from troth.terms import Action, Allowed, Request

GIVEN = "given"  # the moment, in a category with a password, until which one that was sent is good
GOOD_FOR = timedelta(days=1)


def knows(house: House, *, person: int | None, password: str) -> bool:
    """Say whether this is the person's password; for nobody, and for who has none, the answer is no."""
    found = _kept(house, person) if person is not None else None
    if found is None or person is None:
        secret.same(secret.nobodys(), password)
        return False
    record, field = found
    right = secret.same(_value(record, field), password)
    return right and not _over(house, record) and _allowed(house, person, record.data, field)


def has_password(house: House, *, person: int) -> bool:
    """Say whether a person's account has a password."""
    return _kept(house, person) is not None


def is_given(house: House, *, person: int) -> bool:
    """Say whether a person's password is one that was sent to them and not one they chose."""
    found = _kept(house, person)
    return found is not None and bool(_value(found[0], GIVEN))


def change_password(house: House, *, person: int, password: str) -> None:
    """Put a new password in place of the old, or the first one; raise ``BadBody`` for one that will not do.

    Raises ``NoRecord`` for somebody who has no account, ``Refused`` where the document lets none be kept.
    """
    _put(house, person, password, None)
    with opened(house, person) as folder:
        folder.trail("password changed")


def give_password(house: House, *, person: int) -> str:
    """Draw a password to begin with, good for one day, and return it to be sent; nobody reads it again.

    Raises ``BadBody`` where the document has no place for one that is given, or somebody has one already.
    """
    data = next((d for d in house.secrets if any(f.name == GIVEN for f in house.data[d].fields)), "")
    if not data or has_password(house, person=person):
        raise BadBody(data or "password", GIVEN, "no password is given where one stands or none is declared")
    drawn = b32encode(token_bytes(10)).decode().lower()
    word = "-".join(drawn[n : n + 4] for n in range(0, len(drawn), 4))
    _put(house, person, word, house.clock() + GOOD_FOR)
    with opened(house, person) as folder:
        folder.trail("password given")
    return word


def _put(house: House, person: int, password: str, given: datetime | None) -> None:
    """Write a password where one stands, or beside the newest record of its category, or as its first."""
    found = _account(house, person)
    until = given.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if given else None
    if found is not None:
        record, field = found
        changed = {GIVEN: until} if given or _value(record, GIVEN) else {}
        correct(house, person=person, rid=record.rid, body={field: password, **changed})
        return
    for data, (field, *_) in house.secrets.items():
        if any(not f.optional and f.name != field for f in house.data[data].fields):
            continue
        purpose = next(p for p, f in house.candidates[data] if f in ("", field))
        body = {field: password, **({GIVEN: until} if given else {})}
        collect(house, person=person, data=data, body=body, purpose=purpose, source="person")
        return
    raise NoRecord(0)


def _over(house: House, record: Record) -> bool:
    """Say whether a password that was given is no longer good."""
    until = _value(record, GIVEN)
    return bool(until) and datetime.fromisoformat(until) <= house.clock()


def _allowed(house: House, person: int, data: str, field: str) -> bool:
    """Say whether a purpose of the document may use the password now; an account that is over has none."""
    purposes = dict.fromkeys(p for p, f in house.candidates.get(data, ()) if f in ("", field))
    asked = (Request(Action.USE, data, purpose, field=field) for purpose in purposes)
    return any(isinstance(may(house, person=person, request=one), Allowed) for one in asked)


def _kept(house: House, person: int) -> tuple[Record, str] | None:
    found = _account(house, person)
    return found if found and _value(*found) else None


def _account(house: House, person: int) -> tuple[Record, str] | None:
    """Return the newest record that holds a password, else the newest that could, and that field.

    A category may spread over many records; the password stands in the one it was put into.
    """
    records = [r for r in standing(house, person, frozenset(house.secrets)) if r.data in house.secrets]
    found = [(r, field) for r in records for field in house.secrets[r.data][:1]]
    return max(found, key=lambda f: (bool(_value(*f)), f[0].meta.collected, f[0].rid), default=None)


def _value(record: Record, field: str) -> str:
    return str(record.body.get(field) or "") if isinstance(record.body, dict) else ""
