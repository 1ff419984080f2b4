"""Assets: what pages are made of: style, scripts, a client's colours, QR codes.  All from our own origin."""

from __future__ import annotations

import io

import segno
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from troth.services import link_problem
from troth.web.look import style_of
from troth.web.pages import static
from troth.web.talk.arrive import served

TYPES = {
    "style.css": "text/css",
    "frame.js": "text/javascript",
    "visit.js": "text/javascript",
    "embed.js": "text/javascript",
    "chat.js": "text/javascript",
}
PUBLIC = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}


async def file(request: Request) -> Response:
    """Give a style sheet or a script."""
    name = request.path_params.get("name", "embed.js")
    if name not in TYPES:
        raise HTTPException(404)
    text = static(name)
    if name == "style.css":
        text = shaded(text.decode(), request.query_params.get("shade", "")).encode()
    return Response(text, media_type=TYPES[name], headers=PUBLIC)


def shaded(sheet: str, shade: str) -> str:
    """Write a style sheet for readers who chose a shade, whatever their device prefers.

    >>> shaded("@media (prefers-color-scheme: dark) { :root {} }", "dark")
    '@media all { :root {} }'
    """
    by_device, rule = "@media (prefers-color-scheme: dark)", {"dark": "@media all", "light": "@media not all"}
    fixed = sheet.replace("color-scheme: light dark", f"color-scheme: {shade}") if shade in rule else sheet
    return fixed.replace(by_device, rule.get(shade, by_device))


async def look(request: Request) -> Response:
    """Give the colours of the company, or of one client."""
    text = style_of(request.state.company.site, request.path_params["who"])
    text = shaded(text, request.query_params.get("shade", ""))
    return Response(text, media_type="text/css", headers=PUBLIC)


async def qr(request: Request) -> Response:
    """Draw a QR code (ISO/IEC 18004, level M) of a flow's address and a campaign code, nothing personal."""
    flow, company = served(request), request.state.company
    campaign, kind = request.query_params.get("campaign", ""), request.path_params["kind"]
    if set(request.query_params) - {"campaign"} or link_problem(campaign):
        raise HTTPException(
            400, link_problem(campaign) or "a QR code carries a campaign code and nothing else"
        )
    if kind not in ("svg", "png"):
        raise HTTPException(404)
    address = f"{request.url.scheme}://{request.url.netloc}/{company.name}/f/{flow.name}?via=qr"
    code = segno.make(address + (f"&campaign={campaign}" if campaign else ""), error="m", micro=False)
    out = io.BytesIO()
    if kind == "svg":
        code.save(out, kind="svg", scale=8, title=flow.title, desc=address)
    else:
        code.save(out, kind="png", scale=8)
    return Response(out.getvalue(), media_type="image/svg+xml" if kind == "svg" else "image/png")
