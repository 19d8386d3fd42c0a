"""The page that people read, and the requests that it shows."""

import ast
import json
import re
import shlex
from typing import Any

import pytest
from starlette.routing import Route
from vivavoce.web.reference.document import document
from vivavoce.web.reference.page import Address, groups, things
from vivavoce.web.reference.requests import ExampleRequest
from vivavoce.web.reference.type_words import type_words
from vivavoce.web.routes import TABLE, Entry

from tests.web.served import Served

DOCUMENT = document(TABLE)
ADDRESSES = {address.id: address for group in groups(DOCUMENT) for address in group.addresses}
WITH_BODY = [entry for entry in TABLE if entry.operation and entry.operation.body]


def sent_by_curl(address: Address) -> Any:  # noqa: ANN401
    words = shlex.split(address.curl)
    return json.loads(words[words.index("-d") + 1])


def sent_by_python(address: Address) -> Any:  # noqa: ANN401
    calls = [node for node in ast.walk(ast.parse(address.python)) if isinstance(node, ast.Call)]
    keywords = {one.arg: one.value for call in calls for one in call.keywords}
    return ast.literal_eval(keywords["json"])


def test_the_page_shows_every_address_and_loads_nothing_from_elsewhere(served: Served) -> None:
    answer = served.client.get("/docs")

    shown = set(re.findall(r'<details id="(\w+)" class="address"', answer.text))
    assert shown == {entry.name for entry in TABLE}
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize("file", ["reference.css", "reference.js"])
def test_the_files_of_the_page_are_served(served: Served, file: str) -> None:
    assert f"/docs/static/{file}" in served.client.get("/docs").text
    assert served.client.get(f"/docs/static/{file}").status_code == 200


def test_every_link_within_the_page_leads_somewhere(served: Served) -> None:
    text = served.client.get("/docs").text

    assert set(re.findall(r'href="#([\w-]+)"', text)) <= set(re.findall(r'id="([\w-]+)"', text))


@pytest.mark.parametrize("entry", WITH_BODY, ids=lambda entry: entry.name)
def test_the_request_of_an_address_fits_its_schema(entry: Entry) -> None:
    address, operation = ADDRESSES[entry.name], entry.operation
    assert operation is not None
    assert operation.body is not None
    body = sent_by_curl(address)

    assert sent_by_python(address) == body
    if operation.partial:
        assert body
        assert set(body) <= {field.name for field in address.body}
    else:
        operation.body.model_validate_json(json.dumps(body))


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=lambda address: address.id)
def test_the_request_of_an_address_reaches_it(address: Address) -> None:
    url = next(word for word in shlex.split(address.curl) if word.startswith("$INSTANCE"))
    scope = {"type": "http", "method": address.method, "path": url.removeprefix("$INSTANCE")}
    found = [entry for entry in TABLE if entry.name == address.id]

    assert Route(found[0].path, found[0].endpoint, methods=[address.method]).matches(scope)[1]
    ast.parse(address.python)


def test_a_quote_in_a_value_does_not_end_the_command() -> None:
    body: dict[str, Any] = {
        "name": "Ada O'Quill",
        "note": '"; rm -rf "',
        "count": None,
        "ready": True,
    }
    request = ExampleRequest("POST", "/somewhere", "x-api-key", "API_KEY", body)

    words = shlex.split(request.curl())
    assert json.loads(words[-1]) == body
    assert "x-api-key: $API_KEY" in words
    assert "None" in request.python()


def test_a_document_is_sent_as_a_file() -> None:
    address = ADDRESSES["add_document"]

    assert shlex.split(address.curl)[-2:] == ["-F", "file=@document.pdf"]
    assert "files=" in address.python


def test_objects_that_answers_hold_are_explained() -> None:
    shown = {thing.name: [field.name for field in thing.fields] for thing in things(DOCUMENT)}

    assert {"Session", "Turn", "DimensionResult", "Citation", "Error"} <= set(shown)
    assert "citations" in shown["DimensionResult"]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "string", "format": "date-time"}, "time, ISO 8601"),
        ({"type": "integer", "minimum": 1, "maximum": 100}, "whole number, 1 to 100"),
        ({"type": "number", "minimum": 0}, "number"),
        ({"type": "array", "items": {"enum": ["a", "b"]}}, "list of a | b"),
        ({"anyOf": [{"type": "boolean"}, {"type": "null"}]}, "true | false or null"),
        ({"const": "Bearer"}, "Bearer"),
        ({}, "any value"),
    ],
)
def test_types_are_told_in_words(schema: dict[str, Any], words: str) -> None:
    assert type_words(schema, {}) == words
