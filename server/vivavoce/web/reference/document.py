"""The OpenAPI document, made of the table of routes and of what its endpoints promise."""

import inspect
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from vivavoce import __version__
from vivavoce.core.scopes import Scope
from vivavoce.web.operations import Credential, Operation
from vivavoce.web.reference.entries import Described
from vivavoce.web.reference.meanings import MEANINGS
from vivavoce.web.reference.schemas import Components, ErrorShape, without_null

_ABOUT = (
    "Answers are `{data}`, lists `{data, meta}`, errors `{error, code, issues}`; every answer has "
    "`x-request-id`. Unknown fields are refused by name."
)
_KEY_TOKEN_OR_COOKIE = ("apiKey", "accessToken", "dashboardCookie")
_SCHEMES = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
    "accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "dashboardCookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "vv-{accountSlug}",
        "description": "Set by signing in; with `?accountSlug=`, and for changes "
        "`x-vivavoce-request: 1` from a page of our own.",
    },
    "agentSecret": {"type": "apiKey", "in": "header", "name": "x-agent-secret"},
    "sessionToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
}
_UNKNOWN_CALLER = "credential api_key access_token cookie"
_NOT_ALLOWED = "missing_scope token_claims"
# Any one of these does; nothing at all is written as an empty one.
_OPENS: dict[Credential, tuple[tuple[str, ...], ...]] = {
    Credential.API_KEY: (("apiKey",), ()),  # or in the body
    Credential.AGENT_SECRET: (("agentSecret",),),
    Credential.AGENT: (("agentSecret",), ("sessionToken",)),
    Credential.COOKIE: (("dashboardCookie",),),
    Credential.ANY: tuple((scheme,) for scheme in _KEY_TOKEN_OR_COOKIE),
    Credential.NOTHING: (),
    Credential.SIGNED_LINK: (),
    Credential.PASSWORD: (),
    Credential.INVITATION: (),
}
_NO_AGENT = (
    (401, "credential agent_secret session_token"),
    (403, "agent_credential session_token"),
)
_REFUSES: dict[Credential, tuple[tuple[int, str], ...]] = {
    Credential.AGENT: _NO_AGENT,
    Credential.AGENT_SECRET: _NO_AGENT,
    Credential.COOKIE: ((401, "credential cookie"),),
    Credential.ANY: ((401, _UNKNOWN_CALLER), (403, "token_claims"), (503, "key_set")),
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you saw: 409 when somebody was faster.",
    "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[0-9]{1,18}")$', "examples": ['"1"']},
}
_FILE = {"type": "string", "format": "binary"}
_FORM = {"type": "object", "properties": {"file": _FILE}, "required": ["file"]}
_DOCUMENT = {
    "application/octet-stream": {"schema": _FILE},
    "text/plain": {"schema": {"type": "string"}},
    "multipart/form-data": {"schema": {**_FORM, "additionalProperties": False}},
}
_BODY_REFUSALS = ((400, "body json"), (413, "body_too_large"), (415, "media_type"))
_DOCUMENT_REFUSALS = ((400, "body form"), (413, "document_too_large"), (415, "media_type"))
_TURN_NUMBER = {"type": "integer", "minimum": 1, "maximum": 500, "examples": [1]}


def document(entries: Iterable[Described]) -> dict[str, Any]:
    """OpenAPI 3.1, without `servers`: the same table serves under any name."""
    components = Components()
    error = components.refer(ErrorShape)
    paths: dict[str, dict[str, Any]] = {}
    tags: dict[str, None] = {}
    for entry in entries:
        if entry.operation is None:
            continue
        tag = tag_of(entry)
        tags[tag] = None
        told = _operation(entry, entry.operation, components, error)
        paths.setdefault(entry.path, {})[entry.method.lower()] = {"tags": [tag], **told}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Vivavoce", "version": __version__, "description": _ABOUT},
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {"schemas": components.schemas(), "securitySchemes": _SCHEMES},
    }


def tag_of(entry: Described) -> str:
    """The module of the endpoint names its group: `web.api.agent_profiles` is Agent profiles."""
    package, module = entry.endpoint.__module__.split(".")[-2:]
    if package == "compat":
        return "Evalyo view" if module.startswith("evalyo") else "JobMojito view"
    if package == "apply":
        return "Public pages"
    if package in {"embed", "web"}:
        return "Interview frame" if package == "embed" else "Server"
    words = module.replace("_", " ").capitalize()
    return re.sub(r"\bApi\b", "API", words)


