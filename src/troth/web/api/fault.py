"""Fault: every way in which the API says no, as RFC 9457 problem details.

``clause`` names the section that decided and ``clauses`` all of them; ``missing`` is the smallest change that
would make it a yes; ``fields`` names what was wrong in the body.  No text carries a value that was sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import msgspec
from starlette.responses import Response

from troth.terms import Allowed, Clause, Decision, RefusedBy, TrothError, Unsaid
from troth.web.api.wire.base import ClauseOut, ProblemOut, clause_out

MEDIA = "application/problem+json"
NAME = re.compile(r"[A-Za-z][\w.-]{0,39}")
STRUCK = "…"
NOTICE = "notice accepted"  # what a person lacks who has not accepted the version in force
REFUSALS = frozenset({403, 409})  # a no to what somebody asked
TITLES = {
    "unreadable": "the body cannot be read",
    "unknown-asker": "sign in or send a key",
    "refused": "refused",
    "wrong-asker": "refused to this asker",
    "not-here": "not here",
    "not-this-way": "not this way",
    "not-offered": "no answer in that form",
    "conflict": "that has moved on",
    "gone": "gone",
    "too-large": "too large",
    "media-type": "not a kind of body that is taken",
    "invalid": "the request does not fit",
    "too-many": "too many calls",
    "declined": "the payment was declined",
    "no-answer": "another firm gave no answer",
    "not-now": "not offered now",
    "broken": "something broke",
}


class Fault(TrothError):
    """A no of the API itself, or one that it passes on."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        clauses: Sequence[Clause] = (),
        missing: Sequence[str] = (),
        fields: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.kind, self.detail = status, kind, detail
        self.clauses, self.missing, self.fields = tuple(clauses), tuple(missing), tuple(fields)
        self.headers = dict(headers or {})


def answer(fault: Fault, company: str, hears: tuple[str, str] = ("", "")) -> Response:
    """Write a fault out; ``type`` is a place on the API's readable page.

    ``hears``: the authority that hears complaints and where; a refusal names it (GDPR Art. 12(4)).
    """
    clauses = tuple(clause_out(c, company) for c in fault.clauses)
    body = ProblemOut(
        type=f"/{company}/api/v1/#{fault.kind}" if company else "about:blank",
        title=TITLES[fault.kind],
        status=fault.status,
        detail=fault.detail,
        clause=clauses[0].ref if clauses else None,
        clauses=clauses,
        missing=fault.missing,
        fields=fault.fields,
        accept=f"/{company}/me/notice" if company and NOTICE in fault.missing else "",
        authority=hears[0] if fault.status in REFUSALS else "",
        complaints=hears[1] if fault.status in REFUSALS else "",
    )
    return Response(msgspec.json.encode(body), fault.status, fault.headers, media_type=MEDIA)


def of_decision(decision: Decision, words: Set[str]) -> Fault:
    """Turn the kernel's no into 403 with its clauses and the smallest change to a yes.

    ``words`` are those of the document: what else the caller wrote may be somebody's own and is not repeated.
    """
    said = plainly(decision, words)
    clauses, missing = reasons(said)
    return Fault(403, "refused", str(said), clauses=clauses, missing=missing)


def plainly(decision: Decision, words: Set[str]) -> Decision:
    """Return a no with each word of the caller's that the document does not know struck out.

    >>> from troth.terms import Action, Request, Unsaid
    >>> str(plainly(Unsaid(Request(Action.USE, "kari@x.no", "offers")), {"offers"}))
    'use of … for offers is refused: no rule speaks of it'
    """
    if isinstance(decision, Allowed):
        return decision
    asked = decision.request

    def known(word: str) -> str:
        return word if word in words or not word else STRUCK

    clean = replace(
        asked,
        data=known(asked.data),
        purpose=known(asked.purpose),
        party=known(asked.party),
        field=known(asked.field),
        member=known(asked.member),
        source=known(asked.source),
    )
    if isinstance(decision, Unsaid):
        return replace(decision, request=clean)
    missing = tuple(m.replace(f"({asked.member})", f"({clean.member})") for m in decision.missing)
    return replace(decision, request=clean, missing=missing if asked.member else decision.missing)


def reasons(decision: Decision) -> tuple[tuple[Clause, ...], tuple[str, ...]]:
    """Return the clauses of a decision and what is missing for a yes."""
    if isinstance(decision, RefusedBy):
        return decision.clauses, decision.missing
    return (decision.clauses if isinstance(decision, Allowed) else decision.nearest), ()


def of_body(error: msgspec.ValidationError) -> Fault:
    """Say which field does not fit, without the value that was sent.

    >>> of_body(msgspec.ValidationError("Object contains unknown field `ssn`")).fields
    ('ssn',)
    >>> of_body(msgspec.ValidationError("Expected `str` matching regex '^[a-z]' - at `$.tag`")).detail
    'tag: not of its form'
    >>> of_body(msgspec.ValidationError("Invalid enum value 'kari@x.no' - at `$.action`")).detail
    'action: not one of its values'
    """
    text = str(error)
    where = (re.search(r"at `\$\.?([^`]*)`", text) or re.search(r"()", text) or [""])[1]
    unknown = re.search(r"(?:unknown|required) field `([^`]*)`", text)
    if unknown:
        name = unknown[1] if NAME.fullmatch(unknown[1]) else "a name that is no name"
        kind = "is not declared here" if "unknown" in text else "is missing"
        return Fault(422, "invalid", f"{name}: {kind}", fields=(name,))
    where = where if NAME.fullmatch(where.replace("[...]", "")) else "body"
    said = re.sub(r" - at .*", "", text).lower()
    said = "not one of its values" if "enum" in text else "not of its form" if "regex" in text else said
    return Fault(422, "invalid", f"{where}: {said}", fields=(where,))


__all__ = ["MEDIA", "TITLES", "ClauseOut", "Fault", "answer", "of_body", "of_decision", "plainly", "reasons"]
