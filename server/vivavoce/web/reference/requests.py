"""An example request for every address, built from its schema: as curl and as Python."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

JsonSchema = dict[str, Any]
_INDENT = "    "


def example_body(schema: JsonSchema, schemas: dict[str, JsonSchema]) -> JsonValue:
    """What must be sent, filled with examples; of a change, the first field that has one."""
    plain = resolved(schema, schemas)
    if "examples" in plain:
        example: JsonValue = plain["examples"][0]
        return example
    if "anyOf" in plain:
        return example_body(plain["anyOf"][0], schemas)
    match plain.get("type"):
        case "object":
            return _object(plain, schemas)
        case "array":
            return [example_body(plain["items"], schemas)] if plain.get("minItems") else []
        case _:
            return _scalar(plain)


def resolved(schema: JsonSchema, schemas: dict[str, JsonSchema]) -> JsonSchema:
    """With what a reference leads to, and with what stands beside it."""
    if "$ref" not in schema:
        return schema
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**schemas[schema["$ref"].rsplit("/", 1)[-1]], **beside}


def _object(schema: JsonSchema, schemas: dict[str, JsonSchema]) -> JsonValue:
    properties: dict[str, JsonSchema] = schema.get("properties", {})
    wanted = list(schema.get("required", ()))
    if not wanted:
        wanted = [name for name, one in properties.items() if "examples" in one][:1]
    return {name: example_body(properties[name], schemas) for name in wanted}


def _scalar(schema: JsonSchema) -> JsonValue:
    for keyword in ("const", "default"):
        if schema.get(keyword) is not None:
            value: JsonValue = schema[keyword]
            return value
    if "enum" in schema:
        first: JsonValue = schema["enum"][0]
        return first
    match schema.get("type"):
        case "boolean":
            return True
        case "integer" | "number":
            return int(schema.get("minimum", 1))
        case _:
            return "2030-01-15T09:00:00Z" if schema.get("format") == "date-time" else "text"


@dataclass(frozen=True)
class ExampleRequest:
    """For an environment that has `INSTANCE`, and the credential under the name `variable`."""

    method: str
    path: str
    header: str = ""
    variable: str = ""
    body: JsonValue = None
    gives_file: bool = False
    form: Mapping[str, str] = field(default_factory=dict)

    def curl(self) -> str:
        method = "" if self.method == "GET" else f"-X {self.method} "
        lines = [f'curl {method}"$INSTANCE{self.path}"']
        if self.header:
            lines.append(f'-H "{self.header}: ${self.variable}"')
        if self.body is not None:
            quoted = json.dumps(self.body, ensure_ascii=False, indent=2).replace("'", "'\\''")
            lines += ["-H 'content-type: application/json'", f"-d '{quoted}'"]
        if self.gives_file:
            lines.append("-F file=@document.pdf")
        lines += [f"-F {shlex.quote(f'{name}={value}')}" for name, value in self.form.items()]
        return " \\\n  ".join(lines)

    def python(self) -> str:
        arguments = [f'"{self.method}"', f'os.environ["INSTANCE"] + {json.dumps(self.path)}']
        if self.header:
            arguments.append(f'headers={{"{self.header}": os.environ["{self.variable}"]}}')
        if self.body is not None:
            arguments.append(f"json={_literal(self.body, 1)}")
        if self.gives_file:
            arguments.append('files={"file": open("document.pdf", "rb")}')
        texts = {name: value for name, value in self.form.items() if not value.startswith("@")}
        if texts:
            arguments.append(f"data={_literal(dict(texts), 1)}")
        arguments += [
            f'files={{"{name}": open("{value[1:]}", "rb")}}'
            for name, value in self.form.items()
            if name not in texts
        ]
        inner = "".join(f"{_INDENT}{argument},\n" for argument in arguments)
        return (
            "import os\n\nimport httpx\n\n"
            f"answer = httpx.request(\n{inner})\nanswer.raise_for_status()\nprint(answer.text)"
        )


def _literal(value: JsonValue, depth: int) -> str:
    outer, inner = _INDENT * depth, _INDENT * (depth + 1)
    match value:
        case dict() if value:
            rows = [f"{inner}{json.dumps(k)}: {_literal(v, depth + 1)}" for k, v in value.items()]
            return "{\n" + ",\n".join(rows) + f",\n{outer}}}"
        case list() if value:
            rows = [f"{inner}{_literal(one, depth + 1)}" for one in value]
            return "[\n" + ",\n".join(rows) + f",\n{outer}]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return repr(value)
