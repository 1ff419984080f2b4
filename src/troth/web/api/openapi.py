"""OpenAPI: the API described in OpenAPI 3.1 from the table and the wire types, and as a readable page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import msgspec

from troth.web.api.door import Operation
from troth.web.api.fault import MEDIA, TITLES
from troth.web.api.wire.base import ProblemOut

REF = "#/components/schemas/{name}"
PROBLEMS = {
    "400": "the body cannot be read",
    "401": "no token or key, or one that nobody holds",
    "403": "refused by a clause",
    "404": "not here",
    "409": "the request comes too late or twice",
    "413": "too large",
    "415": "another media type",
    "422": "a field or parameter does not fit",
    "429": "too many calls",
}


def describe(company: str, title: str, version: str, operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the OpenAPI document of one company.

    >>> from troth.web.api.table import OPERATIONS
    >>> sorted(describe("fjord", "Fjord", "1", OPERATIONS)["paths"]["/people/{tag}/records"])
    ['get', 'post']
    """
    types = [t for o in operations for t in (o.takes, o.gives) if t is not None]
    schemas, components = msgspec.json.schema_components([*types, ProblemOut], ref_template=REF)
    made = dict(zip(map(repr, [*types, ProblemOut]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, made)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": "Each verb of the gate, one to one."},
        "servers": [{"url": f"/{company}/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(operation: Operation, made: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.says,
        "description": f"Serves: {', '.join(sorted(operation.who))}.",
        "parameters": _parameters(operation),
        "security": [{"bearer": []}, {}] if "nobody" in operation.who else [{"bearer": []}],
        "responses": {
            str(operation.status): {
                "description": operation.says,
                "content": {"application/json": {"schema": made[repr(operation.gives)]}},
            },
            **{status: _problem(said, made) for status, said in PROBLEMS.items()},
        },
    }
    if operation.takes is not None:
        schema = made[repr(operation.takes)]
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _problem(said: str, made: dict[str, Any]) -> dict[str, Any]:
    return {"description": said, "content": {MEDIA: {"schema": made[repr(ProblemOut)]}}}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    told += [
        {
            "name": q.name,
            "in": "query",
            "required": q.needed,
            "description": q.says,
            "schema": {"type": "string", "maxLength": q.many},
        }
        for q in operation.query
    ]
    if operation.method == "POST":
        schema = {"type": "string", "maxLength": 128}
        told.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": schema})
    return told


def readable(company: str, title: str, operations: Sequence[Operation]) -> str:
    """Return the same as a page for people, without script."""
    rows = "".join(
        f"<tr><td><code>{o.method}</code></td><td><code>{escape(o.path)}</code></td><td>{escape(o.says)}</td>"
        f"<td>{', '.join(sorted(o.who))}</td></tr>"
        for o in operations
    )
    problems = "".join(
        f'<dt id="{kind}"><code>{kind}</code></dt><dd>{escape(said)}</dd>' for kind, said in TITLES.items()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>API: {escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/{company}/static/style.css"></head><body><main>'
        f"<h1>{escape(title)}: the API</h1><p>Every address stands under <code>/{company}/api/v1</code>. "
        f'<a href="/{company}/api/v1/openapi.json">OpenAPI 3.1</a>. '
        f'What may be done with data, and why: <a href="/{company}/privacy">the document</a>.</p>'
        "<table><caption>Operations</caption><thead><tr><th scope=col>Method</th><th scope=col>Address</th>"
        f"<th scope=col>Does</th><th scope=col>Serves</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<h2>How it says no</h2><dl>{problems}</dl></main></body></html>"
    )
