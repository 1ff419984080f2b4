"""Instruct: what a party has signed that we may do for it (GDPR Art. 28(3)(a)), as numbered versions.

A document names such a setting as a fact ``of party``: it is true of the party and of no person, so it holds
for everybody at once.  The first version stands in ``parties.toml``, each later one in the evidence, where
nobody can take it back unseen.  A fact that no party raises is our own instruction to a firm that works for
us: it stands in ``parties.toml`` alone, and the firm signs nothing.  Its one rule: *what is not listed is not
instructed*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from troth.gate.errors import GateError, Unknown
from troth.gate.house import House, named
from troth.gate.values import Instruction
from troth.policy.model import Fact

KIND = "instructed"


def recall(house: House) -> None:
    """Take up what stands in ``parties.toml`` and, after it, what was signed since."""
    if not _settings(house):
        return
    for party, members in house.parties.items():
        for member, about in members.items():
            _take(house, _written(party, member, about.get("instructions")))
    for leaf in house.store.leaves(start=0):
        if leaf.kind == KIND:
            _take(house, _signed(leaf.detail, datetime.fromisoformat(leaf.at)))


def instruct(house: House, *, party: str, member: str, purposes: Sequence[str], by: str) -> Instruction:
    """Sign the next version: from now on these purposes and no others; raise ``Unknown`` or ``GateError``."""
    facts = [f for f in _settings(house) if party in f.per and f.raised_by == party]
    if not facts:
        raise GateError(f"no fact of the document is the setting of a {party}; nothing can be signed")
    if member not in house.parties.get(party, {}):
        raise Unknown("party", party)
    for purpose in purposes:
        if purpose not in house.purposes:
            raise Unknown("purpose", purpose)
    with house.lock:
        last = house.instructed.get((party, member))
        said = Instruction(
            party, member, (last.version if last else 0) + 1, tuple(purposes), house.clock(), by
        )
        house.store.log(kind=KIND, clause=facts[0].clause.ref, detail=_detail(said))
        _take(house, said)
    return house.instructed[party, member]


def standing(house: House) -> frozenset[str]:
    """Return the facts that hold of parties, in the words of a state: ``instructed(bryggen, news)``."""
    return frozenset(word for said in house.instructed.values() for word in said.words)


def _settings(house: House) -> list[Fact]:
    return [f for f in house.facts.values() if f.of == "party" and f.per_member]


def _take(house: House, said: Instruction | None) -> None:
    if said is None:
        return
    facts = (
        f for f in _settings(house) if f.raised_by == said.party or (not f.raised_by and said.party in f.per)
    )
    words = (word for fact in facts for word in _words(fact, said))
    house.instructed[said.party, said.member] = Instruction(
        said.party, said.member, said.version, said.purposes, said.at, said.by, frozenset(words)
    )


def _words(fact: Fact, said: Instruction) -> Iterable[str]:
    if "purpose" in fact.per:
        return (f"{fact.name}({said.member}, {purpose})" for purpose in said.purposes)
    return (named(fact.name, said.member),) if said.purposes else ()


def _written(party: str, member: str, said: object) -> Instruction | None:
    """Read a member's first version; a bare date says when it was signed, and lists nothing."""
    if not isinstance(said, Mapping):
        return None
    purposes = tuple(map(str, said.get("purposes", ())))
    return Instruction(party, member, int(said.get("version", 1)), purposes)


def _signed(detail: Mapping[str, object], at: datetime) -> Instruction:
    purposes = detail.get("purposes", ())
    listed = tuple(map(str, purposes)) if isinstance(purposes, list | tuple) else ()
    words = {k: str(detail.get(k, "")) for k in ("party", "member", "by")}
    return Instruction(words["party"], words["member"], int(str(detail["version"])), listed, at, words["by"])


def _detail(said: Instruction) -> dict[str, object]:
    return {
        "party": said.party,
        "member": said.member,
        "version": said.version,
        "purposes": list(said.purposes),
        "by": said.by,
    }
