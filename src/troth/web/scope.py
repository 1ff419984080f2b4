"""Scope: turns a request away that comes to a host which the company's document does not cover (421).

A document that names hosts is served on them, and on this machine's own names, which nobody else can reach;
nothing of what another host was sent is read.  One without a scope is served wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Asked

from troth.policy import model as m
from troth.runtime import Company
from troth.terms import Clause
from troth.web.guard import HERE
from troth.web.problems import problem

Hosts = tuple[frozenset[str], Clause]
TITLE = "not covered here"


def hosts(companies: Sequence[Company]) -> Mapping[str, Hosts]:
    """Return the hosts of each company whose document names some, with the clause that does."""
    said = ((c.name, next(iter(c.policy.of(m.Scope)), None)) for c in companies)
    return {name: (frozenset(scope.hosts), scope.clause) for name, scope in said if scope and scope.hosts}


class Scoped:
    """ASGI middleware: the first part of a path names the company."""

    def __init__(self, app: ASGIApp, hosts: Mapping[str, Hosts]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, asked: Asked, receive: Receive, send: Send) -> None:
        parts = asked["path"].split("/") if asked["type"] == "http" else ["", ""]
        covered, clause = self._hosts.get(parts[1], (frozenset(), None))
        if clause is None or bare(asked) in covered | HERE:
            await self._app(asked, receive, send)
            return
        detail = f"this document covers {', '.join(sorted(covered))} and no other host; nothing was read"
        await problem(421, TITLE, detail, (clause,))(asked, receive, send)


def bare(asked: Asked) -> str:
    """Return the host that a request names, in small letters and without a port.

    >>> bare({"headers": [(b"host", b"WWW.Club.example:8000")]}), bare({"headers": [(b"host", b"[::1]:80")]})
    ('www.club.example', '[::1]')
    """
    sent: bytes = dict(asked["headers"]).get(b"host", b"")
    host = sent.decode("latin-1").lower()
    return host if host.endswith("]") else host.rsplit(":", 1)[0]
