"""The type of a field in words: `text, 1 to 300 characters`, `list of text`, `draft | active`."""

from collections.abc import Callable
from typing import Any

from vivavoce.web.reference.requests import resolved

JsonSchema = dict[str, Any]


def type_words(schema: JsonSchema, schemas: dict[str, JsonSchema]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_words(kind, schemas) for kind in schema["anyOf"]))
    plain = resolved(schema, schemas)
    if "const" in plain:
        return str(plain["const"])
    if "enum" in plain:
        return " | ".join(map(str, plain["enum"]))
    if plain.get("type") == "array":
        return f"list of {type_words(plain['items'], schemas)}"
    words = _WORDS.get(plain.get("type", ""))
    return words(plain) if words is not None else "any value"


def _text(schema: JsonSchema) -> str:
    if schema.get("format") == "date-time":
        return "time, ISO 8601"
    limits = _range(schema, "minLength", "maxLength")
    return f"text{limits} characters" if limits else "text"


def _range(schema: JsonSchema, low: str, high: str) -> str:
    if low in schema and high in schema:
        return f", {schema[low]:g} to {schema[high]:g}"
    if high in schema:
        return f", at most {schema[high]:g}"
    return f", at least {schema[low]:g}" if schema.get(low, 0) > 1 else ""


_WORDS: dict[str, Callable[[JsonSchema], str]] = {
    "string": _text,
    "integer": lambda schema: "whole number" + _range(schema, "minimum", "maximum"),
    "number": lambda schema: "number" + _range(schema, "minimum", "maximum"),
    "object": lambda _: "object",
    "boolean": lambda _: "true | false",
    "null": lambda _: "null",
}
