"""Disclose: data leave for an outside party: exactly what the document opens, with evidence.

Every field is decided by itself.  The evidence and the delivery are one deed: when the carrier does not take
it, nothing is written, and nothing leaves without the evidence standing ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from troth.gate.body import shaped
from troth.gate.contracted import insist_contracted
from troth.gate.errors import BadBody, Unlisted
from troth.gate.folder import Folder, opened
from troth.gate.grant import Grant
from troth.gate.granted import NONE, narrowed, note_use, opened_by
from troth.gate.house import House
from troth.gate.joint import insist_arranged
from troth.gate.joint import opened_by as settled_by
from troth.gate.read import readable
from troth.gate.values import Delivery
from troth.policy.model import Door, Recipient
from troth.terms import Action, Clause, Form, Request


def disclose(
    house: House,
    *,
    person: int,
    data: Sequence[str],
    party: str,
    purpose: str,
    member: str = "",
    form: Form = Form.IDENTIFIED,
    extra: Mapping[str, object] | None = None,
    records: Sequence[int] = (),
    grant: str = "",
    by: str = "",
) -> Delivery:
    """Hand the newest of each ``category.field`` to a party; ``extra`` is about no person.

    ``records``: of a category that has some of these, they go and no others.  ``grant`` numbers the grant
    under which it goes, where a door needs one: then every record of its time goes, and nothing else.
    """
    _declared(house, party, member)
    if form is Form.ANONYMOUS:
        raise BadBody(party, "", "one person's data are never anonymous; ask for totals")
    with opened(house, person) as folder:
        asked = [r for name in data for r in _requests(folder, name, party, purpose, member, form)]
        under, facts = _under(house, grant, person, [request for request, _ in asked])
        permits = [folder.insist(request, assumed | facts) for request, assumed in asked]
        if asked:
            insist_contracted(house, request=asked[0][0], party=party, member=member)
        version = insist_arranged(house, request=asked[0][0], party=party, member=member) if asked else ""
        _one_of(house, data, party, purpose)
        body: dict[str, object] = {}
        for name in data:
            rows = _rows(folder, under, name, purpose, form) if under else {}
            body |= rows if under else _values(folder, name, purpose, form, records)
        if not permits or not body:
            raise BadBody(party, "", f"nothing of {', '.join(data) or 'no data'} is held that could go")
        delivery = Delivery(permits[0], party, member, {**(extra or {}), **body})
        folder.note(
            "share",
            permits[0].clauses[0],
            data=sorted(body) if under is None else sorted(data),
            party=party,
            member=member,
            grant=grant,
            purpose=purpose,
            form=str(form),
            country=_country(house, party, member),
            arrangement=version,
        )
        house.post(delivery)
    if under is not None:
        sent = sum(len(rows) for rows in body.values() if isinstance(rows, list))
        note_use(house, under, by=by, person=person, data=data, records=sent)
    return delivery


def _under(
    house: House, number: str, person: int, asked: Sequence[Request]
) -> tuple[Grant | None, frozenset[str]]:
    """Return the grant under which all of this may go, with the fact that holds by it; none without one."""
    found, facts = None, NONE
    for request in asked if number else ():
        found, facts = opened_by(house, number=number, person=person, asked=request)
    return found, facts


def _rows(folder: Folder, under: Grant, name: str, purpose: str, form: Form) -> dict[str, object]:
    """Return every record of a category, or of one field of it, that lies in the time of a grant."""
    house, (data, _, field) = folder.house, name.partition(".")
    held = tuple(readable(folder.reckoning, list(folder.records.values()), data, purpose))
    label = house.store.tag(person=folder.person, label=f"{purpose} {under.reach.party} {under.reach.member}")
    bodies = [{n: v for n, v in one.body.items() if field in ("", n)} for one in narrowed(house, under, held)]
    rows = [shaped(house.datum(data), b, form, lambda part: f"{label}-{part}") for b in bodies if b]
    who = {"person": label} if form is Form.PSEUDONYMOUS else {}
    return {name: [{**who, **row} for row in rows]} if rows else {}


def _requests(
    folder: Folder, name: str, party: str, purpose: str, member: str, form: Form
) -> Iterator[tuple[Request, frozenset[str]]]:
    """Yield what is to be decided of a category: one request for each member that records of it came from.

    With it go the facts that this member's own settings make true for who receives.
    """
    data, _, field = name.partition(".")
    held = [r for r in folder.records.values() if r.data == data]
    for source in dict.fromkeys(r.meta.source for r in held) or [""]:
        bodies = (r.body for r in held if r.meta.source == source and isinstance(r.body, dict))
        fields = {field} if field else {name for body in bodies for name in body}
        opened_for = settled_by(folder.house, source, member, data, fields)
        origin = origin_of(source)
        yield Request(Action.SHARE, data, purpose, party, field, member, source=origin, form=form), opened_for


def origin_of(source: str) -> str:
    """Return the member of an open class that a record came from, '' for a person and for a device.

    >>> origin_of("operator:fjord"), origin_of("person")
    ('fjord', '')
    """
    return source.partition(":")[2]


def _values(
    folder: Folder, name: str, purpose: str, form: Form, only: Sequence[int] = ()
) -> dict[str, object]:
    """Return the newest values of a category's field, or of all its fields, under their whole names."""
    house = folder.house
    data, _, field = name.partition(".")
    held = tuple(readable(folder.reckoning, list(folder.records.values()), data, purpose, field))
    held = tuple(h for h in held if h.rid in only) or held
    label = house.store.tag(person=folder.person, label=purpose)
    found: dict[str, object] = {}
    for one in held:
        body = shaped(house.datum(data), one.body, form, lambda part: f"{label}-{part}")
        found |= {f"{data}.{n}": v for n, v in body.items()}
    return found


def _one_of(house: House, data: Sequence[str], party: str, purpose: str) -> None:
    """See to it that a door that passes one of several fields passes exactly one."""
    doors = (d for d in house.policy.of(Door) if d.one_of and d.verb == "share" and d.party == party)
    for door in doors:
        through = [name for name in data if name in door.data]
        if purpose in door.purposes and len(through) > 1:
            raise BadBody(party, "", f"only one of {', '.join(door.data)} may go ({door.clause})")


def _country(house: House, party: str, member: str) -> str:
    """Return where a recipient is, as the document or its own entry says."""
    about = house.parties.get(party, {}).get(member, {})
    declared = next((r.country for r in house.policy.of(Recipient) if r.name == party), "")
    return str(about.get("country", declared))


def _declared(house: House, party: str, member: str) -> None:
    found = next((r for r in house.policy.of(Recipient) if r.name == party), None)
    if found is None:
        sharing = next((d.clause for d in house.policy.of(Door) if d.verb == "share"), Clause("", 0))
        raise Unlisted("recipient", party, sharing)
    if found.each and house.parties and member not in house.parties.get(party, {}):
        raise Unlisted(party, member, found.clause)
