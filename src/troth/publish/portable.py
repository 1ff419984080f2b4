"""Portable: the published schema of the file that a person takes along (GDPR Art. 20).

The file holds what the person gave, category by category as the document declares it, so that another service
that runs on such a document can take it in.  Its one rule: *what no person gives has no place in the schema*.
"""

from __future__ import annotations

from typing import Any

from troth.policy import model as m

FORMAT = "troth-portable-1"
SCHEMA = "portable.schema.json"
_TYPES: dict[str, dict[str, Any]] = {
    "email": {"type": "string", "format": "email"},
    "date": {"type": "string", "format": "date"},
    "born": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "number": {"type": ["number", "string"]},
    "age": {"type": ["integer", "string"]},
    "yes-no": {"enum": [True, False, "yes", "no"]},
}


def schema(policy: m.Policy) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the portable file under a document.

    >>> drink = m.Field(name="drink", type="choice", choices=("tea", "coffee"))
    >>> made = schema(m.Policy((m.Data(name="taste", sources=("person",), fields=(drink,)),)))
    >>> made["properties"]["records"]["items"]["oneOf"][0]["properties"]["fields"]["properties"]["drink"]
    {'enum': ['tea', 'coffee']}
    """
    whole = any(r.name == "carry" and "everything" in r.detail for r in policy.of(m.Right))
    told = [d for d in policy.of(m.Data) if not d.of_two and not d.records]
    given = [d for d in told if whole or "person" in d.sources]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"What you gave, to take along: {policy.title}",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "made", "records"],
        "properties": {
            "format": {"const": FORMAT},
            "from": {"type": "string"},
            "schema": {"type": "string"},
            "version": {"type": "string"},
            "made": {"type": "string", "format": "date-time"},
            "records": {"type": "array", "items": {"oneOf": [_record(d) for d in given]}},
        },
    }


def _record(datum: m.Data) -> dict[str, Any]:
    fields = {f.name: _field(f) for f in datum.fields}
    return {
        "type": "object",
        "title": datum.text or datum.name,
        "additionalProperties": False,
        "required": ["data", "fields"],
        "properties": {
            "data": {"const": datum.name},
            "fields": {"type": "object", "additionalProperties": False, "properties": fields},
            "purposes": {"type": "array", "items": {"type": "string"}},
            "collected": {"type": "string", "format": "date-time"},
            "beyond": {"type": "boolean"},
            "source": {"type": "string"},
        },
    }


def _field(field: m.Field) -> dict[str, Any]:
    if field.type == "choice":
        return {"enum": list(field.choices)}
    return dict(_TYPES.get(field.type, {"type": "string"}))
