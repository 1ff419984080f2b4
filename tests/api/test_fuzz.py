"""Every operation of the OpenAPI document, by every asker, with hostile values: never a 5xx.

The values are drawn from the document itself (its schemas, the policy's names) and from what breaks parsers.
"""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest
from deployment import Deployment
from depth import examples
from living import kari
from lysverk import tag_of

from troth.web.api.table import OPERATIONS

V1 = "/smoc/api/v1"
MARK = "canary-kari@example.no"
HOSTILE: tuple[Any, ...] = (
    "", " ", "\x00", "\ud7ff\U0010ffff", "a" * 9000, "../../etc/passwd", "<script>x</script>",
    "'; drop table x;--",
    MARK, "%00", "${7*7}", "\u202e", "NaN", -1, 0, 2**63, 10**300, 1.5e308,
    True, None, [], {}, [[]], {"a": {"b": []}},
    "2026-13-45", "2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "identified", "*", "me",
)  # fmt: skip
KNOWN = (
    "contact", "taste", "customer", "visit", "reward", "account", "fit", "learn", "credit", "gender", "suit",
    "news(bryggen-kaffe)", "case-open", "sign-out", "operator", "client", "lysverk", "bryggen-kaffe",
    "support", "access", "erase", "summer", "drink", "tea", "arrivals", "contact.email", "email", "person",
    "device",
)  # fmt: skip
ROUNDS = examples(2)  # of each operation by each asker


def value(schema: dict[str, Any], parts: dict[str, Any], rng: random.Random) -> Any:
    """Draw a value for a schema: mostly one that fits, sometimes one that does not."""
    if rng.random() < 0.15:
        return rng.choice(HOSTILE)
    if "$ref" in schema:
        return value(parts[schema["$ref"].rsplit("/", 1)[1]], parts, rng)
    if "anyOf" in schema:
        return value(rng.choice(schema["anyOf"]), parts, rng)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    match schema.get("type"):
        case "object" if "properties" in schema:
            needed = schema.get("required", ())
            made = {
                name: value(part, parts, rng)
                for name, part in schema["properties"].items()
                if name in needed or rng.random() < 0.5
            }
            return made | ({"ssn": MARK} if rng.random() < 0.1 else {})
        case "object":
            return {rng.choice(KNOWN): rng.choice((*HOSTILE, *KNOWN)) for _ in range(rng.randint(0, 3))}
        case "array":
            inner = schema.get("items") or {}
            return [value(inner, parts, rng) for _ in range(rng.randint(0, 3))]
        case "boolean":
            return rng.random() < 0.5
        case "integer" | "number":
            return rng.choice((0, 1, 12, 34, 130, 131, -1))
    return rng.choice((*KNOWN, *KNOWN, *(h for h in HOSTILE if isinstance(h, str))))


def bearers(smoc: Deployment, mail: str) -> dict[str, str]:
    """Give a bearer token for each kind of asker; the person is begun and signed in."""
    desk = smoc.call("siri-support", "GET", "/flows").request.headers["Authorization"]
    return {
        "nobody": "", "job": "rewards-job", "staff": desk.removeprefix("Bearer "), "operator": "lysverk-key",
        "client": "kaffe-key", "person": kari(smoc, mail).token,
    }  # fmt: skip


def sent(name: str, rng: random.Random, tag: str) -> str:
    """Draw what stands in an address for a parameter of it."""
    known = {"tag": ("me", tag), "rid": ("1", "2", "9" * 18), "number": ("R-1",)}.get(name, KNOWN)
    return rng.choice((*known, *known, "x", "%00", "..", "a" * 200, "%F0%9F%92%A9", "-1", "%2F%2F"))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(OPERATIONS)), ids=[o.name for o in OPERATIONS])
def test_no_value_breaks_an_operation(smoc: Deployment, number: int) -> None:
    api, operation, rng = smoc.web, OPERATIONS[number], random.Random(number)
    described = api.get(f"{V1}/openapi.json").json()
    parts = described["components"]["schemas"]
    here = described["paths"][operation.path][operation.method.lower()]
    schema = here.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    mail = "kari@example.org"
    known = bearers(smoc, mail)
    for kind, turn in itertools.product(known, range(ROUNDS)):
        if kind == "person" and smoc.get(known[kind], "/people/me").status_code == 401:
            mail = f"kari{turn}@example.org"  # the round before erased or closed the one before
            known = bearers(smoc, mail)
        path, query = operation.path, {}
        for parameter in here["parameters"]:
            name = parameter["name"]
            if parameter["in"] == "path":
                path = path.replace("{" + name + "}", sent(name, rng, tag_of(smoc, mail)))
            elif parameter["in"] == "query" and rng.random() < 0.8:
                query[name] = str(rng.choice((*KNOWN, *(h for h in HOSTILE if isinstance(h, str)))))
        body = b"" if schema is None else json.dumps(value(schema, parts, rng)).encode()
        who = {"Authorization": f"Bearer {known[kind]}"} if known[kind] else {}
        kinds = {"Content-Type": "application/json"} if body else {}
        answer = api.request(operation.method, V1 + path, params=query, content=body, headers=who | kinds)

        assert answer.status_code < 500, (kind, path, query, body)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert {"type", "title", "status", "detail"} <= answer.json().keys()
            assert answer.json()["status"] == answer.status_code
            assert MARK not in answer.text


def test_the_description_names_every_operation_and_every_type_it_speaks_of(still: Deployment) -> None:
    told = still.web.get(f"{V1}/openapi.json").json()
    names = [o["operationId"] for path in told["paths"].values() for o in path.values()]
    text = json.dumps(told)

    assert told["openapi"] == "3.1.0"
    assert len(names) == len(set(names)) == len(OPERATIONS)
    for name in told["components"]["schemas"]:
        assert f"#/components/schemas/{name}" in text
    assert 'id="refused"' in still.web.get(f"{V1}/").text


def test_the_page_lists_every_operation_with_whom_it_serves() -> None:
    page = (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8")

    for o in OPERATIONS:
        serves = ", ".join(sorted(o.who)) if len(o.who) < 5 else "anyone"
        assert f"| `{o.method} {o.path}` | {o.says} | {serves} |" in page
