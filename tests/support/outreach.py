"""Outreach: passing a post on as a member does it on the pages, in few words."""

from __future__ import annotations

import re

from httpx2 import Response
from rooms import Member

LINK = "https://news.example/jobs"
CODE = re.compile(r'name="code" value="([a-z2-7]{10})"')


def approve(who: Member, *names: str) -> Response:
    return who.post("/shares/platforms", "/shares", **{f"platform_{n}": "yes" for n in names})


def passed(who: Member, number: str, platform: str, **more: str) -> Response:
    """Look at what leaves, and say so."""
    page = f"/feed/{number}/share/{platform}"
    code = CODE.findall(who.get(page).text)
    return who.post(page, page if code else "/profile", code=code[0] if code else "", **more)
