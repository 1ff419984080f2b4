"""Entrust: people whom a party loaded, held for it and on its instruction alone (GDPR Art. 28).

Each is a person of the party's own, in the area in which the document works for it, found by the party's own
reference and by nobody else.  INVARIANT (its party alone): every verb names the member, and reaches only what
that member loaded; whoever they are about is told whose they are, and gets nothing of them from us.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.ask import opened_request, requests_of
from troth.gate.body import checked, treated
from troth.gate.clock import Reckoning
from troth.gate.contacts import normal
from troth.gate.erase import erase
from troth.gate.errors import GateError, NoRecord, NotYours, Unlisted
from troth.gate.facts import known
from troth.gate.folder import opened, standing
from troth.gate.house import House
from troth.gate.identify import new_person
from troth.gate.read import held_of
from troth.gate.values import Asked, Held, Receipt
from troth.policy.model import Area, Data, Recipient
from troth.terms import Action, Clause, Refused, RefusedBy, Request

BLOCKED = "collect no more about this person"


def entrusting(house: House, party: str) -> Area | None:
    """Return the area in which the document works for a class of parties; None when it works for none."""
    return next((a for a in house.policy.of(Area) if a.role == "processor" and a.party == party), None)


def load(
    house: House, *, party: str, member: str, reference: str, data: str, body: Mapping[str, object]
) -> tuple[int, int]:
    """Keep what a party hands us about one of its people; return who it is and the record's number.

    Raises ``Refused`` where the document opens no such door, or once the party asked that no more come in.
    """
    area, datum = _area(house, party, member), house.datum(data)
    fields = checked(datum, body)
    person = find(house, party=party, member=member, reference=reference)
    fresh = person is None
    person = new_person(house, area=area.name) if person is None else person
    with opened(house, person) as folder:
        asked = Request(Action.COLLECT, data, _purpose(house, datum), member=member, source=party)
        if folder.marks.get("blocked"):
            raise Refused(RefusedBy(asked, (area.clause,), (f"{BLOCKED} lifted",)))
        permit = folder.insist_each(asked.action, data, asked.purpose, fields, source=party, member=member)
        rid = folder.put(
            data,
            treated(datum, fields, lambda v: house.store.tag(person=person or 0, label=v)),
            purposes=(asked.purpose,),
            source=f"{party}:{member}",
            clause=permit.clauses[0],
            place=area.name,
        )
        if fresh:
            folder.deed.index(namespace=_space(party, member), value=reference)
        for part in (f for f in datum.fields if f.type == "email" and f.name in fields):
            address = normal("email", str(fields[part.name]))
            folder.deed.index(namespace=_space(party, member, "email"), value=address)
        folder.note("entrusted", permit.clauses[0], data=data, party=party, member=member)
    return person, rid


def find(house: House, *, party: str, member: str, reference: str) -> int | None:
    """Return whom a member calls by this reference; another member's people are nobody."""
    return house.store.find(namespace=_space(party, member), value=reference) if reference else None


def read_entrusted(house: House, *, party: str, member: str, person: int) -> tuple[Held, ...]:
    """Return what a member entrusted to us about one of its people; the look is written down."""
    area = _area(house, party, member)
    records = [r for r in standing(house, person) if r.meta.source == f"{party}:{member}"]
    mind = Reckoning(house, known(house, standing(house, person)), house.clock())
    house.store.note_reads(
        person=person, kind="used", clause=area.clause.ref, detail={"party": party, "member": member}
    )
    return tuple(held_of(mind, r) for r in records)


def amend_entrusted(
    house: House, *, party: str, member: str, person: int, rid: int, body: Mapping[str, object]
) -> None:
    """Put new values in place of old ones; an empty one takes a field out.  Raise ``NotYours``."""
    area = _area(house, party, member)
    with opened(house, person) as folder:
        record = folder.get(rid)
        if record.meta.source != f"{party}:{member}":
            raise NotYours(record.data, record.meta.source)
        datum = house.datum(record.data)
        said = treated(datum, checked(datum, body), lambda v: house.store.tag(person=person, label=v))
        old = record.body if isinstance(record.body, dict) else {}
        gone = {name for name, value in body.items() if value in ("", None)}
        folder.rewrite(rid, {n: v for n, v in {**old, **said}.items() if n not in gone})
        changed = [f"{record.data}.{n}" for n in sorted(body)]
        folder.note("entrusted corrected", area.clause, data=changed, member=member)


