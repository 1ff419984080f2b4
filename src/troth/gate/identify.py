"""Identify: let a person be found again by a contact of theirs, kept as a keyed digest only.

A person is found by what identifies them and by nothing else; a contact that asked for silence stays silent
for marketing until its person agrees anew.
"""

from __future__ import annotations

from troth.gate.contacts import normal
from troth.gate.errors import Unknown
from troth.gate.folder import Folder, opened, standing
from troth.gate.house import MARKETING, House, base
from troth.gate.silence import silenced
from troth.gate.values import Act
from troth.policy.model import Area

TAG = "tag"
APART = "apart"  # the area of whoever holds what somebody talked about, apart from who they are
CONTACTS = ("email", "phone")


def new_person(house: House, *, area: str = "") -> int:
    """Make room for a person of whom nothing is known yet; forgotten within days when nothing follows.

    Raises ``Unknown`` for an area that the document does not declare.
    """
    areas = {a.name for a in house.policy.of(Area)}
    if area not in {"", APART, *areas}:
        raise Unknown("area", area)  # it would stand in clear beside the keys
    with house.lock:
        person = house.store.new_person(area=area)
        with opened(house, person) as folder:
            folder.deed.index(namespace=TAG, value=house.store.tag(person=person))
            folder.note("began", area=area if area in areas else "")
    return person


def exists(house: House, *, person: int) -> bool:
    """Say whether anything is still held under this number."""
    log = frozenset({house.kinds["events"]})  # whoever is here has one; all else is opened only without it
    return any(r.body is not None for of in (log, None) for r in house.store.records(person=person, data=of))


def holds(house: House, *, person: int) -> frozenset[str]:
    """Name the categories of which something stands about a person; never what."""
    return frozenset(r.data for r in standing(house, person))


def tagged(house: House, *, tag: str) -> int | None:
    """Return whom a tag stands for; it is found by a keyed digest, which dies with the person."""
    return house.store.find(namespace=TAG, value=tag) if tag else None


def identify(house: House, *, person: int, kind: str, value: str, verified: bool = False) -> None:
    """Let the person be found by a contact; ``kind``: email, phone, or ``customer@MEMBER``.

    ``email@AREA`` is a contact in an area that the document keeps apart: its persons are its own, so none is
    found there by what they are elsewhere.
    """
    _known(house, kind)
    plain = normal(kind, value)
    with opened(house, person) as folder:
        folder.deed.index(namespace=kind, value=plain)
        proved = (
            sorted({*folder.marks.get("verified", ()), kind})
            if verified
            else folder.marks.get("verified", [])
        )
        back = [k for k in folder.marks.get("bounced", ()) if not (verified and k == kind)]
        folder.mark(identified=True, verified=proved, bounced=back)
        if "identified" in house.facts and "identified" not in folder.state.facts:
            folder.happen("identified")
        folder.happen("last-use")
        folder.note("identified", kind=base(kind.partition("@")[0]), verified=verified)
        _stay_silent(folder, kind.partition("@")[0], plain)


def await_proof(house: House, *, person: int) -> None:
    """Note that the person was asked whether a contact is theirs; until the answer nobody comes in by it."""
    with opened(house, person) as folder:
        folder.mark(awaited=True)


def awaited(house: House, *, person: int) -> bool:
    """Say whether a contact of the person's waits to be confirmed by the link that went to it."""
    bodies = (r.body for r in standing(house, person) if r.data == house.kinds["events"])
    return any(b.get("awaited") and not b.get("verified") for b in bodies if isinstance(b, dict))


def proved(house: House, *, person: int, kind: str) -> bool:
    """Say whether the person has ever proved a contact of this kind to be theirs."""
    bodies = (r.body for r in standing(house, person) if r.data == house.kinds["events"])
    return any(kind in b.get("verified", ()) for b in bodies if isinstance(b, dict))


def enter(house: House, *, person: int) -> bool:
    """Note that a person signed in and say whether it was for the first time."""
    with opened(house, person) as folder:
        first = not folder.marks.get("entered")
        if first:
            folder.mark(entered=True)
            folder.note("entered")
    return first


def find(house: House, *, kind: str, value: str) -> int | None:
    """Return the person who is found by this contact."""
    return house.store.find(namespace=kind, value=normal(kind, value))


def forget_contact(house: House, *, person: int, kind: str, value: str) -> None:
    """Let the person no longer be found by a contact."""
    _known(house, kind)
    with opened(house, person) as folder:
        folder.deed.unindex(namespace=kind, value=normal(kind, value))
        folder.note("contact forgotten", kind=kind.partition("@")[0])


def _known(house: House, kind: str) -> None:
    """See to it that a kind is one of the words that evidence may name."""
    data, at, member = kind.partition("@")
    if data in CONTACTS and any(a.apart and a.name == member for a in house.policy.of(Area)):
        return
    if at:
        house.datum(data)
        house.members(f"{data}({member})")
    elif kind not in CONTACTS:
        raise Unknown("kind of contact", kind)


def _stay_silent(folder: Folder, kind: str, plain: str) -> None:
    """Carry an older wish for silence over to the person: an objection, which a later consent lifts."""
    house = folder.house
    if folder.known.latest("objection").get(MARKETING) or not silenced(house, kind=kind, value=plain):
        return
    folder.act(Act("objection", MARKETING, True, folder.now, channel="silence"))
