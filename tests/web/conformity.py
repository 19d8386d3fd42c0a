"""Holds every answer that a test gets to what the document says of its address."""

import json
import re
from functools import cache
from typing import Any

import jsonschema_rs
from starlette.testclient import TestClient
from vivavoce.web.reference.document import document
from vivavoce.web.routes import TABLE


class ConformingClient(TestClient):
    """A client that fails where an answer is not the one that is described."""

    def request(self, method: str, url: Any, **options: Any) -> Any:  # noqa: ANN401
        answer = super().request(method, url, **options)
        if "location" not in answer.headers:
            check(method, str(answer.url.path), answer)
        return answer


def check(method: str, path: str, answer: Any) -> None:  # noqa: ANN401
    operation = _operation(method, path)
    if operation is None or answer.status_code == 405:
        return
    told = operation["responses"].get(str(answer.status_code))
    assert told is not None, f"{method} {path} answers {answer.status_code}, which is not told"
    content = told.get("content", {})
    media_type = answer.headers.get("content-type", "").partition(";")[0]
    if media_type == "text/html" and media_type in content:
        return
    schema = content.get("application/json", {}).get("schema")
    # Of a file, Starlette itself says in plain text that a range of it does not exist.
    if schema is not None and answer.status_code != 416:
        errors = _validator(json.dumps(schema)).iter_errors(answer.json())
        problems = [error.message for error in errors]
        assert not problems, f"{method} {path} {answer.status_code}: {problems[0]}"


@cache
def _document() -> dict[str, Any]:
    return document(TABLE)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for pattern, methods in _patterns():
        if pattern.fullmatch(path):
            found: dict[str, Any] | None = methods.get(method.lower())
            return found
    return None


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    return tuple(
        (re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods)
        for path, methods in _document()["paths"].items()
    )


@cache
def _validator(schema: str) -> Any:  # noqa: ANN401
    whole = {**json.loads(schema), "components": _document()["components"]}
    return jsonschema_rs.validator_for(whole)
