"""What the reference page shows, read from the document that machines read."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pydantic import JsonValue

from vivavoce.web.reference.requests import ExampleRequest, example_body, resolved
from vivavoce.web.reference.type_words import type_words

JsonSchema = dict[str, Any]
Schemas = dict[str, JsonSchema]
_DEEPEST = 3
_VARIABLES = {"x-api-key": "API_KEY", "x-agent-secret": "AGENT_SECRET"}


@dataclass(frozen=True)
class Field:
    """A row of a table; `link` is the object that it holds."""

    name: str
    type: str
    required: bool
    default: str
    meaning: str
    link: str = ""


@dataclass(frozen=True)
class Input:
    """A field of the request builder; `choices` make it a list to choose from."""

    place: str  # path | query | header | body
    name: str
    kind: str  # text | number | json | choice
    value: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    status: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Address:
    id: str
    method: str
    path: str
    summary: str
    description: str
    opened_by: str
    header: str
    variable: str
    gives_file: bool
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer_status: str
    answer: str
    answer_link: str
    refusals: tuple[Refusal, ...]
    inputs: tuple[Input, ...]
    curl: str
    python: str


@dataclass(frozen=True)
class Group:
    name: str
    id: str
    addresses: tuple[Address, ...]


@dataclass(frozen=True)
class Thing:
    """An object of the answers."""

    name: str
    fields: tuple[Field, ...]


def groups(document: dict[str, Any]) -> tuple[Group, ...]:
    schemas = document["components"]["schemas"]
    by_tag: dict[str, list[Address]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            address = _address(method.upper(), path, operation, schemas)
            by_tag[operation["tags"][0]].append(address)
    return tuple(Group(name, slug(name), tuple(found)) for name, found in by_tag.items())


def things(document: dict[str, Any]) -> tuple[Thing, ...]:
    """The objects that answers hold, and what those hold."""
    schemas: Schemas = document["components"]["schemas"]
    waiting = [
        schema
        for methods in document["paths"].values()
        for operation in methods.values()
        for answer in operation["responses"].values()
        for schema in _referred(answer)
    ]
    named: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in named and "properties" in schemas[name]:
            named.add(name)
            waiting += _referred(schemas[name])
    return tuple(
        Thing(name, tuple(_fields(schemas[name], schemas, depth=_DEEPEST)))
        for name in sorted(named)
    )


def slug(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower())


def _address(method: str, path: str, operation: dict[str, Any], schemas: Schemas) -> Address:
    parameters: list[dict[str, Any]] = operation.get("parameters", [])
    content = operation.get("requestBody", {}).get("content", {})
    schema: JsonSchema | None = content.get("application/json", {}).get("schema")
    gives_file = "application/octet-stream" in content
    example = None if schema is None else example_body(schema, schemas)
    header = _header(operation["security"])
    variable = _VARIABLES.get(header, "")
    status, answer = next(iter(operation["responses"].items()))
    filled = _filled(path, parameters)
    form = _form(content)
    request = ExampleRequest(method, filled, header, variable, example, gives_file, form)
    return Address(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        opened_by=_opened_by(operation["security"]),
        header=header,
        variable=variable,
        gives_file=gives_file,
        parameters=tuple(_parameter(one, schemas) for one in parameters),
        body=() if schema is None else tuple(_fields(resolved(schema, schemas), schemas)),
        answer_status=status,
        answer=_answer_words(answer),
        answer_link=next(iter(_named(answer)), ""),
        refusals=tuple(
            Refusal(code, tuple(told["x-codes"]))
            for code, told in operation["responses"].items()
            if "x-codes" in told
        ),
        inputs=tuple(_inputs(parameters, schema, example, schemas)),
        curl=request.curl(),
        python=request.python(),
    )


def _form(content: dict[str, Any]) -> dict[str, str]:
    """What a page's own form sends, as examples."""
    told = [
        told["schema"].get("properties", {})
        for kind, told in content.items()
        if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}
    ]
    return {
        name: one["examples"][0] if "examples" in one else "@resume.pdf"
        for properties in told
        for name, one in properties.items()
        if "application/octet-stream" not in content
    }


def _filled(path: str, parameters: list[dict[str, Any]]) -> str:
    for one in parameters:
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", _placeholder(one))
    return path


def _placeholder(parameter: dict[str, Any]) -> str:
    if parameter["in"] != "path":
        return ""
    examples = parameter["schema"].get("examples")
    return str(examples[0]) if examples else parameter["name"].upper()


