"""Check edges: where the rules meet people, devices and other businesses.

A form has its meaning; a duty under a joint area lies on exactly one side; what is put on a device is
necessary or agreed to; a door out leads out of something.
"""

from __future__ import annotations

from collections.abc import Iterator

from troth.policy.check_rules import touches
from troth.policy.check_terms import (
    base,
    closed,
    consents,
    error,
    uses,
)
from troth.policy.model import (
    Area,
    Cookie,
    Data,
    Door,
    Fact,
    FormMeaning,
    Join,
    Keep,
    OptOut,
    Policy,
    Purpose,
    Statement,
)
from troth.terms import Form, Problem

_FORMS_WITH_MEANING = (Form.ANONYMOUS, Form.TRUNCATED)


def check_edges(policy: Policy) -> Iterator[Problem]:
    """Yield the forms without meaning, duties without owner, devices without ground and doors to nowhere."""
    for part in (_forms, _areas, _placed, _apart, _cookies, _opt_outs, _joins):
        yield from part(policy)


def _forms(policy: Policy) -> Iterator[Problem]:
    meant = {m.form for m in policy.of(FormMeaning)}
    said: dict[Form, Statement] = {}
    for statement, form in _said_forms(policy):
        if form in _FORMS_WITH_MEANING and form not in meant:
            said.setdefault(form, statement)
    for form, statement in said.items():
        example = "anonymous totals at least 10 people" if form is Form.ANONYMOUS else "truncated to …"
        yield error(statement.place, f"nothing says what '{form}' means here", f"write '{example}'")


def _said_forms(policy: Policy) -> Iterator[tuple[Statement, Form]]:
    for purpose, _, use in uses(policy):
        if use.at_least is None:
            yield purpose, use.form
    for door in policy.of(Door):
        if door.at_least is None:
            yield door, door.form
    for datum in policy.of(Data):
        yield datum, datum.form
    for keep in policy.of(Keep):
        if keep.outcome == "anonymise":
            yield keep, Form.ANONYMOUS


def _areas(policy: Policy) -> Iterator[Problem]:
    for area in policy.of(Area):
        if not area.role.startswith("joint"):
            if area.duties:
                yield error(area.place, f"'{area.name}' is no joint area, so no duties are parted there")
            continue
        sides = {
            side: {p for d in area.duties if d.side == side for p in d.covers} for side in ("ours", "theirs")
        }
        for purpose in sorted(sides["ours"] & sides["theirs"]):
            yield error(
                area.place,
                f"area '{area.name}': both sides answer for '{purpose}'",
                "leave it on one side (GDPR Art. 26)",
            )
        inside = {d.name for d in policy.of(Data) if d.area == area.name}
        done = {p.name for p, _, u in uses(policy) if u.data in inside}
        for purpose in sorted(done - sides["ours"] - sides["theirs"]):
            yield error(
                area.place,
                f"area '{area.name}': nobody answers for '{purpose}', which touches its data",
                "add it to a duty of 'ours' or 'theirs' (GDPR Art. 26)",
            )


def _placed(policy: Policy) -> Iterator[Problem]:
    """Where we hold data in more than one role, each category stands in an area, which says in which."""
    areas = tuple(policy.of(Area))
    for datum in policy.of(Data) if any(a.role != "controller" for a in areas) else ():
        if not datum.area:
            names = ", ".join(a.name for a in areas)
            said = f"'{datum.name}' stands in no area, so in which role it is held is not said (GDPR Art. 4)"
            yield error(datum.place, said, f"say it: in {names.replace(', ', ' | ')}")


def _apart(policy: Policy) -> Iterator[Problem]:
    """What is kept apart by a kind needs a fact that says when whoever looks is of the same one."""
    inside = {d.name: d.area for d in policy.of(Data)}
    facts = {name for f in policy.of(Fact) if f.of == "viewer" for name in f.by}
    for area in (a for a in policy.of(Area) if a.apart_by):
        if not any(
            inside.get(n.partition(".")[0]) == area.name and n.endswith(f".{area.apart_by}") for n in facts
        ):
            yield error(
                area.place,
                f"'{area.name}' is apart by {area.apart_by}, and nothing says who is of the same one",
                f'write: fact same-{area.apart_by} "…" of viewer by DATA.{area.apart_by}',
            )


def _cookies(policy: Policy) -> Iterator[Problem]:
    grounds = {
        p.name: {g.name for b in p.bases for g in b.grounds if g.kind == "consent"}
        for p in policy.of(Purpose)
    }
    for cookie in policy.of(Cookie):
        for area in sorted(set(cookie.areas) & closed(policy)):
            yield error(cookie.place, f"{cookie.kind} '{cookie.name}' in '{area}', where nothing may be read")
        if not cookie.necessary and not cookie.consent:
            yield error(
                cookie.place,
                f"{cookie.kind} '{cookie.name}' is neither necessary nor consented to",
                "write 'on consent …', or 'necessary' if the service asked for does not work without it",
            )
        if cookie.consent and cookie.purpose in grounds and cookie.consent not in grounds[cookie.purpose]:
            yield error(
                cookie.place,
                f"{cookie.kind} '{cookie.name}': '{cookie.purpose}' does not rest on '{cookie.consent}'",
                "name the consent that is its ground",
            )


def _opt_outs(policy: Policy) -> Iterator[Problem]:
    purposes = {p.name: p for p in policy.of(Purpose)}
    for door in policy.of(OptOut):
        for name in door.purposes:
            purpose = purposes.get(name)
            if purpose and not purpose.marks & {"direct marketing"} and not _optional(purpose):
                yield error(
                    door.place,
                    f"nobody can opt out of '{name}': it rests on neither consent nor interest",
                    "take it out of the list",
                )


def _optional(purpose: Purpose) -> bool:
    kinds = {g.kind for b in purpose.bases for g in b.grounds}
    return "consent" in kinds or any(map(purpose.opposable, kinds))


def _joins(policy: Policy) -> Iterator[Problem]:
    known = consents(policy)
    for join in policy.of(Join):
        for name in (join.left, join.right):
            if not join.consent and not touches(policy, join.purpose, base(name)):
                yield error(
                    join.place,
                    f"join: purpose '{join.purpose}' neither uses nor reads '{name}'",
                    f"name a consent, or let '{join.purpose}' read it",
                )
        if join.consent and join.consent in known and not join.purpose:
            yield error(join.place, "join: no purpose is named", "write 'for PURPOSE'")
