"""Described: the agents' door for programs in OpenAPI 3.1, for clients that are not made by OpenAI.

The request is told from the very type that reads it; what is refused there is not told here as if it worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from troth.web.openai_wire import CompletionIn

REF = "#/components/schemas/{name}"
NUMBERS = {"type": "object", "additionalProperties": {"type": "integer"}}
ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {n: {"type": ["string", "null"]} for n in ("message", "type", "param", "code")},
        }
    },
}
OURS = {
    "type": "object",
    "description": "where the turn lies, which kinds were masked and how often, which subjects were seen",
    "properties": {
        "conversation": {"type": "string"},
        "masked": NUMBERS,
        "warned": {"type": "array", "items": {"type": "string"}},
    },
}
PROBLEMS = {
    "400": "the request cannot be read, or asks for what agents here do not do",
    "401": "no key, or one that nobody holds",
    "403": "refused by a clause, to this key, or a conversation of somebody else",
    "404": "no such agent",
    "429": "too many messages in a minute, or the day's budget is spent",
    "502": "the model outside did not answer",
    "503": "the text could not be masked; nothing of it was stored or sent",
}


def describe(company: str, title: str, version: str, agents: Sequence[str]) -> dict[str, Any]:
    """Return the OpenAPI document of a company's agents.

    >>> sorted(describe("fjord", "Fjord", "1", ["help"])["paths"])
    ['/chat/completions', '/models', '/models/{agent}']
    """
    (asked,), schemas = msgspec.json.schema_components([CompletionIn], ref_template=REF)
    schemas["CompletionIn"]["properties"]["model"]["enum"] = list(agents)
    schemas |= {"Completion": _completion(), "Model": _model(), "Error": ERROR}
    models = {"type": "object", "properties": {"data": {"type": "array", "items": _ref("Model")}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: agents", "version": version, "description": "In OpenAI's form."},
        "servers": [{"url": f"/{company}/v1"}],
        "security": [{"bearer": []}],
        "paths": {
            "/models": {"get": _said("list-models", "the agents this key may ask", models)},
            "/models/{agent}": {"get": {**_said("get-model", "one agent", _ref("Model")), **_named("agent")}},
            "/chat/completions": {"post": _asking(asked)},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _asking(asked: dict[str, Any]) -> dict[str, Any]:
    told = _said("complete-chat", "answer a message, whole or, with stream, part by part", _ref("Completion"))
    stream = {"schema": {"type": "string", "description": "chunks, then data: [DONE]"}}
    told["responses"]["200"]["content"]["text/event-stream"] = stream
    return {**told, "requestBody": {"required": True, "content": {"application/json": {"schema": asked}}}}


def _said(name: str, says: str, schema: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/json": {"schema": _ref("Error")}}
    good = {"description": says, "content": {"application/json": {"schema": schema}}}
    bad = {status: {"description": why, "content": problem} for status, why in PROBLEMS.items()}
    return {"operationId": name, "summary": says, "responses": {"200": good, **bad}}


def _named(name: str) -> dict[str, Any]:
    return {"parameters": [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}}]}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": REF.format(name=name)}


def _model() -> dict[str, Any]:
    texts = {name: {"type": "string"} for name in ("id", "object", "owned_by", "title")}
    return {"type": "object", "properties": {**texts, "created": {"type": "integer"}}}


def _completion() -> dict[str, Any]:
    message = {"type": "object", "properties": {n: {"type": "string"} for n in ("role", "content")}}
    choice = {"type": "object", "properties": {"message": message, "finish_reason": {"type": "string"}}}
    return {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "model": {"type": "string"},
            "created": {"type": "integer"},
            "choices": {"type": "array", "items": choice},
            "usage": NUMBERS,
            "troth": OURS,
        },
    }