def _header(security: list[dict[str, Any]]) -> str:
    schemes = {name for way in security for name in way}
    if "apiKey" in schemes:
        return "x-api-key"
    return "x-agent-secret" if "agentSecret" in schemes else ""


def _opened_by(security: list[dict[str, list[str]]]) -> str:
    scopes = [scope for way in security for found in way.values() for scope in found]
    if scopes:
        return scopes[0]
    match _header(security):
        case "x-api-key":
            return "an API key"
        case "x-agent-secret":
            return "agent secret"
        case _:
            return ""


def _parameter(parameter: dict[str, Any], schemas: Schemas) -> Field:
    name = parameter["name"]
    schema = {**parameter["schema"], "description": parameter["description"]}
    place = {"path": "in the path", "query": "in the query", "header": "in a header"}
    row = _field(name, schema, schemas, required=parameter.get("required", False))
    kind = f"{row.type}, {place[parameter['in']]}"
    return Field(name, kind, row.required, row.default, row.meaning)


def _fields(
    schema: JsonSchema, schemas: Schemas, prefix: str = "", depth: int = 0
) -> Iterator[Field]:
    """The fields; above `_DEEPEST` those of the objects that they hold too, else links to them."""
    required = schema.get("required", ())
    for name, told in schema.get("properties", {}).items():
        row = _field(prefix + name, told, schemas, required=name in required)
        yield row if depth == _DEEPEST else replace(row, link="")
        inner, mark = _inner(told, schemas)
        if inner is not None and depth < _DEEPEST:
            yield from _fields(inner, schemas, f"{prefix}{name}{mark}.", depth + 1)


def _inner(schema: JsonSchema, schemas: Schemas) -> tuple[JsonSchema | None, str]:
    """The object that a field holds, alone or in a list."""
    for kind in schema.get("anyOf", [schema]):
        plain = resolved(kind, schemas)
        mark = "[]" if plain.get("type") == "array" else ""
        if mark:
            plain = resolved(plain["items"], schemas)
        if "properties" in plain:
            return plain, mark
    return None, ""


def _field(name: str, schema: JsonSchema, schemas: Schemas, *, required: bool) -> Field:
    default = schema.get("default")
    return Field(
        name=name,
        type=type_words(schema, schemas),
        required=required,
        default="" if default in (None, "") else json.dumps(default, ensure_ascii=False),
        meaning=schema.get("description", ""),
        link=next(iter(_named(schema)), "") if _inner(schema, schemas)[0] else "",
    )


def _answer_words(answer: dict[str, Any]) -> str:
    content: dict[str, Any] = answer.get("content", {})
    if not content:
        return "nothing"
    media_type, told = next(iter(content.items()))
    if media_type != "application/json":
        return str(media_type)
    properties: dict[str, Any] = told["schema"].get("properties", {})
    return "a page of" if "meta" in properties else ""


def _named(value: Any) -> list[str]:  # noqa: ANN401
    """The objects that are referred to, the error and the counts of a page apart."""
    return [name for name in _referred(value) if name not in {"Error", "PageMeta"}]


def _referred(value: Any) -> list[str]:  # noqa: ANN401
    match value:
        case {"$ref": str(reference)}:
            return [reference.rsplit("/", 1)[-1]]
        case dict():
            return [name for inner in value.values() for name in _referred(inner)]
        case list():
            return [name for inner in value for name in _referred(inner)]
        case _:
            return []


def _inputs(
    parameters: list[dict[str, Any]],
    schema: JsonSchema | None,
    example: JsonValue,
    schemas: Schemas,
) -> Iterator[Input]:
    for one in parameters:
        kind, choices = _kind(one["schema"], schemas)
        required = one.get("required", False)
        yield Input(one["in"], one["name"], kind, _placeholder(one), required, choices)
    plain = {} if schema is None else resolved(schema, schemas)
    for name, told in plain.get("properties", {}).items():
        kind, choices = _kind(told, schemas)
        value = example.get(name) if isinstance(example, dict) else None
        shown = "" if value is None else value if isinstance(value, str) else json.dumps(value)
        yield Input("body", name, kind, shown, name in plain.get("required", ()), choices)


def _kind(schema: JsonSchema, schemas: Schemas) -> tuple[str, tuple[str, ...]]:
    kinds = [resolved(kind, schemas) for kind in schema.get("anyOf", [schema])]
    plain = resolved(kinds[0], schemas)
    if "enum" in plain:
        return "choice", tuple(map(str, plain["enum"]))
    match plain.get("type"):
        case "boolean":
            return "json", ("true", "false")
        case "integer" | "number":
            return "number", ()
        case "string":
            return "text", ()
        case _:
            return "json", ()
