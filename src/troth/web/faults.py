"""Faults: an error of ours that a person met is written down for those who keep the systems, and no more.

Where a purpose is the document's ``dpv:ServiceMonitoring``, one line is kept with the person: when, which
part, and the number of their account.  The part is the address without anything that was written into it;
the error's own text may hold personal values and is nowhere.  A document or a person that does not let it
goes without.
"""

from __future__ import annotations

from datetime import UTC

from starlette.requests import Request

from troth.policy.model import Data, Policy, Purpose
from troth.runtime import Company
from troth.terms import TrothError
from troth.web.asking import session_of

MONITORING = "dpv:ServiceMonitoring"


def note(company: Company, person: int, component: str) -> None:
    """Write one fault down."""
    found = log_of(company.policy)
    if found is None:
        return
    data, purpose = found
    at = company.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    typed = {"moment": at, "text": component, "key": company.gate.tag(person=person)}
    body: dict[str, object] = {f.name: typed[f.type] for f in data.fields if f.type in typed}
    source = next((s for s in ("use", "device") if s in data.sources), "device")
    try:
        company.gate.collect(person=person, data=data.name, body=body, purpose=purpose, source=source)
    except TrothError:
        return


def met(request: Request) -> None:
    """Write down the fault that a page's reader met, when they are signed in."""
    company = getattr(request.state, "company", None)
    session = session_of(request) if company is not None else None
    if company is not None and session is not None and session.person is not None:
        note(company, session.person, component_of(request))


def component_of(request: Request) -> str:
    """Name the part of the service: its address, with what was written into it struck out.

    >>> from starlette.requests import Request
    >>> asked = {"type": "http", "path": "/club/case/s3cret", "headers": [], "query_string": b""}
    >>> component_of(Request({**asked, "path_params": {"company": "club", "token": "s3cret"}}))
    '/case/…'
    """
    written = {str(v) for k, v in request.path_params.items() if k != "company"}
    parts = request.scope["path"].split("/")[2:]
    return "/" + "/".join("…" if part in written else part for part in parts)


def log_of(policy: Policy) -> tuple[Data, str] | None:
    """Return the category of the fault log and the purpose it serves; None where the document has none."""
    for purpose in (p for p in policy.of(Purpose) if p.dpv == MONITORING):
        kept = {u.data for b in purpose.bases for u in b.uses if not u.reads}
        for data in policy.of(Data):
            if data.name in kept and {"text", "moment"} <= {f.type for f in data.fields}:
                return data, purpose.name
    return None
