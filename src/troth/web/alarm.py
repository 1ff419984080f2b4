"""Alarm: many failed sign-ins from one network address close the door for it, and security is told.

Attempts are counted in memory and forgotten after minutes.  Only when there are too many does anything reach
the gate: the attempts as visits of somebody unknown, under the document's own fact for an alarm, so that the
role it names may look, while it keeps them, and is seen to have looked.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from troth.policy.model import Data, Door, Purpose
from troth.runtime import Company
from troth.terms import TrothError

WITHIN = timedelta(minutes=5)
MANY = 20  # failed attempts of one address within that time


@dataclass(frozen=True, slots=True)
class Alert:
    """One alarm: the tag under which its attempts are filed, since when, and how many there were."""

    company: str
    tag: str
    since: datetime
    attempts: int


@dataclass
class Alarm:
    """The failed attempts of the last minutes, by company and address, and the alarms that were raised."""

    failed: dict[tuple[str, str], deque[datetime]] = field(default_factory=dict)
    raised: list[Alert] = field(default_factory=list)

    def shut(self, company: str, address: str, now: datetime) -> bool:
        """Say whether this address has failed too often of late."""
        return len(self._recent(company, address, now)) >= MANY

    def note(self, company: Company, address: str, now: datetime) -> None:
        """Count one failed attempt; the one that makes them too many raises the alarm."""
        times = self._recent(company.name, address, now)
        if not address or len(times) >= MANY:
            return
        self.failed[company.name, address] = times
        times.append(now)
        if len(times) == MANY:
            tag = file(company, address, list(times))
            if tag:
                self.raised.append(Alert(company.name, tag, now, MANY))

    def _recent(self, company: str, address: str, now: datetime) -> deque[datetime]:
        for key in [k for k, times in list(self.failed.items()) if not times or now - times[-1] > WITHIN]:
            self.failed.pop(key, None)
        times = self.failed.get((company, address), deque())
        while times and len(times) < MANY and now - times[0] > WITHIN:
            times.popleft()
        return times


def door(company: Company) -> tuple[str, str, str, str] | None:
    """Return (data, purpose, fact, role) of the document's door for security; None when it opens none."""
    purposes = {p.name for p in company.policy.of(Purpose) if p.dpv == "dpv:EnforceSecurity"}
    addressed = {d.name for d in company.policy.of(Data) if any(f.type == "ip" for f in d.fields)}
    for found in company.policy.of(Door):
        facts = [f for group in found.guard.when for f in group]
        data = [d for d in found.data if d in addressed]
        wanted = [p for p in found.purposes if p in purposes]
        if found.verb == "show" and facts and data and wanted:
            return data[0], wanted[0], facts[0], found.party
    return None


def file(company: Company, address: str, times: list[datetime]) -> str:
    """File the attempts as visits of somebody unknown; '' when the document does not let it."""
    found = door(company)
    if found is None:
        return ""
    data, purpose, fact, _ = found
    fields = {f.type: f.name for d in company.policy.of(Data) if d.name == data for f in d.fields}
    person = company.gate.new_person()
    try:
        for at in times:
            typed: dict[str, object] = {
                "ip": address,
                "moment": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
            typed["url"] = f"/{company.name}/signin"
            body = {fields[kind]: value for kind, value in typed.items() if kind in fields}
            company.gate.collect(person=person, data=data, body=body, purpose=purpose, source="device")
        company.gate.event(person=person, name="first-request")
        company.gate.raise_fact(person=person, name=fact)
    except TrothError:
        return ""
    return company.gate.tag(person=person)
