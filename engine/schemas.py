"""The JSON Schema of each task's answer, in the one form every provider takes.

OpenAI's strict mode wants every property required and nothing else allowed; Gemini writes properties in the order of
`required`. So the two orders are the same, and "nothing to say" is an empty string or `null`, never a missing key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

Schema = Mapping[str, object]

TEXT: Schema = {"type": "string"}
LEVEL: Schema = {"type": ["integer", "null"], "minimum": 1, "maximum": 5}


def texts(at_most: int) -> Schema:
    """A list of strings."""
    return {"type": "array", "items": TEXT, "maxItems": at_most}


def record(properties: Mapping[str, Schema]) -> dict[str, object]:
    """An object with exactly these properties, in this order."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def narrowed(schema: Mapping[str, object], names: Iterable[str]) -> dict[str, object]:
    """The schema of an object with only these of its properties, in the schema's own order."""
    wanted = set(names)
    properties = cast("Mapping[str, Schema]", schema["properties"])  # `record` made it
    return record({name: value for name, value in properties.items() if name in wanted})
