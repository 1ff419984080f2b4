"""Consent: what a person agrees to, takes back or declares, written down with the words that were shown.

Taking back is never refused.  What rested on a consent alone goes in the same deed, because closing the
folder re-times every record.
"""

from __future__ import annotations

from troth.gate.ages import refusing
from troth.gate.erase import let_go
from troth.gate.errors import BadBody, Unknown
from troth.gate.facts import known
from troth.gate.folder import opened, standing
from troth.gate.house import House, base, named
from troth.gate.memory import state_now
from troth.gate.pay import forget_tokens
from troth.gate.stop import tell_stop
from troth.gate.values import Act, Receipt

OLDEST = 130


def consent(
    house: House,
    *,
    person: int,
    name: str,
    given: bool,
    text: str = "",
    language: str = "",
    channel: str = "",
    member: str = "",
) -> None:
    """Write a yes or a no down; ``name`` may carry its member: ``news(bryggen)``."""
    word = name if "(" in name else named(name, member)
    said = house.consents.get(base(word))
    if said is None:
        raise Unknown("consent", base(word))
    if said.per_member and "(" not in word:
        raise BadBody(said.name, "", f"this consent is given per {', '.join(said.per)}; name the member")
    house.members(word)
    with opened(house, person) as folder:
        if not given:
            forget_tokens(folder, word)
        shown = text or said.question
        folder.act(
            Act(
                "consent",
                word,
                given,
                folder.now,
                shown,
                house.policy.version,
                language or house.policy.language,
                channel,
            )
        )
        if not given:
            folder.happen("consent-withdrawn")
            tell_stop(folder, word)
        folder.note("consent given" if given else "consent taken back", said.clause, name=word)


def answered(house: House, *, person: int, name: str) -> bool | None:
    """Return whether a consent stands now; None while its person has never answered."""
    now = house.clock()
    if name in state_now(house, person=person, now=now).consents:
        return True
    told = known(house, standing(house, person, house.telling)).latest("consent")
    return False if name in told else None


def declare_age(house: House, *, person: int, years: int) -> Receipt | None:
    """Write an age down; a child that the document refuses is erased, and the receipt returned."""
    if not 0 <= years <= OLDEST:
        raise BadBody("age", "", f"an age in years, from 0 to {OLDEST}")
    refused, gone = refusing(house, years), let_go(house, person=person, age=years)
    if gone is not None:
        return gone
    with opened(house, person) as folder:
        folder.act(Act("age", str(years), True, folder.now, version=house.policy.version))
        folder.note("age declared", refused.clause if refused else "")
    return None


def accept_notice(house: House, *, person: int, version: str = "") -> None:
    """Write down that the person accepted a version of the notice; the one in force when none is named."""
    accepted = version or house.policy.version
    with opened(house, person) as folder:
        folder.act(Act("notice", accepted, True, folder.now, version=accepted))
        folder.note("notice accepted", version=accepted if accepted == house.policy.version else "another")


def note_notice(house: House, *, person: int, version: str, how: str) -> None:
    """Write down that a person was ``told`` of a version ahead, or has ``seen`` it; neither accepts it."""
    with opened(house, person) as folder:
        folder.act(Act("notice", f"{how} {version}", True, folder.now, version=house.policy.version))
        folder.note(f"notice {how}", version=house.policy.version)


def accept_terms(house: House, *, person: int, version: str) -> None:
    """Write down under which version of the terms of use a person came in."""
    with opened(house, person) as folder:
        folder.act(Act("terms", version, True, folder.now, version=house.policy.version))
        folder.note("terms accepted")
