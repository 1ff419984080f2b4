"""Accounts: what the document asks of whoever opens one, read off its category that has a password.

A field that is not optional is asked, one of type ``key`` is drawn at random, and each kind of marketing can
be refused, or agreed to, on the same form.  A document without a field of type ``password`` has no accounts
of this kind: its people come in by a code, as everybody may.
"""

from __future__ import annotations

from dataclasses import dataclass

from troth.policy.model import Consent, Cookie, Data, Field, Policy, Purpose

MARKETING = "direct marketing"
INTEREST = "legitimate interest"
STAY = "stay"  # the cookie by which a browser stays signed in, where the document has it


@dataclass(frozen=True, slots=True)
class Account:
    """What an account is made of: the category, its purpose, the fields to fill in and the password's.

    ``drawn`` are the fields that we fill at random.  ``refuse`` are the kinds of marketing that begin unless
    somebody says no, ``agree`` those that begin with a yes.  ``opens``: a form opens it, because its purpose
    takes the address too; elsewhere an account begins another way, and the password is one more way in.
    """

    data: str
    purpose: str
    fields: tuple[Field, ...]
    password: str
    drawn: tuple[str, ...]
    refuse: tuple[Purpose, ...]
    agree: tuple[Consent, ...]
    opens: bool = True


def account_of(policy: Policy) -> Account | None:
    """Return what opening an account takes; None where accounts have no passwords.

    >>> from troth.policy.model import Basis, Ground, Use
    >>> kept = Data(name="account", fields=(Field(name="name"), Field(name="word", type="password")))
    >>> club = Purpose(name="club", bases=(Basis((Ground("contract"),), (Use("account"),)),))
    >>> found = account_of(Policy((kept, club)))
    >>> found.purpose, [f.name for f in found.fields], found.password
    ('club', ['name'], 'word')
    """
    data = next((d for d in policy.of(Data) if any(f.type == "password" for f in d.fields)), None)
    purpose = next((p.name for p in policy.of(Purpose) if data and _collects(p, data.name)), "")
    if data is None or not purpose:
        return None
    return Account(
        data.name,
        purpose,
        tuple(f for f in data.fields if not f.optional and f.type != "password"),
        next(f.name for f in data.fields if f.type == "password"),
        tuple(f.name for f in data.fields if f.optional and f.type == "key"),
        tuple(p for p in _marketing(policy) if _begins_unasked(p)),
        tuple(
            c
            for c in policy.of(Consent)
            if not c.per and any(_asks(p, c) for p in _marketing(policy) if not _begins_unasked(p))
        ),
        any(p.name == purpose and _collects(p, c) for p in policy.of(Purpose) for c in _contacts(policy)),
    )


def staying(policy: Policy) -> Cookie | None:
    """Return the cookie by which a browser stays signed in; None where the document has none."""
    return next((c for c in policy.of(Cookie) if c.name == STAY), None)


def _collects(purpose: Purpose, data: str) -> bool:
    return any(u.data == data and not u.reads for b in purpose.bases for u in b.uses)


def _marketing(policy: Policy) -> tuple[Purpose, ...]:
    contacts = _contacts(policy)
    return tuple(
        p
        for p in policy.of(Purpose)
        if MARKETING in p.marks and any(u.data in contacts for b in p.bases for u in b.uses)
    )


def _contacts(policy: Policy) -> frozenset[str]:
    """Name the categories by whose address somebody is known."""
    return frozenset(
        d.name for d in policy.of(Data) if any(f.type == "email" and f.identifies for f in d.fields)
    )


def _begins_unasked(purpose: Purpose) -> bool:
    return any(g.kind == INTEREST for b in purpose.bases for g in b.grounds)


def _asks(purpose: Purpose, consent: Consent) -> bool:
    return any(g.kind == "consent" and g.name == consent.name for b in purpose.bases for g in b.grounds)
