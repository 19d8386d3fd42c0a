"""The whole HTTP surface over a real database, driven from a synchronous test."""

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient
from vivavoce.app import WIDGET
from vivavoce.core.engine_note import EngineNote
from vivavoce.core.model_manifest import Role
from vivavoce.services.outside_tokens import OutsideIssuer
from vivavoce.web.application import build_application
from vivavoce.web.results.routes import results_routes
from vivavoce.web.state import State, web_state

from tests.services.backend import INSTANCE, World, open_world
from tests.web.conformity import ConformingClient

INDEX = '<!doctype html><script type="application/json" id="vv-config">__VV_CONFIG__</script>'

ENGINES = (
    EngineNote(Role.SYNTHESIZER, "espeak-ng", True, "No model is installed.", "Pull one."),
    EngineNote(Role.TURN_DETECTOR, "smart-turn", False, "It was chosen."),
)


@dataclass(frozen=True)
class Served:
    client: TestClient
    world: World

    @property
    def key(self) -> dict[str, str]:
        return {"x-api-key": self.world.founded.api_key}

    def open_session(self, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
        body = {"launch_token": self.world.token(**changes)}
        answer = self.client.post("/api/v1/embed/sessions", json=body)
        assert answer.status_code == 201
        data: dict[str, Any] = answer.json()["data"]
        return data


async def _break(_: Request[Any]) -> Response:
    raise RuntimeError("the words of a candidate")


@contextmanager
def serve(folder: Path, outside_issuer: OutsideIssuer | None = None) -> Iterator[Served]:
    widget_dir = folder / "widget"
    for name, text in {
        "app/index.html": INDEX,
        "app/main.js": "export {};",
        "embed/v1.js": "/* loader */",
        "worklets/capture.js": "registerProcessor;",
        "style/app.css": "body{}",
    }.items():
        path = widget_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(WIDGET / "locales", widget_dir / "locales", dirs_exist_ok=True)
    worlds: list[World] = []

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[State]:
        async with open_world(folder, outside_issuer) as world:
            worlds.append(world)
            yield web_state(world.services, widget_dir, engines=ENGINES)

    results = results_routes(lambda request: request.state["services"].results)
    application = build_application(lifespan, widget_dir, [Route("/broken", _break), *results])
    with ConformingClient(application, INSTANCE, raise_server_exceptions=False) as client:
        yield Served(client, worlds[0])
