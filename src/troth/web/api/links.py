"""Links: the ways to a flow that may be handed out; a link that would follow a person is refused."""

from __future__ import annotations

from urllib.parse import urlencode

from troth.services import link_problem, template_problem
from troth.web.api.door import Call
from troth.web.api.fault import Fault
from troth.web.api.talks import flow_clauses, flows_of, served
from troth.web.api.wire.campaigns import LinkIn, LinkOut


def link(call: Call) -> LinkOut:
    """Return a link to a flow with its QR codes; refused when it would carry something of a person."""
    sent, company = call.read(LinkIn), call.company
    flow = served(call, call.path["flow"])
    if call.asker.kind == "party" and flow.name not in {f.name for f in flows_of(call)}:
        raise Fault(403, "wrong-asker", "another's flow is refused", clauses=flow_clauses(call))
    for name, problem in (
        ("campaign", link_problem(sent.campaign)),
        ("template", template_problem(sent.template)),
    ):
        if problem:
            raise Fault(422, "invalid", f"{name}: {problem}", fields=(name,), clauses=flow_clauses(call))
    base = f"{company.base_url}/{company.name}"
    query = {"via": sent.channel, **({"campaign": sent.campaign} if sent.campaign else {})}
    code = f"?{urlencode({'campaign': sent.campaign})}" if sent.campaign else ""
    return LinkOut(
        url=f"{base}/f/{flow.name}?{urlencode(query)}",
        svg=f"{base}/qr/{flow.name}.svg{code}",
        png=f"{base}/qr/{flow.name}.png{code}",
        snippet=f'<script src="{base}/embed.js" data-flow="{flow.name}" async></script>',
    )
