"""Claims: ``never`` and ``always``, promises over all states, with their selectors.

Selectors stand in claims, never in grants.  Several names are any of them; ``any but a, b`` leaves out both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from troth.policy.kinds import DAY, FORM, NAME, NAMES, NUMBER, UNLESS, WHEN
from troth.policy.lines import Cursor
from troth.policy.model import Claim
from troth.policy.shapes import Kind, Part, Shape, view_of, write_shape
from troth.terms import Form

VERBS = (
    "collect",
    "use",
    "share",
    "show",
    "keep",
    "touch",
    "load",
    "transfer",
    "join",
    "erase",
    "decide automatically",
)
GROUNDS = (
    "consent",
    "contract",
    "legal obligation",
    "legitimate interest",
    "vital interest",
    "public task",
    "instruction",
)
_ANY = ("any", "anything", "anyone")
_BUT = tuple(f"{word} but" for word in _ANY)


def _data(cursor: Cursor) -> tuple[str, ...]:
    """Take what a claim speaks of: names, ``any``, ``any in AREA``, ``any from SOURCE``, ``any but X``."""
    found = [_datum(cursor)]
    while True:
        start = cursor.at
        if not (cursor.comma() or cursor.accept("and", "or")) or cursor.sees(*cursor.stops):
            cursor.at = start
            return tuple(found)
        found.append(_datum(cursor))


def _datum(cursor: Cursor) -> str:
    if cursor.accept(*_BUT):
        return "any but " + ", ".join(cursor.names())
    if cursor.accept(*_ANY):
        if cursor.accept("in"):
            return "any in " + cursor.word("an area")
        if cursor.sees("from") and not cursor.sees(*(f"from {b}" for b in _BUT)):
            cursor.accept("from")
            return "any from " + cursor.word("a source")
        return "any"
    return cursor.word("a category of data")


def _chosen(cursor: Cursor) -> tuple[str, ...]:
    """Take parties or purposes: names, ``any``, ``any but X``, ``profiling``, ``direct marketing``."""
    if cursor.accept(*_BUT):
        return ("any but " + ", ".join(cursor.names()),)
    if cursor.accept(*_ANY):
        return ("any",)
    found = [cursor.accept("direct marketing") or cursor.word()]
    while True:
        start = cursor.at
        if not (cursor.comma() or cursor.accept("and", "or")) or cursor.sees(*cursor.stops):
            cursor.at = start
            return tuple(found)
        found.append(cursor.accept("direct marketing") or cursor.word())


def _maybe_name(cursor: Cursor) -> str:
    token = cursor.token
    return cursor.word() if token and token.kind == "word" and not cursor.sees(*cursor.stops) else ""


def _except(cursor: Cursor) -> dict[str, Any]:
    """Take what a claim leaves out: ``as FORM``, or data, for purposes if they are named."""
    if cursor.accept("as totals of"):
        return {"except_form": Form.ANONYMOUS, "except_at_least": cursor.number()}
    if cursor.accept("as"):
        return {"except_form": FORM.read(cursor)}
    data = cursor.names()
    return {"except_data": data, "except_purposes": cursor.names() if cursor.accept("for") else ()}


def _write_except(found: dict[str, Any]) -> str:
    if found.get("except_at_least") is not None:
        return f"as totals of {found['except_at_least']}"
    if found.get("except_form"):
        return f"as {found['except_form']}"
    purposes = found["except_purposes"]
    return ", ".join(found["except_data"]) + (f" for {', '.join(purposes)}" if purposes else "")


_DATA = Kind("DATA", _data, ", ".join)
_PARTIES = Kind("PARTIES", _chosen, ", ".join)
_PURPOSES = Kind("PURPOSES", _chosen, ", ".join)
_EXCEPT = Kind("as FORM | NAME, … [for NAME, …]", _except, _write_except)
_CONSENT = Kind("[NAME]", _maybe_name, str)


def _claim(found: dict[str, Any]) -> list[Any]:
    grounds, outside = found.pop("grounds", ()), found.pop("outside", ())
    found["parties"] = (*found.pop("with", ()), *found.pop("to", ()), *(f"outside {o}" for o in outside))
    found["purposes"] = (*found.pop("purposes", ()), *(f"on {g}" for g in grounds))
    found |= found.pop("except", {})
    if found["verb"] == "decide automatically":
        found["verb"] = "decide"
    elif not found.get("data"):
        found["data"] = ("any",)
    made = Claim(**found)
    return [replace(made, text=write_claim(made))]


def _view(value: Claim) -> dict[str, Any]:
    view = view_of(value)
    outside = tuple(p.removeprefix("outside ") for p in value.parties if p.startswith("outside "))
    parties = tuple(p for p in value.parties if not p.startswith("outside "))
    said = value.except_form or value.except_data
    return {
        **view,
        "verb": "decide automatically" if value.verb == "decide" else value.verb,
        "to" if value.verb in ("show", "transfer") else "with": parties,
        "outside": outside,
        "purposes": tuple(p for p in value.purposes if not p.startswith("on ")),
        "grounds": tuple(p.removeprefix("on ") for p in value.purposes if p.startswith("on ")),
        "except": {n: view[n] for n in view if n.startswith("except_")} if said else None,
        "guard.unless": value.guard.unless,
    }


def _shape(kind: str, says: str, example: str) -> Shape:
    return Shape(
        words=kind,
        make=Claim,
        says=says,
        example=example,
        fixed={"kind": kind},
        head=(
            Part("verb", "", Kind("VERB", lambda c: c.expect(*VERBS), str), needed=True),
            Part(
                "data",
                "",
                Kind(_DATA.shown, lambda c: () if not c.token or c.sees(*c.stops) else _data(c), _DATA.write),
            ),
        ),
        parts=(
            Part("sources_but", "from anyone but", NAMES),
            Part("sources", "from", NAMES),
            Part("with", "with", _PARTIES),
            Part("to", "to", _PARTIES),
            Part("outside", "outside", NAMES),
            Part("purposes", "for", _PURPOSES),
            Part("grounds", "on", Kind("GROUND", lambda c: (c.expect(*GROUNDS),), ", ".join)),
            Part("except", "except", _EXCEPT),
            Part("without_consent", "without consent", _CONSENT),
            Part("after_objection", "after objection"),
            Part("after_withdrawal", "after withdrawal"),
            Part("while_fact", "while", NAME),
            Part("guard.when", "when", WHEN),
            Part("guard.unless", "unless", UNLESS),
            Part("guard.under_age", "under", NUMBER),
            Part("guard.from_age", "from age", NUMBER),
            Part("guard.since", "since", DAY),
            Part("guard.until", "until", DAY),
        ),
        finish=_claim,
        start=_view,
    )


SHAPES = (
    _shape(
        "never",
        "promises that something is refused in every state; proved when the document is loaded",
        "never share any with growers except as anonymous",
    ),
    _shape(
        "always",
        "promises that something is allowed whenever its ground holds and no right of the person stops it",
        "always show reward to clerk for membership while active",
    ),
)


def write_claim(claim: Claim) -> str:
    """Return a claim in its canonical words.

    >>> write_claim(Claim(kind="never", verb="share", data=("any",), parties=("brand",)))
    'never share any with brand'
    """
    plain = replace(claim, label="", added=False)
    return write_shape(next(s for s in SHAPES if s.words == claim.kind), plain)[0]
