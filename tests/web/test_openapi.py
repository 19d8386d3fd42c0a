"""The document that describes the HTTP API."""

import re
from typing import Any

import pytest
from vivavoce.core.scopes import Scope
from vivavoce.web.operations import Shape
from vivavoce.web.reference.document import document
from vivavoce.web.reference.schemas import Components
from vivavoce.web.routes import TABLE, Entry

from tests.services.backend import INSTANCE
from tests.web.served import Served
from tests.web.test_native_api import call

DOCUMENT = document(TABLE)


def described(entry: Entry) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][entry.path][entry.method.lower()]
    return found


def test_the_document_is_served_for_the_instance_that_is_asked(served: Served) -> None:
    answer = served.client.get("/api/v1/openapi.json")

    assert answer.json() == {**DOCUMENT, "servers": [{"url": INSTANCE}]}
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: entry.name)
def test_what_is_sent_is_explained(entry: Entry) -> None:
    operation = described(entry)
    schemas = DOCUMENT["components"]["schemas"]

    assert operation["summary"].endswith(".")
    assert not [one["name"] for one in operation.get("parameters", []) if not one["description"]]
    if entry.operation is not None and entry.operation.body is not None:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = schemas[schema["$ref"].rsplit("/", 1)[-1]]
        unexplained = [name for name, one in body["properties"].items() if "description" not in one]
        assert not unexplained, "they want a line in web/reference/fields.toml"


def test_the_scope_that_is_told_is_the_one_that_is_asked_for(served: Served) -> None:
    credentials, owner = served.world.services.credentials, served.world.organization_id
    _, key = call(served, credentials.create_api_key, owner, "none", [])
    for entry in TABLE:
        if entry.operation is not None and isinstance(entry.operation.opened_by, Scope):
            path = re.sub(r"{\w+}", "none", entry.path)
            answer = served.client.request(entry.method, path, headers={"x-api-key": key})
            assert entry.operation.opened_by in answer.json()["error"], entry.name


def test_an_address_names_every_method_that_it_takes(served: Served) -> None:
    answer = served.client.put("/api/v1/participants/none")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "DELETE, GET, HEAD, PATCH"


def test_two_schemas_of_one_name_are_refused() -> None:
    one = type("OneShape", (Shape,), {"__annotations__": {"a": int}})
    other = type("OneShape", (Shape,), {"__annotations__": {"b": int}})
    components = Components()
    components.refer(one)

    with pytest.raises(ValueError, match="One"):
        components.refer(other)
