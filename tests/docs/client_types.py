"""Writes the types of the Python client from the document: `python -m tests.docs.client_types`."""

from pathlib import Path
from typing import Any

from vivavoce.web.reference.document import document
from vivavoce.web.routes import TABLE

FILE = Path(__file__).parents[2] / "docs" / "client" / "vivavoce_types.py"
WIDTH = 100
MOST_WORDS = 12  # a longer list, such as that of the languages, is a text
ANSWERS = (
    "AgentProfile EvaluationTemplate EvaluationStage Participant Application SessionSummary"
    " Session Embed NewEmbed ApiKey NewApiKey WebhookEndpoint NewWebhookEndpoint"
    " WebhookDelivery WebhookDeliveryDetails"
)
BODIES = (
    "AgentProfileBody AgentProfileChange TemplateBody TemplateChange StageBody StageChange"
    " ParticipantBody ParticipantChange DecisionBody RejectionBody SessionBody EmbedBody"
    " OriginsBody ApiKeyBody EndpointBody EndpointPatch"
)
BEGINNING = '''"""The objects of the HTTP API as types, made from its document."""

from typing import Any, Literal, Required, TypedDict
'''
Schema = dict[str, Any]


def written() -> str:
    """The module's text."""
    schemas: dict[str, Schema] = document(TABLE)["components"]["schemas"]
    names: dict[str, None] = {}
    for name in (ANSWERS + " " + BODIES).split():
        _collect(name, schemas, names)
    parts = [_definition(name, schemas[name]) for name in names]
    aliases = [part for part in parts if not part.startswith("class")]
    classes = [part for part in parts if part.startswith("class")]
    return BEGINNING + "\n" + "\n".join(aliases) + "\n\n\n" + "\n\n\n".join(classes) + "\n"


def _collect(name: str, schemas: dict[str, Schema], names: dict[str, None]) -> None:
    """What a type needs comes before it."""
    if name not in names:
        for needed in _referred(schemas[name]):
            _collect(needed, schemas, names)
        names[name] = None


def _referred(value: object) -> list[str]:
    match value:
        case {"$ref": str(reference)}:
            return [reference.rsplit("/", 1)[-1]]
        case dict():
            return [name for inner in value.values() for name in _referred(inner)]
        case list():
            return [name for inner in value for name in _referred(inner)]
        case _:
            return []


def _definition(name: str, schema: Schema) -> str:
    if "properties" not in schema:
        return _line(f"{name} = ", _hint(schema, is_named=True))
    required = schema.get("required", [])
    is_whole = set(required) == set(schema["properties"])
    total = "" if is_whole else ", total=False"
    fields = [
        _line(f"    {field}: ", _hint(told) if is_whole else _wanted(told, field in required))
        for field, told in schema["properties"].items()
    ]
    return f"class {name}(TypedDict{total}):\n" + "\n".join(fields)


def _wanted(schema: Schema, is_required: bool) -> str:
    return f"Required[{_hint(schema)}]" if is_required else _hint(schema)


def _hint(schema: Schema, *, is_named: bool = False) -> str:
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_hint(kind) for kind in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "const" in schema:
        return f'Literal["{schema["const"]}"]'
    if "enum" in schema and (is_named or len(schema["enum"]) <= MOST_WORDS):
        return "Literal[" + ", ".join(f'"{one}"' for one in schema["enum"]) + "]"
    if schema.get("type") == "array":
        return f"list[{_hint(schema['items'])}]"
    return _PLAIN.get(schema.get("type", ""), "Any")


def _line(beginning: str, hint: str) -> str:
    if len(beginning + hint) <= WIDTH:
        return beginning + hint
    margin = " " * (len(beginning) - len(beginning.lstrip()))
    head, _, rest = hint.partition("Literal[")
    words, _, tail = rest.partition("]")
    rows = "".join(f"{margin}    {word},\n" for word in words.split(", "))
    return f"{beginning}{head}Literal[\n{rows}{margin}]{tail}"


_PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}

if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
