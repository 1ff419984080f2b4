"""Receive: data come in from another business, field by field, with its name beside each of them.

What the document does not declare is stripped before anything is stored, and the evidence counts it.  What
the party ``confirmed`` (its ground, and the day it told the person) stands in the evidence too.
"""

from __future__ import annotations

from collections.abc import Mapping

from troth.gate.body import checked, treated
from troth.gate.converse_mask import cleaned
from troth.gate.errors import Unknown
from troth.gate.folder import opened
from troth.gate.house import House
from troth.gate.joint import insist_arranged
from troth.gate.sources import insist_source
from troth.gate.told import await_telling
from troth.policy.model import Recipient
from troth.terms import Action, Request


def receive(
    house: House,
    *,
    person: int,
    data: str,
    body: Mapping[str, object],
    purpose: str,
    party: str,
    member: str = "",
    confirmed: str = "",
    said: str = "",
) -> int:
    """Keep what a party hands us about a person and return the record's number; raise ``Refused``.

    ``said`` is the party's own word for where it has the data from; it is told to the person.  A party that
    is no open class has no ``member``.
    """
    datum = house.datum(data)
    if member and house.parties and member not in house.parties.get(party, {}):
        raise Unknown(party, member)
    if not member and not any(r.name == party and not r.each for r in house.policy.of(Recipient)):
        raise Unknown("source", party)
    asked = Request(Action.COLLECT, data, purpose, member=member, source=party)
    insist_source(house, asked, party, member)
    version = insist_arranged(house, request=asked, party=party, member=member)
    names = {f.name for f in datum.fields}
    fields = cleaned(house, datum, checked(datum, {n: v for n, v in body.items() if n in names}))
    with opened(house, person) as folder:
        permit = folder.insist_each(Action.COLLECT, data, purpose, fields, source=party, member=member)
        rid = folder.put(
            data,
            treated(datum, fields, lambda v: house.store.tag(person=person, label=v)),
            purposes=(purpose,),
            source=f"{party}:{member}" if member else party,
            clause=permit.clauses[0],
            place=datum.area,
        )
        words = {"source": said, "confirmed": confirmed, "arrangement": version}
        await_telling(folder, rid, data, {k: v for k, v in words.items() if v})
        stripped = len([n for n in body if n not in names])
        folder.note(
            "received",
            permit.clauses[0],
            data=data,
            purpose=purpose,
            party=party,
            member=member,
            stripped=stripped,
            confirmed=confirmed,
            arrangement=version,
        )
    return rid
