"""Download: a person's whole file as a zip: JSON, CSV, a page to read, and a receipt of each consent.

Names in the zip carry no personal value.  Its one rule: *a cell that a spreadsheet would run is made text
first*.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.gate.values import Access
from troth.publish import SCHEMA
from troth.runtime import Company
from troth.web import tongue
from troth.web.asking import person_of
from troth.web.me.centre import grouped, parties, titles
from troth.web.pages import ENVIRONMENT, language_of

NAMES = {"portable": "portable.json"}
TYPES = {
    "portable": "application/json",
    "zip": "application/zip",
    "json": "application/json",
    "csv": "text/csv",
    "html": "text/html",
}


async def download(request: Request) -> Response:
    """Give all data in the form asked for (GDPR Art. 15 and 20)."""
    session, company = person_of(request), request.state.company
    kind = request.query_params.get("as", "zip")
    if kind not in TYPES:
        raise HTTPException(404)
    person = session.person
    data: Mapping[str, Any] = await run_in_threadpool(lambda: company.copy(person=person))
    access: Access = await run_in_threadpool(lambda: company.gate.access(person=person))
    files = written(company, access, data, language_of(request))
    body = (
        zipped(files, company.clock()) if kind == "zip" else files[NAMES.get(kind, f"data.{kind}")].encode()
    )
    name = f"{company.name}-{NAMES.get(kind, f'my-data.{kind}')}"
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=TYPES[kind], headers=told)


def written(company: Company, access: Access, data: Mapping[str, Any], language: str) -> dict[str, str]:
    """Write the files of a person's copy."""
    files = {
        "data.json": json.dumps(data, indent=2, ensure_ascii=False, default=_plain),
        "data.csv": table(
            ("category", "field", "value", "purposes", "source", "collected", "goes", "clause"),
            (
                (
                    h.data,
                    name,
                    value,
                    " ".join(h.purposes),
                    h.source,
                    h.collected,
                    h.due or h.waits,
                    _ref(h.clause),
                )
                for h in access.held
                for name, value in h.body.items()
            ),
        ),
        "portable.json": json.dumps(company.portable(data), indent=2, ensure_ascii=False, default=_plain),
        "portable.csv": table(
            ("data", "field", "value", "collected", "purposes"),
            (
                (r["data"], name, value, r["collected"], " ".join(r["purposes"]))
                for r in data["portable"]
                for name, value in r["fields"].items()
            ),
        ),
        SCHEMA: company.published[SCHEMA],
        "consents.csv": table(
            ("at", "kind", "name", "given", "text", "language", "channel"),
            ((a.at, a.kind, a.name, a.given, a.text, a.language, a.channel) for a in access.acts),
        ),
        "disclosures.csv": table(
            ("at", "to", "member", "data", "purpose", "form", "clause"),
            (
                (d.at, d.party, d.member, " ".join(d.data), d.purpose, d.form, d.clause)
                for d in access.disclosures
            ),
        ),
        "consent-receipts.json": json.dumps(
            receipts(company, access), indent=2, ensure_ascii=False, default=_plain
        ),
    }
    return {**files, "data.html": _readable(company, access, language)}


def receipts(company: Company, access: Access) -> list[dict[str, object]]:
    """Return one receipt a consent act, in the terms of ISO/IEC TS 27560."""
    return [
        {
            "schema_version": "ISO-27560",
            "event": "ConsentGiven" if act.given else "ConsentWithdrawn",
            "event_time": act.at,
            "consent": act.name,
            "notice_text": act.text,
            "language": act.language,
            "policy_version": act.version or company.policy.version,
            "channel": act.channel,
            "pii_controller": company.title,
        }
        for act in access.acts
        if act.kind == "consent"
    ]


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV (RFC 4180); a formula becomes text.

    >>> table(("a",), [("=1+1",)])
    "a\\r\\n'=1+1\\r\\n"
    """
    out = io.StringIO()
    csv.writer(out).writerows([head, *([_cell(value) for value in row] for row in rows)])
    return out.getvalue()


def zipped(files: Mapping[str, str], now: datetime) -> bytes:
    """Pack files into a zip."""
    out = io.BytesIO()
    when = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, when), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _readable(company: Company, access: Access, language: str) -> str:
    zone = company.policy.zone
    return ENVIRONMENT.get_template("me/export.html").render(
        company=company,
        language=language,
        groups=grouped(company, access),
        acts=access.acts,
        disclosures=access.disclosures,
        requests=access.requests,
        titles=titles(company),
        names=parties(company),
        now=company.clock(),
        _=tongue.speaker(language),
        day=lambda m: tongue.day(m, language, zone),
        clock=lambda m: tongue.clock(m, language, zone),
    )


def _cell(value: object) -> str:
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=_plain) if value else ""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return sorted(map(str, value)) if isinstance(value, (set, frozenset)) else str(value)


def _ref(clause: Any) -> str:
    return f"§{clause.ref}" if clause is not None else ""
