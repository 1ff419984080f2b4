"""Settings: what a partner allows with the data it handed in; it sets them for nobody but itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from troth.policy.model import Data, Purpose
from troth.runtime import Company
from troth.services.joint import granted, handed, shareable
from troth.web.api.asker import Asker
from troth.web.pages import page
from troth.web.partner.home import frame
from troth.web.partner.signin import partner_act, partner_of
from troth.web.sessions import Session


async def settings(request: Request) -> Response:
    """Show the settings as a form: a box for each field and receiver, each kind of data and purpose."""
    session, company = partner_of(request), request.state.company
    now = await run_in_threadpool(lambda: company.gate.settings(party=session.party, member=session.member))
    texts = {d.name: d.text or d.name for d in company.policy.of(Data)}
    purposes = {p.name: p.text or p.name for p in company.policy.of(Purpose)}
    return page(
        request,
        "partner/settings.html",
        **frame(company, session, "settings"),
        now=now,
        others=_others(company, session),
        fields=shareable(company.policy, session.party),
        handed=handed(company.policy, session.party),
        granted=granted(company.rewards, session.member),
        texts=texts,
        purposes=purposes,
    )


async def setting(request: Request) -> Response:
    """Put what the form says in the place of the last version."""
    session, form = await partner_act(request)
    company: Company = request.state.company
    boxes = [name for name in form if form[name]]
    share = _gathered(boxes, "share", _others(company, session))
    barred = _gathered(boxes, "bar", handed(company.policy, session.party))
    paused = [name for name in granted(company.rewards, session.member) if f"pause:{name}" in boxes]
    by = Asker("party", session.key, party=session.party, member=session.member).sign
    await run_in_threadpool(
        lambda: company.gate.set_up(
            party=session.party, member=session.member, share=share, barred=barred, paused=paused, by=by
        )
    )
    session.said = "Set. It counts from now on."
    return RedirectResponse(f"/{company.name}/partner/settings", 303)


def _others(company: Company, session: Session) -> dict[str, str]:
    members = company.parties.get(session.party, {})
    return {m: str(about.get("title", m)) for m, about in members.items() if m != session.member}


def _gathered(boxes: Iterable[str], kind: str, known: Mapping[str, object]) -> dict[str, list[str]]:
    """Gather ticked boxes ``kind:key:value`` by their key; what is not on the form is not a setting.

    >>> _gathered(["bar:shared:better", "share:kraft2:shared", "bar:other:x"], "bar", {"shared": ()})
    {'shared': ['better']}
    """
    found: dict[str, list[str]] = {}
    for box in boxes:
        what, _, rest = box.partition(":")
        key, _, value = rest.partition(":")
        if what == kind and key in known and value:
            found.setdefault(key, []).append(value)
    return found


ROUTES = (("GET", "/partner/settings", settings), ("POST", "/partner/settings", setting))
