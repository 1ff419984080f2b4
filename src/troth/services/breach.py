"""Breach: the notices that a breach calls for, drafted out of the case and the document.

``to_authority`` says what GDPR Art. 33(3) asks, ``to_people`` what Art. 34(2) asks, in plain words.  What is
not known yet is said to be not known (Art. 33(4)); nothing is left out silently.  It sends nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from troth.gate.breach import Breach
from troth.policy.model import Data, Door, Policy, Role

UNKNOWN = {"en": "not known yet; a further notice follows", "nb": "ikke kjent ennå; et nytt varsel følger"}
_AUTHORITY: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Notice of a personal data breach (Art. 33)",
        "Case",
        "Controller",
        "Contact point",
        "Aware since",
        "To be told by",
        "What happened",
        "From, to",
        "People affected, about",
        "Records concerned, about",
        "Kinds of data",
        "Risk",
        "Likely consequences",
        "Measures taken or proposed",
        "Reasons for the delay",
        "People told",
    ),
    "nb": (
        "Melding om brudd på personopplysningssikkerheten (art. 33)",
        "Sak",
        "Behandlingsansvarlig",
        "Kontaktpunkt",
        "Kjent siden",
        "Meldes innen",
        "Hva som skjedde",
        "Fra, til",
        "Berørte personer, omtrent",
        "Berørte opplysninger, omtrent",
        "Slags opplysninger",
        "Risiko",
        "Sannsynlige følger",
        "Tiltak, gjort eller foreslått",
        "Grunner til forsinkelsen",
        "Personer varslet",
    ),
}
_PEOPLE: Mapping[str, tuple[str, ...]] = {
    "en": (
        "A breach that touches your data",
        "Something happened with data about you at {who}, and you should know about it.",
        "What happened",
        "Which of your data",
        "What this can mean for you",
        "What we did and do",
        "What you can do",
        "Whom to ask",
        "You may also complain to {authority}.",
    ),
    "nb": (
        "Et brudd som gjelder opplysninger om deg",
        "Noe har skjedd med opplysninger om deg hos {who}, og det skal du vite om.",
        "Hva som skjedde",
        "Hvilke av dine opplysninger",
        "Hva det kan bety for deg",
        "Hva vi har gjort og gjør",
        "Hva du kan gjøre",
        "Hvem du kan spørre",
        "Du kan også klage til {authority}.",
    ),
}


@dataclass(frozen=True, slots=True)
class House:
    """Who answers, as the notice names them."""

    name: str
    contact: str = ""
    officer: str = ""
    authority: str = ""
    address: str = ""


def desk(policy: Policy) -> tuple[str, ...]:
    """Return the roles that keep the breach desk: those to which the document shows the security log.

    Where it shows that to nobody, it is every role's.

    >>> log = Data(name="trail", records="trail")
    >>> desk(Policy((log, Door(verb="show", data=("trail",), party="officer", purposes=("security",)))))
    ('officer',)
    """
    logs = {d.name for d in policy.of(Data) if d.records == "trail"}
    doors = (d for d in policy.of(Door) if d.verb == "show" and logs & set(d.data))
    return tuple(dict.fromkeys(d.party for d in doors)) or tuple(r.name for r in policy.of(Role))


def to_authority(case: Breach, house: House, policy: Policy, language: str = "en") -> str:
    """Return the notice to the authority as it stands today, a line for each thing that the law asks."""
    heads = _AUTHORITY.get(language, _AUTHORITY["en"])
    unknown = UNKNOWN.get(language, UNKNOWN["en"])
    late, told = case.done("notified"), case.done("people told")
    said = (
        case.number,
        house.name,
        ", ".join(filter(None, (house.officer if house.officer != "none" else "", house.contact))),
        _moment(case.aware, policy),
        _moment(case.due, policy) if case.due else "-",
        case.what,
        f"{_moment(case.scope.since, policy)}, {_moment(case.scope.until, policy)}",
        str(len(case.affected)) if case.affected else unknown,
        str(sum(len(data) for _, data in case.affected)) if case.affected else unknown,
        ", ".join(named(policy, case.data)) or unknown,
        f"{case.risk}: {case.reason}" if case.risk else unknown,
        case.effects or unknown,
        case.measures or unknown,
        late.note if late else "-",
        told.note if told else "-",
    )
    rows = (f"{head}: {text}" for head, text in zip(heads[1:], said, strict=True))
    return "\n".join([heads[0], "", *rows])


def to_people(
    case: Breach, house: House, policy: Policy, data: tuple[str, ...], language: str = "en"
) -> tuple[str, str]:
    """Return the subject and the text of the notice to one person, of whom these categories were open."""
    heads = _PEOPLE.get(language, _PEOPLE["en"])
    contact = ", ".join(filter(None, (house.officer if house.officer != "none" else "", house.contact)))
    parts = (
        (heads[2], case.what),
        (heads[3], ", ".join(named(policy, data))),
        (heads[4], case.effects),
        (heads[5], case.measures),
        (heads[6], case.advice),
        (heads[7], f"{house.name}, {contact}" if contact else house.name),
    )
    told = [f"{head}: {text}" for head, text in parts if text]
    if house.authority:
        told.append(heads[8].format(authority=house.authority))
    return heads[0], "\n\n".join([heads[1].format(who=house.name), *told])


def named(policy: Policy, data: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the document calls these categories."""
    titles = {d.name: d.text or d.name for d in policy.of(Data)}
    return tuple(titles.get(name, name) for name in data)


def _moment(at: datetime, policy: Policy) -> str:
    return at.astimezone(ZoneInfo(policy.zone)).strftime("%Y-%m-%d %H:%M %Z")
