"""Vocabulary: a document in the terms of the W3C Data Privacy Vocabulary, as JSON-LD.

Where the document names a term (``as pd:Contact``) it is used; otherwise the general one.  Nothing is guessed
from a label.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from troth.publish.facts import Facts

CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_BASES = {
    "consent": "eu-gdpr:A6-1-a",
    "contract": "eu-gdpr:A6-1-b",
    "legal obligation": "eu-gdpr:A6-1-c",
    "vital interest": "eu-gdpr:A6-1-d",
    "public task": "eu-gdpr:A6-1-e",
    "legitimate interest": "eu-gdpr:A6-1-f",
}
_RIGHTS = {
    "access": "eu-gdpr:A15",
    "correct": "eu-gdpr:A16",
    "erase": "eu-gdpr:A17",
    "restrict": "eu-gdpr:A18",
    "carry": "eu-gdpr:A20",
    "object": "eu-gdpr:A21",
    "withdraw": "eu-gdpr:A7-3",
    "complain": "eu-gdpr:A77",
    "review": "eu-gdpr:A22",
}
_RECIPIENTS = {"processor": "dpv:DataProcessor", "joint controller": "dpv:JointDataControllers"}
_MARKS = {
    "profiling": "dpv:Profiling",
    "direct marketing": "dpv:DirectMarketing",
    "decides automatically": "dpv:AutomatedDecisionMaking",
}


def vocabulary(told: Facts) -> dict[str, Any]:
    """Return the JSON-LD graph: one process a purpose and ground, with its data, recipients and periods."""
    return {
        "@context": CONTEXT,
        "@graph": [
            *({"@id": f"#controller-{n}", **_controller(c)} for n, c in enumerate(told["controllers"], 1)),
            *(_data(d, told) for d in told["data"]),
            *(_recipient(r) for r in told["recipients"]),
            *(_process(p, told) for p in told["purposes"]),
        ],
    }


def _controller(c: Facts) -> dict[str, Any]:
    kind = "dpv:JointDataControllers" if c.get("role") == "joint controller" else "dpv:DataController"
    reach = {"dpv:hasContact": c["contact"]} if c["contact"] else {}
    address = {"dpv:hasAddress": c["address"]} if "address" in c else {}
    return {"@type": kind, "dpv:hasName": c["name"], **address, **reach}


def _data(d: Facts, told: Facts) -> dict[str, Any]:
    kinds = [d["dpv"] or "dpv:PersonalData", *(["dpv:SpecialCategoryPersonalData"] if d["special"] else [])]
    periods = [
        {"@type": "dpv:StorageDuration", "skos:prefLabel": k["period"]}
        for k in told["retention"]
        if k["data"].partition(".")[0] == d["name"]
    ]
    label = {"skos:prefLabel": d["text"] or d["name"]}
    return {"@id": _id("data", d["name"]), "@type": kinds, **label, "dpv:hasStorageCondition": periods}


def _recipient(r: Facts) -> dict[str, Any]:
    members = [{"@type": "dpv:Recipient", "dpv:hasName": one["title"]} for one in r["members"]]
    kind = _RECIPIENTS.get(r["role"], "dpv:ThirdParty")
    name = {"dpv:hasName": r["text"] or r["name"], "dpv:hasCountry": r["country"]}
    return {
        "@id": _id("recipient", r["name"]),
        "@type": [kind, "dpv:Recipient"],
        **name,
        "skos:member": members,
    }


def _process(p: Facts, told: Facts) -> dict[str, Any]:
    purpose = [p["dpv"] or "dpv:Purpose", *(_MARKS[m] for m in p["marks"] if m == "direct marketing")]
    return {
        "@id": _id("process", f"{p['name']}-{p['ground']}-{p['rests on']}"),
        "@type": "dpv:Process",
        "dct:isPartOf": f"notice.html#{p['anchor']}",
        "dpv:hasPurpose": {"@type": purpose, "skos:prefLabel": p["text"] or p["name"]},
        "dpv:hasLegalBasis": {
            "@type": _BASES.get(p["ground"], "dpv:LegalBasis"),
            "skos:prefLabel": p["rests on"] or p["ground"],
        },
        "dpv:hasDataController": [{"@id": f"#controller-{n}"} for n, _ in enumerate(told["controllers"], 1)],
        "dpv:hasPersonalData": _known({_id("data", name.partition(".")[0]) for name in p["data"]}),
        "dpv:hasRecipient": _known({_id("recipient", name) for name in _receiving(p["name"], told)}),
        "dpv:hasProcessing": [{"@type": _MARKS[m]} for m in p["marks"] if m != "direct marketing"],
        "dpv:hasRight": [{"@id": _RIGHTS[r["name"]]} for r in told["rights"] if r["name"] in _RIGHTS],
    }


def _receiving(purpose: str, told: Facts) -> Iterator[str]:
    for r in told["recipients"]:
        if any(purpose in door["purposes"] for door in r["receives"]):
            yield r["name"]


def _known(ids: set[str]) -> list[dict[str, str]]:
    return [{"@id": one} for one in sorted(ids)]


def _id(kind: str, name: str) -> str:
    return f"#{kind}-" + "".join(c if c.isalnum() else "-" for c in name.lower()).strip("-")
