"""Check disclosures: what a law can require a document to say, one function a word of ``require``.

Each function looks at the document's own statements and yields what is missing: where, what, and what
to write. ``DISCLOSURES`` are listed; ``BARS`` keep the document from loading.  Which law asks for which
stands in the packs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from troth.policy.check_terms import closed, special, start, uses
from troth.policy.model import (
    Area,
    Breach,
    Controller,
    Data,
    Keep,
    OptOut,
    Policy,
    Purpose,
    Recipient,
    Safeguard,
    Whereabouts,
)
from troth.terms import Place

Gap = tuple[Place, str, str]


def _from(policy: Policy, ok: bool, message: str, hint: str) -> Iterator[Gap]:
    if not ok:
        yield start(policy), message, hint


def _controller(policy: Policy) -> Iterator[Gap]:
    named = policy.of(Controller)
    yield from _from(policy, bool(named), "who answers is not said", "write 'controller \"…\" in …'")


def _contact(policy: Policy) -> Iterator[Gap]:
    for controller in policy.of(Controller):
        if not controller.contact:
            yield controller.place, "there is no way to reach the controller", "write 'contact …' below it"


def _officer(policy: Policy) -> Iterator[Gap]:
    for controller in policy.of(Controller):
        if not controller.officer and not controller.party:
            yield (
                controller.place,
                "nothing is said of a data protection officer",
                "write 'officer \"…\"', or 'officer \"none\"'",
            )


def _authority(policy: Policy) -> Iterator[Gap]:
    for controller in policy.of(Controller):
        if not controller.authority and not controller.party:
            yield controller.place, "no authority to complain to is named", "write 'authority \"…\"'"


def _purposes(policy: Policy) -> Iterator[Gap]:
    yield from _from(policy, bool(policy.of(Purpose)), "no purpose is said", "write 'purpose …'")
    for purpose in policy.of(Purpose):
        if not purpose.text:
            yield purpose.place, f"purpose '{purpose.name}' is not put into words", 'write it in quotes: "…"'


def _interests(policy: Policy) -> Iterator[Gap]:
    for purpose in policy.of(Purpose):
        for ground in (g for b in purpose.bases for g in b.grounds):
            if ground.kind == "legitimate interest" and not ground.name:
                yield (
                    purpose.place,
                    f"the interest of '{purpose.name}' is not put into words",
                    'write "…" after it',
                )


def _laws(policy: Policy) -> Iterator[Gap]:
    for purpose in policy.of(Purpose):
        for ground in (g for b in purpose.bases for g in b.grounds):
            if ground.kind == "legal obligation" and not ground.name:
                yield purpose.place, f"the law behind '{purpose.name}' is not named", 'write "…" after it'


def _categories(policy: Policy) -> Iterator[Gap]:
    for datum in policy.of(Data):
        if not datum.text:
            yield datum.place, f"'{datum.name}' is not put into words", 'write it in quotes: "…"'


def _recipients(policy: Policy) -> Iterator[Gap]:
    for recipient in policy.of(Recipient):
        if not recipient.text:
            yield recipient.place, f"'{recipient.name}' is not put into words", 'write who it is: "…"'
        if not recipient.is_source and not recipient.role:
            yield (
                recipient.place,
                f"'{recipient.name}' has no role",
                "write 'controller', 'processor' or 'joint controller'",
            )
        by_member = recipient.each and "country" in recipient.needs  # then each entry says where it is
        if not recipient.is_source and not recipient.country and not by_member:
            yield recipient.place, f"where '{recipient.name}' is, is not said", "write 'in COUNTRY'"


def _transfers(policy: Policy) -> Iterator[Gap]:
    tools = {s.name for s in policy.of(Safeguard)}
    for line in policy.of(Whereabouts):
        if line.verb == "transfer" and line.safeguard not in tools:
            yield line.place, "the transfer names no safeguard", "write 'under SAFEGUARD' and declare it"


def _places(policy: Policy) -> Iterator[Gap]:
    kept = any(w.verb in ("store in", "stay in") for w in policy.of(Whereabouts))
    yield from _from(policy, kept, "where data are stored is not said", "write 'store in …'")


def _periods(policy: Policy) -> Iterator[Gap]:
    yield from _from(policy, bool(policy.of(Keep)), "no period is said", "write 'keep …'")


def _sources(policy: Policy) -> Iterator[Gap]:
    for datum in policy.of(Data):
        if not datum.sources and not datum.inputs and datum.area not in closed(policy):
            yield (
                datum.place,
                f"where '{datum.name}' comes from is not said",
                "write 'from person', 'from device' …",
            )


def _logic(policy: Policy) -> Iterator[Gap]:
    for purpose in _deciding(policy):
        if not purpose.logic:
            yield purpose.place, f"how '{purpose.name}' decides is not said", "write 'logic \"…\"' below it"


def _review(policy: Policy) -> Iterator[Gap]:
    for purpose in _deciding(policy):
        if not purpose.review_by:
            yield (
                purpose.place,
                f"nobody looks again at what '{purpose.name}' decides",
                "write 'review by person'",
            )


def _deciding(policy: Policy) -> Iterator[Purpose]:
    yield from (p for p in policy.of(Purpose) if "decides automatically" in p.marks)


def _marketing(policy: Policy) -> Iterator[Gap]:
    opted = {p for o in policy.of(OptOut) for p in o.purposes}
    for purpose in policy.of(Purpose):
        if "direct marketing" in purpose.marks and purpose.name not in opted:
            yield (
                purpose.place,
                f"there is no door out of '{purpose.name}'",
                f"write 'opt out of {purpose.name} by …'",
            )


def _special(policy: Policy) -> Iterator[Gap]:
    delicate = {d.name for d in policy.of(Data) if special(d)}
    for purpose, basis, use in uses(policy):
        open_to = {g.kind for g in basis.grounds} - {"consent", "vital interest", "legal obligation"}
        if use.data in delicate and open_to:
            kinds = " or ".join(sorted(open_to))
            what = f"'{purpose.name}' touches the special category '{use.data}' on {kinds}"
            yield purpose.place, what, "ask for consent to it"


def _arrangement(policy: Policy) -> Iterator[Gap]:
    for area in policy.of(Area):
        if area.role.startswith("joint") and not area.duties:
            yield (
                area.place,
                f"who does what in '{area.name}' is not said",
                "write 'ours …' and 'theirs …' below it",
            )


def _breaches(policy: Policy) -> Iterator[Gap]:
    yield from _from(
        policy, bool(policy.of(Breach)), "what happens when data leak is not said", "write 'breach …'"
    )


DISCLOSURES: Mapping[str, Callable[[Policy], Iterator[Gap]]] = {
    "controller": _controller,
    "contact": _contact,
    "officer": _officer,
    "authority": _authority,
    "purposes": _purposes,
    "interests": _interests,
    "laws": _laws,
    "categories": _categories,
    "recipients": _recipients,
    "transfers": _transfers,
    "places": _places,
    "periods": _periods,
    "sources": _sources,
    "logic": _logic,
    "marketing-door": _marketing,
    "arrangement": _arrangement,
    "breach": _breaches,
}

BARS: Mapping[str, Callable[[Policy], Iterator[Gap]]] = {"special-ground": _special, "review": _review}
