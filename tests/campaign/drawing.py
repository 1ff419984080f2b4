"""Drawing: values for a schema of the API's description, mostly such as fit it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from troth.policy.model import Consent, Data, Event, Fact, Policy, Purpose, Recipient, Right, Role

NUMBERS = (0, 1, 12, 34, 130, 131, -1)


@dataclass(frozen=True, slots=True)
class Drawing:
    """``known`` are words that mean something; ``free`` gives a text for a name; ``odd`` fit nothing."""

    parts: Mapping[str, Any]
    rng: random.Random
    known: Sequence[str]
    free: Callable[[str], str]
    odd: Sequence[Any] = ()
    numbers: Sequence[int] = NUMBERS
    named: Mapping[str, Callable[[], Any]] = field(default_factory=dict)

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """Draw a value; ``name`` is what it is called where it stands."""
        if self.odd and self.rng.random() < 0.15:
            return self.rng.choice(self.odd)
        if name in self.named and self.rng.random() < 0.8:
            return self.named[name]()
        if "$ref" in schema:
            return self.value(self.parts[schema["$ref"].rsplit("/", 1)[1]], name)
        if "anyOf" in schema:
            return self.value(self.rng.choice(schema["anyOf"]), name)
        if "enum" in schema:
            return self.rng.choice(schema["enum"])
        match schema.get("type"):
            case "object" if "properties" in schema:
                return self._object(schema)
            case "object":
                return {self.rng.choice(self.known): self._text("") for _ in range(self.rng.randint(0, 3))}
            case "array":
                inner = schema.get("items") or {}
                return [self.value(inner, name) for _ in range(self.rng.randint(0, 3))]
            case "boolean":
                return self.rng.random() < 0.5
            case "integer" | "number":
                return self.rng.choice(self.numbers)
        return self._text(name)

    def _object(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        needed = schema.get("required", ())
        made = {
            name: self.value(part, name)
            for name, part in schema["properties"].items()
            if name in needed or self.rng.random() < 0.5
        }
        return made | ({"ssn": self.free("ssn")} if self.odd and self.rng.random() < 0.1 else {})

    def _text(self, name: str) -> str:
        return self.rng.choice(self.known) if self.rng.random() < 0.5 else self.free(name)


def words(policy: Policy) -> tuple[str, ...]:
    """Return the names of a document: what its API's texts can mean."""
    kinds = (Data, Purpose, Consent, Fact, Event, Right, Recipient, Role)
    said = [str(getattr(s, "name", "")) for kind in kinds for s in policy.of(kind)]
    fields = [f"{d.name}.{f.name}" for d in policy.of(Data) for f in d.fields]
    return (*dict.fromkeys([*said, *fields, *(f.rpartition(".")[2] for f in fields)]),)
