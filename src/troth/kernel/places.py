"""Places: through which eras, and for which members, data may go to an outside party (readings 12 and 13).

``stay in`` binds processors, ``transfer`` with a living safeguard binds everybody else outside the
controller's own area, and processors too where the recipient names what it rests on (``under``).  Its one
rule: a party whose place is not known is nowhere, so nothing goes there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from troth.policy.model import Area, Controller, Data, Door, Policy, Recipient, Safeguard, Whereabouts
from troth.terms import Form

_EU = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
EU = frozenset(_EU.split())
EEA = EU | {"IS", "LI", "NO"}
_AREAS = {"EU": EU | {"EU"}, "EEA": EEA | {"EEA", "EU"}}

NO_TOOL = "none"  # what no safeguard is called: a member that names none of its class's rests on nothing

Members = Mapping[str, Mapping[str, object]]
Parties = Mapping[str, Members]


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: from ``since`` until before ``until``, for these members (None: for all).

    ``barred`` says in words why there is none.  ``countries`` are where the data would go; '' is an unknown
    place.
    """

    since: date | None = None
    until: date | None = None
    members: frozenset[str] | None = None
    countries: frozenset[str] = frozenset()
    barred: str = ""


def inside(country: str, places: tuple[str, ...]) -> bool:
    """Say whether a country (ISO 3166 code, EU or EEA) lies within one of the places.

    >>> inside("NO", ("EEA",)), inside("NO", ("EU",)), inside("GB", ("EEA",))
    (True, False, False)
    """
    return bool(country) and any(country == p or country in _AREAS.get(p, ()) for p in places)


def ways(policy: Policy, door: Door, data: str, parties: Parties | None) -> tuple[Way, ...]:
    """Return every way through which ``data`` may be shared by a door; a barred one stands for none.

    ``parties`` holds the members of open classes; None when nobody knows them, and then the class's own
    declared place is what an arbitrary member is held to.
    """
    party = next((r for r in policy.of(Recipient) if r.name == door.party), None)
    if party is None or not party.each or parties is None:
        where = party.country if party else ""
        tools = party.safeguards if party else ()
        return tuple(_to(policy, door, data, party.role if party else "", where, tools))
    known = parties.get(party.name, {})
    found: list[Way] = []
    for name, facts in known.items():
        found += _member(policy, door, data, party, name, facts)
    stranger = () if door.form is Form.ANONYMOUS else (Way(barred=f"a known member of {party.name}"),)
    free = (Way(),) if door.form is Form.ANONYMOUS else ()
    return (*free, *_grouped(found), *stranger)


def _member(
    policy: Policy, door: Door, data: str, party: Recipient, name: str, facts: Mapping[str, object]
) -> Iterator[Way]:
    only = frozenset({name})
    country = facts.get("country", "")
    where = country if isinstance(country, str) else ""
    lacking = [f for f in party.needs if f != "country" and not facts.get(f)]
    if party.country and not inside(where, (party.country,)):
        lacking.append(f"a place in {party.country}")
    if lacking and door.form is not Form.ANONYMOUS:
        yield Way(members=only, countries=frozenset({where}), barred=f"{name}: {', '.join(lacking)}")
        return
    tools = _tools(party, facts)
    for way in _to(policy, door, data, party.role, where, tools):
        yield Way(way.since, way.until, only, way.countries, way.barred)


def _tools(party: Recipient, facts: Mapping[str, object]) -> tuple[str, ...]:
    """Return the one safeguard that a member's entry names, of those its class may rest on.

    A class that names none leaves it to the ``transfer`` lines; a member that names none has none.
    """
    named = str(facts.get("safeguard", ""))
    return (named if named in party.safeguards else NO_TOOL,) if party.safeguards else ()


def _grouped(found: list[Way]) -> Iterator[Way]:
    """Join the ways that differ in their member alone, so that a thousand members make one rule."""
    groups: dict[Way, set[str]] = {}
    for way in found:
        groups.setdefault(Way(way.since, way.until, None, way.countries, way.barred), set()).update(
            way.members or ()
        )
    for way, names in groups.items():
        yield Way(way.since, way.until, frozenset(names), way.countries, way.barred)


def _to(
    policy: Policy, door: Door, data: str, role: str, country: str, tools: tuple[str, ...] = ()
) -> Iterator[Way]:
    """Yield the ways to a country; with ``tools``, only under a safeguard that the recipient rests on."""
    there = frozenset({country})
    if door.form is Form.ANONYMOUS:
        yield Way(countries=there)
        return
    if not country:
        yield Way(countries=there, barred=f"the country of {door.party}")
        return
    stay = stays(policy, data)
    if role == "processor" and stay:
        outside = [places for places in stay if not inside(country, places)]
        why = f"{door.party} in {', '.join(outside[0])}, not {country}" if outside else ""
        if why or not tools:
            yield Way(countries=there, barred=why)
            return
    if inside(country, _home(policy)):
        yield Way(countries=there)
        return
    eras = [
        era
        for line in policy.of(Whereabouts)
        if line.verb == "transfer" and (not line.data or data in line.data)
        if door.party in line.places or inside(country, line.places)
        if not tools or line.safeguard in tools
        for era in _era(policy, line.safeguard)
    ]
    for since, until in eras:
        yield Way(since, until, None, there)
    if not eras:
        yield Way(countries=there, barred=f"a transfer of {data} to {country}")


def stays(policy: Policy, data: str) -> list[tuple[str, ...]]:
    """Return each list of places that binds a category; it may lie where all of them let it."""
    lines = [
        w.places for w in policy.of(Whereabouts) if w.verb == "stay in" and (not w.data or data in w.data)
    ]
    areas = {d.area for d in policy.of(Data) if d.name == data}
    return lines + [a.stay_in for a in policy.of(Area) if a.name in areas and a.stay_in]


def _home(policy: Policy) -> tuple[str, ...]:
    countries = {c.country for c in policy.of(Controller) if c.country}
    inland = all(inside(c, ("EEA",)) for c in countries)
    return ("EEA",) if inland else tuple(sorted(countries))


def _era(policy: Policy, name: str, seen: tuple[str, ...] = ()) -> Iterator[tuple[date | None, date | None]]:
    """Yield the time in which a safeguard and all it rests on live; nothing when one is missing."""
    if not name:
        yield None, None
        return
    tool = next((s for s in policy.of(Safeguard) if s.name == name), None)
    if tool is None or name in seen:
        return
    eras = [(tool.since, tool.until)]
    for rest in tool.rests_on:
        below = list(_era(policy, rest, (*seen, name)))
        if not below:
            return
        eras += below
    yield (
        max((s for s, _ in eras if s), default=None),
        min((u for _, u in eras if u), default=None),
    )
