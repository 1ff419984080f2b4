"""Publish: every text a company publishes, made from its document in one go, so that they cannot disagree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from troth.document import Document
from troth.policy import model as m
from troth.publish.facts import Facts, Parties, facts
from troth.publish.notice import notice, page
from troth.publish.portable import SCHEMA, schema
from troth.publish.record import as_csv, as_json, record
from troth.publish.vocabulary import vocabulary


def publish(
    policy: m.Policy,
    document: Document,
    site: Mapping[str, Any] | None = None,
    parties: Parties | None = None,
    *,
    translations: Mapping[str, Document] | None = None,
) -> Mapping[str, str]:
    """Return the published texts by file name.  ``translations`` holds the prose of further languages.

    >>> from troth.document import read
    >>> texts = sorted(publish(m.Policy(title="Club"), read("# Club", "policy.md")))
    >>> texts[:4]
    ['cookies.json', 'gpc.json', 'notice.html', 'notice.json']
    >>> texts[4:]
    ['policy.jsonld', 'portable.schema.json', 'record.csv', 'record.json']
    """
    others = translations or {}
    told = facts(policy, site, parties, languages=tuple(others))
    rows = record(policy, told)
    texts = {
        "notice.html": page(policy, document, told),
        "notice.json": _json(told),
        "record.csv": as_csv(rows),
        "record.json": _json(as_json(rows)),
        "policy.jsonld": _json(vocabulary(told)),
        "cookies.json": _json(told["cookies"]),
        "gpc.json": _json(gpc(policy)),
        SCHEMA: _json(schema(policy)),
    }
    for language, prose in others.items():
        spoken = _spoken(policy, site, parties, language, others)
        texts[f"notice.{language}.html"] = page(policy, prose, spoken)
    return texts


def notices(
    policy: m.Policy,
    document: Document,
    site: Mapping[str, Any] | None = None,
    parties: Parties | None = None,
    *,
    translations: Mapping[str, Document] | None = None,
) -> Mapping[str, Markup]:
    """Return the notice by language, as pieces of HTML to stand in a page."""
    others = translations or {}
    own = notice(policy, document, facts(policy, site, parties, languages=tuple(others)))
    spoken = {
        language: notice(policy, prose, _spoken(policy, site, parties, language, others))
        for language, prose in others.items()
    }
    return {policy.language: own, **spoken}


def gpc(policy: m.Policy) -> dict[str, object]:
    """Return what stands under ``/.well-known/gpc.json``: whether Global Privacy Control is honoured.

    >>> gpc(m.Policy((m.OptOut(purposes=("study",), ways=(("signal", "Sec-GPC"),)),)))
    {'gpc': True, 'lastUpdate': ''}
    """
    honoured = any(
        kind == "signal" and said.lower() == "sec-gpc" for o in policy.of(m.OptOut) for kind, said in o.ways
    )
    return {"gpc": honoured, "lastUpdate": policy.since.isoformat() if policy.since else ""}


def _spoken(
    policy: m.Policy,
    site: Mapping[str, Any] | None,
    parties: Parties | None,
    language: str,
    others: Mapping[str, Document],
) -> Facts:
    return facts(policy, site, parties, languages=tuple(others), language=language)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