def unload(house: House, *, party: str, member: str, person: int) -> Receipt:
    """Take one of its people out of every place, on the member's order; whoever got the data is told."""
    area = _area(house, party, member)
    with opened(house, person) as folder:
        folder.note("removal ordered", area.clause, party=party, member=member)
    return erase(house, person=person, silent=False)


def block(house: House, *, party: str, member: str, person: int, on: bool = True) -> None:
    """Take nothing more in about one of its people, or again, as the member says."""
    area = _area(house, party, member)
    with opened(house, person) as folder:
        folder.mark(blocked=on)
        folder.note("blocked" if on else "unblocked", area.clause, party=party, member=member)


def entrusted_by(house: House, *, address: str) -> tuple[tuple[str, str, int], ...]:
    """Return for whom an address is held: party, member and the person of each."""
    plain = normal("email", address)
    found = []
    for area in (a for a in house.policy.of(Area) if a.role == "processor" and a.party):
        for member in house.parties.get(area.party, {}):
            person = house.store.find(namespace=_space(area.party, member, "email"), value=plain)
            if person is not None:
                found.append((area.party, member, person))
    return tuple(found)


def route(house: House, *, party: str, member: str, person: int, right: str) -> Asked:
    """Put a person's wish before the member who answers for their data; a second one is the same wish."""
    with opened(house, person) as folder:
        for one in _waiting(house, person, member):
            if one.right == right:
                return one
        return opened_request(folder, right, member)


def routed(house: House, *, party: str, member: str) -> tuple[Asked, ...]:
    """Return what people wish of a member, oldest first."""
    people = (p for p in house.store.persons() if entrusted(house, party=party, member=member, person=p))
    found = [a for p in people for a in _waiting(house, p, member)]
    return tuple(sorted(found, key=lambda a: a.made))


def end_entrusted(house: House, *, party: str, member: str, event: str) -> int:
    """Let an event happen to everybody a member entrusted to us, such as the end of its contract."""
    if event not in house.events:
        raise GateError(f"the document declares no event '{event}'; its clocks could not count from it")
    _area(house, party, member)
    people = [p for p in house.store.persons() if entrusted(house, party=party, member=member, person=p)]
    for person in people:
        with opened(house, person) as folder:
            folder.happen(event)
    return len(people)


def entrusted(house: House, *, party: str, member: str, person: int) -> bool:
    """Say whether a member loaded something about a person that is still here."""
    return any(r.meta.source == f"{party}:{member}" for r in standing(house, person))


def _waiting(house: House, person: int, member: str) -> tuple[Asked, ...]:
    found = requests_of(house, standing(house, person, frozenset({house.kinds["requests"]})))
    return tuple(a for a in found if a.channel == member and a.answered is None)


def _area(house: House, party: str, member: str) -> Area:
    found = entrusting(house, party)
    if found is None or member not in house.parties.get(party, {}):
        named = next((r.clause for r in house.policy.of(Recipient) if r.name == party), Clause("", 0))
        raise Unlisted(party, member, found.clause if found else named)
    return found


def _purpose(house: House, datum: Data) -> str:
    """Return the purpose that rests on the party's instruction and takes this category in."""
    for purpose in house.purposes.values():
        for basis in purpose.bases:
            mine = any(u.data == datum.name and not u.reads for u in basis.uses)
            if mine and any(g.kind == "instruction" for g in basis.grounds):
                return purpose.name
    raise NoRecord(datum.name)


def _space(party: str, member: str, kind: str = "reference") -> str:
    return f"entrusted {kind}:{party}:{member}"
