"""Stop: who got data on a yes hears that it is taken back, and what may no longer be used (GDPR Art. 7(3)).

Each recipient hears once, and no value goes along: only which data, for which purpose, and of whom by the
name it has for them.
"""

from __future__ import annotations

from troth.gate.access import disclosures
from troth.gate.folder import Folder
from troth.gate.house import House, base
from troth.gate.values import Delivery

KIND = "stop"


def tell_stop(folder: Folder, word: str) -> None:
    """Tell every recipient of what was shared on a consent, which may name one member, that it ended."""
    house, member = folder.house, word.partition("(")[2].rstrip(")").partition(",")[0]
    resting = _resting(house, base(word))
    got: dict[tuple[str, str], dict[str, None]] = {}
    for one in disclosures(house, folder.person):
        if one.kind == "share" and one.purpose in resting and member in ("", one.member):
            got.setdefault((one.party, one.member), {}).update(dict.fromkeys(one.data))
    for (party, whom), data in sorted(got.items()):
        body = {"stopped": list(data), "person": house.store.tag(person=folder.person, label=party)}
        house.post(Delivery(None, party, whom, body, KIND))
        folder.note("stop told", house.consents[base(word)].clause, party=party, member=whom, data=list(data))


def _resting(house: House, consent: str) -> frozenset[str]:
    """Return the purposes that rest on a consent and on nothing else."""
    found = set()
    for purpose in house.purposes.values():
        grounds = [g for b in purpose.bases for g in b.grounds]
        if grounds and all(g.kind == "consent" and base(g.name) == consent for g in grounds):
            found.add(purpose.name)
    return frozenset(found)
