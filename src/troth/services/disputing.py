"""Disputing: a complaint about a reward, from the person to who granted it, and the answer back.

The complaint and the answer are records of one category, each only added; the reward itself is not touched:
it is disputed while a complaint about it is open.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from troth.gate.values import Delivery, Held
from troth.services.giving import history
from troth.services.rights import months_later
from troth.services.shop import Shop, fitting, number
from troth.terms import TrothError

SORTS = ("missing", "amount", "other")
WITHIN = 1  # month, as for a request under a right, where a document says nothing else
STATES = ("open", "upheld", "rejected")


class NoComplaint(TrothError):
    """There is no complaint of this number."""

    def __init__(self) -> None:
        super().__init__("there is no complaint of this number, or it is gone")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint as it stands; ``demandable`` is the day from which the claim could be brought."""

    number: str
    reward: str
    operator: str
    sort: str
    text: str
    demandable: date
    state: str
    answer: str = ""
    rid: int = 0
    due: datetime | None = None  # the first instant at which the answer is late
    overdue: bool = False


def complain(
    shop: Shop, person: int, *, reward: str, text: str, sort: str = "other", demandable: date | None = None
) -> Complaint:
    """File a complaint about a line of the person's ledger and show it to who granted the reward.

    The day is the one the person says, else the day the reward was earned.  Raises ``NoComplaint`` for a
    reward that is not the person's, ``Refused`` when the document keeps no such thing.
    """
    data = shop.category("demandable", "reward")
    line = next((x for x in history(shop, person) if x.entitlement == reward and reward), None)
    if data is None or line is None:
        raise NoComplaint
    body = {
        "number": number("C"),
        "reward": reward,
        "operator": line.operator,
        "sort": sort,
        "text": text,
        "demandable": (demandable or line.at.date()).isoformat(),
        "state": "open",
    }
    purpose = shop.collecting(data.name)
    shop.gate.collect(
        person=person, data=data.name, body=fitting(data, body), purpose=purpose, source="person"
    )
    shop.gate.tie(person=person, data=data.name, value=body["number"])
    filed = next(c for c in complaints(shop, person) if c.number == body["number"])
    for fact in _opening(shop, line.operator):
        shop.gate.raise_fact(person=person, name=fact, member=line.operator)
    if line.operator and shop.member(line.operator):
        shown(shop, number=filed.number, party=shop.member(line.operator), member=line.operator)
    return filed


def complaints(shop: Shop, person: int) -> tuple[Complaint, ...]:
    """Return a person's complaints, each with its answer, newest first."""
    data = shop.category("demandable", "reward")
    held = [h for h in shop.gate.access(person=person).held if data is not None and h.data == data.name]
    filed = [h for h in held if h.source == "person"]
    return tuple(_complaint(shop, h, held) for h in reversed(filed))


def standing(shop: Shop, number: str) -> Complaint:
    """Return how a complaint stands, for who may see its state alone; raise ``NoComplaint``."""
    person = _whose(shop, number)
    found = next((c for c in complaints(shop, person) if c.number == number), None)
    if found is None:
        raise NoComplaint
    return found


def disputed(found: Iterable[Complaint]) -> frozenset[str]:
    """Return the rewards about which a complaint is open."""
    return frozenset(c.reward for c in found if c.state == "open")


def shown(shop: Shop, *, number: str, party: str, member: str) -> Delivery:
    """Show a complaint and its reward to a party; raise ``Refused`` for one whose reward it is not."""
    data, reward = shop.category("demandable", "reward"), shop.reward
    person = _whose(shop, number)
    if data is None or reward is None:
        raise NoComplaint
    about = next((c for c in complaints(shop, person) if c.number == number), None)
    if about is None:
        raise NoComplaint
    line = next((x for x in history(shop, person) if x.entitlement == about.reward), None)
    fields = ("number", "reward", "sort", "text", "demandable", "state")
    told = [f"{data.name}.{f.name}" for f in data.fields if f.name in fields]
    told += [f"{reward.name}.{f}" for f in ("entitlement", "amount")] if line else []
    return shop.gate.disclose(
        person=person,
        data=told,
        party=party,
        member=member,
        purpose=shop.collecting(data.name),
        records=(about.rid, *((line.rid,) if line else ())),
    )


def resolve(shop: Shop, *, number: str, party: str, member: str, upheld: bool, text: str) -> int:
    """Enter the answer of who granted the reward and return whose complaint it was."""
    data = shop.category("demandable", "reward")
    person = _whose(shop, number)
    shown(shop, number=number, party=party, member=member)
    about = next(c for c in complaints(shop, person) if c.number == number)
    if data is None or about.state != "open":
        raise NoComplaint
    body = {
        "number": number,
        "reward": about.reward,
        "operator": member,
        "text": text,
        "demandable": about.demandable.isoformat(),
        "state": "upheld" if upheld else "rejected",
    }
    shop.gate.receive(
        person=person,
        data=data.name,
        body=fitting(data, body),
        purpose=shop.collecting(data.name),
        member=member,
        party=party,
    )
    if not any(c.state == "open" and c.operator == member for c in complaints(shop, person)):
        for fact in _opening(shop, member):
            shop.gate.lower_fact(person=person, name=fact, member=member)
    return person


def _whose(shop: Shop, number: str) -> int:
    data = shop.category("demandable", "reward")
    found = shop.gate.bearers(data=data.name, value=number) if data else ()
    if not found:
        raise NoComplaint
    return found[0]


def _opening(shop: Shop, operator: str) -> tuple[str, ...]:
    data = shop.category("demandable", "reward")
    return shop.guarding(data.name, operator) if data else ()


def _complaint(shop: Shop, held: Held, all_held: list[Held]) -> Complaint:
    said = {n: str(held.body.get(n, "")) for n in ("number", "reward", "operator", "sort", "text")}
    answer = next((h for h in all_held if h is not held and h.body.get("number") == said["number"]), None)
    state = str((answer or held).body.get("state", "open"))
    zone = ZoneInfo(shop.policy.zone)
    last = months_later(held.collected.astimezone(zone).date(), WITHIN)
    due = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    return Complaint(
        **said,
        demandable=date.fromisoformat(str(held.body["demandable"])),
        state=state,
        due=due,
        overdue=state == "open" and due <= shop.clock(),
        answer=str(answer.body.get("text", "")) if answer else "",
        rid=held.rid,
    )
