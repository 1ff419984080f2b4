"""Receipt: what a person takes home of their consents, in the terms of ISO/IEC TS 27560.

Each act is one event with the words that were shown; a no and a withdrawal are events like a yes.  The
person stands in it under a code only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from troth.publish.facts import Facts

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"


class Act(Protocol):
    """One yes or no; the gate's ``Act`` is one."""

    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def given(self) -> bool: ...
    @property
    def at(self) -> datetime: ...
    @property
    def text(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def language(self) -> str: ...


def receipt(told: Facts, acts: Iterable[Act], *, person: str, at: datetime) -> Mapping[str, Any]:
    """Return the receipt of a person's consents; ``person`` is a code, ``at`` the moment it is made.

    Acts of other kinds are passed over.  The same acts at the same moment give the same receipt number.
    """
    said = [act for act in acts if act.kind == "consent"]
    body: dict[str, Any] = {
        "record_metadata": {"schema_version": SCHEMA, "pii_principal_id": person},
        "pii_processing": {
            "privacy_notice": f"notice.html, version {told['version']}",
            "language": told["language"],
            "purposes": list(_purposes(told, {_bare(act.name) for act in said})),
        },
        "party_identification": [_party(c) for c in told["controllers"]],
        "event": list(_events(said)),
        "receipt_metadata": {"created": at.isoformat()},
    }
    body["record_metadata"]["record_id"] = f"urn:sha256:{_digest(body)}"
    return body


def _purposes(told: Facts, named: set[str]) -> Iterator[dict[str, Any]]:
    periods = {k["data"]: k["period"] for k in told["retention"]}
    for p in told["purposes"]:
        if p["ground"] == "consent" and _bare(p["rests on"]) in named:
            yield {
                "purpose": p["text"] or p["name"],
                "purpose_type": p["dpv"],
                "lawful_basis": "eu-gdpr:A6-1-a",
                "consent": _bare(p["rests on"]),
                "pii_information": p["data in words"],
                "retention_period": [periods[name] for name in p["data"] if name in periods],
                "recipient_third_parties": _receiving(told, p["name"]),
                "withdrawal_method": "the same page, as easily as it was given",
                "privacy_rights": [r["text"] for r in told["rights"]],
                "notice_section": p["section"],
            }


def _receiving(told: Facts, purpose: str) -> list[str]:
    return [
        r["text"] or r["name"]
        for r in told["recipients"]
        if any(purpose in door["purposes"] for door in r["receives"])
    ]


def _party(c: Facts) -> dict[str, str]:
    return {
        "party_name": c["name"],
        "party_role": c.get("role", "controller"),
        "party_address": c.get("address", ""),
        "party_contact": c["contact"],
    }


def _events(acts: Iterable[Act]) -> Iterator[dict[str, str]]:
    """Yield the acts as events: a no after a yes is a withdrawal, a no before any yes a refusal."""
    given: set[str] = set()
    for act in acts:
        state = (
            "consent given" if act.given else "consent withdrawn" if act.name in given else "consent refused"
        )
        (given.add if act.given else given.discard)(act.name)
        yield {
            "event_time": act.at.isoformat(),
            "event_type": "explicit",
            "event_state": state,
            "consent": act.name,
            "wording": act.text,
            "notice_version": act.version,
            "language": act.language,
        }


def _bare(name: str) -> str:
    return name.partition("(")[0].strip()


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