def _operation(
    entry: Described, operation: Operation, components: Components, error: dict[str, Any]
) -> dict[str, Any]:
    told: dict[str, Any] = {"operationId": entry.name, "summary": operation.summary}
    description = inspect.getdoc(entry.endpoint)
    if description:
        told["description"] = " ".join(description.split())
    told["security"] = _security(operation.opened_by)
    parameters = _parameters(entry.path, operation, components)
    if parameters:
        told["parameters"] = parameters
    if operation.body is not None:
        schema = components.body(operation.body, partial=operation.partial)
        content = {"application/json": {"schema": schema}}
        has_other_place = operation.opened_by is Credential.API_KEY  # the key, in its header
        told["requestBody"] = {"required": not has_other_place, "content": content}
    if operation.document:
        told["requestBody"] = {"required": True, "content": _DOCUMENT}
    if operation.form:
        told["requestBody"] = {"required": True, "content": _form(operation)}
    told["responses"] = {**_answers(operation, components), **_refusals(entry, operation, error)}
    return told


def _form(operation: Operation) -> dict[str, Any]:
    """Of a page: text fields, and a file where the example is one."""
    examples = operation.form
    properties = {
        name: {"type": "string", "description": MEANINGS[name], "examples": [example]}
        if not example.startswith("@")
        else {**_FILE, "description": MEANINGS[name]}
        for name, example in examples.items()
    }
    has_file = any(example.startswith("@") for example in examples.values())
    kind = "multipart/form-data" if has_file else "application/x-www-form-urlencoded"
    required = [name for name in examples if name not in operation.optional]
    shape = {"type": "object", "properties": properties, "required": required}
    schema = {**shape, "additionalProperties": False}
    return {kind: {"schema": schema}}


def _security(opened_by: Scope | Credential) -> list[dict[str, list[str]]]:
    if isinstance(opened_by, Scope):
        return [{scheme: [opened_by.value]} for scheme in _KEY_TOKEN_OR_COOKIE]
    return [{scheme: [] for scheme in schemes} for schemes in _OPENS[opened_by]]


def _parameters(path: str, operation: Operation, components: Components) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": MEANINGS.get(name, ""),
            "schema": _TURN_NUMBER if name == "turn_number" else {"type": "string", "minLength": 1},
        }
        for name in re.findall(r"{(\w+)}", path)
    ]
    if operation.query is not None:
        for name, schema in components.query(operation.query):
            plain = without_null(schema)
            description = plain.pop("description", "")
            parameters.append(
                {"name": name, "in": "query", "description": description, "schema": plain}
            )
    return [*parameters, _IF_MATCH] if operation.revised else parameters


def _answers(operation: Operation, components: Components) -> dict[str, Any]:
    answer = operation.answer
    told: dict[str, Any] = {"description": HTTPStatus(answer.status).phrase}
    schema = components.answer(answer)
    if schema is not None:
        told["content"] = {answer.media_type: {"schema": schema}}
    elif answer.status != HTTPStatus.NO_CONTENT:
        told["content"] = {answer.media_type: {"schema": {}}}
    return {str(status): told for status in (answer.status, *operation.also)}


def _refusals(entry: Described, operation: Operation, error: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if operation.pages:
        content[operation.answer.media_type] = {"schema": {}}
    if operation.json_too or not operation.pages:
        content["application/json"] = {"schema": error}
    return {
        str(status): {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(codes)}",
            "content": content,
            "x-codes": codes,
        }
        for status, codes in sorted(refusals(entry, operation).items())
    }


def refusals(entry: Described, operation: Operation) -> dict[int, list[str]]:
    """Every code by status: those that follow from the rest, and those that are said."""
    codes: dict[int, list[str]] = {500: ["internal"]}
    for status, names in (*_implied(entry, operation), *operation.errors.items()):
        codes.setdefault(status, []).extend(names.split())
    return {status: list(dict.fromkeys(names)) for status, names in codes.items()}


def _implied(entry: Described, operation: Operation) -> Iterable[tuple[int, str]]:
    yield from _unopened(operation.opened_by)
    if isinstance(operation.opened_by, Scope) and entry.method != "GET":
        yield 403, "foreign_origin"
    if operation.body is not None:
        yield from ((operation.unfit, "body json"), (413, "body_too_large"), (415, "media_type"))
    if operation.document:
        yield from ((400, "body form"), (413, "document_too_large"), (415, "media_type"))
    if operation.form:
        yield from ((400, "body form"), (403, "foreign_origin"), (415, "media_type"))
    if operation.query is not None:
        yield 400, "query"
    if operation.revised:
        yield from ((400, "if_match"), (409, "changed_meanwhile"))
    if "{" in entry.path:
        yield 404, "not_found"


def _unopened(opened_by: Scope | Credential) -> Iterable[tuple[int, str]]:
    if isinstance(opened_by, Scope):
        return ((401, _UNKNOWN_CALLER), (403, _NOT_ALLOWED), (503, "key_set"))
    return _REFUSES.get(opened_by, ())
