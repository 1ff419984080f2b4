"""Door: what an operation of the API is, and what one call of it carries.

An operation names its askers, its body and its answer; ``table.py`` lists them all, ``serve.py`` runs them
and ``openapi.py`` describes them.  INVARIANT (the gate decides): what an operation does is one verb of the
gate; it looks only at who may knock, never at what the answer should be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from troth.policy.model import Purpose, Recipient, Right
from troth.runtime import Company
from troth.terms import Action, Clause, Request, Unsaid
from troth.web.api.asker import Asker
from troth.web.api.fault import Fault
from troth.web.api.house import clauses_of, named
from troth.web.sessions import Sessions

MOST = 64 * 1024  # bytes of a body, where an operation takes no files

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Query:
    """One parameter of an address; ``many`` characters at most."""

    name: str
    says: str
    needed: bool = False
    many: int = 120


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who asks, which company, and what was sent, already read and of the right type."""

    company: Company
    asker: Asker
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)
    extras: tuple[str, ...] = ()  # names sent beside the declared ones, where they are dropped
    sessions: Sessions = field(default_factory=Sessions, repr=False)
    address: str = field(default="", repr=False)  # the network address, for counting failed sign-ins

    def read(self, kind: type[T]) -> T:
        """Return the body, which ``serve`` has already read as this type."""
        assert isinstance(self.body, kind)
        return self.body

    def ask(self, name: str) -> str:
        """Return a parameter of the address, '' when it was not sent."""
        return self.query.get(name, "")

    def person(self) -> int:
        """Return whom the address names; a person may name nobody but themself."""
        tag, asker, gate = self.path["tag"], self.asker, self.company.gate
        if asker.kind == "person":
            assert asker.person is not None
            if tag != "me" and tag != gate.tag(person=asker.person):
                own = clauses_of(self.company.policy, Right, "access")
                raise Fault(403, "wrong-asker", "another person's data are refused", clauses=own)
            return asker.person
        found = None if tag == "me" else gate.tagged(tag=tag)
        if found is None:
            raise Fault(404, "not-here", "nobody here has this tag")
        return int(found)

    def purpose(self, name: str) -> str:
        """Return the purpose of this call; refuse one to which the asker's key is not bound.

        A purpose that the document does not declare goes on to the gate, which refuses it.
        """
        bound, policy = self.asker.purposes, self.company.policy
        if name in bound or (not bound and self.asker.kind != "job") or named(policy, Purpose, name) is None:
            return name
        said = f"the key '{self.asker.name}' is bound to {', '.join(bound) or 'no purpose'}, not to '{name}'"
        clauses = clauses_of(policy, Purpose, name)
        no = Unsaid(Request(Action.USE, self.ask("data"), name), clauses)
        self.company.gate.refused(decision=no, by=self.asker.sign)
        raise Fault(403, "wrong-asker", said, clauses=clauses)

    def member(self, party: str, named_member: str) -> tuple[str, str]:
        """Return the party and member meant; a party's key speaks for its own member and no other."""
        asker = self.asker
        if asker.kind != "party":
            return party, named_member
        if (party and party != asker.party) or (named_member and named_member != asker.member):
            who = clauses_of(self.company.policy, Recipient, asker.party)
            raise Fault(403, "wrong-asker", f"the key '{asker.name}' speaks for another", clauses=who)
        return asker.party, asker.member


def nothing(call: Call) -> Sequence[Clause]:
    """Name no clause."""
    return ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb at one address.

    ``who``: the kinds of askers it serves (nobody, person, job, staff, party); another gets 403 with the
    clauses of ``by``.  ``act``: whether it is an act of the person's own, which moves the clocks that count
    from their last use.  ``most``: how many bytes a body of it may have.
    """

    method: str
    path: str
    does: Callable[[Call], Any]
    says: str
    who: frozenset[str]
    gives: Any
    takes: Any = None
    query: tuple[Query, ...] = ()
    status: int = 200
    by: Callable[[Call], Sequence[Clause]] = nothing
    act: bool = False
    most: int = MOST

    @property
    def name(self) -> str:
        """Return the operation's name in OpenAPI.

        >>> from troth.web.api.door import Operation
        >>> Operation("GET", "/people/{tag}/records", print, "", frozenset(), None).name
        'get-people-tag-records'
        """
        words = self.path.replace("{", "").replace("}", "").strip("/").replace("/", "-")
        return f"{self.method.lower()}-{words or 'root'}"
