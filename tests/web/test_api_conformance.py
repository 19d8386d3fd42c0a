"""The reference and the server agree: whatever is sent, the answer is one that is described.

Schemathesis makes the requests from the document, good ones and ones that break it in one place,
and looks at every answer: status, type, schema, refusal of what does not fit, methods, credentials.
"""

import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.python import asgi
from starlette.applications import Starlette
from vivavoce.app import WIDGET
from vivavoce.web.application import build_application
from vivavoce.web.routes import TABLE
from vivavoce.web.state import State, web_state

from tests.services.backend import World, open_world

# A request that fits the document may break a rule that no schema can say, such as weights that sum
# to 100; then the answer has a code of its own, and not one of these.
FORM_CODES = {"body", "query", "json", "media_type"}
ACCEPTED = ["2xx", 401, 403, 404, 409, 422, 429]
FEWEST_REQUESTS = 50 * len(TABLE)


@pytest.fixture
def application(tmp_path: Path) -> Iterator[tuple[Any, World]]:
    page = tmp_path / "app" / "index.html"
    page.parent.mkdir()
    page.write_text("__VV_CONFIG__")
    shutil.copytree(WIDGET / "locales", tmp_path / "locales")
    worlds: list[World] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        async with open_world(tmp_path) as world:
            worlds.append(world)
            yield web_state(world.services, tmp_path)

    made: Any = build_application(lifespan, tmp_path)
    with asgi.get_client(made) as client:
        client.get("/healthz")
    yield made, worlds[0]
    asgi.shutdown_lifespans()


def config(world: World) -> SchemathesisConfig:
    # NUL never fits: it is refused in every text, which `test_request_forms` shows.
    generation = {"deterministic": True, "database": "none", "allow-x00": False, "codec": "utf-8"}
    founded = world.founded
    return SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "continue-on-failure": True,
            "generation": {**generation, "max-examples": 3, "no-shrink": True},
            "phases": {"stateful": {"enabled": False}},
            "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
            "parameters": {"header.If-Match": "*"},
            "auth": {
                "openapi": {
                    "apiKey": {"api_key": founded.api_key},
                    "agentSecret": {"api_key": founded.agent_secret},
                }
            },
        }
    )


def findings(recorder: ScenarioRecorder) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is None:
                continue
            exchange = recorder.interactions.get(case_id)
            content = exchange.response.content if exchange and exchange.response else None
            if check.name != "positive_data_acceptance" or _is_about_form(content):
                failure = check.failure_info
                yield f"{check.name}: {failure.failure.message}\n{failure.code_sample}\n{content!r}"


def _is_about_form(content: bytes | None) -> bool:
    if content is not None and content.startswith(b"<!doctype html>"):
        return True  # a page says it in words
    answer: dict[str, Any] = json.loads(content or b"{}")
    return answer.get("code") in FORM_CODES


def test_every_answer_to_every_request_is_described(
    application: tuple[Any, World], caplog: pytest.LogCaptureFixture
) -> None:
    app, world = application
    caplog.set_level("CRITICAL")
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config(world))
    requests, found, broken = 0, [], []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.cases)
            found += [f"{event.label}: {one}" for one in findings(event.recorder)]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            broken.append(event)

    assert not broken
    assert not found, "\n\n".join(found[:5])
    assert requests > FEWEST_REQUESTS
