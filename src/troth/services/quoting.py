"""Quoting: somebody's words on a page of ours, exactly as they gave them, while their yes stands.

Its person writes the text and how they are named; staff put it on the page and can change nothing of it.
INVARIANT (those words or none): what is put up is compared with what was agreed to, and the page reads the
record through the gate each time, so that a yes taken back takes the words with it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256

from troth.gate import Gate, NoRecord
from troth.gate.values import Held
from troth.policy.model import Consent, Data, Door, Policy, Purpose, Recipient
from troth.services.ledger import having
from troth.terms import TrothError

LONGEST, LONGEST_NAME = 600, 80
WAITS, SHOWN = "waits", "shown"


class OtherWords(TrothError):
    """What was to be put up is not what its person agreed to."""

    def __init__(self) -> None:
        super().__init__("these are not the words that were agreed to; nothing else may be put up")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation; ``name`` is how its person is named, '' for not at all."""

    number: str
    text: str
    name: str = ""
    shown: bool = False
    person: int = 0
    rid: int = 0


def known(policy: Policy) -> Data | None:
    """Return the category of quotations; None where the document knows none."""
    return having(policy, "text", "shown-as", "number", "up")


def asked(policy: Policy) -> Consent | None:
    """Return the consent that a quotation rests on."""
    data = known(policy)
    grounds = {
        g.name
        for p in policy.of(Purpose)
        for b in p.bases
        if data and any(u.data == data.name for u in b.uses)
        for g in b.grounds
        if g.kind == "consent"
    }
    return next((c for c in policy.of(Consent) if c.name in grounds), None)


def offer(gate: Gate, policy: Policy, person: int, text: str, name: str = "") -> Quotation:
    """Take words that may be printed; raise ``Refused`` while the person has not agreed to that."""
    data, number = _data(policy), f"q-{secrets.token_hex(5)}"
    body = {
        "number": number,
        "text": text.strip(),
        "up": "no",
        **({"shown-as": name.strip()} if name.strip() else {}),
    }
    rid = gate.collect(person=person, data=data, body=body, purpose=_purpose(policy), source="person")
    gate.tie(person=person, data=data, value=number)
    gate.tie(person=person, data=data, value=WAITS)
    return Quotation(number, text.strip(), name.strip(), False, person, rid)


def waiting(gate: Gate, policy: Policy, *, role: str, staff: str) -> tuple[Quotation, ...]:
    """Return the quotations that wait, for the role the document shows them to; raise ``Refused``."""
    found = (
        _quotation(person, held)
        for person in gate.bearers(data=_data(policy), value=WAITS)
        for held in gate.show(
            person=person,
            data=_data(policy),
            purpose=_purpose(policy),
            role=role,
            reason="print it",
            staff=staff,
        )
    )
    return tuple(one for one in found if not one.shown)


def put_up(gate: Gate, policy: Policy, number: str, text: str, *, role: str, staff: str) -> Quotation:
    """Put a quotation on the page; raise ``OtherWords``, ``NoRecord``, ``Refused`` without its yes."""
    found = next((q for q in waiting(gate, policy, role=role, staff=staff) if q.number == number), None)
    if found is None:
        raise NoRecord("of this quotation")
    if text.strip() != found.text:
        raise OtherWords
    data = _data(policy)
    fields = [f"{data}.text", *([f"{data}.shown-as"] if found.name else [])]
    gate.disclose(
        person=found.person,
        data=fields,
        party=_public(policy),
        purpose=_purpose(policy),
        records=(found.rid,),
    )
    gate.correct(person=found.person, rid=found.rid, body={"up": "yes"})
    for value in (SHOWN, _seal(found)):
        gate.tie(person=found.person, data=data, value=value)
    return Quotation(number, found.text, found.name, True, found.person, found.rid)


def on_page(gate: Gate, policy: Policy) -> tuple[Quotation, ...]:
    """Return what stands on the page now: whoever took their yes back is not among them."""
    found = (
        _quotation(person, held)
        for person in (gate.bearers(data=_data(policy), value=SHOWN) if known(policy) else ())
        if _agrees(gate, policy, person)
        for held in gate.read(person=person, data=_data(policy), purpose=_purpose(policy))
    )
    data = _data(policy) if known(policy) else ""
    return tuple(o for o in found if o.shown and o.person in gate.bearers(data=data, value=_seal(o)))


def _seal(one: Quotation) -> str:
    """Return what stands for these very words as staff saw them; others in their place are not shown."""
    words = "\0".join((one.number, one.text, one.name))
    return f"{SHOWN} {sha256(words.encode()).hexdigest()}"


def _agrees(gate: Gate, policy: Policy, person: int) -> bool:
    consent = asked(policy)
    return consent is None or gate.access(person=person).consents().get(consent.name, False)


def _data(policy: Policy) -> str:
    found = known(policy)
    if found is None:
        raise NoRecord("of a category for quotations")
    return found.name


def _purpose(policy: Policy) -> str:
    data = _data(policy)
    return next(p.name for p in policy.of(Purpose) for b in p.bases if any(u.data == data for u in b.uses))


def _public(policy: Policy) -> str:
    doors = {d.party for d in policy.of(Door) if d.verb == "share" and _data(policy) in d.data}
    return next(r.name for r in policy.of(Recipient) if r.name in doors)


def _quotation(person: int, held: Held) -> Quotation:
    said = {name: str(value) for name, value in held.body.items()}
    return Quotation(
        said["number"], said["text"], said.get("shown-as", ""), said.get("up") == "yes", person, held.rid
    )
