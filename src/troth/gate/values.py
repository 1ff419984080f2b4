"""Values: what the gate hands back, frozen; readers outside get these and never a row.

Instants are aware datetimes in UTC unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from troth.kernel.count import Answer
from troth.terms import Clause, Form, Permit


@dataclass(frozen=True, slots=True)
class Held:
    """One record as its person, or a permitted reader, may see it.

    ``due`` is the first instant at which it is gone; None while ``waits`` names what it waits for.
    ``because`` names the purpose whose law keeps it; ``restricted`` says that it is only kept.  ``stopped``
    are the purposes that may not use it since its person objected; ``behind`` is what a counted record
    stands on, ``lasting`` what an erasure asked for today would leave of it; both are filled where its person
    looks.
    """

    rid: int
    data: str
    body: Mapping[str, object] = field(repr=False)
    purposes: tuple[str, ...]
    source: str
    collected: datetime
    due: datetime | None = None
    waits: str = ""
    clause: Clause | None = None
    because: str = ""
    restricted: bool = False
    person: int = 0
    stopped: tuple[str, ...] = ()
    behind: tuple[Answer, ...] = ()
    lasting: tuple[Stay, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """What the person decided: ``kind`` is consent, objection, restriction, age, notice or terms.

    ``name`` is the consent, purpose or data named, with its member in brackets; ``given`` False takes it
    back.
    ``text`` is the wording that was shown, ``version`` and ``language`` say of which document.
    """

    kind: str
    name: str
    given: bool
    at: datetime
    text: str = ""
    version: str = ""
    language: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One time data left the house or were shown inside it: to whom, what, why, by which clause."""

    at: datetime
    party: str
    member: str
    data: tuple[str, ...]
    purpose: str
    form: Form
    clause: str
    kind: str = "share"  # share | show | correction


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a person: which right, when, by when it must be answered, and what became of it."""

    number: str
    tag: str
    right: str
    made: datetime
    due: datetime
    answered: datetime | None = None
    outcome: str = ""
    clause: Clause | None = None
    confirmed: datetime | None = (
        None  # when its writer proved by a link that a request from outside is theirs
    )
    channel: str = ""  # by which way it came: a page, a letter, or the member of a party that took it
    about: str = ""  # the purpose, the record or the earlier case that it speaks of
    reason: str = field(default="", repr=False)  # why, where the person said it


@dataclass(frozen=True, slots=True)
class Access:
    """All that is held about one person (GDPR Art. 15), complete by construction."""

    held: tuple[Held, ...] = ()
    acts: tuple[Act, ...] = ()
    objections: frozenset[str] = frozenset()
    restricted: frozenset[str] = frozenset()
    disclosures: tuple[Disclosure, ...] = ()
    requests: tuple[Asked, ...] = ()
    age: int | None = None
    closed: datetime | None = None
    accepted: bool = True  # the version in force, or the document asks for no acceptance

    def consents(self) -> Mapping[str, bool]:
        """Return each consent that was ever decided with how it stands now."""
        return {a.name: a.given for a in self.acts if a.kind == "consent"}


@dataclass(frozen=True, slots=True)
class Stay:
    """What an erasure could not take: the data, by which clause and law, until when."""

    data: str
    clause: Clause
    because: str
    until: datetime | None
    waits: str = ""
    article: str = ""  # by which exception of GDPR Art. 17(3) it stays


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes away from an erasure; anyone can check it with ``verify_evidence.py``.

    ``evidence`` is that file's input: leaf, path, checkpoint, public key, and the salt only its holder has.
    """

    at: datetime
    leaf: int
    stays: tuple[Stay, ...]
    told: tuple[str, ...]  # recipients who were told (GDPR Art. 19), by name
    evidence: Mapping[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a carrier takes out: a permit, for whom, and the fields that passed, nothing else.

    ``kind`` correction and erasure tell a recipient of old values what became of them (GDPR Art. 19); where
    the value itself may no longer go they carry no permit, and only the names of the data.
    """

    permit: Permit | None
    party: str
    member: str
    body: Mapping[str, object] = field(repr=False, default_factory=dict)
    kind: str = "share"  # share | correction | erasure | stop | breach


@dataclass(frozen=True, slots=True)
class Charge:
    """What the firm that takes payments is asked: ``kind`` charge, refund or release (of a token).

    ``key`` names this one deed, so that it happens once; a release is owed and carries no permit.
    """

    permit: Permit | None
    party: str
    member: str
    kind: str
    key: str
    body: Mapping[str, object] = field(repr=False, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to another business: a permit to keep its answer, and by which name it knows the person."""

    permit: Permit
    party: str
    member: str
    reference: str
    data: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a sweep took: records (or single fields of them), persons forgotten, month salts destroyed.

    ``told``: how many evidence entries say so; ``blocked``: why old bytes still stand in a log, '' when gone.
    """

    records: int
    people: int
    buckets: int
    told: int
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the evidence, for the console: no personal data."""

    number: int
    at: datetime
    kind: str
    clause: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Instruction:
    """One version of what a party has signed that we may do for it; ``words`` are the facts it makes true.

    ``at`` None: it stands in ``parties.toml``.
    """

    party: str
    member: str
    version: int
    purposes: tuple[str, ...]
    at: datetime | None = None
    by: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Overview:
    """What the console shows of the people behind the gate: tags and numbers only."""

    people: tuple[tuple[str, int], ...] = ()  # tag, number of records
    requests: tuple[Asked, ...] = ()
    entries: tuple[Entry, ...] = ()
    forecast: tuple[tuple[datetime, str, int], ...] = ()  # due, data, how many records go then
    checkpoint: str = ""
