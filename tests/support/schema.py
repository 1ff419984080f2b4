"""Schema: whether a value fits a published JSON Schema, for those of its words that ours use."""

from __future__ import annotations

from typing import Any


def fits(value: Any, schema: Any) -> bool:
    """Say whether a value fits a schema, for those words of JSON Schema that the published one uses."""
    if "oneOf" in schema:
        return sum(fits(value, s) for s in schema["oneOf"]) == 1
    if "const" in schema:
        return bool(value == schema["const"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
    }
    wanted = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(isinstance(value, kinds[k]) for k in wanted):
        return False
    if isinstance(value, list):
        return all(fits(v, schema["items"]) for v in value)
    if isinstance(value, dict):
        known = schema["properties"]
        needed = set(schema.get("required", ()))
        return needed <= set(value) <= set(known) and all(fits(v, known[n]) for n, v in value.items())
    return True
