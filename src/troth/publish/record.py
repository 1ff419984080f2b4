"""Record: the record of processing activities (GDPR Art. 30), one row an activity, each on exactly one basis.

An activity is one purpose on one ground.  A purpose that rests on several grounds is several rows, so that
nobody can read two bases into one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from troth.policy import model as m
from troth.publish.facts import Facts

_ARTICLES = {
    "consent": "GDPR Art. 6(1)(a)",
    "contract": "GDPR Art. 6(1)(b)",
    "legal obligation": "GDPR Art. 6(1)(c)",
    "vital interest": "GDPR Art. 6(1)(d)",
    "public task": "GDPR Art. 6(1)(e)",
    "legitimate interest": "GDPR Art. 6(1)(f)",
    "instruction": "GDPR Art. 28(3)(a)",
}


@dataclass(frozen=True, slots=True)
class Activity:
    """One row.  ``role``: the company answers for it, or acts for ``on_behalf_of`` (Art. 30(2))."""

    activity: str
    purpose: str
    basis: str
    rests_on: str
    article: str
    role: str
    on_behalf_of: str
    controller: str
    contact: str
    officer: str
    data: str
    special: str
    profiling: str
    logic: str
    effects: str
    assessed: str
    recipients: str
    transfers: str
    periods: str
    stored_in: str
    section: str


def record(policy: m.Policy, told: Facts) -> tuple[Activity, ...]:
    """Return the rows, in the order of the document."""
    return tuple(_rows(policy, told))


def as_csv(rows: tuple[Activity, ...]) -> str:
    """Return the rows as CSV (RFC 4180); a cell that a spreadsheet would run as a formula is quoted away.

    >>> as_csv(()).splitlines()[0][:22]
    'activity,purpose,basis'
    """
    out = io.StringIO()
    names = list(Activity.__dataclass_fields__)
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows({key: _harmless(value) for key, value in asdict(row).items()} for row in rows)
    return out.getvalue()


def _harmless(value: str) -> str:
    return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value


def _rows(policy: m.Policy, told: Facts) -> Iterator[Activity]:
    areas = {a.name: a for a in policy.of(m.Area)}
    data = {d["name"]: d for d in told["data"]}
    answers = told["controllers"][0] if told["controllers"] else {}
    for p in told["purposes"]:
        used = [name.partition(".")[0] for name in p["data"]]
        area = areas.get(next((data[n]["area"] for n in used if n in data and data[n]["area"]), ""))
        yield Activity(
            activity=f"{p['name']} / {p['ground']}",
            purpose=p["text"] or p["name"],
            basis=p["ground"],
            rests_on=p["rests on"],
            article=_ARTICLES.get(p["ground"], ""),
            role=area.role if area else "controller",
            on_behalf_of=area.party if area else "",
            controller=answers.get("name", ""),
            contact=answers.get("contact", "") or answers.get("address", ""),
            officer=answers.get("officer", ""),
            data="; ".join(p["data in words"]),
            special="; ".join(n for n in used if n in data and data[n]["special"]),
            profiling="profiling" if "profiling" in p["marks"] else "",
            logic=p["logic"],
            effects=p["effects"],
            assessed=f"{p['assessed']}, again by {p['again by']}" if p["assessed"] else "",
            recipients="; ".join(_recipients(told, p["name"])),
            transfers="; ".join(_transfers(told)),
            periods="; ".join(_periods(told, used)),
            stored_in=_stored(told, used),
            section=p["section"],
        )


def _recipients(told: Facts, purpose: str) -> Iterator[str]:
    for r in told["recipients"]:
        if any(purpose in door["purposes"] for door in r["receives"]):
            members = [f"{one['title']} ({one['country']})" for one in r["members"]]
            yield (r["text"] or r["name"]) + (f": {', '.join(members)}" if members else "")


def _transfers(told: Facts) -> Iterator[str]:
    for w in told["whereabouts"]:
        if w["says"].startswith("transfer"):
            yield " ".join([*w["places"], w["safeguard"]]).strip()


def _periods(told: Facts, used: list[str]) -> Iterator[str]:
    for k in told["retention"]:
        if k["data"].partition(".")[0] in used:
            yield f"{k['text']}: {k['period']}"


def _stored(told: Facts, used: list[str]) -> str:
    """Return the countries in which an activity's data are stored: a line about these data wins."""
    lines = [w for w in told["whereabouts"] if w["says"].startswith(("store", "stay"))]
    own = [w for w in lines if set(w["data"]) & set(used)]
    general = [w for w in lines if not w["data"] and w["says"].startswith("store")]
    return ", ".join(dict.fromkeys(place for w in own or general for place in w["places"]))


def as_json(rows: tuple[Activity, ...]) -> list[Mapping[str, Any]]:
    """Return the rows as JSON values."""
    return [asdict(row) for row in rows]
